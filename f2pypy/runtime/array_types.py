"""NumPy's types for array elements, and how messages call types."""

from __future__ import annotations

from numpy import dtype

float32 = dtype("float32")
float64 = dtype("float64")
complex64 = dtype("complex64")
complex128 = dtype("complex128")
int8 = dtype("int8")
int16 = dtype("int16")
int32 = dtype("int32")
int64 = dtype("int64")
uint8 = dtype("uint8")
uint16 = dtype("uint16")
uint32 = dtype("uint32")
uint64 = dtype("uint64")

_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE: not set in static types, whose C names include their module


def type_name(value: object) -> str:
    """Return the type's name as C prints it: "list", "numpy.float64", "MyClass"."""
    kind = type(value)
    # PyPy sets the flag for NumPy's types too.
    written_in_c = not kind.__flags__ & _HEAP_TYPE or kind.__module__ == "numpy"
    if kind.__module__ == "builtins" or not written_in_c:
        return kind.__name__
    return f"{kind.__module__}.{kind.__name__}"

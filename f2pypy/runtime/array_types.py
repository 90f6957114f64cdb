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


def type_name(value: object) -> str:
    """Return the type's name as C prints it: "list", "numpy.float64", "MyClass"."""
    kind = type(value)
    # C's names of static types include their module. Others have Py_TPFLAGS_HEAPTYPE; on PyPy NumPy's have it, too.
    has_prefix = kind.__module__ == "numpy" or not (kind.__flags__ & 1 << 9 or kind.__module__ == "builtins")
    return f"{kind.__module__}.{kind.__name__}" if has_prefix else kind.__name__

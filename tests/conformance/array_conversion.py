"""The runtime's conversion of arguments, under the names by which NumPy's tests call f2py's C code for it.

NumPy builds an extension module for these tests, which calls f2py's conversion and tells what the C structure of an
array holds. This module does the same for f2pypy.runtime.arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from array_from_pyobj import array_from_pyobj, resolve_write_back

from f2pypy.runtime import arrays

# NumPy's numbers for types, by the names of the C interface.
_LETTERS = {
    "INTP": "p",
    "UINTP": "P",
    "BOOL": "?",
    "BYTE": "b",
    "UBYTE": "B",
    "SHORT": "h",
    "USHORT": "H",
    "INT": "i",
    "UINT": "I",
    "LONG": "l",
    "ULONG": "L",
    "LONGLONG": "q",
    "ULONGLONG": "Q",
    "FLOAT": "f",
    "DOUBLE": "d",
    "LONGDOUBLE": "g",
    "CFLOAT": "F",
    "CDOUBLE": "D",
    "CLONGDOUBLE": "G",
    "OBJECT": "O",
    "STRING": "S",
    "UNICODE": "U",
    "VOID": "V",
}
_OF_NUMBER = {np.dtype(letter).num: letter for letter in _LETTERS.values()}
globals().update(
    {f"NPY_{name}": np.dtype(letter).num for name, letter in _LETTERS.items()}
)

# NumPy's flags of arrays (NPY_ARRAY_...), those that Python can see.
CONTIGUOUS, FORTRAN, OWNDATA = 0x1, 0x2, 0x4
ALIGNED, WRITEABLE, WRITEBACKIFCOPY = 0x100, 0x400, 0x2000
ENSURECOPY, ENSUREARRAY, NOTSWAPPED = 0x20, 0x40, 0x200
BEHAVED = ALIGNED | WRITEABLE
CARRAY, FARRAY = CONTIGUOUS | BEHAVED, FORTRAN | BEHAVED

F2PY_INTENT_IN, F2PY_INTENT_INOUT, F2PY_INTENT_OUT = arrays.IN, arrays.INOUT, arrays.OUT
F2PY_INTENT_HIDE, F2PY_INTENT_CACHE = arrays.HIDE, arrays.CACHE
F2PY_INTENT_COPY, F2PY_INTENT_C = arrays.COPY, arrays.C
F2PY_INTENT_INPLACE, F2PY_OPTIONAL = arrays.INPLACE, arrays.OPTIONAL

resolve_write_back_if_copy = resolve_write_back


def call(type_number: int, size: int, extents: Any, intent: int, value: Any) -> Any:
    """Return the array that Fortran would be passed for `value`."""
    letter = _OF_NUMBER[type_number]
    kind = np.dtype(f"S{size}" if letter == "S" else letter)
    return array_from_pyobj(kind, list(extents), intent, value, "argument")


def array_attrs(array: Any) -> tuple[Any, ...]:
    """Return address, rank, extents, strides, base, type and flags, as the C structure of an array has them."""
    kind = array.dtype
    shown = array.flags
    flags = (
        CONTIGUOUS * shown.c_contiguous
        | FORTRAN * shown.f_contiguous
        | OWNDATA * shown.owndata
        | ALIGNED * shown.aligned
        | WRITEABLE * shown.writeable
        | WRITEBACKIFCOPY * shown.writebackifcopy
    )
    described = (kind.kind, kind.char, kind.num, kind.itemsize, kind.alignment)
    address = hex(array.__array_interface__["data"][0])
    base = array.base
    return address, array.ndim, array.shape, array.strides, base, described, flags

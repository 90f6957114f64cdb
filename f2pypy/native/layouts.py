"""What CPython's and NumPy's objects look like in memory, and the addresses of what native code calls.

The layouts are those of CPython's headers for 3.9 to 3.15 and of ``PyArrayObject_fields`` in NumPy's
``ndarraytypes.h``, the same from 1.22 to 2.x. `layout_tests` compares them with what Python says of real objects.
"""

from __future__ import annotations

import ctypes
import importlib
import struct
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from f2pypy.dataclass import dataclass

POINTER = struct.calcsize("P")
HEAD = object.__basicsize__  # reference count and type
TYPE = POINTER  # of an object: the offset of its type
SIZE = HEAD  # of a PyVarObject; the tag of an int from 3.12 on
DIGITS = HEAD + POINTER  # of an int
NUMBER = HEAD  # of a float, a complex number's real part, and NumPy's scalars
IMAGINARY = HEAD + 8
BYTES = HEAD + 2 * POINTER  # of a bytes object, after its size and hash
LIST_ITEMS = HEAD + POINTER  # of a list: the address of its items
HASH = HEAD + POINTER  # of a str
STATE = HEAD + 2 * POINTER  # of a str: bits that say how its characters lie
ITEMS = tuple.__basicsize__  # of a tuple: after its size and, from 3.14 on, its hash
# PyArrayObject_fields: data, nd (int, padded), dimensions, strides, base, descr, flags (int, padded), weakreflist
DATA, RANK, EXTENTS, STRIDES, DESCRIPTOR, FLAGS, WEAK_REFERENCES = (
    HEAD + POINTER * place for place in (0, 1, 2, 3, 5, 6, 7)
)
# Of NumPy's description of an element: the letter of its type, and its size in bytes, whose lower half suffices.
LETTER = HEAD + POINTER + 1
ELEMENT_SIZE = HEAD + POINTER + (16 if int(np.__version__.split(".")[0]) >= 2 else 8)
# Of a str of ASCII characters: where they lie. From 3.12 on it has no pointer to wide characters.
CHARACTERS = sys.getsizeof("") - 1
C_CONTIGUOUS, F_CONTIGUOUS, ALIGNED, WRITEABLE = 0x1, 0x2, 0x100, 0x400
# What asks NumPy for a new array in Fortran's order, whatever the elements' type was.
AS_FORTRAN = F_CONTIGUOUS | ALIGNED | WRITEABLE | 0x10 | 0x20  # FORCECAST, ENSURECOPY
# PyTypeObject: the fields that matter to a function that is called by vectorcall
VECTORCALL_OFFSET = HEAD + 5 * POINTER
TYPE_FLAGS = HEAD + 19 * POINTER
GET_ATTRIBUTE = HEAD + 16 * POINTER  # tp_getattro
SET_ATTRIBUTE = HEAD + 17 * POINTER  # tp_setattro
DESCRIPTOR_SET = HEAD + 33 * POINTER  # tp_descr_set
HAS_VECTORCALL = 1 << 11
DIGIT_BITS = 30
TAGGED_INTEGERS = (3, 12)  # the first version whose ints carry a tag
IMMORTALS = (3, 12)  # the first version with objects whose references aren't counted
VERSIONS = ((3, 9), (3, 15))

# A function of the C interface since 3.11; the other takes the same arguments but keywords as a dictionary.
VECTORCALL = (
    "PyObject_Vectorcall"
    if hasattr(ctypes.pythonapi, "PyObject_Vectorcall")
    else "PyObject_VectorcallDict"
)

# Places in NumPy's table of C functions; the same in every version.
NUMPY_FUNCTIONS: Mapping[str, int] = {
    "PyArray_NewCopy": 85,
    "PyArray_NewFromDescr": 94,
    "PyArray_FromArray": 109,
    "PyArray_Zeros": 183,
    "PyArray_Empty": 184,
}


@dataclass(frozen=True)
class Element:
    """An array element: NumPy's object for its type, and its size in bytes."""

    descriptor: Any
    size: int


ELEMENTS: Mapping[str, Element] = {
    name: Element(np.dtype(name), np.dtype(name).itemsize)
    for name in (
        "int8",
        "int16",
        "int32",
        "int64",
        "float32",
        "float64",
        "complex64",
        "complex128",
    )
}


def address_of_function(name: str) -> int:
    """Return the address of a function of Python's or NumPy's C interface."""
    if name in NUMPY_FUNCTIONS:
        return int(_numpy_table()[NUMPY_FUNCTIONS[name]])
    location = ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value
    assert location is not None
    return location


def _numpy_table() -> Any:
    package = "numpy._core" if hasattr(np, "_core") else "numpy.core"  # NumPy 2 and 1
    numpy_c = importlib.import_module(f"{package}._multiarray_umath")
    pointer_in = ctypes.pythonapi["PyCapsule_GetPointer"]
    pointer_in.restype = ctypes.c_void_p
    pointer_in.argtypes = [ctypes.py_object, ctypes.c_char_p]
    table = pointer_in(numpy_c._ARRAY_API, None)
    return ctypes.cast(table, ctypes.POINTER(ctypes.c_void_p))


def word_at(location: int) -> int:
    """Return the 64 bits at an address as a signed integer."""
    return ctypes.c_int64.from_address(location).value


class ShiftedText(str):
    """A str whose characters don't lie right after its head."""


def state_of(text: str) -> int:
    """Return the bits that say how the characters of a str lie."""
    return ctypes.c_uint32.from_address(id(text) + STATE).value


def _compact_ascii_bits() -> int:
    """Return the bits of a str's state that are set where it has ASCII characters alone, right after its head.

    They are those that differ from strings that are otherwise the same: their places depend on the version. Bits of no
    meaning have any value, which many strings show.
    """
    plain = [f"fortran {number}" for number in range(64)]
    always = all_bits = 0xFFFF_FFFF
    for each in plain:
        always &= state_of(each)
    latin = subclass = 0
    for each in plain:
        latin |= state_of(f"{each}\xe4")
        subclass |= state_of(ShiftedText(each))
    return always & ((all_bits ^ latin) | (all_bits ^ subclass))


COMPACT_ASCII = _compact_ascii_bits() if sys.implementation.name == "cpython" else 0

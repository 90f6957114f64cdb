"""The scalar types that Fortran procedures take by reference or return: size, layout and how C names them."""

from __future__ import annotations

import ctypes
import os
from typing import Any

# The platform module would take longer to load than all of this.
_MACHINE = (os.uname().machine if hasattr(os, "uname") else os.environ.get("PROCESSOR_ARCHITECTURE", "")).lower()
_IS_WIDE = ctypes.sizeof(ctypes.c_void_p) == 8
_IS_X86 = _MACHINE in ("x86_64", "amd64", "i386", "i486", "i586", "i686", "x86")
# A Python of 32 bits may run on a machine of 64.
IS_X86_64, IS_I386 = _IS_X86 and _IS_WIDE, _IS_X86 and not _IS_WIDE


def machine() -> str:
    """Return the name of the machine that this Python was compiled for."""
    if IS_I386:
        return "i686"
    is_arm = _MACHINE in ("aarch64", "arm64")
    return "arm" if is_arm and not _IS_WIDE else _MACHINE


class LongDouble(ctypes.c_longdouble):
    """A long double that ctypes hands over as its bytes: of c_longdouble itself it makes a double."""


def complex_structure(part: Any) -> type[ctypes.Structure]:
    """Return the structure of two parts that compilers pass and return like a complex number."""
    fields = [("real", part), ("imag", part)]
    return type("ComplexNumber", (ctypes.Structure,), {"_fields_": fields})


class ScalarType:
    """One Fortran scalar type.

    `code` is NumPy's letter for one part, which is also the struct module's format where that has one, and stands twice
    for a complex number; `ctype` is ctypes' type of one part; `c_name` is what C calls one part; `bits` is the width of
    an integer, 0 for other types. `passed` is ctypes' type of a whole number passed by value.
    """

    __slots__ = ("bits", "c_name", "code", "ctype", "passed")

    def __init__(self, code: str, ctype: Any, c_name: str, bits: int = 0) -> None:
        self.code = code
        self.ctype = ctype
        self.c_name = c_name
        self.bits = bits
        self.passed = complex_structure(ctype) if self.is_complex else ctype

    @property
    def is_extended(self) -> bool:
        """Whether its parts are long doubles, which Python and the struct module don't have."""
        return self.code[0] == "g"

    @property
    def letter(self) -> str:
        """NumPy's letter for the whole number."""
        return self.code[0].upper() if self.is_complex else self.code

    @property
    def is_complex(self) -> bool:
        """Whether a value has two parts."""
        return len(self.code) == 2


INT8 = ScalarType("b", ctypes.c_int8, "int8_t", 8)
INT16 = ScalarType("h", ctypes.c_int16, "int16_t", 16)
INT = ScalarType("i", ctypes.c_int32, "int32_t", 32)
LONG = ScalarType("q", ctypes.c_int64, "int64_t", 64)
UINT8 = ScalarType("B", ctypes.c_uint8, "uint8_t", 8)
UINT16 = ScalarType("H", ctypes.c_uint16, "uint16_t", 16)
UINT = ScalarType("I", ctypes.c_uint32, "uint32_t", 32)
ULONG = ScalarType("Q", ctypes.c_uint64, "uint64_t", 64)
LOGICAL8 = ScalarType("b", ctypes.c_int8, "int8_t", 8)
LOGICAL16 = ScalarType("h", ctypes.c_int16, "int16_t", 16)
LOGICAL = ScalarType("i", ctypes.c_int32, "int32_t", 32)
LOGICAL64 = ScalarType("q", ctypes.c_int64, "int64_t", 64)
FLOAT = ScalarType("f", ctypes.c_float, "float")
DOUBLE = ScalarType("d", ctypes.c_double, "double")
COMPLEX = ScalarType("ff", ctypes.c_float, "float")
DOUBLE_COMPLEX = ScalarType("dd", ctypes.c_double, "double")
# The struct module has no long double: these never stand in a frame, see f2pypy.runtime.extended.
LONG_DOUBLE = ScalarType("g", LongDouble, "long double")
COMPLEX_LONG_DOUBLE = ScalarType("gg", LongDouble, "long double")
CHARACTER = ScalarType("c", ctypes.c_char, "char")

LOGICAL_TYPES = (LOGICAL8, LOGICAL16, LOGICAL, LOGICAL64)

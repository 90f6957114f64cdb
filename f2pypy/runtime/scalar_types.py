"""The scalar types that Fortran procedures take by reference or return: size, layout and how C names them."""

from __future__ import annotations

import ctypes
from typing import Any


class ScalarType:
    """One Fortran scalar type.

    `code` is the struct module's format of one value, two characters for a complex one; `ctype` is ctypes' type of one
    part; `c_name` is what C calls one part; `bits` is the width of an integer, 0 for other types.
    """

    __slots__ = ("bits", "c_name", "code", "ctype")

    def __init__(self, code: str, ctype: Any, c_name: str, bits: int = 0) -> None:
        self.code = code
        self.ctype = ctype
        self.c_name = c_name
        self.bits = bits

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
CHARACTER = ScalarType("c", ctypes.c_char, "char")

LOGICAL_TYPES = (LOGICAL8, LOGICAL16, LOGICAL, LOGICAL64)

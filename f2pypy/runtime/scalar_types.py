"""The scalar types that Fortran procedures take by reference or return: size, layout and how C names them."""

from __future__ import annotations

import ctypes
import os
import struct
from typing import Any

# The platform module would take longer to load than all of this.
_MACHINE = (os.uname().machine if hasattr(os, "uname") else os.environ.get("PROCESSOR_ARCHITECTURE", "")).lower()
_IS_WIDE = ctypes.sizeof(ctypes.c_void_p) == 8
_IS_X86 = _MACHINE in ("x86_64", "amd64", "i386", "i486", "i586", "i686", "x86")
# A Python of 32 bits may run on a machine of 64.
IS_X86_64, IS_I386 = _IS_X86 and _IS_WIDE, _IS_X86 and not _IS_WIDE

# What C's converters say of integers that are too wide for them, by the bits that they have.
TOO_WIDE = {32: "Python int too large to convert to C int", 64: "int too big to convert"}


class ScalarType:
    """One Fortran scalar type.

    `code` is NumPy's letter for one part, which is also the struct module's format where that has one, and stands twice
    for a complex number; `ctype` is ctypes' type of one part; `c_name` is what C calls one part; `bits` is the width of
    an integer, 0 for other types. `passed` is ctypes' type of a whole number passed by value.
    """

    is_complex = is_logical = False
    value = "{0}"  # of what the struct module or cffi makes of its parts

    def __init__(self, code: str, ctype: Any, c_name: str, bits: int = 0) -> None:
        self.code, self.ctype, self.passed, self.c_name, self.bits = code, ctype, ctype, c_name, bits

    @property
    def is_extended(self) -> bool:
        """Whether its parts are long doubles, which Python and the struct module don't have."""
        return self.code[0] == "g"

    @property
    def letter(self) -> str:
        """NumPy's letter for the whole number."""
        return self.code[0].upper() if self.is_complex else self.code

    def stored(self, value: Any) -> Any:
        """Return the `value` of one part as C stores it; OverflowError for an integer that it can't."""
        if not self.bits:
            return value
        number, limit = int(value), 1 << (self.bits - 1)
        if not -limit <= number < limit:
            raise OverflowError(TOO_WIDE.get(self.bits, f"{number} isn't an integer of {self.bits} bits"))
        return number


class UnsignedType(ScalarType):
    """An unsigned integer, in which C stores a negative number as well."""

    def stored(self, value: Any) -> Any:
        """Return the integer modulo its limit; OverflowError for one that is too wide."""
        number, limit = int(value), 1 << max(self.bits, 32)
        if not -limit // 2 <= number < limit:
            raise OverflowError(TOO_WIDE.get(self.bits, f"{number} isn't an integer of {self.bits} bits"))
        return number % (1 << self.bits)


class LogicalType(ScalarType):
    """A logical: an integer of its kind."""

    is_logical = True
    value = "(1 if {0} else 0)"


class SingleType(ScalarType):
    """A real of single precision."""

    def stored(self, value: Any) -> float:
        """Return the value rounded to single precision."""
        return to_single(float(value))


class ComplexType(ScalarType):
    """A complex number; compilers pass and return it like a structure of its two parts."""

    is_complex = True
    value = "complex({0}, {1})"

    def __init__(self, code: str, ctype: Any, c_name: str) -> None:
        super().__init__(code, ctype, c_name)
        self.passed = complex_structure(ctype)

    def stored(self, value: Any) -> Any:
        """Return a part, rounded if it is of single precision."""
        return to_single(float(value)) if self.code[0] == "f" else value


class CharacterType(ScalarType):
    """A single character."""

    def stored(self, value: Any) -> Any:
        """Return the character; ValueError for anything but one byte."""
        if not isinstance(value, bytes) or len(value) != 1:
            raise ValueError(f"one character expected, got {value!r}")
        return value


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


def to_single(value: float) -> float:
    """Return `value` rounded to an IEEE single precision number; infinite where it is too large."""
    try:
        rounded: float = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
    return rounded


INT8 = ScalarType("b", ctypes.c_int8, "int8_t", 8)
INT16 = ScalarType("h", ctypes.c_int16, "int16_t", 16)
INT = ScalarType("i", ctypes.c_int32, "int32_t", 32)
LONG = ScalarType("q", ctypes.c_int64, "int64_t", 64)
UINT8 = UnsignedType("B", ctypes.c_uint8, "uint8_t", 8)
UINT16 = UnsignedType("H", ctypes.c_uint16, "uint16_t", 16)
UINT = UnsignedType("I", ctypes.c_uint32, "uint32_t", 32)
ULONG = UnsignedType("Q", ctypes.c_uint64, "uint64_t", 64)
LOGICAL8 = LogicalType("b", ctypes.c_int8, "int8_t", 8)
LOGICAL16 = LogicalType("h", ctypes.c_int16, "int16_t", 16)
LOGICAL = LogicalType("i", ctypes.c_int32, "int32_t", 32)
LOGICAL64 = LogicalType("q", ctypes.c_int64, "int64_t", 64)
FLOAT = SingleType("f", ctypes.c_float, "float")
DOUBLE = ScalarType("d", ctypes.c_double, "double")
COMPLEX = ComplexType("ff", ctypes.c_float, "float")
DOUBLE_COMPLEX = ComplexType("dd", ctypes.c_double, "double")
# The struct module has no long double: a call never packs these, see f2pypy.runtime.extended.
LONG_DOUBLE = ScalarType("g", LongDouble, "long double")
COMPLEX_LONG_DOUBLE = ComplexType("gg", LongDouble, "long double")
CHARACTER = CharacterType("c", ctypes.c_char, "char")

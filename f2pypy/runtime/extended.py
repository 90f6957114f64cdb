"""Reals of 80 bits, Fortran's ``real(10)`` on x86, as NumPy's longdouble: arguments become numbers of that precision.

Neither Python nor the struct module has such numbers, so a scalar lies in an array of rank 0 while Fortran has its
address. Where the machine's longdouble is another type, numbers would be wrong: then importing this is an ImportError.
"""

from __future__ import annotations

from typing import Any, TypeVar

from numpy import dtype, finfo, generic, ndarray, number

from f2pypy.runtime.interference import carefully, converts
from f2pypy.runtime.scalars import lone_number, real

_Number = TypeVar("_Number", bound=generic)

longdouble = dtype("longdouble")
clongdouble = dtype("clongdouble")

_MANTISSA_BITS = 63  # without the one before the point
_LONG_DOUBLE_BYTES = 16
_MAXIMUM_BITS = 16384  # of a whole number

if (
    finfo(longdouble).nmant != _MANTISSA_BITS
    or longdouble.itemsize != _LONG_DOUBLE_BYTES
):
    raise ImportError(
        "real(10) is x86-64's number of 80 bits in 16 bytes; here NumPy's longdouble has "
        f"{longdouble.itemsize} bytes and {finfo(longdouble).nmant + 1} binary digits"
    )


def long_double(value: Any) -> Any:
    """Return a real number as NumPy's longdouble; OverflowError for an integer that is too large."""
    if isinstance(value, int) and value.bit_length() > _MAXIMUM_BITS:
        raise OverflowError("int too large to convert to long_double")
    return longdouble.type(value)


def complex_long_double(value: Any) -> Any:
    """Return a number as NumPy's clongdouble; OverflowError for an integer that is too large."""
    if isinstance(value, int):
        value = long_double(value)
    return clongdouble.type(value)


def taken(place: ndarray[Any, dtype[_Number]]) -> _Number:
    """Return the scalar in an array of rank 0, with all its digits."""
    number: Any = place[()]
    return number  # type: ignore[no-any-return]


@converts
def extended(value: Any, what: str) -> Any:
    """Return `value` as a longdouble with all the digits that it has.

    `what` and the exceptions are those of `f2pypy.runtime.scalars`.
    """
    return carefully(_extended_of, value, what)


@converts
def _extended_of(value: Any, what: str) -> Any:
    message = f"{what} can't be converted to long_double"
    lone = lone_number(value, message)
    if isinstance(lone, (float, int, number)):
        return long_double(lone)
    return long_double(real(lone, what, "long_double"))


@converts
def extended_complex(value: Any, what: str) -> Any:
    """Return `value` as a clongdouble with all the digits that it has."""
    return carefully(_extended_complex_of, value, what)


@converts
def _extended_complex_of(value: Any, what: str) -> Any:
    message = f"{what} can't be converted to complex_long_double"
    lone = lone_number(value, message, is_complex=True)
    if isinstance(lone, (complex, float, int, number)):
        return complex_long_double(lone)
    raise TypeError(message)

"""Reals of 80 bits, Fortran's ``real(10)`` on x86, as NumPy's longdouble: arguments become numbers of that precision.

Neither Python nor the struct module has such numbers, so a scalar lies in an array of rank 0 while Fortran has its
address. Machines whose C has a long double of 113 bits have no such kind, and what a source says for C's long double is
that. Where NumPy's longdouble is a double, numbers would be wrong: then each call is a NotImplementedError.
"""

from __future__ import annotations

from typing import Any, TypeVar

from numpy import dtype, generic, ndarray, number

from f2pypy.runtime.interference import carefully
from f2pypy.runtime.scalars import lone_number, real

_Number = TypeVar("_Number", bound=generic)

longdouble = dtype("longdouble")
clongdouble = dtype("clongdouble")

_MAXIMUM_BITS = 16384  # of a whole number


def long_double(value: Any) -> Any:
    """Return a real number as NumPy's longdouble; OverflowError for an integer that is too large."""
    refuse_double()
    if isinstance(value, int) and value.bit_length() > _MAXIMUM_BITS:
        raise OverflowError("int too large to convert to long_double")
    return longdouble.type(value)


def refuse_double() -> None:
    """Raise NotImplementedError where NumPy's longdouble has no more digits than a double."""
    if longdouble.itemsize == dtype("float64").itemsize:
        raise NotImplementedError("real(10) is x86's number of 80 bits; here NumPy's longdouble is a double")


def complex_long_double(value: Any) -> Any:
    """Return a number as NumPy's clongdouble; OverflowError for an integer that is too large."""
    refuse_double()
    if isinstance(value, int):
        value = long_double(value)
    return clongdouble.type(value)


def taken(place: ndarray[Any, dtype[_Number]]) -> _Number:
    """Return the scalar in an array of rank 0, with all its digits."""
    refuse_double()
    number: Any = place[()]
    return number  # type: ignore[no-any-return]


def extended(value: Any, what: str) -> Any:
    """Return `value` as a longdouble with all the digits that it has.

    `what` and the exceptions are those of `f2pypy.runtime.scalars`.
    """
    return carefully(_extended_of, value, what)


def _extended_of(value: Any, what: str) -> Any:
    message = f"{what} can't be converted to long_double"
    lone = lone_number(value, message)
    if isinstance(lone, (float, int, number)):
        return long_double(lone)
    return long_double(real(lone, what, "long_double"))


def extended_complex(value: Any, what: str) -> Any:
    """Return `value` as a clongdouble with all the digits that it has."""
    return carefully(_extended_complex_of, value, what)


def _extended_complex_of(value: Any, what: str) -> Any:
    message = f"{what} can't be converted to complex_long_double"
    lone = lone_number(value, message, is_complex=True)
    if isinstance(lone, (complex, float, int, number)):
        return complex_long_double(lone)
    raise TypeError(message)

"""Integer arithmetic as C and Fortran do it."""

from __future__ import annotations


def idiv(dividend: int, divisor: int) -> int:
    """Return the quotient rounded towards zero; ZeroDivisionError for a divisor of 0."""
    quotient = abs(dividend) // abs(divisor)
    return quotient if (dividend < 0) == (divisor < 0) else -quotient


def imod(dividend: int, divisor: int) -> int:
    """Return the remainder, which has the sign of the dividend; ZeroDivisionError for a divisor of 0."""
    remainder = abs(dividend) % abs(divisor)
    return -remainder if dividend < 0 else remainder


def ipow(base: int, exponent: int) -> int:
    """Return the power, rounded towards zero for a negative exponent; ZeroDivisionError for 0 to such a one."""
    if exponent >= 0:
        return int(base**exponent)
    return idiv(1, int(base**-exponent))


def nint(value: float) -> int:
    """Return the nearest integer, halves away from zero."""
    whole = int(value)
    if abs(value - whole) < 0.5:
        return whole
    return whole + 1 if value > 0 else whole - 1

"""Fortran's operators on constants: integers divide truncating, a real of default kind has single precision."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from f2pypy.expressions.constants import (
    EXTENDED_DIGITS,
    MAXIMUM_BITS,
    MAXIMUM_CHARACTERS,
    Number,
    common_kind,
    complex_of,
    elementwise,
    from_number,
    make_integer,
    make_real,
    number_of,
    text_of,
    truth_of,
)
from f2pypy.expressions.nodes import (
    ArrayConstructor,
    Character,
    Complex,
    Expression,
    Integer,
    Logical,
    Real,
    String,
    Unary,
)

MAXIMUM_EXPONENT = 64  # of a power that is computed exactly


def fold_unary(symbol: str, operand: Expression) -> Expression | None:
    """Return the value of a sign or negation, None if it has none."""
    match symbol, operand:
        case "+", Integer() | Real() | Complex():
            return operand
        case "-", Integer(value, _, kind):
            return Integer(-value, kind=kind)
        case "-", Real(value, single, _, kind, exact):
            return Real(
                -value, single, kind=kind, exact=None if exact is None else -exact
            )
        case "-", Complex(real, imaginary):
            first, second = fold_unary("-", real), fold_unary("-", imaginary)
            return Complex(first, second) if first and second else None
        case "-", Unary("-", inner):
            return inner
        case "!", Logical(value):
            return Logical(not value)
        case "!", Integer(value):
            return Logical(value == 0)
        case (("+" | "-" | "!"), ArrayConstructor()):
            return elementwise(
                lambda items, _: fold_unary(symbol, items[0]), (operand,), {}
            )
        case "~", Integer(value, _, kind):
            return Integer(~value, kind=kind)
        case _:
            return None


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_ARITHMETIC: Mapping[str, Callable[[Number, Number], Number]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: _divide(a, b),
    "idiv": lambda a, b: _divide(a, b),
    "%": lambda a, b: remainder(a, b),
    "imod": lambda a, b: remainder(a, b),
    "**": lambda a, b: _power(a, b),
    "ipow": lambda a, b: _power(a, b),
}

_BITS: Mapping[str, Callable[[int, int], int]] = {
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": lambda a, b: a << b if 0 <= b < MAXIMUM_BITS else _refuse(),
    ">>": lambda a, b: a >> b if b >= 0 else _refuse(),
}


def _refuse() -> int:
    raise ValueError("no value")


def _divide(dividend: Number, divisor: Number) -> Number:
    if isinstance(dividend, int) and isinstance(divisor, int):
        quotient = abs(dividend) // abs(divisor)
        return quotient if (dividend < 0) == (divisor < 0) else -quotient
    return dividend / divisor


def remainder(dividend: Number, divisor: Number) -> Number:
    """Return what Fortran's ``mod`` gives, with the sign of the dividend."""
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend - divisor * int(_divide(dividend, divisor))
    if isinstance(dividend, Fraction) or isinstance(divisor, Fraction):
        return dividend - divisor * int(dividend / divisor)
    return math.fmod(dividend, divisor)


def _power(base: Number, exponent: Number) -> Number:
    if isinstance(base, int) and isinstance(exponent, int):
        if exponent < 0:
            return _divide(1, _power(base, -exponent))
        if abs(base) > 1 and exponent > MAXIMUM_BITS:
            raise OverflowError("an integer of too many digits")
        return int(base**exponent)
    if isinstance(base, Fraction) or isinstance(exponent, Fraction):
        if not isinstance(exponent, int) or abs(exponent) > MAXIMUM_EXPONENT:
            raise ValueError("a float isn't precise enough for this value")
        return Fraction(base) ** exponent
    return math.pow(base, exponent)


def fold_binary(symbol: str, left: Expression, right: Expression) -> Expression | None:
    """Return the value of an operation on constants; None where it has none."""
    if isinstance(left, ArrayConstructor) or isinstance(right, ArrayConstructor):
        return elementwise(
            lambda pair, _: fold_binary(symbol, *pair), (left, right), {}
        )
    if symbol in ("&&", "||", "eqv", "neqv"):
        return _fold_logical(symbol, left, right)
    if symbol == "concat":
        joined = text_of(left) + text_of(right)
        return String(joined) if len(joined) <= MAXIMUM_CHARACTERS else None
    if isinstance(left, String | Character) and isinstance(right, String | Character):
        width = max(
            len(left.value), len(right.value)
        )  # Fortran compares as if padded with blanks
        first, second = left.value.ljust(width), right.value.ljust(width)
        return (
            Logical(_COMPARISONS[symbol](first, second))
            if symbol in _COMPARISONS
            else None
        )
    if isinstance(left, Complex) or isinstance(right, Complex):
        return _fold_complex(symbol, left, right)
    a, b = number_of(left), number_of(right)
    if a is None or b is None:
        return None
    if isinstance(a, Fraction) or isinstance(b, Fraction):
        # Python would make a float of the two
        a, b = (Fraction(n) if isinstance(n, float) else n for n in (a, b))
    if symbol in _COMPARISONS:
        return Logical(_COMPARISONS[symbol](a, b))
    if symbol in _BITS and isinstance(a, int) and isinstance(b, int):
        return make_integer(_BITS[symbol](a, b), common_kind((left, right)))
    if symbol in _ARITHMETIC:
        return from_number(_ARITHMETIC[symbol](a, b), (left, right))
    return None


def _fold_complex(
    symbol: str, left: Expression, right: Expression
) -> Expression | None:
    a, b = complex_of(left), complex_of(right)
    if a is None or b is None or symbol not in ("+", "-", "*", "/", "==", "!="):
        return None
    if symbol in ("==", "!="):
        return Logical((a == b) == (symbol == "=="))
    value = a / b if symbol == "/" else _ARITHMETIC[symbol](a, b)  # type: ignore[arg-type]
    parts = [
        part
        for operand in (left, right)
        for part in (
            (operand.real, operand.imaginary)
            if isinstance(operand, Complex)
            else (operand,)
        )
    ]
    kind = common_kind(tuple(parts)) if any(isinstance(p, Real) for p in parts) else 4
    if kind in EXTENDED_DIGITS:
        return None  # more digits than Python's complex numbers have
    return Complex(make_real(value.real, kind), make_real(value.imag, kind))


def _fold_logical(
    symbol: str, left: Expression, right: Expression
) -> Expression | None:
    a, b = truth_of(left), truth_of(right)
    if a is None or b is None:
        return None
    results = {"&&": a and b, "||": a or b, "eqv": a == b, "neqv": a != b}
    return Logical(results[symbol])

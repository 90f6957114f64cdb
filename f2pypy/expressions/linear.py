"""Solves an extent for one of its variables: from ``shape(a, 0) = 2*n + 1`` to ``n``."""

from __future__ import annotations

from fractions import Fraction
from itertools import zip_longest

from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import (
    Binary,
    Expression,
    Integer,
    Name,
    Unary,
)
from f2pypy.expressions.walk import used_names


@dataclass(frozen=True)
class Linear:
    """``(slope * variable + offset)`` with a rational slope and an offset free of the variable."""

    slope: Fraction
    offset: Expression


def linear_in(expression: Expression, variable: str) -> Linear | None:
    """Return the expression as a linear function of `variable`, or None.

    A division of the variable by a constant counts as linear, as it does for f2py: ``n/2 = s`` gives ``n = 2*s``.
    """
    if variable not in used_names(expression):
        return Linear(Fraction(0), expression)
    match expression:
        case Name():
            return Linear(Fraction(1), Integer(0))
        case Unary("-", operand):
            inner = linear_in(operand, variable)
            return None if inner is None else scale(inner, Fraction(-1))
        case Unary("+", operand):
            return linear_in(operand, variable)
        case Binary("+" | "-" as operator, left, right):
            first, second = linear_in(left, variable), linear_in(right, variable)
            if first is None or second is None:
                return None
            sign = 1 if operator == "+" else -1
            offset = combine(operator, first.offset, second.offset)
            return Linear(first.slope + sign * second.slope, offset)
        case Binary("*", Integer(value=factor), other) | Binary(
            "*", other, Integer(value=factor)
        ):
            inner = linear_in(other, variable)
            return None if inner is None else scale(inner, Fraction(factor))
        case Binary("/", other, Integer(value=divisor)) if divisor:
            inner = linear_in(other, variable)
            if inner is None or inner.offset != Integer(0):
                return None
            return Linear(inner.slope / divisor, Integer(0))
        case _:
            return None


def scale(linear: Linear, factor: Fraction) -> Linear:
    """Return the linear function times a whole number."""
    offset = linear.offset
    if offset != Integer(0):
        if factor == -1:
            offset = Unary("-", offset)
        elif factor != 1:
            offset = combine("*", Integer(int(factor)), offset)
    return Linear(linear.slope * factor, offset)


def combine(operator: str, left: Expression, right: Expression) -> Expression:
    """Return the sum, difference or product without neutral zeros; two integers become one."""
    match operator, left, right:
        case "+", Integer(value=a), Integer(value=b):
            return Integer(a + b)
        case "-", Integer(value=a), Integer(value=b):
            return Integer(a - b)
        case "*", Integer(value=a), Integer(value=b):
            return Integer(a * b)
        case "+" | "-", _, Integer(value=0):
            return left
        case "+", Integer(value=0), _:
            return right
        case "-", Integer(value=0), _:
            return Unary("-", right)
        case _:
            return Binary(operator, left, right)


def linear_polynomial(expression: Expression, variable: str) -> Linear | None:
    """Return a polynomial with whole coefficients as a linear function, None where it is of a higher degree.

    It is multiplied out first: ``n*(n + 5) - n*(n + 1)`` is ``4*n``.
    """
    coefficients = polynomial_in(expression, variable)
    if coefficients is None or any(c for c in coefficients[2:]):
        return None
    constant, slope = (*coefficients, 0, 0)[:2]
    return Linear(Fraction(slope), Integer(constant))


def polynomial_in(expression: Expression, variable: str) -> tuple[int, ...] | None:
    """Return the coefficients by ascending degree, None if it isn't a polynomial of the variable alone."""
    match expression:
        case Integer(value=value):
            return (value,)
        case Name(name) if name == variable:
            return (0, 1)
        case Unary("-" | "+" as sign, operand):
            inner = polynomial_in(operand, variable)
            if inner is None or sign == "+":
                return inner
            return tuple(-c for c in inner)
        case Binary("+" | "-" | "*" as operator, left, right):
            one, other = polynomial_in(left, variable), polynomial_in(right, variable)
            if one is None or other is None:
                return None
            if operator == "*":
                return multiply(one, other)
            factor = 1 if operator == "+" else -1
            pairs = zip_longest(one, other, fillvalue=0)
            return tuple(a + factor * b for a, b in pairs)
        case _:
            return None


def multiply(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    """Return the coefficients of the product of two polynomials."""
    product = [0] * (len(one) + len(other) - 1)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            product[i + j] += a * b
    return tuple(product)


def solve(extent: Expression, variable: str, size: Expression) -> Expression | None:
    """Return `variable` from ``extent = size``, None if the equation isn't linear."""
    linear = linear_in(extent, variable) or linear_polynomial(extent, variable)
    if linear is None or linear.slope == 0:
        return None
    rest = combine("-", size, linear.offset)
    numerator, denominator = linear.slope.numerator, linear.slope.denominator
    if numerator < 0:
        rest, numerator = Unary("-", rest), -numerator
    if denominator != 1:
        rest = combine("*", Integer(denominator), rest)
    return rest if numerator == 1 else Binary("/", rest, Integer(numerator))

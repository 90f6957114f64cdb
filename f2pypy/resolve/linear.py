"""Solving an extent for one of its variables: from ``shape(a, 0) = 2*n + 1`` to ``n``."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

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
    """Return the expression as a linear function of `variable`, None where it isn't one.

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


def solve(extent: Expression, variable: str, size: Expression) -> Expression | None:
    """Return `variable` from ``extent = size``, None where that isn't a linear equation."""
    linear = linear_in(extent, variable)
    if linear is None or linear.slope == 0:
        return None
    rest = combine("-", size, linear.offset)
    numerator, denominator = linear.slope.numerator, linear.slope.denominator
    if numerator < 0:
        rest, numerator = Unary("-", rest), -numerator
    if denominator != 1:
        rest = combine("*", Integer(denominator), rest)
    return rest if numerator == 1 else Binary("/", rest, Integer(numerator))

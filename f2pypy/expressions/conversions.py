"""Conversions between kinds of values: those that C and Fortran do silently become nodes."""

from __future__ import annotations

import math

from f2pypy.expressions.nodes import (
    Absent,
    ArrayConstructor,
    Binary,
    Call,
    Character,
    Complex,
    Convert,
    Expression,
    ExpressionError,
    Integer,
    Kind,
    Logical,
    Member,
    Real,
    String,
    Subscript,
    Unary,
)
from f2pypy.expressions.vocabulary import ROUNDING_FUNCTIONS


def convert(expression: Expression, kind: Kind, wanted: Kind) -> Expression:
    """Return an expression of kind `kind` as one of kind `wanted`; constants are converted at once.

    Raises `ExpressionError` where there is no such conversion.
    """
    if kind is wanted:
        return expression
    at = expression.at
    constant = _converted_literal(expression, kind, wanted)
    if constant is not None:
        return constant
    if (
        kind is Kind.CHARACTER
        and wanted is Kind.INTEGER
        and not isinstance(expression, String)
    ):
        return Call("ichar", (expression,), at=at)
    if Kind.CHARACTER in (kind, wanted):
        raise ExpressionError(f"{kind.value} can't be converted to {wanted.value}", at)
    if kind is Kind.COMPLEX and wanted in (Kind.REAL, Kind.INTEGER):
        return convert(Member(expression, "r", at=at), Kind.REAL, wanted)
    match expression:
        case Convert(_, operand) if wanted is Kind.INTEGER and _is_whole(operand):
            return operand
        case Convert(Kind.INTEGER, operand) if wanted is Kind.LOGICAL and _is_truth(
            operand
        ):
            return operand
        case _:
            return Convert(wanted, expression, at)


def _converted_literal(
    expression: Expression, kind: Kind, wanted: Kind
) -> Expression | None:
    """Return a literal as one of kind `wanted`, None if it is no literal."""
    match expression, wanted:
        case Integer(value, at), Kind.REAL if value.bit_length() <= 1000:
            return Real(float(value), at=at)
        case Integer(value, at), Kind.LOGICAL:
            return Logical(value != 0, at)
        case Integer(value, at), Kind.CHARACTER if 0 <= value < 256:
            return Character(bytes([value]), at)
        case ((Integer() | Real()), Kind.COMPLEX):
            return Complex(
                convert(expression, kind, Kind.REAL), Real(0.0), expression.at
            )
        case Real(value, at=at), Kind.INTEGER if math.isfinite(value):
            return Integer(int(value), at)
        case Unary("-", (Integer() | Real()) as operand, at), (
            Kind.REAL | Kind.INTEGER
        ):
            return Unary("-", convert(operand, kind, wanted), at)
        case Logical(value, at), Kind.INTEGER:
            return Integer(int(value), at)
        case ((Character(value, at) | String(value, at)), Kind.INTEGER) if (
            len(value) == 1
        ):
            return Integer(value[0], at)
        case ArrayConstructor(items, at), _:
            return ArrayConstructor(
                tuple(convert(item, kind, wanted) for item in items), at
            )
        case _:
            return None


def _is_whole(expression: Expression) -> bool:
    """Tell whether a typed expression is C's rounding, whose double holds a whole number."""
    return isinstance(expression, Call) and expression.function in ROUNDING_FUNCTIONS


def _is_truth(expression: Expression) -> bool:
    match expression:
        case Binary("==" | "!=" | "<" | "<=" | ">" | ">=" | "&&" | "||") | Unary("!"):
            return True
        case Absent() | Logical():
            return True
        case _:
            return False


# The kinds of numbers: an operation has the later kind of its operands.
KIND_ORDER = (Kind.LOGICAL, Kind.INTEGER, Kind.REAL, Kind.COMPLEX)


def plain(value: Expression, kind: Kind) -> Expression:
    """Return an array's element as a number of Python's, which NumPy's rules don't narrow."""
    is_element = isinstance(value, Subscript) or (
        isinstance(value, Member) and isinstance(value.base, Subscript)
    )
    if is_element and kind in (Kind.INTEGER, Kind.REAL, Kind.COMPLEX):
        return Convert(kind, value, value.at)
    return value

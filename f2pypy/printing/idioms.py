"""What Python says in its own way: conversions that it makes itself, comparisons in a chain, ``max`` of many."""

from __future__ import annotations

from collections.abc import Iterator

from f2pypy.expressions.nodes import (
    Binary,
    Call,
    Convert,
    Expression,
    Extent,
    Integer,
    Kind,
    Name,
    Rank,
    Real,
    Size,
    StringLength,
    Subscript,
    Unary,
)

COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_FLIPPED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}


def unconverted(expression: Expression) -> Expression:
    """Return an integer without its conversion to real, where Python converts it itself."""
    match expression:
        case Convert(Kind.REAL, Subscript()):
            return expression
        case Convert(Kind.REAL, operand):
            return operand
        case _:
            return expression


def mixed(binary: Binary) -> tuple[Expression, Expression]:
    """Return the operands with the conversions left out that Python makes itself."""
    left, right = unconverted(binary.left), unconverted(binary.right)
    if binary.operator in COMPARISONS or binary.operator == "/":
        return left, right
    if left is not binary.left and right is not binary.right:
        return binary.left, right  # one conversion makes the operation real
    return left, right


def terms(expression: Expression, operator: str) -> Iterator[Expression]:
    """Yield the operands of one operator, however they are nested."""
    match expression:
        case Binary(own, left, right) if own == operator:
            yield from terms(left, operator)
            yield from terms(right, operator)
        case _:
            yield expression


def flattened(call: Call) -> Iterator[Expression]:
    """Yield the arguments of ``max(a, max(b, c))`` as ``a, b, c``."""
    for argument in call.arguments:
        if isinstance(argument, Call) and argument.function == call.function:
            yield from flattened(argument)
        else:
            yield argument


def chain(first: Expression, second: Expression) -> tuple[Binary, Binary] | None:
    """Return two comparisons, turned where needed, so that the first ends with what the second begins with."""
    if not isinstance(first, Binary) or not isinstance(second, Binary):
        return None
    if first.operator not in _FLIPPED or second.operator not in _FLIPPED:
        return None
    a, b = _ascending(first), _ascending(second)
    if a.right == b.left and _is_pure(a.right):
        return a, b
    # here the order of evaluation changes, which nothing may notice
    if b.right == a.left and all(map(_is_pure, (a.left, a.right, b.left))):
        return b, a
    return None


def _ascending(comparison: Binary) -> Binary:
    if comparison.operator in ("<", "<="):
        return comparison
    return Binary(
        _FLIPPED[comparison.operator], comparison.right, comparison.left, comparison.at
    )


def _is_pure(expression: Expression) -> bool:
    """Tell whether evaluating `expression` is cheap and can't fail."""
    match expression:
        case Unary(operator, operand):
            return operator != "!" and _is_pure(operand)
        case Binary("+" | "-" | "*", left, right):
            return _is_pure(left) and _is_pure(right)
        case Convert(Kind.REAL, operand):
            return _is_pure(operand)
        case _:
            return isinstance(
                expression, Name | Extent | Size | Rank | StringLength | Integer | Real
            )

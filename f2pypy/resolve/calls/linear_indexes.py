"""Indexes and bounds as sums: which slope they have in a counter, written with their constants in one."""

from __future__ import annotations

from f2pypy.expressions.linear import combine
from f2pypy.expressions.nodes import Binary, Expression, Integer, Name, Subscript
from f2pypy.expressions.walk import used_names, walk


def total(left: Expression, right: Expression) -> Expression:
    """Return ``left + right`` with its constants in one: ``(i + 1) + 2`` is ``i + 3``."""
    match left, right:
        case Integer(), Binary() | Name():
            left, right = right, left
        case _:
            pass
    match left, right:
        case Binary("+", first, Integer(value=a)), Integer(value=b):
            return total(first, Integer(a + b))
        case Binary("-", first, Integer(value=a)), Integer(value=b):
            return total(first, Integer(b - a))
        case _, Integer(value=b) if b < 0 and not isinstance(left, Integer):
            return Binary("-", left, Integer(-b))
        case _:
            return combine("+", left, right)


def difference(left: Expression, right: Expression) -> Expression:
    """Return ``left - right`` with its constants in one; 0 where both are the same."""
    if left == right:
        return Integer(0)
    if isinstance(right, Integer):
        return total(left, Integer(-right.value))
    return combine("-", left, right)


def joined(operator: str, left: Expression, right: Expression) -> Expression:
    """Return a sum or a difference with its constants in one, as `operator` says."""
    return total(left, right) if operator == "+" else difference(left, right)


def combine_product(factor: Expression, other: Expression) -> Expression:
    """Return ``factor * other`` without a factor 1, and 0 where one is 0."""
    if factor == Integer(1):
        return other
    if other == Integer(1):
        return factor
    if Integer(0) in (factor, other):
        return Integer(0)
    return combine("*", factor, other)


def linear_in(
    expression: Expression, name: str
) -> tuple[Expression, Expression] | None:
    """Return slope and offset, both free of `name`, of an expression that is linear in it."""
    if name not in used_names(expression):
        if any(isinstance(n, Subscript) for n in walk(expression)):
            return None
        return Integer(0), expression
    match expression:
        case Name():
            return Integer(1), Integer(0)
        case Binary("+" | "-" as operator, left, right):
            first, second = linear_in(left, name), linear_in(right, name)
            if first is None or second is None:
                return None
            return (
                joined(operator, first[0], second[0]),
                joined(operator, first[1], second[1]),
            )
        case Binary("*", left, right):
            first, second = linear_in(left, name), linear_in(right, name)
            if first is None or second is None:
                return None
            if second[0] != Integer(0):
                first, second = second, first
            if second[0] != Integer(0):
                return None
            return combine_product(second[1], first[0]), combine_product(
                second[1], first[1]
            )
        case _:
            return None

"""Sums and products that are only partly constant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from f2pypy.expressions.nodes import (
    Binary,
    Character,
    Complex,
    Expression,
    Integer,
    Real,
    String,
    Unary,
)


def simplified(binary: Binary) -> Expression:
    """Return an operation without its neutral operands, and sums with equal terms put together."""
    match binary:
        case Binary("*", Integer(1), other) | Binary(
            "*" | "/" | "idiv", other, Integer(1)
        ):
            return other
        case Binary("+", Integer(0), other) | Binary("+" | "-", other, Integer(0)):
            return other
        case Binary("+", other, Integer(value, kind=None)) if value < 0:
            return _tidied_sum(replace(binary, operator="-", right=Integer(-value)))
        case Binary("+" | "-"):
            return _tidied_sum(binary)
        case _:
            return binary


def _tidied_sum(binary: Binary) -> Expression:
    """Return a sum with equal terms and constants put together; unchanged if there are none."""
    terms = list(_terms(binary, 1))
    if any(isinstance(atom, Real | Complex | String | Character) for _, atom in terms):
        return binary
    constant = sum(times for times, atom in terms if atom is None)
    coefficients: dict[Expression, int] = {}
    for times, atom in terms:
        if atom is not None:
            coefficients[atom] = coefficients.get(atom, 0) + times
    kept = [(times, atom) for atom, times in coefficients.items() if times]
    if len(kept) + (constant != 0) >= len(terms):
        return binary
    kept.sort(
        key=lambda term: term[0] < 0
    )  # a sum begins with something positive if it can
    return _sum_of(kept, constant, binary.at)


def _terms(
    expression: Expression, times: int
) -> Iterator[tuple[int, Expression | None]]:
    """Yield coefficient and atom of each term; the atom of a constant is None."""
    match expression:
        case Binary("+", left, right):
            yield from _terms(left, times)
            yield from _terms(right, times)
        case Binary("-", left, right):
            yield from _terms(left, times)
            yield from _terms(right, -times)
        case Unary("-", operand):
            yield from _terms(operand, -times)
        case Integer(value):
            yield times * value, None
        case Binary("*", Integer(value), other) | Binary("*", other, Integer(value)):
            yield times * value, other
        case _:
            yield times, expression


def _sum_of(terms: list[tuple[int, Expression]], constant: int, at: int) -> Expression:
    result: Expression | None = None
    if constant > 0 and terms and terms[0][0] < 0:  # 5 - n reads better than -n + 5
        result, constant = Integer(constant), 0
    for times, atom in terms:
        size = atom if abs(times) == 1 else Binary("*", Integer(abs(times)), atom)
        if result is None:
            result = size if times > 0 else Unary("-", size)
        else:
            result = Binary("+" if times > 0 else "-", result, size, at)
    if result is None:
        return Integer(constant, at)
    if constant:
        result = Binary(
            "+" if constant > 0 else "-", result, Integer(abs(constant)), at
        )
    return result

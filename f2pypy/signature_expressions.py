"""Expressions as a signature file has them: C's operators, and f2py's functions for what arrays are like."""

from __future__ import annotations

from f2pypy.expressions.nodes import (
    Binary,
    Call,
    Conditional,
    Expression,
    Extent,
    Integer,
    ItemSize,
    Name,
    Rank,
    Size,
    Stored,
    StringLength,
    Unary,
)

# How tightly operators bind; what binds least tightly comes first.
LEVELS = (
    ("?",),
    ("||",),
    ("&&",),
    ("==", "!="),
    ("<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "/", "%"),
)
STRENGTH = {operator: level for level, row in enumerate(LEVELS) for operator in row}
# Division of integers, which C doesn't tell from that of reals.
SPELLED = {"idiv": "/", "imod": "%"}
UNARY = len(LEVELS)
ATOM = UNARY + 1


class Unwritable(Exception):
    """An expression that signature files have no words for."""


def signature_expression(expression: Expression) -> str:
    """Return the text that reads back to the expression; Unwritable where there is none."""
    return _print(expression)[0]


def _print(expression: Expression) -> tuple[str, int]:
    """Return the text and how tightly its outermost operator binds."""
    match expression:
        case Integer(value, kind=None):
            return str(value), ATOM if value >= 0 else UNARY
        case Stored(name=name, axis=int() as axis):
            return f"size({name}, {axis + 1})", ATOM
        case Name(name) | Stored(name=name):
            return name, ATOM
        case Extent(array, axis):
            return f"shape({array}, {axis})", ATOM
        case Rank(array):
            return f"rank({array})", ATOM
        case Size(array):
            return f"size({array})", ATOM
        case ItemSize(array):
            return f"f2py_itemsize({array})", ATOM
        case StringLength(string):
            return f"slen({string})", ATOM
        case Call(function, arguments, ()):
            inner = ", ".join(signature_expression(each) for each in arguments)
            return f"{function}({inner})", ATOM
        case Unary("-" | "!" as operator, operand):
            return f"{operator}{_operand(operand, ATOM)}", UNARY
        case Binary("+", left, Integer(value)) if value < 0:
            # what lower bounds leave
            return _print(Binary("-", left, Integer(-value, 0), 0))
        case Binary(operator, left, right) if (
            SPELLED.get(operator, operator) in STRENGTH
        ):
            operator = SPELLED.get(operator, operator)
            strength = STRENGTH[operator]
            first, second = _operand(left, strength), _operand(right, strength + 1)
            return f"{first} {operator} {second}", strength
        case Conditional(test, then, otherwise):
            parts = [_operand(each, 1) for each in (test, then, otherwise)]
            return "({} ? {} : {})".format(*parts), ATOM
        case _:
            raise Unwritable


def _operand(expression: Expression, strength: int) -> str:
    text, own = _print(expression)
    return text if own >= strength else f"({text})"

"""Expressions that hold for many elements at once, and which of them NumPy has operations for.

Two leaves stand for many values: a `Bounds` is the integers that it counts, and a subscript by `Bounds` the elements
there, in memory order. In an array's default ``_i[k]`` is the index along axis k.
"""

from __future__ import annotations

from f2pypy.expressions.nodes import (
    Binary,
    Bounds,
    Call,
    Complex,
    Conditional,
    Convert,
    Expression,
    Integer,
    Member,
    Name,
    Subscript,
    Unary,
)
from f2pypy.expressions.walk import walk

INDEX = "_i"

# Operators whose operands may be arrays of any values; `has_operation` knows three more.
OPERATORS = frozenset({"+", "-", "*", "/", "**", "&", "^", "|", "&&", "||"}) | {
    *("==", "!=", "<", "<=", ">", ">=")
}
FUNCTIONS = (
    frozenset({"sqrt", "exp", "log", "log10", "log2", "log1p", "expm1", "pow"})
    | {"sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh"}
    | {"asinh", "acosh", "atanh", "hypot", "fmod", "copysign"}
    | {"abs", "fabs", "cabs", "max", "min"}
)


def is_many(expression: Expression) -> bool:
    """Whether the expression has a value for each element."""
    return any(_is_leaf(node) for node in walk(expression))


def _is_leaf(node: object) -> bool:
    match node:
        case Bounds(lower, upper):
            return lower is not None and upper is not None
        case Subscript(Name(name)):
            return name == INDEX
        case _:
            return False


def is_elementwise(expression: Expression) -> bool:
    """Whether NumPy can evaluate a typed expression for all elements at once."""
    if not is_many(expression):
        return True
    parts = _parts(expression)
    return bool(parts) and all(part is None or is_elementwise(part) for part in parts)


def _parts(expression: Expression) -> tuple[Expression | None, ...]:
    """Return the operands of an operation on arrays; none of what NumPy has no operation for."""
    match expression:
        case Unary("-" | "~" | "!", operand) | Convert(_, operand):
            return (operand,)
        case Binary(_, left, right) if has_operation(expression):
            return left, right
        case Complex(real, imaginary):
            return real, imaginary
        case Bounds(lower, upper, stride):
            return lower, upper, stride
        case Subscript(Name(name), index) if name == INDEX:
            return (index,)
        case Subscript(_, Bounds() as places):
            return (places,)
        case Conditional(test, then, otherwise):
            return test, then, otherwise
        case Member(base):
            return (base,)
        case Call(function, arguments) if function in FUNCTIONS:
            return arguments
        case _:
            return ()


def has_operation(binary: Binary) -> bool:
    """Whether NumPy computes what C and Fortran do: its divisions round down, and integers have no negative powers."""
    match binary:
        case Binary("idiv" | "imod", first, Integer(value=number)):
            return number > 0 and is_count(first)
        case Binary("ipow", _, Integer(value=number)):
            return number >= 0
        case Binary(operator):
            return operator in OPERATORS


def is_count(expression: Expression) -> bool:
    """Whether no element of an integer expression is negative: sums and products of indices and counts."""
    match expression:
        case Integer(value):
            return value >= 0
        case Convert(_, operand):
            return is_count(operand)
        case Subscript(Name(name)):
            return name == INDEX
        case Bounds(Integer(value)):
            return value >= 0
        case Binary("+" | "*" | "idiv" | "imod", left, right):
            return is_count(left) and is_count(right)
        case _:
            return False

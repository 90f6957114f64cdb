"""How expressions are typed that stand for all elements of an array at once."""

from __future__ import annotations

from dataclasses import replace

from f2pypy.expressions.calls import Typist
from f2pypy.expressions.conversions import KIND_ORDER
from f2pypy.expressions.environment import Environment, Role
from f2pypy.expressions.nodes import (
    ArrayConstructor,
    Binary,
    Bounds,
    Call,
    Expression,
    ExpressionError,
    Kind,
    Name,
    Unary,
)

# Kinds of elements from narrow to wide.
ELEMENTS = (Kind.CHARACTER, *KIND_ORDER)


def has_triplet(section: Call) -> bool:
    """Whether a part of an array is an array, and no element."""
    return any(isinstance(argument, Bounds) for argument in section.arguments)


def typed_array(typist: Typist, expression: Expression) -> tuple[Expression, Kind]:
    """Return a typed expression for all elements at once, and the kind of an element; a scalar has one.

    Raises ExpressionError for operations in which NumPy rounds otherwise than Fortran.
    """
    match expression:
        case Name(name):
            symbol = typist.environment.find(name)
            if symbol is not None and symbol.role is Role.ARRAY and symbol.kind:
                return expression, symbol.kind
        case Call("section", (Name(name) as base, *subscripts)):
            symbol = typist.environment.find(name)
            assert symbol is not None
            places = tuple(typist.typed(each)[0] for each in subscripts)
            kind = symbol.kind or Kind.INTEGER
            return Call("section", (base, *places), at=expression.at), kind
        case ArrayConstructor(items) | Call("listed_values", items):
            values = [typed_array(typist, item) for item in items]
            kinds = [kind for _, kind in values] or [Kind.INTEGER]
            listed = Call("listed_values", tuple(v for v, _ in values))
            return listed, max(kinds, key=ELEMENTS.index)
        case Unary("-" | "+", operand):
            value, kind = typed_array(typist, operand)
            return replace(expression, operand=value), kind
        case Unary("!" | "~", operand):
            value, _ = typed_array(typist, operand)
            return Unary("~", value, expression.at), Kind.LOGICAL
        case Binary() if not is_scalar(typist.environment, expression):
            return typed_operands(typist, expression)
        case Call(function, (argument,)) if function in (
            "abs",
            "fabs",
        ) and not is_scalar(typist.environment, argument):
            value, kind = typed_array(typist, argument)
            return Call("fabs", (value,), at=expression.at), kind
        case _:
            pass
    return typist.typed(expression)


def typed_operands(typist: Typist, binary: Binary) -> tuple[Expression, Kind]:
    """Return a typed operation of whole arrays; ExpressionError for one in which NumPy rounds otherwise."""
    (left, left_kind), (right, right_kind) = (
        typed_array(typist, binary.left),
        typed_array(typist, binary.right),
    )
    operator = {"&&": "&", "||": "|", "eqv": "==", "neqv": "!="}.get(
        binary.operator, binary.operator
    )
    kind = max(left_kind, right_kind, key=ELEMENTS.index)
    result = replace(binary, operator=operator, left=left, right=right)
    if operator in ("==", "!=", "<", "<=", ">", ">=", "&", "|"):
        return result, Kind.LOGICAL
    if operator in ("+", "-", "*") or (operator == "/" and kind is Kind.REAL):
        return result, kind
    raise ExpressionError(
        f"the operation {binary.operator} of whole arrays isn't supported here",
        binary.at,
    )


def is_scalar(environment: Environment, expression: Expression) -> bool:
    """Whether nothing in the expression stands for a whole array."""
    match expression:
        case Name(name):
            symbol = environment.find(name)
            return symbol is None or symbol.role is not Role.ARRAY
        case Call("section"):
            return not has_triplet(expression)
        case Call("listed_values") | ArrayConstructor():
            return False
        case Binary(_, left, right):
            return is_scalar(environment, left) and is_scalar(environment, right)
        case Unary(_, operand):
            return is_scalar(environment, operand)
        case Call("abs" | "fabs", (argument,)):
            return is_scalar(environment, argument)
        case _:
            return True

"""Components of objects in expressions: ``me%n``, and how large an array component is."""

from __future__ import annotations

from dataclasses import replace

from f2pypy.expressions.calls import is_known_function
from f2pypy.expressions.environment import Environment, Role
from f2pypy.expressions.inquiries import in_order
from f2pypy.expressions.nodes import (
    Binary,
    Call,
    Expression,
    ExpressionError,
    Integer,
    Kind,
    Member,
    Name,
    Part,
    Unary,
)


def part_of(expression: Expression, environment: Environment) -> Part | None:
    """Return what an expression asks an argument of derived type; None for all else.

    In signature files ``%`` is C's operator, which no object knows.
    """
    match expression:
        case Call("size", at=at):
            return _size(in_order("size", expression), at, environment)
        case Call("len", (text,), at=at):
            return _length(text, at, environment)
        case Member(base, name, _, at) | Binary("%", base, Name(name), at):
            return _component(base, name.lower(), at, environment)
        case _:
            return None


def regrouped(expression: Expression, environment: Environment) -> Expression:
    """Return C's ``2 * me % n`` as it is meant, where ``me`` is an object: ``*`` and ``%`` bind alike in C."""
    if part_of(expression, environment) is not None:
        return expression
    match expression:
        case Binary("%", left, Name()):
            left = regrouped(left, environment)
            match left:
                case Binary("*" | "/" | "%", _, last) if _is_path(last, environment):
                    return replace(left, right=replace(expression, left=last))
                case Unary(_, operand) if _is_path(operand, environment):
                    return replace(left, operand=replace(expression, left=operand))
                case _:
                    return replace(expression, left=left)
        case _:
            return expression


def _is_path(expression: Expression, environment: Environment) -> bool:
    if isinstance(expression, Name):
        return _is_object(expression.name, environment)
    return part_of(expression, environment) is not None


def _component(
    base: Expression, name: str, at: int, environment: Environment
) -> Part | None:
    match base:
        case Name(owner) if _is_object(owner, environment):
            return Part(environment.spelling(owner), (name,), at=at)
        case Member() | Binary("%"):
            outer = part_of(base, environment)
            return outer and Part(outer.owner, (*outer.path, name), at=at)
        case Call(constructor) if _makes_object(constructor, environment):
            raise ExpressionError(
                f"the component {name} of {constructor}(...), an object of derived type, isn't known here: "
                "the compiler knows it, which -c asks",
                base.at,
            )
        case _:
            return None


def _makes_object(name: str, environment: Environment) -> bool:
    """Whether a name can only be the constructor of a derived type, as in the value of a constant."""
    known = name in environment.functions or is_known_function(name, fortran=True)
    return environment.fortran and not known and environment.find(name) is None


def _size(
    arguments: tuple[Expression, ...], at: int, environment: Environment
) -> Part | None:
    match arguments:
        case (component,):
            return _extent(component, -1, at, environment)
        case (component, Integer(axis)) if axis > 0:
            return _extent(component, axis - 1, at, environment)
        case _:
            return None


def _extent(
    component: Expression, axis: int, at: int, environment: Environment
) -> Part | None:
    part = part_of(component, environment)
    if part is None or part.axis is not None or part.length:
        return None
    return Part(part.owner, part.path, axis, at)


def _length(component: Expression, at: int, environment: Environment) -> Part | None:
    part = part_of(component, environment)
    if part is None or part.axis is not None or part.length:
        return None
    return Part(part.owner, part.path, at=at, length=True)


def _is_object(name: str, environment: Environment) -> bool:
    found = environment.find(name)
    return (
        found is not None and found.role is Role.SCALAR and found.kind is Kind.DERIVED
    )

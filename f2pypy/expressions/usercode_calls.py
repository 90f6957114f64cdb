"""How calls of the functions are typed that usercode or a Fortran module defines."""

from __future__ import annotations

from dataclasses import replace

from f2pypy.expressions.calls import Typist
from f2pypy.expressions.environment import Role
from f2pypy.expressions.nodes import (
    OWNED_FUNCTION,
    Binary,
    Bounds,
    Call,
    Expression,
    ExpressionError,
    Kind,
    Name,
    Subscript,
)
from f2pypy.expressions.statements import ANYTHING, FunctionDefinition
from f2pypy.expressions.vocabulary import kind_of_c_type


def typed_usercode(
    typist: Typist, call: Call, definition: FunctionDefinition
) -> tuple[Expression, Kind]:
    """Return a call whose arguments have the types that the definition says, and the kind of its result."""
    if len(call.arguments) != len(definition.parameters) or call.keywords:
        raise ExpressionError(
            f"{call.function} takes {len(definition.parameters)} argument(s), "
            f"{len(call.arguments)} given",
            call.at,
        )
    arguments = tuple(
        whole(argument)
        if parameter.type == ANYTHING
        else pointer(typist, argument)
        if parameter.type.endswith("*")
        else typist.cast(parameter.type, argument, argument.at)[0]
        for argument, parameter in zip(
            call.arguments, definition.parameters, strict=True
        )
    )
    kind = kind_of_c_type(definition.result)
    if kind is None:
        raise ExpressionError(f"{call.function} gives a {definition.result}", call.at)
    name = definition.name if OWNED_FUNCTION in definition.name else call.function
    return replace(call, function=name, arguments=arguments), kind


def whole(argument: Expression) -> Expression:
    """Return an argument that is passed as it is: the name of a variable."""
    if isinstance(argument, Name):
        return argument
    raise ExpressionError("a variable is expected here", argument.at)


def pointer(typist: Typist, argument: Expression) -> Expression:
    """Return an array argument of a C function, as a name or as a name's tail."""
    match argument:
        case Name(name):
            symbol = typist.environment.find(name)
            if symbol is not None and symbol.role in (Role.ARRAY, Role.STRING):
                # C sees a matrix as it lies in memory
                flat = Call("ravel", (argument,), at=argument.at)
                return argument if symbol.rank <= 1 else flat
        case Call("ravel"):
            return argument  # typed already
        case Binary("+", Name() as base, offset):
            tail = Bounds(typist.integer(offset), None, at=argument.at)
            return Subscript(pointer(typist, base), tail, argument.at)
        case Subscript(Name() | Call("ravel"), Bounds()):
            return argument  # typed already
        case _:
            pass
    raise ExpressionError("an array is expected here", argument.at)

"""Elemental procedures: what applies them to arrays, and how type checkers see that."""

from __future__ import annotations

from dataclasses import replace

from f2pypy import plan
from f2pypy.expressions.identifiers import free_name
from f2pypy.expressions.nodes import Integer, Kind, StringLength
from f2pypy.lower.conversion import scalar_converter
from f2pypy.lower.docstring import results
from f2pypy.lower.wrapper import Wrapper
from f2pypy.model import Argument, Intent, Presence

# The Python type of a scalar that is surely no array.
EXACT = {
    Kind.INTEGER: "int",
    Kind.REAL: "float",
    Kind.COMPLEX: "complex",
    Kind.LOGICAL: "bool",
    Kind.CHARACTER: "bytes",
}
# What callers give arrays, scalars or both for.
ARRAYS = "ArrayLike"


def apply_to_arrays(wrapper: Wrapper) -> None:
    """Add the step that hands arrays on, for an elemental procedure that callers give something."""
    given = wrapper.procedure.given
    if wrapper.procedure.elemental is None or not given:
        return
    wrapper.applied = free_name(f"_{wrapper.function}_elements", wrapper.names.globals)
    names = tuple(wrapper.names.add(a.name) for a in given)
    exact = tuple(
        "" if a.presence is Presence.OPTIONAL else EXACT[a.type.kind] for a in given
    )
    returns = bool(results(wrapper.procedure))
    wrapper.steps.append(plan.ApplyToArrays(wrapper.applied, names, exact, returns))


def plan_elementals(wrapper: Wrapper) -> tuple[plan.Elemental, ...]:
    """Return what applies the procedure to arrays, nothing where it isn't elemental."""
    procedure = wrapper.procedure
    elemental = procedure.elemental
    if elemental is None or not wrapper.applied:
        return ()
    result = procedure.result
    loop = elemental.loop if not wrapper.calls_by_name else None
    return (
        plan.Elemental(
            wrapper.applied,
            wrapper.function,
            wrapper.routine,
            tuple(plan_each(wrapper, a) for a in procedure.arguments if is_seen(a)),
            None if result is None else plan_each(wrapper, result),
            "" if loop is None else wrapper.bindings[0].variable,
            "" if loop is None else loop.symbol,
            elemental.in_order,
        ),
    )


def is_seen(argument: Argument) -> bool:
    """Whether the caller gives an argument or gets it."""
    return argument.presence is not Presence.HIDDEN or argument.result_name is not None


def plan_each(wrapper: Wrapper, argument: Argument) -> plan.Each:
    """Return how an argument, or the result, is an array."""
    is_text = argument.type.kind is Kind.CHARACTER
    each = plan.Each(
        argument.name,
        "" if is_text else wrapper.mapping(argument).dtype,
        flags_of(argument),
        optional=argument.presence is Presence.OPTIONAL,
    )
    match argument.type.length:
        case Integer(value):
            each = replace(each, length=value)
        case StringLength(string):
            each = replace(each, like=string)
        case None if is_text and not argument.type.is_string:
            each = replace(each, length=1)
    if argument.presence is Presence.HIDDEN:
        return each
    converter = "" if argument.type.is_string else scalar_converter(argument, wrapper.mapping(argument))  # fmt: skip
    return replace(each, position=argument.ordinal, converter=converter)


def flags_of(argument: Argument) -> tuple[str, ...]:
    """Return the runtime's flags of an argument: what goes in and out, and whether Fortran changes what comes in."""
    comes_in = argument.presence is not Presence.HIDDEN
    flags = []
    if argument.intent & Intent.INOUT:
        flags.append("INOUT")
    elif comes_in:
        flags.append("IN")
    if argument.result_name is not None:
        flags.append("OUT")
    if comes_in and not (argument.states_direction or argument.by_value):
        flags.append("COPY")
    if argument.type.kind is Kind.LOGICAL:
        flags.append("TRUTH")
    return tuple(flags)


def overloads(
    wrapper: Wrapper, parameters: tuple[plan.Parameter, ...], returns: str, arrays: str
) -> tuple[plan.Overload, ...]:
    """Return how type checkers see a function that `returns` scalars for scalars, and else `arrays`.

    There are no two ways where nothing is returned, nor where an argument is changed in place: what is given for a
    scalar is an array there, too.
    """
    given = wrapper.procedure.given
    if any(a.intent & Intent.INOUT for a in given) or returns == "None":
        return ()
    texts = {wrapper.names.add(a.name) for a in given if a.type.is_string}
    scalars = tuple(
        replace(p, annotation="bytes | str") if p.name in texts else p
        for p in parameters
    )
    return (
        plan.Overload(scalars, returns),
        plan.Overload(annotated(parameters, ARRAYS), arrays),
    )


def annotated(
    parameters: tuple[plan.Parameter, ...], annotation: str
) -> tuple[plan.Parameter, ...]:
    """Return the parameters with one type."""
    return tuple(replace(each, annotation=annotation) for each in parameters)


def accepted(wrapper: Wrapper, ways: tuple[plan.Overload, ...]) -> str:
    """Return the type of the parameters where the function is defined.

    Overloads say more. The memory of a string that is changed in place has no type, nor has its variable then.
    """
    given = wrapper.procedure.given
    is_untyped = any(a.intent & Intent.INOUT and a.type.is_string for a in given)
    return "Any" if ways or is_untyped else ARRAYS

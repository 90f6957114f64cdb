"""What C would declare of a procedure: of the one that a wrapper calls, and of a dummy procedure that Fortran calls.

Both are described in the same words, so that the two can be compared: where they are equal, Fortran may call the
procedure itself where it would call Python.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from f2pypy import model, plan
from f2pypy.expressions.nodes import Integer, Kind, Name
from f2pypy.lower.ctypes_map import mapping_of
from f2pypy.model import Argument, DataType, Form, Intent, Presence

# Intents by which Fortran gets other memory than the caller's
COPIES = Intent.COPY | Intent.OVERWRITE | Intent.CACHE | Intent.INPLACE
LENGTH = plan.CArgument("LENGTH", by_address=False)


def prototype_of_call(
    procedure: model.Procedure, call: model.CallRoutine
) -> plan.Prototype:
    """Return the prototype of what a wrapper calls.

    Only the types of a `foreign` one are told, as no dummy procedure can be the same: the wrapper does more than to
    pass its arguments in their order, or C's types don't say enough.
    """
    # a callstatement may pass variables of its own, and assign to one
    own = {local.name for local in procedure.locals}
    given = ["" if named(a) in own else named(a) for a in call.arguments]
    places = places_of(given)
    order = [a.name for a in procedure.arguments if a.name in places]
    arguments = []
    for actual, name in zip(call.arguments, given, strict=True):
        argument = procedure.argument(name) if name else None
        arguments.append(of_actual(actual, argument, places))
    result = None
    if call.result is not None and call.result not in own:
        result = procedure.argument(call.result)
    foreign = procedure.actions != (call,) or order != list(places) or "" in given
    foreign = foreign or not all(map(is_told, arguments))
    if foreign:
        arguments = [plan.CArgument(a.code, a.by_address) for a in arguments]
    return plan.Prototype(result_code(result), tuple(arguments), foreign)


def is_told(argument: plan.CArgument) -> bool:
    """Whether nothing about an argument is left open that Fortran or Python could see."""
    is_known = argument.code not in ("", "ADDRESS", "CHARACTER", "LENGTH")
    changes_a_copy = {"returned", "copied"} & {*argument.words}
    return is_known and not changes_a_copy and "?" not in (argument.extents or ())


def prototype_of_callback(callback: model.Callback) -> plan.Prototype | None:
    """Return the prototype of a dummy procedure, None where it gets or returns what C types say nothing of."""
    result = callback.result
    if result is not None and result.type.kind is Kind.DERIVED:
        return None
    in_memory = result is not None and (result.is_array or is_text(result.type))
    first = [result] if in_memory and result is not None else []
    arguments = [*first, *callback.arguments]
    if not callback.described or any(
        argument.form is not Form.ADDRESS or argument.type.unlimited
        for argument in arguments
    ):
        return None
    has_length = bool(first) and is_text(first[0].type)
    names = [*(a.name for a in first), *([""] if has_length else [])]
    places = places_of([*names, *(a.name for a in callback.arguments)])
    found = [of_argument(argument, places) for argument in arguments]
    found = [
        mark_absent(c_argument, places[argument.name], found)
        for c_argument, argument in zip(found, arguments, strict=True)
    ]
    lengths = [a for a in callback.arguments if callback.lengths and is_text(a.type)]
    if has_length:
        found.insert(1, LENGTH)
    code = result_code(None if in_memory else result)
    return plan.Prototype(code, (*found, *[LENGTH] * len(lengths)))


def mark_absent(
    argument: plan.CArgument, place: int, all_arguments: Sequence[plan.CArgument]
) -> plan.CArgument:
    """Mark an optional argument of a callback that Fortran may leave out: any but an extent."""
    is_extent = any(f"${place}" in (each.extents or ()) for each in all_arguments)
    if "optional" not in argument.words or is_extent:
        return argument
    return replace(argument, words=(*argument.words, "absent"))


def places_of(names: Sequence[str]) -> dict[str, int]:
    """Return where each name stands, counted from 1."""
    return {name: place for place, name in enumerate(names, 1) if name}


def is_text(type_: DataType) -> bool:
    """Whether a type is one of characters."""
    return type_.kind is Kind.CHARACTER


def named(actual: model.Actual) -> str:
    """Return the argument that is passed just as it is, "" where it is something else."""
    match actual:
        case model.ScalarReference(name) | model.ArrayAddress(name, None):
            return name
        case model.ClassOf(name) | model.ObjectAddress(name):
            return name
        case model.ValueArgument(Name(name)):
            return name
        case _:
            return ""


def of_actual(
    actual: model.Actual, argument: Argument | None, places: Mapping[str, int]
) -> plan.CArgument:
    """Return what C would declare for an actual argument."""
    if argument is not None:
        by_address = not isinstance(actual, model.ValueArgument)
        return replace(of_argument(argument, places), by_address=by_address)
    match actual:
        case model.LengthOf():
            return LENGTH
        case model.PresenceFlag():
            return plan.CArgument("INT8", by_address=False)
        case model.ValueArgument(_, type_):
            return plan.CArgument(code_of(type_), by_address=False)
        case model.Temporary(_, type_):
            return plan.CArgument(code_of(type_))
        case model.ChosenAddress(_, then, _):
            return of_actual(then, None, places)
        case _:
            return plan.CArgument("")


def of_argument(argument: Argument, places: Mapping[str, int]) -> plan.CArgument:
    """Return what C would declare for an argument that is passed as it is."""
    extents = None
    if argument.type.derived is not None:
        return of_object(argument)
    if argument.bounds is not None:
        extents = tuple(extent_of(bound, places) for bound in argument.bounds)
    code = code_of(argument.type)
    return plan.CArgument(
        code, not argument.by_value, words_of(argument), extents if code else None
    )


def of_object(argument: Argument) -> plan.CArgument:
    """Return what C would declare for an object of derived type, which goes by address: Python's is Fortran's own."""
    type_ = argument.type
    lone = argument.bounds is None and argument.form is Form.ADDRESS
    if type_.derived is None or not lone:
        return plan.CArgument("")
    code = f"{'class' if type_.polymorphic else 'type'} {type_.derived.module}.{type_.derived.name}"
    words = tuple(w for w in words_of(argument) if w not in ("inout", "returned"))
    return plan.CArgument(code, words=words)


def extent_of(bound: model.Bound, places: Mapping[str, int]) -> int | str:
    """Return an extent: an int, or ``$n`` where the n-th argument is it; "*" for an open one, "?" for any other."""
    match bound.value:
        case Integer(value):
            return value
        case Name(name) if name in places:
            return f"${places[name]}"
        case None:
            return "*"
        case _:
            return "?"


def code_of(type_: DataType) -> str:
    """Return the runtime's name of a type, "" for one that it has no name for."""
    if is_text(type_):
        return "CHARACTER"
    if type_.address:
        return "ADDRESS"
    mapping = mapping_of(type_)
    return "" if mapping is None else mapping.code


def result_code(result: Argument | None) -> str | None:
    """Return the runtime's name of a result's type, "" for an address, None where there is no result."""
    if result is None:
        return None
    return code_of(result.type) if result.form is Form.ADDRESS else ""


def words_of(argument: Argument) -> tuple[str, ...]:
    """Return what Python gets and gives of an argument, which C has no word for."""
    words = []
    if argument.presence is Presence.HIDDEN:
        words.append("out" if argument.intent & Intent.OUT else "hidden")
    else:
        if argument.presence is Presence.OPTIONAL:
            words.append("optional")
        if argument.intent & Intent.INOUT:
            words.append("inout")
        if argument.intent & Intent.OUT:
            words.append("returned")
    if argument.absent_as_null:
        words.append("absent")
    if argument.intent & COPIES:
        words.append("copied")
    if argument.intent & Intent.C and len(argument.bounds or ()) > 1:
        words.append("transposed")
    return tuple(words)

"""The arguments and the result of a routine, as Python gives and gets them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from f2pypy import model, syntax
from f2pypy.expressions.nodes import Extent, Integer, Kind
from f2pypy.expressions.walk import walk
from f2pypy.model import Argument, Form, Intent, Presence
from f2pypy.resolve.arguments.drafts import Draft
from f2pypy.resolve.arguments.dummies import Owner, dummy_argument
from f2pypy.resolve.arguments.intents import result_name
from f2pypy.resolve.faults import decide_each
from f2pypy.resolve.procedures.callbacks import callback_of
from f2pypy.resolve.procedures.routine import Routine
from f2pypy.resolve.types.declared import decide_type

# How f2py counts arguments in its messages: by the last digit alone.
ORDINAL_ENDINGS = ("th", "st", "nd", "rd", "th", "th", "th", "th", "th", "th")


def arguments_of(
    routine: Routine, drafts: Mapping[str, Draft], owner: Owner
) -> list[Argument]:
    """Return the routine's arguments; DeclarationError with all that can't be decided."""

    def argument(name: str) -> Argument:
        found = dummy_argument(drafts[name], owner)
        warn_of_lacking_axes(routine, drafts, found)
        return replace(found, callback=callback_of(routine, drafts[name]))

    return numbered(decide_each(routine.dummies, argument).values())


def warn_of_lacking_axes(
    routine: Routine, drafts: Mapping[str, Draft], argument: Argument
) -> None:
    """Warn of a default that asks for an axis that an array lacks, which raises IndexError in a call."""
    initial = drafts[argument.name].initial
    if initial is None or argument.initial is None:
        return
    ranks = {
        name: len(draft.extents)
        for name, draft in drafts.items()
        if draft.extents is not None and not draft.assumed_rank
    }
    for node in walk(argument.initial):
        if not (isinstance(node, Extent) and node.array in ranks):
            continue
        if node.axis >= ranks[node.array]:
            routine.diagnostics.warn(
                initial.span,
                f"{node.array!r} has rank {ranks[node.array]}, and the default {initial.text!r} asks for another axis: "
                f"calls that leave {argument.name!r} out raise IndexError when they compute it",
            )
            return


def numbered(arguments: Iterable[Argument]) -> list[Argument]:
    """Return the arguments with the ordinals that messages use."""
    required = optional = 0
    found = []
    for argument in arguments:
        if argument.presence is Presence.REQUIRED:
            required += 1
            word = f"{ordinal(required)} argument"
        elif argument.presence is Presence.OPTIONAL:
            optional += 1
            word = f"{ordinal(optional)} keyword"
        else:
            word = "hidden"
        found.append(replace(argument, ordinal=word))
    return found


def ordinal(number: int) -> str:
    """Return ``1st``, ``2nd``, ... in f2py's way, which makes 11 ``11st``."""
    return f"{number}{ORDINAL_ENDINGS[number % 10]}"


def result_of(
    routine: Routine, drafts: Mapping[str, Draft], owner: Owner
) -> Argument | None:
    """Return the function's result as an argument that only goes out."""
    name = routine.result
    if name is None:
        return None
    argument = dummy_argument(drafts[name], owner)
    declaration = drafts[name].declaration
    if declaration.is_callback and "pointer" in declaration.flags:
        # what comes back is an address
        spec = syntax.TypeSpec("type", derived="c_funptr")
        address = decide_type(spec, routine.around.constants)
        callback = callback_of(routine, drafts[name])
        argument = replace(argument, type=address, callback=callback, form=Form.POINTER)
    if is_text(argument, owner):
        argument = replace(argument, type=string_of(argument.type))
    shown = result_name(name, (*drafts[name].declaration.intents, "out"))
    # f2py calls the others through a subroutine, which returns what it gets
    hidden = {"c", "hide"} <= set(routine.own_intents)
    described = owner.compiler.described_results
    if argument.is_array and argument.form is Form.ADDRESS and described:
        # a function with an array result gets a descriptor of the memory for it
        argument = replace(argument, form=Form.ASSUMED_SHAPE)
    return replace(
        argument,
        presence=Presence.HIDDEN,
        intent=Intent.OUT,
        result_name=None if hidden else shown,
        by_value=False,
    )


def is_text(result: Argument, owner: Owner) -> bool:
    """Whether a result is a string: in Fortran every scalar character, in C (bind(c)) a single one is a value."""
    if result.type.kind is not Kind.CHARACTER or result.is_array:
        return False
    return not owner.interoperable and not result.type.deferred


def string_of(type_: model.DataType) -> model.DataType:
    """Return a character result's type as a string: one character, or ten where no length is given, as in f2py."""
    if not type_.is_string:
        return replace(type_, is_string=True, length=Integer(1), is_character=True)
    return replace(type_, length=type_.length or Integer(10))

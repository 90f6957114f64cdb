"""Whether a procedure is elemental, and whether compiled code can loop over the elements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from f2pypy import model, syntax
from f2pypy.expressions.nodes import Integer, Kind, Name, StringLength
from f2pypy.model import Argument, DataType, Form, Intent, Presence

# What an elemental procedure's arguments may be where each element takes a call of its wrapper.
CALLABLE = Intent.IN | Intent.OUT | Intent.INOUT


def elemental_of(
    unit: syntax.Procedure,
    arguments: Sequence[Argument],
    result: Argument | None,
    actions: Sequence[model.Action],
    codes: Sequence[syntax.Code],
) -> model.Elemental | None:
    """Return how an elemental procedure takes arrays, None for any other.

    A derived type, a callback or an array among the arguments, which only a signature file may say, leaves it scalar.
    """
    values = [*arguments, *([result] if result is not None else [])]
    if "elemental" not in unit.prefixes or not all(map(is_element, values)):
        return None
    if result is not None and result.result_name is None:
        return None
    by_name = {value.name: value for value in values}
    loop = None
    if not codes and all(is_plain(value, by_name) for value in values):
        loop = loop_of(arguments, result, actions)
    return model.Elemental("impure" in unit.prefixes, loop)


def is_element(argument: Argument) -> bool:
    """Whether an argument is one element of an array that NumPy may have."""
    is_number_or_text = not (
        argument.type.kind is Kind.DERIVED or argument.type.address
    )
    plain = argument.callback is None and argument.form is Form.ADDRESS
    return plain and is_number_or_text and not argument.is_array and not argument.intent & ~CALLABLE  # fmt: skip


def is_plain(argument: Argument, by_name: dict[str, Argument]) -> bool:
    """Whether nothing but the address of an element is needed for an argument, and the length of characters."""
    if argument.checks or argument.initial is not None:
        return False
    is_optional = argument.presence is Presence.OPTIONAL
    if is_optional and (argument.by_value or not argument.absent_as_null):
        return False
    if argument.by_value and argument.type.kind is Kind.CHARACTER:
        return False
    comes_in = argument.presence is not Presence.HIDDEN
    if not comes_in and argument.result_name is None:
        return False
    return has_plain_length(argument, by_name)


def has_plain_length(argument: Argument, by_name: dict[str, Argument]) -> bool:
    """Whether the length of characters, if it has one, is known before the elements are."""
    if argument.type.kind is not Kind.CHARACTER:
        return True
    if argument.presence is not Presence.HIDDEN and argument.result_name is None:
        length = argument.type.length
        is_known = length is None or isinstance(length, Integer)
        return is_known and argument.intent is Intent.IN
    if argument.intent & ~Intent.OUT:
        return False
    match argument.type.length:
        case None:
            return not argument.type.is_string
        case Integer():
            return True
        case StringLength(string):
            other = by_name.get(string)
            return other is not None and other.intent is Intent.IN
        case _:
            return False


def loop_of(
    arguments: Sequence[Argument],
    result: Argument | None,
    actions: Sequence[model.Action],
) -> model.ElementLoop | None:
    """Return the loop that calls a procedure as a plain call does, None where it is called otherwise."""
    call = actions[0] if len(actions) == 1 else None
    if not isinstance(call, model.CallRoutine):
        return None
    returned = result if result is not None and call.result == result.name else None
    in_memory = result if returned is None else None
    if list(call.arguments) != list(passed(arguments, in_memory)):
        return None
    types: list[DataType | None] = [
        each.type if isinstance(each, model.ValueArgument) else None
        for each in call.arguments
    ]
    return model.ElementLoop(None if returned is None else returned.type, tuple(types))


def passed(
    arguments: Sequence[Argument], in_memory: Argument | None
) -> Iterator[model.Actual]:
    """Yield what the loop passes: memory for a result of characters and its length, the arguments, their lengths."""
    if in_memory is not None:
        yield model.ArrayAddress(in_memory.name)
        yield model.LengthOf(in_memory.name)
    lengths = []
    for argument in arguments:
        if argument.type.is_string:
            yield model.ArrayAddress(argument.name)
        elif argument.by_value:
            yield model.ValueArgument(Name(argument.name), argument.type)
        else:
            yield model.ScalarReference(argument.name)
        if argument.type.kind is Kind.CHARACTER:
            lengths.append(model.LengthOf(argument.name))
    yield from chain(lengths)

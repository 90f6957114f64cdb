"""The steps that convert arrays, and those that make them."""

from __future__ import annotations

import math
from dataclasses import replace

from f2pypy import model, plan
from f2pypy.expressions.elementwise import INDEX, is_elementwise
from f2pypy.expressions.nodes import (
    Complex,
    Expression,
    Integer,
    Kind,
    Real,
    String,
    Unary,
)
from f2pypy.expressions.walk import used_names
from f2pypy.lower.docstring import is_overwritable
from f2pypy.lower.wrapper import Wrapper
from f2pypy.model import Argument, Form, Intent, Presence

ALIGNMENTS = {
    Intent.ALIGNED4: "ALIGNED4",
    Intent.ALIGNED8: "ALIGNED8",
    Intent.ALIGNED16: "ALIGNED16",
}
# The runtime's short ways for plain input arrays with free extents, by rank.
SHORT_CONVERTERS = {1: "vector", 2: "matrix"}
# Forms in which Fortran takes an array with any strides.
STRIDED_FORMS = (Form.ASSUMED_SHAPE, Form.ALLOCATABLE, Form.POINTER)


def convert_array(wrapper: Wrapper, argument: Argument) -> None:
    """Add the conversion or allocation of an array."""
    name = wrapper.names.add(argument.name)
    extents = wrapper.extents(argument)
    dtype = dtype_name(wrapper, argument)
    length = element_length(wrapper, argument)
    order = "C" if argument.intent & Intent.C else "F"
    initial, filled = array_default(wrapper, argument, name)
    if argument.presence is Presence.HIDDEN:
        fixed = tuple(e if e is not None else Unary("-", Integer(1)) for e in extents)
        scratch = bool(argument.intent & Intent.CACHE)
        wrapper.steps.append(
            plan.ArrayHidden(
                name, dtype, fixed, order, scratch, initial, length, filled
            )
        )
        return
    what = f"{argument.ordinal} `{argument.name}`"
    overwrite = None
    if is_overwritable(argument):
        overwrite = wrapper.names.add(f"overwrite_{argument.name}")
    flags = intent_flags(argument)
    only_in = flags == ("IN",) and overwrite is None
    converter = converter_for(argument, extents, only_in)
    guard = ""
    # whether an array that may be overwritten is passed as it is depends on the call
    if converter == "strided" and overwrite is None:
        guard = strided_guard(argument, extents, flags)
    given = plan.ArrayInput(
        name,
        dtype,
        extents,
        flags,
        wrapper.routine,
        what,
        converter,
        overwrite,
        flags_of_copy(flags) if overwrite else (),
        length,
        guard,
    )
    if argument.presence is Presence.OPTIONAL:
        absent = argument.absent_as_null
        unread = absent and given.guard and not is_read_by_wrapper(wrapper, argument)
        wrapper.steps.append(
            plan.ArrayOptional(given, order, initial, filled, absent, bool(unread))
        )
    else:
        wrapper.steps.append(given)


def converter_for(
    argument: Argument, extents: tuple[Expression | None, ...], only_in: bool
) -> str:
    """Return the runtime's function that converts an array; `only_in`: nobody changes what it returns."""
    if takes_strides(argument):
        is_text = argument.type.kind is Kind.CHARACTER
        return "strided_text" if is_text and only_in else "strided"
    if argument.form is Form.ASSUMED_RANK:
        return "any_rank"
    if is_c_text(argument):
        return "c_text"
    if only_in and argument.type.kind is Kind.CHARACTER:
        return "text_array"
    if only_in and set(extents) == {None}:
        return SHORT_CONVERTERS.get(len(extents), "array")
    return "array"


def strided_guard(
    argument: Argument, extents: tuple[Expression | None, ...], flags: tuple[str, ...]
) -> str:
    """Return the runtime's function that says whether an array needs no conversion, "" where none can."""
    if argument.type.kind is Kind.CHARACTER or set(extents) != {None}:
        return ""
    written = "INOUT" in flags or "OUT" in flags
    return "is_strided_output" if written else "is_strided"


def is_read_by_wrapper(wrapper: Wrapper, argument: Argument) -> bool:
    """Whether anything but the call of the routine uses an array."""
    if argument.name in wrapper.names_read or argument.result_name is not None:
        return True
    actions = wrapper.procedure.actions
    return not all(isinstance(action, model.CallRoutine) for action in actions)


def array_default(
    wrapper: Wrapper, argument: Argument, name: str
) -> tuple[Expression | None, plan.FillByIndex | plan.FillEach | None]:
    """Return the default of an array: one value for every element, or how each element gets its own."""
    if argument.initial is None:
        return None, None
    value = wrapper.named(argument.initial)
    used = used_names(value)
    order = "C" if argument.intent & Intent.C else "F"
    if INDEX not in used and name not in used:
        return None if begins_as(argument, value) else value, None
    if name not in used and is_elementwise(value):
        return None, plan.FillByIndex(name, value, order)
    return None, plan.FillEach(name, value, order)


def begins_as(argument: Argument, value: Expression) -> bool:
    """Whether new memory for an array holds the value already: zeros, unless it is scratch or text."""
    if argument.intent & Intent.CACHE or argument.type.kind is Kind.CHARACTER:
        return False
    match value:
        case Integer(0):
            return True
        case Real(number):
            return number == 0 and math.copysign(1.0, number) > 0
        case Complex(
            Integer(0) | Real(0.0) as real, Integer(0) | Real(0.0) as imaginary
        ):
            return begins_as(argument, real) and begins_as(argument, imaginary)
        case _:
            return False


def convert_deferred(wrapper: Wrapper, argument: Argument) -> None:
    """Add the descriptor of an allocatable or pointer dummy, with what the caller gives in it."""
    name = wrapper.names.add(argument.name)
    holder = wrapper.names.fresh(f"{argument.name}_descriptor")
    wrapper.holders[argument.name] = holder
    rank = len(argument.bounds or ())
    dtype = dtype_name(wrapper, argument)
    length = element_length(wrapper, argument)
    pointer = argument.form is Form.POINTER
    given = deferred_input(wrapper, argument)
    if is_only_described(wrapper, argument):
        del wrapper.holders[argument.name]
        assert isinstance(given, plan.ArrayInput)
        guard = "is_strided_output" if pointer else "is_contiguous"
        converter = "target" if pointer else "array"
        given = replace(given, converter=converter, guard=guard)
        wrapper.steps.append(plan.ArrayOptional(given, "F", absent=True, unread=True))
        return
    asked = given is not None and argument.name in wrapper.names_of_arguments
    kept = wrapper.names.fresh(f"{argument.name}_given") if asked else ""
    if asked:
        wrapper.given[argument.name] = kept
    if asked and isinstance(given, plan.ArrayInput):
        given = replace(given, guard="")
    wrapper.steps.append(
        plan.Deferred(
            name,
            holder,
            dtype,
            rank,
            pointer,
            given,
            length,
            argument.type.kind is Kind.LOGICAL,
            argument.interoperable,
            asked,
            kept,
            "deferred_array" if rank and length is None else "Deferred",
        )
    )


def is_only_described(wrapper: Wrapper, argument: Argument) -> bool:
    """Whether an allocatable or pointer array is one that Fortran can neither deallocate nor point elsewhere.

    A descriptor of the caller's array serves then.
    """
    if argument.type.kind is Kind.CHARACTER or not argument.bounds:
        return False
    goes_in = argument.states_direction and intent_flags(argument) == ("IN",)
    if argument.presence is Presence.HIDDEN or not goes_in:
        return False
    if argument.form is Form.POINTER and not takes_strides(argument):
        return False
    return not is_read_by_wrapper(wrapper, argument)


def deferred_input(
    wrapper: Wrapper, argument: Argument
) -> plan.ArrayInput | plan.StringInput | None:
    """Return how what is given for an allocatable or pointer dummy is converted; None where nothing comes in."""
    if argument.presence is Presence.HIDDEN:
        return None
    name = wrapper.names.add(argument.name)
    length = argument.type.length
    if argument.type.kind is Kind.CHARACTER and not argument.is_array:
        fixed = length if argument.type.is_string else Integer(1)
        return plan.StringInput(
            name,
            None if fixed is None else wrapper.named(fixed),
            String(b""),
            wrapper.routine,
            argument.ordinal,
            argument.name,
        )
    strided = takes_strides(argument)
    return plan.ArrayInput(
        name,
        dtype_name(wrapper, argument),
        (None,) * len(argument.bounds or ()),
        intent_flags(argument) if strided else ("IN",),
        wrapper.routine,
        f"{argument.ordinal} `{argument.name}`",
        "strided" if strided else "array",
        None,
        (),
        element_length(wrapper, argument),
        strided_guard(argument, (None,), intent_flags(argument)) if strided else "",
    )


def is_c_text(argument: Argument) -> bool:
    """Whether C would call the array a string: single characters of a procedure with ``bind(c)``."""
    return (
        argument.interoperable
        and argument.form is Form.ADDRESS
        and argument.type.kind is Kind.CHARACTER
        and not argument.type.is_string
        and len(argument.bounds or ()) == 1
    )


def takes_strides(argument: Argument) -> bool:
    """Whether an array is passed where it lies, whatever its strides."""
    if argument.form not in STRIDED_FORMS or argument.contiguous:
        return False
    return not returns_copy(argument)


def returns_copy(argument: Argument) -> bool:
    """Whether the caller gets an array back, which isn't the given one unless that is contiguous."""
    both = Intent.IN | Intent.OUT
    return argument.intent & both == both or bool(
        argument.intent & (Intent.INPLACE | Intent.CACHE)
    )


def dtype_name(wrapper: Wrapper, argument: Argument) -> str:
    """Return the runtime's name of the element type; for characters what makes it from their length."""
    if argument.type.kind is Kind.CHARACTER:
        return "bytes_type"
    return wrapper.mapping(argument).dtype


def element_length(wrapper: Wrapper, argument: Argument) -> Expression | None:
    """Return the length of the elements of a character array, 0 where it is assumed; None for numbers."""
    if argument.type.kind is not Kind.CHARACTER:
        return None
    if not argument.type.is_string:
        return Integer(1)
    length = argument.type.length
    return Integer(0) if length is None else wrapper.named(length)


def intent_flags(argument: Argument) -> tuple[str, ...]:
    """Return the runtime's names of the intent."""
    found = []
    if argument.intent & Intent.CACHE:
        found.append("CACHE")
    elif argument.intent & Intent.INPLACE:
        found.append("INPLACE")
    elif argument.intent & Intent.INOUT:
        found.append("INOUT")
    else:
        found.append("IN")
        if argument.intent & Intent.OUT or is_overwritable(argument):
            found.append("OUT")
    if argument.intent & Intent.C:
        found.append("C")
    found += [word for flag, word in ALIGNMENTS.items() if argument.intent & flag]
    is_byte = argument.type.kind is Kind.LOGICAL and argument.type.size == 1
    if is_byte and argument.intent & (Intent.INOUT | Intent.INPLACE | Intent.OUT):
        found.append("TRUTH")
    return tuple(found)


def flags_of_copy(flags: tuple[str, ...]) -> tuple[str, ...]:
    """Return the flags with which a copy is asked for: ``intent(inout)`` stays, so that the runtime refuses both."""
    if "INOUT" in flags:
        return (*flags, "COPY")
    return tuple("COPY" if flag == "IN" else flag for flag in flags if flag != "OUT")

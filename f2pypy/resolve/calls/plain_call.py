"""How a procedure's arguments and result are passed without a callstatement: by its compiler's conventions."""

from __future__ import annotations

from collections.abc import Iterable

from f2pypy.abi.conventions import Compiler, HiddenOrder
from f2pypy.expressions.nodes import Integer, Kind, Name
from f2pypy.model import (
    Actual,
    Argument,
    ArrayAddress,
    Callback,
    CallbackAddress,
    CallRoutine,
    ClassOf,
    DataType,
    DescriptorOf,
    Form,
    LengthOf,
    LengthPlace,
    ObjectAddress,
    ObjectValue,
    PresenceFlag,
    ScalarReference,
    ValueArgument,
)

DEFERRED_FORMS = (Form.ALLOCATABLE, Form.POINTER)
# As f2py has it, for a function of which only the caller knows how long its characters are.
UNKNOWN_LENGTH = Integer(10)


def plain_call(
    arguments: Iterable[Argument],
    result: Argument | None,
    compiler: Compiler,
    *,
    pass_lengths: bool,
) -> tuple[CallRoutine]:
    """Return the call that passes every dummy argument in order, and the hidden arguments after them."""
    actuals: list[Actual] = []
    hidden: list[Actual] = []
    if result is not None and comes_through_memory(result, compiler):
        actuals.append(pass_argument(result, compiler))
        # compilers that describe lengths have none for arrays, whichever way these come
        if not (result.is_array and compiler.described_lengths):
            actuals += hidden_length(result, compiler)
        result = None
    for argument in arguments:
        actuals.append(pass_argument(argument, compiler))
        hidden += hidden_arguments(argument, compiler, pass_lengths=pass_lengths)
    if compiler.hidden_order is HiddenOrder.FLAGS_FIRST:
        hidden.sort(key=lambda actual: not isinstance(actual, PresenceFlag))
    name = result.name if result is not None else None
    return (CallRoutine((*actuals, *hidden), name),)


def comes_through_memory(result: Argument, compiler: Compiler) -> bool:
    """Whether a result comes back through the caller's memory and not in registers."""
    if result.is_procedure_pointer:
        return False
    if result.form in DEFERRED_FORMS:
        is_text = result.type.kind is Kind.CHARACTER
        in_memory = result.is_array or is_text or result.type.unlimited
        return in_memory or compiler.described_scalars
    if result.type.kind is Kind.DERIVED and not result.is_array:
        types = compiler.types
        rule = types.bound_results if result.interoperable else types.results
        return rule == "hidden"
    return result.is_array or result.type.is_string


def hidden_arguments(
    argument: Argument, compiler: Compiler, *, pass_lengths: bool
) -> list[Actual]:
    """Return the hidden arguments for one dummy: a length, a flag for its presence, or none."""
    flags: list[Actual] = []
    if argument.by_value and argument.absent_as_null:
        flags.append(PresenceFlag(argument.name))
    if not pass_lengths:
        return flags
    if argument.callback is not None:
        return length_of_result(argument.callback, compiler)
    return [*flags, *hidden_length(argument, compiler)]


def length_of_result(callback: Callback, compiler: Compiler) -> list[Actual]:
    """Return the hidden length of the characters that a dummy procedure returns."""
    result = callback.result
    if result is None or result.type.kind is not Kind.CHARACTER:
        return []
    length = result.type.length if result.type.is_string else Integer(1)
    known = length if isinstance(length, Integer) else UNKNOWN_LENGTH
    size = compiler.length_size
    return [ValueArgument(known, DataType(Kind.INTEGER, size, constant="c_size_t"))]


def hidden_length(argument: Argument, compiler: Compiler) -> list[Actual]:
    """Return the hidden length of characters; none for other types and where a descriptor holds it."""
    if argument.type.kind is not Kind.CHARACTER:
        return []
    if compiler.described_lengths and argument.form is not Form.ADDRESS:
        return []
    if argument.type.deferred:
        return [LengthPlace(argument.name)]
    return [LengthOf(argument.name)]


def pass_object(argument: Argument, compiler: Compiler) -> Actual:
    """Return what goes to Fortran for an object of derived type."""
    if not argument.by_value:
        return ObjectAddress(argument.name)
    by_reference = compiler.types.values == "reference"
    return ObjectValue(argument.name, by_reference and not argument.interoperable)


def pass_argument(argument: Argument, compiler: Compiler) -> Actual:
    """Return what goes to Fortran for a dummy argument: a C function, a descriptor, an address or a value."""
    if argument.callback is not None:
        return CallbackAddress(argument.name)
    if argument.form is not Form.ADDRESS:
        return DescriptorOf(argument.name)
    if argument.type.polymorphic:
        return ClassOf(argument.name)
    if argument.type.kind is Kind.DERIVED and not argument.is_array:
        return pass_object(argument, compiler)
    if argument.is_array or argument.type.is_string:
        return ArrayAddress(argument.name)
    if argument.by_value:
        return ValueArgument(Name(argument.name), argument.type)
    return ScalarReference(argument.name)

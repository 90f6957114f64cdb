"""The call of the procedure, with what it passes for each argument."""

from __future__ import annotations

from dataclasses import replace

from f2pypy import model, plan
from f2pypy.expressions.nodes import (
    Conditional,
    Expression,
    Integer,
    Kind,
    Name,
)
from f2pypy.lower.any_type import is_of_any_type, pass_any, takes_any_rank
from f2pypy.lower.bindings import add_binding, result_annotation, take_record
from f2pypy.lower.callbacks import serve_by_name
from f2pypy.lower.ctypes_map import mapping_of
from f2pypy.lower.deferred_objects import is_deferred_record, pass_holder
from f2pypy.lower.docstring import results
from f2pypy.lower.names import DEFERRED_USES, describer_name
from f2pypy.lower.objects_of_types import (
    is_lone_record,
    is_record,
    pass_object,
)
from f2pypy.lower.passed_scalars import PassedScalars, passed_scalars, place_scalars
from f2pypy.lower.unsupported import Unsupported
from f2pypy.lower.wrapper import Wrapper
from f2pypy.resolve.calls.flow import inner_actions, names_read


def plan_call(
    wrapper: Wrapper, call: model.CallRoutine, rest: tuple[model.Action, ...]
) -> list[plan.Step]:
    """Return the call, and what puts its scalars where Fortran finds them and takes them from there."""
    scalars = passed_scalars(wrapper, call)
    arguments = tuple(plan_actual(scalars, a) for a in call.arguments)
    needed = changed_and_needed(wrapper, rest)
    places, taken = place_scalars(scalars, call, needed)
    outputs = tuple(a for a in scalars.variables if a.partition(".")[0] in needed)
    actions = wrapper.procedure.actions
    is_only = sum(map(count_calls, actions)) == 1
    variable = add_binding(wrapper, call, outputs, arguments, is_only)
    alone = call in actions and is_only
    invoke = plan.Invoke(
        variable,
        arguments,
        tuple(scalars.variables[o] for o in outputs),
        None if call.result is None else wrapper.names.add(call.result),
        result_annotation(wrapper, call.result) if call.result and alone else "",
    )
    invoke = serve_by_name(wrapper, invoke)
    invoke, objects = take_record(wrapper, call, invoke)
    if invoke.annotation and invoke.outputs:
        # one of several targets can't have its type beside it
        assert invoke.result is not None
        places.append(plan.Declare(invoke.result, invoke.annotation))
        invoke = replace(invoke, annotation="")
    return [*places, invoke, *scalars.join_parts(outputs), *taken, *objects]


def count_calls(action: model.Action) -> int:
    """Return how many calls of the routine stand in an action."""
    return sum(isinstance(a, model.CallRoutine) for a in inner_actions(action))


def length_form(wrapper: Wrapper, name: str) -> plan.LengthOf:
    """Return where the hidden length of a character argument comes from."""
    argument = wrapper.procedure.argument(name)
    if argument.is_array:
        return plan.LengthOf.ELEMENT
    if wrapper.text_memory(argument) is plan.TextMemory.MEMORY:
        return plan.LengthOf.MEMORY
    is_string = argument.type.is_string
    return plan.LengthOf.STRING if is_string else plan.LengthOf.CHARACTER


def changed_and_needed(wrapper: Wrapper, rest: tuple[model.Action, ...]) -> set[str]:
    """Return the scalars whose values after the call matter."""
    needed = {a.name for a in results(wrapper.procedure)} | set(wrapper.kept)
    for action in rest:
        needed |= names_read(action)
    return needed


def plan_actual(scalars: PassedScalars, actual: model.Actual) -> plan.CallArgument:
    """Return how one actual argument is printed."""
    wrapper = scalars.wrapper
    passed = plan_present(scalars, actual)
    argument = wrapper.procedure.argument
    match actual:
        case (
            model.ScalarReference(name)
            | model.ArrayAddress(name)
            | model.DescriptorOf(name)
            | model.LengthOf(name)
            | model.ClassOf(name)
        ) if name in wrapper.left_out and not is_lone_record(argument(name)):
            return plan.PassNull(wrapper.absences[name], passed)
        case _:
            return passed


def plan_present(scalars: PassedScalars, actual: model.Actual) -> plan.CallArgument:
    """Return how an actual argument that is there is printed."""
    wrapper = scalars.wrapper
    match actual:
        case model.ScalarReference(name):
            return scalars.variable(name)
        case model.Temporary(value, type_):
            return scalars.value(value, replace(type_, length=None))
        case model.ArrayAddress(name, offset):
            return plan_address(wrapper, name, offset)
        case model.DescriptorOf(name):
            return pass_descriptor(wrapper, wrapper.procedure.argument(name))
        case model.ValueArgument():
            return plan_value(wrapper, actual)
        case model.LengthOf(name):
            return plan_length(wrapper, name)
        case model.LengthPlace(name):
            return plan.PassLength(wrapper.holders[name], plan.LengthOf.PLACE)
        case model.PresenceFlag(name):
            absent = Name(wrapper.absences[name])
            flag = Conditional(absent, Integer(0), Integer(1))
            return plan.PassValue(flag, "INT8")
        case model.CallbackAddress(name):
            return plan.PassPointer(wrapper.callback_pointer(name))
        case model.PartReference(name, part):
            return scalars.part(name, part)
        case model.ObjectAddress() | model.ObjectValue() | model.ClassOf():
            return pass_object(wrapper, actual)
        case model.TextAddress() | model.NullAddress():
            return plan_literal(wrapper, actual)
        case model.ChosenAddress(test, then, otherwise):
            return plan.PassChosen(
                wrapper.named(test),
                plan_chosen(scalars, then),
                plan_chosen(scalars, otherwise),
            )


def plan_chosen(scalars: PassedScalars, actual: model.Actual) -> plan.CallArgument:
    """Return how one of two addresses is printed: a character that has no variable is a text."""
    if isinstance(actual, model.Temporary):
        return plan.PassText(scalars.wrapper.named(actual.value))
    return plan_actual(scalars, actual)


def plan_literal(
    wrapper: Wrapper, actual: model.TextAddress | model.NullAddress
) -> plan.CallArgument:
    """Return a string literal, or NULL."""
    if isinstance(actual, model.NullAddress):
        return plan.PassNothing()
    return plan.PassText(wrapper.named(actual.value))


def plan_address(
    wrapper: Wrapper, name: str, offset: Expression | None
) -> plan.CallArgument:
    """Return the address of an array, or of a string in whatever memory it has."""
    argument = wrapper.procedure.argument(name)
    if is_of_any_type(argument):
        return pass_any(wrapper, argument)
    if is_record(argument):
        return plan.PassRecord(wrapper.names.add(name))
    if wrapper.text_memory(argument) is not plan.TextMemory.ARRAY:
        return plan.PassString(wrapper.names.add(name))
    shift = None if offset is None else wrapper.named(offset)
    return plan.Address(wrapper.names.add(name), shift)


def pass_descriptor(
    wrapper: Wrapper, argument: model.Argument
) -> (
    plan.PassDescriptor
    | plan.PassRecordArray
    | plan.PassClass
    | plan.PassRecordHolder
    | plan.PassAny
):
    """Return how the descriptor of an argument is printed: its holder's, or one made for the call."""
    if is_of_any_type(argument):
        return pass_any(wrapper, argument)
    if is_deferred_record(argument):
        return pass_holder(wrapper, argument)
    if is_record(argument) and takes_any_rank(argument):
        return pass_any(wrapper, argument)
    if is_record(argument):
        name = wrapper.names.add(argument.name)
        if argument.type.polymorphic:
            return plan.PassClass(name, is_array=True)
        return plan.PassRecordArray(name, argument.interoperable)
    maker = "c_descriptor" if argument.interoperable else "descriptor"
    if argument.form is model.Form.ASSUMED_LENGTH and not argument.is_array:
        maker = "text_descriptor"
    holder = wrapper.holders.get(argument.name, "")
    return plan.PassDescriptor(
        wrapper.names.add(argument.name),
        holder,
        maker,
        "" if holder else describer_of(wrapper, argument),
        len(argument.bounds or ()) if argument.form in DEFERRED_USES else 0,
        argument.type.kind is Kind.LOGICAL,
        argument.interoperable,
    )


def describer_of(wrapper: Wrapper, argument: model.Argument) -> str:
    """Return the constant that describes arrays of the argument's type, "" where they differ in their types."""
    is_text = argument.type.kind is Kind.CHARACTER
    use = DEFERRED_USES.get(argument.form, "")
    if argument.intent & model.Intent.CACHE or (
        is_text and (use or not argument.is_array)
    ):
        return ""
    dtype = "" if is_text else wrapper.mapping(argument).dtype
    logical = argument.type.kind is Kind.LOGICAL
    describer = plan.Describer(
        describer_name(dtype, logical, argument.interoperable, use),
        dtype,
        logical,
        argument.interoperable,
        use,
    )
    if describer not in wrapper.describers:
        wrapper.describers.append(describer)
    return describer.variable


def plan_length(wrapper: Wrapper, name: str) -> plan.PassLength:
    """Return the hidden length of a character argument."""
    if name in wrapper.holders:
        return plan.PassLength(wrapper.holders[name], plan.LengthOf.HOLDER)
    return plan.PassLength(wrapper.names.add(name), length_form(wrapper, name))


def plan_value(wrapper: Wrapper, actual: model.ValueArgument) -> plan.PassValue:
    """Return an argument with VALUE; Unsupported for a type that has no C type."""
    type_ = actual.type
    mapping = mapping_of(type_)
    if mapping is None:
        raise Unsupported(
            f"a value of {type_.size} bytes, {type_.kind.value}, can't be passed"
        )
    whole = type_.kind is Kind.COMPLEX or mapping.in_array
    return plan.PassValue(wrapper.named(actual.value), mapping.code, whole)

"""Callbacks of a wrapper: the constant that describes each, and the steps around the call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from struct import calcsize

from f2pypy import plan
from f2pypy.expressions.nodes import Integer, Kind
from f2pypy.lower.callback_objects import (
    array_extents,
    is_object,
    plan_object,
    plan_object_result,
)
from f2pypy.lower.ctypes_map import mapping_of, missing_type
from f2pypy.lower.names import Names
from f2pypy.lower.prototypes import prototype_of_callback
from f2pypy.lower.unsupported import Unsupported
from f2pypy.lower.wrapper import Wrapper
from f2pypy.model import Argument, Callback, Form, Intent, Presence, TypeName
from f2pypy.plan import Passed


def convert_callback(wrapper: Wrapper, argument: Argument) -> None:
    """Add the C function that calls the caller's Python function."""
    assert argument.callback is not None
    signature = plan_signature(
        argument.callback, wrapper.names.globals, wrapper.records
    )
    if signature not in wrapper.callbacks:
        wrapper.callbacks.append(signature)
    name = wrapper.names.add(argument.name)
    extra = wrapper.names.add(f"{argument.name}_extra_args")
    if argument.intent & Intent.CALLBACK:
        exported = export_callback(wrapper, argument.callback.name, signature)
        if argument.presence is Presence.HIDDEN:
            wrapper.steps.append(
                plan.CallbackAttribute(
                    name, exported, extra, f"{argument.name}_extra_args"
                )
            )
    before = [s for s in wrapper.steps if isinstance(s, plan.CallbackInput)]
    wrapper.steps.append(
        plan.CallbackInput(
            name,
            signature.variable,
            extra,
            wrapper.names.fresh(f"{argument.name}_callback"),
            argument.name,
            before[-1].bound if before else None,
            argument.absent_as_null,
            *keepers_of(wrapper),
        )
    )


def keepers_of(wrapper: Wrapper) -> tuple[tuple[str, ...] | None, str, bool]:
    """Return the arguments and the result in which Fortran may keep a callback, and whether in what they lead to."""
    procedure = wrapper.procedure
    found: dict[str, plan.RecordClass] = {}
    for argument in wrapper.all_arguments():
        name = argument.type.derived
        record = wrapper.records.get(name) if name is not None else None
        lone = argument.bounds is None and not argument.by_value
        if record is not None and record.procedures and lone:
            found[argument.name] = record
    if not found:
        return None, "", False
    result = procedure.result.name if procedure.result is not None else ""
    names = tuple(wrapper.names.add(name) for name in found if name != result)
    deep = any(
        plan.Holding.BEHIND_POINTERS in each.procedures for each in found.values()
    )
    return names, wrapper.names.add(result) if result in found else "", deep


def keep_last(steps: Sequence[plan.Step]) -> list[plan.Step]:
    """Return the steps before a call with callbacks that objects may keep after the objects."""

    def is_kept(step: plan.Step) -> bool:
        return isinstance(step, plan.CallbackInput) and step.keepers is not None

    return sorted(steps, key=is_kept)


def check_extra_arguments(
    wrapper: Wrapper, parameters: Sequence[plan.Parameter]
) -> None:
    """Add the refusal of extra arguments that are no tuple."""
    for position, parameter in enumerate(parameters, 1):
        if parameter.empty:
            what = f"{wrapper.routine}() argument {position}"
            wrapper.steps.append(plan.ExtraArguments(parameter.name, what))


def export_callback(
    wrapper: Wrapper, name: str, signature: plan.CallbackSignature
) -> str:
    """Add the object that stands for a procedure that Fortran calls by name; return its variable."""
    exported = export_of(name, signature)
    wrapper.exports.append(exported)
    return exported.variable


def export_of(name: str, signature: plan.CallbackSignature) -> plan.ExportedCallback:
    """Return the object that stands for a procedure that Fortran calls by name."""
    return plan.ExportedCallback(exported_variable(name), name, signature.variable)


def exported_variable(name: str) -> str:
    """Return the module's name for the callback that Fortran calls as `name`."""
    return f"_{name}_by_name"


def serve_by_name(wrapper: Wrapper, invoke: plan.Invoke) -> plan.Invoke:
    """Return the call with the callbacks that Fortran calls by name, and one that raises what any of them raised."""
    made = [s for s in wrapper.steps if isinstance(s, plan.CallbackInput)]
    if not (made and wrapper.calls_by_name):
        return invoke
    pairs = tuple(
        (
            exported_variable(argument.callback.name),
            wrapper.callback_pointer(argument.name),
        )
        for argument in wrapper.procedure.arguments
        if argument.callback is not None and argument.intent & Intent.CALLBACK
    )
    return replace(invoke, serving=made[-1].bound, by_name=pairs)


def raise_exceptions(wrapper: Wrapper, last: bool) -> list[plan.Step]:
    """Return the steps that raise, after a call, what the callbacks raised during it."""
    return [
        plan.CallbackRaise(step.bound, last, step.returned)
        for step in wrapper.steps
        if isinstance(step, plan.CallbackInput)
    ]


def plan_signature(
    callback: Callback,
    module_globals: frozenset[str],
    records: Mapping[TypeName, plan.RecordClass],
) -> plan.CallbackSignature:
    """Return the constant that describes a callback; Unsupported for what a C function of Python's can't be.

    `records` are the classes of objects.
    """
    names = Names(module_globals)
    for argument in callback.arguments:
        names.add(argument.name)
    return plan.CallbackSignature(
        f"_{callback.name}_in_{callback.module}",
        f"cb_{callback.name}_in_{callback.module}",
        plan_result(callback, names, records),
        tuple(
            plan_object(callback, a, names, records)
            if is_object(a)
            else plan_argument(callback, a, names, records)
            for a in callback.arguments
        ),
        callback.lengths,
        converter_of(callback.result) if callback.result is not None else "",
        prototype_of_callback(callback),
    )


def plan_result(
    callback: Callback, names: Names, records: Mapping[TypeName, plan.RecordClass]
) -> str | plan.CallbackArgument | plan.CallbackComplex | None:
    """Return the type of the result, a string or an array as an argument."""
    result = callback.result
    if result is None:
        return None
    if result.type.kind is Kind.DERIVED:
        return plan_object_result(callback, result, names, records)
    if result.bounds is not None:
        if result.type.kind is Kind.CHARACTER:
            raise Unsupported(f"callback {callback.name!r} returns an array of strings")
        if result.form is Form.ADDRESS:
            return plan_array(callback, result, names, records)
        return plan_view(callback, result, result.name, ("OUT",))
    if result.type.kind is Kind.CHARACTER:
        return plan.CallbackArgument(result.name, Passed.STRING, "", ("OUT",))
    if result.type.kind is Kind.COMPLEX:
        return plan_complex_result(callback, result)
    return code_of(callback, result)


def plan_complex_result(callback: Callback, result: Argument) -> plan.CallbackComplex:
    """Return the complex number that a callback returns; Unsupported for one of long doubles."""
    code = code_of(callback, result)
    if result.type.size > 2 * calcsize("d"):
        raise Unsupported(
            f"callback {callback.name!r} returns a complex number of long doubles, which a Python function can't; "
            "a subroutine with an intent(out) argument can"
        )
    return plan.CallbackComplex(callback.name, code)


def plan_argument(
    callback: Callback,
    argument: Argument,
    names: Names,
    records: Mapping[TypeName, plan.RecordClass],
) -> plan.CallbackArgument:
    """Return one argument as the module's constant describes it."""
    name = names.add(argument.name)
    flags = intent_flags(argument)
    if argument.form is not Form.ADDRESS:
        return plan_view(callback, argument, name, flags)
    if argument.bounds is not None:
        return plan_array(callback, argument, names, records)
    if argument.type.is_string:
        length = None if callback.lengths else constant_length(callback, argument)
        return plan.CallbackArgument(name, Passed.STRING, "", flags, length)
    if argument.by_value and argument.intent & Intent.OUT:
        raise Unsupported(
            f"callback {callback.name!r}: {argument.name!r} is passed by value and can't return a value"
        )
    return plan.CallbackArgument(
        name,
        Passed.SCALAR,
        code_of(callback, argument),
        flags,
        by_value=argument.by_value,
        converter=converter_of(argument),
    )


def plan_view(
    callback: Callback, argument: Argument, name: str, flags: tuple[str, ...]
) -> plan.CallbackArgument:
    """Return an array that is passed by descriptor."""
    dtype, length = element_type(callback, argument)
    return plan.CallbackArgument(
        name,
        Passed.DESCRIPTOR,
        dtype,
        flags,
        length,
        rank=len(argument.bounds or ()),
        interoperable=argument.interoperable,
    )


def plan_array(
    callback: Callback,
    argument: Argument,
    names: Names,
    records: Mapping[TypeName, plan.RecordClass],
) -> plan.CallbackArgument:
    """Return an array with the scalars and strings that its extents need."""
    needs, extents = array_extents(callback, argument, names, records)
    flags = intent_flags(argument)
    if argument.intent & Intent.C:
        flags = (*flags, "C")
    dtype, length = element_type(callback, argument)
    return plan.CallbackArgument(
        names.add(argument.name),
        Passed.ARRAY,
        dtype,
        flags,
        length,
        needs=needs,
        extents=extents,
    )


def intent_flags(argument: Argument) -> tuple[str, ...]:
    """Return the runtime's names of what a callback does with an argument."""
    flags = []
    if argument.presence is not Presence.HIDDEN:
        flags.append("INOUT" if argument.intent & Intent.INOUT else "IN")
    if argument.intent & Intent.OUT:
        flags.append("OUT")
    if argument.presence is Presence.OPTIONAL:
        flags.append("OPTIONAL")
    return tuple(flags) or ("HIDE",)


def element_type(callback: Callback, argument: Argument) -> tuple[str, int | None]:
    """Return the runtime's name of an array's element type, and the length of characters."""
    if argument.type.kind is Kind.CHARACTER:
        return "bytes_type", constant_length(callback, argument)
    mapping = mapping_of(argument.type)
    if mapping is None:
        raise Unsupported(unknown_type(callback, argument))
    return mapping.dtype, None


def constant_length(callback: Callback, argument: Argument) -> int:
    """Return the length of a string that no hidden argument tells; 0 for an assumed one."""
    match argument.type.length:
        case Integer(value):
            return value
        case None if argument.type.is_string:
            return 0
        case None:
            return 1
        case _:
            raise Unsupported(
                f"callback {callback.name!r}: the length of {argument.name!r} isn't constant"
            )


def code_of(callback: Callback, argument: Argument) -> str:
    """Return the runtime's code of a scalar type."""
    mapping = mapping_of(argument.type)
    if mapping is None:
        raise Unsupported(unknown_type(callback, argument))
    return mapping.code


def converter_of(argument: Argument) -> str:
    """Return the function that makes a number of an answer, where the runtime's callbacks don't know it."""
    mapping = mapping_of(argument.type)
    return mapping.converter if mapping is not None and mapping.in_array else ""


def unknown_type(callback: Callback, argument: Argument) -> str:
    """Return why an argument's type doesn't serve."""
    return (
        f"callback {callback.name!r}: {missing_type(argument.type)} ({argument.name!r})"
    )

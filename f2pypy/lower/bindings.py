"""The module-level objects that wrappers call, and what a function's value is to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from f2pypy import model, plan
from f2pypy.expressions.identifiers import free_name
from f2pypy.lower.deferred_objects import (
    CLASS_RESULT,
    is_deferred_record,
    take_deferred,
)
from f2pypy.lower.objects_of_types import is_record, record_of, refuse_structure
from f2pypy.lower.prototypes import prototype_of_call
from f2pypy.lower.wrapper import Wrapper


def add_binding(
    wrapper: Wrapper,
    call: model.CallRoutine,
    outputs: tuple[str, ...],
    arguments: tuple[plan.CallArgument, ...],
    alone: bool,
) -> str:
    """Add the module-level object of this call, `alone` if there is no other, and return its name."""
    result, record_result = None, ""
    if call.result is not None:
        returned = wrapper.procedure.argument(call.result)
        if is_record(returned) and not is_deferred_record(returned):
            record = record_of(wrapper, returned)
            refuse_structure(record, returned, wrapper)
            record_result = record.identifier
        else:
            result = result_code(wrapper, call.result)
    # types of ctypes say nothing of structures
    is_structure = bool(record_result) or result == CLASS_RESULT
    told = not (
        is_structure or any(isinstance(a, model.ObjectValue) for a in call.arguments)
    )
    name = "_" + wrapper.function
    if wrapper.bindings:
        name += f"_{len(wrapper.bindings) + 1}"
    name = free_name(name, wrapper.names.globals)
    wrapper.bindings.append(
        plan.Binding(
            name,
            wrapper.procedure.symbol,
            result,
            kinds_of(arguments),
            tuple(map([scalar_of(a) for a in arguments].index, outputs)),
            places_left_out(arguments),
            wrapper.procedure.threadsafe,
            wrapper.procedure.exact_symbol,
            wrapper.procedure.fortran_module,
            tuple(
                (position, argument.code)
                for position, argument in enumerate(arguments)
                if isinstance(argument, plan.PassValue)
            ),
            record_result,
            tuple(
                (position, argument.record)
                for position, argument in enumerate(arguments)
                if isinstance(argument, plan.PassRecordValue) and not argument.reference
            ),
            prototype_of_call(wrapper.procedure, call) if alone and told else None,
        )
    )
    return name


def kinds_of(arguments: Sequence[plan.CallArgument]) -> tuple[str | int, ...]:
    """Return what becomes of each argument; for a scalar that has been passed before, where that was."""
    places: dict[str, int] = {}
    kinds: list[str | int] = []
    for at, passed in enumerate(arguments):
        scalar = scalar_of(passed)
        first = places.setdefault(scalar, at) if scalar else at
        kinds.append(kind_of(passed) if first == at else first)
    return tuple(kinds)


def places_left_out(arguments: Sequence[plan.CallArgument]) -> tuple[int, ...]:
    """Return the places of the numbers and arrays that may be None."""
    return tuple(
        at
        for at, passed in enumerate(arguments)
        if isinstance(passed, plan.PassNull) and kind_of(passed) != "PASSED"
    )


def kind_of(passed: plan.CallArgument) -> str:
    """Return the runtime's name of what becomes of an argument, a scalar's type among them."""
    match passed:
        case plan.PassNull(_, actual):
            return kind_of(actual)
        case plan.PassScalar(_, code):
            return code
        case plan.Address(_, None):
            return "ARRAY"
        case _:
            return "PASSED"


def scalar_of(passed: plan.CallArgument) -> str:
    """Return the name of the scalar that is passed by reference, "" for anything else."""
    actual = passed.actual if isinstance(passed, plan.PassNull) else passed
    return actual.name if isinstance(actual, plan.PassScalar) else ""


def result_code(wrapper: Wrapper, name: str) -> str:
    """Return the runtime's name of a result's type; the scalar of an allocatable or pointer comes as its address."""
    returned = wrapper.procedure.argument(name)
    if name not in wrapper.holders:
        return wrapper.mapping(returned).code
    return CLASS_RESULT if returned.type.polymorphic else "LONG"


def take_record(
    wrapper: Wrapper, call: model.CallRoutine, invoke: plan.Invoke
) -> tuple[plan.Invoke, list[plan.Step]]:
    """Return the call, and what makes objects of what it has returned and left."""
    procedure = wrapper.procedure
    returned = None if call.result is None else procedure.argument(call.result)
    if returned is None or not is_record(returned):
        return invoke, take_deferred(wrapper, call, "")
    name = wrapper.names.add(returned.name)
    value = wrapper.names.fresh(f"{name}_value")
    invoke = replace(invoke, result=value)
    taken = take_deferred(wrapper, call, value)
    if is_deferred_record(returned):
        return invoke, taken
    made = plan.RecordTake(name, record_of(wrapper, returned).identifier, value)
    return invoke, [made, *taken]


def result_annotation(wrapper: Wrapper, name: str) -> str:
    """Return the Python type of the function's value: an address where it is allocatable or a pointer."""
    if is_record(wrapper.procedure.argument(name)):
        return "Any"
    if name in wrapper.holders:
        return "int"
    return wrapper.mapping(wrapper.procedure.argument(name)).annotation

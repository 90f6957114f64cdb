"""Allocatable and pointer arguments and results of derived type: what holds them, and what Fortran leaves there."""

from __future__ import annotations

from f2pypy import model, plan
from f2pypy.expressions.nodes import Kind
from f2pypy.lower.wrapper import Wrapper
from f2pypy.model import Argument, Form, Intent, Presence

DEFERRED = (Form.ALLOCATABLE, Form.POINTER)
# The runtime's type of what functions of CLASS return in registers.
CLASS_RESULT = "CLASS_RESULT"


def is_deferred_record(argument: Argument) -> bool:
    """Whether an argument is an allocatable or pointer of derived type."""
    is_record = argument.callback is None and argument.type.kind is Kind.DERIVED
    return is_record and argument.form in DEFERRED


def convert_deferred_record(
    wrapper: Wrapper, argument: Argument, record: plan.RecordClass | None
) -> None:
    """Add what holds an allocatable or pointer, with what the caller gives; without a class it is of any type."""
    name = wrapper.names.add(argument.name)
    holder = wrapper.names.fresh(f"{argument.name}_holder")
    wrapper.holders[argument.name] = holder
    given = argument.presence is not Presence.HIDDEN
    what = wrapper.label(argument)
    wrapper.steps.append(
        plan.RecordDeferred(
            name,
            holder,
            record.identifier if record is not None else "",
            len(argument.bounds or ()),
            argument.form is Form.POINTER,
            argument.type.polymorphic,
            what if given else "",
            argument.interoperable,
        )
    )


def pass_holder(wrapper: Wrapper, argument: Argument) -> plan.PassRecordHolder:
    """Return what goes to Fortran for an allocatable or pointer."""
    is_given = argument.presence is not Presence.HIDDEN
    is_lent = argument.form is Form.ALLOCATABLE and may_change(argument)
    return plan.PassRecordHolder(wrapper.holders[argument.name], is_given and is_lent)


def may_change(argument: Argument) -> bool:
    """Whether Fortran may allocate, deallocate or point elsewhere: whatever doesn't say that it only goes in."""
    return not argument.states_direction or bool(
        argument.intent & (Intent.OUT | Intent.INOUT)
    )


def take_deferred(
    wrapper: Wrapper, call: model.CallRoutine, value: str
) -> list[plan.Step]:
    """Return what takes, after a call, what it has left of allocatables and pointers; `value` is what it returned.

    This comes before exceptions of callbacks are raised: callers have their objects again.
    """
    steps: list[plan.Step] = []
    for argument in wrapper.all_arguments():
        given = argument.presence is not Presence.HIDDEN
        is_shown = given and not may_change(argument)
        if not is_deferred_record(argument) or (is_shown and not argument.is_array):
            continue
        name = wrapper.names.add(argument.name)
        steps.append(
            plan.RecordLeft(
                name,
                wrapper.holders[argument.name],
                value if call.result == argument.name else "",
                "" if given else deferred_annotation(wrapper, argument),
            )
        )
    return steps


def deferred_annotation(wrapper: Wrapper, argument: Argument) -> str:
    """Return the type of what is left: None stands for nothing."""
    name = argument.type.derived
    if name is None:
        return "Any"
    record = wrapper.records[name].identifier
    return f"{f'Records[{record}]' if argument.is_array else record} | None"

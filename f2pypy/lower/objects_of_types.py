"""Arguments and results of derived type: which object Fortran gets, and which the caller."""

from __future__ import annotations

from f2pypy import model, plan
from f2pypy.expressions.nodes import Integer, Kind
from f2pypy.lower.any_type import (
    convert_objects_of_any_rank,
    is_of_any_type,
    pass_any,
    takes_any_rank,
)
from f2pypy.lower.deferred_objects import (
    convert_deferred_record,
    is_deferred_record,
)
from f2pypy.lower.unsupported import Unsupported
from f2pypy.lower.wrapper import Wrapper
from f2pypy.model import Argument, Form, Presence

# How objects and arrays of them may be passed.
FORMS = (Form.ADDRESS, Form.ALLOCATABLE, Form.POINTER)
ARRAY_FORMS = (*FORMS, Form.ASSUMED_SHAPE, Form.ASSUMED_RANK)


def is_record(argument: Argument) -> bool:
    """Whether an argument is of derived type."""
    return argument.callback is None and argument.type.kind is Kind.DERIVED


def is_lone_record(argument: Argument) -> bool:
    """Whether an argument is one object: its conversion leaves None as it is."""
    is_plain = not (argument.is_array or is_deferred_record(argument))
    return is_record(argument) and is_plain


def record_of(wrapper: Wrapper, argument: Argument) -> plan.RecordClass:
    """Return the class for an argument's type; Unsupported where there is none, or where it can't be passed."""
    name = argument.type.derived
    record = None if name is None else wrapper.records.get(name)
    what = "*" if name is None else name.name
    if argument.type.unlimited or argument.type.assumed:
        spelled = (
            "polymorphic: class(*)"
            if argument.type.unlimited
            else "of assumed type: type(*)"
        )
        raise Unsupported(f"{argument.name!r} is {spelled}", argument.span)
    if record is None:
        reason = f"{argument.name!r} is of derived type {what!r}, which is left out"
        raise Unsupported(reason, argument.span)
    forms = ARRAY_FORMS if argument.is_array else FORMS
    if argument.form not in forms:
        reason = f"{argument.name!r} is {argument.form.value}, of derived type {what!r}"
        raise Unsupported(reason, argument.span)
    return record


def convert_record(wrapper: Wrapper, argument: Argument) -> None:
    """Add the step that gives an argument its object: the caller's, or a new one."""
    if is_deferred_record(argument) and argument.type.unlimited:
        convert_deferred_record(wrapper, argument, None)
        return
    record = record_of(wrapper, argument)
    if is_deferred_record(argument):
        convert_deferred_record(wrapper, argument, record)
        return
    if takes_any_rank(argument):
        convert_objects_of_any_rank(wrapper, argument, record)
        return
    name = wrapper.names.add(argument.name)
    if argument.is_array:
        convert_record_array(wrapper, argument, record)
        return
    if argument.presence is Presence.HIDDEN:
        refuse_abstract(record, argument)
        wrapper.steps.append(plan.RecordHidden(name, record.identifier))
        return
    if argument.by_value and argument.absent_as_null:
        reason = f"{argument.name!r} of derived type is passed by value, and optional"
        raise Unsupported(reason, argument.span)
    what = wrapper.label(argument)
    optional = argument.presence is Presence.OPTIONAL
    if optional and not argument.absent_as_null:
        reason = f"{argument.name!r} of derived type is optional without a default"
        raise Unsupported(reason, argument.span)
    wrapper.steps.append(plan.RecordInput(name, record.identifier, what, optional))


def refuse_abstract(record: plan.RecordClass, argument: Argument) -> None:
    """Raise Unsupported for new objects of an abstract type."""
    if record.abstract:
        reason = f"{argument.name!r} is of abstract type {record.name!r}, which has no objects of its own"
        raise Unsupported(reason, argument.span)


def convert_record_array(
    wrapper: Wrapper, argument: Argument, record: plan.RecordClass
) -> None:
    """Add the step that gives an array of objects its value."""
    name = wrapper.names.add(argument.name)
    extents = wrapper.extents(argument)
    if argument.presence is Presence.HIDDEN:
        refuse_abstract(record, argument)
        known = tuple(Integer(-1) if e is None else e for e in extents)
        wrapper.steps.append(plan.RecordArrayHidden(name, record.identifier, known))
        return
    what = wrapper.label(argument)
    optional = argument.presence is Presence.OPTIONAL
    strided = argument.form is Form.ASSUMED_SHAPE and not argument.contiguous
    polymorphic = argument.type.polymorphic
    wrapper.steps.append(
        plan.RecordArrayInput(
            name, record.identifier, extents, what, strided, optional, polymorphic
        )
    )


def give_back_record(wrapper: Wrapper, argument: Argument) -> None:
    """Add the step that copies changed elements back to the caller's objects."""
    given = argument.presence is not Presence.HIDDEN
    if argument.is_array and given and not argument.read_only:
        name = wrapper.names.add(argument.name)
        any_rank = takes_any_rank(argument)
        step = plan.AnyAfter(name) if any_rank else plan.RecordArrayAfter(name)
        wrapper.steps.append(step)


def pass_object(
    wrapper: Wrapper,
    actual: model.ObjectAddress | model.ObjectValue | model.ClassOf,
) -> plan.CallArgument:
    """Return how an object is passed: its address, NULL for one that is left out, or the object itself."""
    name = wrapper.names.add(actual.name)
    optional = actual.name in wrapper.left_out
    argument = wrapper.procedure.argument(actual.name)
    if is_of_any_type(argument) or takes_any_rank(argument):
        return pass_any(wrapper, argument)
    if isinstance(actual, model.ClassOf) and argument.is_array:
        return plan.PassClass(name, is_array=True)
    if isinstance(actual, model.ObjectAddress):
        return plan.PassRecord(name, optional)
    if isinstance(actual, model.ClassOf):
        return plan.PassClass(name, optional)
    record = record_of(wrapper, argument)
    if not actual.reference:
        refuse_structure(record, argument, wrapper)
    return plan.PassRecordValue(name, record.identifier, actual.reference)


def refuse_structure(
    record: plan.RecordClass, argument: Argument, wrapper: Wrapper
) -> None:
    """Raise Unsupported for an object that libffi can't pass or return as C does."""
    if not record.fields:
        reason = f"{argument.name!r} of type {record.name!r} is passed by value and has parts that C's calls don't know"
        raise Unsupported(reason, argument.span)
    wrapper.structures.add(record.identifier)

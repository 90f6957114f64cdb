"""Arguments of any type: CLASS(*) and TYPE(*)."""

from __future__ import annotations

from f2pypy import plan
from f2pypy.lower.unsupported import Unsupported
from f2pypy.lower.wrapper import Wrapper
from f2pypy.model import Argument, Form, Intent, Presence

FORMS = {
    Form.ADDRESS: plan.AnyForm.ADDRESS,
    Form.ASSUMED_SHAPE: plan.AnyForm.DESCRIPTOR,
    Form.ASSUMED_RANK: plan.AnyForm.DESCRIPTOR,
}


def is_of_any_type(argument: Argument) -> bool:
    """Whether an argument is CLASS(*) or TYPE(*), and no allocatable or pointer."""
    is_deferred = argument.form in (Form.ALLOCATABLE, Form.POINTER)
    is_of_any = argument.type.unlimited or argument.type.assumed
    return argument.callback is None and is_of_any and not is_deferred


def convert_any(wrapper: Wrapper, argument: Argument) -> None:
    """Add the step that makes an argument of any type of what the caller gives."""
    spelled = "class(*)" if argument.type.unlimited else "type(*)"
    if argument.form not in FORMS:
        reason = f"{argument.name!r} is {argument.form.value}, of {spelled}"
        raise Unsupported(reason, argument.span)
    if argument.presence is Presence.HIDDEN:
        reason = f"{argument.name!r} is hidden, of {spelled}: nothing says of which type it is"
        raise Unsupported(reason, argument.span)
    wrapper.steps.append(
        plan.AnyInput(
            wrapper.names.add(argument.name),
            None if takes_any_rank(argument) else wrapper.extents(argument),
            wrapper.label(argument),
            strided=argument.form is not Form.ADDRESS and not argument.contiguous,
            written=bool(argument.intent & Intent.INOUT),
            typed=argument.type.unlimited,
            optional=argument.presence is Presence.OPTIONAL,
        )
    )


def convert_objects_of_any_rank(
    wrapper: Wrapper, argument: Argument, record: plan.RecordClass
) -> None:
    """Add the step that makes an object, or an array of them, of what the caller gives for one of assumed rank."""
    if argument.presence is Presence.HIDDEN:
        reason = f"{argument.name!r} is hidden, of assumed rank: nothing says which"
        raise Unsupported(reason, argument.span)
    wrapper.steps.append(
        plan.AnyInput(
            wrapper.names.add(argument.name),
            None,
            wrapper.label(argument),
            strided=True,
            written=bool(argument.intent & Intent.INOUT),
            typed=True,
            optional=argument.presence is Presence.OPTIONAL,
            record=record.identifier,
            polymorphic=argument.type.polymorphic,
        )
    )


def takes_any_rank(argument: Argument) -> bool:
    """Whether arrays of every rank may be given: for assumed rank, and for TYPE(*) of assumed size."""
    is_sized = argument.is_array and argument.form is Form.ADDRESS
    return argument.form is Form.ASSUMED_RANK or (argument.type.assumed and is_sized)


def pass_any(wrapper: Wrapper, argument: Argument) -> plan.PassAny:
    """Return how a value of any type is passed: by its address, by a descriptor, or with its type."""
    form = FORMS[argument.form]
    if argument.type.unlimited or argument.type.polymorphic:
        any_rank = argument.form is Form.ASSUMED_RANK
        form = plan.AnyForm.DESCRIBED_CLASS if any_rank else plan.AnyForm.CLASS
    elif argument.interoperable and form is plan.AnyForm.DESCRIPTOR:
        form = plan.AnyForm.STANDARD_DESCRIPTOR
    optional = argument.presence is Presence.OPTIONAL and not argument.is_array
    return plan.PassAny(wrapper.names.add(argument.name), form, optional)


def give_back_any(wrapper: Wrapper, argument: Argument) -> None:
    """Add the step that copies changed elements back to the caller's array or objects."""
    if not argument.read_only:
        name = wrapper.names.add(argument.name)
        wrapper.steps.append(plan.AnyAfter(name))

"""How steps with objects of derived type look as Python."""

from __future__ import annotations

from f2pypy import plan
from f2pypy.printing.spelling import annotation, call, extents, identifier, quote
from f2pypy.printing.steps import where, without_elements


def strange_record(step: plan.RecordInput) -> str:
    """Return the condition that a caller's object isn't just of the class wanted."""
    name, record = identifier(step.name), identifier(step.record)
    given = f"{name} is not None and " if step.optional else ""
    return f"{given}type({name}) is not {record}"


def checked_record(step: plan.RecordInput) -> str:
    """Return the statement that refuses what is no object of the class, nor of one that extends it."""
    name = identifier(step.name)
    return f"{name} = {identifier(step.record)}._given({name}, {quote(step.what)})"


def record_array(step: plan.RecordArrayInput, procedure: plan.Procedure) -> str:
    """Return the call that makes an array of objects of what the caller gave."""
    name, record = identifier(step.name), identifier(step.record)
    shape = extents(step.extents, procedure)
    text = call(
        "records_given",
        *(record, name, shape, quote(step.what)),
        strided=step.strided,
        polymorphic=step.polymorphic,
    )
    if not step.optional:
        return text
    nothing = call("new_records", record, without_elements(len(step.extents)))
    return f"{nothing} if {name} is None else {text}"


def any_value(step: plan.AnyInput, procedure: plan.Procedure) -> str:
    """Return the call that makes a value of any type of what the caller gave."""
    name = identifier(step.name)
    if step.record:
        record, what = identifier(step.record), quote(step.what)
        text = call("objects_given", record, name, what, polymorphic=step.polymorphic)
        nothing = call("new_records", record, without_elements(1))
        return f"{nothing} if {name} is None else {text}" if step.optional else text
    wanted = "None" if step.extents is None else extents(step.extents, procedure)
    text = call(
        "any_value",
        *("_library", name, wanted, quote(step.what)),
        strided=step.strided,
        written=step.written,
        typed=step.typed,
    )
    if not step.optional:
        return text
    rank = 1 if step.extents is None else len(step.extents)
    nothing = call("no_value", "_library", str(rank)) if rank else "None"
    return f"{nothing} if {name} is None else {text}"


def deferred_record(step: plan.RecordDeferred) -> str:
    """Return the call that makes what holds an allocatable or pointer."""
    of_any = not step.record
    return call(
        "DeferredAny" if of_any else "DeferredObject",
        "_library" if of_any else identifier(step.record),
        *([str(step.rank)] if step.rank else []),
        pointer=step.pointer,
        polymorphic=step.polymorphic and not of_any,
        interoperable=step.interoperable and not of_any,
    )


def held_record(step: plan.RecordDeferred) -> str:
    """Return the statement by which a holder takes what the caller gave, "" where nothing comes in."""
    if not step.what:
        return ""
    name = identifier(step.name)
    taken = call(f"{identifier(step.holder)}.hold", name, quote(step.what))
    return where(taken, f"{name} is not None")


def record_left(step: plan.RecordLeft) -> str:
    """Return the assignment of what a holder has after a call."""
    name, holder = identifier(step.name), identifier(step.holder)
    left = f"receive({identifier(step.value)})" if step.value else "left()"
    declared = f"{name}: {annotation(step.annotation)}" if step.annotation else name
    return f"{declared} = {holder}.{left}"


def new_record_array(step: plan.RecordArrayHidden, procedure: plan.Procedure) -> str:
    """Return the call that makes an array of new objects."""
    return call(
        "new_records", identifier(step.record), extents(step.extents, procedure)
    )

"""Objects of derived type, and values of any type, that Fortran passes to a callback."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from struct import calcsize

from f2pypy import plan
from f2pypy.expressions.nodes import Expression, Integer, Kind, Name, Subscript
from f2pypy.expressions.walk import used_names, walk
from f2pypy.lower.by_value import WORD_BYTES
from f2pypy.lower.deferred_objects import is_deferred_record
from f2pypy.lower.names import Names
from f2pypy.lower.object_parts import parts_in
from f2pypy.lower.unsupported import Unsupported
from f2pypy.lower.wrapper import rename
from f2pypy.model import Argument, Callback, Form, Intent, Presence, TypeName
from f2pypy.plan import Passed

Records = Mapping[TypeName, plan.RecordClass]
# Of arrays whose elements tell the extents of others.
ELEMENT_KINDS = frozenset({Kind.INTEGER, Kind.REAL, Kind.LOGICAL})


def is_object(argument: Argument) -> bool:
    """Whether an argument is an object of derived type or of any type, or an array of them."""
    type_ = argument.type
    return type_.kind is Kind.DERIVED or type_.unlimited or type_.assumed


def plan_object(
    callback: Callback, argument: Argument, names: Names, records: Records
) -> plan.CallbackArgument:
    """Return an object or an array of objects: whatever its intent, the Python function gets Fortran's own."""
    type_ = argument.type
    rank = len(argument.bounds or ())
    optional = ("OPTIONAL",) if argument.presence is Presence.OPTIONAL else ()
    if type_.unlimited and argument.form in (Form.ADDRESS, Form.ASSUMED_SHAPE):
        changed = argument.intent & (Intent.INOUT | Intent.OUT)
        flags = ("INOUT" if changed else "IN", *optional)
        name = names.add(argument.name)
        return plan.CallbackArgument(name, Passed.ANY, "", flags, rank=rank)
    record = records.get(type_.derived) if type_.derived is not None else None
    if is_deferred_record(argument):
        name = names.add(argument.name)
        flags = (*deferred_flags(argument), *optional)
        return plan_deferred(callback, argument, record, name, flags)
    if record is None or argument.by_value:
        raise Unsupported(refusal(callback, argument, record))
    is_view = argument.form is Form.ASSUMED_SHAPE or (rank and type_.polymorphic)
    passed = Passed.CLASS if type_.polymorphic else Passed.OBJECT
    planned = plan.CallbackArgument(
        names.add(argument.name), passed, record.identifier, ("IN", *optional)
    )
    if is_view:
        return replace(planned, rank=rank, interoperable=argument.interoperable)
    if argument.form is not Form.ADDRESS:
        raise Unsupported(refusal(callback, argument, record))
    if not rank:
        return planned
    needs, extents = array_extents(callback, argument, names, records)
    passed = Passed.OBJECT_ARRAY
    return replace(planned, passed=passed, needs=needs, extents=extents)


def plan_deferred(
    callback: Callback,
    argument: Argument,
    record: plan.RecordClass | None,
    name: str,
    flags: tuple[str, ...],
) -> plan.CallbackArgument:
    """Return an allocatable or pointer, which may hold another object or array after the call."""
    type_ = argument.type
    if record is None and not type_.unlimited:
        raise Unsupported(refusal(callback, argument, record))
    return plan.CallbackArgument(
        name,
        Passed.DEFERRED,
        record.identifier if record is not None else "",
        flags,
        rank=len(argument.bounds or ()),
        pointer=argument.form is Form.POINTER,
        interoperable=argument.interoperable,
        polymorphic=type_.polymorphic,
    )


def deferred_flags(argument: Argument) -> tuple[str, ...]:
    """Return the runtime's names of what a callback does with an allocatable or pointer."""
    if argument.presence is Presence.HIDDEN:
        return ("OUT",)
    return ("IN", "OUT") if argument.intent & Intent.OUT else ("IN",)


def refusal(
    callback: Callback, argument: Argument, record: plan.RecordClass | None
) -> str:
    """Return why a Python function can't get an object."""
    name = argument.type.derived
    if name is None:
        spelled = "class(*)" if argument.type.unlimited else "type(*)"
        reason = f"Fortran passes {argument.name!r} of {spelled}"
    elif record is None:
        reason = f"{argument.name!r} of derived type {name.name!r} whose class is left out"  # fmt: skip
    else:
        reason = f"{argument.name!r} of derived type {name.name!r} is passed by value or by a descriptor"
    return f"callback {callback.name!r}: {reason}"


def array_extents(
    callback: Callback, argument: Argument, names: Names, records: Records
) -> tuple[tuple[str, ...], tuple[Expression, ...]]:
    """Return the arguments that the extents of an array need, and these.

    An open extent is 0, or as long as other arrays need: ``neq(*)`` has one element where ``y`` has ``neq(1)``.
    """
    extents = tuple(
        Integer(elements_needed(callback, argument))
        if bound.value is None
        else rename(parts_in(bound.value, callback.arguments, records), names.renamed)
        for bound in argument.bounds or ()
    )
    mentioned = {name for extent in extents for name in used_names(extent)}
    needs = [a for a in callback.arguments if names.add(a.name) in mentioned]
    for other in needs:
        if other.bounds is not None and not is_readable(callback, other):
            raise Unsupported(
                f"callback {callback.name!r}: the shape of {argument.name!r} depends on array {other.name!r}"
            )
    return tuple(names.add(a.name) for a in needs), extents


def is_readable(callback: Callback, array: Argument) -> bool:
    """Whether the elements of an array are there for the extents of others: numbers whose places are known."""
    if array.form is not Form.ADDRESS or array.type.kind not in ELEMENT_KINDS:
        return False
    bounds = [bound.value for bound in array.bounds or ()]
    told = {name for b in bounds if b is not None for name in used_names(b)}
    arrays = {a.name for a in callback.arguments if a.bounds is not None}
    if told & arrays:  # whose extents might need this one's elements
        return False
    is_open = None in bounds
    return not is_open or (len(bounds) == 1 and elements_needed(callback, array) > 0)


def elements_needed(callback: Callback, array: Argument) -> int:
    """Count the elements of an array that the extents of the others need, 0 where that isn't constant."""
    count = 0
    bounds = (b for each in callback.arguments for b in each.bounds or ())
    for node in (n for b in bounds if b.value is not None for n in walk(b.value)):
        if isinstance(node, Subscript) and node.base == Name(array.name):
            if not isinstance(node.index, Integer):
                return 0
            count = max(count, node.index.value + 1)
    return count


def plan_object_result(
    callback: Callback, result: Argument, names: Names, records: Records
) -> plan.CallbackArgument:
    """Return the object, array of objects, allocatable or pointer that a callback returns."""
    name = result.type.derived
    record = records.get(name) if name is not None else None
    if is_deferred_record(result):
        planned = plan_deferred(callback, result, record, result.name, ("OUT",))
        registers = registers_of_deferred(result) if result.by_value else ""
        return replace(planned, passed=Passed.DEFERRED_RESULT, registers=registers)
    if record is None:
        what = f"an object of derived type {name.name if name else '*'!r}"
        raise Unsupported(f"callback {callback.name!r} returns {what}")
    planned = plan.CallbackArgument(
        result.name, Passed.RESULT, record.identifier, ("OUT",)
    )
    if result.form is Form.ASSUMED_SHAPE:
        rank = len(result.bounds or ())
        return replace(planned, passed=Passed.OBJECT, rank=rank)
    if result.is_array:
        needs, extents = array_extents(callback, result, names, records)
        passed = Passed.OBJECT_ARRAY
        return replace(planned, passed=passed, needs=needs, extents=extents)
    registers = registers_of(callback, record) if result.by_value else ""
    return replace(planned, registers=registers)


def registers_of_deferred(result: Argument) -> str:
    """Return how gfortran returns an allocatable or pointer: "" for the descriptor of an array, which goes before."""
    type_ = result.type
    if result.is_array and not (type_.polymorphic or type_.unlimited):
        return ""
    if result.is_array or type_.unlimited:
        return "M"
    return "II" if type_.polymorphic else "I"


def registers_of(callback: Callback, record: plan.RecordClass) -> str:
    """Return the classes of the registers in which C returns an object (System V ABI for x86-64, 3.2.3)."""
    if record.size > 2 * WORD_BYTES:
        return "M"
    if not record.fields:
        what = f"an object of type {record.name!r}, which no structure of C is like"
        raise Unsupported(f"callback {callback.name!r} returns {what}")
    classes = ["F"] * -(-record.size // WORD_BYTES)
    end = 0
    for letter in letters_of(record.fields):
        width = calcsize(letter)
        start = -(-end // width) * width
        if letter not in "fd":
            classes[start // WORD_BYTES] = "I"
        end = start + width
    return "".join(classes)


def letters_of(fields: str) -> Iterator[str]:
    """Yield the letters of a structure's fields, each as often as the count before it says."""
    for count, letter in re.findall(r"(\d*)([a-z])", fields):
        yield from letter * int(count or 1)

"""Allocatable and pointer dummies that are arrays of numbers: descriptors on the stack that Fortran may fill.

What Fortran left becomes an array of Python's own. Unusual ends of a call, as an array that has another shape now, are
left to the runtime's holder, which gets the descriptor.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import numpy as np
from llvmlite import ir

from f2pypy import plan
from f2pypy.native.array_fields import extent_of, has_elements, has_flags, has_rank
from f2pypy.native.arrays import given_or_nothing
from f2pypy.native.code import (
    INT,
    LONG,
    NOTHING,
    NULL,
    OBJECT,
    Array,
    Code,
    Given,
    NotNative,
)
from f2pypy.native.conventions import Holder
from f2pypy.native.deferred_texts import new_text, text_left
from f2pypy.native.descriptors import (
    address_in,
    fill_axes,
    holder_named,
    new_descriptor,
    point_to,
    read_axes,
)
from f2pypy.native.expressions import is_absent, product
from f2pypy.native.layouts import ALIGNED, DATA, F_CONTIGUOUS, WRITEABLE

ZERO = ir.Constant(LONG, 0)
ONE = ir.Constant(LONG, 1)
FORTRAN_ORDER = ir.Constant(INT, 1)
MALLOC = ir.FunctionType(OBJECT, [LONG])
FREE = ir.FunctionType(NOTHING, [OBJECT])


def read_deferred(code: Code, step: plan.Deferred) -> None:
    """Write step Deferred."""
    if not step.rank:
        _read_text(code, step)
        return
    if step.length is not None or isinstance(step.input, plan.StringInput):
        raise NotNative("an allocatable or pointer array of strings")
    described = code.conventions.of_deferred(step)
    room = new_descriptor(code, described, step.rank)
    array = None
    if not step.pointer:
        # before what comes in, as that may fail
        with code.giving_up():
            _free(code, room)
    if step.input is not None:
        before = code.variables[step.name]
        array = given_or_nothing(code, step.input, changed=step.pointer)
        if step.asked:
            code.variables[step.kept] = before
            code.variables[step.name] = array
    finish = code.conventions.finisher(step)
    held = None if array is None else array.object
    holder = Holder(room, described, step.rank, finish, held)
    code.variables[step.holder] = holder
    if not step.pointer:
        code.releases[step.holder] = lambda: _free(code, room)
    if array is not None and step.pointer:
        point_to(code, room, described, array)
    elif array is not None:
        _hold_copy(code, holder, array)


def _read_text(code: Code, step: plan.Deferred) -> None:
    holder = code.variables[step.holder] = new_text(code, step)
    if not step.pointer:
        with code.giving_up():
            _free(code, holder.room)
        code.releases[step.holder] = lambda: _free(code, holder.room)


def release_deferred(code: Code, step: plan.DeferredAfter) -> None:
    """Write step DeferredAfter."""
    holder = holder_named(code, step.holder)
    code.releases.pop(step.holder, None)
    if not holder.is_pointer:
        _free(code, holder.room)


def _free(code: Code, room: Any) -> None:
    """Free what an allocatable has."""
    _, release = code.conventions.heap()
    code.call_address(release, FREE, [address_in(code, room)])


def _hold_copy(code: Code, holder: Holder, array: Array) -> None:
    """Let an allocatable have a copy of the array, which Fortran may deallocate; of no array there is none."""
    builder = code.builder
    copy, after = code.block("hold"), code.block("held")
    builder.cbranch(code.is_given(array.object), copy, after)
    builder.position_at_end(copy)
    size = _size(code, holder, array.extents)
    allocate, _ = code.conventions.heap()
    # an empty array has an address too
    is_empty = builder.icmp_signed("==", size, ZERO)
    room = builder.select(is_empty, ONE, size)
    start = code.call_address(allocate, MALLOC, [room])
    code.require(code.is_given(start))
    builder.store(builder.ptrtoint(start, LONG), holder.room)
    distance = ir.Constant(LONG, holder.described.kind.itemsize)
    axes = []
    for extent in array.extents:
        axes.append((extent, distance))
        distance = builder.mul(distance, extent)
    fill_axes(code, holder.room, holder.described, axes)
    whole, scattered = code.block("whole"), code.block("scattered")
    in_order = has_flags(code, array.object, F_CONTIGUOUS)
    builder.cbranch(in_order, whole, scattered)
    with code.branch(whole):
        code.copy_memory(start, array.memory, size)
        builder.branch(after)
    builder.position_at_end(scattered)
    _copy_elements(code, array, start, holder.described.kind.itemsize)
    builder.branch(after)
    builder.position_at_end(after)


def _copy_elements(code: Code, array: Array, target: Any, size: int) -> None:
    """Copy an array with any strides to memory that has its elements side by side in Fortran's order."""
    builder, kind = code.builder, ir.IntType(8 * size)
    assert array.strides is not None
    with ExitStack() as loops:
        place, offset = ZERO, ZERO
        for extent, stride in reversed(list(zip(array.extents, array.strides))):
            index = loops.enter_context(code.each(ZERO, extent))
            place = builder.add(builder.mul(place, extent), index)
            offset = builder.add(offset, builder.mul(index, stride))
        source = builder.gep(array.memory, [offset])
        element = builder.load(code.at(source, 0, kind), align=min(size, 8))
        there = builder.gep(target, [builder.mul(place, ir.Constant(LONG, size))])
        builder.store(element, code.at(there, 0, kind), align=min(size, 8))


def _size(code: Code, holder: Holder, extents: Sequence[Any]) -> Any:
    """Return the bytes of an array (i64)."""
    itemsize = ir.Constant(LONG, holder.described.kind.itemsize)
    return code.builder.mul(product(code, extents), itemsize)


def take(code: Code, name: str, before: Sequence[Any]) -> Any:
    """Return a new reference to what Fortran left in a holder: an array, or None; `before` is given up on failure."""
    holder = holder_named(code, name)
    code.releases.pop(name, None)
    return _taken(code, holder, before)


def _taken(code: Code, holder: Holder, before: Sequence[Any]) -> Any:
    address = address_in(code, holder.room)
    make = _copy_of_target if holder.is_pointer else _taken_over
    if not holder.rank:
        make = _taken_text
    (found,) = code.choose(
        code.is_null(address),
        lambda: [code.new_none()],
        lambda: [make(code, holder, address, before)],
    )
    return found


def _taken_over(code: Code, holder: Holder, address: Any, before: Sequence[Any]) -> Any:
    """Return a new array of what an allocatable has, which is freed."""
    extents, _ = read_axes(code, holder.room, holder.described, holder.rank)
    kind = _counted_kind(code, holder)
    rank = ir.Constant(INT, holder.rank)
    places = _on_stack(code, extents)
    made = code.call("PyArray_Empty", rank, places, kind, FORTRAN_ORDER)
    failed = code.block("no_memory")
    code.go_on_if(code.is_given(made), failed)
    with code.branch(failed):
        _free(code, holder.room)
        code.fail(*before)
    size = _size(code, holder, extents)
    code.copy_memory(code.load(made, DATA, OBJECT), address, size)
    _free(code, holder.room)
    return made


def _taken_text(
    code: Code,
    holder: Holder,
    address: Any,  # noqa: ARG001 - as all
    before: Sequence[Any],
) -> Any:
    """Return the text that Fortran left; what an allocatable has is freed."""
    made = text_left(code, holder)
    if not holder.is_pointer:
        _free(code, holder.room)
    return code.require_object(made, before)


def _copy_of_target(
    code: Code, holder: Holder, address: Any, before: Sequence[Any]
) -> Any:
    """Return a new array of what a pointer points to."""
    extents, strides = read_axes(code, holder.room, holder.described, holder.rank)
    view = code.call(
        "PyArray_NewFromDescr",
        code.constant_object(np.ndarray),
        _counted_kind(code, holder),
        ir.Constant(INT, holder.rank),
        _on_stack(code, extents),
        code.builder.bitcast(_on_stack(code, strides), OBJECT),
        address,
        ir.Constant(INT, ALIGNED | WRITEABLE),
        NULL,
    )
    code.require_object(view, before)
    copy = code.call("PyArray_NewCopy", view, FORTRAN_ORDER)
    code.call("Py_DecRef", view)
    return code.require_object(copy, before)


def _counted_kind(code: Code, holder: Holder) -> Any:
    """Return the type of the elements, for an array that takes a reference over."""
    kind = code.constant_object(holder.described.kind)
    code.keep(kind)
    return kind


def _on_stack(code: Code, words: Sequence[Any]) -> Any:
    room = code.stack(LONG, len(words))
    for place, word in enumerate(words):
        code.builder.store(word, code.builder.gep(room, [ir.Constant(LONG, place)]))
    return room


def give_back(code: Code, name: str, value: str, before: Sequence[Any]) -> Any:
    """Return a new reference to what the caller gets: the array `value` with what Fortran left, or a new value."""
    holder = holder_named(code, name)
    given = code.variables.get(value)
    if not isinstance(given, Given):
        raise NotNative(f"{value} as it was given")
    if not holder.rank:
        raise NotNative(f"{value}, a text that comes back")
    code.releases.pop(name, None)
    (found,) = code.choose(
        is_absent(code, given),
        lambda: [_taken(code, holder, before)],
        lambda: [_given_back(code, holder, given.object, before)],
    )
    return found


def _given_back(code: Code, holder: Holder, given: Any, before: Sequence[Any]) -> Any:
    """Return the caller's own array where that has room for what Fortran left, else what Python makes of it."""
    builder = code.builder
    other, after = code.block("other"), code.block("given_back")
    address = address_in(code, holder.room)
    code.go_on_if(code.has_type(given, np.ndarray), other)
    if holder.is_pointer:
        code.go_on_if(code.is_given(holder.held), other)
        held = code.load(holder.held, DATA, OBJECT)
        code.go_on_if(builder.icmp_unsigned("==", held, address), other)
    else:
        code.go_on_if(code.is_given(address), other)
        _require_alike(code, holder, given, other)
        extents, _ = read_axes(code, holder.room, holder.described, holder.rank)
        size = _size(code, holder, extents)
        code.copy_memory(code.load(given, DATA, OBJECT), address, size)
        _free(code, holder.room)
    code.keep(given)
    arms = [(builder.block, [given])]
    builder.branch(after)
    builder.position_at_end(other)
    made = _finished(code, holder, given, before)
    arms.append((builder.block, [made]))
    builder.branch(after)
    return code.merge(arms, after)[0]


def _require_alike(code: Code, holder: Holder, given: Any, other: Any) -> None:
    """Go to `other` unless an array has the type and extents of the holder's, and is as Fortran's arrays are."""
    code.go_on_if(has_elements(code, given, holder.described.kind), other)
    code.go_on_if(has_rank(code, given, holder.rank), other)
    flags = F_CONTIGUOUS | ALIGNED | WRITEABLE
    code.go_on_if(has_flags(code, given, flags), other)
    extents, _ = read_axes(code, holder.room, holder.described, holder.rank)
    for axis, extent in enumerate(extents):
        found = extent_of(code, given, axis)
        code.go_on_if(code.builder.icmp_signed("==", found, extent), other)


def _finished(code: Code, holder: Holder, given: Any, before: Sequence[Any]) -> Any:
    """Return what the runtime's holder gives back, or raise what that raises."""
    builder = code.builder
    where = builder.ptrtoint(holder.room, LONG)
    address = code.require_object(code.call("PyLong_FromLongLong", where), before)
    held: Any = code.constant_object(None)
    if holder.held is not None:
        held = builder.select(code.is_null(holder.held), held, holder.held)
    finish, method = map(code.constant_object, (holder.finish, "give_back"))
    made = code.call(
        "PyObject_CallFunctionObjArgs", finish, address, held, method, given, NULL
    )
    code.call("Py_DecRef", address)
    return code.require_object(made, before)

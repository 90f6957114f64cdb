"""Descriptors of arrays, on the stack of the call that passes them, as the library's compiler lays them out."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from llvmlite import ir

from f2pypy.native.array_fields import stride_of
from f2pypy.native.code import LONG, OBJECT, Array, Code, NotNative
from f2pypy.native.conventions import Described, Holder
from f2pypy.native.layouts import POINTER

WORDS = 3  # of each dimension
ZERO = ir.Constant(LONG, 0)
ONE = ir.Constant(LONG, 1)


def describe(code: Code, array: Array, described: Described) -> Any:
    """Return the address of a descriptor of an array; that of no memory describes no array."""
    room = new_descriptor(code, described, len(array.extents))
    point_to(code, room, described, array)
    return code.builder.bitcast(room, OBJECT)


def point_to(code: Code, room: Any, described: Described, array: Array) -> None:
    """Make a descriptor one of an array."""
    code.builder.store(code.builder.ptrtoint(array.memory, LONG), room)
    axes = list(zip(array.extents, _passed_strides(code, array, described)))
    fill_axes(code, room, described, axes, array.length)
    if array.length is not None:
        for field in filter(described.layout.fields.__contains__, ("size", "span")):
            _store(code, room, place_of(described.layout, field), array.length)


def new_descriptor(code: Code, described: Described, rank: int) -> Any:
    """Return room (i64) with the descriptor of no array of so many axes."""
    packed = nothing_packed(described, rank)
    room = code.stack(LONG, len(packed) // POINTER)
    for place, word in enumerate(struct.unpack(f"@{len(packed) // POINTER}q", packed)):
        _store(code, room, place, ir.Constant(LONG, word))
    return room


def nothing_packed(described: Described, rank: int) -> bytes:
    """Return the descriptor of no array."""
    nothing = (0,) * rank
    kind = np.dtype("S1") if described.is_text else described.kind
    packed: bytes = described.layout.pack(
        0, kind, nothing, nothing, described.logical, described.use
    )
    if len(packed) % POINTER:
        raise NotNative("a descriptor that does not end with a word")
    return packed


def first_axis(described: Described, rank: int) -> int:
    """Return the place of the first word of the dimensions, which end a descriptor."""
    return len(nothing_packed(described, rank)) // POINTER - WORDS * rank


def fill_axes(
    code: Code,
    room: Any,
    described: Described,
    axes: Sequence[tuple[Any, Any]],
    length: Any = None,
) -> None:
    """Store what a descriptor says of the extents and strides (i64, in bytes) of an array, of strings of a `length`."""
    layout, builder = described.layout, code.builder
    lower = ir.Constant(LONG, layout.lower_bound(described.use))
    offset: Any = ZERO
    place = first_axis(described, len(axes))
    for extent, distance in axes:
        if length is None:
            stride = in_elements(code, distance, described.kind.itemsize)
        else:
            stride = builder.sdiv(distance, length)
        offset = builder.sub(offset, builder.mul(stride, lower))
        words: Mapping[str, Any] = {
            "lower": lower,
            "upper": builder.sub(builder.add(extent, lower), ONE),
            "extent": extent,
            "stride": stride,
            "distance": distance,
        }
        for name in layout.dimension:
            _store(code, room, place, words[name])
            place += 1
    if "offset" in layout.fields:
        _store(code, room, place_of(layout, "offset"), offset)


def holder_named(code: Code, name: str) -> Holder:
    """Return what has the descriptor of an allocatable or pointer dummy."""
    found = code.variables.get(name)
    if not isinstance(found, Holder):
        raise NotNative(f"{name} as a descriptor")
    return found


def read_axes(
    code: Code, room: Any, described: Described, rank: int
) -> list[list[Any]]:
    """Return the extents and the strides (i64, in bytes) that a descriptor has."""
    layout, builder = described.layout, code.builder
    place = first_axis(described, rank)
    extents, strides = [], []
    for _ in range(rank):
        words = {
            name: _load(code, room, place + at)
            for at, name in enumerate(layout.dimension)
        }
        extent = words.get("extent")
        if extent is None:
            difference = builder.sub(words["upper"], words["lower"])
            extent = builder.add(difference, ONE)
        is_none = builder.icmp_signed("<", extent, ZERO)
        extents.append(builder.select(is_none, ZERO, extent))
        strides.append(_in_bytes(code, room, described, words))
        place += WORDS
    return [extents, strides]


def _in_bytes(
    code: Code, room: Any, described: Described, words: Mapping[str, Any]
) -> Any:
    """Return the stride of a dimension in bytes.

    A part of a complex number is as far from the next one as these are from each other.
    """
    if "distance" in words:
        return words["distance"]
    builder, size = code.builder, ir.Constant(LONG, described.kind.itemsize)
    span = _load(code, room, place_of(described.layout, "span"))
    unit = builder.select(builder.icmp_signed("==", span, ZERO), size, span)
    return builder.mul(words["stride"], unit)


def place_of(layout: Any, field: str) -> int:
    """Return the place of a field that takes a whole word."""
    codes, number = layout.format[1:], layout.fields.index(field)
    start = struct.calcsize(f"@{codes[:number]}0{codes[number]}")
    if start % POINTER or struct.calcsize(f"@{codes[number]}") != POINTER:
        raise NotNative(f"a descriptor whose {field} is no word")
    return start // POINTER


def in_elements(code: Code, distance: Any, size: int) -> Any:
    """Return a distance in bytes as one in elements of `size` bytes, a power of two."""
    return code.builder.ashr(distance, ir.Constant(LONG, size.bit_length() - 1))


def strides_of(code: Code, array: Array) -> Sequence[Any]:
    """Return the distances in bytes (i64) between the neighbours along each axis."""
    if array.strides is not None:
        return array.strides
    return [stride_of(code, array.object, axis) for axis in range(len(array.extents))]


def _passed_strides(code: Code, array: Array, described: Described) -> Sequence[Any]:
    """Return the distances in bytes (i64) that a descriptor shall have.

    NumPy has any where an extent is 1. Fortran takes neighbours along the first axis of an allocatable, or of a
    contiguous pointer, to lie side by side.
    """
    first, *others = strides_of(code, array)
    if array.length is None and described.use:
        builder = code.builder
        one = ir.Constant(LONG, described.kind.itemsize)
        moves = builder.icmp_signed(">", array.extents[0], ONE)
        first = builder.select(moves, first, one)
    return [first, *others]


def address_in(code: Code, room: Any) -> Any:
    """Return where the array of a descriptor begins, NULL where there is none."""
    return code.builder.inttoptr(_load(code, room, 0), OBJECT)


def _load(code: Code, room: Any, place: int) -> Any:
    return code.builder.load(code.builder.gep(room, [ir.Constant(LONG, place)]))


def _store(code: Code, room: Any, place: int, word: Any) -> None:
    code.builder.store(word, code.builder.gep(room, [ir.Constant(LONG, place)]))

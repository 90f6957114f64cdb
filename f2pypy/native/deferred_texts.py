"""Allocatable and pointer dummies that are one text: what Fortran left becomes a bytes object.

gfortran passes the address of a pointer, and where the length is deferred the address of that; other compilers and
procedures with ``bind(c)`` have a descriptor, which may tell the length.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

from llvmlite import ir

from f2pypy import plan
from f2pypy.native.code import LONG, OBJECT, Code, NotNative
from f2pypy.native.conventions import Described, Holder
from f2pypy.native.descriptors import address_in, holder_named, place_of
from f2pypy.native.layouts import POINTER


def new_text(code: Code, step: plan.Deferred) -> Holder:
    """Return the holder of a text that isn't allocated."""
    if step.length is None or step.input is not None:
        raise NotNative("an allocatable or pointer number, or a text that is given")
    described = code.conventions.of_deferred(step)
    compiler = code.conventions.library.compiler
    has_descriptor = step.interoperable or compiler.described_scalars
    packed = bytes(POINTER)
    if has_descriptor:
        kind, use = described.kind, described.use
        packed = described.layout.pack(0, kind, (), (), described.logical, use)
    words = struct.unpack(f"@{len(packed) // POINTER}q", packed)
    room, length = _stored(code, words), _stored(code, [described.kind.itemsize])
    tells_length = has_descriptor and compiler.describes_length(step.interoperable)
    told = length
    if tells_length:
        place = place_of(described.layout, "size")
        told = code.builder.gep(room, [ir.Constant(LONG, place)])
    return Holder(room, described, 0, None, None, length, told)


def _stored(code: Code, words: Sequence[int]) -> Any:
    """Return memory on the stack with these words."""
    room = code.stack(LONG, len(words))
    for place, word in enumerate(words):
        there = code.builder.gep(room, [ir.Constant(LONG, place)])
        code.builder.store(ir.Constant(LONG, word), there)
    return room


def passed_length(code: Code, argument: plan.PassLength) -> Any:
    """Return the hidden length of a text, or where Fortran reads and stores it."""
    holder = holder_named(code, argument.name)
    if holder.length is None:
        raise NotNative(f"the length of {argument.name}")
    if argument.form is plan.LengthOf.HOLDER:
        return code.builder.load(holder.length)
    return code.builder.bitcast(holder.length, OBJECT)


def text_left(code: Code, holder: Holder) -> Any:
    """Return a new bytes object of all characters that Fortran left, NULL without memory for it."""
    size = _size(code, holder.described, holder)
    address = address_in(code, holder.room)
    return code.call("PyBytes_FromStringAndSize", address, size)


def _size(code: Code, described: Described, holder: Holder) -> Any:
    fixed: int = described.kind.itemsize
    return ir.Constant(LONG, fixed) if fixed else code.builder.load(holder.told_length)

"""Strings: the characters of bytes and str where they lie, or on the stack, filled up with blanks.

What isn't exactly bytes, a str of ASCII characters or an array of one string of bytes, has a NUL or is long, is left to
Python.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from llvmlite import ir

from f2pypy import plan
from f2pypy.expressions.nodes import Expression, Integer
from f2pypy.native.array_fields import (
    element_size,
    has_flags,
    has_letter,
    has_rank,
)
from f2pypy.native.code import BIT, BYTE, LONG, OBJECT, Code, NotNative, Text
from f2pypy.native.conversion import require_ascii, required
from f2pypy.native.expressions import integer
from f2pypy.native.layouts import (
    BYTES,
    C_CONTIGUOUS,
    CHARACTERS,
    DATA,
    SIZE,
)

MOST_CHARACTERS = 4096  # that lie on the stack, and are searched for a NUL
ZERO = ir.Constant(LONG, 0)
ONE = ir.Constant(LONG, 1)
BLANK = ir.Constant(BYTE, 32)
NUL = ir.Constant(BYTE, 0)


def read_text(code: Code, step: plan.StringInput) -> None:
    """Write step StringInput."""
    if step.kept is not None or step.held is plan.TextMemory.ARRAY:
        raise NotNative("a string that is written back")
    found = _given_characters(code, required(code, step.name))
    if step.length is None and step.held is plan.TextMemory.BYTES:
        code.variables[step.name] = found
        return
    length = found.length if step.length is None else _limited(code, step.length)
    text = _blanks(code, length)
    builder = code.builder
    is_longer = builder.icmp_signed(">", found.length, length)
    size = builder.select(is_longer, length, found.length)
    code.copy_memory(text.memory, found.memory, size)
    code.variables[step.name] = text


def blank_text(code: Code, step: plan.StringHidden) -> None:
    """Write step StringHidden."""
    if step.initial is not None or step.held is not plan.TextMemory.MEMORY:
        raise NotNative("a string with a value")
    code.variables[step.name] = _blanks(code, _limited(code, step.length))


def text_named(code: Code, name: str) -> Text:
    """Return a string variable; NotNative for anything else."""
    found = code.variables.get(name)
    if not isinstance(found, Text):
        raise NotNative(f"{name} as a string")
    return found


def bytes_of(code: Code, text: Text) -> Any:
    """Return a new bytes object of what Fortran left: up to the first NUL or the last non-blank."""
    stripped = _stripped(code, text)
    size = first_nul(code, text.memory, stripped)
    return code.call("PyBytes_FromStringAndSize", text.memory, size)


def _limited(code: Code, length: Expression) -> Any:
    """Return a length (i64) that is not negative and not too long for the stack."""
    if isinstance(length, Integer):
        if not 0 <= length.value <= MOST_CHARACTERS:
            raise NotNative(f"{length.value} characters")
        return ir.Constant(LONG, length.value)
    value = integer(code, length).value
    limit = ir.Constant(LONG, MOST_CHARACTERS)
    code.require(code.builder.icmp_unsigned("<=", value, limit))
    return value


def _blanks(code: Code, length: Any) -> Text:
    """Return room for so many characters, all blank, and a NUL after them."""
    most = length.constant if isinstance(length, ir.Constant) else MOST_CHARACTERS
    room = code.stack(BYTE, most + 1)
    builder = code.builder
    fill = builder.module.declare_intrinsic("llvm.memset", [OBJECT, LONG])
    builder.call(fill, [room, BLANK, length, ir.Constant(BIT, 0)])
    builder.store(NUL, builder.gep(room, [length]))
    return Text(room, length)


def _given_characters(code: Code, found: Any) -> Text:
    """Return the characters of bytes, of a str or of an array, without a NUL."""
    builder = code.builder
    after = code.block("characters")
    arms = []
    for kind, read in READERS:
        known, other = code.block(kind.__name__), code.block("other")
        builder.cbranch(code.has_type(found, kind), known, other)
        builder.position_at_end(known)
        parts = read(code, found)
        arms.append((builder.block, parts))
        builder.branch(after)
        builder.position_at_end(other)
    builder.branch(code.slow)
    memory, length = code.merge(arms, after)
    nul = first_nul(code, memory, length)
    code.require(builder.icmp_unsigned("==", nul, length))
    return Text(memory, length)


def _in_bytes(code: Code, found: Any) -> list[Any]:
    return [
        code.at(found, BYTES, BYTE),
        _require_few(code, code.load(found, SIZE, LONG)),
    ]


def _in_str(code: Code, found: Any) -> list[Any]:
    """Return the characters of a str that has ASCII alone, where they lie."""
    require_ascii(code, found)
    length = _require_few(code, code.load(found, SIZE, LONG))
    return [code.at(found, CHARACTERS, BYTE), length]


def _in_array(code: Code, found: Any) -> list[Any]:
    """Return a copy of the bytes of an array, which others may change while Fortran runs."""
    builder = code.builder
    code.require(has_letter(code, found, "S"))
    code.require(has_flags(code, found, C_CONTIGUOUS))
    code.require(has_rank(code, found, 0))
    length = _require_few(code, element_size(code, found))
    room = code.stack(BYTE, MOST_CHARACTERS + 1)
    code.copy_memory(room, code.load(found, DATA, OBJECT), length)
    builder.store(NUL, builder.gep(room, [length]))
    return [room, length]


def _require_few(code: Code, length: Any) -> Any:
    """Return a number of characters, if it isn't too large for the stack."""
    limit = ir.Constant(LONG, MOST_CHARACTERS)
    code.require(code.builder.icmp_unsigned("<=", length, limit))
    return length


# The types of strings, and what reads where their characters are and how many.
READERS: Sequence[tuple[type, Callable[[Code, Any], list[Any]]]] = (
    (bytes, _in_bytes),
    (str, _in_str),
    (np.ndarray, _in_array),
)


def first_nul(code: Code, memory: Any, length: Any) -> Any:
    """Return the place of the first NUL, `length` where there is none."""

    def is_other(place: Any) -> Any:
        character = code.builder.load(code.builder.gep(memory, [place]))
        return code.builder.icmp_unsigned("!=", character, NUL)

    return walked(code, ZERO, length, ONE, is_other)


def _stripped(code: Code, text: Text) -> Any:
    """Return the length without the blanks at the end."""
    back = ir.Constant(LONG, -1)
    blank = ends_with(code, text.memory, 32)
    return walked(code, text.length, ZERO, back, blank)


def ends_with(code: Code, memory: Any, character: int) -> Callable[[Any], Any]:
    """Return what says of a length (i64) whether the last one of so many characters is this one (i1)."""
    builder, wanted = code.builder, ir.Constant(BYTE, character)

    def ends(length: Any) -> Any:
        last = builder.sub(length, ONE)
        found = builder.load(builder.gep(memory, [last]))
        return builder.icmp_unsigned("==", found, wanted)

    return ends


def walked(
    code: Code, start: Any, end: Any, step: Any, goes_on: Callable[[Any], Any]
) -> Any:
    """Return the first number (i64) from `start` in steps to `end` for which `goes_on` is false, or `end`."""
    builder, before = code.builder, code.builder.block
    test, look, following, done = map(code.block, ("test", "look", "following", "done"))
    builder.branch(test)
    builder.position_at_end(test)
    place = builder.phi(LONG)
    place.add_incoming(start, before)
    builder.cbranch(builder.icmp_signed("==", place, end), done, look)
    builder.position_at_end(look)
    builder.cbranch(goes_on(place), following, done)
    builder.position_at_end(following)
    place.add_incoming(builder.add(place, step), following)
    builder.branch(test)
    builder.position_at_end(done)
    return place

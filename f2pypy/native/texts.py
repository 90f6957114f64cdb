"""Strings: the characters of bytes and str where they lie, or on the stack, filled up with blanks.

What isn't exactly bytes or a str of ASCII characters, has a NUL or is long, is left to Python.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir

from f2pypy import plan
from f2pypy.expressions.nodes import Expression, Integer
from f2pypy.native.code import BIT, BYTE, INT, LONG, OBJECT, Code, NotNative, Text
from f2pypy.native.conversion import required
from f2pypy.native.expressions import integer
from f2pypy.native.layouts import BYTES, CHARACTERS, COMPACT_ASCII, SIZE, STATE

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
    size = _first_nul(code, text.memory, stripped)
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
    """Return the characters of bytes or of a str where they lie."""
    builder = code.builder
    as_bytes, as_text, after = (
        code.block(name) for name in ("bytes", "not_bytes", "characters")
    )
    builder.cbranch(code.has_type(found, bytes), as_bytes, as_text)
    with code.branch(as_bytes):
        direct = code.at(found, BYTES, BYTE)
        builder.branch(after)
    builder.position_at_end(as_text)
    code.require(code.has_type(found, str))
    bits = ir.Constant(INT, COMPACT_ASCII)
    state = builder.and_(code.load(found, STATE, INT), bits)
    code.require(builder.icmp_unsigned("==", state, bits))
    encoded = code.at(found, CHARACTERS, BYTE)
    end = builder.block
    builder.branch(after)
    (memory,) = code.merge([(as_bytes, [direct]), (end, [encoded])], after)
    length = code.load(found, SIZE, LONG)
    limit = ir.Constant(LONG, MOST_CHARACTERS)
    code.require(builder.icmp_unsigned("<=", length, limit))
    nul = _first_nul(code, memory, length)
    code.require(builder.icmp_unsigned("==", nul, length))
    return Text(memory, length)


def _first_nul(code: Code, memory: Any, length: Any) -> Any:
    """Return the place of the first NUL, `length` where there is none."""

    def is_other(place: Any) -> Any:
        character = code.builder.load(code.builder.gep(memory, [place]))
        return code.builder.icmp_unsigned("!=", character, NUL)

    return _walked(code, ZERO, length, ONE, is_other)


def _stripped(code: Code, text: Text) -> Any:
    """Return the length without the blanks at the end."""
    builder = code.builder

    def ends_with_blank(length: Any) -> Any:
        last = builder.sub(length, ONE)
        character = builder.load(builder.gep(text.memory, [last]))
        return builder.icmp_unsigned("==", character, BLANK)

    back = ir.Constant(LONG, -1)
    return _walked(code, text.length, ZERO, back, ends_with_blank)


def _walked(
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

"""What stores text in variables of Fortran modules and common blocks."""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from f2pypy.native.cells import Word, pointer, require_equal, word, zero
from f2pypy.native.code import INT, LONG, OBJECT, Code
from f2pypy.native.layouts import BYTES, SIZE

BLANK = 32


def set_text(code: Code, _owner: Any, value: Any, cell: Any) -> None:
    """Store bytes or ASCII characters, cut or followed by blanks."""
    finish_text(code, *_characters(code, value), cell)


def set_open_text(code: Code, _owner: Any, value: Any, cell: Any) -> None:
    """Store as many bytes or ASCII characters as a text of deferred length has, none of them NUL."""
    builder = code.builder
    code.require(code.is_given(value))
    require_equal(code, word(code, cell, Word.BUSY), zero())
    text, length = _characters(code, value)
    memory = code.load(pointer(code, cell, Word.DESCRIPTOR), 0, OBJECT)
    code.require(code.is_given(memory))
    require_equal(code, code.load(pointer(code, cell, Word.TOLD), 0, LONG), length)
    code.require(builder.icmp_signed("!=", length, zero()))
    code.require(code.is_null(code.call("memchr", text, zero(INT), length)))
    code.call("memmove", memory, text, length)
    builder.ret(zero(INT))


def _characters(code: Code, value: Any) -> tuple[Any, Any]:
    """Return where the characters of bytes or of an ASCII str lie, and how many (i64) these are."""
    builder = code.builder
    given, is_text, ready = map(code.block, ("characters", "text", "ready"))
    length = code.stack(LONG)
    builder.cbranch(code.has_type(value, bytes), given, is_text)
    builder.position_at_end(given)
    builder.store(code.load(value, SIZE, LONG), length)
    direct = builder.gep(value, [ir.Constant(LONG, BYTES)])
    builder.branch(ready)
    builder.position_at_end(is_text)
    code.require(code.has_type(value, str))
    spelled = code.call("PyUnicode_AsUTF8AndSize", value, length)
    unsuitable = code.block("unsuitable")
    code.go_on_if(code.is_given(spelled), unsuitable)
    with code.branch(unsuitable):
        code.call("PyErr_Clear")  # Python's part says it again
        builder.branch(code.slow)
    count = code.call("PyUnicode_GetLength", value)
    # more bytes than characters: not ASCII
    require_equal(code, count, builder.load(length))
    arms = [(given, [direct]), (builder.block, [spelled])]
    builder.branch(ready)
    (text,) = code.merge(arms, ready)
    return text, builder.load(length)


def finish_text(code: Code, text: Any, given: Any, cell: Any) -> None:
    """Store `given` characters of a text."""
    builder = code.builder
    room = word(code, cell, Word.SIZE)
    length = builder.select(builder.icmp_signed("<", given, room), given, room)
    # NumPy's strings end before the last NULs; Python's part knows about these.
    ending = builder.sub(length, ir.Constant(LONG, 1))
    is_empty = builder.icmp_signed("==", length, zero())
    last = builder.select(is_empty, zero(), ending)
    final = builder.load(builder.gep(text, [last]))
    code.require(
        builder.or_(is_empty, builder.icmp_unsigned("!=", final, zero(final.type)))
    )
    memory = pointer(code, cell, Word.MEMORY)
    code.call("memmove", memory, text, length)
    rest = builder.gep(memory, [length])
    code.call("memset", rest, ir.Constant(INT, BLANK), builder.sub(room, length))
    builder.ret(zero(INT))

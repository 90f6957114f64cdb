"""What stores text in variables of Fortran modules and common blocks."""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from f2pypy.native.cells import Word, pointer, require_equal, word, zero
from f2pypy.native.code import INT, LONG, Code
from f2pypy.native.layouts import BYTES, SIZE

BLANK = 32


def set_text(code: Code, _owner: Any, value: Any, cell: Any) -> None:
    """Store bytes or ASCII characters, cut or followed by blanks."""
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
    finish_text(code, text, builder.load(length), cell)


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

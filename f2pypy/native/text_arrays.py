"""Arrays of strings: those that Fortran gets as they are, and copies with blanks after short elements.

Arrays in another order, of strings of another length, or of nothing but NUL, which is memory for text, are left to
Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir

from f2pypy import plan
from f2pypy.expressions.nodes import Expression, Integer
from f2pypy.native.array_conversion import FORTRAN_ORDER, made_or_slow, new_array_of
from f2pypy.native.array_fields import element_size, has_flags, has_letter
from f2pypy.native.arrays import (
    READ,
    Wanted,
    accepted_flags,
    new_extents,
    require_extents,
    wanted_extents,
)
from f2pypy.native.code import (
    INT,
    LONG,
    NULL,
    OBJECT,
    Array,
    Code,
    NotNative,
    Scalar,
    begin,
    whole,
)
from f2pypy.native.conversion import given, required
from f2pypy.native.expressions import integer, is_absent, product
from f2pypy.native.layouts import DATA
from f2pypy.native.machine import Machine
from f2pypy.native.texts import ends_with, walked

ZERO = ir.Constant(LONG, 0)
ONE = ir.Constant(LONG, 1)
BLANK = ir.Constant(INT, 32)
# Takes an array, the length of its strings and their number; returns a new array, or NULL without an exception.
FILLER = ir.FunctionType(OBJECT, [OBJECT, LONG, LONG])


def read_text_array(code: Code, step: plan.ArrayInput) -> None:
    """Write step ArrayInput for an array of strings."""
    wanted = wanted_extents(code, step)
    length = _wanted_length(code, step.length)
    parts = _passed(code, step, required(code, step.name), wanted, length)
    _set(code, step.name, parts)


def read_or_allocate_text(code: Code, step: plan.ArrayOptional) -> None:
    """Write step ArrayOptional for an array of strings."""
    if step.order != "F" or step.initial is not None:
        raise NotNative("an array in C's order, or of a value")
    wanted = wanted_extents(code, step.input)
    new = [whole(0)] * len(wanted) if step.absent else wanted
    parameter = given(code, step.input.name)
    absent, present, after = map(code.block, ("absent", "present", "array"))
    arms = []
    code.builder.cbranch(is_absent(code, parameter), absent, present)
    code.builder.position_at_end(absent)
    parts = _new(code, step.input.length, new, "PyArray_Zeros")
    arms.append((code.builder.block, parts))
    code.builder.branch(after)
    code.builder.position_at_end(present)
    length = _wanted_length(code, step.input.length)
    parts = _passed(code, step.input, parameter.object, wanted, length)
    arms.append((code.builder.block, parts))
    code.builder.branch(after)
    _set(code, step.input.name, code.merge(arms, after))


def allocate_text(code: Code, step: plan.ArrayHidden) -> None:
    """Write step ArrayHidden for an array of strings."""
    if step.order != "F" or step.initial is not None:
        raise NotNative("an array in C's order, or of a value")
    wanted = [integer(code, extent) for extent in step.extents]
    function = "PyArray_Empty" if step.scratch else "PyArray_Zeros"
    _set(code, step.name, _new(code, step.length, wanted, function))


def _set(code: Code, name: str, parts: Sequence[Any]) -> None:
    """Let a variable be the array of object, memory, length and extents; the object is owned."""
    code.own(parts[0])
    memory, length, extents = parts[1], parts[2], tuple(parts[3:])
    code.variables[name] = Array(parts[0], memory, extents, "bytes_type", length)


def _wanted_length(code: Code, length: Expression | None) -> Any:
    """Return the length (i64) that strings must have, None where it is the caller's."""
    if length is None or length == Integer(0):
        return None
    value = integer(code, length).value
    code.require(code.builder.icmp_signed(">", value, ZERO))
    return value


def _new(
    code: Code, length: Expression | None, wanted: Wanted, function: str
) -> list[Any]:
    if not isinstance(length, Integer) or not 0 < length.value < 1 << 31:
        raise NotNative("a new array of strings whose length is computed")
    extents = new_extents(code, wanted)
    elements = np.dtype(f"S{length.value}")
    made = new_array_of(code, elements, extents, function)
    return [*made, ir.Constant(LONG, length.value), *extents]


def _passed(
    code: Code, step: plan.ArrayInput, found: Any, wanted: Wanted, length: Any
) -> list[Any]:
    """Return object, memory, length and extents of what is passed for an array; the object is new or counted."""
    if step.converter == "target":
        raise NotNative("strings that a pointer points to")
    builder = code.builder
    accepted_flags(step.copying or step.intent)
    code.require(code.has_type(found, np.ndarray))
    code.require(has_letter(code, found, "S"))
    size = element_size(code, found)
    expected = builder.icmp_signed(">", size, ZERO)
    if length is not None:
        expected = builder.icmp_signed("==", size, length)
    code.require(expected)
    extents = require_extents(code, found, wanted)
    count = product(code, extents)
    if step.overwrite is None:
        passed = _as_intended(code, step.intent, found, size, count)
    else:
        passed = _as_flagged(code, step, found, size, count)
    return [passed, code.load(passed, DATA, OBJECT), size, *extents]


def _as_flagged(
    code: Code, step: plan.ArrayInput, found: Any, size: Any, count: Any
) -> Any:
    """Return the caller's array where its ``overwrite_`` argument is true, else a copy."""
    flag = code.variables[step.overwrite or ""]
    assert isinstance(flag, Scalar)
    keep, copy, after = map(code.block, ("keep", "copy", "input"))
    code.builder.cbranch(flag.value, keep, copy)
    arms = []
    for block, intent in ((keep, step.intent), (copy, step.copying)):
        code.builder.position_at_end(block)
        passed = _as_intended(code, intent, found, size, count)
        arms.append((code.builder.block, [passed]))
        code.builder.branch(after)
    return code.merge(arms, after)[0]


def _as_intended(
    code: Code, intent: tuple[str, ...], found: Any, size: Any, count: Any
) -> Any:
    """Return the array itself, or a new one, for an intent."""
    flags = accepted_flags(intent)
    code.require(has_flags(code, found, READ | (flags or 0)))
    if flags is None:
        code.require(code.is_null(_nul_in(code, found, size, count)))
        return made_or_slow(code, code.call("PyArray_NewCopy", found, FORTRAN_ORDER))[0]
    builder = code.builder
    short, full, after = map(code.block, ("short", "full", "passed"))
    # single bytes are data, whatever they are
    single = builder.icmp_signed("==", size, ONE)
    nul = _nul_in(code, found, size, count)
    builder.cbranch(builder.or_(single, code.is_null(nul)), full, short)
    builder.position_at_end(full)
    code.keep(found)
    builder.branch(after)
    builder.position_at_end(short)
    if intent != ("IN",):
        builder.branch(code.slow)
        builder.position_at_end(after)
        return found
    made = code.call_address(filler(), FILLER, [found, size, count])
    code.require(code.is_given(made))
    end = builder.block
    builder.branch(after)
    return code.merge([(full, [found]), (end, [made])], after)[0]


def _nul_in(code: Code, found: Any, size: Any, count: Any) -> Any:
    """Return the address of the first NUL in an array that lies in one piece, NULL where there is none."""
    memory = code.load(found, DATA, OBJECT)
    return code.call(
        "memchr", memory, ir.Constant(INT, 0), code.builder.mul(size, count)
    )


@cache
def filler() -> int:
    """Return the address of the function that copies an array and fills short elements up with blanks."""
    module = ir.Module("filled")
    function = ir.Function(module, FILLER, "filled")
    found, size, count = function.args
    with begin(function) as code:
        with code.branch(code.slow):
            code.builder.ret(NULL)
        copy = code.call("PyArray_NewCopy", found, FORTRAN_ORDER)
        made, memory = made_or_slow(code, copy)
        code.own(made)
        used = _fill(code, memory, size, count)
        code.require(code.builder.icmp_signed("!=", used, ZERO))
        code.builder.ret(made)
    return Machine().compile_all(str(module), [function.name], code.kept)[function.name]


def _fill(code: Code, memory: Any, size: Any, count: Any) -> Any:
    """Write blanks for the NULs at the end of each element; return how many other characters there are (i64)."""
    builder = code.builder
    total = code.stack(LONG)
    builder.store(ZERO, total)
    back = ir.Constant(LONG, -1)
    with code.each(ZERO, count) as place:
        element = builder.gep(memory, [builder.mul(place, size)])
        used = walked(code, size, ZERO, back, ends_with(code, element, 0))
        rest = builder.sub(size, used)
        code.call("memset", builder.gep(element, [used]), BLANK, rest)
        builder.store(builder.add(builder.load(total), used), total)
    return builder.load(total)

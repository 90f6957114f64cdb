"""Objects of int as integers of 64 bits, and these as Fortran stores them."""

from __future__ import annotations

import sys
from typing import Any

from llvmlite import ir

from f2pypy.native.code import INT, LONG, Code
from f2pypy.native.layouts import DIGITS, SIZE, TAGGED_INTEGERS


def read_integer(code: Code, found: Any) -> Any:
    """Return the value of an exact int or bool as an i64; what is larger is left to Python."""
    builder = code.builder
    size = code.load(found, SIZE, LONG)
    digit = builder.zext(code.load(found, DIGITS, INT), LONG)
    if sys.version_info >= TAGGED_INTEGERS:
        sign = builder.and_(size, ir.Constant(LONG, 3))
        factor = builder.sub(ir.Constant(LONG, 1), sign)
        short = builder.icmp_unsigned("<", size, ir.Constant(LONG, 16))
    else:
        factor = size
        moved = builder.add(size, ir.Constant(LONG, 1))
        short = builder.icmp_unsigned("<", moved, ir.Constant(LONG, 3))
    value = builder.mul(factor, digit)
    start, long, after = builder.block, code.block("long"), code.block("integer")
    builder.cbranch(short, after, long)
    builder.position_at_end(long)
    overflow = code.stack(INT)
    wide = code.call("PyLong_AsLongLongAndOverflow", found, overflow)
    fits = builder.icmp_signed("==", builder.load(overflow), ir.Constant(INT, 0))
    code.require(fits)
    end = builder.block
    builder.branch(after)
    (merged,) = code.merge([(start, [value]), (end, [wide])], after)
    return merged


def stored_integer(
    code: Code, number: Any, bits: int, *, is_signed: bool = True
) -> Any:
    """Return an integer (i64) as Fortran stores it in so many bits; beyond that it is left to Python."""
    builder = code.builder
    if bits == 64:
        if not is_signed:
            code.require(builder.icmp_signed(">=", number, ir.Constant(LONG, 0)))
        return number
    stored = builder.trunc(number, ir.IntType(bits))
    widen = builder.sext if is_signed else builder.zext
    code.require(builder.icmp_signed("==", widen(stored, LONG), number))
    return stored

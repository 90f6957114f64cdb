"""Arithmetic on scalars in registers, which leaves to Python what it can't do as Python does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from llvmlite import ir

from f2pypy.expressions.nodes import (
    Kind,
)
from f2pypy.native.code import DOUBLE, LONG, Code, NotNative, Scalar

TOO_LARGE = b"Python int too large to convert to C long"
WIDTH = 63  # bits of the size of an i64
EXACT_REALS = 53  # integers of so many bits are real numbers too
MINIMUM = ir.Constant(LONG, -(1 << 63))
COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
# operator -> builder's method that is right when nothing overflows, the one that tells, bits of the result
ARITHMETIC: Mapping[str, tuple[str, str, Callable[[int, int], int]]] = {
    "+": ("add", "sadd_with_overflow", lambda a, b: max(a, b) + 1),
    "-": ("sub", "ssub_with_overflow", lambda a, b: max(a, b) + 1),
    "*": ("mul", "smul_with_overflow", lambda a, b: a + b + 1),
}
REAL_ARITHMETIC: Mapping[str, str] = {"+": "fadd", "-": "fsub", "*": "fmul"}
ZERO = ir.Constant(LONG, 0)
ONE = ir.Constant(LONG, 1)


def exact_real(code: Code, value: Scalar) -> Any:
    """Return an integer or real value as a double; an integer that no double is leaves the call to Python."""
    if value.kind is Kind.REAL:
        return value.value
    if value.kind is Kind.LOGICAL:
        value = as_integer(code, value)
    if value.kind is not Kind.INTEGER:
        raise NotNative(f"{value.kind.value} as a real number")
    if value.bits > EXACT_REALS:
        limit = ir.Constant(LONG, 1 << EXACT_REALS)
        shifted = code.builder.add(value.value, limit)
        code.require(
            code.builder.icmp_unsigned(
                "<=", shifted, ir.Constant(LONG, 2 << EXACT_REALS)
            )
        )
    return code.builder.sitofp(value.value, DOUBLE)


def compare(code: Code, operator: str, left: Scalar, right: Scalar) -> Scalar:
    """Print a comparison of two numbers or two characters; with a NaN all but ``!=`` are false."""
    kinds = {left.kind, right.kind}
    if kinds == {Kind.INTEGER}:
        value = code.builder.icmp_signed(operator, left.value, right.value)
    elif kinds == {Kind.CHARACTER}:
        value = code.builder.icmp_unsigned(operator, left.value, right.value)
    else:
        sides = exact_real(code, left), exact_real(code, right)
        compare = (
            code.builder.fcmp_unordered
            if operator == "!="
            else code.builder.fcmp_ordered
        )
        value = compare(operator, *sides)
    return Scalar(Kind.LOGICAL, value)


def arithmetic(code: Code, operator: str, left: Scalar, right: Scalar) -> Scalar:
    """Print ``+``, ``-`` or ``*`` of integers; OverflowError where the result has more than 64 bits."""
    plain, checked, bits_of = ARITHMETIC[operator]
    bits = bits_of(left.bits, right.bits)
    if bits <= WIDTH:
        value = getattr(code.builder, plain)(left.value, right.value)
        return Scalar(Kind.INTEGER, value, bits)
    both = getattr(code.builder, checked)(left.value, right.value)
    overflows = code.builder.extract_value(both, 1)
    code.require_or_raise(code.builder.not_(overflows), OverflowError, TOO_LARGE)
    return Scalar(Kind.INTEGER, code.builder.extract_value(both, 0))


def divide(code: Code, operator: str, left: Scalar, right: Scalar) -> Scalar:
    """Print C's division, which rounds towards zero, and Python's, which rounds down."""
    builder = code.builder
    code.require(builder.icmp_signed("!=", right.value, ZERO))
    if left.bits >= WIDTH:
        smallest = builder.icmp_signed("==", left.value, MINIMUM)
        negates = builder.icmp_signed("==", right.value, ir.Constant(LONG, -1))
        code.require(builder.not_(builder.and_(smallest, negates)))
    if operator == "imod":
        return Scalar(Kind.INTEGER, builder.srem(left.value, right.value), right.bits)
    # Strides are 1 more often than not, and a division takes as long as all the rest.
    start, divides, after = builder.block, code.block("divides"), code.block("divided")
    trivial = builder.icmp_signed("==", right.value, ONE)
    builder.cbranch(trivial, after, divides)
    builder.position_at_end(divides)
    quotient = builder.sdiv(left.value, right.value)
    if operator == "//":
        quotient = builder.sub(quotient, _is_below(code, left, right))
    builder.branch(after)
    (merged,) = code.merge([(start, [left.value]), (divides, [quotient])], after)
    return Scalar(Kind.INTEGER, merged, min(left.bits + 1, WIDTH))


def modulo(code: Code, left: Scalar, right: Scalar) -> Scalar:
    """Print Python's remainder, which has the sign of the divisor."""
    builder = code.builder
    remainder = divide(code, "imod", left, right)
    correction = builder.mul(_is_below(code, left, right), right.value)
    value = builder.add(remainder.value, correction)
    return Scalar(Kind.INTEGER, value, right.bits)


def _is_below(code: Code, left: Scalar, right: Scalar) -> Any:
    """Return 1 (i64) where the quotient lies below the integer that C rounds it to, else 0; `right` is not zero."""
    builder = code.builder
    remainder = builder.srem(left.value, right.value)
    inexact = builder.icmp_signed("!=", remainder, ZERO)
    differ = builder.icmp_signed("<", builder.xor(remainder, right.value), ZERO)
    return builder.zext(builder.and_(inexact, differ), LONG)


def real_arithmetic(code: Code, operator: str, left: Scalar, right: Scalar) -> Scalar:
    """Print ``+``, ``-``, ``*`` or ``/`` of reals; Python does a division by zero."""
    first, second = exact_real(code, left), exact_real(code, right)
    if operator != "/":
        method = getattr(code.builder, REAL_ARITHMETIC[operator])
        return Scalar(Kind.REAL, method(first, second))
    zero = ir.Constant(DOUBLE, 0.0)
    code.require(code.builder.fcmp_unordered("!=", second, zero))
    return Scalar(Kind.REAL, code.builder.fdiv(first, second))


def absolute(code: Code, value: Scalar) -> Scalar:
    """Print the absolute value of an integer or a real; Python does that of the smallest integer."""
    builder = code.builder
    if value.kind is Kind.INTEGER:
        if value.bits >= WIDTH:
            code.require(builder.icmp_signed("!=", value.value, MINIMUM))
        negative = builder.icmp_signed("<", value.value, ZERO)
        opposite = builder.neg(value.value)
        size = builder.select(negative, opposite, value.value)
        return Scalar(Kind.INTEGER, size, min(value.bits + 1, WIDTH))
    if value.kind is Kind.REAL:
        bits = builder.bitcast(value.value, LONG)
        size = builder.and_(bits, ir.Constant(LONG, (1 << 63) - 1))
        return Scalar(Kind.REAL, builder.bitcast(size, DOUBLE))
    raise NotNative(f"the absolute value of {value.kind.value}")


def extreme(code: Code, function: str, values: Any) -> Scalar:
    """Print ``max`` and ``min`` as Python has them: the first of equals, and of what can't be compared."""
    operator = ">" if function == "max" else "<"
    best: Scalar = values[0]
    for value in values[1:]:
        if {best.kind, value.kind} not in ({Kind.INTEGER}, {Kind.REAL}):
            raise NotNative(f"{function} of different kinds")
        better = compare(code, operator, value, best).value
        chosen = code.builder.select(better, value.value, best.value)
        best = Scalar(best.kind, chosen, max(best.bits, value.bits))
    return best


def as_integer(code: Code, value: Scalar) -> Scalar:
    """Return a truth value as 0 or 1, an integer as it is; NotNative for anything else."""
    if value.kind is Kind.LOGICAL:
        return Scalar(Kind.INTEGER, code.builder.zext(value.value, LONG), 1)
    if value.kind is not Kind.INTEGER:
        raise NotNative(f"{value.kind.value} as an integer")
    return value

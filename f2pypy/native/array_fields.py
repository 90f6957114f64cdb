"""What an object of numpy.ndarray says of itself."""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from f2pypy.native.code import BYTE, INT, LONG, OBJECT, Code
from f2pypy.native.layouts import (
    C_CONTIGUOUS,
    DESCRIPTOR,
    ELEMENT_SIZE,
    EXTENTS,
    F_CONTIGUOUS,
    FLAGS,
    LETTER,
    POINTER,
    RANK,
    STRIDES,
)


def has_elements(code: Code, array: Any, kind: Any) -> Any:
    """Return whether the dtype of an array is the object `kind` (i1)."""
    return code.is_object(code.load(array, DESCRIPTOR, OBJECT), kind)


def has_letter(code: Code, array: Any, letter: str) -> Any:
    """Return whether NumPy's letter for the type of an array's elements is this one (i1)."""
    found = code.load(code.load(array, DESCRIPTOR, OBJECT), LETTER, BYTE)
    return code.builder.icmp_unsigned("==", found, ir.Constant(BYTE, ord(letter)))


def element_size(code: Code, array: Any) -> Any:
    """Return how many bytes an element of an array has (i64)."""
    size = code.load(code.load(array, DESCRIPTOR, OBJECT), ELEMENT_SIZE, INT)
    return code.builder.zext(size, LONG)


def has_rank(code: Code, array: Any, rank: int) -> Any:
    """Return whether an array has so many axes (i1)."""
    found = code.load(array, RANK, INT)
    return code.builder.icmp_signed("==", found, ir.Constant(INT, rank))


def has_flags(code: Code, array: Any, wanted: int) -> Any:
    """Return whether an array has all of NumPy's flags that are wanted (i1)."""
    mask = ir.Constant(INT, wanted)
    flags = code.builder.and_(code.load(array, FLAGS, INT), mask)
    return code.builder.icmp_unsigned("==", flags, mask)


def extent_of(code: Code, array: Any, axis: int) -> Any:
    """Return an extent (i64) of an array that has the axis."""
    return code.load(code.load(array, EXTENTS, OBJECT), POINTER * axis, LONG)


def stride_of(code: Code, array: Any, axis: int) -> Any:
    """Return the distance in bytes (i64) between neighbours along an axis that the array has."""
    return code.load(code.load(array, STRIDES, OBJECT), POINTER * axis, LONG)


def require_element_strides(code: Code, array: Any, rank: int, size: int) -> None:
    """Leave to Python an array whose neighbours don't lie whole elements of `size` bytes apart, a power of two.

    gfortran takes a stride of 0, as of repeated rows, for 1.
    """
    builder = code.builder
    whole, scattered = code.block("whole"), code.block("scattered")
    either = ir.Constant(INT, C_CONTIGUOUS | F_CONTIGUOUS)
    flags = builder.and_(code.load(array, FLAGS, INT), either)
    has_none = builder.icmp_unsigned("==", flags, ir.Constant(INT, 0))
    builder.cbranch(has_none, scattered, whole)
    builder.position_at_end(scattered)
    zero, one = ir.Constant(LONG, 0), ir.Constant(LONG, 1)
    for axis in range(rank):
        stride = stride_of(code, array, axis)
        rest = builder.and_(stride, ir.Constant(LONG, size - 1))
        code.require(builder.icmp_signed("==", rest, zero))
        moves = builder.icmp_signed("!=", stride, zero)
        is_short = builder.icmp_signed("<=", extent_of(code, array, axis), one)
        code.require(builder.or_(moves, is_short))
    builder.branch(whole)
    builder.position_at_end(whole)

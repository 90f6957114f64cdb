"""What an object of numpy.ndarray says of itself."""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from f2pypy.native.code import INT, LONG, OBJECT, Code
from f2pypy.native.layouts import DESCRIPTOR, EXTENTS, FLAGS, POINTER, RANK


def has_elements(code: Code, array: Any, kind: Any) -> Any:
    """Return whether the dtype of an array is the object `kind` (i1)."""
    return code.is_object(code.load(array, DESCRIPTOR, OBJECT), kind)


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

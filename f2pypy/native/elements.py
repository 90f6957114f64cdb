"""What a wrapper does to the elements of arrays itself, such as counting pivots from 0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llvmlite import ir

from f2pypy import plan
from f2pypy.expressions.nodes import Bounds, Expression, Integer
from f2pypy.native.array_fields import has_flags
from f2pypy.native.code import INT, LONG, Array, Code, NotNative
from f2pypy.native.expressions import array_named, evaluate, integer, size_of
from f2pypy.native.invocation import TYPES, stored
from f2pypy.native.layouts import WRITEABLE

ELEMENT_TYPES = {"int32": INT, "int64": LONG}
# The types of numbers that elements are set to, by the runtime's name.
FILLED: Mapping[str, str] = {
    "int32": "INT",
    "int64": "LONG",
    "float32": "FLOAT",
    "float64": "DOUBLE",
    "complex64": "COMPLEX",
    "complex128": "DOUBLE_COMPLEX",
}
# Operator -> builder's method; integers wrap as NumPy's do.
OPERATORS = {"+=": "add", "-=": "sub"}


def make_writable(code: Code, step: plan.MakeWritable) -> None:
    """Write step MakeWritable: Python makes the copy of an array that is read-only."""
    for name in step.names:
        array = array_named(code, name)
        code.require(has_flags(code, array.object, WRITEABLE))
        code.writable.add(name)


def assign_elements(code: Code, step: plan.AssignElements) -> None:
    """Write step AssignElements for one integer that is added to, or taken from, elements side by side."""
    array = array_named(code, step.array)
    amount, method = step.value, OPERATORS.get(step.operator)
    if not isinstance(amount, Integer) or array.dtype not in ELEMENT_TYPES:
        raise NotNative("elements that are assigned")
    if method is None or step.part or step.places.stride not in (None, Integer(1)):
        raise NotNative("elements that are assigned")
    _require_writable(code, step.array, array)
    first, last = _bounds(code, step.places, array)
    kind = ELEMENT_TYPES[array.dtype]
    builder = code.builder
    with code.each(first, last) as place:
        element = builder.gep(code.at(array.memory, 0, kind), [place])
        changed = getattr(builder, method)(
            builder.load(element), ir.Constant(kind, amount.value)
        )
        builder.store(changed, element)


def fill_triangle(code: Code, step: plan.FillTriangle) -> None:
    """Write step FillTriangle, column by column."""
    array = array_named(code, step.array)
    if array.dtype not in FILLED:
        raise NotNative(f"elements of {array.dtype} that are assigned")
    _require_writable(code, step.array, array)
    kind = TYPES[FILLED[array.dtype]]
    parts = stored(code, evaluate(code, step.value), kind)
    order, leading = integer(code, step.order).value, integer(code, step.leading).value
    builder, size = code.builder, ir.Constant(LONG, len(parts))
    beside = ir.Constant(LONG, 0 if step.diagonal else 1)
    memory = code.at(array.memory, 0, kind.part)
    with code.each(ir.Constant(LONG, 0), order) as column:
        start = builder.mul(column, leading)
        diagonal = builder.add(start, column)
        if step.lower:
            first, last = builder.add(diagonal, beside), builder.add(start, order)
        else:
            after = builder.add(diagonal, ir.Constant(LONG, 1))
            first, last = start, builder.sub(after, beside)
        _require_inside(code, first, last, array)
        with code.each(first, last) as place:
            element = builder.gep(memory, [builder.mul(place, size)])
            for at, part in enumerate(parts):
                builder.store(part, builder.gep(element, [ir.Constant(LONG, at)]))


def _require_writable(code: Code, name: str, array: Array) -> None:
    """Raise NotNative for an array that the caller may have made read-only."""
    if name not in code.writable and array.object not in code.owned:
        raise NotNative("elements of an array that may be read-only")


def _bounds(code: Code, places: Bounds, array: Array) -> tuple[Any, Any]:
    """Return the first place and the one after the last; IndexError for one outside of the array."""
    first = _place(code, places.lower, Integer(0))
    last = _place(code, places.upper, None)
    _require_inside(code, first, last, array)
    return first, last


def _require_inside(code: Code, first: Any, last: Any, array: Array) -> None:
    """Raise IndexError where elements from `first` to before `last` lie outside of the array."""
    builder = code.builder
    is_empty = builder.icmp_signed(">=", first, last)
    inside = builder.icmp_signed("<=", last, size_of(code, array))
    starts_inside = builder.icmp_signed(">=", first, ir.Constant(LONG, 0))
    fits = builder.or_(is_empty, builder.and_(starts_inside, inside))
    code.require_or_raise(fits, IndexError, b"an element lies outside of an array")


def _place(code: Code, bound: Expression | None, default: Expression | None) -> Any:
    given = default if bound is None else bound
    if given is None:
        raise NotNative("elements up to the last")
    return integer(code, given).value

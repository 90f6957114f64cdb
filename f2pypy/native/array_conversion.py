"""New arrays, and the machine code that makes them of arrays of other types or orders and of lists of numbers.

All routines share one function for each type of elements. It takes only what can neither fail, warn nor run a user's
code in NumPy's conversion; for everything else it returns NULL, and Python converts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir

from f2pypy.expressions.nodes import Kind
from f2pypy.native.code import (
    DOUBLE,
    INT,
    LONG,
    NULL,
    OBJECT,
    OBJECTS,
    SINGLE,
    Code,
    NotNative,
    begin,
)
from f2pypy.native.conversion import CONVERTERS
from f2pypy.native.layouts import (
    AS_FORTRAN,
    DATA,
    DESCRIPTOR,
    ELEMENTS,
    ITEMS,
    LIST_ITEMS,
    RANK,
    SIZE,
)
from f2pypy.native.machine import Machine

FORTRAN_ORDER = ir.Constant(INT, 1)
# Takes an object and the rank; returns a new array in Fortran's order, or NULL without an exception.
CONVERTER = ir.FunctionType(OBJECT, [OBJECT, INT])
# Type of an array's elements -> the runtime's converter for a number in a list.
NUMBERS: Mapping[str, str] = {
    "int8": "integer8",
    "int16": "integer16",
    "int32": "integer",
    "int64": "integer64",
    "float32": "real",
    "float64": "real",
    "complex128": "complex_number",
}


@cache
def converter_to(dtype: str) -> int:
    """Return the address of the function that makes arrays of `dtype`; it is compiled the first time."""
    module = ir.Module(f"to_{dtype}")
    function = ir.Function(module, CONVERTER, f"to_{dtype}")
    found, rank = function.args
    with begin(function) as code:
        with code.branch(code.slow):
            code.builder.ret(NULL)
        is_sequence = code.block("is_sequence")
        is_array = code.has_type(found, np.ndarray)
        code.go_on_if(is_array, is_sequence)
        _convert_array(code, found, rank, dtype)
        code.builder.position_at_end(is_sequence)
        _convert_sequence(code, found, rank, dtype)
    return Machine().compile_all(str(module), [function.name], code.kept)[function.name]


def _is_harmless(source: str, target: str) -> bool:
    """Whether NumPy converts every element without a warning; integers wrap."""
    whole = np.dtype(source).kind == "i"
    return whole or np.can_cast(source, target, "safe")


def _convert_array(code: Code, found: Any, rank: Any, dtype: str) -> None:
    builder = code.builder
    code.require(builder.icmp_signed("==", code.load(found, RANK, INT), rank))
    convert = code.block("convert")
    descriptor = code.load(found, DESCRIPTOR, OBJECT)
    for source, element in ELEMENTS.items():
        if _is_harmless(source, dtype):
            other = code.block(f"not_{source}")
            is_known = code.is_object(descriptor, element.descriptor)
            builder.cbranch(is_known, convert, other)
            builder.position_at_end(other)
    builder.branch(code.slow)
    builder.position_at_end(convert)
    kind = code.constant_object(ELEMENTS[dtype].descriptor)
    code.keep(kind)  # NumPy takes it over
    flags = ir.Constant(INT, AS_FORTRAN)
    made = made_or_slow(code, code.call("PyArray_FromArray", found, kind, flags))
    builder.ret(made[0])


def _convert_sequence(code: Code, found: Any, rank: Any, dtype: str) -> None:
    """Convert a list or tuple of numbers whose types are known."""
    builder = code.builder
    code.require(builder.icmp_signed("==", rank, ir.Constant(INT, 1)))
    if dtype not in NUMBERS:
        builder.branch(code.slow)
        return
    is_list, other, after = (code.block(name) for name in ("list", "other", "items"))
    builder.cbranch(code.has_type(found, list), is_list, other)
    with code.branch(is_list):
        listed = builder.bitcast(code.load(found, LIST_ITEMS, OBJECT), OBJECTS)
        builder.branch(after)
    builder.position_at_end(other)
    code.require(code.has_type(found, tuple))
    arms = [(is_list, [listed]), (builder.block, [code.at(found, ITEMS, OBJECT)])]
    builder.branch(after)
    (items,) = code.merge(arms, after)
    size = code.load(found, SIZE, LONG)
    made, memory = new_array(code, dtype, [size], "PyArray_Empty")
    code.own(made)
    _convert_items(code, items, size, memory, dtype)
    builder.ret(made)


def _convert_items(code: Code, items: Any, size: Any, memory: Any, dtype: str) -> None:
    builder = code.builder
    with code.each(ir.Constant(LONG, 0), size) as place:
        offset = builder.mul(place, ir.Constant(LONG, ELEMENTS[dtype].size))
        item = code.object_at(items, place)
        _store(code, item, builder.gep(memory, [offset]), dtype)


def _store(code: Code, item: Any, place: Any, dtype: str) -> None:
    """Store one number as an element."""
    builder = code.builder
    _, convert = CONVERTERS[NUMBERS[dtype]]
    number = convert(code, item)
    if number.kind is Kind.INTEGER:
        kind = ir.IntType(8 * ELEMENTS[dtype].size)
        value = builder.trunc(number.value, kind) if kind != LONG else number.value
        builder.store(value, code.at(place, 0, kind))
    elif dtype == "float32":
        _require_single(code, number.value)
        value = builder.fptrunc(number.value, SINGLE)
        builder.store(value, code.at(place, 0, SINGLE))
    else:
        builder.store(number.value, code.at(place, 0, DOUBLE))
        if number.imaginary is not None:
            builder.store(number.imaginary, code.at(place, 8, DOUBLE))


def _require_single(code: Code, value: Any) -> None:
    """Leave to Python what is out of the range of normal numbers, for which NumPy may warn."""
    builder = code.builder
    absolute = builder.module.declare_intrinsic("llvm.fabs", [DOUBLE])
    size = builder.call(absolute, [value])
    limits = np.finfo(np.float32)
    low, high, zero = (
        ir.Constant(DOUBLE, float(limit)) for limit in (limits.tiny, limits.max, 0)
    )
    is_normal = builder.and_(
        builder.fcmp_ordered(">=", size, low), builder.fcmp_ordered("<=", size, high)
    )
    code.require(builder.or_(is_normal, builder.fcmp_ordered("==", size, zero)))


def new_array(
    code: Code, dtype: str, extents: Sequence[Any], function: str
) -> list[Any]:
    """Return a new array made by a function of NumPy's, and its memory."""
    if dtype not in ELEMENTS:
        raise NotNative(f"an array of {dtype}")
    return new_array_of(code, ELEMENTS[dtype].descriptor, extents, function)


def new_array_of(
    code: Code, elements: Any, extents: Sequence[Any], function: str
) -> list[Any]:
    """Return a new array with elements of a type of NumPy's, and its memory."""
    room = code.stack(LONG, max(len(extents), 1))
    for axis, value in enumerate(extents):
        place = code.builder.gep(room, [ir.Constant(LONG, axis)])
        code.builder.store(value, place)
    kind = code.constant_object(elements)
    code.keep(kind)  # the new array's own
    rank = ir.Constant(INT, len(extents))
    return made_or_slow(code, code.call(function, rank, room, kind, FORTRAN_ORDER))


def made_or_slow(code: Code, made: Any) -> list[Any]:
    """Return a new array and its memory; where NumPy failed, Python shall fail in its own words."""
    assert code.slow is not None
    failed = code.block("failed")
    code.go_on_if(code.is_given(made), failed)
    with code.branch(failed):
        code.call("PyErr_Clear")
        code.builder.branch(code.slow)
    return [made, code.load(made, DATA, OBJECT)]

"""What a callback's Python function gets: numbers, strings, and arrays over Fortran's memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from llvmlite import ir

from f2pypy.native.array_fields import extent_of, has_elements, has_rank
from f2pypy.native.callback_call import (
    PARTS,
    Call,
    element_type,
    is_array,
    is_scalar,
    is_string,
)
from f2pypy.native.code import DOUBLE, INT, LONG, NULL, OBJECT, SINGLE, NotNative
from f2pypy.native.floats import new_float
from f2pypy.native.layouts import (
    ALIGNED,
    C_CONTIGUOUS,
    DATA,
    F_CONTIGUOUS,
    FLAGS,
    POINTER,
    STRIDES,
    WEAK_REFERENCES,
    WRITEABLE,
)


class Extent:
    """A whole number that is computed when Fortran calls; anything but sums and products of it is refused."""

    def __init__(self, builder: Any, value: Any, bits: int) -> None:
        if bits > 64:
            raise NotNative("an extent that may need more than 64 bits")
        self.builder, self.value, self.bits = builder, value, bits

    def _with(self, verb: str, other: Any, bits: Callable[..., int]) -> Extent:
        if type(other) is int:
            other = Extent(self.builder, ir.Constant(LONG, other), other.bit_length())
        if type(other) is not Extent:
            raise NotNative("an extent that isn't made of whole numbers")
        made = getattr(self.builder, verb)(self.value, other.value)
        return Extent(self.builder, made, int(bits(self.bits, other.bits)))

    def __add__(self, other: Any) -> Extent:
        return self._with("add", other, max)

    def __sub__(self, other: Any) -> Extent:
        return self._with("sub", other, max)

    def __mul__(self, other: Any) -> Extent:
        return self._with("mul", other, int.__add__)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: Any) -> Extent:
        return self._with("mul", -1, max).__add__(other)

    def _refuse(self, *_: Any) -> Any:
        raise NotNative("an extent that isn't a sum or product")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __bool__ = __neg__ = __abs__ = __floordiv__ = __mod__ = __pow__ = _refuse
    __hash__ = None  # type: ignore[assignment]


def write_arguments(
    call: Call, shown: Sequence[tuple[Any, Any]], views: Mapping[int, int]
) -> list[Any]:
    """Return the objects that the Python function gets, each owned; nothing may fail once one is made.

    `shown` has the arguments with their places; `views` the words of the arrays' views, by place.
    """
    shapes = {
        place.index: shape_of(call, argument, place)
        for argument, place in shown
        if is_array(argument)
    }
    made: list[Any] = []
    for argument, place in shown:
        if place.index in shapes:
            word = views[place.index]
            found = _view(call, argument, place, shapes[place.index], word)
        elif is_string(argument):
            found = _string(call, place)
        else:
            found = _scalar(call, argument, call.values[place.index])
        call.require_success(call.code.is_given(found), made)
        made.append(found)
    return made


def shape_of(call: Call, argument: Any, place: Any) -> list[Any]:
    """Return the extents (i64) of an array in this call; NotNative for what isn't made of sums and products."""
    symbols = [_extent(call, get.func.__self__, get.args[0]) for get in place.getters]
    try:
        found = argument.extents(*symbols)
    except NotNative:
        raise
    except Exception as failure:
        raise NotNative(f"the extents of {argument.name}") from failure
    shape = []
    for extent in found:
        if type(extent) is int and abs(extent) < 1 << 62:
            shape.append(ir.Constant(LONG, extent))
        elif type(extent) is Extent:
            shape.append(extent.value)
        else:
            raise NotNative(f"the extents of {argument.name}")
    return shape


def _extent(call: Call, argument: Any, place: Any) -> Extent:
    is_integer = is_scalar(argument) and argument.kind.bits
    if not is_integer or argument.kind.code not in PARTS:
        raise NotNative(f"an extent that depends on {argument.name}")
    part = PARTS[argument.kind.code]
    number = call.code.load(call.values[place.index], 0, part)
    if argument.kind.bits < 64:
        number = call.code.builder.sext(number, LONG)
    return Extent(call.code.builder, number, argument.kind.bits)


def _string(call: Call, place: Any) -> Any:
    """Return a new str."""
    length = place.length(call.values)
    if type(length) is int:
        length = ir.Constant(LONG, length)
    at = call.values[place.index]
    return call.code.call("PyUnicode_DecodeUTF8", at, length, NULL)


def _scalar(call: Call, argument: Any, at: Any) -> Any:
    """Return a new Python number, or a str of one character."""
    code, builder, kind = call.code, call.code.builder, argument.kind
    if argument.is_text:
        return code.call("PyUnicode_DecodeLatin1", at, ir.Constant(LONG, 1), NULL)
    part = PARTS[kind.code[0]]
    size = element_type(argument).itemsize // len(kind.code)
    numbers = [code.load(at, size * place, part) for place in range(len(kind.code))]
    if part is SINGLE:
        numbers = [builder.fpext(each, DOUBLE) for each in numbers]
    if kind.is_complex:
        return code.call("PyComplex_FromDoubles", *numbers)
    if numbers[0].type is DOUBLE:
        return new_float(code, numbers[0])
    if part is not LONG:
        numbers = [builder.sext(numbers[0], LONG)]
    return code.call("PyLong_FromLongLong", numbers[0])


def _view(
    call: Call, argument: Any, place: Any, shape: Sequence[Any], word: int
) -> Any:
    """Return an array over Fortran's memory: that of the call before if nobody else has it and it is as made."""
    code, builder = call.code, call.code.builder
    kind, at, old = element_type(argument), call.values[place.index], call.word(word)
    again, anew, release, after = map(code.block, ("again", "anew", "release", "view"))
    builder.cbranch(code.is_null(old), anew, again)
    builder.position_at_end(again)
    for condition in _as_made(call, old, kind, word, shape, argument.order):
        code.go_on_if(condition(), release)
    builder.store(at, code.at(old, DATA, OBJECT))
    kept = builder.block
    builder.branch(after)
    builder.position_at_end(release)
    call.put(word, NULL)
    code.call("Py_DecRef", old)
    builder.branch(anew)
    builder.position_at_end(anew)
    new = _new_view(call, kind, at, shape, argument.order)
    call.put(word, new)
    failed, made = builder.block, code.block("made")
    builder.cbranch(code.is_null(new), after, made)
    builder.position_at_end(made)
    call.put(word + 1, code.load(new, FLAGS, INT))
    builder.branch(after)
    (found,) = code.merge([(kept, [old]), (failed, [new]), (made, [new])], after)
    counted, ready = code.block("counted"), code.block("ready")
    builder.cbranch(code.is_null(found), ready, counted)
    with code.branch(counted):
        code.keep(found)
        builder.branch(ready)
    builder.position_at_end(ready)
    return found


def _new_view(call: Call, kind: Any, at: Any, shape: Sequence[Any], order: str) -> Any:
    """Return a new array over the memory at `at`, NULL where NumPy raised."""
    code, builder = call.code, call.code.builder
    extents = code.stack(LONG, max(1, len(shape)))
    for axis, extent in enumerate(shape):
        builder.store(extent, builder.gep(extents, [ir.Constant(LONG, axis)]))
    descriptor = code.constant_object(kind)
    code.keep(descriptor)  # NumPy takes it over
    contiguous = C_CONTIGUOUS if order == "C" else F_CONTIGUOUS
    return code.call(
        "PyArray_NewFromDescr",
        code.constant_object(np.ndarray),
        descriptor,
        ir.Constant(INT, len(shape)),
        extents,
        NULL,
        at,
        ir.Constant(INT, contiguous | ALIGNED | WRITEABLE),
        NULL,
    )


def _as_made(
    call: Call, old: Any, kind: Any, word: int, shape: Sequence[Any], order: str
) -> list[Callable[[], Any]]:
    """Return what asks whether a view may be handed out again, one condition after the other."""
    code, builder = call.code, call.code.builder

    def same(found: Any, wanted: Any) -> Any:
        return builder.icmp_signed("==", found, wanted)

    conditions = [
        # 32 bits suffice: from 3.12 on the rest isn't counted
        lambda: same(code.load(old, 0, INT), ir.Constant(INT, 1)),
        lambda: code.has_type(old, np.ndarray),
        lambda: code.is_null(code.load(old, WEAK_REFERENCES, OBJECT)),
        lambda: has_elements(code, old, kind),
        lambda: has_rank(code, old, len(shape)),
        lambda: same(code.load(old, FLAGS, INT), call.word(word + 1, INT)),
    ]
    axes = list(range(len(shape)))
    distance: Any = ir.Constant(LONG, kind.itemsize)
    for axis in axes if order == "F" else reversed(axes):
        conditions.append(partial(_has_axis, call, old, axis, shape[axis], distance))
        distance = partial(_product, call, distance, shape[axis])
    return conditions


def _product(call: Call, distance: Any, extent: Any) -> Any:
    return call.code.builder.mul(distance() if callable(distance) else distance, extent)


def _has_axis(call: Call, old: Any, axis: int, extent: Any, distance: Any) -> Any:
    code, builder = call.code, call.code.builder
    distance = distance() if callable(distance) else distance
    stride = code.load(code.load(old, STRIDES, OBJECT), POINTER * axis, LONG)
    return builder.and_(
        builder.icmp_signed("==", extent_of(code, old, axis), extent),
        builder.icmp_signed("==", stride, distance),
    )

"""What a callback's Python function returned, as Fortran takes it; of other types than the expected one by Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir

from f2pypy.native.array_fields import extent_of, has_elements, has_flags, has_rank
from f2pypy.native.callback_arguments import shape_of
from f2pypy.native.callback_call import (
    PARTS,
    RAISED,
    TAKE,
    WHOLE,
    Call,
    is_array,
    is_scalar,
    return_value,
)
from f2pypy.native.code import DOUBLE, LONG, NOTHING, OBJECT, SINGLE
from f2pypy.native.integers import read_integer, stored_integer
from f2pypy.native.layouts import (
    ALIGNED,
    C_CONTIGUOUS,
    DATA,
    F_CONTIGUOUS,
    IMAGINARY,
    NUMBER,
)


def take_answer(call: Call, answer: Any) -> None:
    """Give Fortran the answer if it has exactly the type that is expected, else let Python do it."""
    code, builder = call.code, call.code.builder
    code.slow = code.block("slowly")
    returned, outputs = call.signature.returned, call.signature.outputs
    if returned is not None:
        result = _exact(call, answer, returned.kind)
        code.let_go(answer)
        builder.ret(result)
    else:
        done, other = code.block("done"), code.block("other")
        builder.cbranch(code.is_object(answer, None), done, other)
        builder.position_at_end(other)
        if len(outputs) == 1 and _can_store(outputs[0].argument):
            _store(call, answer, outputs[0])
            builder.branch(done)
        else:
            builder.branch(code.slow)
        builder.position_at_end(done)
        code.let_go(answer)
        builder.ret_void()
    with code.branch(code.slow):
        result = call.call_python(TAKE, [answer, *_numbers(call)])
        call.require_success(code.is_given(result))
        _return_converted(call, result)


def leave_to_python(call: Call) -> None:
    """Let Python answer the whole call; it keeps what is raised."""
    code, builder = call.code, call.code.builder
    result = call.call_python(WHOLE, _numbers(call))
    failed = code.block("failed")
    code.go_on_if(code.is_given(result), failed)
    with code.branch(failed):
        over = code.block("over")
        # Once Fortran has returned, a tuple stands for the list.
        code.go_on_if(code.has_type(call.word(RAISED), list), over)
        call.remember()
        call.return_zero()
        builder.position_at_end(over)
        code.call("PyErr_WriteUnraisable", code.constant_object(None))
        call.return_zero()
    _return_converted(call, result)


def _can_store(argument: Any) -> bool:
    """Whether machine code stores an answer; Python does it else."""
    if is_array(argument):
        return not argument.is_text
    if not is_scalar(argument) or argument.convert is not None:
        return False
    # Python rounds to single precision as f2py does.
    return argument.kind.code == "dd" or argument.kind.code in PARTS.keys() - {"f"}


def _exact(call: Call, answer: Any, kind: Any) -> Any:
    """Return a number of C's type, of an answer that is exactly of Python's."""
    code, builder = call.code, call.code.builder
    part = PARTS[kind.code]
    if kind.is_logical:
        is_true = code.is_object(answer, True)
        code.require(builder.or_(is_true, code.is_object(answer, False)))
        return builder.zext(is_true, part)
    if kind.bits:
        code.require(code.has_type(answer, int))
        return stored_integer(code, read_integer(code, answer), part.width)
    _require_type(call, answer, (float, np.float64))
    number = code.load(answer, NUMBER, DOUBLE)
    return builder.fptrunc(number, SINGLE) if part is SINGLE else number


def _require_type(call: Call, answer: Any, kinds: Sequence[type]) -> None:
    """Go on where the answer is of one of two types, which have C's number in the same place."""
    code = call.code
    code.require(code.builder.or_(*(code.has_type(answer, kind) for kind in kinds)))


def _store(call: Call, answer: Any, output: Any) -> None:
    code, builder = call.code, call.code.builder
    argument, at = output.argument, call.values[output.place.index]
    if is_array(argument):
        _copy(call, answer, argument, output.place)
        return
    kind = argument.kind
    if not kind.is_complex:
        number = _exact(call, answer, kind)
        builder.store(number, code.at(at, 0, number.type))
        return
    _require_type(call, answer, (complex, np.complex128))
    for offset, place in ((0, NUMBER), (8, IMAGINARY)):
        builder.store(code.load(answer, place, DOUBLE), code.at(at, offset, DOUBLE))


def _copy(call: Call, answer: Any, argument: Any, place: Any) -> None:
    """Copy an array of the very type, shape and order."""
    code, builder = call.code, call.code.builder
    kind, shape = argument.kind, shape_of(call, argument, place)
    order = C_CONTIGUOUS if argument.order == "C" else F_CONTIGUOUS
    code.require(code.has_type(answer, np.ndarray))
    code.require(has_elements(code, answer, kind))
    code.require(has_rank(code, answer, len(shape)))
    code.require(has_flags(code, answer, order | ALIGNED))
    size: Any = ir.Constant(LONG, kind.itemsize)
    for axis, extent in enumerate(shape):
        found = extent_of(code, answer, axis)
        code.require(builder.icmp_signed("==", found, extent))
        size = builder.mul(size, extent)
    memory = code.load(answer, DATA, OBJECT)
    code.call("memmove", call.values[place.index], memory, size)


def _numbers(call: Call) -> list[Any]:
    """Return addresses and lengths as Python's integers."""
    code = call.code
    return [
        code.call(
            "PyLong_FromLongLong",
            each if each.type is LONG else code.builder.ptrtoint(each, LONG),
        )
        for each in call.values
    ]


def _return_converted(call: Call, result: Any) -> None:
    """Return what one of Python's functions has converted, which fits."""
    code, builder, kind = call.code, call.code.builder, call.result
    number = None
    if kind in (DOUBLE, SINGLE):
        number = code.call("PyFloat_AsDouble", result)
        if kind is SINGLE:
            number = builder.fptrunc(number, SINGLE)
    elif kind is not NOTHING:
        number = code.call("PyLong_AsLongLong", result)
        if kind is not LONG:
            number = builder.trunc(number, kind)
    code.call("Py_DecRef", result)
    return_value(builder, kind, number)

"""The call of the Fortran routine: scalars on the stack, addresses, the result as the library's compiler returns it."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any, Optional

from llvmlite import ir

from f2pypy import plan
from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import Kind, Name
from f2pypy.native.arithmetic import exact_real
from f2pypy.native.callback_steps import (
    finish_thunks,
    give_back_thunks,
    passed_thunk,
)
from f2pypy.native.code import (
    BYTE,
    DOUBLE,
    INT,
    LONG,
    NOTHING,
    NULL,
    OBJECT,
    SINGLE,
    Array,
    Code,
    NotNative,
    Scalar,
)
from f2pypy.native.conventions import Described
from f2pypy.native.deferred_texts import passed_length
from f2pypy.native.descriptors import describe, holder_named
from f2pypy.native.expressions import array_named, evaluate, integer, size_of, truth
from f2pypy.native.guards import NativeGuard
from f2pypy.native.layouts import ELEMENTS
from f2pypy.native.texts import text_named


@dataclass(frozen=True)
class Symbol:
    """A Fortran routine: its address, whether it hides a complex result and returns a double for a real one.

    Its stops are exceptions where it has a `guard`.
    """

    address: int
    hidden: bool
    double_for_real: bool
    guard: Optional[NativeGuard] = None


@dataclass(frozen=True)
class Memory:
    """A Fortran scalar in memory: what it is to Python, the type of each part, and the bits of an integer's size."""

    kind: Kind
    part: Any
    bits: int = 0
    unsigned: bool = False
    parts: int = 1
    logical: bool = False


# The runtime's name of a type -> what lies in memory.
TYPES: Mapping[str, Memory] = {
    "INT8": Memory(Kind.INTEGER, BYTE, 7),
    "INT16": Memory(Kind.INTEGER, ir.IntType(16), 15),
    "INT": Memory(Kind.INTEGER, INT, 31),
    "LONG": Memory(Kind.INTEGER, LONG, 63),
    "UINT8": Memory(Kind.INTEGER, BYTE, 8, unsigned=True),
    "UINT16": Memory(Kind.INTEGER, ir.IntType(16), 16, unsigned=True),
    "UINT": Memory(Kind.INTEGER, INT, 32, unsigned=True),
    "LOGICAL8": Memory(Kind.INTEGER, BYTE, 7, logical=True),
    "LOGICAL16": Memory(Kind.INTEGER, ir.IntType(16), 15, logical=True),
    "LOGICAL": Memory(Kind.INTEGER, INT, 31, logical=True),
    "LOGICAL64": Memory(Kind.INTEGER, LONG, 63, logical=True),
    "FLOAT": Memory(Kind.REAL, SINGLE),
    "DOUBLE": Memory(Kind.REAL, DOUBLE),
    "COMPLEX": Memory(Kind.COMPLEX, SINGLE, parts=2),
    "DOUBLE_COMPLEX": Memory(Kind.COMPLEX, DOUBLE, parts=2),
    "CHARACTER": Memory(Kind.CHARACTER, BYTE),
}
# How a complex result of parts of one type comes back in registers, by machine.
PAIR = ir.VectorType(SINGLE, 2)
COMPLEX_RESULTS: Mapping[tuple[str, Any], Any] = {
    ("x86_64", DOUBLE): ir.LiteralStructType([DOUBLE, DOUBLE]),
    ("x86_64", SINGLE): PAIR,
    ("aarch64", DOUBLE): ir.LiteralStructType([DOUBLE, DOUBLE]),
    ("aarch64", SINGLE): ir.LiteralStructType([SINGLE, SINGLE]),
    ("arm64", DOUBLE): ir.LiteralStructType([DOUBLE, DOUBLE]),
    ("arm64", SINGLE): ir.LiteralStructType([SINGLE, SINGLE]),
}


def invoke(
    code: Code, step: plan.Invoke, binding: plan.Binding, symbol: Symbol
) -> None:
    """Write step Invoke; after it, Python can't take the call over any more."""
    rooms = _rooms(code, step.arguments)
    arguments = [_actual(code, argument, rooms) for argument in step.arguments]
    if symbol.guard is not None:
        symbol.guard.require_turn(code, binding.threadsafe)
    code.slow = None
    thread = code.call("PyEval_SaveThread") if binding.threadsafe else None

    def come_back() -> None:
        if thread is not None:
            code.call("PyEval_RestoreThread", thread)
        give_back_thunks(code)

    guard = symbol.guard
    with nullcontext() if guard is None else guard.around(code, come_back, thread):
        result = _called(code, binding, symbol, arguments)
    come_back()
    finish_thunks(code)
    for name, place in zip(step.outputs, binding.outputs):
        scalar = _scalar_in(step.arguments[place])
        assert scalar is not None
        kind = type_of(scalar.code)
        code.variables[name] = _read(code, rooms[scalar.name], kind)
    if step.result is not None and result is not None:
        code.variables[step.result] = result


def type_of(name: str) -> Memory:
    """Return a type by the runtime's name."""
    if name not in TYPES:
        raise NotNative(f"a scalar of type {name}")
    return TYPES[name]


def _rooms(code: Code, arguments: Sequence[plan.CallArgument]) -> Mapping[str, Any]:
    """Return where the scalars passed by reference lie, by their names, with their values there."""
    scalars = {
        each.name: each for each in map(_scalar_in, arguments) if each is not None
    }
    return {name: _filled(code, scalar) for name, scalar in scalars.items()}


def _scalar_in(argument: plan.CallArgument) -> plan.PassScalar | None:
    actual = argument.actual if isinstance(argument, plan.PassNull) else argument
    return actual if isinstance(actual, plan.PassScalar) else None


def _filled(code: Code, scalar: plan.PassScalar) -> Any:
    """Return memory with a scalar's value in it."""
    kind = type_of(scalar.code)
    room = code.stack(kind.part, kind.parts)
    parts = stored(code, evaluate(code, scalar.value), kind)
    for place, part in enumerate(parts):
        code.builder.store(part, code.builder.gep(room, [ir.Constant(LONG, place)]))
    return room


def stored(code: Code, value: Scalar, kind: Memory) -> list[Any]:
    """Return the parts of a value as they lie in memory; NotNative where the kinds don't go together."""
    if kind.kind is Kind.INTEGER and value.kind in (Kind.INTEGER, Kind.LOGICAL):
        return [_stored_integer(code, value, kind)]
    if kind.kind is Kind.REAL and value.kind in (Kind.REAL, Kind.INTEGER):
        return [_narrowed(code, exact_real(code, value), kind.part)]
    if kind.kind is Kind.COMPLEX and value.kind is Kind.COMPLEX:
        return [
            _narrowed(code, part, kind.part) for part in (value.value, value.imaginary)
        ]
    if kind.kind is Kind.CHARACTER and value.kind is Kind.CHARACTER:
        return [value.value]
    raise NotNative(f"{value.kind.value} passed as {kind.kind.value}")


def _narrowed(code: Code, value: Any, part: Any) -> Any:
    return code.builder.fptrunc(value, part) if part is SINGLE else value


def _stored_integer(code: Code, value: Scalar, kind: Memory) -> Any:
    builder = code.builder
    if value.kind is Kind.LOGICAL:
        return builder.zext(value.value, kind.part)
    if kind.unsigned:
        limit = ir.Constant(LONG, 1 << kind.bits)
        code.require(builder.icmp_unsigned("<", value.value, limit))
    elif value.bits > kind.bits:
        shifted = builder.add(value.value, ir.Constant(LONG, 1 << kind.bits))
        limit = ir.Constant(LONG, 2 << kind.bits)
        code.require(builder.icmp_unsigned("<", shifted, limit))
    if kind.part is LONG:
        return value.value
    return builder.trunc(value.value, kind.part)


def _actual(code: Code, argument: plan.CallArgument, rooms: Mapping[str, Any]) -> Any:
    printer = ACTUALS.get(type(argument))
    if printer is None:
        raise NotNative(f"the argument {getattr(argument, 'name', argument)}")
    return printer(code, argument, rooms)


def _scalar(code: Code, argument: plan.PassScalar, rooms: Mapping[str, Any]) -> Any:
    return code.builder.bitcast(rooms[argument.name], OBJECT)


def _address(code: Code, argument: plan.Address, _: Mapping[str, Any]) -> Any:
    array = array_named(code, argument.array)
    if argument.offset is None:
        return array.memory
    builder = code.builder
    offset = integer(code, argument.offset).value
    # Unsigned, a negative offset lies beyond the end.
    size = size_of(code, array)
    code.require(builder.icmp_unsigned("<=", offset, size))
    length = array.length
    width = ir.Constant(LONG, ELEMENTS[array.dtype].size) if length is None else length
    distance = builder.mul(offset, width)
    return builder.gep(array.memory, [distance])


def _value(code: Code, argument: plan.PassValue, _: Mapping[str, Any]) -> Any:
    kind = type_of(argument.code)
    is_flag = argument.code == "INT8" and sys.platform != "darwin"
    if kind.parts != 1 or (
        kind.part not in (INT, LONG, SINGLE, DOUBLE) and not is_flag
    ):
        raise NotNative(f"{argument.code} by value")
    value = stored(code, evaluate(code, argument.value), kind)[0]
    # in a register, or a word of the stack, of which the callee reads the lowest byte
    return code.builder.sext(value, INT) if is_flag else value


def _string(code: Code, argument: plan.PassString, _: Mapping[str, Any]) -> Any:
    return text_named(code, argument.name).memory


def _length(code: Code, argument: plan.PassLength, _: Mapping[str, Any]) -> Any:
    if argument.form in (plan.LengthOf.STRING, plan.LengthOf.MEMORY):
        return text_named(code, argument.name).length
    if argument.form in (plan.LengthOf.HOLDER, plan.LengthOf.PLACE):
        return passed_length(code, argument)
    if argument.form is plan.LengthOf.ELEMENT:
        return array_named(code, argument.name).length
    if argument.form is not plan.LengthOf.CHARACTER:
        raise NotNative(f"the length of a {argument.form.name.lower()}")
    return ir.Constant(LONG, 1)


def _descriptor(code: Code, argument: plan.PassDescriptor, _: Mapping[str, Any]) -> Any:
    if argument.holder:
        return code.builder.bitcast(holder_named(code, argument.holder).room, OBJECT)
    described = code.conventions.described(argument.describer)
    array = array_named(code, argument.array)
    if described is None or not _describes(described, array):
        raise NotNative(f"the descriptor of {argument.array}")
    if argument.rank not in (0, len(array.extents)):
        raise NotNative(f"a descriptor of rank {argument.rank}")
    return describe(code, array, described)


def _describes(described: Described, array: Array) -> bool:
    """Whether descriptors are those of an array's type."""
    if array.length is not None:
        return described.is_text
    return ELEMENTS[array.dtype].descriptor is described.kind


def _left_out(code: Code, argument: plan.PassNull, rooms: Mapping[str, Any]) -> Any:
    actual = _actual(code, argument.actual, rooms)
    nothing = ir.Constant(LONG, 0) if argument.is_length else NULL
    absent = truth(code, Name(argument.absent))
    return code.builder.select(absent, nothing, actual)


ACTUALS: Mapping[type, Callable[..., Any]] = {
    plan.PassScalar: _scalar,
    plan.Address: _address,
    plan.PassString: _string,
    plan.PassValue: _value,
    plan.PassLength: _length,
    plan.PassDescriptor: _descriptor,
    plan.PassNull: _left_out,
    plan.PassPointer: passed_thunk,
}


def _called(
    code: Code, binding: plan.Binding, symbol: Symbol, arguments: Sequence[Any]
) -> Any:
    """Call the routine and return its result as a variable, None for a subroutine."""
    if binding.result is None:
        _call(code, symbol, NOTHING, arguments)
        return None
    kind = type_of(binding.result)
    if kind.kind is Kind.COMPLEX:
        return _complex_result(code, symbol, kind, arguments)
    part = kind.part
    if part is SINGLE and symbol.double_for_real:
        part = DOUBLE
    return _value_of(code, [_call(code, symbol, part, arguments)], kind)


def _call(code: Code, symbol: Symbol, result: Any, arguments: Sequence[Any]) -> Any:
    kind = ir.FunctionType(result, [argument.type for argument in arguments])
    return code.call_address(symbol.address, kind, arguments)


def _complex_result(
    code: Code, symbol: Symbol, kind: Memory, arguments: Sequence[Any]
) -> Scalar:
    if symbol.hidden:
        room = code.stack(kind.part, 2)
        place = code.builder.bitcast(room, OBJECT)
        _call(code, symbol, NOTHING, [place, *arguments])
        return _read(code, room, kind)
    returned = COMPLEX_RESULTS.get((platform.machine(), kind.part))
    if returned is None or sys.platform == "win32":
        raise NotNative(f"complex results on {platform.machine()}")
    both = _call(code, symbol, returned, arguments)
    if returned is PAIR:
        parts = [
            code.builder.extract_element(both, ir.Constant(INT, k)) for k in (0, 1)
        ]
    else:
        parts = [code.builder.extract_value(both, k) for k in (0, 1)]
    return _value_of(code, parts, kind)


def _read(code: Code, room: Any, kind: Memory) -> Scalar:
    """Return the value of a Fortran scalar in memory."""
    parts = [
        code.builder.load(code.builder.gep(room, [ir.Constant(LONG, place)]))
        for place in range(kind.parts)
    ]
    return _value_of(code, parts, kind)


def _value_of(code: Code, parts: Sequence[Any], kind: Memory) -> Scalar:
    builder = code.builder
    if kind.kind is Kind.INTEGER:
        if kind.logical:
            zero = ir.Constant(kind.part, 0)
            true = builder.icmp_signed("!=", parts[0], zero)
            return Scalar(Kind.INTEGER, builder.zext(true, LONG), 1)
        value = parts[0]
        if kind.part is not LONG:
            extend = builder.zext if kind.unsigned else builder.sext
            value = extend(value, LONG)
        return Scalar(Kind.INTEGER, value, kind.bits)
    if kind.kind is Kind.CHARACTER:
        return Scalar(Kind.CHARACTER, parts[0])
    wide = [builder.fpext(p, DOUBLE) if p.type == SINGLE else p for p in parts]
    return Scalar(kind.kind, wide[0], imaginary=wide[1] if kind.parts == 2 else None)

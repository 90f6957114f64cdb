"""Callbacks as machine code: what Fortran calls is a function that calls Python by vectorcall, without ctypes.

A signature's first callbacks go through ctypes. Once they have taken as long as compiling does, `make_thunks` compiles
a few functions of Fortran's interface, each with a cell of its own: words that say which Python function it calls now.
Whatever is unusual (a null pointer, an answer of another type) the thunk leaves to the functions in Python that answer
without it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from llvmlite import ir

from f2pypy.native.code import (
    BYTE,
    DOUBLE,
    INT,
    LONG,
    NOTHING,
    NULL,
    OBJECT,
    SINGLE,
    Code,
    NotNative,
)
from f2pypy.native.layouts import (
    ALIGNED,
    C_CONTIGUOUS,
    DATA,
    DESCRIPTOR,
    EXTENTS,
    F_CONTIGUOUS,
    FLAGS,
    IMAGINARY,
    NUMBER,
    POINTER,
    RANK,
    SIZE,
    STRIDES,
    VECTORCALL,
    WEAK_REFERENCES,
    WRITEABLE,
)
from f2pypy.native.machine import Machine

# The words of a cell: the Python function (borrowed, as all objects here but the views), the list of what was raised,
# the Python functions that answer a whole call and that take an answer; then, for each array, the view that the call
# before had, and the flags that it was made with.
FUNCTION, RAISED, WHOLE, TAKE, VIEWS = range(5)
# Calls that are on at the same time, nested or in threads; more go through ctypes.
THUNKS = 4
PARTS = {"d": DOUBLE, "f": SINGLE, "b": BYTE, "h": ir.IntType(16), "i": INT, "q": LONG}
# Bits of an argument's intent, the same as in f2pypy.runtime.arrays.
INOUT, OPTIONAL = 1 << 1, 1 << 7
OFFSET_FLAG = -(1 << 63)  # PY_VECTORCALL_ARGUMENTS_OFFSET


class Thunk:
    """A function that Fortran can call, at `address`; `start` says whom it calls."""

    def __init__(self, address: int, cell: Any) -> None:
        self.address = address
        self._cell = cell
        self._kept: Any = None
        self._with_extra: Any = None
        self._finished = 0

    def serve(self, answer: Any, take: Any, finished: Any) -> None:
        """Leave whole calls to `answer` and answers to `take`; `finished` is what isn't empty between calls."""
        self._kept = (answer, take, finished)
        self._cell[WHOLE] = id(answer)
        self._cell[TAKE] = id(take)
        self._finished = self._cell[RAISED] = id(finished)

    def start(self, callback: Any) -> None:
        """Call the function of `callback`, which keeps it and the list of exceptions, from now on."""
        function = callback.function
        if callback.extra:
            function = self._with_extra = _extended(function, callback.extra)
        cell = self._cell
        cell[FUNCTION] = id(function)
        cell[RAISED] = id(callback.raised)

    def finish(self) -> None:
        """Call nobody any more."""
        self._cell[RAISED] = self._finished
        self._with_extra = None


def _extended(function: Callable[..., Any], extra: tuple[Any, ...]) -> Any:
    return lambda *arguments: function(*arguments, *extra)


def make_thunks(signature: Any, machine: Machine) -> list[Thunk]:
    """Compile a few thunks of a `CallbackSignature`; NotNative for what machine code doesn't do."""
    writer = Writer(signature)
    cells = [(ctypes.c_int64 * writer.words)() for _ in range(THUNKS)]
    names = writer.write([ctypes.addressof(cell) for cell in cells])
    found = machine.compile_all(str(writer.module), names, [writer.kept, cells])
    return [Thunk(found[name], cell) for name, cell in zip(names, cells)]


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


class Writer:
    """Writes the thunks of one signature; `kept` are the objects that they mention."""

    def __init__(self, signature: Any) -> None:
        self.signature = signature
        self.shown: Sequence[tuple[Any, Any]] = signature.shown
        self.module = ir.Module()
        self.kept: list[Any] = []
        self._refuse()
        self.views = {
            place.index: VIEWS + 2 * number
            for number, (argument, place) in enumerate(self.shown)
            if _is_array(argument)
        }
        self.words = VIEWS + 2 * len(self.shown)
        returned = signature.returned
        self.result = NOTHING if returned is None else PARTS[returned.kind.code]
        self.types = [OBJECT if kind is None else LONG for kind in signature.kinds]

    def _refuse(self) -> None:
        """Raise NotNative for what the thunks don't do."""
        signature = self.signature
        returned = signature.returned
        if any(kind not in (None, int) for kind in signature.kinds):
            raise NotNative("arguments by value")
        if signature.turns.needed:
            raise NotNative("Fortran whose own threads may call Python")
        if signature.results:
            raise NotNative("a result in memory")
        if returned is not None and (
            returned.convert is not None or returned.kind.code not in PARTS
        ):
            raise NotNative(f"a result of type {returned.kind.c_name}")
        for argument, _ in self.shown:
            reason = _reason_against(argument)
            if reason:
                raise NotNative(f"{argument.name}, {reason}")

    def write(self, cells: Sequence[int]) -> list[str]:
        """Write a function for each cell, and one behind them all; return their names."""
        shared = ir.Function(
            self.module, ir.FunctionType(self.result, [*self.types, OBJECT]), "answer"
        )
        shared.linkage = "internal"
        self._write_lock(shared)
        names = []
        for number, cell in enumerate(cells):
            name = f"thunk{number}"
            kind = ir.FunctionType(self.result, self.types)
            function = ir.Function(self.module, kind, name)
            builder = ir.IRBuilder(function.append_basic_block())
            location = builder.inttoptr(ir.Constant(LONG, cell), OBJECT)
            self._return(builder, builder.call(shared, [*function.args, location]))
            names.append(name)
        return names

    def _return(self, builder: Any, value: Any) -> None:
        if self.result is NOTHING:
            builder.ret_void()
        else:
            builder.ret(value)

    def _write_silence(self, code: Code, cell: Any) -> None:
        """Return zero at once after an exception; a list's length can be read without the lock."""
        builder = code.builder
        raised = code.load(cell, 8 * RAISED, OBJECT)
        count = code.load(raised, SIZE, LONG)
        over = builder.icmp_signed("!=", count, ir.Constant(LONG, 0))
        # Once Fortran has returned, a tuple stands for the list; Python warns.
        over = builder.and_(over, code.has_type(raised, list))
        silent, going_on = code.block("silent"), code.block("going_on")
        builder.cbranch(over, silent, going_on)
        builder.position_at_end(silent)
        self.return_zero(builder)
        builder.position_at_end(going_on)

    def return_zero(self, builder: Any) -> None:
        """Return zero, or nothing from a subroutine."""
        self._return(
            builder,
            None if self.result is NOTHING else ir.Constant(self.result, 0),
        )

    def _write_lock(self, shared: Any) -> None:
        """Write the function that takes the interpreter's lock where the thread doesn't have it."""
        inner = ir.Function(self.module, shared.ftype, "answer_locked")
        inner.linkage = "internal"
        builder = ir.IRBuilder(shared.append_basic_block())
        code = Code(builder, None, builder.block, {}, kept=self.kept)
        self._write_silence(code, shared.args[-1])
        has_lock = builder.icmp_signed(
            "!=", code.call("PyGILState_Check"), ir.Constant(INT, 0)
        )
        locked, unlocked = code.block("locked"), code.block("unlocked")
        builder.cbranch(has_lock, locked, unlocked)
        builder.position_at_end(locked)
        self._return(builder, builder.call(inner, shared.args))
        builder.position_at_end(unlocked)
        state = code.call("PyGILState_Ensure")
        value = builder.call(inner, shared.args)
        code.call("PyGILState_Release", state)
        self._return(builder, value)
        Answer(self, inner).write()


class Answer:
    """The function behind all thunks of a signature, while it is written."""

    def __init__(self, writer: Writer, function: Any) -> None:
        self.writer = writer
        self.signature = writer.signature
        *self.values, self.cell = function.args
        entry, body = (function.append_basic_block(name) for name in ("entry", "body"))
        self.builder = ir.IRBuilder(entry)
        self.builder.position_at_end(body)
        self.code = Code(self.builder, None, entry, {}, kept=writer.kept)
        self.entry, self.body = entry, body
        self.whole = self.code.block("whole")

    def write(self) -> None:
        """Write all of it."""
        builder, code = self.builder, self.code
        raised = self._word(RAISED)
        zero = code.block("zero")
        self._require(self._is_zero(code.load(raised, SIZE, LONG)), zero)
        for place in range(len(self.values)):
            self._check_pointer(place)
        self._run_signal_handlers()
        arguments = self._arguments()
        answer = self._call(arguments)
        self._take(answer)
        with code.branch(zero):
            # Once Fortran has returned, a tuple stands for the list; Python warns.
            is_list = code.has_type(raised, list)
            silent = code.block("silent")
            builder.cbranch(is_list, silent, self.whole)
            builder.position_at_end(silent)
            self._leave_zero()
        with code.branch(self.whole):
            self._leave_to_python()
        with code.branch(self.entry):
            builder.branch(self.body)

    def _word(self, place: int, kind: Any = OBJECT) -> Any:
        return self.code.load(self.cell, 8 * place, kind)

    def _is_zero(self, value: Any) -> Any:
        return self.builder.icmp_signed("==", value, ir.Constant(value.type, 0))

    def _require(self, condition: Any, otherwise: Any) -> None:
        """Go on where `condition` holds, else in the block `otherwise`."""
        passed = self.code.block("passed")
        self.builder.cbranch(condition, passed, otherwise)
        self.builder.position_at_end(passed)

    def _leave_zero(self) -> None:
        self.writer.return_zero(self.builder)

    def _run_signal_handlers(self) -> None:
        """Let an interrupt end the call, which functions that aren't written in Python don't look for."""
        failed = self.code.block("interrupted")
        self._require(self._is_zero(self.code.call("PyErr_CheckSignals")), failed)
        with self.code.branch(failed):
            self._remember()
            self._leave_zero()

    def _check_pointer(self, place: int) -> None:
        """Leave calls with a null pointer, or one that is no address of such a number, to Python."""
        if self.signature.kinds[place] is not None:
            return
        location = self.builder.ptrtoint(self.values[place], LONG)
        kinds = [_kind(a) for a, where in self.signature.placed if where.index == place]
        size = kinds[0].alignment
        aligned = self._is_zero(
            self.builder.and_(location, ir.Constant(LONG, size - 1))
        )
        there = self.builder.not_(self._is_zero(location))
        self._require(self.builder.and_(aligned, there), self.whole)

    def _arguments(self) -> list[Any]:
        """Return the objects that the Python function gets, each owned; nothing may fail once one is made."""
        shapes = {
            place.index: self._shape(argument, place)
            for argument, place in self.writer.shown
            if _is_array(argument)
        }
        made: list[Any] = []
        for argument, place in self.writer.shown:
            if place.index in shapes:
                found = self._view(argument, place, shapes[place.index])
            else:
                found = self._scalar(argument, place)
            failed = self.code.block("failed")
            self._require(self.builder.not_(self.code.is_null(found)), failed)
            with self.code.branch(failed):
                for each in made:
                    self.code.call("Py_DecRef", each)
                self._remember()
                self._leave_zero()
            made.append(found)
        return made

    def _shape(self, argument: Any, place: Any) -> list[Any]:
        symbols = [
            self._extent(get.func.__self__, get.args[0]) for get in place.getters
        ]
        try:
            found = argument.extents(*symbols)
        except NotNative:
            raise
        except Exception as failure:
            raise NotNative(f"the extents of {argument.name}") from failure
        shape = []
        for extent in found:
            if type(extent) is int and abs(extent) < 1 << 62:
                extent = Extent(self.builder, ir.Constant(LONG, extent), 63)
            if type(extent) is not Extent:
                raise NotNative(f"the extents of {argument.name}")
            shape.append(extent.value)
        return shape

    def _extent(self, argument: Any, place: Any) -> Extent:
        if type(argument).__name__ != "CallbackScalar" or not argument.kind.bits:
            raise NotNative(f"an extent that depends on {argument.name}")
        code = argument.kind.code
        if code not in PARTS:
            raise NotNative(f"an extent that depends on {argument.name}")
        number = self.code.load(self.values[place.index], 0, PARTS[code])
        if argument.kind.bits < 64:
            number = self.builder.sext(number, LONG)
        return Extent(self.builder, number, argument.kind.bits)

    def _scalar(self, argument: Any, place: Any) -> Any:
        """Return a new Python number or str."""
        code, builder, at = self.code, self.builder, self.values[place.index]
        if type(argument).__name__ == "CallbackString":
            length = place.length(self.values)
            if type(length) is int:
                length = ir.Constant(LONG, length)
            return code.call("PyUnicode_DecodeUTF8", at, length, NULL)
        kind = argument.kind
        if argument.is_text:
            return code.call("PyUnicode_DecodeLatin1", at, ir.Constant(LONG, 1), NULL)
        part = PARTS[kind.code[0]]
        numbers = [
            code.load(at, number * _size(part), part)
            for number in range(len(kind.code))
        ]
        if part is SINGLE:
            numbers = [builder.fpext(each, DOUBLE) for each in numbers]
        if kind.is_complex:
            return code.call("PyComplex_FromDoubles", *numbers)
        if numbers[0].type is DOUBLE:
            return code.call("PyFloat_FromDouble", numbers[0])
        if part is not LONG:
            numbers = [builder.sext(numbers[0], LONG)]
        return code.call("PyLong_FromLongLong", numbers[0])

    def _view(self, argument: Any, place: Any, shape: list[Any]) -> Any:
        """Return an array over Fortran's memory: that of the call before if nobody else has it and it is as made."""
        code, builder = self.code, self.builder
        kind, word = _kind(argument), self.writer.views[place.index]
        at = self.values[place.index]
        old = self._word(word)
        again, anew, release, after = map(
            code.block, ("again", "anew", "release", "view")
        )
        builder.cbranch(code.is_null(old), anew, again)
        builder.position_at_end(again)
        for condition in self._as_made(old, kind, word, shape, argument.order):
            self._require(condition(), release)
        builder.store(at, code.at(old, DATA, OBJECT))
        kept = builder.block
        builder.branch(after)
        builder.position_at_end(release)
        builder.store(NULL, code.at(self.cell, 8 * word, OBJECT))
        code.call("Py_DecRef", old)
        builder.branch(anew)
        builder.position_at_end(anew)
        extents = code.stack(LONG, max(1, len(shape)))
        for axis, extent in enumerate(shape):
            builder.store(extent, builder.gep(extents, [ir.Constant(LONG, axis)]))
        descriptor = code.constant_object(kind)
        code.keep(descriptor)
        order = C_CONTIGUOUS if argument.order == "C" else F_CONTIGUOUS
        new = code.call(
            "PyArray_NewFromDescr",
            code.constant_object(np.ndarray),
            descriptor,
            ir.Constant(INT, len(shape)),
            extents,
            NULL,
            at,
            ir.Constant(INT, order | ALIGNED | WRITEABLE),
            NULL,
        )
        builder.store(new, code.at(self.cell, 8 * word, OBJECT))
        failed, made = builder.block, code.block("made")
        builder.cbranch(code.is_null(new), after, made)
        builder.position_at_end(made)
        flags = code.load(new, FLAGS, INT)
        builder.store(flags, code.at(self.cell, 8 * (word + 1), INT))
        builder.branch(after)
        (found,) = code.merge([(kept, [old]), (failed, [new]), (made, [new])], after)
        counted, ready = code.block("counted"), code.block("ready")
        builder.cbranch(code.is_null(found), ready, counted)
        with code.branch(counted):
            code.keep(found)
            builder.branch(ready)
        builder.position_at_end(ready)
        return found

    def _as_made(
        self, old: Any, kind: Any, word: int, shape: list[Any], order: str
    ) -> list[Callable[[], Any]]:
        """Return what asks whether a view may be handed out again, one condition after the other."""
        code, builder = self.code, self.builder

        def same(found: Any, wanted: Any) -> Any:
            return builder.icmp_signed("==", found, wanted)

        conditions = [
            # 32 bits suffice: from 3.12 on the rest isn't counted
            lambda: same(code.load(old, 0, INT), ir.Constant(INT, 1)),
            lambda: code.has_type(old, np.ndarray),
            lambda: code.is_null(code.load(old, WEAK_REFERENCES, OBJECT)),
            lambda: code.is_object(code.load(old, DESCRIPTOR, OBJECT), kind),
            lambda: same(code.load(old, RANK, INT), ir.Constant(INT, len(shape))),
            lambda: same(code.load(old, FLAGS, INT), self._word(word + 1, INT)),
        ]
        axes = list(range(len(shape)))
        distance: Any = ir.Constant(LONG, kind.itemsize)
        for axis in axes if order == "F" else reversed(axes):
            conditions.append(partial(self._has_axis, old, axis, shape[axis], distance))
            distance = partial(self._product, distance, shape[axis])
        return conditions

    def _product(self, distance: Any, extent: Any) -> Any:
        return self.builder.mul(distance() if callable(distance) else distance, extent)

    def _has_axis(self, old: Any, axis: int, extent: Any, distance: Any) -> Any:
        code, builder = self.code, self.builder
        distance = distance() if callable(distance) else distance
        found = [
            code.load(code.load(old, place, OBJECT), POINTER * axis, LONG)
            for place in (EXTENTS, STRIDES)
        ]
        return builder.and_(
            builder.icmp_signed("==", found[0], extent),
            builder.icmp_signed("==", found[1], distance),
        )

    def _call(self, arguments: list[Any]) -> Any:
        """Call the Python function and give up its arguments."""
        code, builder = self.code, self.builder
        count = len(arguments)
        room = code.stack(OBJECT, count + 1)
        for place, argument in enumerate(arguments, 1):
            builder.store(argument, builder.gep(room, [ir.Constant(LONG, place)]))
        first = builder.gep(room, [ir.Constant(LONG, 1)])
        answer = code.call(
            VECTORCALL,
            self._word(FUNCTION),
            first,
            ir.Constant(LONG, count + OFFSET_FLAG),
            NULL,
        )
        for argument in arguments:
            code.call("Py_DecRef", argument)
        failed = code.block("failed")
        self._require(builder.not_(code.is_null(answer)), failed)
        with code.branch(failed):
            self._remember()
            self._leave_zero()
        return answer

    def _remember(self) -> None:
        """Keep the exception in the list of what was raised, as Python does it."""
        code, builder = self.code, self.builder
        places = [code.stack(OBJECT) for _ in range(3)]
        code.call("PyErr_Fetch", *places)
        code.call("PyErr_NormalizeException", *places)
        kind, value, trace = map(builder.load, places)
        traced, after = code.block("traced"), code.block("after")
        builder.cbranch(code.is_null(trace), after, traced)
        builder.position_at_end(traced)
        code.call("PyException_SetTraceback", value, trace)
        code.call("Py_DecRef", trace)
        builder.branch(after)
        builder.position_at_end(after)
        code.call("PyList_Append", self._word(RAISED), value)
        code.call("PyErr_Clear")
        code.call("Py_DecRef", kind)
        code.call("Py_DecRef", value)

    def _take(self, answer: Any) -> None:
        """Give Fortran the answer if it has exactly the type that is expected, else let Python do it."""
        slowly = self.code.block("slowly")
        returned, outputs = self.signature.returned, self.signature.outputs
        if returned is not None:
            result = self._exact(answer, returned.kind, slowly)
            self.code.call("Py_DecRef", answer)
            self.builder.ret(result)
        else:
            done = self.code.block("done")
            other = self.code.block("other")
            self.builder.cbranch(self.code.is_object(answer, None), done, other)
            self.builder.position_at_end(other)
            if len(outputs) == 1 and _can_store(outputs[0].argument):
                self._store(answer, outputs[0], slowly)
                self.builder.branch(done)
            else:
                self.builder.branch(slowly)
            self.builder.position_at_end(done)
            self.code.call("Py_DecRef", answer)
            self.builder.ret_void()
        with self.code.branch(slowly):
            self._take_slowly(answer)

    def _exact(self, answer: Any, kind: Any, slowly: Any) -> Any:
        """Return a number of C's type, of an answer that is exactly of Python's."""
        code, builder = self.code, self.builder
        part = PARTS[kind.code]
        if kind.is_logical:
            is_true = code.is_object(answer, True)
            self._require(builder.or_(is_true, code.is_object(answer, False)), slowly)
            return builder.zext(is_true, part)
        if kind.bits:
            return self._whole_number(answer, kind, slowly)
        self._require_type(answer, (float, np.float64), slowly)
        number = code.load(answer, NUMBER, DOUBLE)
        return builder.fptrunc(number, SINGLE) if part is SINGLE else number

    def _require_type(self, answer: Any, kinds: Sequence[type], slowly: Any) -> None:
        """Go on where the answer is of one of the types, all of which have C's number in the same place."""
        found = [self.code.has_type(answer, kind) for kind in kinds]
        self._require(self.builder.or_(*found), slowly)

    def _whole_number(self, answer: Any, kind: Any, slowly: Any) -> Any:
        code, builder = self.code, self.builder
        self._require(code.has_type(answer, int), slowly)
        overflow = code.stack(INT)
        number = code.call("PyLong_AsLongLongAndOverflow", answer, overflow)
        self._require(self._is_zero(builder.load(overflow)), slowly)
        if kind.bits == 64:
            return number
        short = builder.trunc(number, PARTS[kind.code])
        self._require(
            builder.icmp_signed("==", builder.sext(short, LONG), number), slowly
        )
        return short

    def _store(self, answer: Any, output: Any, slowly: Any) -> None:
        code, builder = self.code, self.builder
        argument, place = output.argument, output.place
        at = self.values[place.index]
        if _is_array(argument):
            self._copy(answer, argument, place, slowly)
            return
        kind = argument.kind
        if not kind.is_complex:
            part = PARTS[kind.code]
            builder.store(self._exact(answer, kind, slowly), code.at(at, 0, part))
            return
        self._require_type(answer, (complex, np.complex128), slowly)
        for offset, place_in_object in ((0, NUMBER), (8, IMAGINARY)):
            number = code.load(answer, place_in_object, DOUBLE)
            builder.store(number, code.at(at, offset, DOUBLE))

    def _copy(self, answer: Any, argument: Any, place: Any, slowly: Any) -> None:
        """Copy an array of the very type, shape and order."""
        code, builder = self.code, self.builder
        kind, shape = argument.kind, self._shape(argument, place)
        order = C_CONTIGUOUS if argument.order == "C" else F_CONTIGUOUS
        wanted = ir.Constant(INT, order | ALIGNED)
        self._require(code.has_type(answer, np.ndarray), slowly)
        self._require(
            code.is_object(code.load(answer, DESCRIPTOR, OBJECT), kind), slowly
        )
        rank = code.load(answer, RANK, INT)
        self._require(
            builder.icmp_signed("==", rank, ir.Constant(INT, len(shape))), slowly
        )
        flags = builder.and_(code.load(answer, FLAGS, INT), wanted)
        self._require(builder.icmp_signed("==", flags, wanted), slowly)
        size: Any = ir.Constant(LONG, kind.itemsize)
        for axis, extent in enumerate(shape):
            found = code.load(code.load(answer, EXTENTS, OBJECT), POINTER * axis, LONG)
            self._require(builder.icmp_signed("==", found, extent), slowly)
            size = builder.mul(size, extent)
        at = self.values[place.index]
        code.call("memmove", at, code.load(answer, DATA, OBJECT), size)

    def _take_slowly(self, answer: Any) -> None:
        """Let Python convert and store the answer."""
        code = self.code
        numbers = self._numbers()
        room = code.stack(OBJECT, len(numbers) + 2)
        result = self._python(TAKE, [answer, *numbers], room)
        failed = code.block("failed")
        self._require(self.builder.not_(code.is_null(result)), failed)
        with code.branch(failed):
            self._remember()
            self._leave_zero()
        self._return_converted(result)

    def _leave_to_python(self) -> None:
        """Let Python answer the whole call; it keeps what is raised."""
        code = self.code
        numbers = self._numbers()
        room = code.stack(OBJECT, len(numbers) + 2)
        result = self._python(WHOLE, numbers, room)
        failed = code.block("failed")
        self._require(self.builder.not_(code.is_null(result)), failed)
        with code.branch(failed):
            is_on = code.has_type(self._word(RAISED), list)
            kept, shown = code.block("kept"), code.block("shown")
            self.builder.cbranch(is_on, kept, shown)
            with code.branch(kept):
                self._remember()
                self._leave_zero()
            self.builder.position_at_end(shown)
            code.call("PyErr_WriteUnraisable", code.constant_object(None))
            self._leave_zero()
        self._return_converted(result)

    def _numbers(self) -> list[Any]:
        """Return addresses and lengths as Python's integers."""
        return [
            self.code.call(
                "PyLong_FromLongLong",
                each if each.type is LONG else self.builder.ptrtoint(each, LONG),
            )
            for each in self.values
        ]

    def _python(self, word: int, arguments: list[Any], room: Any) -> Any:
        """Call one of the cell's Python functions, which takes over the arguments."""
        code, builder = self.code, self.builder
        for place, argument in enumerate(arguments, 1):
            builder.store(argument, builder.gep(room, [ir.Constant(LONG, place)]))
        first = builder.gep(room, [ir.Constant(LONG, 1)])
        count = ir.Constant(LONG, len(arguments) + OFFSET_FLAG)
        result = code.call(VECTORCALL, self._word(word), first, count, NULL)
        for argument in arguments:
            code.call("Py_DecRef", argument)
        return result

    def _return_converted(self, result: Any) -> None:
        """Return what one of Python's functions has converted, which fits."""
        code, builder, kind = self.code, self.builder, self.writer.result
        if kind is NOTHING:
            code.call("Py_DecRef", result)
            builder.ret_void()
            return
        if kind in (DOUBLE, SINGLE):
            number = code.call("PyFloat_AsDouble", result)
            if kind is SINGLE:
                number = builder.fptrunc(number, SINGLE)
        else:
            number = code.call("PyLong_AsLongLong", result)
            if kind is not LONG:
                number = builder.trunc(number, kind)
        code.call("Py_DecRef", result)
        builder.ret(number)


def _kind(argument: Any) -> Any:
    """Return NumPy's type of what an argument's pointer points to."""
    if _is_array(argument):
        return np.dtype(argument.kind)
    return np.dtype("S1" if argument.is_text else argument.kind.letter)


def _size(part: Any) -> int:
    return {DOUBLE: 8, SINGLE: 4}.get(part) or part.width // 8


def _is_array(argument: Any) -> bool:
    return type(argument).__name__ == "CallbackArray"


def _can_store(argument: Any) -> bool:
    """Whether machine code stores an answer; Python does it else."""
    if _is_array(argument):
        return not argument.is_text
    if type(argument).__name__ != "CallbackScalar" or argument.convert is not None:
        return False
    # Python rounds to single precision as f2py does.
    return argument.kind.code == "dd" or argument.kind.code in PARTS.keys() - {"f"}


def _reason_against(argument: Any) -> str:
    """Return why a thunk can't make the Python function's argument, "" if it can."""
    form = type(argument).__name__
    if argument.intent & OPTIONAL:
        return "which is optional"
    if form == "CallbackArray":
        return "an array of strings" if argument.is_text else ""
    if form == "CallbackString" or (form == "CallbackScalar" and argument.is_text):
        return "text that is changed in place" if argument.intent & INOUT else ""
    if form != "CallbackScalar":
        return "which has a descriptor"
    if argument.intent & INOUT:
        return "a number that is changed in place"
    known = argument.kind.code[0] in PARTS and argument.convert is None
    return "" if known else f"of type {argument.kind.c_name}"

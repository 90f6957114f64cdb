"""Callbacks as machine code: what Fortran calls is a function that calls Python by vectorcall, without ctypes.

A signature's first callbacks go through ctypes. Once they have taken as long as compiling does, `make_thunks` compiles
a few functions of Fortran's interface, each with a cell of its own: words that say which Python function it calls now.
Whatever is unusual (a null pointer, an answer of another type) the thunk leaves to the functions in Python that answer
without it.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Sequence
from types import FunctionType
from typing import Any

from llvmlite import ir

from f2pypy.native.callback_answers import leave_to_python, take_answer
from f2pypy.native.callback_arguments import write_arguments
from f2pypy.native.callback_call import (
    FUNCTION,
    PARTS,
    RAISED,
    VIEWS,
    Call,
    element_type,
    is_array,
    is_scalar,
    is_string,
    return_value,
    zero_of,
)
from f2pypy.native.callback_pool import LentThunk, Thunk
from f2pypy.native.code import BIT, INT, LONG, NOTHING, OBJECT, Code, NotNative, begin
from f2pypy.native.guards import wait_for_turn
from f2pypy.native.layouts import SIZE
from f2pypy.native.machine import Machine
from f2pypy.native.records import enter, leave

# Calls that are on at the same time, nested or in threads, of Python's and of machine code; more go through ctypes.
THUNKS = 4
# Bits of an argument's intent, the same as in f2pypy.runtime.arrays.
INOUT, OPTIONAL = 1 << 1, 1 << 7
# Functions that are written in Python look for signals when they begin; in 3.10 not those that begin with ``try``.
FUNCTIONS_LOOK = sys.version_info[:2] != (3, 10)


def make_thunks(signature: Any) -> tuple[list[Thunk], list[LentThunk]]:
    """Compile thunks of a `CallbackSignature`, a few for Python and a few for machine code that wraps routines.

    Raises NotNative for what machine code doesn't do.
    """
    writer = Writer(signature)
    cells = [(ctypes.c_int64 * writer.words)() for _ in range(2 * THUNKS)]
    names = writer.write([ctypes.addressof(cell) for cell in cells])
    found = Machine().compile_all(str(writer.module), names, [writer.kept, cells])
    made = [(found[name], cell) for name, cell in zip(names, cells)]
    lent = [LentThunk(*each) for each in made[THUNKS:]]
    return [Thunk(*each) for each in made[:THUNKS]], lent


class Writer:
    """Writes the thunks of one signature; `kept` are the objects that they mention."""

    def __init__(self, signature: Any) -> None:
        self.signature = signature
        self.shown: Sequence[tuple[Any, Any]] = signature.shown
        self.module = ir.Module()
        self.kept: list[Any] = []
        self.guard = signature.library.guard
        self._refuse()
        self.views = {
            place.index: VIEWS + 2 * number
            for number, (argument, place) in enumerate(self.shown)
            if is_array(argument)
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
        if signature.turns.needed and self.guard is None:
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
        """Write a function for each cell, and the one that all of them call; return their names."""
        shared = ir.Function(
            self.module, ir.FunctionType(self.result, [*self.types, OBJECT]), "answer"
        )
        shared.linkage = "internal"
        if self.guard is None:
            self._write_answer(shared)
        else:
            self._write_guarded(shared)
        names = []
        for number, cell in enumerate(cells):
            name = f"thunk{number}"
            kind = ir.FunctionType(self.result, self.types)
            function = ir.Function(self.module, kind, name)
            builder = ir.IRBuilder(function.append_basic_block())
            location = builder.inttoptr(ir.Constant(LONG, cell), OBJECT)
            answer = builder.call(shared, [*function.args, location], tail=True)
            return_value(builder, self.result, answer)
            names.append(name)
        return names

    def _write_guarded(self, shared: Any) -> None:
        """Write the function that leaves a guarded call while Python runs."""
        inner = ir.Function(self.module, shared.ftype, "answer_outside")
        inner.linkage = "internal"
        builder = ir.IRBuilder(shared.append_basic_block())
        code = Code(builder, None, builder.block, {}, kept=self.kept)
        self._return_zero_if_over(code, shared.args[-1])
        record = leave(code)
        locked, unlocked = code.block("locked"), code.block("unlocked")
        builder.cbranch(_has_lock(code), locked, unlocked)
        builder.position_at_end(locked)
        value = builder.call(inner, shared.args)
        wait_for_turn(code, self.signature.turns.lock, shared.args[-1])
        enter(code, record)
        return_value(builder, self.result, value)
        builder.position_at_end(unlocked)
        value = builder.call(inner, shared.args)
        enter(code, record)
        return_value(builder, self.result, value)
        self._write_answer(inner)

    def _write_answer(self, function: Any) -> None:
        """Write what does one call; where the thread doesn't have the interpreter's lock, that takes it first."""
        *values, cell = function.args
        with begin(function) as code:
            call = Call(code, self.signature, values, cell, self.result)
            with code.branch(code.slow):
                leave_to_python(call)
            count = self._return_zero_if_over(code, cell)
            self._require_lock(code, function)
            # Once Fortran has returned, a tuple stands for the list.
            code.require(call.is_zero(count))
            for place, kind in enumerate(self.signature.kinds):
                if kind is None:
                    _require_address(call, place)
            is_written = code.has_type(call.word(FUNCTION), FunctionType)
            self._look_for_signals(call, is_written)
            arguments = write_arguments(call, self.shown, self.views)
            answer = call.call_function(is_written, arguments)
            call.require_success(code.is_given(answer))
            take_answer(call, answer)
        self.kept += code.kept

    def _return_zero_if_over(self, code: Code, cell: Any) -> Any:
        """Return zero at once after an exception; return how long the list of them is, which needs no lock."""
        builder = code.builder
        raised = code.load(cell, 8 * RAISED, OBJECT)
        count = code.load(raised, SIZE, LONG)
        over = builder.icmp_signed("!=", count, ir.Constant(LONG, 0))
        # Once Fortran has returned, a tuple stands for the list; Python warns.
        over = builder.and_(over, code.has_type(raised, list))
        silent, going_on = code.block("silent"), code.block("going_on")
        builder.cbranch(over, silent, going_on)
        with code.branch(silent):
            return_value(builder, self.result, zero_of(self.result))
        builder.position_at_end(going_on)
        return count

    def _require_lock(self, code: Code, function: Any) -> None:
        """Go on with the interpreter's lock; without it call the function again, with the lock."""
        unlocked = code.block("unlocked")
        code.go_on_if(_has_lock(code), unlocked)
        with code.branch(unlocked):
            state = code.call("PyGILState_Ensure")
            value = code.builder.call(function, function.args)
            code.call("PyGILState_Release", state)
            return_value(code.builder, self.result, value)

    def _look_for_signals(self, call: Call, is_written: Any) -> None:
        """Let an interrupt end the call, unless the function looks for one when it begins."""
        code = call.code
        looking, after = code.block("looking"), code.block("looked")
        looks = self.guard is None and FUNCTIONS_LOOK
        is_looked_for = is_written if looks else ir.Constant(BIT, 0)
        code.builder.cbranch(is_looked_for, after, looking)
        code.builder.position_at_end(looking)
        call.require_success(call.is_zero(code.call("PyErr_CheckSignals")))
        code.builder.branch(after)
        code.builder.position_at_end(after)


def _has_lock(code: Code) -> Any:
    """Return whether the thread has the interpreter's lock (i1)."""
    found = code.call("PyGILState_Check")
    return code.builder.icmp_signed("!=", found, ir.Constant(INT, 0))


def _require_address(call: Call, place: int) -> None:
    """Leave calls with a null pointer, or one that is no address of such a number, to Python."""
    code, builder = call.code, call.code.builder
    location = builder.ptrtoint(call.values[place], LONG)
    placed = call.signature.placed
    argument = next(each for each, where in placed if where.index == place)
    mask = ir.Constant(LONG, element_type(argument).alignment - 1)
    aligned = call.is_zero(builder.and_(location, mask))
    there = builder.not_(call.is_zero(location))
    code.require(builder.and_(aligned, there))


def _reason_against(argument: Any) -> str:
    """Return why a thunk can't make the Python function's argument, "" if it can."""
    if argument.intent & OPTIONAL:
        return "which is optional"
    if is_array(argument):
        return "an array of strings" if argument.is_text else ""
    if is_string(argument) or (is_scalar(argument) and argument.is_text):
        return "text that is changed in place" if argument.intent & INOUT else ""
    if not is_scalar(argument):
        return "which has a descriptor"
    if argument.intent & INOUT:
        return "a number that is changed in place"
    known = argument.kind.code[0] in PARTS and argument.convert is None
    return "" if known else f"of type {argument.kind.c_name}"

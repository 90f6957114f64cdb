"""Thunks at rest and at work: which Python function each calls, and how machine code takes and gives back its own.

What Python starts is a `Thunk`. Machine code that wraps a routine takes a thunk from a `Pool` and writes the words of
its cell itself; Python is told who is called only where a call is left to it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from llvmlite import ir

from f2pypy.native.callback_call import (
    ADDRESS,
    FINISHED,
    FUNCTION,
    LIST,
    NEXT,
    RAISED,
    TAKE,
    WHOLE,
)
from f2pypy.native.code import LONG, NULL, OBJECT, Callback, Code
from f2pypy.native.known_code import KnownCode
from f2pypy.native.layouts import LIST_ITEMS, SIZE, TYPE


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


class LentThunk(Thunk):
    """A thunk that machine code starts and finishes."""

    def __init__(self, address: int, cell: Any) -> None:
        super().__init__(address, cell)
        self._raised: list[BaseException] = []
        self._callback: Any = None
        cell[ADDRESS] = address
        cell[LIST] = id(self._raised)

    def serve(self, answer: Any, take: Any, finished: Any) -> None:
        """Leave whole calls and answers to Python as other thunks do, once it knows whom machine code has started."""
        super().serve(self._told(answer), take, finished)
        self._cell[FINISHED] = id(finished)

    def start(self, callback: Any) -> None:
        """Know the runtime's `Callback`, which Python starts once."""
        self._callback = callback

    def chain(self, following: int) -> int:
        """Let the cell at `following`, 0 for none, be free after this one; return the address of this cell."""
        self._cell[NEXT] = following
        return ctypes.addressof(self._cell)

    def _told(self, answer: Callable[..., Any]) -> Callable[..., Any]:
        cell = self._cell

        def whole(*values: Any) -> Any:
            callback = self._callback
            before = callback.function, callback.raised
            callback.raised = _object_at(cell[RAISED])
            if isinstance(callback.raised, list):
                callback.function = _object_at(cell[FUNCTION])
            try:
                return answer(*values)
            finally:
                callback.function, callback.raised = before

        return whole


def _object_at(location: int) -> Any:
    return ctypes.cast(location, ctypes.py_object).value


class Pool:
    """The thunks of a signature that are free for machine code; `location` has the address of the first cell.

    `count` is how many arguments a Python function gets, `known` the machine code that Python has accepted instead.
    """

    def __init__(
        self, signature: Any, thunks: Sequence[LentThunk], known: KnownCode
    ) -> None:
        self.count = len(signature.shown)
        self.known = known
        signature.learn = known.learn
        self.callbacks = [signature.callback(thunk) for thunk in thunks]
        first = 0
        for callback, thunk in zip(self.callbacks, thunks):
            callback.start(None, self.count, (), callback.raised)
            first = thunk.chain(first)
        self._first = ctypes.c_int64(first)
        self.location = ctypes.addressof(self._first)


def take(code: Code, callback: Callback, raised: Any) -> Callback:
    """Return the callback with the cell of a free thunk, which calls the Python function from now on.

    Python takes over where none is free. `raised` is the list of exceptions, the cell's own if it is None or NULL.
    """

    def thunk() -> list[Any]:
        return _taken(code, callback, raised)

    def machine_code() -> list[Any]:
        return [NULL, callback.address, NULL]

    found = code.choose(callback.is_code, machine_code, thunk)
    cell, address, kept = found
    callback = replace(callback, cell=cell, address=address, raised=kept)
    with code.giving_up():
        give_back(code, callback)
    return callback


def _taken(code: Code, callback: Callback, raised: Any) -> list[Any]:
    """Return the cell of a free thunk, the thunk's address and the list of exceptions."""
    builder = code.builder
    first = _first_cell(code, callback)
    cell = builder.load(first)
    code.require(code.is_given(cell))
    builder.store(code.load(cell, 8 * NEXT, OBJECT), first)
    builder.store(callback.function, code.at(cell, 8 * FUNCTION, OBJECT))
    kept = code.load(cell, 8 * LIST, OBJECT)
    if raised is not None:
        kept = builder.select(code.is_null(raised), kept, raised)
    builder.store(kept, code.at(cell, 8 * RAISED, OBJECT))
    return [cell, code.load(cell, 8 * ADDRESS, LONG), kept]


def give_back(code: Code, callback: Callback) -> None:
    """Let a thunk call nobody any more, and be free; machine code has none."""
    builder, cell = code.builder, callback.cell
    thunk, after = code.block("thunk"), code.block("given_back")
    builder.cbranch(code.is_null(cell), after, thunk)
    builder.position_at_end(thunk)
    first = _first_cell(code, callback)
    finished = code.load(cell, 8 * FINISHED, OBJECT)
    builder.store(finished, code.at(cell, 8 * RAISED, OBJECT))
    builder.store(builder.load(first), code.at(cell, 8 * NEXT, OBJECT))
    builder.store(cell, first)
    builder.branch(after)
    builder.position_at_end(after)


def _first_cell(code: Code, callback: Callback) -> Any:
    """Return the pointer to where a pool has its first cell."""
    code.kept.append(callback.pool)
    location = ir.Constant(LONG, callback.pool.location)
    return code.builder.inttoptr(location, OBJECT.as_pointer())


def raise_first(code: Code, raised: Any) -> None:
    """Raise the first exception of a list, which is empty afterwards; go on where there is none, or no list."""
    builder = code.builder
    some, after = code.block("list"), code.block("nothing_raised")
    builder.cbranch(code.is_null(raised), after, some)
    builder.position_at_end(some)
    size = code.load(raised, SIZE, LONG)
    failed = code.block("failed")
    code.go_on_if(builder.icmp_signed("==", size, ir.Constant(LONG, 0)), failed)
    with code.branch(failed):
        exception = code.load(code.load(raised, LIST_ITEMS, OBJECT), 0, OBJECT)
        code.keep(exception)
        code.call("PyList_SetSlice", raised, ir.Constant(LONG, 0), size, NULL)
        code.call("PyErr_SetObject", code.load(exception, TYPE, OBJECT), exception)
        code.fail(exception)
    builder.branch(after)
    builder.position_at_end(after)

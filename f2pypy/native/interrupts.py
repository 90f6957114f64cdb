"""Ctrl-C while native code is in Fortran: what Python's signal handler raises ends the call at once.

A signal handler in machine code stands in front of those of Python for SIGNALS. It calls the one behind it, and if the
main thread is in a guarded call of Fortran, it lets Python do what is left to do for the signal, as a callback would.
Where that raises, the handler jumps to where the call began.

Fortran can be left where the processor is in code of the library itself, see `f2pypy.native.code_ranges`. In the C
library or the compiler's runtime it may hold a lock, so a timer asks again a little later.

Others may replace the handler at any time, signal.signal first of all; calls therefore look after it now and then.
"""

from __future__ import annotations

import ctypes
import os
import threading
from functools import cache
from typing import Any

from llvmlite import ir
from numpy import array as new_array
from numpy import concatenate

from f2pypy.native.code import LONG, Code, NotNative
from f2pypy.native.code_ranges import ranges_of
from f2pypy.native.freed_memory import put_into_slots
from f2pypy.native.signal_handlers import (
    ACTION_FLAGS,
    ACTION_WORDS,
    BEHIND,
    LAST,
    LOOK,
    LOOKED,
    MAIN,
    RESTART,
    SIGINFO,
    TICK,
    TIMER,
    HandlerWriter,
    c_function,
    clock,
    place_of,
)

CYCLES = 1 << 16  # after which a call looks after the handlers: 20 to 40 us
MONOTONIC, TO_THREAD = 1, 4


class Interrupts:
    """The handlers of this process, and their state; `look` writes what calls do before they enter Fortran."""

    def __init__(self) -> None:
        self.state = (ctypes.c_int64 * LAST)()
        self._kept: list[Any] = []
        self._addresses = HandlerWriter(self._location()).compiled()
        self.flush = self._addresses["flush"]
        self._start()
        os.register_at_fork(after_in_child=self._start)

    def address_of(self, name: str) -> int:
        """Return where the function `name` of `HandlerWriter` is."""
        return self._addresses[name]

    def _location(self) -> int:
        return ctypes.addressof(self.state)

    def _start(self) -> None:
        """Make the timer of the main thread; a child of the process has none of its parent's."""
        main = threading.main_thread()
        self.state[MAIN] = main.ident or 0
        # in a child, the thread object still has the parent's number (before Python 3.13)
        is_here = threading.get_ident() == main.ident
        number = threading.get_native_id() if is_here else main.native_id or 0
        event = (ctypes.c_int64 * 8)(self._location(), TICK | TO_THREAD << 32, number)
        timer = ctypes.c_int64()
        if c_function("timer_create")(MONOTONIC, event, ctypes.byref(timer)):
            raise NotNative("a process that can have no timer")
        self.state[TIMER] = timer.value
        former = (ctypes.c_int64 * ACTION_WORDS)()
        sigaction = c_function("sigaction")
        sigaction(TICK, None, former)
        if former[0] == self._addresses["ticked"]:
            return
        self.state[BEHIND + 2 * TICK] = former[0]
        action = (ctypes.c_int64 * ACTION_WORDS)(self._addresses["ticked"])
        action[ACTION_FLAGS // 8] = SIGINFO | RESTART
        sigaction(TICK, action, None)

    def admit(self, guard: Any) -> int:
        """Let the calls of a guard's library be interrupted; return where the tables lie that records point to."""
        ranges, libraries = ranges_of(guard.libraries)
        put_into_slots(libraries, self._addresses, guard.write_slot)
        tables = [
            concatenate([new_array([len(each)], "u8"), each.ravel()])
            for each in (ranges.strict, ranges.lax, ranges.own)
        ]
        places = new_array([each.ctypes.data for each in tables], "u8")
        self._kept += [*tables, places]
        return int(places.ctypes.data)

    def look(self, code: Code) -> None:
        """Look after the handlers, if that was long ago."""
        builder = code.builder
        place = place_of(self._location(), LOOKED)
        passed = builder.sub(clock(code), builder.load(place))
        looking, after = code.block("looking"), code.block("looked")
        is_long = builder.icmp_unsigned(">", passed, ir.Constant(LONG, CYCLES))
        builder.cbranch(is_long, looking, after)
        builder.position_at_end(looking)
        code.call_address(self._addresses["look"], LOOK, [])
        builder.branch(after)
        builder.position_at_end(after)


@cache
def interrupts() -> Interrupts:
    """Return the handlers of this process, which are there from now on."""
    return Interrupts()

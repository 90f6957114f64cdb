"""The signal handlers in machine code that let native code be interrupted, see `f2pypy.native.interrupts`."""

from __future__ import annotations

import ctypes
from typing import Any

from llvmlite import ir

from f2pypy.native.code import INT, LONG, NOTHING, NULL, OBJECT, Code
from f2pypy.native.freed_memory import CHANCE, begun, write_functions
from f2pypy.native.machine import Machine
from f2pypy.native.records import (
    ERROR,
    INTERRUPTED,
    TABLES,
    THREAD,
    address,
    address_of,
    enter,
    jump,
    record_of_thread,
)

# SIGINT, SIGALRM and SIGTERM, by Linux's numbers: programs use them to interrupt
SIGNALS = (2, 14, 15)
# Sent by the timer: the one signal that does nothing to a process that doesn't expect it, and that hardly anybody uses
# (urgent data of sockets).
TICK = 23
# Words of the state: the cycle when handlers were looked after last, the main thread, the timer, how often a signal
# that waits has asked for an interrupt, how far the processor had come then (0 once it has allocated), and the thread
# that runs a handler which was there before ours; then two words for each signal: the handler behind ours, and the
# first that there was.
LOOKED, MAIN, TIMER, ASKED, FURTHEST, BUSY, BEHIND = range(7)
LAST = 2 * 65 + BEHIND
PAUSE = 50_000  # nanoseconds, until the timer asks
FEW = 3  # times that it asks outside of calls
# glibc's and musl's struct sigaction: handler, mask of 128 bytes, flags, restorer
ACTION_WORDS, ACTION_FLAGS = 19, 136
SIGINFO, ONSTACK, RESTART = 4, 0x08000000, 0x10000000
# siginfo_t of a timer: its origin, SI_TIMER, and its value
ORIGIN, VALUE, OF_TIMER = 8, 24, -2
# ucontext_t of x86-64: the program counter, and the mask of signals
COUNTER, MASK = 168, 296
SET_MASK = 2
LATEST, FIRST = range(2)
STRICT, LAX, OWN = range(3)
ZERO = ir.Constant(LONG, 0)

HANDLE = ir.FunctionType(NOTHING, [INT, OBJECT, OBJECT])
LOOK = ir.FunctionType(NOTHING, [])
RETRY = ir.FunctionType(NOTHING, [OBJECT])
INTERRUPT = ir.FunctionType(NOTHING, [OBJECT])
FIND = ir.FunctionType(LONG, [OBJECT, LONG])
SIGACTION = ir.FunctionType(INT, [INT, OBJECT, OBJECT])
SETTIME = ir.FunctionType(INT, [LONG, INT, OBJECT, OBJECT])
SELF = ir.FunctionType(LONG, [])
ERRNO = ir.FunctionType(INT.as_pointer(), [])
SIGMASK = ir.FunctionType(INT, [INT, OBJECT, OBJECT])
CLOCK = ir.FunctionType(LONG, [])


def c_function(name: str) -> Any:
    """Return a function of the C library, which may have its timers in a part of its own (glibc before 2.34)."""
    process = ctypes.CDLL(None)
    return process[name] if hasattr(process, name) else ctypes.CDLL("librt.so.1")[name]


def place_of(state: int, word: int) -> Any:
    """Return the pointer to a word of the state."""
    return ir.Constant(LONG, state + 8 * word).inttoptr(LONG.as_pointer())


def clock(code: Code) -> Any:
    """Return the processor's count of cycles."""
    module, name = code.builder.module, "llvm.readcyclecounter"
    clock = module.globals.get(name) or ir.Function(module, CLOCK, name)
    return code.builder.call(clock, [])


class HandlerWriter:
    """Writes the handlers, whose state lies at an address."""

    def __init__(self, state: int) -> None:
        self._state = state
        self._module = ir.Module("interrupts")
        written = {
            "find": (FIND, self._write_find),
            "interrupt": (INTERRUPT, self._write_interrupt),
            "chance": (CHANCE, self._write_chance),
            "retry": (RETRY, self._write_retry),
            "arrived": (HANDLE, self._write_arrived),
            "ticked": (HANDLE, self._write_ticked),
            "look": (LOOK, self._write_look),
        }
        self._functions = {
            name: ir.Function(self._module, kind, name)
            for name, (kind, _) in written.items()
        }
        for name, (_, write) in written.items():
            write(begun(self._functions[name]))
        asked, furthest = (place_of(state, word) for word in (ASKED, FURTHEST))
        chance = self._functions["chance"]
        slots = write_functions(self._module, asked, furthest, chance)
        self._names = ["ticked", "look", *slots]

    def compiled(self) -> dict[str, int]:
        """Return the addresses of what others call, by their names."""
        return Machine().compile_all(str(self._module), self._names, [])

    def _word(self, code: Code, word: int) -> Any:
        return code.builder.load(place_of(self._state, word))

    def _put(self, code: Code, word: int, value: Any) -> None:
        code.builder.store(value, place_of(self._state, word))

    def _of_signal(self, code: Code, number: Any, word: int) -> Any:
        """Return the pointer to a word of a signal."""
        builder = code.builder
        at = builder.add(
            builder.mul(number, ir.Constant(LONG, 2)), ir.Constant(LONG, word)
        )
        return builder.gep(place_of(self._state, BEHIND), [at])

    def _require(self, code: Code, condition: Any) -> None:
        """Return from the handler unless `condition` (i1) holds."""
        over = code.block("over")
        code.go_on_if(condition, over)
        with code.branch(over):
            code.builder.ret_void()

    def _write_chance(self, code: Code) -> None:
        """Write what interrupts a call that allocates memory, if the place is in the library's code."""
        record, place = code.builder.function.args
        builder = code.builder
        own = code.call_address(address_of("pthread_self"), SELF, [])
        is_main = builder.icmp_signed("==", own, self._word(code, MAIN))
        self._require(code, builder.and_(is_main, code.is_given(record)))
        self._require(code, self._is_in(code, record, OWN, place))
        self._put(code, ASKED, ZERO)
        builder.call(self._functions["interrupt"], [record])
        builder.ret_void()

    def _write_retry(self, code: Code) -> None:
        """Write what interrupts the main thread's call, now or later; its argument is the context of the handler."""
        (context,) = code.builder.function.args
        builder = code.builder
        record = record_of_thread(code)
        own = code.call_address(address_of("pthread_self"), SELF, [])
        is_main = builder.icmp_signed("==", own, self._word(code, MAIN))
        later, outside = code.block("later"), code.block("outside")
        code.go_on_if(is_main, later)
        code.go_on_if(code.is_given(record), outside)
        code.go_on_if(self._can_leave(code, record, context), later)
        self._put(code, ASKED, ZERO)
        mask = code.at(context, MASK, ir.IntType(8))
        sigmask, setting = address_of("pthread_sigmask"), ir.Constant(INT, SET_MASK)
        former = builder.bitcast(code.stack(LONG, 16), OBJECT)
        code.call_address(sigmask, SIGMASK, [setting, mask, former])
        builder.call(self._functions["interrupt"], [record])
        code.call_address(sigmask, SIGMASK, [setting, former, NULL])
        builder.ret_void()
        with code.branch(later):
            asked = builder.add(self._word(code, ASKED), ir.Constant(LONG, 1))
            self._put(code, ASKED, asked)
            self._set_timer(code)
            builder.ret_void()
        with code.branch(outside):
            self._ask_soon(code)
            builder.ret_void()

    def _ask_soon(self, code: Code) -> None:
        """Let the timer ask a few times: native code may be about to call Fortran, and Python won't look before that.

        Where Python raises the signal's exception first, an interrupt finds none and the call goes on.
        """
        builder = code.builder
        asked = builder.add(self._word(code, ASKED), ir.Constant(LONG, 1))
        is_over = builder.icmp_signed(">", asked, ir.Constant(LONG, FEW))
        self._put(code, ASKED, builder.select(is_over, ZERO, asked))
        self._require(code, builder.not_(is_over))
        self._set_timer(code)

    def _set_timer(self, code: Code) -> None:
        times = code.stack(LONG, 4)
        for place, value in enumerate((0, 0, 0, PAUSE)):
            code.builder.store(
                ir.Constant(LONG, value),
                code.builder.gep(times, [ir.Constant(LONG, place)]),
            )
        given = [
            self._word(code, TIMER),
            ir.Constant(INT, 0),
            code.builder.bitcast(times, OBJECT),
            NULL,
        ]
        code.call_address(address(c_function("timer_settime")), SETTIME, given)

    def _can_leave(self, code: Code, record: Any, context: Any) -> Any:
        """Return whether the call of a record can be left where the handler's context says that it is (i1)."""
        builder = code.builder
        counter = code.load(context, COUNTER, LONG)
        end, furthest = (
            self._end(code, record, LAX, counter),
            self._word(code, FURTHEST),
        )
        # it has been further on since memory was allocated last, so this is a loop
        comes_back = builder.and_(
            builder.icmp_unsigned("<", counter, furthest),
            builder.icmp_unsigned("<", furthest, end),
        )
        is_elsewhere = builder.icmp_signed("==", end, ZERO)
        is_known = builder.or_(comes_back, is_elsewhere)
        self._put(code, FURTHEST, builder.select(is_known, furthest, counter))
        return builder.or_(self._is_in(code, record, STRICT, counter), comes_back)

    def _is_in(self, code: Code, record: Any, which: int, place: Any) -> Any:
        """Return whether a place is in one of a record's tables (i1)."""
        end = self._end(code, record, which, place)
        return code.builder.icmp_signed("!=", end, ZERO)

    def _end(self, code: Code, record: Any, which: int, place: Any) -> Any:
        """Return where the range of a record's table ends in which a place is; 0 if it is in none."""
        tables = code.load(record, 8 * TABLES, OBJECT)
        table = code.load(tables, 8 * which, OBJECT)
        return code.builder.call(self._functions["find"], [table, place])

    def _write_find(self, code: Code) -> None:
        """Write what looks a place up in a table: how many ranges, and where each begins and ends."""
        table, place = code.builder.function.args
        builder = code.builder
        found = code.stack(LONG)
        builder.store(ZERO, found)
        words = code.at(table, 0, LONG)
        with code.each(ZERO, builder.load(words)) as number:
            at = builder.mul(number, ir.Constant(LONG, 2))
            start, end = (
                builder.load(
                    builder.gep(words, [builder.add(at, ir.Constant(LONG, offset))])
                )
                for offset in (1, 2)
            )
            inside = builder.and_(
                builder.icmp_unsigned("<=", start, place),
                builder.icmp_unsigned("<", place, end),
            )
            builder.store(builder.select(inside, end, builder.load(found)), found)
        builder.ret(builder.load(found))

    def _write_interrupt(self, code: Code) -> None:
        """Write what lets Python do what it has to do for signals, out of Fortran; if that raises, the call ends."""
        (record,) = code.builder.function.args
        builder = code.builder
        enter(code, NULL)
        location = code.call_address(address_of("__errno_location"), ERRNO, [])
        errno = builder.load(location)
        thread = code.load(record, 8 * THREAD, OBJECT)
        self._switch(code, thread, "PyEval_RestoreThread", thread)
        answer = code.call("PyErr_CheckSignals")
        raised = code.block("raised")
        code.go_on_if(builder.icmp_signed("==", answer, ir.Constant(INT, 0)), raised)
        self._switch(code, thread, "PyEval_SaveThread")
        builder.store(errno, location)
        enter(code, record)
        builder.ret_void()
        with code.branch(raised):
            places = [
                code.at(record, 8 * (ERROR + place), OBJECT) for place in range(3)
            ]
            code.call("PyErr_Fetch", *places)
            self._switch(code, thread, "PyEval_SaveThread")
            jump(code, record, INTERRUPTED)

    def _switch(self, code: Code, thread: Any, verb: str, *arguments: Any) -> None:
        """Take or give back the interpreter's lock, where the call had given it back."""
        switching, after = code.block("switching"), code.block("switched")
        code.builder.cbranch(code.is_null(thread), after, switching)
        code.builder.position_at_end(switching)
        code.call(verb, *arguments)
        code.builder.branch(after)
        code.builder.position_at_end(after)

    def _write_arrived(self, code: Code) -> None:
        """Write the handler of SIGNALS: what was there before comes first."""
        number, _, context = code.builder.function.args
        builder = code.builder
        own = code.call_address(address_of("pthread_self"), SELF, [])
        wide = builder.zext(number, LONG)
        # A handler that others have put in front of ours, and ours in front of that again, may call us.
        is_nested = builder.icmp_signed("==", own, self._word(code, BUSY))
        nested = code.block("nested")
        code.go_on_if(builder.not_(is_nested), nested)
        self._put(code, BUSY, own)
        self._call_behind(code, wide, LATEST)
        self._put(code, BUSY, ZERO)
        self._put(code, FURTHEST, ZERO)
        self._put(code, ASKED, ZERO)
        builder.call(self._functions["retry"], [context])
        builder.ret_void()
        with code.branch(nested):
            first, last = (
                builder.load(self._of_signal(code, wide, word))
                for word in (FIRST, LATEST)
            )
            self._require(code, builder.icmp_signed("!=", first, last))
            self._call_behind(code, wide, FIRST)
            builder.ret_void()

    def _call_behind(self, code: Code, number: Any, word: int) -> None:
        """Call a handler that was there before, if it is one and no default."""
        builder = code.builder
        handler = builder.load(self._of_signal(code, number, word))
        calling, after = code.block("calling"), code.block("called")
        is_one = builder.icmp_unsigned(">", handler, ir.Constant(LONG, 1))
        builder.cbranch(is_one, calling, after)
        builder.position_at_end(calling)
        # those that take the signal's number alone don't see the other two arguments
        function = builder.inttoptr(handler, HANDLE.as_pointer())
        builder.call(function, builder.function.args)
        builder.branch(after)
        builder.position_at_end(after)

    def _write_ticked(self, code: Code) -> None:
        """Write the handler of the timer's signal; others' signals of that number are for who was there before."""
        number, information, context = code.builder.function.args
        builder = code.builder
        value = code.load(information, VALUE, LONG)
        origin = code.load(information, ORIGIN, INT)
        is_ours = builder.and_(
            builder.icmp_signed("==", value, ir.Constant(LONG, self._state)),
            builder.icmp_signed("==", origin, ir.Constant(INT, OF_TIMER)),
        )
        others = code.block("others")
        code.go_on_if(is_ours, others)
        builder.call(self._functions["retry"], [context])
        builder.ret_void()
        with code.branch(others):
            self._call_behind(code, builder.zext(number, LONG), LATEST)
            builder.ret_void()

    def _write_look(self, code: Code) -> None:
        """Write what puts our handler in front of those that are there, unless a signal has its default meaning."""
        builder = code.builder
        room = builder.bitcast(code.stack(LONG, ACTION_WORDS), OBJECT)
        sigaction = address_of("sigaction")
        ours = builder.ptrtoint(self._functions["arrived"], LONG)
        for each in SIGNALS:
            number = ir.Constant(INT, each)
            code.call_address(sigaction, SIGACTION, [number, NULL, room])
            place = code.at(room, 0, LONG)
            handler = builder.load(place)
            is_other = builder.and_(
                builder.icmp_unsigned(">", handler, ir.Constant(LONG, 1)),
                builder.icmp_unsigned("!=", handler, ours),
            )
            setting, after = code.block("setting"), code.block("set")
            builder.cbranch(is_other, setting, after)
            builder.position_at_end(setting)
            latest, first = (
                self._of_signal(code, ir.Constant(LONG, each), word)
                for word in (LATEST, FIRST)
            )
            is_first = builder.icmp_signed(
                "==", builder.load(first), ir.Constant(LONG, 0)
            )
            builder.store(builder.select(is_first, handler, builder.load(first)), first)
            builder.store(handler, latest)
            builder.store(ours, place)
            flags = code.at(room, ACTION_FLAGS, INT)
            # faulthandler's stack is too small for what Python does
            kept = builder.and_(builder.load(flags), ir.Constant(INT, ~ONSTACK))
            builder.store(builder.or_(kept, ir.Constant(INT, SIGINFO)), flags)
            code.call_address(sigaction, SIGACTION, [number, room, NULL])
            builder.branch(after)
            builder.position_at_end(after)
        self._put(code, LOOKED, clock(code))
        builder.ret_void()

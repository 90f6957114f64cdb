"""Stops of Fortran as exceptions of native code: a call begins with setjmp, and what ends a process jumps back.

`f2pypy.runtime.guarded_calls` has put functions of Python's into the slots of a library. Where native code makes the
calls, machine code stands in front of these: in a thread that is in a guarded call it has Python note what Fortran
said, and jumps to where that call began; elsewhere it calls what was there before. No frame of Python's may lie
between the two, so a thread counts as out of Fortran while a callback runs.
"""

from __future__ import annotations

import ctypes
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from llvmlite import ir

from f2pypy.native.callback_call import RAISED
from f2pypy.native.code import INT, LONG, NOTHING, NULL, OBJECT, Code, NotNative
from f2pypy.native.code_ranges import runs_teams
from f2pypy.native.freed_memory import flush_if_any, forget
from f2pypy.native.interrupts import interrupts
from f2pypy.native.layouts import SIZE, word_at
from f2pypy.native.machine import Machine
from f2pypy.native.records import (
    ASKED,
    CONTROL,
    ERROR,
    FREED,
    GET,
    PLACE,
    STOPPED,
    TABLES,
    THREAD,
    WORDS,
    address,
    address_of,
    enter,
    jump,
    record_of_thread,
)

__tracebackhide__ = True  # pytest's tracebacks end at the call that was stopped
MOST_WORDS = 8  # that f2pypy.runtime.stops reads
SETJMP = ir.FunctionType(INT, [OBJECT])
CONTROL_WORD = ir.FunctionType(NOTHING, [OBJECT])
OF_INTEGER = ir.FunctionType(INT, [INT])
STOP = ir.FunctionType(NOTHING, [LONG] * MOST_WORDS)
NOTE = ir.FunctionType(NOTHING, [OBJECT, *[LONG] * MOST_WORDS])
ZERO = ir.Constant(LONG, 0)
# Of what glibc's fenv.h says, all exceptions and the mask of the rounding modes.
ALL_EXCEPTIONS, ROUNDING = 0x3F, 0xC00
_ASKS, _ENDS = "pthread_getspecific", ("exit", "_exit", "abort")
_OPENS = "_gfortran_st_open"  # one that every libgfortran has
_Note = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * (MOST_WORDS + 1))
# Of each slot that has machine code in it, where the address of the function behind that is.
_BEHIND: dict[int, int] = {}
# What Fortran said in calls that it has ended, by the addresses of their records; or what a signal handler raised then.
_SAID: dict[int, tuple[str, int] | BaseException] = {}


def place_of(slot: int) -> int:
    """Return where to write the address of a function that belongs into a slot."""
    return _BEHIND.get(slot, slot)


class NativeGuard:
    """The guarded calls that native code makes of a library; NotNative where only Python can make them."""

    def __init__(self, library: Any) -> None:
        if platform.machine() != "x86_64":
            raise NotNative("Fortran whose stops are exceptions, on this processor")
        if getattr(library.turns, "parallel", False):
            raise NotNative("Fortran whose own threads may call Python")
        if runs_teams(library.guard.libraries):
            raise NotNative("Fortran with OpenMP whose stops are exceptions")
        stand_in_front(library.guard)
        self._interrupts = interrupts()
        self._tables = self._interrupts.admit(library.guard)
        self.library = library

        def give_up(record: int) -> None:
            guard = library.guard
            try:
                forget(record, guard.libraries)
                guard.give_up()
            except BaseException:  # another signal, and less than all may be done
                forget(record, guard.libraries)
                guard.give_up()
                raise

        self._give_up = give_up

        def raise_stop(record: int) -> None:
            # what is raised before the first line of `note`, ctypes prints and drops
            said = _SAID.pop(record, ("unknown", 1))
            if isinstance(said, BaseException):
                raise said
            raise library.guard.exception(*said)

        self._raise_stop = raise_stop
        self._turns = library.turns.lock
        self._running = library.guard.running

    def require_turn(self, code: Code, threadsafe: bool) -> None:
        """Leave the call to Python where a thread that makes calls for others is in the library.

        Such a thread has the turn, unless the routine is `threadsafe`; it may be one that nobody waits for any more.
        """
        running = code.load(code.constant_object(self._running), SIZE, LONG)
        code.require(code.builder.icmp_signed("==", running, ZERO))
        if not threadsafe:
            owner = turn_owner(code, self._turns)
            code.require(code.builder.icmp_signed("==", owner, ZERO))

    @contextmanager
    def around(
        self, code: Code, afterwards: Callable[[], None], thread: Any
    ) -> Iterator[None]:
        """Write a call of Fortran; where that stops, what `afterwards` writes, and the exception.

        `thread` is the state of the thread where the call gives back the interpreter's lock, else None.
        """
        builder = code.builder
        self._interrupts.look(code)
        record = code.builder.bitcast(code.stack(LONG, WORDS), OBJECT)
        outer = record_of_thread(code)
        tables = ir.Constant(LONG, self._tables).inttoptr(OBJECT)
        for word, value in (
            (ASKED, ZERO),
            (THREAD, NULL if thread is None else thread),
            (TABLES, tables),
            (FREED, ZERO),
        ):
            builder.store(value, code.at(record, 8 * word, value.type))
        control = _declared(code, CONTROL_WORD, "llvm.x86.sse.stmxcsr")
        builder.call(control, [code.at(record, 8 * CONTROL, ir.IntType(8))])
        setjmp = _declared(code, SETJMP, "_setjmp")
        setjmp.attributes.add("returns_twice")
        place = code.at(record, 8 * PLACE, ir.IntType(8))
        came_back = builder.call(setjmp, [place])
        ended = code.block("ended")
        first = builder.icmp_signed("==", came_back, ir.Constant(INT, 0))
        code.go_on_if(first, ended)
        enter(code, record)
        yield
        enter(code, outer)
        flush_if_any(code, record, self._interrupts.flush)
        with code.branch(ended):
            enter(code, outer)
            _restore_control(code, record)
            afterwards()
            interrupted = code.block("interrupted")
            stopped = ir.Constant(INT, STOPPED)
            code.go_on_if(builder.icmp_signed("==", came_back, stopped), interrupted)
            flush_if_any(code, record, self._interrupts.flush)
            self._raise(code, record)
            with code.branch(interrupted):
                self._raise_interrupt(code, record)

    def _raise(self, code: Code, record: Any) -> None:
        number, _ = self._told(code, record, self._raise_stop)
        code.fail(number)

    def _told(self, code: Code, record: Any, function: Any) -> tuple[Any, Any]:
        """Call a Python function with the address of a record; return that as an object, and what it returns."""
        where = code.builder.ptrtoint(record, LONG)
        number = code.require_object(code.call("PyLong_FromLongLong", where), ())
        called = code.constant_object(function)
        return number, code.call("PyObject_CallFunctionObjArgs", called, number, NULL)

    def _raise_interrupt(self, code: Code, record: Any) -> None:
        """Write the end of a call that was interrupted: what Fortran has allocated isn't freed, it may be half done."""
        number, done = self._told(code, record, self._give_up)
        code.call("Py_DecRef", code.require_object(done, (number,)))
        code.call("Py_DecRef", number)
        for each in code.owned:
            code.call("Py_DecRef", each)
        error = [code.load(record, 8 * (ERROR + place), OBJECT) for place in range(3)]
        code.call("PyErr_Restore", *error)
        code.builder.ret(NULL)


def turn_owner(code: Code, lock: Any) -> Any:
    """Return which thread has a lock, an RLock of Python's (i64); 0 if it is free."""
    kind: Any = type(lock)
    offset = _owner_offset(kind)
    return code.load(code.constant_object(lock), offset, LONG)


def wait_for_turn(code: Code, lock: Any, cell: Any) -> None:
    """Go on once no other thread is in the library; `cell` is that of the thunk that goes back to Fortran."""
    builder = code.builder
    test, wait, go_on = map(code.block, ("test", "wait", "go_on"))
    builder.branch(test)
    builder.position_at_end(test)
    is_taken = builder.icmp_signed("!=", turn_owner(code, lock), ZERO)
    builder.cbranch(is_taken, wait, go_on)
    builder.position_at_end(wait)
    raised = code.load(cell, 8 * RAISED, OBJECT)
    waiter = code.constant_object(_waiter(lock))
    found = code.call("PyObject_CallFunctionObjArgs", waiter, raised, NULL)
    arms = code.block("failed"), code.block("came")
    builder.cbranch(code.is_null(found), *arms)
    for block, verb, subject in zip(
        arms, ("PyErr_WriteUnraisable", "Py_DecRef"), (NULL, found)
    ):
        with code.branch(block):
            code.call(verb, subject)
            builder.branch(test)
    builder.position_at_end(go_on)


def _waiter(lock: Any) -> Callable[[Any], None]:
    def wait(raised: Any) -> None:
        """Wait for the lock; what signal handlers raise meanwhile is kept until Fortran returns."""
        try:
            with lock:
                pass
        except BaseException as interrupt:
            if isinstance(raised, list):
                raised.append(interrupt)

    return wait


@cache
def _owner_offset(kind: Any) -> int:
    """Return where a lock has the thread that owns it; NotNative where no word of it looks like that."""
    lock, other = kind(), kind()
    with lock:
        owner = ctypes.pythonapi.PyThread_get_thread_ident
        owner.restype = ctypes.c_ulong
        own = owner()
        for offset in range(16, kind.__basicsize__, 8):
            if word_at(id(lock) + offset) == own and not word_at(id(other) + offset):
                return offset
    raise NotNative("locks whose owner can't be read")


def _restore_control(code: Code, record: Any) -> None:
    """Let the processor round, and trap, as it did before the call: Fortran may have changed that."""
    builder = code.builder
    word = code.load(record, 8 * CONTROL, INT)

    def bits(shift: int, mask: int) -> Any:
        shifted = builder.lshr(word, ir.Constant(INT, shift))
        return builder.and_(shifted, ir.Constant(INT, mask))

    # of the x87 as well, which has numbers of 80 bits
    code.call_address(address_of("fesetround"), OF_INTEGER, [bits(3, ROUNDING)])
    masked = bits(7, ALL_EXCEPTIONS)
    code.call_address(address_of("fedisableexcept"), OF_INTEGER, [masked])
    control = _declared(code, CONTROL_WORD, "llvm.x86.sse.ldmxcsr")
    builder.call(control, [code.at(record, 8 * CONTROL, ir.IntType(8))])


def _declared(code: Code, kind: ir.FunctionType, name: str) -> Any:
    """Return a function that LLVM finds by its name."""
    module = code.builder.module
    return module.globals.get(name) or ir.Function(module, kind, name)


def stand_in_front(guard: Any) -> None:
    """Put machine code in front of what a library's guard has put into its slots."""
    writer = _Writer(guard)
    asking, reporting = _slots_of_gfortran(guard)
    covered = {*_BEHIND, *_BEHIND.values()}
    slots = [(name, at) for name, at, _ in guard.placed if at not in covered]
    for name, at in slots:
        writer.write_stop(name, word_at(at), at in reporting)
    for _, replacement in guard.heard:
        writer.write_stop("", address(replacement))
    writer.write_asked()
    addresses = iter(writer.compiled())
    for (_, at), word in zip(slots, writer.words):
        _BEHIND[at] = ctypes.addressof(word)
        guard.write_slot(at, next(addresses))
    for register, _ in guard.heard:
        register(ctypes.c_void_p(next(addresses)))
    asked = next(addresses)
    for at in asking:
        guard.write_slot(at, asked)


def _slots_of_gfortran(guard: Any) -> tuple[set[int], set[int]]:
    """Return the slots by which libgfortran asks for a thread's storage, and by which it ends processes.

    Its code may lie in the user's library (``--static-runtime``), together with what else ends processes there.
    """
    places = [
        address(handle[_OPENS])
        for handle in guard.library.handles
        if hasattr(handle, _OPENS)
    ]
    found = [
        max((each for each in guard.libraries if each.base <= place), key=_base)
        for place in places
    ]
    asking, reporting = (
        {slot for each in found for _, slot in each.slots(names)}
        for names in ((_ASKS,), _ENDS)
    )
    return asking, reporting


def _base(library: Any) -> int:
    """Return where a library begins in memory."""
    return int(library.base)


def _noting(guard: Any, name: str, resets: bool) -> Any:
    """Return the C function that notes what Fortran said in the call of a record, and comes back."""

    def note(record: int, *words: int | None) -> None:
        try:
            _SAID[record] = guard.end_call(name, words)
        except BaseException as interrupt:
            guard.give_up()  # of which less than all may be done
            _SAID[record] = interrupt
        if resets:
            _forget_error(record)

    return _Note(note)


def _forget_error(record: int) -> None:
    """Let libgfortran forget that the thread has reported an error: it takes the next one for an error in that."""
    asked = word_at(record + 8 * ASKED)
    if not asked:
        return
    process = ctypes.CDLL(None)
    kept = process.pthread_getspecific
    kept.restype = ctypes.POINTER(ctypes.c_bool)
    found = kept(ctypes.c_uint(asked - 1))
    if found:
        found[0] = False


class _Writer:
    """Writes the machine code for slots; `names` are its functions, `words` what they call behind themselves."""

    def __init__(self, guard: Any) -> None:
        self.guard = guard
        self.module = ir.Module("stops")
        self.names: list[str] = []
        self.words: list[Any] = []
        self.kept: list[Any] = []

    def _begin(self, kind: ir.FunctionType) -> tuple[Any, Code, Any]:
        """Begin a function; return it, and the record of the call that the thread is in."""
        self.names.append(f"function{len(self.names)}")
        function = ir.Function(self.module, kind, self.names[-1])
        builder = ir.IRBuilder(function.append_basic_block())
        code = Code(builder, None, builder.block, {})
        return function, code, record_of_thread(code)

    def write_stop(self, name: str, former: int, resets: bool = False) -> None:
        """Write the function that ends guarded calls, for `name`; outside of them it calls what is at `former`."""
        word, note = ctypes.c_int64(former), _noting(self.guard, name, resets)
        self.words.append(word)
        self.kept += [word, note]
        function, code, record = self._begin(STOP)
        outside = code.block("outside")
        code.go_on_if(code.is_given(record), outside)
        enter(code, NULL)  # a signal must not jump over what Python does here
        code.call_address(address(note), NOTE, [record, *function.args])
        jump(code, record, STOPPED)
        with code.branch(outside):
            where = ir.Constant(LONG, ctypes.addressof(word)).inttoptr(
                STOP.as_pointer().as_pointer()
            )
            code.builder.call(code.builder.load(where), function.args)
            code.builder.ret_void()

    def write_asked(self) -> None:
        """Write the function that notes in the record which key a library asks for."""
        function, code, record = self._begin(GET)
        (asked,) = function.args
        outside = code.block("outside")
        inside = code.block("inside")
        code.builder.cbranch(code.is_given(record), inside, outside)
        code.builder.position_at_end(inside)
        noted = code.builder.add(code.builder.zext(asked, LONG), ir.Constant(LONG, 1))
        code.builder.store(noted, code.at(record, 8 * ASKED, LONG))
        code.builder.branch(outside)
        code.builder.position_at_end(outside)
        found = code.call_address(address_of("pthread_getspecific"), GET, [asked])
        code.builder.ret(found)

    def compiled(self) -> list[int]:
        """Return the addresses of the functions."""
        found = Machine().compile_all(str(self.module), self.names, self.kept)
        return [found[name] for name in self.names]

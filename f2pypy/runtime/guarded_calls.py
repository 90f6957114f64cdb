"""Calls that outlive a STOP: each runs in a thread that can be left behind.

A library keeps the addresses of the functions that end a process, and functions of ours take their places. They can't
return to Fortran, so they park their thread for ever; the call that the thread made for somebody else is over, and
raises. The memory that Fortran held is lost, and the thread with it. Outside of such calls the process ends as ever.

The thread that waits is free to be interrupted: Ctrl-C raises KeyboardInterrupt there, and Fortran runs on alone with
everything that it was given.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import sys
from _thread import allocate_lock, start_new_thread
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from threading import local
from time import perf_counter
from typing import Any, Callable, Sequence
from weakref import WeakValueDictionary

from f2pypy.runtime.elf_slots import loaded_library, write_slot
from f2pypy.runtime.held_locks import HeldLocks
from f2pypy.runtime.stops import MOST_WORDS, REGISTER_CRASH_HANDLER, STOPS, FortranStop, Words, read_crash, told

_here = local()
# Seconds, from which a call isn't left to native code: other threads of Python run while a thread makes it. So many
# short calls let it be forgotten.
_LONG, _FORGIVEN = 0.01, 100
_Stop = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * MOST_WORDS)


class Call:
    """A call of `function`, the Fortran procedure `name`, that a thread makes for another one.

    `kept` is the frame of the wrapper, with the arrays that Fortran was given: it goes on with them when who waits is
    interrupted. Whoever takes `claim` decides what becomes of the call: the thread begins it, or the one that was
    interrupted before that drops it.
    """

    def __init__(self, function: Callable[..., Any], arguments: Any, name: str, kept: Any, calls: Any) -> None:
        self.task: Any = copy_context(), function, arguments, calls
        self.name, self.kept = name, kept
        self.claim, self.answered = allocate_lock(), allocate_lock()
        self.answered.acquire()
        self.is_left = False  # whether nobody waits any more
        self.result: Any = None
        self.failure: BaseException | None = None
        self.is_lost = False  # whether Fortran has ended it


class Caller:
    """A thread that makes calls of a guard's library for others, until one of them never returns.

    Signals don't interrupt it: all that must happen when a call is over happens here.
    """

    def __init__(self, guard: StopGuard) -> None:
        self.guard = guard
        self.calls: list[Call] = []
        self.asked = allocate_lock()
        self.asked.acquire()
        start_new_thread(self.run, ())

    def ask(self, call: Call) -> None:
        """Have a call made."""
        self.calls.append(call)
        with suppress(RuntimeError):  # awake already
            self.asked.release()

    def run(self) -> None:
        """Make calls for ever."""
        _here.caller = self
        while True:
            self.asked.acquire()
            while self.calls:
                call = self.calls.pop(0)
                if call.claim.acquire(False):
                    self.begin(call)
                del call

    def begin(self, call: Call) -> None:
        """Make a call."""
        self.current: Call | None = call
        self.guard.running[self] = call
        context, function, arguments, calls = call.task
        if calls is not None:
            self.guard.library.by_name.threads.calls = calls
        try:
            call.result = context.run(function, *arguments)
        except BaseException as failure:
            call.failure = failure
        del context, function, arguments, calls
        self.end()

    def end(self) -> None:
        """Tell who waits, or has waited, that the call is over."""
        call, self.current = self.current, None
        assert call is not None
        call.kept = call.task = None
        self.guard.running.pop(self, None)
        if not call.is_lost:
            self.guard.free.append(self)
        call.answered.release()

    def stop(self, stop: Exception) -> None:
        """End the call with an exception, and this thread with it."""
        assert self.current is not None
        self.current.failure, self.current.is_lost = stop, True
        turn: Any = self.guard.library.turns.lock
        if turn._is_owned():
            turn._release_save()
        _here.caller = None
        self.end()
        forever = allocate_lock()
        forever.acquire()
        forever.acquire()


class StopGuard:
    """The calls of one library whose stops are exceptions: `exception` takes the text and the exit status.

    Raises ImportError where the library's calls can't be caught.
    """

    def __init__(self, exception: Callable[[str, int], Exception], library: Any) -> None:
        self.exception = exception
        self.library = library
        # Fortran runs without the interpreter lock, so that who waits can be interrupted.
        library.lends_interpreter = library.turns.needed = True
        self.free: list[Caller] = []
        self.running: dict[Caller, Call] = {}
        self.expected: Any = WeakValueDictionary()  # callbacks, by the identity of what Fortran is passed for them
        self.waits: dict[str, int] = {}  # how many more short calls of a procedure native code waits for
        # What was replaced: name, slot and former address; and what hears of crashes: how to register it, and it.
        self.placed: list[tuple[str, int, int]] = []
        self.replacements: list[Any] = []
        self.heard: list[tuple[Any, Any]] = []
        try:
            found = [each for handle in library.handles for each in loaded_library(handle._name).with_needed()]
        except OSError as failure:
            raise ImportError(f"{library.module}: its stops can't become exceptions: {failure}") from None
        self.libraries = found
        for each in found:
            for name, slot in each.slots(STOPS):
                self.replace(name, slot)
        self.locks = HeldLocks(found, library.handles)
        self.write_slot = write_slot  # for native code
        self.hear_crashes()
        os.register_at_fork(after_in_child=self._forget_threads)
        # PyPy frees its callbacks before the process ends.
        atexit.register(self.restore)

    def _forget_threads(self) -> None:
        """Let go of the threads that make calls, which aren't in the child."""
        self.free.clear()
        self.running.clear()

    def replace(self, name: str, slot: int) -> None:
        """Put a function that ends the call in the place of one that ends the process."""
        # Other modules' native code stays in front.
        native = sys.modules.get("f2pypy.native.guards")
        place = slot if native is None else native.place_of(slot)
        former = ctypes.c_void_p.from_address(place).value or 0
        replacement = self.replacement(name, _Stop(former))
        write_slot(place, ctypes.cast(replacement, ctypes.c_void_p).value or 0)
        self.placed.append((name, place, former))

    def replacement(self, name: str, go_on: Callable[..., Any]) -> Any:
        """Return the C function that ends a call; outside of guarded calls it does what `go_on` does."""

        def end(*words: int | None) -> None:
            caller = getattr(_here, "caller", None)
            if caller is None:
                go_on(*words)
                return
            caller.stop(self.exception(*self.end_call(name, words)))

        made = _Stop(end)
        self.replacements.append(made)
        return made

    def end_call(self, name: str, words: Words) -> tuple[str, int]:
        """Give up what the call of this thread holds; return the text that Fortran ends it with, and the status.

        `name` is the function that Fortran called for that, with the `words`; "" where a crash was found.
        """
        said = told(STOPS[name] if name else read_crash, words)
        self.give_up()
        return said

    def give_up(self) -> None:
        """Give up what the call of this thread holds."""
        with suppress(Exception):  # Fortran must not go on
            self.locks.release()

    def hear_crashes(self) -> None:
        """Have errors that flang's runtime finds end the call with their text, before it prints that and aborts."""
        for handle in self.library.handles:
            if hasattr(handle, REGISTER_CRASH_HANDLER):
                register, replacement = handle[REGISTER_CRASH_HANDLER], self.replacement("", lambda *_: None)
                register(replacement)
                self.heard.append((register, replacement))

    def restore(self) -> None:
        """Put back what the library had."""
        for _, place, former in self.placed:
            write_slot(place, former)
        for register, _ in self.heard:
            register(None)

    def expect(self, callback: Any) -> None:
        """Note that the library may be passed a callback: what that raised comes before a stop that it causes."""
        self.expected[id(callback.pointer)] = callback

    def first_raised(self, arguments: Sequence[Any]) -> BaseException | None:
        """Return what callbacks have raised first in a call with these arguments, None for nothing."""
        found = [self.expected[id(each)].raised for each in arguments if id(each) in self.expected]
        by_name = self.library.by_name
        if by_name is not None:
            found += [each.raised for each in by_name.own()[-1:]]
        return next((each[0] for each in found if each), None)

    def calling(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        """Return `function`, the Fortran procedure `name`, with an exception where it would end the process."""

        def call(*arguments: Any) -> Any:
            if self.running:
                self.refuse_beside(name)
            by_name = self.library.by_name
            calls = None if by_name is None else by_name.own()
            asked = Call(function, arguments, name, sys._getframe(1), calls)
            start = perf_counter()
            try:
                self.ask(asked)
                asked.answered.acquire()
            except BaseException:
                asked.is_left = True
                self.waits[name] = _FORGIVEN
                raise
            is_long = perf_counter() - start >= _LONG
            self.waits[name] = _FORGIVEN if is_long else max(self.waits.get(name, 0) - 1, 0)
            failure, result = asked.failure, asked.result
            asked.failure = asked.result = None
            if asked.is_lost:  # Fortran may have stopped because a callback raised, and gave it zero
                failure = self.first_raised(arguments) or failure
            if failure is None:
                return result
            try:
                raise failure
            finally:
                del failure  # its traceback has this frame

        return call

    def ask(self, call: Call) -> None:
        """Have a thread make a call; an interrupt leaves none that is asked and never begins."""
        caller: Caller | None = None
        try:
            try:
                caller = self.free.pop()
            except IndexError:
                caller = Caller(self)
            caller.ask(call)
        except BaseException:
            if call.claim.acquire(False):
                call.kept = call.task = None
                if caller is not None:
                    self.free.append(caller)
            raise

    def refuse_beside(self, name: str) -> None:
        """Raise RuntimeError where Fortran runs that nobody waits for: one thread at a time is in Fortran."""
        running = " and ".join(each.name for each in list(self.running.values()) if each.is_left)
        if running:
            raise RuntimeError(
                f"{self.library.module}: {name} can't be called while {running} runs, which was interrupted: "
                "wait until Fortran returns, or start Python anew"
            )


def raising(exception: Callable[[str, int], Exception]) -> Callable[[Any], StopGuard]:
    """Return what makes stops of a library raise an exception; see `f2pypy.runtime.libraries.Library`."""
    return partial(StopGuard, exception)


stops_raise = raising(FortranStop)

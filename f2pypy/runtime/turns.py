"""One thread at a time in a library: Fortran keeps state in SAVE, COMMON and modules.

CPython's interpreter lock sees to that. PyPy lets go of its lock while Fortran runs and free-threaded builds have none,
so there each library has one. It is held while Fortran runs, not while a callback's Python runs: as with an interpreter
lock, a callback may wait for a thread that calls the same library.
"""

from __future__ import annotations

import sys
import threading
from typing import Any, Callable

from f2pypy.runtime.pypy import PYPY


class Turns:
    """The lock of one library; entering it as a context waits for Fortran to return in other threads."""

    def __init__(self) -> None:
        has_interpreter_lock = getattr(sys, "_is_gil_enabled", lambda: True)()
        self.needed = PYPY or not has_interpreter_lock
        # One that its owner may take again: signal handlers and finalizers run anywhere, and may call the library.
        self.lock = threading.RLock()

    def __enter__(self) -> None:
        self.lock.acquire()

    def __exit__(self, *_: object) -> None:
        self.lock.release()

    def calling(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function`, which enters the library, so that it waits for its turn."""
        if not self.needed:
            return function
        lock = self.lock

        def call(*arguments: Any) -> Any:
            with lock:
                return function(*arguments)

        return call

    def answering(
        self, answer: Callable[..., Any], remember: Callable[[BaseException], None]
    ) -> Callable[..., Any]:
        """Return `answer`, which Fortran calls, so that other threads have their turn while it runs.

        `remember` takes what signal handlers raise while it waits to go on: Fortran must not run without its turn.
        """
        if not self.needed:
            return answer
        # What a condition variable does with a lock, however often its owner has taken it.
        lock: Any = self.lock

        def unlocked(*values: Any) -> Any:
            if not lock._is_owned():
                # A thread that Fortran has started, or a routine that is threadsafe.
                return answer(*values)
            taken = None
            try:
                taken = lock._release_save()
                return answer(*values)
            finally:
                # A signal handler may raise at any place, in front of this one too.
                while not lock._is_owned():
                    try:
                        if taken is None:
                            lock.acquire()
                        else:
                            lock._acquire_restore(taken)
                    except BaseException as interrupt:
                        remember(interrupt)

        return unlocked

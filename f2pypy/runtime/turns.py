"""One thread at a time in a library: Fortran keeps state in SAVE, COMMON and modules.

CPython's interpreter lock sees to that. PyPy lets go of its lock while Fortran runs and free-threaded builds have none,
so there each library has one. It is held while Fortran runs, not while a callback's Python runs: as with an interpreter
lock, a callback may wait for a thread that calls the same library.

A library with threads of its own (OpenMP's) has one on every interpreter: where such threads call Python, they must be
able to take the interpreter lock, so the thread that called Fortran lets go of it.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any, Callable

from f2pypy.runtime.pypy import PYPY


class Turns:
    """The lock of one library; entering it as a context waits for Fortran to return in other threads.

    `module` is the generated module, for messages; `parallel` says that the library has threads of its own.
    """

    def __init__(self, module: str, parallel: bool = False) -> None:
        has_interpreter_lock = getattr(sys, "_is_gil_enabled", lambda: True)()
        self.module = module
        self.needed = PYPY or parallel or not has_interpreter_lock
        # One that its owner may take again: signal handlers and finalizers run anywhere, and may call the library.
        self.lock = threading.RLock()
        self.threads = threading.local()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget_other_threads)

    def _forget_other_threads(self) -> None:
        """Free the lock after a fork, which leaves the thread that had it behind, with its call of Fortran."""
        lock: Any = self.lock
        if not lock._is_owned():
            lock._at_fork_reinit()

    def __enter__(self) -> None:
        self._refuse_own_threads()
        self.lock.acquire()

    def __exit__(self, *_: object) -> None:
        self.lock.release()

    def calling(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function`, which enters the library, so that it waits for its turn."""
        if not self.needed:
            return function
        lock, refuse = self.lock, self._refuse_own_threads

        def call(*arguments: Any) -> Any:
            refuse()
            with lock:
                return function(*arguments)

        return call

    def _refuse_own_threads(self) -> None:
        """Raise RuntimeError in a thread that Fortran has started if it would wait for the call that waits for it."""
        if not getattr(self.threads, "is_fortrans", False):
            return
        if not self.lock.acquire(blocking=False):
            raise RuntimeError(
                f"{self.module}: a thread that Fortran has started, as OpenMP does, can't call the library "
                "while the call that started it runs"
            )
        self.lock.release()

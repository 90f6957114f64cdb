"""Callbacks while one thread at a time is in a library: other threads have their turn while Python runs.

A library with threads of its own (OpenMP's) has a lock on every interpreter: where such threads call Python, they must
be able to take the interpreter lock, so the thread that called Fortran lets go of it.
"""

from __future__ import annotations

import sys
import threading
from typing import Any, Callable

from f2pypy.runtime.libraries import Library
from f2pypy.runtime.turns import Turns

# What compilers call for OpenMP: in GNU's library, in Intel's and LLVM's.
_PARALLEL_MARKS = ("GOMP_parallel", "__kmpc_fork_call")


class TurnsWithCallbacks(Turns):
    """The lock of a library that calls Python, and may do so in threads that it starts where it is `parallel`.

    `threads` says of each thread whether Fortran has started it.
    """

    def __init__(self, module: str, parallel: bool) -> None:
        super().__init__(module)
        self.parallel, self.needed = parallel, self.needed or parallel
        self.threads = threading.local()
        self.waiting = self

    def __enter__(self) -> None:
        self._refuse_own_threads()
        self.lock.acquire()

    def __exit__(self, *_: object) -> None:
        self.lock.release()

    def calling(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function`, which enters the library, so that it waits for its turn."""
        inner = super().calling(function)

        def call(*arguments: Any) -> Any:
            self._refuse_own_threads()
            return inner(*arguments)

        return call if self.needed else function

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


def expect_callbacks(library: Library) -> TurnsWithCallbacks:
    """Return the lock of a library that will call Python, which lends the interpreter to threads of its own."""
    if not isinstance(library.turns, TurnsWithCallbacks):
        parallel = library.locate(_PARALLEL_MARKS) is not None
        library.lends_interpreter |= parallel
        is_needed, library.turns = library.turns.needed, TurnsWithCallbacks(library.module, parallel)
        library.turns.needed |= is_needed
    return library.turns


def noting(
    turns: TurnsWithCallbacks, answer: Callable[..., Any], remember: Callable[[BaseException], None], outer: int = 0
) -> Callable[..., Any]:
    """Return `answer`, which Fortran calls, so that it is known in which threads Fortran has started.

    So many `outer` functions are between Fortran and what is returned. `remember` takes what signal handlers raise in
    front of it; `watch_unraisable` knows this function by its names.
    """
    if not turns.needed:
        return answer
    threads = turns.threads

    def noted(*values: Any) -> Any:
        try:
            # Nothing of Python's has called what calls this.
            if sys._getframe(outer).f_back is not None:
                return answer(*values)
            threads.is_fortrans = True
            try:
                return answer(*values)
            finally:
                threads.is_fortrans = False
        except BaseException as failure:
            remember(failure)
            return answer(*values)  # which only clears what Fortran gets

    return noted


def answering(
    turns: TurnsWithCallbacks, answer: Callable[..., Any], remember: Callable[[BaseException], None]
) -> Callable[..., Any]:
    """Return `answer`, which Fortran calls, so that other threads have their turn while it runs.

    `remember` takes what signal handlers raise while it waits to go on: Fortran must not run without its turn.
    `watch_unraisable` knows the function by its names.
    """
    if not turns.needed:
        return answer
    # What a condition variable does with a lock, however often its owner has taken it.
    lock: Any = turns.lock
    elsewhere = noting(turns, answer, remember, 1)

    def unlocked(*values: Any) -> Any:
        if not lock._is_owned():
            # A thread that Fortran has started, or a routine that is threadsafe.
            return elsewhere(*values)
        taken = None
        try:
            taken = lock._release_save()
            return answer(*values)
        except BaseException as failure:
            remember(failure)
            return answer(*values)  # which only clears what Fortran gets
        finally:
            # A signal handler may raise at any place, in front of this one too.
            try:
                if taken is not None:
                    lock._acquire_restore(taken)
            except BaseException as interrupt:
                remember(interrupt)
            # PyPy's compiler would make a call of a function with a loop.
            if not lock._is_owned():
                _take_back(lock, taken, remember)

    return unlocked


def _take_back(lock: Any, taken: Any, remember: Callable[[BaseException], None]) -> None:
    while not lock._is_owned():
        try:
            if taken is None:
                lock.acquire()
            else:
                lock._acquire_restore(taken)
        except BaseException as interrupt:
            remember(interrupt)

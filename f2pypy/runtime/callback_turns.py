"""Callbacks while one thread at a time is in a library: other threads have their turn while Python runs."""

from __future__ import annotations

import sys
from typing import Any, Callable

from f2pypy.runtime.turns import Turns


def noting(turns: Turns, answer: Callable[..., Any]) -> Callable[..., Any]:
    """Return `answer`, which Fortran calls, so that it is known in which threads Fortran has started."""
    if not turns.needed:
        return answer
    threads = turns.threads

    def noted(*values: Any) -> Any:
        # Nothing of Python's has called what calls this.
        if sys._getframe().f_back is not None:
            return answer(*values)
        threads.is_fortrans = True
        try:
            return answer(*values)
        finally:
            threads.is_fortrans = False

    return noted


def answering(
    turns: Turns, answer: Callable[..., Any], remember: Callable[[BaseException], None]
) -> Callable[..., Any]:
    """Return `answer`, which Fortran calls, so that other threads have their turn while it runs.

    `remember` takes what signal handlers raise while it waits to go on: Fortran must not run without its turn.
    """
    if not turns.needed:
        return answer
    # What a condition variable does with a lock, however often its owner has taken it.
    lock: Any = turns.lock

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

    return noting(turns, unlocked)

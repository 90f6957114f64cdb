"""One thread at a time in a library: Fortran keeps state in SAVE, COMMON and modules.

CPython's interpreter lock sees to that. PyPy lets go of its lock while Fortran runs and free-threaded builds have none,
so there each library has one. It is held while Fortran runs, not while a callback's Python runs: as with an interpreter
lock, a callback may wait for a thread that calls the same library.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any, Callable

from f2pypy.runtime.interpreter import PYPY


class Turns:
    """The lock of one library: the context `waiting` waits for Fortran to return in other threads.

    `module` is the generated module, for messages.
    """

    def __init__(self, module: str) -> None:
        # a build without an interpreter lock has one for a while, as when it imports an extension module
        self.module, self.needed = module, PYPY or "free-threading build" in sys.version
        # One that its owner may take again: signal handlers and finalizers run anywhere, and may call the library.
        lock: Any = threading.RLock()
        self.lock = self.waiting = lock
        if hasattr(os, "register_at_fork"):
            # A fork leaves the thread that has the lock behind, with its call of Fortran.
            os.register_at_fork(after_in_child=lambda: lock._is_owned() or lock._at_fork_reinit())

    def calling(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function`, which enters the library, so that it waits for its turn."""
        lock = self.lock

        def call(*arguments: Any) -> Any:
            with lock:
                return function(*arguments)

        return call if self.needed else function

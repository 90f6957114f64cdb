"""Native code for the routines that are called often, where the packages f2pypy and llvmlite are installed.

The environment variable F2PYPY_NATIVE decides: "0" leaves all calls to ctypes, "1" compiles a routine at its first
call, "verbose" says on standard error what is compiled and what can't be. Without it, a routine is compiled when it
was called so often that its calls took longer than compiling does.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any, Callable, Mapping

from f2pypy.runtime.pypy import PYPY

# A compilation takes as long as 5,000 to 25,000 calls through ctypes.
_CALLS_THAT_MAKE_HOT = 5000


class NativeTier:
    """Which functions of a generated module are native code, and why others aren't.

    `compiled` names those that are, in the order in which they became so; `refused` has the reason for each that can't
    be; `reason` says why none can be, as far as that is known before one was called often: "" where nothing is in the
    way.
    """

    def __init__(self, namespace: Mapping[str, Any], mode: str) -> None:
        self.compiled: list[str] = []
        self.refused: dict[str, str] = {}
        self.reason = ""
        self._namespace = namespace
        self._verbose = mode == "verbose"
        self._hot = 1 if mode == "1" else _CALLS_THAT_MAKE_HOT
        self._compiler: Any = None
        self._lock = threading.Lock()
        if hasattr(os, "register_at_fork"):
            # The thread that compiles isn't in the child.
            anew: Callable[[], None] = self._lock._at_fork_reinit  # type: ignore[attr-defined]
            os.register_at_fork(after_in_child=anew)
        if mode == "0":
            self.reason = "F2PYPY_NATIVE is 0"
        elif PYPY:
            self.reason = "PyPy has a compiler of its own"

    def __repr__(self) -> str:
        if self.reason:
            return f"<no native code: {self.reason}>"
        return f"<native code of {len(self.compiled)} functions>"

    def counted(self, routine: Any, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return what calls `function` and compiles the wrapper of `routine` when it is hot."""
        if self.reason:
            return function
        left = self._hot

        def call(*arguments: Any) -> Any:
            nonlocal left
            left -= 1
            if left <= 0 and self._compile_caller(routine):
                routine.call = function
            return function(*arguments)

        return call

    def compile(self, *names: str) -> None:
        """Compile the functions `names`, all by default, without waiting for calls of them.

        What can't be compiled is in `refused` afterwards, or `reason` says why nothing can. Raises ValueError for a
        name that no function of the module has.
        """
        with self._lock:
            if not self._is_prepared():
                return
            known = self._compiler.functions()
            for name in names or known:
                if name not in known:
                    raise ValueError(f"{name!r} is no function of {self._namespace.get('__name__')}")
                self._compile(name)

    def _compile_caller(self, routine: Any) -> bool:
        """Compile the function that calls `routine`; False where that must wait until the compiler is free.

        It may be this very thread that keeps it, in a call that a finalizer makes.
        """
        if not self._lock.acquire(blocking=False):
            return False
        try:
            if self._is_prepared():
                name = self._compiler.function_of(routine)
                if name is not None:
                    self._compile(name)
        finally:
            self._lock.release()
        return True

    def _compile(self, name: str) -> None:
        if name in self.compiled or name in self.refused:
            return
        try:
            self._compiler.compile(name)
        except Exception as failure:
            # Whatever is wrong here, the call at hand goes on in Python.
            self.refused[name] = str(failure) or repr(failure)
            self._say(f"{name} stays Python: {self.refused[name]}")
        else:
            self.compiled.append(name)
            self._say(f"{name} is native code")

    def _is_prepared(self) -> bool:
        """Whether there is a compiler; it is loaded the first time."""
        if self._compiler is None and not self.reason:
            self.reason = self._prepare()
            if self.reason:
                self._say(f"no native code: {self.reason}")
        return not self.reason

    def _prepare(self) -> str:
        """Load the compiler; return why there is none, else ""."""
        try:
            from f2pypy.native.tier import Compiler, reason_against

            reason = reason_against()
            if reason is None:
                self._compiler = Compiler(self._namespace)
        except Exception as failure:
            reason = str(failure) or repr(failure)
        return reason or ""

    def _say(self, text: str) -> None:
        if self._verbose and sys.stderr is not None:
            sys.stderr.write(f"{self._namespace.get('__name__')}: {text}\n")


def accelerate(namespace: Mapping[str, Any], library: Any) -> NativeTier:
    """Return the native tier of the module with the globals `namespace`; calls through `library` are counted."""
    tier = NativeTier(namespace, os.environ.get("F2PYPY_NATIVE", ""))
    if not tier.reason:
        library.native = tier
    return tier

"""Native code for the routines that are called often, where the packages f2pypy and llvmlite are installed.

This is what a generated module carries; all else is `f2pypy.native.tier`. The environment variable F2PYPY_NATIVE
decides: "0" leaves all calls to ctypes, "1" compiles a routine at its first call, "verbose" says on standard error what
is compiled and what can't be. Without it, a routine is compiled when it was called so often that its calls took longer
than compiling does.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Callable, Mapping

from f2pypy.runtime.interpreter import PYPY


class NativeTier:
    """Which functions of the module with these globals are native code, if f2pypy and llvmlite are installed.

    `compiled` names those that are, in the order in which they became so; `refused` has the reason for each that can't
    be; `reason` says why none can be, as far as that is known before one was called often: "" where nothing is in the
    way. `compiler` is what `f2pypy.native.tier` keeps here.
    """

    def __init__(self, namespace: Mapping[str, Any], library: Any) -> None:
        self.mode, self.namespace = os.environ.get("F2PYPY_NATIVE", ""), namespace
        self.compiler: Any = None
        self.compiled: list[str] = []
        self.refused: dict[str, str] = {}
        self.reason = "F2PYPY_NATIVE is 0" if self.mode == "0" else "PyPy has a compiler of its own" if PYPY else ""
        library.native = None if self.reason else self

    def __repr__(self) -> str:
        return f"<no native code: {self.reason}>" if self.reason else f"<native code of {len(self.compiled)} functions>"

    def compile(self, *names: str) -> None:
        """Compile the functions `names`, all by default, without waiting for calls of them.

        What can't be compiled is in `refused` afterwards, or `reason` says why nothing can. Raises ValueError for a
        name that no function of the module has.
        """
        self.ask("compile_functions", names)

    def counted(self, routine: Any, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return what calls `function` and compiles the wrapper of `routine` when it is hot."""
        # A compilation takes as long as 5,000 to 25,000 calls through ctypes.
        left = 1 if self.mode == "1" else 5000

        def call(*arguments: Any) -> Any:
            nonlocal left
            left -= 1
            if left <= 0 and self.ask("compile_caller", routine):
                routine.call = function
            return function(*arguments)

        return call

    def retire(self, reason: str) -> None:
        """Leave all functions to Python from now on, for the `reason`."""
        if self.compiled:
            self.ask("retire", self.compiled)
            self.compiled = []
        self.reason = self.reason or reason

    def ask(self, verb: str, argument: Any) -> Any:
        """Ask f2pypy.native.tier for something; what it says is false where that must wait."""
        if not self.reason:
            try:
                from f2pypy.native.tier import VERBS
            except Exception as failure:
                self.reason = str(failure) or repr(failure)
                if self.mode == "verbose" and sys.stderr is not None:
                    sys.stderr.write(f"{self.namespace.get('__name__')}: no native code: {self.reason}\n")
            else:
                return VERBS[verb](self, argument)
        return True

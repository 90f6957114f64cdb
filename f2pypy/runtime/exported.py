"""Procedures that Fortran calls by name and Python provides: ``intent(callback)``.

The library has a procedure of that name which jumps to the address in its variable ``f2pypy_<name>``. That is one C
function for all threads, which finds out whom the running thread has to call.
"""

from __future__ import annotations

import ctypes
import threading
from typing import Any

from f2pypy.runtime.callback_memory import c_function
from f2pypy.runtime.callbacks import Callback, CallbackSignature, ForeignFunction
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.pypy import PYPY, CffiCalls

# How C passes a pointer and a length.
_FOREIGN_TYPES: dict[Any, Any] = {None: ctypes.c_void_p, int: ctypes.c_size_t}


class ExportedCallback:
    """The procedure `name` of a library, called as `signature` says.

    `module` is the dictionary of the generated module: where no caller gave a function, its attribute `name` is called.
    """

    def __init__(
        self,
        library: Library,
        name: str,
        signature: CallbackSignature,
        module: dict[str, Any],
    ) -> None:
        self.library = library
        self.name = name
        self.signature = signature
        self.module = module
        self.active = threading.local()
        self.target: Any = None

    def attribute(self) -> Any:
        """Return the function that the module's attribute holds; the module's error if it holds none."""
        if self.name not in self.module:
            raise self.signature.error(
                f"Callback {self.name} not defined (as an argument or module "
                f"{self.library.module} attribute).\n"
            )
        return self.module[self.name]

    def enter(self, callback: Callback | ForeignFunction) -> None:
        """Let the procedure call this one in this thread until `leave`."""
        self.prepare()
        called: Any
        if isinstance(callback, ForeignFunction):
            called = self._foreign(_address_of(callback.pointer))
        else:
            called = callback.answer
        self._stack().append(called)

    def leave(self) -> None:
        """Forget the callback of the last `enter`."""
        self._stack().pop()

    def check(self) -> None:
        """Raise what the module's attribute raised when Fortran called it without `enter`."""
        failures = self._failures()
        if failures:
            raise failures.pop()

    def prepare(self) -> None:
        """See to it that the procedure can be called, without `enter` too."""
        if self.target is not None:
            return
        with self.library.turns:
            # Another thread's C function must not be replaced: it may be running.
            if self.target is None:
                self.target = self._installed()

    def _stack(self) -> list[Any]:
        if not hasattr(self.active, "stack"):
            self.active.stack = []
        found: list[Any] = self.active.stack
        return found

    def _failures(self) -> list[BaseException]:
        if not hasattr(self.active, "failures"):
            self.active.failures = []
        found: list[BaseException] = self.active.failures
        return found

    def _installed(self) -> Any:
        """Make the C function for all threads and return the library's variable that now points to it."""
        signature = self.signature
        result = None if signature.returned is None else signature.returned.kind
        self.function, pointer = c_function(
            self._answer, result, signature.kinds, self._remember
        )
        name = f"f2pypy_{self.name}"
        for handle in self.library.handles:
            if hasattr(handle, name):
                target = ctypes.c_void_p.in_dll(handle, name)
                target.value = _address_of(pointer)
                return target
        raise ImportError(
            f"{self.library.module}: its library has no {name}; build it with f2pypy -c"
        )

    def _remember(self, failure: BaseException) -> None:
        self._failures().append(failure)

    def _foreign(self, address: int | None) -> Any:
        """Return the C function at an address, called in this thread like any other callback."""
        returned = self.signature.returned
        if returned is not None and returned.kind.is_extended:
            raise self.signature.error(
                f"{self.name} returns a long double, which Python can't take from a C function; "
                "a Python function serves as well"
            )
        types = [
            _FOREIGN_TYPES.get(kind) or kind.passed for kind in self.signature.kinds
        ]
        # CPython's variant keeps the interpreter lock
        made = getattr(ctypes, "PYFUNCTYPE", ctypes.CFUNCTYPE)
        result = None if returned is None else returned.kind.ctype
        return made(result, *types)(address or 0)

    def _answer(self, *values: Any) -> Any:
        stack = self._stack()
        if stack:
            return stack[-1](*values)
        failures = self._failures()
        if not failures:
            try:
                return self._ask_attribute(values)
            except BaseException as failure:
                failures.append(failure)
        return None if self.signature.returned is None else 0

    def _ask_attribute(self, values: tuple[Any, ...]) -> Any:
        try:
            function = self.attribute()
        except self.signature.error as failure:
            raise self.signature.error(f"cb: {failure}") from None
        callback = self.signature.bind(function, (), self.name)
        assert isinstance(callback, Callback)
        # like f2py, which passes arguments that have defaults only where it was told of the call
        code = getattr(function, "__code__", None)
        if code is not None:
            needed = code.co_argcount - len(function.__defaults__ or ())
            callback.limit(needed)
        try:
            return callback.answer(*values)
        finally:
            callback.finish()


def _address_of(pointer: Any) -> int | None:
    if PYPY:
        return CffiCalls.integer(pointer)
    return ctypes.cast(pointer, ctypes.c_void_p).value

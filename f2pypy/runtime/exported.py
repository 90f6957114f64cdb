"""Procedures that Fortran calls by name and Python provides: ``intent(callback)``.

The library has a procedure of that name which jumps to the address in its variable ``f2pypy_<name>``. That is one C
function for all threads, which finds out whom the running thread has to call.
"""

from __future__ import annotations

import ctypes
import threading
from typing import Any, Callable

from f2pypy.runtime.callback_functions import Callback, ForeignFunction, watch_unraisable
from f2pypy.runtime.callback_memory import c_types, pointed_address
from f2pypy.runtime.callback_turns import expect_callbacks, noting
from f2pypy.runtime.callbacks import CallbackSignature
from f2pypy.runtime.function_parameters import count_parameters
from f2pypy.runtime.libraries import Library

# C functions that a library has the address of: it may call them as long as the process lives.
_KEPT: list[Any] = []


class CallInProgress:
    """A call of a routine: `raised` has what Python raised in it, `given` the functions that the caller gave, by name.

    What calls that are in progress around it were given counts as well.
    """

    def __init__(self, raised: list[BaseException], given: dict[str, Callable[..., Any]]) -> None:
        self.raised = raised
        self.given = given


class CallsByName:
    """The calls that are in progress in a library whose procedures may call Python by name.

    Each thread has calls of its own. A thread that Fortran has started works for the call that began last.
    """

    def __init__(self) -> None:
        self.threads = threading.local()
        self.running: list[CallInProgress] = []

    def current(self) -> CallInProgress | None:
        """Return the call that the running thread works for, None if there is none."""
        calls = self.own()
        if calls:
            return calls[-1]
        return self.running[-1] if self.running else None

    def remember(self, failure: BaseException) -> None:
        """Keep an exception until the call in progress ends; raise it, so that it is shown, where there is none."""
        call = self.current()
        if call is None:
            raise failure
        call.raised.append(failure)

    def watched(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function`, which enters the library, so that it raises what Python raised meanwhile."""

        def enter(*arguments: Any) -> Any:
            watch_unraisable()
            shared = self._take_prepared()
            outer = self.own()
            given = outer[-1].given if outer else {}
            call = shared or CallInProgress([], {})
            call.given = {**given, **call.given}
            outer.append(call)
            self.running.append(call)
            try:
                result = function(*arguments)
            finally:
                outer.pop()
                self.running.remove(call)
            if shared is None and call.raised:
                raise call.raised.pop(0)
            return result

        return enter

    def serving(
        self, call: Callable[..., Any], callback: Callback | ForeignFunction, given: dict[str, Callable[..., Any]]
    ) -> Callable[..., Any]:
        """Return `call`, a routine's, for one use with callbacks.

        `callback` is one of those that the routine is passed: it raises afterwards what any of them raised. `given`
        are those that Fortran calls by name.
        """

        def serve(*arguments: Any) -> Any:
            self.threads.prepared = CallInProgress(callback.raised, given)
            try:
                return call(*arguments)
            finally:
                self.threads.prepared = None

        return serve

    def own(self) -> list[CallInProgress]:
        """Return the calls of the running thread, the innermost last."""
        if not hasattr(self.threads, "calls"):
            self.threads.calls = []
        found: list[CallInProgress] = self.threads.calls
        return found

    def _take_prepared(self) -> CallInProgress | None:
        prepared: CallInProgress | None = getattr(self.threads, "prepared", None)
        self.threads.prepared = None
        return prepared


class ExportedCallback:
    """The procedure `name` of a library, called as `signature` says; it can be called as soon as this object exists.

    `module` is the dictionary of the generated module: where no caller gave a function, its attribute `name` is called.
    An attribute of a Fortran module whose procedures declare the callback serves as well: `owners` are these objects.
    """

    def __init__(self, library: Library, name: str, signature: CallbackSignature, module: dict[str, Any]) -> None:
        self.library = library
        self.name = name
        self.signature = signature
        self.module = module
        self.owners: list[Any] = []
        self.foreign_type: Any = None  # ctypes' class of such C functions
        if library.by_name is None:
            library.by_name = CallsByName()
        self.calls: CallsByName = library.by_name
        self.is_installed = self._install()

    def attribute(self) -> Any:
        """Return the function that the module's attribute holds; the module's error if it holds none."""
        for attributes in (self.module, *(vars(owner) for owner in self.owners)):
            if self.name in attributes:
                return attributes[self.name]
        raise self.signature.error(
            f"Callback {self.name} not defined (as an argument or module {self.library.module} attribute).\n"
        )

    def served_by(self, callback: Callback | ForeignFunction) -> dict[str, Callable[..., Any]]:
        """Return by its name what the procedure is to call while a caller's `callback` serves."""
        if not self.is_installed:
            raise ImportError(f"{self.library.module}: its library has no f2pypy_{self.name}; build it with f2pypy -c")
        if isinstance(callback, ForeignFunction):
            return {self.name: self._foreign(callback)}
        return {self.name: callback.answer}

    def _install(self) -> bool:
        """Give the library the C function that serves all threads; False where it has no place for one."""
        signature = self.signature
        name = f"f2pypy_{self.name}"
        for handle in self.library.handles:
            if hasattr(handle, name):
                answer = noting(expect_callbacks(self.library), self.answer, self.remember)
                function, pointer = signature.c_function(answer, self.remember)
                _KEPT.append(function)
                target = ctypes.c_void_p.in_dll(handle, name)
                target.value = pointed_address(pointer)
                return True
        return False

    def remember(self, failure: BaseException) -> None:
        """Keep an exception until the call in progress ends; raise it, so that it is shown, where there is none."""
        self.calls.remember(failure)

    def _foreign(self, callback: ForeignFunction) -> Any:
        """Return the C function, called in this thread like any other callback, which keeps the caller's object."""
        returned = self.signature.returned
        if returned is not None and returned.kind.is_extended:
            raise self.signature.error(
                f"{self.name} returns a long double, which Python can't take from a C function; "
                "a Python function serves as well"
            )
        if self.foreign_type is None:
            # CPython's variant keeps the interpreter lock
            made = getattr(ctypes, "PYFUNCTYPE", ctypes.CFUNCTYPE)
            self.foreign_type = made(*c_types(None if returned is None else returned.kind, self.signature.kinds))
        function: Any = self.foreign_type(pointed_address(callback.pointer) or 0)
        function.callback = callback
        return function

    def answer(self, *values: Any) -> Any:
        """Call whom the running thread has to call; `watch_unraisable` knows this function by its names."""
        # Without a call in progress, as when another library calls the procedure, what is raised is only shown.
        call = self.calls.current() or CallInProgress([], {})
        given = call.given.get(self.name)
        if given is not None:
            return given(*values)
        if not call.raised:
            try:
                return self._ask_attribute(values)
            except BaseException as failure:
                if call not in self.calls.running:
                    raise
                call.raised.append(failure)
        for output in self.signature.cleared:
            output.clear(values)
        return None if self.signature.returned is None else 0

    def _ask_attribute(self, values: tuple[Any, ...]) -> Any:
        """Call what the attribute holds now with what Fortran passes; what it raises is raised here."""
        try:
            function = self.attribute()
        except self.signature.error as failure:
            raise self.signature.error(f"cb: {failure}") from None
        extra = tuple(self.module.get(f"{self.name}_extra_args", ()))
        callback = self.signature.bind(function, extra, self.name)
        if isinstance(callback, ForeignFunction):
            return self._foreign(callback)(*values)
        # like f2py, which passes arguments that have defaults only where it was told of the call
        counts = count_parameters(function)
        if counts is not None and not extra:
            total, optional = counts
            callback.limit(total - optional)
        try:
            return callback.answer(*values)
        finally:
            callback.finish()

"""What a generated module asks for: machine code for one of its functions.

The `tier` is the module's `f2pypy.runtime.native.NativeTier`, most often the module's own copy of that class.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import FunctionType
from typing import Any, TypeVar

from f2pypy import plan
from f2pypy.native.callback_pool import LentThunk, Pool, Thunk
from f2pypy.native.code import NotNative
from f2pypy.native.conventions import Conventions
from f2pypy.native.element_loops import callable_loop, write_loop
from f2pypy.native.entry import redirect, restore
from f2pypy.native.function import write_function
from f2pypy.native.guards import NativeGuard
from f2pypy.native.invocation import Symbol
from f2pypy.native.known_code import KnownCode, write_find
from f2pypy.native.layout_tests import reason_against
from f2pypy.native.machine import Machine
from f2pypy.native.objects import quicken
from f2pypy.native.reading.source import has_source
from f2pypy.native.reading.steps import read_procedure
from f2pypy.native.thunks import make_thunks

_Result = TypeVar("_Result")
# One thread compiles at a time.
_LOCK = threading.Lock()
if hasattr(os, "register_at_fork"):
    # The thread that compiles isn't in the child.
    os.register_at_fork(after_in_child=_LOCK._at_fork_reinit)  # type: ignore[attr-defined]


def compile_functions(tier: Any, names: Sequence[str]) -> None:
    """Compile the functions `names` of a module, all by default; ValueError for a name that no function has."""
    with _LOCK:
        if not _is_prepared(tier):
            return
        known = tier.compiler.functions()
        for name in names or known:
            if name not in known:
                module = tier.namespace.get("__name__")
                raise ValueError(f"{name!r} is no function of {module}")
            _compile(tier, name)


def compile_caller(tier: Any, routine: Any) -> bool:
    """Compile the function that calls `routine`; False where that must wait until the compiler is free.

    It may be this very thread that keeps it, in a call that a finalizer makes.
    """

    def compile_it() -> None:
        name = tier.compiler.function_of(routine)
        if name is not None:
            _compile(tier, name)

    guard = routine.library.guard
    if guard is not None and guard.waits.get(routine.name, 1):
        return False  # its calls are long: other threads of Python run meanwhile
    return _when_free(tier, compile_it)


def compile_thunks(tier: Any, signature: Any) -> bool:
    """Let callbacks of a `CallbackSignature` be machine code; False where that must wait as above."""

    def make() -> None:
        if signature.library.guard is not None:
            raise NotNative("Fortran whose stops are exceptions, called by Python")
        signature.thunks, _ = tier.compiler.thunks(signature)

    name = f"callback {signature.name}"
    return _when_free(tier, lambda: _succeeds(tier, name, make))


def compile_loop(tier: Any, loop: Any) -> bool:
    """Let an `ElementLoop` run in machine code; False where that must wait as above."""

    def make() -> None:
        loop.compiled = tier.compiler.loop(loop.symbol, loop.routine.threadsafe)

    name = f"loop over {loop.routine.name}"
    return _when_free(tier, lambda: _succeeds(tier, name, make))


def retire_functions(tier: Any, names: Sequence[str]) -> None:
    """Let the functions `names` start in Python again."""
    with _LOCK:
        for name in names:
            tier.compiler.retire(name)


def _free_result(verb: Callable[[], _Result]) -> _Result | None:
    """Return what `verb` does with the compiler; None where it must wait, because this or another thread compiles."""
    if not _LOCK.acquire(blocking=False):
        return None
    try:
        return verb()
    finally:
        _LOCK.release()


def _when_free(tier: Any, verb: Callable[[], object]) -> bool:
    """Do something with the compiler of a module, if it has one; False where it must wait."""

    def do() -> bool:
        if _is_prepared(tier):
            verb()
        return True

    return _free_result(do) is not None


VERBS = {
    "compile_functions": compile_functions,
    "compile_caller": compile_caller,
    "compile_thunks": compile_thunks,
    "compile_loop": compile_loop,
    "retire": retire_functions,
}


def _is_prepared(tier: Any) -> bool:
    """Whether there is a compiler for the module; it is made the first time, or `reason` says why there is none."""
    if tier.compiler is None and not tier.reason:
        try:
            tier.reason = reason_against() or ""
            if not tier.reason:
                tier.compiler = Compiler(tier.namespace, partial(_succeeds, tier))
        except Exception as failure:
            tier.reason = str(failure) or repr(failure)
        if tier.reason:
            _say(tier, f"no native code: {tier.reason}")
    return not tier.reason


def _compile(tier: Any, name: str) -> None:
    if name in tier.compiled or name in tier.refused:
        return
    if _succeeds(tier, name, lambda: tier.compiler.compile(name)):
        tier.compiled.append(name)


def _succeeds(tier: Any, name: str, compile_it: Callable[[], None]) -> bool:
    """Compile what is called `name`; False where it stays Python, and `refused` says why."""
    try:
        compile_it()
    except Exception as failure:
        # Whatever is wrong here, the call at hand goes on in Python.
        tier.refused[name] = str(failure) or repr(failure)
        _say(tier, f"{name} stays Python: {tier.refused[name]}")
        return False
    _say(tier, f"{name} is native code")
    return True


def _say(tier: Any, text: str) -> None:
    if tier.mode == "verbose" and sys.stderr is not None:
        sys.stderr.write(f"{tier.namespace.get('__name__')}: {text}\n")


class Compiler:
    """The compiler of one generated module, whose globals are `namespace`; NotNative where it has no source text.

    `succeeds` compiles what has a name, and notes why where that fails.
    """

    def __init__(
        self,
        namespace: Mapping[str, Any],
        succeeds: Callable[[str, Callable[[], None]], bool],
    ) -> None:
        self._namespace = namespace
        self._succeeds = succeeds
        found = {name: routine_of(each) for name, each in namespace.items()}
        self._routines = {
            name: routine
            for name, routine in found.items()
            if routine is not None
            and routine.func.__globals__ is namespace
            and routine.func.__code__.co_name == name
            and not getattr(routine, "is_generic", False)  # calls no Fortran itself
        }
        if not any(has_source(each.func) for each in self._routines.values()):
            raise NotNative("the module's source text is not to be had")
        self._machine = Machine()
        self._loops: dict[str, int] = {}
        self._thunks: dict[Any, tuple[list[Thunk], list[LentThunk]]] = {}
        self._pools: dict[Any, Pool] = {}
        self._guards: dict[Any, NativeGuard] = {}
        self._finder: int | None = None
        quicken(namespace.values())
        self._functions = {
            variable: name
            for name, routine in self._routines.items()
            for variable in routine.func.__code__.co_names
        }

    def functions(self) -> tuple[str, ...]:
        """Return the names of the functions that wrap Fortran."""
        return tuple(self._routines)

    def function_of(self, routine: Any) -> str | None:
        """Return the name of the function that calls `routine`, None where the module has none."""
        return next(
            (
                function
                for variable, function in self._functions.items()
                if self._namespace.get(variable) is routine
            ),
            None,
        )

    def compile(self, name: str) -> None:
        """Let a function start in native code; NotNative where it can't. To be called once for each."""
        routine = self._routine(name)
        procedure = read_procedure(routine.func, self._namespace)
        self._refuse_callers_of_python(procedure)
        symbols = {
            binding.variable: self._symbol(self._namespace[binding.variable])
            for binding in procedure.bindings
        }
        pools = {
            step.signature: self._pool(self._namespace[step.signature])
            for step in procedure.steps
            if isinstance(step, plan.CallbackInput)
        }
        libraries = [self._namespace[name].library for name in symbols]
        if not libraries:
            raise NotNative("no call of Fortran")
        conventions = Conventions(self._namespace, libraries[0])
        written = write_function(procedure, symbols, pools, conventions, routine.func)
        redirect(routine, self._machine.compile(written))

    def retire(self, name: str) -> None:
        """Let a function start in Python again."""
        restore(self._routines[name])

    def loop(self, symbol: str, threadsafe: bool) -> Any:
        """Return what runs a loop over elements; those of one symbol are compiled once."""
        if symbol not in self._loops:
            self._loops[symbol] = self._machine.compile(write_loop(symbol))
        return callable_loop(self._loops[symbol], threadsafe)

    def _pool(self, signature: Any) -> Pool:
        """Return the thunks that machine code takes for callbacks of a signature."""
        if signature not in self._pools:
            known = KnownCode(lambda: _free_result(self._find_code))
            self._pools[signature] = Pool(signature, self.thunks(signature)[1], known)
        return self._pools[signature]

    def _find_code(self) -> int:
        """Return the address of the function that looks machine code up, 0 where there is none; it is compiled once."""
        if self._finder is None:
            self._finder = 0
            self._succeeds("look-up of machine code", self._compile_finder)
        return self._finder

    def _compile_finder(self) -> None:
        self._finder = self._machine.compile(write_find())

    def thunks(self, signature: Any) -> tuple[list[Thunk], list[LentThunk]]:
        """Return the thunks of a signature for Python, and those for machine code; NotNative where it has none."""
        if signature not in self._thunks:
            self._thunks[signature] = make_thunks(signature)
        return self._thunks[signature]

    def _refuse_callers_of_python(self, procedure: plan.Procedure) -> None:
        """Raise NotNative where any Fortran of the library may call Python, which only ctypes' calls provide for."""
        for binding in procedure.bindings:
            library = self._namespace[binding.variable].library
            if library.by_name is not None:
                raise NotNative("Fortran that calls Python by name")
            if library.lends_interpreter and library.guard is None:
                raise NotNative("Fortran whose own threads may call Python")

    def _guard(self, library: Any) -> NativeGuard | None:
        """Return what makes a library's stops exceptions, None where they end the process."""
        if library.guard is not None and library not in self._guards:
            self._guards[library] = NativeGuard(library)
        return self._guards.get(library)

    def _symbol(self, routine: Any) -> Symbol:
        library = routine.library
        handle, name = library.find(routine.name, routine.fortran_module, routine.exact)
        location = ctypes.cast(handle[name], ctypes.c_void_p).value
        assert location is not None
        result = routine.result
        is_single = result is not None and result.code == "f"
        return Symbol(
            location,
            result is not None
            and result.is_complex
            and library.hides_complex_results(),
            is_single and library.returns_double_for_real(),
            self._guard(library),
        )

    def _routine(self, name: str) -> Any:
        """Return the module's own routine, without the decorator that renames its keywords."""
        routine = self._routines[name]
        if routine_of(self._namespace.get(name)) is not routine:
            raise NotNative(f"{name}, which was replaced")
        return routine


def routine_of(found: Any) -> Any:
    """Return the routine that calls a function of the module's text, None for any other object."""
    routine = None
    while "__wrapped__" in getattr(found, "__dict__", ()):
        routine, found = found, found.__wrapped__
    is_own = type(found) is FunctionType and getattr(routine, "func", None) is found
    return routine if is_own else None

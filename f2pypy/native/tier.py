"""What a generated module asks for: machine code for one of its functions."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from types import FunctionType
from typing import Any

from f2pypy import plan
from f2pypy.native.code import NotNative
from f2pypy.native.encoding import Plans
from f2pypy.native.entry import redirect
from f2pypy.native.function import write_function
from f2pypy.native.invocation import Symbol
from f2pypy.native.layouts import reason_against
from f2pypy.native.machine import Machine

__all__ = ["Compiler", "reason_against"]


class Compiler:
    """The compiler of one generated module, whose globals are `namespace` and whose plans are in `text`."""

    def __init__(self, namespace: Mapping[str, Any], text: str) -> None:
        self._namespace = namespace
        self._plans = Plans(text)
        self._machine = Machine()
        headings = self._plans.headings()
        self._lines = {heading.function: line for line, heading in headings}
        self._functions = {
            binding.variable: heading.function
            for _, heading in headings
            for binding in heading.bindings
        }

    def functions(self) -> tuple[str, ...]:
        """Return the names of the functions that have a plan."""
        return tuple(self._lines)

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
        procedure = self._plans.read(self._lines[name])
        routine = self._routine(name)
        self._refuse_callers_of_python(procedure)
        symbols = {
            binding.variable: _symbol(self._namespace[binding.variable])
            for binding in procedure.bindings
        }
        written = write_function(procedure, symbols, routine.func)
        redirect(routine, self._machine.compile(written))

    def _refuse_callers_of_python(self, procedure: plan.Procedure) -> None:
        """Raise NotNative where any Fortran of the library may call Python, which only ctypes' calls provide for."""
        for binding in procedure.bindings:
            library = self._namespace[binding.variable].library
            if library.by_name is not None:
                raise NotNative("Fortran that calls Python by name")
            if library.lends_interpreter:
                raise NotNative("Fortran whose own threads may call Python")

    def _routine(self, name: str) -> Any:
        """Return the module's own routine, behind the decorator that renames its keywords."""
        found: Any = self._namespace.get(name)
        routine = None
        while hasattr(found, "__wrapped__"):
            routine, found = found, found.__wrapped__
        if (
            type(found) is not FunctionType
            or found.__globals__ is not self._namespace
            or getattr(routine, "func", None) is not found
        ):
            raise NotNative(f"{name}, which was replaced")
        return routine


def _symbol(routine: Any) -> Symbol:
    library = routine.library
    handle, name = library.find(routine.name, routine.fortran_module, routine.exact)
    location = ctypes.cast(handle[name], ctypes.c_void_p).value
    assert location is not None
    result = routine.result
    return Symbol(
        location,
        result is not None and result.is_complex and library.hides_complex_results(),
        result is not None and library.returns_double_for_real(),
    )

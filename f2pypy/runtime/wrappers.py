"""Routines as f2py's are: objects that are called, and that stay themselves as attributes of a class."""

from __future__ import annotations

import sys
from functools import cached_property, partial
from types import FunctionType
from typing import Any, Callable

from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.routines import Routine

_Base: Any = object if PYPY else partial


class Wrapper(_Base):  # type: ignore[misc]
    """A routine of Python: it calls `func`, whose signature, annotations and defaults it shows.

    A function would become a method of the class whose attribute it is, and `func` get the instance as its first
    argument. Pickling and copying give the routine itself, by its module and name. Its `procedure` tells the `address`
    of the Fortran procedure, and gives it as a function of `ctypes`.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.__module__ = function.__module__
        self.__wrapped__ = function
        if PYPY:
            self.func = function

    if PYPY:
        # PyPy's compiler stops inlining the outermost function of a long call: a method would be that of all routines
        __call__ = property(lambda self: self.func)

    # Copies of what the function has would take as much memory as it has.
    @cached_property
    def __doc__(self) -> str | None:  # type: ignore[override]
        """f2py's docstring: without the indentation of the source, which Python 3.13 leaves out."""
        text: str | None = self.func.__doc__
        return text.replace("\n    ", "\n") if text and sys.version_info < (3, 13) else text

    def __get__(self, _instance: Any, _owner: type | None = None) -> Wrapper:
        return self

    def __getattr__(self, name: str) -> Any:
        if name == "procedure" and isinstance(self.func, FunctionType):
            for each in map(self.func.__globals__.get, self.func.__code__.co_names):
                if isinstance(each, Routine):
                    self.procedure = each
                    return each
        return getattr(self.procedure if name in ("_cpointer", "address", "ctypes") else self.func, name)

    def __repr__(self) -> str:
        return f"<fortran function {self.__name__}>"

    def __reduce__(self) -> str:
        return str(self.__qualname__)

    def rename(self, name: str, qualified_name: str) -> None:
        """Go by `name`, and by `qualified_name` in messages and pickles."""
        for named in (self, self.func):
            named.__name__ = name
            named.__qualname__ = qualified_name


wrapper: Any = Wrapper  # for type checkers, which go on to see the function


def function_of(routine: Any) -> FunctionType | None:
    """Return the function that a generated module defines for `routine`, None for what is no routine."""
    while isinstance(routine, Wrapper):
        routine = getattr(routine.func, "__wrapped__", routine.func)
    return routine if isinstance(routine, FunctionType) else None

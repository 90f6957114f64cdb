"""Routines as f2py's are: objects that are called, and that stay themselves as attributes of a class."""

from __future__ import annotations

import sys
from functools import partial
from types import FunctionType
from typing import Any, Callable, TypeVar

from f2pypy.runtime.interpreter import PYPY

_Function = TypeVar("_Function", bound=Callable[..., Any])


class _Holder:
    """What functools.partial is on CPython, in a form that PyPy's compiler takes apart."""

    __slots__ = ("__dict__", "__weakref__", "func")

    def __init__(self, func: Callable[..., Any]) -> None:
        self.func = func

    def __call__(self, /, *arguments: Any, **keywords: Any) -> Any:
        return self.func(*arguments, **keywords)


_Base: Any = _Holder if PYPY else partial


class Wrapper(_Base):  # type: ignore[misc]
    """A routine of Python: it calls `func`, whose signature, annotations and defaults it shows.

    A function would become a method of the class whose attribute it is, and `func` get the instance as its first
    argument. Pickling and copying give the routine itself, by its module and name.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        if PYPY:
            super().__init__(function)
        self.__module__ = function.__module__
        self.__doc__ = function.__doc__
        self.__annotations__ = function.__annotations__
        self.__wrapped__ = function

    def __get__(self, _instance: Any, _owner: type | None = None) -> Wrapper:
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self.func, name)

    def __repr__(self) -> str:
        return f"<fortran function {self.__name__}>"

    def __reduce__(self) -> str:
        qualified_name: str = self.__qualname__
        return qualified_name

    def rename(self, name: str, qualified_name: str) -> None:
        """Go by `name`, and by `qualified_name` in messages and pickles."""
        for named in (self, self.func):
            named.__name__ = name
            named.__qualname__ = qualified_name


def wrapper(function: _Function) -> _Function:
    """Decorate the function that wraps a Fortran procedure: return the routine that calls it.

    The indentation of the source is taken out of its docstring, which is f2py's word for word then, as Python 3.13 and
    later compile it anyway.
    """
    if sys.version_info < (3, 13) and function.__doc__:
        function.__doc__ = function.__doc__.replace("\n    ", "\n")
    return Wrapper(function)


def function_of(routine: Any) -> FunctionType | None:
    """Return the function that a generated module defines for `routine`, None for what is no routine."""
    while isinstance(routine, Wrapper):
        routine = getattr(routine.func, "__wrapped__", routine.func)
    return routine if isinstance(routine, FunctionType) else None

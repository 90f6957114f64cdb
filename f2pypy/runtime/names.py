"""Names that Python keeps for itself, given back to the caller."""

from __future__ import annotations

import functools
from typing import Any, Callable, Mapping

from f2pypy.runtime.interpreter import Function
from f2pypy.runtime.wrappers import Wrapper


def renamed(**originals: str) -> Callable[[Function], Function]:
    """Decorate a function so that keywords go by the names that Fortran gave them.

    ``@renamed(lambda_="lambda")`` lets ``f(**{"lambda": 1})`` reach the parameter
    ``lambda_``. TypeError if a call gives one argument under both names.
    """

    def decorate(function: Function) -> Function:
        routine = Wrapper(method_renamed(**originals)(function))
        routine.__doc__ = function.__doc__  # which has lost its indentation
        procedure = getattr(function, "procedure", None)
        if procedure is not None:
            routine.procedure = procedure
        return routine

    return decorate


def method_renamed(**originals: str) -> Callable[[Function], Function]:
    """Decorate a function of a class in the same way: what this returns is a function, which becomes a method."""
    parameter_of = {original: parameter for parameter, original in originals.items()}

    def decorate(function: Function) -> Any:
        @functools.wraps(function)
        def call(*arguments: Any, **keywords: Any) -> Any:
            translated = {parameter_of.get(keyword, keyword): value for keyword, value in keywords.items()}
            if len(translated) != len(keywords):
                raise TypeError(f"{function.__name__}() got an argument under two names: {', '.join(keywords)}")
            return function(*arguments, **translated)

        return call

    return decorate


def export(namespace: dict[str, Any], members: Mapping[str, Any]) -> None:
    """Make `members` attributes of the module with the globals `namespace`, under names that Python reserves.

    ``getattr(module, "lambda")`` and ``from module import *`` find them. Routines take on the names, so that they can
    be pickled.
    """
    for name, member in members.items():
        if isinstance(member, Wrapper):
            member.rename(name, name)
        namespace[name] = member

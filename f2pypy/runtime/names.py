"""Names that Python or the generated module keeps for itself, given back to the caller."""

from __future__ import annotations

import functools
import gc
import sys
from types import ModuleType
from typing import Any, Callable, Iterable, TypeVar

from f2pypy.runtime.wrappers import Wrapper

_Routine = TypeVar("_Routine", bound=Callable[..., Any])


def renamed(**originals: str) -> Callable[[_Routine], _Routine]:
    """Decorate a function so that keywords go by the names that Fortran gave them.

    ``@renamed(lambda_="lambda")`` lets ``f(**{"lambda": 1})`` reach the parameter
    ``lambda_``. TypeError if a call gives one argument under both names.
    """
    parameter_of = {original: parameter for parameter, original in originals.items()}

    def decorate(function: _Routine) -> _Routine:
        @functools.wraps(function)
        def call(*arguments: Any, **keywords: Any) -> Any:
            translated = {
                parameter_of.get(keyword, keyword): value
                for keyword, value in keywords.items()
            }
            if len(translated) != len(keywords):
                raise TypeError(
                    f"{function.__name__}() got an argument under two names: {', '.join(keywords)}"
                )
            return function(*arguments, **translated)

        return Wrapper(call)

    return decorate


def export(module: str, **members: Any) -> None:
    """Make `members` attributes of the calling `module` without touching its globals.

    For routines and objects named like something that the module's own code needs: ``module.sum``
    and ``from module import sum`` find the routine, and the code still finds Python's
    ``sum``. The routines take on the names, so that they can be pickled.
    """
    for name, member in members.items():
        if isinstance(member, Wrapper):
            member.rename(name, name)
    found = _module_of(sys._getframe(1).f_globals, module)
    if found is not None:
        attributes = {name: _Exported(member) for name, member in members.items()}
        found.__class__ = type("GeneratedModule", (_GeneratedModule,), attributes)


def _module_of(namespace: dict[str, Any], name: str) -> ModuleType | None:
    """Return the module that is called `name` and has this namespace, None if there is none such."""
    registered = sys.modules.get(name)
    if registered is not None and vars(registered) is namespace:
        return registered
    # A loader may execute a module that isn't in sys.modules, or not yet, or under the name of another.
    for referrer in gc.get_referrers(namespace):
        if isinstance(referrer, ModuleType) and vars(referrer) is namespace:
            return referrer if referrer.__name__ == name else None
    return None


class _Exported:
    """A module's attribute that isn't in its namespace; it can be replaced, not deleted."""

    def __init__(self, routine: Callable[..., Any]) -> None:
        self.routine = routine

    def __get__(self, module: ModuleType | None, owner: type) -> Any:
        return self.routine

    def __set__(self, module: ModuleType, routine: Callable[..., Any]) -> None:
        self.routine = routine


class _GeneratedModule(ModuleType):
    def __dir__(self) -> Iterable[str]:
        exported = (
            name
            for name, member in vars(type(self)).items()
            if isinstance(member, _Exported)
        )
        return sorted({*super().__dir__(), *exported})

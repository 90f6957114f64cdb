"""How many of the arguments that Fortran passes a Python function gets: f2py's rules."""

from __future__ import annotations

from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from numpy import ufunc

from f2pypy.runtime.array_types import type_name
from f2pypy.runtime.wrappers import function_of

_MOST_WRAPPERS = 100  # more are a circle
_HAS_VARARGS = 0x04  # inspect.CO_VARARGS; inspect is slow to import


def plain_count(function: Any, most: int) -> int:
    """Return how many arguments a function of Python's that wraps no other gets; -1 for anything else."""
    if type(function) is not FunctionType or function.__dict__:
        return -1
    count = function.__code__.co_argcount
    return count if count <= most else -1


def count_arguments(function: Any, most: int, extra: int) -> tuple[int, int]:
    """Return how many of Fortran's arguments, `most` at most, and of `extra` ones a function gets.

    It gets no more than it has parameters. Raises TypeError for what can't be called and for functions that want more
    arguments than there are.
    """
    if not callable(function):
        raise TypeError(
            "Call-back argument must be function|instance|instance.__call__|f2py-function "
            f"but got {type_name(function)}."
        )
    total, optional = count_parameters(function) or (most + extra, 0)
    used = min(most + extra, total)
    if used < total - optional:
        raise TypeError(
            f"the call-back function needs {total - optional} arguments, but Fortran passes "
            f"{most} and there are {extra} extra ones"
        )
    count = max(0, used - extra)
    return count, used - count


def count_parameters(function: Any) -> tuple[int, int] | None:
    """Return how many positional parameters a callable has and how many of these have defaults.

    None stands for any number. What has a ``__wrapped__``, as functions with ``functools.wraps`` and
    ``functools.lru_cache``, takes what that takes. A function's ``*args`` get nothing, as with f2py; those of other
    callables get all that there is.
    """
    function = function_of(function) or function
    plain = type(function) in (FunctionType, MethodType)
    taken = 0
    for _ in range(_MOST_WRAPPERS):
        if type(function) is MethodType:
            taken += 1
            function = function.__func__
        elif callable(getattr(function, "__wrapped__", None)):
            function, plain = function.__wrapped__, False
        elif type(function) is partial and not function.keywords:
            taken += len(function.args)
            function = function.func
        elif isinstance(function, (FunctionType, BuiltinFunctionType, type)):
            break
        elif type(getattr(type(function), "__call__", None)) is FunctionType:  # noqa: B004 - not whether, but which
            taken += 1
            function = type(function).__call__
        else:
            break
    if type(function) is not FunctionType:
        return _signature_counts(function, taken)
    code = function.__code__
    if code.co_flags & _HAS_VARARGS and not plain:
        return None
    total = max(0, code.co_argcount - taken)
    return total, min(total, len(function.__defaults__ or ()))


def _signature_counts(function: Any, taken: int) -> tuple[int, int] | None:
    """Do the same for what isn't written in Python; None where it doesn't tell."""
    from inspect import Parameter, signature  # slow to import

    if isinstance(function, ufunc):
        return max(0, function.nin - taken), 0
    try:
        parameters = signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(each.kind is Parameter.VAR_POSITIONAL for each in parameters):
        return None
    named = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    optional = [each.default is not Parameter.empty for each in parameters if each.kind in named]
    total = max(0, len(optional) - taken)
    return total, min(total, sum(optional))

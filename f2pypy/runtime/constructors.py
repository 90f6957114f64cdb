"""Constructors: the functions of an interface that has a type's name."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Sequence

from f2pypy.runtime.generics import NoSpecific
from f2pypy.runtime.records import Record


def constructed(
    made: Record, function: Callable[..., Any], arguments: Sequence[Any], keywords: Mapping[str, Any]
) -> bool:
    """Give an object the value that a constructor returns, and tell whether the arguments fit one.

    As in Fortran, they are the components of the type otherwise.
    """
    try:
        found = function(*arguments, **keywords)
    except NoSpecific:
        return False
    made._become(found)
    return True

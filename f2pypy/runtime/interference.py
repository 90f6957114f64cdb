"""Arguments whose conversion runs code of their own, such as ``__index__`` or ``__array__``, which may do anything.

What was converted before them must stay as it is until Fortran is called: an array that such code gives other memory or
another shape would leave Fortran with an address or an extent that is no longer right.
"""

from __future__ import annotations

import sys
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, Callable, TypeVar

from numpy import ndarray

_Value = TypeVar("_Value")

PLAIN = {int, float, complex, bool, str, bytes, type(None), FunctionType, BuiltinFunctionType, MethodType}
ARRAY_TYPES: dict[Any, str] = {ndarray: "NumPy's own"}
MOST_LOOKED_AT = 1000  # elements of a list: looking at all of more takes longer than being careful
MOST_LEVELS = 64  # as many axes as an array of NumPy can have; a list that contains itself has more levels


def runs_code(value: Any, levels: int = MOST_LEVELS) -> bool:
    """Whether converting `value`, of so many levels of lists at most, may run code that isn't Python's or NumPy's."""
    kind = type(value)
    if kind in PLAIN:
        return False
    if kind is ndarray:
        return bool(value.dtype.hasobject)
    if kind is list or kind is tuple:
        if len(value) > MOST_LOOKED_AT or not levels:
            return True
        return not PLAIN.issuperset(map(type, value)) and any(runs_code(each, levels - 1) for each in value)
    return kind.__module__ not in ("numpy", "functools")


def carefully(convert: Callable[..., _Value], value: Any, *others: Any) -> _Value:
    """Return ``convert(value, *others)``; RuntimeError if that has disturbed arrays of the routine that is called.

    These are the arrays of all functions up the stack, as far as those are f2pypy's code and what it generated.
    """
    if not runs_code(value):
        return convert(value, *others)
    before: list[Any] = []  # the outermost function first, whose names the user knows
    frame: Any = sys._getframe(1)
    while frame is not None and "__tracebackhide__" in frame.f_globals:
        names = frame.f_locals.items()
        before[:0] = [(frame.f_code.co_name, name, array, _footprint(array)) for name, array in names]
        frame = frame.f_back
    converted = convert(value, *others)
    for routine, name, array, footprint in before:
        if _footprint(array) != footprint:
            disturbed = f"{routine}(): the array {name!r} changed its memory or shape"
            raise RuntimeError(f"{disturbed} while another argument was converted")
    return converted


def _footprint(value: Any) -> list[Any]:
    """Return where an array and those that own its memory lie, with their shapes and strides; nothing for others."""
    found: list[Any] = []
    while issubclass(type(value), tuple(ARRAY_TYPES)):
        # asked of the array itself: PyPy's `PassedArray` keeps what it was told before
        found += map(value.__array_interface__.get, ("data", "shape", "strides"))
        value = value.base
    return found

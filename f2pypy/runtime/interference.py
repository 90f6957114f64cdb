"""Arguments whose conversion runs code of their own, such as ``__index__`` or ``__array__``, which may do anything.

What was converted before them must stay as it is until Fortran is called: an array that such code gives other memory or
another shape would leave Fortran with an address or an extent that is no longer right.
"""

from __future__ import annotations

import sys
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, TracebackType
from typing import Any, Callable, TypeVar

from numpy import ndarray

from f2pypy.runtime.pypy import PassedArray

_Converter = TypeVar("_Converter", bound=Callable[..., Any])
_Value = TypeVar("_Value")

_PLAIN = frozenset({int, float, complex, bool, str, bytes, type(None)})
_FUNCTIONS = frozenset({FunctionType, BuiltinFunctionType, MethodType})
_FEW = 1000
_CONVERTERS: set[CodeType] = set()


def converts(function: _Converter) -> _Converter:
    """Note that `function` converts arguments: whatever called it has the arguments."""
    if isinstance(function, FunctionType):
        _CONVERTERS.add(function.__code__)
    return function


def runs_code(value: Any) -> bool:
    """Whether converting `value` may run code that neither Python nor NumPy has written.

    It counts as such where looking at all elements would take longer than being careful.
    """
    kind = type(value)
    if kind in _PLAIN or kind in _FUNCTIONS:
        return False
    if kind is ndarray:
        return bool(value.dtype.hasobject)
    if kind is list or kind is tuple:
        if len(value) > _FEW:
            return True
        return not _PLAIN.issuperset(map(type, value)) and any(map(runs_code, value))
    return kind.__module__ not in ("numpy", "functools")


class Undisturbed:
    """A context in which the arrays of the wrapper that is running must stay as they are.

    Raises RuntimeError behind a conversion that has given one of them other memory or another shape. The wrapper is the
    next function up the stack that is no converter.
    """

    def __enter__(self) -> None:
        frame = sys._getframe(1)
        while frame.f_code in _CONVERTERS and frame.f_back is not None:
            frame = frame.f_back
        self.routine = frame.f_code.co_name
        self.before = {
            name: (value, _footprint(value))
            for name, value in frame.f_locals.items()
            if isinstance(value, (ndarray, PassedArray))
        }

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, traceback: TracebackType | None
    ) -> None:
        before, self.before = self.before, {}
        if kind is not None:
            return
        for name, (value, footprint) in before.items():
            if _footprint(value) != footprint:
                raise RuntimeError(
                    f"{self.routine}(): the array {name!r} was given other memory or another shape "
                    "while another argument was converted"
                )


@converts
def carefully(convert: Callable[..., _Value], value: Any, *others: Any) -> _Value:
    """Return ``convert(value, *others)``; RuntimeError if that has disturbed other arguments."""
    if not runs_code(value):
        return convert(value, *others)
    with Undisturbed():
        return convert(value, *others)


def _footprint(value: Any) -> list[tuple[int, Any, Any]]:
    """Return where an array and those that own its memory lie, with their shapes and strides."""
    if type(value) is PassedArray:
        value = value.original
    found = []
    while isinstance(value, ndarray):
        location = value.__array_interface__["data"][0]
        found.append((location, value.shape, value.strides))
        value = value.base
    return found

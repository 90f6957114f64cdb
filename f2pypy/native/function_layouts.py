"""Where a Python function has its code and its attributes, and a code object the number of its arguments.

The places depend on the version, so they are looked for in functions that have different numbers of everything.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

from f2pypy.native.layouts import HEAD, POINTER, word_at


def _probes() -> list[Any]:
    def several(a: int, b: int, c: int) -> int:
        d = e = f = a + b + c
        return d + e + f

    def many(a: int, b: int, /, c: int, d: int, e: int, *rest: int, g: int) -> int:
        return a + b + c + d + e + g + len(rest)

    one, rest, pair = lambda x: x, lambda *y: y, lambda a, b, **c: (a, b, c)
    return [one, rest, pair, several, many]


def _place(
    objects: Sequence[Any], size: int, read: Callable[[int], int], wanted: Sequence[int]
) -> int:
    """Return the only offset at which every object has what is wanted, 0 where there are none or several."""
    found = [
        offset
        for offset in range(HEAD, type(objects[0]).__basicsize__, size)
        if all(read(id(each) + offset) == value for each, value in zip(objects, wanted))
    ]
    return found[0] if len(found) == 1 else 0


def _number_at(location: int) -> int:
    return ctypes.c_int.from_address(location).value


FUNCTION_CODE = ARGUMENT_COUNT = FUNCTION_DICTIONARY = 0
if sys.implementation.name == "cpython":
    _functions = _probes()
    _codes = [each.__code__ for each in _functions]
    FUNCTION_CODE = _place(_functions, POINTER, word_at, [id(code) for code in _codes])
    ARGUMENT_COUNT = _place(
        _codes, 4, _number_at, [code.co_argcount for code in _codes]
    )
    FUNCTION_DICTIONARY = FunctionType.__dictoffset__


def knows_python_functions() -> bool:
    """Whether all places were found, and a function's attributes lie where its type says."""
    function, other = _probes()[:2]
    empty = word_at(id(other) + FUNCTION_DICTIONARY)
    function.note = 1
    attributes = function.__dict__
    return (
        bool(FUNCTION_CODE and ARGUMENT_COUNT)
        and empty == 0
        and word_at(id(function) + FUNCTION_DICTIONARY) == id(attributes)
        and word_at(id(attributes) + HEAD) == len(attributes) == 1
    )

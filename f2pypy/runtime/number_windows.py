"""Windows of objects whose numbers are attributes: ``record._window.at_8`` is what lies 8 bytes into the object.

A field of ``ctypes.Structure`` reads and writes any data of ctypes at its offset. The windows are arrays of characters
that have borrowed the fields of a structure, so that reading a component is work of C alone. PyPy's compiler has no
need of them.
"""

from __future__ import annotations

import ctypes
import sys
from operator import attrgetter
from types import FunctionType
from typing import Any, Callable, Mapping

from numpy import ndarray

from f2pypy.runtime.array_types import uint8
from f2pypy.runtime.interpreter import PYPY

# The types of the struct module's letters.
NUMBERS: dict[str, Any] = (
    {}
    if PYPY
    else {
        "b": ctypes.c_int8,
        "h": ctypes.c_int16,
        "i": ctypes.c_int32,
        "q": ctypes.c_int64,
        "f": ctypes.c_float,
        "d": ctypes.c_double,
    }
)


def window_type(size: int, letters: Mapping[int, str]) -> Any:
    """Return the class of windows of `size` bytes with numbers of these types at these offsets; None on PyPy."""
    if PYPY:
        return None
    # the owner is what the window lies in
    fields: dict[str, Any] = {"__slots__": ("owner",)}
    for offset, letter in letters.items():
        parts = [("before", ctypes.c_char * offset), ("number", NUMBERS[letter])]
        structure = type("Number", (ctypes.Structure,), {"_pack_": 1, "_fields_": parts})
        fields[f"at_{offset}"] = vars(structure)["number"]
    return type("Window", (ctypes.c_char * size,), fields)


class ConstantWindow(ndarray):
    """The window of an object that nobody may change."""

    readonly = True

    def __getattr__(self, name: str) -> Any:
        if name == "window":
            raise AttributeError(name)
        return getattr(self.window, name)

    def __setattr__(self, name: str, value: Any) -> None:
        raise TypeError("the object is a constant")


# The windows of constants
CONSTANT_WINDOW: type = ConstantWindow if NUMBERS else memoryview


def constant_window(window: Any) -> Any:
    """Return a window through which nobody can change an object."""
    if not NUMBERS:
        return memoryview(window).toreadonly()
    made = ndarray((len(window),), uint8, window).view(ConstantWindow)
    made.flags.writeable = False
    vars(made)["window"] = window
    return made


def number_getter(offset: int) -> Callable[[Any], Any]:
    """Return what reads the number at an offset in an object."""
    # since 3.12 CPython runs a property's function of Python without leaving its loop
    if sys.version_info < (3, 12):
        return attrgetter(f"_window.at_{offset}")
    return number_function(_read_number, offset)


def number_function(function: Any, offset: int) -> Callable[..., Any]:
    """Return a function whose attribute ``at`` is the number at an offset."""
    code = function.__code__
    names = tuple(f"at_{offset}" if each == "at" else each for each in code.co_names)
    named = code.replace(co_names=names)
    return FunctionType(named, function.__globals__, function.__name__, None, function.__closure__)


def _read_number(record: Any) -> Any:
    return record._window.at

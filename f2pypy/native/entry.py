"""Making a Python function start in native code while it stays the same object.

A function object holds the address of what a call runs. CPython takes it from there everywhere but in 3.11, whose
interpreter runs objects of exactly the type ``function`` by itself; there the function gets a type that inherits it.
"""

from __future__ import annotations

import ctypes
import sys
from types import FunctionType
from typing import Any

from f2pypy.native.layouts import (
    BASE_TYPE,
    HAS_VECTORCALL,
    TYPE,
    TYPE_FLAGS,
    VECTORCALL_OFFSET,
    word_at,
)

IGNORES_VECTORCALL = (3, 11)
SETS_VECTORCALL = (3, 12)  # the first version with PyFunction_SetVectorcall


def python_entry(function: FunctionType) -> int:
    """Return the address of what a call of the function runs."""
    return word_at(id(function) + word_at(id(FunctionType) + VECTORCALL_OFFSET))


class Entries:
    """Redirects functions; `redirect` is to be called at most once for each."""

    def __init__(self) -> None:
        self._type = (
            _inheriting_type() if sys.version_info[:2] == IGNORES_VECTORCALL else None
        )

    def redirect(self, function: FunctionType, address: int) -> None:
        """Let calls of `function` run the vectorcall function at `address`."""
        if sys.version_info >= SETS_VECTORCALL:
            # It also makes the interpreter forget how it had specialised calls.
            set_entry = ctypes.pythonapi["PyFunction_SetVectorcall"]
            set_entry.argtypes = [ctypes.py_object, ctypes.c_void_p]
            set_entry.restype = None
            set_entry(function, address)
            return
        offset = word_at(id(FunctionType) + VECTORCALL_OFFSET)
        ctypes.c_int64.from_address(id(function) + offset).value = address
        if self._type is not None:
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._type))
            ctypes.c_int64.from_address(id(function) + TYPE).value = id(self._type)


def _inheriting_type() -> type:
    """Return a type with the memory and the behaviour of ``function``, but not identical to it."""
    members: dict[str, Any] = {
        "__slots__": (),
        # A class has these two of its own, which would hide the function's.
        "__module__": FunctionType.__dict__["__module__"],
        "__doc__": FunctionType.__dict__["__doc__"],
        "__reduce__": lambda function: function.__qualname__,
    }
    flags = ctypes.c_uint64.from_address(id(FunctionType) + TYPE_FLAGS)
    before = flags.value
    flags.value = before | BASE_TYPE
    try:
        made = type("function", (FunctionType,), members)
    finally:
        flags.value = before
    ctypes.c_uint64.from_address(id(made) + TYPE_FLAGS).value |= HAS_VECTORCALL
    return made

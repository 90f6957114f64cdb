"""Making a routine start in native code while it stays the same object.

A routine of a generated module is an object of a class that inherits functools.partial. Such an object holds the
address of what a call runs, and CPython takes it from there. Up to 3.11 it does so for the classes that the
interpreter itself defines and has to be told of others.
"""

from __future__ import annotations

import ctypes
from functools import partial
from types import FunctionType
from typing import Any

from f2pypy.native.layouts import (
    HAS_VECTORCALL,
    TYPE_FLAGS,
    VECTORCALL_OFFSET,
    word_at,
)


def entry_of(function: FunctionType) -> int:
    """Return the address of what a call of the function runs."""
    return word_at(id(function) + place_of_entry())


def place_of_entry() -> int:
    """Return the offset of that address in a function that is written in Python."""
    return word_at(id(FunctionType) + VECTORCALL_OFFSET)


def redirect(routine: partial[Any], address: int) -> None:
    """Let calls of `routine` run the vectorcall function at `address`."""
    kind = type(routine)
    offset = word_at(id(kind) + VECTORCALL_OFFSET)
    ctypes.c_int64.from_address(id(routine) + offset).value = address
    ctypes.c_uint64.from_address(id(kind) + TYPE_FLAGS).value |= HAS_VECTORCALL


def restore(routine: partial[Any]) -> None:
    """Let calls of `routine` run what those of its class run without native code."""
    offset = word_at(id(type(routine)) + VECTORCALL_OFFSET)
    another = type(routine)(routine.func)
    redirect(routine, word_at(id(another) + offset))

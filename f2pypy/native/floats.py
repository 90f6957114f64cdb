"""Objects of float that are made of doubles."""

from __future__ import annotations

import sys
from typing import Any

from llvmlite import ir

from f2pypy.native.code import LONG, Code
from f2pypy.native.layouts import IMMORTALS, NUMBER, TYPE


def new_float(code: Code, value: Any) -> Any:
    """Return a new float of a double; NULL with an exception where there is no memory.

    Up to 3.11 any memory of Python's allocator may hold a float. Writing to such memory is faster than a call of
    PyFloat_FromDouble: this takes memory from the list of free floats, where it reads what freeing the last one wrote.
    """
    if sys.version_info >= IMMORTALS:  # more belongs to a new object
        return code.call("PyFloat_FromDouble", value)
    made = code.call("PyObject_Malloc", ir.Constant(LONG, float.__basicsize__))

    def filled() -> list[Any]:
        words = {
            0: ir.Constant(LONG, 1),
            TYPE: code.constant_object(float),
            NUMBER: value,
        }
        for place, each in words.items():
            code.builder.store(each, code.at(made, place, each.type))
        return [made]

    def none() -> list[Any]:
        return [code.call("PyErr_NoMemory")]

    return code.choose(code.is_given(made), filled, none)[0]

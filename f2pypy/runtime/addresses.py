"""Addresses for ``type(c_ptr)`` and ``type(c_funptr)``: integers, None, and what ctypes has for pointers."""

from __future__ import annotations

import ctypes
import operator
from typing import Any

from f2pypy.runtime.array_types import type_name
from f2pypy.runtime.interference import carefully
from f2pypy.runtime.scalars import unsigned64

_CARRIERS = ("_CData", "CArgObject")  # classes of ctypes' instances and of byref


def c_address(value: Any, what: str) -> int:
    """Return `value` as an address: an integer, None for the null pointer, or ctypes' pointer, array or function.

    What NumPy's ``array.ctypes`` gives is one as well. Nothing is kept alive for an address. Raises TypeError for
    anything else, OverflowError for integers that are no addresses.
    """
    return carefully(_converted_address, value, what)


def _converted_address(value: Any, what: str) -> int:
    if value is None:
        return 0
    value = getattr(value, "_as_parameter_", value)
    if any(base.__name__ in _CARRIERS for base in type(value).__mro__):
        if isinstance(value, ctypes._SimpleCData):
            value = _of_simple(value, what)
        return ctypes.cast(value, ctypes.c_void_p).value or 0
    try:
        number = operator.index(value)
    except TypeError:
        raise _no_address(value, what) from None
    return unsigned64(number, what)


def _of_simple(value: Any, what: str) -> Any:
    """Return a pointer of a simple type; TypeError for numbers and characters, which have no address to give."""
    if isinstance(value, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_wchar_p)):
        return value
    raise _no_address(value, what, ": pass ctypes.byref() of it")


def _no_address(value: Any, what: str, hint: str = "") -> TypeError:
    return TypeError(
        f"{what} can't be converted to an address -- expected a pointer or an integer, got {type_name(value)}{hint}"
    )

"""The interpreter that runs a module, and what it makes of texts."""

from __future__ import annotations

import ctypes
import sys
from functools import lru_cache, partial
from typing import Any, Callable, TypeVar

# What decorators return as it is, to type checkers.
Function = TypeVar("Function", bound=Callable[..., Any])
PYPY = sys.implementation.name == "pypy"
# The running interpreter as a library, where the system can say.
PROCESS: Any = None if sys.platform == "win32" else ctypes.CDLL(None)
# The code of a text, which functions of one shape share.
compiled: Callable[[str], Any] = lru_cache(None)(partial(compile, filename="<f2pypy>", mode="exec"))


def new_number(taken: dict[int, Any]) -> int:
    """Return a number that isn't `taken` yet, and take it: threads that ask at once get different ones."""
    number, mark = len(taken), object()
    while taken.setdefault(number, mark) is not mark:
        number += 1
    return number

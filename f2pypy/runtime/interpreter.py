"""The interpreter that runs a module."""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Callable, TypeVar

# What decorators return as it is, to type checkers.
Function = TypeVar("Function", bound=Callable[..., Any])
PYPY = sys.implementation.name == "pypy"
# The running interpreter as a library, where the system can say.
PROCESS: Any = None if sys.platform == "win32" else ctypes.CDLL(None)

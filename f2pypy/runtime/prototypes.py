"""What C declares of a procedure, as a text: ``double (double *, int *)``.

f2pypy's own have words that C hasn't. ``hidden``, ``optional``, ``out``, ``inout``, ``returned``, ``copied``,
``absent`` and ``transposed`` say what Python gets and gives. ``logical int`` is a logical, ``double [$1]`` an array
with as many elements as the first argument says. ``foreign`` stands before one that has the types alone: no dummy
procedure is the same.
"""

from __future__ import annotations

import ctypes
from typing import Any


def ctypes_types(prototype: str) -> list[Any]:
    """Return ctypes' types of the result and of the arguments; TypeError where it has none."""
    return [ctypes_type(each) for each in prototype.rstrip(")").replace(" (", ", ").split(", ") if each]


def ctypes_type(declared: str) -> Any:
    """Return ctypes' type of a result or an argument, c_void_p for addresses of what it has no type for.

    Characters go by c_void_p, which takes bytes and buffers.
    """
    words = declared.split()
    by_address = words[-1][0] in "*["
    base = words[:-1] if by_address else words
    name = "longdouble" if base[-2:] == ["long", "double"] else base[-1]
    found = getattr(ctypes, f"c_{name}", None) or getattr(ctypes, f"c_{name[:-2]}", None)
    if by_address:
        return ctypes.c_void_p if found in (None, ctypes.c_char) else ctypes.POINTER(found)
    if found is None and name != "void":
        raise TypeError(f"ctypes has no type {' '.join(base)}")
    return found

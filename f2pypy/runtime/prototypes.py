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
    """Return ctypes' types of the result and of the arguments, c_void_p for addresses of what it has no type for.

    Characters go by c_void_p, which takes bytes and buffers. TypeError for values that it has no type for.
    """
    types: list[Any] = []
    for declared in filter(None, prototype.rstrip(")").replace(" (", ", ").split(", ")):
        base, star, _ = declared.replace("[", "*").partition(" *")
        name = base.replace("long double", "longdouble").rpartition(" ")[2]
        kind = getattr(ctypes, f"c_{name}", None) or getattr(ctypes, f"c_{name[:-2]}", None)
        if star:
            kind = ctypes.c_void_p if kind in (None, ctypes.c_char) else ctypes.POINTER(kind)
        elif kind is None and name != "void":
            raise TypeError(f"ctypes has no type {base}")
        types.append(kind)
    return types

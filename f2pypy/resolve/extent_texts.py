"""C texts as f2py's documentation and messages write them."""

from __future__ import annotations

import re
from collections.abc import Collection

from f2pypy.expressions.nodes import Expression, Integer, Name


def extent_text(expression: Expression, source: str) -> str:
    """Return the text of an extent for a docstring: its value where it is one, else the source's words."""
    match expression:
        case Integer(value):
            return str(value)
        case Name(name):
            return name
        case _:
            return source


def without_pointers(text: str, characters: Collection[str]) -> str:
    """Return a C text as f2py shows it: a single character stands for itself, ``*job`` and ``job[0]`` are ``job``."""
    if not characters or ("*" not in text and "[" not in text):
        return text
    names = "|".join(map(re.escape, characters))
    text = re.sub(rf"\*\s*\b({names})\b", r"\1", text)
    return re.sub(rf"\b({names})\b\s*\[\s*0\s*\]", r"\1", text)

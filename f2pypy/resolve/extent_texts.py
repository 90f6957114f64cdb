"""Extents as f2py's documentation writes them."""

from __future__ import annotations

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

"""Prints what modules and objects are asked for: variables, components, extents."""

from __future__ import annotations

import keyword

from f2pypy.expressions.nodes import Part, Stored


def text_of(asked: Part | Stored, owner: str) -> str:
    """Return what asks the object `owner` of the generated module."""
    match asked:
        case Part(path=path, letter=str() as letter, offset=offset) if letter:
            record = ".".join([owner, *path])
            return f'private_integer({record}, "{letter}", {offset})'
        case Part(path=path, length=True):
            return f"length_of({'.'.join([owner, *path])})"
        case Part(path=path, axis=None):
            return ".".join([owner, *path])
        case Part(path=path, axis=axis):
            return f"extent_of({'.'.join([owner, *path])}, {axis})"
        case Stored(name=name, axis=int() as axis):
            return f'stored_extent({owner}, "{name}", {axis})'
        case Stored(name=name) if keyword.iskeyword(name):
            return f"int(getattr({owner}, {name!r}))"
        case Stored(name=name):
            return f"int({owner}.{name})"

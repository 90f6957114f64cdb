"""What extents of arrays ask objects of derived type for."""

from __future__ import annotations

import struct
from typing import Any

from f2pypy.runtime.extents import elements_in
from f2pypy.runtime.records import Record


def private_integer(record: Record, letter: str, offset: int) -> int:
    """Return an integer that has no attribute: the struct module's `letter`, `offset` bytes into the object."""
    value: int = struct.unpack_from("=" + letter, record._window, offset)[0]
    return value


def extent_of(array: Any, axis: int) -> int:
    """Return an extent of an array component, its number of elements for axis -1; ValueError where there is none."""
    if array is None:
        raise ValueError("an extent needs the extents of an array component that isn't allocated")
    extents: tuple[int, ...] = array.shape
    return extents[axis] if axis >= 0 else elements_in(extents)


def length_of(text: bytes | None) -> int:
    """Return the length of a component of characters; ValueError where there is none."""
    if text is None:
        raise ValueError("an extent needs the length of a component that isn't allocated")
    return len(text)

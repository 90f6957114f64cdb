"""Tables of Fortran's own types, as gfortran makes them for objects of CLASS(*): Python makes the same.

SELECT TYPE compares numbers in the tables, not where they lie, and ALLOCATE with SOURCE= calls what copies an element.
"""

from __future__ import annotations

import ctypes
import struct
from typing import Any

from numpy import dtype, finfo

from f2pypy.runtime.record_tables import TypeTables, type_hash

_NAMES = {"i": "INTEGER", "f": "REAL", "c": "COMPLEX", "l": "LOGICAL"}
# The bits of the fraction of the reals that gfortran calls REAL(10).
_X87_FRACTION = 63
_WORDS = 8
# Tables by the names of their types; Fortran may keep the address of one for ever.
_TABLES: dict[str, tuple[Any, Any]] = {}


def intrinsic_name(kind: dtype[Any], logical: bool) -> str:
    """Return the name from which gfortran makes the number of a type: "REAL(8)"."""
    letter = "l" if logical else kind.kind
    if letter == "S":
        return "CHARACTER(1)"
    size = kind.itemsize // 2 if letter == "c" else kind.itemsize
    if letter in "fc" and size > ctypes.sizeof(ctypes.c_double) and finfo(kind).nmant == _X87_FRACTION:
        size = 10
    return f"{_NAMES[letter]}({size})"


def table_of(tables: TypeTables, kind: dtype[Any], logical: bool) -> int:
    """Return the address of the table of an intrinsic type."""
    name = intrinsic_name(kind, logical)
    found = _TABLES.get(name)
    if found is None:
        # of those that several threads make at once the first one stays
        found = _TABLES.setdefault(name, _made(tables, name, 1 if kind.kind == "S" else kind.itemsize))
    return ctypes.addressof(found[0])


def _made(tables: TypeTables, name: str, size: int) -> tuple[Any, Any]:
    """Return a table and the function that copies an element, which it has the address of."""
    copy: Any = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 2, *[ctypes.c_ssize_t] * 2)(
        _copy_text if name.startswith("CHARACTER") else _copying(size)
    )
    table = (ctypes.c_size_t * _WORDS)()
    struct.pack_into("@i", table, 0, type_hash(name))
    struct.pack_into("@N", table, tables.size, size)
    struct.pack_into("@P", table, tables.copy, ctypes.cast(copy, ctypes.c_void_p).value or 0)
    return table, copy


def _copying(size: int) -> Any:
    def copy(source: int, target: int, _given: int, _wanted: int) -> None:
        ctypes.memmove(target, source, size)

    return copy


def _copy_text(source: int, target: int, given: int, wanted: int) -> None:
    # as an assignment of characters does
    text = ctypes.string_at(source, min(given, wanted)).ljust(wanted)
    ctypes.memmove(target, text, wanted)

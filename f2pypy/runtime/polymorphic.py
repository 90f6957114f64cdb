"""What a CLASS dummy gets: an object together with what the library says of its type.

gfortran passes the address of a container: the addresses of the object and of the table of its type, and a length that
only unlimited polymorphic characters have. flang passes a descriptor whose addendum has the address of the table.
"""

from __future__ import annotations

import struct
from typing import Any

from f2pypy.runtime.record_memory import object_maker
from f2pypy.runtime.records import Record, RecordType

_CONTAINER = struct.Struct("@PPN")
# The table, and the value of a LEN parameter.
_ADDENDUM = struct.Struct("@PN")


def class_of(record: Record) -> Any:
    """Return what goes to a CLASS dummy for an object; it is made once for each.

    Raises ImportError where the library doesn't say what the object's type is.
    """
    if record._class is None:
        record._class = object_maker(polymorphic(record._type, record._address))()[1]
    return record._class


def polymorphic(kind: RecordType, address: int) -> bytes:
    """Return the container or descriptor of the object of a type at an address."""
    compiler = kind.library.compiler
    table = kind.table()
    if table is None:
        raise ImportError(
            f"{kind.label}: {kind.library.paths} has no table of the type, without which a procedure can't know of "
            "which type an object is. The compiler leaves the tables out that nothing in the library needs"
        )
    if not table.tables.described:
        return _CONTAINER.pack(address, table.address, 0)
    header: bytes = compiler.arrays.describe(address, kind.size, table.tables.code, (), (), other=1)
    return header + _ADDENDUM.pack(table.address, 0)

"""What a CLASS dummy gets: an object together with what the library says of its type.

gfortran passes the address of a container: the address of the object (an array has its descriptor in place of that)
and of the table of its type, and a length that only unlimited polymorphic characters have. flang passes a descriptor
whose addendum has the address of the table.
"""

from __future__ import annotations

import ctypes
import struct
from typing import Any, Iterator, Sequence

from f2pypy.runtime.compilers import Compiler
from f2pypy.runtime.extensions import living
from f2pypy.runtime.record_memory import object_maker
from f2pypy.runtime.record_tables import TypeTable
from f2pypy.runtime.record_types import RecordType
from f2pypy.runtime.records import Record
from f2pypy.runtime.routines import characters

_CONTAINER_START = struct.Struct("@P")
_HIGHEST_RANK = 15
# Where a container has the address of the table.
_BESIDE = struct.calcsize("P")
# After a descriptor: the table, and the value of a LEN parameter, or the length of characters.
_ADDENDUM = struct.Struct("@PN")


def class_of(record: Any) -> Any:
    """Return what goes to a CLASS dummy for an object of class `Record`; it is made once for each.

    Raises ImportError where the library doesn't say what the object's type is.
    """
    if record._class is None:
        record._class = object_maker(polymorphic(record._type, record._address))()[1]
    return record._class


def class_of_array(records: Any) -> Any:
    """Return what goes to a CLASS dummy for an array of objects, class `Records`; ImportError as above."""
    return characters(polymorphic(records._record._type, records._address, records.shape, records._strides))


def polymorphic(
    kind: RecordType, address: int, shape: Sequence[int] = (), strides: Sequence[int] = (), room: int = 0
) -> bytes:
    """Return the container or descriptor of the object of a type at an address, or of an array of `shape`.

    A container for a dummy of any rank has `room` for a descriptor of the highest rank, and one of a scalar too.
    """
    compiler, table = kind.library.compiler, class_table(kind)
    if not (shape or room or table.tables.described):
        return with_type(address, b"", table.address)
    header: bytes = compiler.arrays.describe(address, kind.size, table.tables.code, shape, strides, other=1)
    return with_type(address, header.ljust(room, b"\0"), table.address)


def class_table(kind: RecordType) -> TypeTable:
    """Return what the library says of a type; ImportError where it says nothing."""
    table = kind.table()
    if table is None:
        raise ImportError(
            f"{kind.label}: {kind.library.paths} has no table for this type, and a class(t) argument needs it. "
            "The compiler leaves out tables that nothing in the library uses"
        )
    return table


def room_for_any_rank(compiler: Compiler) -> int:
    """Return the bytes that the descriptor in a container takes for a dummy of any rank, 0 without containers."""
    return 0 if compiler.types.described else compiler.arrays.size(_HIGHEST_RANK)


def with_type(address: int, descriptor: bytes, table: int, length: int = 0) -> bytes:
    """Return what says where an object is, by a descriptor or by its address alone, and of which type it is."""
    return (descriptor or _CONTAINER_START.pack(address)) + _ADDENDUM.pack(table, length)


def object_passed(declared: type[Record], place: int) -> Record:
    """Return the object that Fortran passes to a CLASS dummy of the `declared` class; nobody keeps its memory.

    The container or descriptor lies at the address `place`.
    """
    compiler = declared._type.library.compiler
    beside = compiler.arrays.size(0) if compiler.types.described else _BESIDE
    data, table = word_at(place), word_at(place + beside)
    known = living(declared, data)
    if known is not None and known._type.table().address == table:
        same: Record = known
        return same
    found = class_by_table(declared, table)._at(data, None)
    own = found._type.table()
    if own is not None and own.address != table:
        # one of a type without a class: CLASS dummies get it with its own type
        found._class = object_maker(ctypes.string_at(place, beside + 2 * _BESIDE))()[1]
    return found


def class_by_table(declared: type[Record], address: int) -> type[Record]:
    """Return the class for the type whose table lies at an address: `declared`, or one that extends it.

    A type that has no class is taken for the nearest one that it extends and that has a class.
    """
    known: dict[int, type[Record]] = declared._type.by_table
    if address not in known:
        known[address] = _found(declared, address)
    return known[address]


def _found(declared: type[Record], address: int) -> type[Record]:
    classes = [declared, *_extensions(declared)]
    tables: dict[int, type[Record]] = {}
    for each in classes:
        table = each._type.table()
        if table is not None:
            # a Python class that overrides nothing has its parent's
            tables.setdefault(table.address, each)
    parent = declared._type.library.compiler.types.parent
    while address and address not in tables:
        address = word_at(address + parent) if parent else 0
    return tables.get(address, declared)


def _extensions(record: type[Record]) -> Iterator[type[Record]]:
    for each in record.__subclasses__():
        if "_type" in vars(each):
            yield each
        yield from _extensions(each)


def word_at(address: int) -> int:
    """Return the address, or size, that stands at an address."""
    return ctypes.c_size_t.from_address(address).value

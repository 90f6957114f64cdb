"""Allocatables and pointers of derived type where they stand: what their words and descriptors say of objects.

An object or array has a word with its address, or a descriptor; one of CLASS has the address of its type's table there,
too.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

from f2pypy.runtime.allocated_arrays import records_at
from f2pypy.runtime.descriptors import ALLOCATABLE, POINTER, Heap, fortran_strides
from f2pypy.runtime.extents import elements_in
from f2pypy.runtime.given_records import records_given
from f2pypy.runtime.polymorphic import class_by_table, class_table, word_at
from f2pypy.runtime.record_arrays import Records
from f2pypy.runtime.record_memory import object_maker
from f2pypy.runtime.record_storage import Storage, destroyer, duplicator, heap_of
from f2pypy.runtime.record_tables import TypeTable
from f2pypy.runtime.records import Record

PLACE_BYTES = ctypes.sizeof(ctypes.c_void_p)


class DescribedObject:
    """An allocatable or `pointer` of class `record` with `rank` axes, which stands at `address`.

    What is `polymorphic` may be of any class that extends this one. Procedures with ``bind(c)`` have the standard's
    descriptors: `interoperable`.
    """

    def __init__(
        self,
        record: type[Record],
        rank: int,
        pointer: bool,
        polymorphic: bool,
        address: int = 0,
        interoperable: bool = False,
    ) -> None:
        compiler = record._type.library.compiler
        self.interoperable = interoperable
        self.layout = compiler.c_arrays if interoperable else compiler.arrays
        self.record, self.rank, self.is_pointer, self.is_polymorphic = record, rank, pointer, polymorphic
        self.is_described = bool(rank or interoperable or compiler.types.described)
        # where the address of the table stands, if it does
        self.table_at: int = self.layout.size(rank) if self.is_described else PLACE_BYTES
        self.address = address

    @property
    def start(self) -> int:
        """Where the object lies, or the first element; 0 while there is none."""
        return word_at(self.address)

    def describe(self, start: int, shape: Any, strides: Any, size: int, table: int) -> None:
        """Have an object, or elements of `size` bytes, at an address, 0 for none; `table` is that of the type."""
        compiler = self.record._type.library.compiler
        packed: bytes = start.to_bytes(PLACE_BYTES, sys.byteorder)
        if self.is_described:
            use, other = POINTER if self.is_pointer else ALLOCATABLE, int(compiler.types.described)
            packed = self.layout.describe(start, size, self.layout.codes["V"], shape, strides, use, other)
        if self.is_polymorphic or compiler.types.described:
            packed += table.to_bytes(PLACE_BYTES, sys.byteorder)
        ctypes.memmove(self.address, packed, len(packed))

    def checked(self, value: Any, what: str) -> Any:
        """Return what a caller gives as an object or array; TypeError or ValueError if it is none that fits."""
        if not self.rank:
            return self.record._given(value, what)
        extents = (-1,) * self.rank
        return records_given(self.record, value, extents, what, self.is_pointer, polymorphic=self.is_polymorphic)

    def kind_of(self, given: Any) -> Any:
        """Return the type of which Fortran sees what was given: only CLASS sees more than the declared type."""
        if not self.is_polymorphic:
            return self.record._type
        kind, storage = class_of_given(given)._type, given._storage
        is_whole = isinstance(storage, Storage) and storage.address == given._address
        return storage.kind if is_whole and isinstance(storage.kind, UnknownType) else kind

    def dynamic(self, given: Any) -> tuple[int, int]:
        """Return the bytes of an object, and the address of its type's table, 0 where nobody wants to know it."""
        kind = self.kind_of(given)
        if self.is_polymorphic:
            return kind.size, class_table(kind).address
        table = kind.table()
        return kind.size, 0 if table is None else table.address

    def class_now(self) -> type[Record]:
        """Return the class for what is there now."""
        return class_by_table(self.record, self.table()) if self.is_polymorphic else self.record

    def table(self) -> int:
        """Return the address of the table of the type that is there now."""
        return word_at(self.address + self.table_at)

    def size(self) -> int:
        """Return the bytes of the object, or of an element, that is there now."""
        kind, table = self.record._type, self.table() if self.is_polymorphic else 0
        return TypeTable(kind.library.compiler.types, table).size if table else kind.size

    def shape(self) -> tuple[int, ...]:
        """Return the extents of the array that is there now; an object has none."""
        if not self.rank:
            return ()
        found = records_at(self.record, self.address, self.rank, None, interoperable=self.interoperable)
        return () if found is None else found.shape

    def is_like(self, given: Any) -> bool:
        """Whether what is there has the extents and the type of an object or array."""
        if not self.start or self.shape() != extents_of(given)[0]:
            return False
        return not self.is_polymorphic or self.table() == class_table(self.kind_of(given)).address

    def heap(self) -> Heap:
        """Return the memory from which Fortran allocates."""
        return heap_of(self.record._type.library)

    def kind_now(self) -> Any:
        """Return the type of what is there now, to those that own it."""
        record = self.class_now()
        if not self.is_without_class(record):
            return record._type
        return UnknownType(record, TypeTable(record._type.library.compiler.types, self.table()))

    def is_without_class(self, record: type[Record]) -> bool:
        """Whether what is there is of a type that has no class, and `record` is that of one that it extends."""
        own = record._type.table() if self.is_polymorphic else None
        return own is not None and self.table() not in (0, own.address)

    def storage(self) -> Storage:
        """Return what owns the object or array that is there."""
        return Storage(self.kind_now(), self.start, None, elements_in(self.shape()), self.heap())

    def seen(self, storage: Any, ordinary: bool = False) -> Any:
        """Return the object or array that is there; `storage` keeps its memory. `ordinary` ones are no pointers."""
        record = self.class_now()
        if self.rank:
            how = (self.size(), self.interoperable, ordinary)
            return records_at(record, self.address, self.rank, storage, *how)
        found = record._at(self.start, storage)
        if self.is_without_class(record):
            # CLASS dummies get it with its own type
            found._class = object_maker(ctypes.string_at(self.address, self.table_at + 2 * PLACE_BYTES))()[1]
        return found

    def clear(self) -> None:
        """Have nothing: of CLASS, nothing of the declared type."""
        kind, none = self.record._type, (0,) * self.rank
        table = kind.table()
        self.describe(0, none, none, kind.size, 0 if table is None else table.address)

    def point_to(self, given: Any) -> None:
        """Point to an object or array; with None nowhere."""
        if given is None:
            self.clear()
        else:
            self.describe(given._address, *extents_of(given), *self.dynamic(given))

    def copied(self, given: Any) -> tuple[Any, ...]:
        """Return how a new copy of an object or array is described."""
        (size, table), shape = self.dynamic(given), extents_of(given)[0]
        kind = self.kind_of(given)
        start = self.heap().allocate(size * elements_in(shape))
        for place, each in enumerate(elements_of(given)):
            kind.duplicate(each._address, start + place * size)
        return start, shape, fortran_strides(size, shape), size, table


class UnknownType:
    """A type that has no class, to those that own objects of it; `record` stands for it."""

    module = name = ""
    managed = opaque = True

    def __init__(self, record: type[Record], table: TypeTable) -> None:
        self.record, self.library, self.size, self.known = record, record._type.library, table.size, table
        self.label, self.kept = f"a type that extends {record._type.label}", record._type.kept

    def destroy(self, address: int) -> None:
        """Finalize the object at an address, and free what it holds."""
        destroyer(self, self.known)(address)

    def duplicate(self, source: int, target: int) -> None:
        """Make the object at one address a copy of that at another; TypeError where only the library could."""
        duplicator(self, self.known)(source, target)

    def table(self) -> TypeTable:
        """Return what the library says of the type."""
        return self.known

    def image(self) -> bytes:
        """Return the bytes of an object that holds nothing."""
        return self.known.image() or self.record._type.image().ljust(self.size, b"\0")


def class_of_given(given: Any) -> type[Record]:
    """Return the class of an object, or that of an array's elements; Python's own classes are those they extend."""
    kind: type[Record] = given._record if isinstance(given, Records) else given._type.record
    return kind


def elements_of(given: Any) -> Any:
    """Return the elements of an array in the order of storage; an object is its own one."""
    return given._in_order() if isinstance(given, Records) else (given,)


def keep_elements(given: Any, copied: Any) -> None:
    """Keep what the pointers in a copy of an object or array point to."""
    for one, other in zip(elements_of(given), elements_of(copied)):
        other._keep_targets(one)


def extents_of(given: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return shape and strides of an array; an object has none."""
    return (given.shape, given._strides) if isinstance(given, Records) else ((), ())

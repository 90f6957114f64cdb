"""Allocatable and pointer dummies and results of derived type: what Fortran gets for them, and what it leaves.

An object or array has a word with its address, or a descriptor; one of CLASS has the address of its type's table there,
too. What Fortran allocates belongs to Python afterwards, what a pointer points to stays with whoever has it.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

from f2pypy.runtime.allocated_arrays import records_at
from f2pypy.runtime.compilers import new_room
from f2pypy.runtime.descriptors import ALLOCATABLE, POINTER, Heap, fortran_strides
from f2pypy.runtime.extents import elements_in
from f2pypy.runtime.given_records import records_given
from f2pypy.runtime.polymorphic import class_by_table, class_table, word_at
from f2pypy.runtime.record_arrays import Records
from f2pypy.runtime.record_memory import object_maker, structure_bytes
from f2pypy.runtime.record_storage import Storage, destroyer, heap_of
from f2pypy.runtime.record_tables import TypeTable
from f2pypy.runtime.records import Record, refuse_constant
from f2pypy.runtime.routines import pointer_to
from f2pypy.runtime.structures import StructureType

# What a function returns in registers for an object of CLASS: its address, and that of the table.
CLASS_RESULT = StructureType("2q")
_PLACE_BYTES = ctypes.sizeof(ctypes.c_void_p)


class DeferredObject:
    """An allocatable or `pointer` dummy of class `record` with `rank` axes; `polymorphic` ones may extend that class.

    Use: `hold` what the caller gave, if anything, pass ``pointer`` to Fortran, or what `lend` returns if Fortran may
    deallocate that, then ask what is `left`.
    """

    def __init__(self, record: type[Record], rank: int = 0, pointer: bool = False, polymorphic: bool = False) -> None:
        compiler = record._type.library.compiler
        self.record, self.rank, self.is_pointer, self.is_polymorphic = record, rank, pointer, polymorphic
        self.is_described = bool(rank or compiler.types.described)
        self.table_at: int = compiler.arrays.size(rank) if self.is_described else _PLACE_BYTES
        self.memory = new_room(self.table_at + 2 * _PLACE_BYTES)
        self.address = ctypes.addressof(self.memory)
        self.pointer = pointer_to(self.address)
        self.value: Any = None  # what the caller gave
        self.given: Any = None  # the object or array that it is
        self.is_lent = False
        table = record._type.table()
        self._describe(0, (0,) * rank, (0,) * rank, record._type.size, 0 if table is None else table.address)

    def hold(self, value: Any, what: str) -> None:
        """Let Fortran see what the caller gives."""
        self.value, self.given = value, self._checked(value, what)
        self._describe(self.given._address, *_extents(self.given), *self._dynamic(self.given))

    def lend(self) -> Any:
        """Give Fortran the value of what the caller gave, in memory that Fortran may deallocate; return ``pointer``.

        Meanwhile that has the defaults of its type, as it has afterwards where Fortran doesn't leave it.
        """
        given = self.given
        if given is None:
            return self.pointer
        refuse_constant(given)
        (size, table), shape = self._dynamic(given), _extents(given)[0]
        image = self._kind_of(given).image()
        start = self._heap().allocate(size * elements_in(shape))
        for place, each in enumerate(_elements_of(given)):
            ctypes.memmove(start + place * size, each._address, size)
            ctypes.memmove(each._address, image, size)
        self.is_lent = True
        self._describe(start, shape, fortran_strides(size, shape), size, table)
        return self.pointer

    def receive(self, value: Any) -> Any:
        """Return what a function's value stands for: an address, or a structure with that and the table's."""
        packed = structure_bytes(value) if self.is_polymorphic else value.to_bytes(_PLACE_BYTES, sys.byteorder)
        ctypes.memmove(self.address, packed, len(packed))
        return self.left()

    def left(self) -> Any:
        """Return what is there after the call: what the caller gave, an object or array of its own, None for none.

        Python owns what Fortran has allocated. Of what a pointer points to it doesn't.
        """
        start, given, value = word_at(self.address), self.given, self.value
        was_lent, self.is_lent = self.is_lent, False
        self.given = self.value = None
        if self.is_pointer:
            if given is not None:
                _give_back(given)
                if start == given._address and self._shape() == _extents(given)[0]:
                    return value
            return self._object(None) if start else None
        if given is not None and not was_lent:
            return value
        if given is not None and self._takes_back(given, start):
            return value
        return self._owned(given) if start else None

    def _describe(self, start: int, shape: Any, strides: Any, size: int, table: int) -> None:
        """Have an object, or elements of `size` bytes, at an address, 0 for none; `table` is that of the type."""
        compiler = self.record._type.library.compiler
        packed: bytes = start.to_bytes(_PLACE_BYTES, sys.byteorder)
        if self.is_described:
            use, other = POINTER if self.is_pointer else ALLOCATABLE, int(compiler.types.described)
            packed = compiler.arrays.describe(start, size, compiler.types.code, shape, strides, use, other)
        packed += table.to_bytes(_PLACE_BYTES, sys.byteorder)
        ctypes.memmove(self.address, packed, len(packed))

    def _checked(self, value: Any, what: str) -> Any:
        """Return what a caller gives as an object or array; TypeError or ValueError if it is none that fits."""
        if not self.rank:
            return self.record._given(value, what)
        extents = (-1,) * self.rank
        return records_given(self.record, value, extents, what, self.is_pointer, polymorphic=self.is_polymorphic)

    def _kind_of(self, given: Any) -> Any:
        """Return the type of which Fortran sees what was given: only CLASS sees more than the declared type."""
        if not self.is_polymorphic:
            return self.record._type
        kind, storage = _class_of(given)._type, given._storage
        is_whole = isinstance(storage, Storage) and storage.address == given._address
        return storage.kind if is_whole and isinstance(storage.kind, _UnknownType) else kind

    def _dynamic(self, given: Any) -> tuple[int, int]:
        """Return the bytes of an object, and the address of its type's table, 0 where nobody wants to know it."""
        kind = self._kind_of(given)
        if self.is_polymorphic:
            return kind.size, class_table(kind).address
        table = kind.table()
        return kind.size, 0 if table is None else table.address

    def _takes_back(self, given: Any, start: int) -> bool:
        """Let what was lent have its value again, and return whether it is still that object, or that array."""
        kind = self._kind_of(given)
        is_same = start and self._shape() == _extents(given)[0] and kind.size == self._size()
        if not is_same or (self.is_polymorphic and self._table() != class_table(kind).address):
            _spend(given)
            return False
        for place, each in enumerate(_elements_of(given)):
            ctypes.memmove(each._address, start + place * kind.size, kind.size)
        self._heap().release(start)
        _give_back(given)
        return True

    def _owned(self, given: Any) -> Any:
        """Return what Fortran has allocated, which Python owns now."""
        record, start = self._class(), word_at(self.address)
        kind: Any = record._type
        known = kind.table()
        if self.is_polymorphic and known is not None and self._table() != known.address:
            kind = _UnknownType(record, TypeTable(known.tables, self._table()))
        storage = Storage(kind, start, None, elements_in(self._shape()), self._heap())
        if given is not None and isinstance(given._storage, Storage):
            storage.kept[0] = given._storage.kept  # the targets of pointers in what was given
        return self._object(storage)

    def _object(self, storage: Any) -> Any:
        """Return the object or array that is there; `storage` keeps its memory."""
        record = self._class()
        if self.rank:
            return records_at(record, self.address, self.rank, storage, self._size())
        found = record._at(word_at(self.address), storage)
        if storage is not None and isinstance(storage.kind, _UnknownType):
            # CLASS dummies get it with its own type
            found._class = object_maker(bytes(self.memory))()[1]
        return found

    def _class(self) -> type[Record]:
        """Return the class for what is there now."""
        return class_by_table(self.record, self._table()) if self.is_polymorphic else self.record

    def _table(self) -> int:
        """Return the address of the table of the type that is there now."""
        return word_at(self.address + self.table_at)

    def _size(self) -> int:
        """Return the bytes of the object, or of an element, that is there now."""
        kind, table = self.record._type, self._table() if self.is_polymorphic else 0
        return TypeTable(kind.library.compiler.types, table).size if table else kind.size

    def _shape(self) -> tuple[int, ...]:
        """Return the extents of the array that is there now; an object has none."""
        found = records_at(self.record, self.address, self.rank, None) if self.rank else None
        return () if found is None else found.shape

    def _heap(self) -> Heap:
        return heap_of(self.record._type.library)

    def __del__(self) -> None:
        # an exception on the way to Fortran or from there leaves what was lent to nobody
        if getattr(self, "is_lent", False):
            self.left()


class _UnknownType:
    """A type that has no class, to those that own objects of it; `record` stands for it."""

    module = name = ""

    def __init__(self, record: type[Record], table: TypeTable) -> None:
        self.record, self.library, self.size, self.known = record, record._type.library, table.size, table
        self.destroy = destroyer(self, table)

    def table(self) -> TypeTable:
        """Return what the library says of the type."""
        return self.known

    def image(self) -> bytes:
        """Return the bytes of an object that holds nothing."""
        return self.known.image() or self.record._type.image().ljust(self.size, b"\0")


def _class_of(given: Any) -> type[Record]:
    """Return the class of an object, or that of an array's elements; Python's own classes are those they extend."""
    kind: type[Record] = given._record if isinstance(given, Records) else given._type.record
    return kind


def _extents(given: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return shape and strides of an array; an object has none."""
    return (given.shape, given._strides) if isinstance(given, Records) else ((), ())


def _elements_of(given: Any) -> Any:
    return given._in_order() if isinstance(given, Records) else (given,)


def _give_back(given: Any) -> None:
    if isinstance(given, Records):
        given._give_back()


def _spend(given: Any) -> None:
    """Let nobody finalize what was lent and isn't there any more."""
    storage = given._storage
    count = given._count() if isinstance(given, Records) else 1
    if isinstance(storage, Storage) and (storage.address, storage.count) == (given._address, count):
        storage.count = 0

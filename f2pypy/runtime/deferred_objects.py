"""Allocatable and pointer dummies and results of derived type: what Fortran gets for them, and what it leaves.

What Fortran allocates belongs to Python afterwards, what a pointer points to stays with whoever has it.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

from f2pypy.runtime.compilers import new_room
from f2pypy.runtime.described_objects import PLACE_BYTES, DescribedObject, elements_of, extents_of
from f2pypy.runtime.descriptors import fortran_strides
from f2pypy.runtime.extents import elements_in
from f2pypy.runtime.record_arrays import Records
from f2pypy.runtime.record_memory import structure_bytes
from f2pypy.runtime.record_storage import Storage
from f2pypy.runtime.records import Record, refuse_constant
from f2pypy.runtime.routines import pointer_to
from f2pypy.runtime.structures import StructureType

# What a function returns in registers for an object of CLASS: its address, and that of the table.
CLASS_RESULT = StructureType("2q")


class DeferredObject(DescribedObject):
    """An allocatable or `pointer` dummy of class `record` with `rank` axes; `polymorphic` ones may extend that class.

    Use: `hold` what the caller gave, if anything, pass ``pointer`` to Fortran, or what `lend` returns if Fortran may
    deallocate that, then ask what is `left`.
    """

    def __init__(
        self,
        record: type[Record],
        rank: int = 0,
        pointer: bool = False,
        polymorphic: bool = False,
        interoperable: bool = False,
    ) -> None:
        super().__init__(record, rank, pointer, polymorphic, interoperable=interoperable)
        self.memory = new_room(self.table_at + 2 * PLACE_BYTES)
        self.address = ctypes.addressof(self.memory)
        self.pointer = pointer_to(self.address)
        self.value: Any = None  # what the caller gave
        self.given: Any = None  # the object or array that it is
        self.is_lent = False
        table = record._type.table()
        self.describe(0, (0,) * rank, (0,) * rank, record._type.size, 0 if table is None else table.address)

    def hold(self, value: Any, what: str) -> None:
        """Let Fortran see what the caller gives."""
        self.value, self.given = value, self.checked(value, what)
        self.describe(self.given._address, *extents_of(self.given), *self.dynamic(self.given))

    def lend(self) -> Any:
        """Give Fortran the value of what the caller gave, in memory that Fortran may deallocate; return ``pointer``.

        Meanwhile that has the defaults of its type, as it has afterwards where Fortran doesn't leave it.
        """
        given = self.given
        if given is None:
            return self.pointer
        refuse_constant(given)
        (size, table), shape = self.dynamic(given), extents_of(given)[0]
        image = self.kind_of(given).image()
        start = self.heap().allocate(size * elements_in(shape))
        for place, each in enumerate(elements_of(given)):
            ctypes.memmove(start + place * size, each._address, size)
            ctypes.memmove(each._address, image, size)
        self.is_lent = True
        self.describe(start, shape, fortran_strides(size, shape), size, table)
        return self.pointer

    def receive(self, value: Any) -> Any:
        """Return what a function's value stands for: an address, or a structure with that and the table's."""
        packed = structure_bytes(value) if self.is_polymorphic else value.to_bytes(PLACE_BYTES, sys.byteorder)
        ctypes.memmove(self.address, packed, len(packed))
        return self.left()

    def left(self) -> Any:
        """Return what is there after the call: what the caller gave, an object or array of its own, None for none.

        Python owns what Fortran has allocated. Of what a pointer points to it doesn't.
        """
        start, given, value = self.start, self.given, self.value
        was_lent, self.is_lent = self.is_lent, False
        self.given = self.value = None
        if self.is_pointer:
            if given is not None:
                _give_back(given)
                if start == given._address and self.is_like(given):
                    return value
            return self.seen(None) if start else None
        if given is not None and not was_lent:
            return value
        if given is not None and self._takes_back(given, start):
            return value
        return self._owned(given) if start else None

    def _owned(self, given: Any) -> Any:
        """Return what Fortran has allocated, which Python owns now."""
        storage = self.storage()
        if given is not None and isinstance(given._storage, Storage):
            storage.kept[0] = given._storage.kept  # the targets of pointers in what was given
        return self.seen(storage)

    def _takes_back(self, given: Any, start: int) -> bool:
        """Let what was lent have its value again, and return whether it is still that object, or that array."""
        if not self.is_like(given):
            _spend(given)
            return False
        size = self.size()
        for place, each in enumerate(elements_of(given)):
            ctypes.memmove(each._address, start + place * size, size)
        self.heap().release(start)
        _give_back(given)
        return True

    def __del__(self) -> None:
        # an exception on the way to Fortran or from there leaves what was lent to nobody
        if getattr(self, "is_lent", False):
            self.left()


def _give_back(given: Any) -> None:
    if isinstance(given, Records):
        given._give_back()


def _spend(given: Any) -> None:
    """Let nobody finalize what was lent and isn't there any more."""
    storage = given._storage
    count = given._count() if isinstance(given, Records) else 1
    if isinstance(storage, Storage) and (storage.address, storage.count) == (given._address, count):
        storage.count = 0

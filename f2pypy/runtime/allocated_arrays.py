"""Components that are allocatable arrays of objects, or pointers to such arrays."""

from __future__ import annotations

import ctypes
from typing import Any, Callable, Iterator, Sequence

from f2pypy.runtime.deferred_components import PointingToObjects, keep, keeper_of_target, turn_of
from f2pypy.runtime.descriptors import ALLOCATABLE, POINTER, fortran_strides, stride_unit
from f2pypy.runtime.given_records import records_given
from f2pypy.runtime.held_objects import held_by, held_seen
from f2pypy.runtime.polymorphic import with_type
from f2pypy.runtime.record_arrays import Records
from f2pypy.runtime.record_memory import object_at
from f2pypy.runtime.record_storage import heap_of
from f2pypy.runtime.records import Component, Record, is_constant, keeper_of, protect, refuse_constant


def records_at(
    record: type[Record],
    place: int,
    rank: int,
    keeper: Any,
    size: int = 0,
    interoperable: bool = False,
    ordinary: bool = False,
) -> Records[Any] | None:
    """Return the array of objects whose descriptor lies at the address `place`, None where there is none.

    `keeper` keeps the memory. `size` is that of the elements, where it isn't that of the class's objects.
    Procedures with ``bind(c)`` have the standard's descriptors: `interoperable`. In those of `ordinary` dummies, which
    are no pointers, strides count elements: gfortran 16 leaves what strides of pointers count undefined there.
    """
    compiler, size = record._type.library.compiler, size or record._type.size
    layout = compiler.c_arrays if interoperable else compiler.arrays
    header, dimensions = layout.unpack((ctypes.c_char * layout.size(rank)).from_address(place), rank)
    address = header["base"]
    if not address:
        return None
    unit = size if ordinary else stride_unit(header, size)
    strides = [each["distance"] if "distance" in each else each["stride"] * unit for each in dimensions]
    shape = [each["extent"] if "extent" in each else each["upper"] - each["lower"] + 1 for each in dimensions]
    shape = [max(extent, 0) for extent in shape]
    steps = [(extent - 1) * stride for extent, stride in zip(shape, strides) if extent]
    first = address + sum(step for step in steps if step < 0)
    window = object_at(first, sum(map(abs, steps)) + size if all(shape) else 0, keeper)[0]
    return Records(record, address, shape, strides, keeper, window, first)


class AllocatedObjects(Component):
    """An allocatable array of `rank` axes, with objects of the class that `record` returns."""

    is_inline = is_pointer = False

    def __init__(self, record: Callable[[], type[Record]], rank: int, offset: int) -> None:
        super().__init__(offset)
        self.record, self.rank = record, rank

    def __get__(self, record: Any, owner: type | None = None) -> Any:
        return self if record is None else self.read(record)

    def word(self, record: Any) -> Any:
        """Return the word with the address of the first element, with which descriptors begin."""
        return ctypes.c_void_p.from_address(record._address + self.offset)

    def read(self, record: Any) -> Records[Any] | None:
        """Return the array, which lies where it lies; None where there is none."""
        with turn_of(record):
            found = records_at(self.record(), record._address + self.offset, self.rank, self.keeper(record))
        if found is not None and is_constant(record) and not self.is_pointer:
            protect(found)
        return found

    def keeper(self, record: Any) -> Any:
        """Return what keeps the memory of the array."""
        address = self.word(record).value
        if self.is_pointer and address:
            return keeper_of_target(record, self.offset, address)
        if not address:
            return keeper_of(record)
        return held_by(record, self.record()._type, address)

    def write(self, record: Any, value: Any) -> None:
        """Store copies of objects; None deallocates."""
        refuse_constant(record)
        with turn_of(record):
            # what is given may be a part of what is there, which goes last
            before = self.read(record)
            if value is None:
                self.word(record).value = None
            else:
                given = self.given(value)
                address = heap_of(record._type.library).allocate(given._count() * self.record()._type.size)
                self.copy_to(address, given)
                self.describe(record, address, given.shape, None)
                self.keep_elements(given, self.read(record))
            if before is not None:
                before._storage.own(self.record()._type, before._count())

    def given(self, value: Any) -> Records[Any]:
        """Return what is assigned as an array of objects."""
        return records_given(
            self.record(), value, (-1,) * self.rank, f"value of {self.label}.{self.name}", strided=True
        )

    def copy_to(self, address: int, given: Records[Any]) -> None:
        """Make copies of the elements of an array, in the order of storage."""
        kind = self.record()._type
        for place, each in enumerate(given._in_order()):
            kind.duplicate(each._address, address + place * kind.size)

    def describe(self, record: Any, address: int, shape: Sequence[int], strides: Sequence[int] | None) -> None:
        """Make the component one of an array at `address`; without strides it has no gaps."""
        kind, compiler = self.record()._type, record._type.library.compiler
        tables, table = compiler.types, kind.table()
        distances = fortran_strides(kind.size, shape) if strides is None else strides
        use = POINTER if self.is_pointer else ALLOCATABLE
        other = int(tables.described)
        packed = compiler.arrays.describe(address, kind.size, tables.code, shape, distances, use, other=other)
        if other:
            packed = with_type(address, packed, 0 if table is None else table.address)
        ctypes.memmove(record._address + self.offset, packed, len(packed))

    def initialise(self, record: Any) -> None:
        """Make it one that isn't there."""
        self.describe(record, 0, (0,) * self.rank, None)

    def seen(self, record: Any) -> Iterator[Any]:
        """Yield what those keep that see the array, or an element of it."""
        yield from held_seen(self.word(record).value or 0)

    def destroy(self, record: Any) -> None:
        """Finalize and free the objects."""
        found, kind = self.read(record), self.record()._type
        if found is None:
            return
        if kind.managed:
            for each in found._in_order():
                kind.destroy(each._address)
        heap_of(kind.library).release(found._address)
        self.word(record).value = None

    def duplicate(self, source: Any, target: Any) -> None:
        """Give a copy of an object objects of its own."""
        found, kind = self.read(source), self.record()._type
        if found is not None:
            address = heap_of(kind.library).allocate(found._count() * kind.size)
            self.copy_to(address, found)
            self.word(target).value = address

    def keep_targets(self, source: Any, target: Any) -> None:
        """Keep what pointers in copies of the objects point to as long as the copies."""
        self.keep_elements(self.read(source), self.read(target))

    def keep_elements(self, given: Records[Any] | None, copied: Records[Any] | None) -> None:
        """Keep what pointers in the copies of an array's elements point to."""
        if given is not None and copied is not None and self.record()._type.managed:
            for one, other in zip(given._in_order(), copied._in_order()):
                other._keep_targets(one)


class PointedObjects(PointingToObjects, AllocatedObjects):
    """A pointer to an array of objects: assigning an array points to that."""

    def write(self, record: Any, value: Any) -> None:
        """Point to an array of objects, which is kept, or with None nowhere."""
        refuse_constant(record)
        if value is None:
            self.word(record).value = None
            keep(record, self.offset, None)
            return
        given = self.given(value)
        self.describe(record, given._address, given.shape, given._strides)
        keep(record, self.offset, given)

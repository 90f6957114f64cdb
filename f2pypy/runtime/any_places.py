"""Allocatables and pointers of CLASS(*): numbers, characters and objects, which may be of another type each time."""

from __future__ import annotations

import ctypes
from typing import Any

from numpy import ndarray

from f2pypy.runtime.any_values import AnyValue, any_value
from f2pypy.runtime.array_types import type_name
from f2pypy.runtime.compilers import Compiler, new_room
from f2pypy.runtime.described_objects import PLACE_BYTES, class_of_given, extents_of, keep_elements
from f2pypy.runtime.descriptors import ALLOCATABLE, POINTER, fortran_strides
from f2pypy.runtime.extents import elements_in
from f2pypy.runtime.held_objects import Held, held
from f2pypy.runtime.held_places import HeldPlace
from f2pypy.runtime.intrinsic_tables import table_of
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.passed_values import PassedValue
from f2pypy.runtime.polymorphic import with_type, word_at
from f2pypy.runtime.record_arrays import Records
from f2pypy.runtime.record_storage import heap_of
from f2pypy.runtime.records import Record
from f2pypy.runtime.routines import location, pointer_to


class NumberMemory:
    """What numbers and characters of `size` bytes are to those that own them: nothing is finalized."""

    managed = opaque = False

    def __init__(self, library: Library, size: int) -> None:
        self.library, self.size = library, size

    def destroy(self, address: int) -> None:
        """Do nothing."""


class AnyPlace:
    """An allocatable or `pointer` of CLASS(*) with `rank` axes at `address`, which lies in memory of `owner`.

    `kept` is what pointers in objects that are there point to. Messages call it `what`.
    """

    def __init__(
        self,
        library: Library,
        rank: int,
        pointer: bool,
        address: int,
        owner: Any = None,
        kept: dict[int, Any] | None = None,
        what: str = "",
    ) -> None:
        self.library, self.rank, self.is_pointer, self.address = library, rank, pointer, address
        self.owner, self.kept, self.what = owner, {} if kept is None else kept, what
        compiler: Compiler = library.compiler
        self.layout, self.tables = compiler.arrays, compiler.types
        self.use = POINTER if pointer else ALLOCATABLE
        self.is_described = bool(rank or self.tables.described)

    @property
    def start(self) -> int:
        """Where the value lies; 0 while there is none."""
        return word_at(self.address)

    def passed(self) -> PassedValue:
        """Return what is there."""
        return PassedValue(self.library, self.address, self.rank, self.what, self.use)

    def objects(self, record: type[Record]) -> HeldPlace:
        """Return the place as one of objects of class `record`."""
        return HeldPlace(record, self.rank, self.is_pointer, True, self.address, self.owner, self.kept)

    def kind_now(self, found: PassedValue) -> Any:
        """Return the type of what is there, to those that own it."""
        if found.record is None:
            return NumberMemory(self.library, found.kind.itemsize)
        return self.objects(found.record).kind_now()

    def handed(self, found: PassedValue) -> Held:
        """Return what those keep that see what is there."""
        return held(self.kind_now(found), self.start, self.owner, self.kept)

    def read(self, keeper: Any = None) -> Any:
        """Return the number, the characters, the object or a view, None for nothing; a pointer's `keeper` keeps it."""
        if not self.start:
            return None
        found = self.passed()
        if found.record is None and not self.rank:
            return found.read()
        owner = keeper if self.is_pointer else self.handed(found)
        return found.read(owner) if found.record is None else self.objects(found.record).seen(owner)

    def leave(self) -> None:
        """Leave what is there to those that see it, and have nothing."""
        if not self.start:
            self.clear()
            return
        found = self.passed()
        before, kind = self.handed(found), self.kind_now(found)
        # nobody finalizes numbers one by one
        count = 1 if found.record is None else elements_in(found.shape())
        self.clear()
        before.own(kind, count)

    def clear(self) -> None:
        """Have nothing."""
        none = (0,) * self.rank
        header = self.layout.describe(0, 0, self.tables.code, none, none, self.use, int(self.tables.described))
        self._store(with_type(0, header if self.is_described else b"", 0))

    def put(self, value: Any) -> None:
        """Have a copy of what is given."""
        given = self.given(value)
        if isinstance(given, AnyValue):
            array, heap = given.array, heap_of(self.library)
            start = heap.allocate(array.nbytes)
            # without gaps, see `given`
            ctypes.memmove(start, location(array), array.nbytes)
            self.leave()
            self.describe(given, start, fortran_strides(array.itemsize, array.shape))
            return
        place = self.objects(class_of_given(given))
        copied = place.copied(given)
        # what is given may be a part of what is there, which goes last
        self.leave()
        self._store(bytes(self.tables_at() + 2 * PLACE_BYTES))
        place.describe(*copied)
        keep_elements(given, place.seen(place.handed()))

    def point_to(self, value: Any) -> Any:
        """Point to what is given, and return what is to be kept for that."""
        given = self.given(value)
        if isinstance(given, AnyValue):
            array = given.array
            if self.rank and array is not value:
                wanted = "an array of numbers or characters that Fortran can point to as it lies"
                raise TypeError(f"{self.what}: {wanted} is expected, got {type_name(value)}")
            self.describe(given, location(array), array.strides)
            return given
        if not isinstance(value, (Record, Records)):
            raise TypeError(f"{self.what}: an array of objects is expected, got {type_name(value)}")
        place = self.objects(class_of_given(given))
        self._store(bytes(self.tables_at() + 2 * PLACE_BYTES))
        place.point_to(given)
        return given

    def given(self, value: Any) -> Any:
        """Return what a caller gives, as `any_value` does."""
        strided = self.is_pointer and isinstance(value, (ndarray, Records))
        return any_value(self.library, value, (-1,) * self.rank, self.what, strided=strided, typed=True)

    def describe(self, given: AnyValue, start: int, strides: Any) -> None:
        """Have the numbers or characters at an address."""
        kind, shape = given.array.dtype, given.array.shape
        is_described = self.tables.described
        code = self.layout.code(kind, given.logical)
        header = self.layout.describe(start, kind.itemsize, code, shape, strides, self.use, int(is_described))
        table = 0 if is_described else table_of(self.tables, kind, given.logical)
        length = kind.itemsize if kind.kind == "S" and not is_described else 0
        self._store(with_type(start, header if self.is_described else b"", table, length))

    def tables_at(self) -> int:
        """Return the offset at which the address of a type's table stands."""
        return self.layout.size(self.rank) if self.is_described else PLACE_BYTES

    def _store(self, packed: bytes) -> None:
        ctypes.memmove(self.address, packed, len(packed))


class DeferredAny(AnyPlace):
    """An allocatable or `pointer` dummy or result of CLASS(*): what Fortran gets for it, and what it leaves.

    Use as a `DeferredObject`. Fortran gets a copy for an allocatable, and the value or object itself for a pointer.
    """

    def __init__(self, library: Library, rank: int = 0, pointer: bool = False) -> None:
        super().__init__(library, rank, pointer, 0)
        self.memory = new_room(self.tables_at() + 2 * PLACE_BYTES)
        self.address = ctypes.addressof(self.memory)
        self.pointer = pointer_to(self.address)
        self.value: Any = None
        self.target: Any = None
        self.clear()

    def hold(self, value: Any, what: str) -> None:
        """Let Fortran see what the caller gives."""
        self.what, self.value = what, value
        if self.is_pointer:
            self.target = self.point_to(value)
        else:
            self.put(value)

    def lend(self) -> Any:
        """Return `pointer`: Fortran may deallocate the copy."""
        return self.pointer

    def left(self) -> Any:
        """Return what is there after the call, None for nothing: Python owns what Fortran has allocated."""
        if not self.is_pointer:
            found = self.read()
            self.leave()
            return found
        start, target = self.start, self.target
        address = location(target.array) if isinstance(target, AnyValue) else getattr(target, "_address", 0)
        if target is not None and start == address and self._has_extents_of(target):
            is_number = isinstance(target, AnyValue) and not self.rank
            return self.read() if is_number else self.value
        return self.read()

    def _has_extents_of(self, target: Any) -> bool:
        found = self.passed()
        shape = found.shape()
        wanted = target.shape if isinstance(target, AnyValue) else extents_of(target)[0]
        return tuple(shape) == tuple(wanted)

    def __del__(self) -> None:
        # what only goes in, or what an exception has left
        if getattr(self, "address", 0) and not self.is_pointer:
            self.leave()

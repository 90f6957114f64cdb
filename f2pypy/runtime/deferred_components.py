"""Components that are allocatable or pointers: numbers, text and arrays of them, and objects."""

from __future__ import annotations

import ctypes
from typing import Any, Callable, Generic, Iterator, TypeVar, overload

from numpy import dtype, ndarray

from f2pypy.runtime.allocations import AllocatablePlace, PointerPlace, allocation_seen
from f2pypy.runtime.descriptors import ALLOCATABLE, POINTER
from f2pypy.runtime.held_objects import held_by, held_seen
from f2pypy.runtime.polymorphic import with_type, word_at
from f2pypy.runtime.record_storage import heap_of, kept_by
from f2pypy.runtime.records import Component, Record, is_constant, keeper_of, protect, refuse_constant
from f2pypy.runtime.routines import location
from f2pypy.runtime.stored_values import stored_value

_Pointed = TypeVar("_Pointed", bound=Record)


class _AllocatablePart(AllocatablePlace):
    """An allocatable component; `keeper` keeps the object that it is a part of."""

    keeper: Any = None

    def owner(self) -> Any:
        """Return what the views keep."""
        return super().owner(), self.keeper


class _PointerPart(PointerPlace):
    """A pointer component; `keeper` keeps what it points to."""

    keeper: Any = None

    def owner(self) -> Any:
        """Return what the views keep."""
        return self.keeper


class Pointing(Component):
    """What components that are pointers have in common: their objects don't own what they point to."""

    is_pointer = True

    def destroy(self, record: Any) -> None:
        """Leave what it points to alone."""

    def duplicate(self, source: Any, target: Any) -> None:
        """Point to the same."""

    def keep_targets(self, source: Any, target: Any) -> None:
        """Keep what a copy points to as long as the copy."""
        keep_target(source, target, self.offset)

    def seen(self, record: Any) -> Iterator[Any]:  # noqa: ARG002
        """Yield nothing: what it points to isn't the object's."""
        yield from ()


class PointingToObjects(Pointing):
    """What pointers to objects, or to arrays of `rank` axes of them, have in common; `record` returns the class."""

    rank = 0
    record: Any

    def compared(self, record: Any) -> Any:
        """Return what comparisons look at: where it points."""
        return word_at(record._address + self.offset)

    def shown(self, record: Any) -> str:
        """Return what it points to, as repr shows it: circles of pointers have no end."""
        address, kind = word_at(record._address + self.offset), "array of " if self.rank else ""
        return f"<{kind}{self.record().__qualname__} at {address:#x}>" if address else "None"


class AllocatableComponent(Component):
    """An allocatable of `rank` axes, of type `kind`; `length` is where the length of characters stands, -1 for none.

    `logical` tells logicals from integers.
    """

    is_inline = is_pointer = protected = False

    def __init__(self, kind: dtype[Any], rank: int, offset: int, logical: bool = False, length: int = -1) -> None:
        super().__init__(offset)
        self.kind, self.rank, self.logical, self.length = kind, rank, logical, length

    @overload
    def __get__(self, record: None, owner: type | None = None) -> AllocatableComponent: ...
    @overload
    def __get__(self, record: Record, owner: type | None = None) -> Any: ...
    def __get__(self, record: Any, owner: type | None = None) -> Any:
        return self if record is None else self.read(record)

    @property
    def is_open_text(self) -> bool:
        """Whether it holds characters whose length Fortran decides while it runs."""
        return self.kind.kind == "S" and not self.kind.itemsize

    def place(self, record: Any) -> Any:
        """Return what the component is in an object."""
        library, keeper = record._type.library, keeper_of(record)
        place_type = _PointerPart if self.is_pointer else _AllocatablePart
        place = place_type(self, self.descriptor(record), library, self.label)
        # views keep what the pointer points to now
        place.keeper = (keeper, target_of(record, self.offset)) if self.is_pointer else keeper
        return place

    def descriptor(self, record: Any) -> Any:
        """Return the description of the component in an object."""
        word = None if self.length < 0 else record._address + self.length
        address = record._address + self.offset
        return record._type.library.compiler.place_at(
            address, self.kind, self.rank, self.is_pointer, self.logical, word
        )

    def read(self, record: Any) -> Any:
        """Return a live view of an array, a number or text, None where there is none."""
        view = self.place(record).read()
        if view is not None and not self.is_pointer and is_constant(record):
            view.flags.writeable = False
        if view is None or self.rank:
            return view
        if self.kind.kind == "S":
            text = view.tobytes()
            return text if self.is_open_text else text.rstrip(b" ")
        return bool(view[()]) if self.logical else view[()].item()

    def write(self, record: Any, value: Any) -> None:
        """Store a value in memory of its shape; None deallocates."""
        refuse_constant(record)
        self.place(record).write(value)

    def initialise(self, record: Any) -> None:
        """Make it one that isn't allocated."""
        if self.rank or record._type.library.compiler.described_scalars:
            self.descriptor(record).describe(0, (0,) * self.rank)

    def seen(self, record: Any) -> Iterator[Any]:
        """Yield what views of the memory keep."""
        yield from allocation_seen(self.descriptor(record).address)

    def destroy(self, record: Any) -> None:
        """Free what is allocated."""
        descriptor = self.descriptor(record)
        if descriptor.address:
            heap_of(record._type.library).release(descriptor.address)
            descriptor.forget()

    def duplicate(self, source: Any, target: Any) -> None:
        """Give a copy of an object memory of its own."""
        view = self.descriptor(source).view()
        if view is None:
            return
        size = view.size * self.descriptor(source).kind.itemsize
        address = heap_of(source._type.library).allocate(size)
        ctypes.memmove(address, self.descriptor(source).address, size)
        ctypes.c_void_p.from_address(target._address + self.offset).value = address


class PointerComponent(Pointing, AllocatableComponent):
    """A pointer to an array of `rank` axes, or to a scalar: assigning an array points to that."""

    @overload
    def __get__(self, record: None, owner: type | None = None) -> PointerComponent: ...
    @overload
    def __get__(self, record: Record, owner: type | None = None) -> Any: ...
    def __get__(self, record: Any, owner: type | None = None) -> Any:
        return self if record is None else self.read(record)

    def write(self, record: Any, value: Any) -> None:
        """Point to an array of the type and rank, which is kept; to a scalar of its own; or, with None, nowhere."""
        refuse_constant(record)
        descriptor = self.descriptor(record)
        if value is None:
            descriptor.forget()
            keep(record, self.offset, None)
            return
        if self.rank:
            value = self.target(value)
        else:
            kind = dtype(f"S{max(len(value), 1)}") if self.is_open_text else self.kind
            value = stored_value(value, kind, (), self.label, self.name).copy()
        descriptor.describe(location(value), value.shape, value.strides, value.dtype)
        keep(record, self.offset, value)

    def target(self, value: Any) -> ndarray[Any, Any]:
        """Return an array that Fortran can point to; TypeError for anything else."""
        what = f"{self.label}.{self.name} points to arrays of {self.kind.name} with {self.rank} axes"
        fits = isinstance(value, ndarray) and value.ndim == self.rank
        if not fits or not (value.dtype == self.kind or (self.is_open_text and value.dtype.kind == "S")):
            given = f"of {value.dtype} with {value.ndim}" if isinstance(value, ndarray) else type(value).__name__
            raise TypeError(f"{what}, got {given}")
        if any(stride % value.itemsize for stride in value.strides):
            raise ValueError(f"{what}: its strides must be multiples of the size of an element")
        target: ndarray[Any, Any] = value
        return target


class AllocatedObject(Component, Generic[_Pointed]):
    """An allocatable object of the class that `record` returns."""

    is_inline = is_pointer = False

    def __init__(self, record: Callable[[], type[_Pointed]], offset: int) -> None:
        super().__init__(offset)
        self.record = record

    @overload
    def __get__(self, record: None, owner: type | None = None) -> AllocatedObject[_Pointed]: ...
    @overload
    def __get__(self, record: Record, owner: type | None = None) -> _Pointed | None: ...
    def __get__(self, record: Any, owner: type | None = None) -> Any:
        return self if record is None else self.read(record)

    def word(self, record: Any) -> Any:
        """Return the word that has the object's address: descriptors begin with it, too."""
        return ctypes.c_void_p.from_address(record._address + self.offset)

    def read(self, record: Any) -> _Pointed | None:
        """Return the object, None where there is none."""
        with turn_of(record):
            address = self.word(record).value
            if not address:
                return None
            if self.is_pointer:
                return self.record()._at(address, keeper_of_target(record, self.offset, address))
            found = self.record()._at(address, held_by(record, self.record()._type, address))
        if is_constant(record):
            protect(found)
        return found

    def write(self, record: Any, value: Any) -> None:
        """Store a copy of an object; None deallocates."""
        refuse_constant(record)
        with turn_of(record):
            if value is None:
                self.let_go(record)
                return
            given = self.record()._given(value, f"value of {self.label}.{self.name}")
            known = self.read(record)
            if known is not None:
                known._assign(given)
                return
            kind = self.record()._type
            address = heap_of(kind.library).allocate(kind.size)
            kind.duplicate(given._address, address)
            self.word(record).value = address
            self.record()._at(address, keeper_of(record))._keep_targets(given)

    def let_go(self, record: Any) -> None:
        """Leave the object to those that see it."""
        word, kind = self.word(record), self.record()._type
        if word.value:
            before = held_by(record, kind, word.value)
            word.value = None
            before.own(kind, 1)

    def initialise(self, record: Any) -> None:
        """Make it one that isn't there."""
        if record._type.library.compiler.described_scalars:
            use = POINTER if self.is_pointer else ALLOCATABLE
            packed = described_object(self.record()._type, use)
            ctypes.memmove(record._address + self.offset, packed, len(packed))

    def seen(self, record: Any) -> Iterator[Any]:
        """Yield what those keep that see the object."""
        yield from held_seen(self.word(record).value or 0)

    def destroy(self, record: Any) -> None:
        """Finalize and free the object."""
        word, kind = self.word(record), self.record()._type
        if word.value:
            kind.destroy(word.value)
            heap_of(kind.library).release(word.value)
            word.value = None

    def duplicate(self, source: Any, target: Any) -> None:
        """Give a copy of an object an object of its own."""
        held, kind = self.word(source).value, self.record()._type
        if held:
            address = heap_of(kind.library).allocate(kind.size)
            kind.duplicate(held, address)
            self.word(target).value = address

    def keep_targets(self, source: Any, target: Any) -> None:
        """Keep what pointers in a copy of the object point to as long as the copy."""
        held, copied = self.read(source), self.read(target)
        if held is not None and copied is not None:
            copied._keep_targets(held)


class PointedObject(PointingToObjects, AllocatedObject[_Pointed]):
    """A pointer to an object of the class that `record` returns: assigning an object points to that."""

    def write(self, record: Any, value: Any) -> None:
        """Point to an object, which is kept, or with None nowhere."""
        refuse_constant(record)
        given = None if value is None else self.record()._given(value, f"value of {self.label}.{self.name}")
        self.word(record).value = None if given is None else given._address
        keep(record, self.offset, given)


def turn_of(record: Any) -> Any:
    """Return the context in which no other thread changes what an object holds, as Python sees it."""
    return record._type.library.turns.waiting


def described_object(kind: Any, use: int) -> bytes:
    """Return the descriptor of no object, with what flang says of its type behind it."""
    table, compiler = kind.table(), kind.library.compiler
    header: bytes = compiler.arrays.describe(0, kind.size, compiler.types.code, (), (), use, other=1)
    return with_type(0, header, 0 if table is None else table.address)


def keep(record: Any, offset: int, value: Any) -> None:
    """Keep what a pointer in an object points to as long as the object's memory."""
    kept_by(record)[record._address + offset] = value


def target_of(record: Any, offset: int) -> Any:
    """Return what is kept for a pointer in an object, None where that isn't Python's."""
    return kept_by(record).get(record._address + offset)


def keeper_of_target(record: Any, offset: int, address: int) -> Any:
    """Return what keeps the object or array at an address, to which a pointer in an object points."""
    target = target_of(record, offset)
    return keeper_of(record if target is None or target._address != address else target)


def keep_target(source: Any, target: Any, offset: int) -> None:
    """Keep what a pointer in an object points to as long as a copy of the object, too."""
    keep(target, offset, kept_by(source).get(source._address + offset))

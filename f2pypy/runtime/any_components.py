"""Components that are allocatables or pointers of CLASS(*)."""

from __future__ import annotations

from typing import Any, Iterator, overload

from f2pypy.runtime.any_places import AnyPlace
from f2pypy.runtime.any_values import AnyValue
from f2pypy.runtime.deferred_components import Pointing, keep, keeper_of_target, target_of, turn_of
from f2pypy.runtime.described_objects import keep_elements
from f2pypy.runtime.held_objects import held_seen
from f2pypy.runtime.polymorphic import word_at
from f2pypy.runtime.record_arrays import Records
from f2pypy.runtime.record_storage import kept_by
from f2pypy.runtime.records import Component, Record, is_constant, keeper_of, protect, refuse_constant
from f2pypy.runtime.routines import location


class AllocatedAny(Component):
    """An allocatable of any type with `rank` axes: a number, characters, an object or an array."""

    is_inline = is_pointer = False

    def __init__(self, offset: int, rank: int = 0) -> None:
        super().__init__(offset)
        self.rank = rank

    @overload
    def __get__(self, record: None, owner: type | None = None) -> AllocatedAny: ...
    @overload
    def __get__(self, record: Record, owner: type | None = None) -> Any: ...
    def __get__(self, record: Any, owner: type | None = None) -> Any:
        return self if record is None else self.read(record)

    def place(self, record: Any) -> AnyPlace:
        """Return what the component is in an object."""
        address, what = record._address + self.offset, f"value of {self.label}.{self.name}"
        kind = record._type
        return AnyPlace(kind.library, self.rank, self.is_pointer, address, record._storage, kept_by(record), what)

    def read(self, record: Any) -> Any:
        """Return what is there as what it is, None for nothing; an array or an object is live."""
        with turn_of(record):
            found = self.place(record).read()
        if is_constant(record):
            if isinstance(found, (Record, Records)):
                protect(found)
            elif self.rank and found is not None:
                found.flags.writeable = False
        return found

    def write(self, record: Any, value: Any) -> None:
        """Store a copy of a value with its type; None deallocates."""
        refuse_constant(record)
        with turn_of(record):
            if value is None:
                self.place(record).leave()
            else:
                self.place(record).put(value)

    def initialise(self, record: Any) -> None:
        """Make it one that isn't there."""
        self.place(record).clear()

    def seen(self, record: Any) -> Iterator[Any]:
        """Yield what those keep that see what is there."""
        yield from held_seen(self.place(record).start)

    def destroy(self, record: Any) -> None:
        """Finalize and free what is there."""
        self.place(record).leave()

    def duplicate(self, source: Any, target: Any) -> None:
        """Give a copy of an object what is its own."""
        held = self.read(source)
        place = self.place(target)
        place.clear()
        if held is not None:
            place.put(held)

    def keep_targets(self, source: Any, target: Any) -> None:
        """Keep what pointers in a copy of the object point to as long as the copy."""
        held, copied = self.read(source), self.read(target)
        if isinstance(held, (Record, Records)) and isinstance(copied, (Record, Records)):
            keep_elements(held, copied)


class PointedAny(Pointing, AllocatedAny):
    """A pointer of any type: assigning an array or an object points to that, a scalar to one of its own."""

    def read(self, record: Any) -> Any:
        """Return what it points to, None for nothing: what sees that keeps it."""
        place, target = self.place(record), target_of(record, self.offset)
        if not isinstance(target, AnyValue):
            return place.read(keeper_of_target(record, self.offset, place.start))
        keeper = keeper_of(record)
        return place.read((keeper, target) if location(target.array) == place.start else keeper)

    def write(self, record: Any, value: Any) -> None:
        """Point to what is given, which is kept, or with None nowhere."""
        refuse_constant(record)
        place = self.place(record)
        if value is None:
            place.clear()
        kept = None if value is None else place.point_to(value)
        keep(record, self.offset, kept)

    def initialise(self, record: Any) -> None:
        """Make it one that points nowhere."""
        self.place(record).clear()

    def compared(self, record: Any) -> Any:
        """Return what comparisons look at: where it points."""
        return word_at(record._address + self.offset)

    def shown(self, record: Any) -> str:
        """Return what it points to, as repr shows it: circles of pointers have no end."""
        found = self.read(record)
        return f"<object at {found._address:#x}>" if isinstance(found, (Record, Records)) else repr(found)

"""Components that are allocatables or pointers of CLASS."""

from __future__ import annotations

from typing import Any, Callable, Iterator

from f2pypy.runtime.deferred_components import PointingToObjects, keep, keeper_of_target, turn_of
from f2pypy.runtime.described_objects import elements_of, keep_elements
from f2pypy.runtime.held_objects import held_seen
from f2pypy.runtime.held_places import HeldPlace
from f2pypy.runtime.record_storage import kept_by
from f2pypy.runtime.records import Component, Record, is_constant, protect, refuse_constant


class AllocatedClass(Component):
    """An allocatable with `rank` axes, of the class that `record` returns or of one that extends it."""

    is_inline = is_pointer = False

    def __init__(self, record: Callable[[], type[Record]], offset: int, rank: int = 0) -> None:
        super().__init__(offset)
        self.record, self.rank = record, rank

    def __get__(self, record: Any, owner: type | None = None) -> Any:
        return self if record is None else self.read(record)

    def place(self, record: Any) -> HeldPlace:
        """Return what the component is in an object."""
        address, kept = record._address + self.offset, kept_by(record)
        return HeldPlace(self.record(), self.rank, self.is_pointer, True, address, record._storage, kept)

    def read(self, record: Any) -> Any:
        """Return the object or array, which has the class of its own type; None where there is none."""
        with turn_of(record):
            place = self.place(record)
            if not place.start:
                return None
            keeper = keeper_of_target(record, self.offset, place.start) if self.is_pointer else place.handed()
            found = place.seen(keeper)
        if is_constant(record) and not self.is_pointer:
            protect(found)
        return found

    def write(self, record: Any, value: Any) -> None:
        """Store a copy of an object or array, and take over its type; None deallocates."""
        refuse_constant(record)
        place = self.place(record)
        given = None if value is None else place.checked(value, f"value of {self.label}.{self.name}")
        with turn_of(record):
            if given is None:
                place.leave(place.clear)
            elif given._address != place.start or not place.is_like(given):
                place.replace(given)

    def initialise(self, record: Any) -> None:
        """Make it one that isn't there."""
        self.place(record).clear()

    def seen(self, record: Any) -> Iterator[Any]:
        """Yield what those keep that see what is there."""
        yield from held_seen(self.place(record).start)

    def destroy(self, record: Any) -> None:
        """Finalize and free what is there."""
        place = self.place(record)
        if place.start:
            kind = place.kind_now()
            for each in elements_of(place.seen(None)):
                kind.destroy(each._address)
            place.heap().release(place.start)
            place.clear()

    def duplicate(self, source: Any, target: Any) -> None:
        """Give a copy of an object what is its own."""
        held, place = self.read(source), self.place(target)
        if held is not None:
            place.describe(*place.copied(held))

    def keep_targets(self, source: Any, target: Any) -> None:
        """Keep what pointers in a copy of the object point to as long as the copy."""
        held, copied = self.read(source), self.read(target)
        if held is not None and copied is not None:
            keep_elements(held, copied)


class PointedClass(PointingToObjects, AllocatedClass):
    """A pointer of CLASS: assigning an object points to that."""

    def write(self, record: Any, value: Any) -> None:
        """Point to an object or array, which is kept, or with None nowhere."""
        refuse_constant(record)
        place = self.place(record)
        given = None if value is None else place.checked(value, f"value of {self.label}.{self.name}")
        place.point_to(given)
        keep(record, self.offset, given)

"""What allocatable components and variables have, as long as somebody sees it: Python lets go of no memory before."""

from __future__ import annotations

from typing import Any, ClassVar, Iterator
from weakref import WeakValueDictionary

from f2pypy.runtime.record_storage import Storage, heap_of, kept_by


class Held(Storage):
    """Memory of an allocatable: those that see it keep this, which owns nothing as long as the allocatable does.

    `memory` are the owners of what the allocatable is a part of.
    """

    known: ClassVar[WeakValueDictionary[int, Held]] = WeakValueDictionary()

    __slots__ = ()

    def own(self, kind: Any, count: int) -> None:
        """Own from now on `count` objects of a type: the allocatable has let go of them."""
        self.kind, self.count, self.heap = kind, count, heap_of(kind.library)

    def belong_to(self, former: Any) -> None:
        """Keep the former value of an object: the memory is a part of it."""
        self.memory = (*self.memory, former)


def held(kind: Any, address: int, owner: Any, kept: dict[int, Any]) -> Held:
    """Return what those keep that see objects at an address; `kept` is what pointers in the objects point to."""
    found = Held.known.get(address)
    if found is None or found.count:
        found = Held.known[address] = Held(kind, address, (owner,), 0)
        found.kept = kept
    elif not any(each is owner for each in found.memory):
        # there may be something else at the address by now
        found.memory, found.kept = (*found.memory, owner), kept
    return found


def held_seen(address: int) -> Iterator[Held]:
    """Yield what those keep that see objects at an address which an allocatable has, if somebody does."""
    found = Held.known.get(address)
    if found is not None and not found.count:
        yield found


def held_by(record: Any, kind: Any, address: int) -> Held:
    """Return what those keep that see what an allocatable component of an object has."""
    return held(kind, address, record._storage, kept_by(record))

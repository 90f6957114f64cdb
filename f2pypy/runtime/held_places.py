"""Allocatables and pointers of objects and modules: what is assigned to them, and what becomes of what was there."""

from __future__ import annotations

from typing import Any, Callable

from f2pypy.runtime.described_objects import DescribedObject, keep_elements
from f2pypy.runtime.extents import elements_in
from f2pypy.runtime.held_objects import Held, held
from f2pypy.runtime.records import Record


class HeldPlace(DescribedObject):
    """An allocatable or pointer at `address`, which lies in memory of `owner`, None for that of a module.

    `kept` is what pointers in what is there point to.
    """

    def __init__(
        self,
        record: type[Record],
        rank: int,
        pointer: bool,
        polymorphic: bool,
        address: int,
        owner: Any,
        kept: dict[int, Any],
        interoperable: bool = False,
    ) -> None:
        super().__init__(record, rank, pointer, polymorphic, address, interoperable)
        self.owner, self.kept = owner, kept

    def handed(self) -> Held:
        """Return what those keep that see what is there."""
        return held(self.kind_now(), self.start, self.owner, self.kept)

    def leave(self, forget: Callable[[], Any]) -> None:
        """Leave what is there to those that see it, and `forget` it."""
        if not self.start:
            forget()
            return
        before, kind, count = self.handed(), self.kind_now(), elements_in(self.shape())
        forget()
        before.own(kind, count)

    def replace(self, given: Any) -> None:
        """Have a copy of an object or array, of its type and extents."""
        # what is given may be a part of what is there, which goes last
        copied = self.copied(given)
        self.leave(lambda: self.describe(*copied))
        keep_elements(given, self.seen(self.handed()))

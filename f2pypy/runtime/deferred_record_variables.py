"""Variables of Fortran modules that are allocatable or pointers, of derived type."""

from __future__ import annotations

from typing import Any, Callable

from numpy import dtype

from f2pypy.runtime.described_objects import DescribedObject, extents_of
from f2pypy.runtime.extents import elements_in
from f2pypy.runtime.held_objects import Held, held
from f2pypy.runtime.libraries import Library, MissingSymbol
from f2pypy.runtime.records import Record, protect
from f2pypy.runtime.variables import Found, Variable


class DeferredObjectPlace(DescribedObject):
    """An allocatable or pointer of a module: reading gives what is there now, None for nothing.

    Assigning to an allocatable copies, and a pointer points to what is assigned. What Python drops lives until nobody
    sees it.
    """

    is_fixed = False

    def __init__(self, variable: DeferredRecordVariable, address: int, label: str) -> None:
        super().__init__(variable.record, variable.rank, variable.pointer, variable.polymorphic, address)
        self.variable, self.what = variable, f"value of {label}.{variable.name}"
        self.guard = variable.record._type.library.turns.waiting
        self.write: Callable[[Any], None] = self.assign

    def getter(self) -> Callable[[Any], Any]:
        """Return the function that the property of this variable calls."""
        return lambda _owner: self.read()

    def read(self) -> Any:
        """Return the object or array, None where there is none."""
        with self.guard:
            if not self.start:
                return None
            found = self.seen(None if self.is_pointer else self._handed())
        if self.variable.protected and not self.is_pointer:
            protect(found)
        return found

    def extents(self) -> tuple[int, ...] | None:
        """Return the extents, None where there is nothing."""
        return self.shape() if self.start else None

    def assign(self, value: Any) -> None:
        """Store a copy of an object or array, or point to it; None deallocates, or points nowhere."""
        given = None if value is None else self.checked(value, self.what)
        with self.guard:
            if self.is_pointer:
                self.point_to(given)
                self.record._type.kept[self.address] = given
            elif given is None:
                self._leave(self.clear)
            elif not self._fits(given):
                self._replace(given)
            elif given._address != self.start:
                self._fill(given)

    def _fits(self, given: Any) -> bool:
        """Whether what is there has the type and the extents of what is assigned, whose value it takes then."""
        if not self.start or self.shape() != extents_of(given)[0]:
            return False
        kind = self.kind_of(given)
        return kind is self.record._type if not self.is_polymorphic else kind is self.kind_now()

    def _fill(self, given: Any) -> None:
        target = self.seen(self._handed())
        if self.rank:
            target[...] = given
        else:
            target._assign(given)

    def _replace(self, given: Any) -> None:
        # what is given may be a part of what is there, which goes last
        copied = self.copied(given)
        self._leave(lambda: self.describe(*copied))
        self.keep_targets(given)

    def _handed(self) -> Held:
        """Return what those keep that see what is there."""
        return held(self.kind_now(), self.start, None, self.record._type.kept)

    def _leave(self, forget: Callable[[], Any]) -> None:
        """Leave what is there to those that see it, and `forget` it."""
        if not self.start:
            forget()
            return
        before, kind, count = self._handed(), self.kind_now(), elements_in(self.shape())
        forget()
        before.own(kind, count)


class DeferredRecordVariable(Variable):
    """A variable of class `record` with `rank` axes that is allocatable or, if so said, a `pointer`.

    What is `polymorphic` may be of any class that extends this one.
    """

    __slots__ = ("pointer", "polymorphic", "rank", "record")

    def __init__(
        self,
        name: str,
        record: type[Record],
        rank: int = 0,
        symbol: str = "",
        exact: bool = False,
        protected: bool = False,
        pointer: bool = False,
        polymorphic: bool = False,
    ) -> None:
        super().__init__(name, dtype("V"), (-1,) * rank, symbol, exact, protected=protected)
        self.record, self.rank, self.pointer, self.polymorphic = record, rank, pointer, polymorphic

    def place_at(
        self,
        address: int,
        library: Library,  # noqa: ARG002
        label: str,
        module: str = "",  # noqa: ARG002
        owner: Any = None,  # noqa: ARG002
    ) -> Found:
        """Return the variable that stands at `address`."""
        place: Any = DeferredObjectPlace(self, address, label)
        if self.protected:
            place.write = self.refusal(label)
        found: Found = place
        return found

    def documentation(self, find: Callable[[str], Found]) -> str:
        """Return the line of the documentation, with the extents that there are now."""
        try:
            extents = find(self.name).extents()
        except MissingSymbol:
            extents = None
        shape = f"-array({','.join(map(str, extents or self.extents))})" if self.rank else ""
        word = "class" if self.polymorphic else "type"
        nothing = ", not associated" if self.pointer else ", not allocated"
        return f"{self.name} : {word}({self.record.__name__}){shape}{nothing if extents is None else ''}"

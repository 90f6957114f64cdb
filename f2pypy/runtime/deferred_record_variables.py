"""Variables of Fortran modules that are allocatable or pointers, of derived type."""

from __future__ import annotations

from typing import Any, Callable

from f2pypy.runtime.changing_variables import ChangingVariable
from f2pypy.runtime.held_places import HeldPlace
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.records import Record, keeper_of, protect


class DeferredObjectPlace(HeldPlace):
    """An allocatable or pointer of a module: reading gives what is there now, None for nothing.

    Assigning to an allocatable copies, and a pointer points to what is assigned. What Python drops lives until nobody
    sees it.
    """

    is_fixed = False

    def __init__(self, variable: DeferredRecordVariable, address: int, label: str) -> None:
        record, kept = variable.record, variable.record._type.kept
        super().__init__(record, variable.rank, variable.pointer, variable.polymorphic, address, None, kept)
        self.variable, self.what = variable, f"value of {label}.{variable.name}"
        self.guard = record._type.library.turns.waiting
        self.write: Callable[[Any], None] = self.assign

    def getter(self) -> Callable[[Any], Any]:
        """Return the function that the property of this variable calls."""
        return lambda _owner: self.read()

    def read(self) -> Any:
        """Return the object or array, None where there is none."""
        with self.guard:
            if not self.start:
                return None
            target = self.kept.get(self.address) if self.is_pointer else None
            is_kept = target is not None and target._address == self.start
            found = self.seen(keeper_of(target) if is_kept else None if self.is_pointer else self.handed())
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
                self.kept[self.address] = given
            elif given is None:
                self.leave(self.clear)
            elif not self.is_like(given):
                self.replace(given)
            elif given._address != self.start:
                self._fill(given)

    def _fill(self, given: Any) -> None:
        target = self.seen(self.handed())
        if self.is_without_class(self.class_now()):
            # an assignment would copy what the class knows
            self.replace(given)
        elif self.rank:
            target[...] = given
        else:
            target._assign(given)


class DeferredRecordVariable(ChangingVariable):
    """A variable of class `record` with `rank` axes that is allocatable or, if so said, a `pointer`.

    What is `polymorphic` may be of any class that extends this one.
    """

    __slots__ = ("polymorphic", "record")

    def __init__(
        self,
        record: type[Record],
        rank: int = 0,
        symbol: str = "",
        exact: bool = False,
        protected: bool = False,
        pointer: bool = False,
        polymorphic: bool = False,
    ) -> None:
        super().__init__(rank, symbol, exact, protected, pointer)
        self.record, self.polymorphic = record, polymorphic

    @property
    def shown_type(self) -> str:
        """The type as documentation shows it."""
        return f"{'class' if self.polymorphic else 'type'}({self.record.__name__})"

    def stands(self, address: int, library: Library, label: str) -> Any:  # noqa: ARG002
        """Return what reads and assigns the variable that stands at `address`."""
        return DeferredObjectPlace(self, address, label)

"""Variables of Fortran modules that are allocatables or pointers of CLASS(*)."""

from __future__ import annotations

from typing import Any, Callable

from f2pypy.runtime.any_places import AnyPlace
from f2pypy.runtime.any_values import AnyValue
from f2pypy.runtime.changing_variables import ChangingVariable
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.record_arrays import Records
from f2pypy.runtime.records import Record, keeper_of, protect
from f2pypy.runtime.routines import location


class AnyVariablePlace:
    """An allocatable or pointer of a module: reading gives what is there now as what it is, None for nothing.

    Assigning to an allocatable copies, and a pointer points to what is assigned, or to memory of its own for a number.
    """

    is_fixed = False

    def __init__(self, variable: AnyVariable, address: int, library: Library, label: str) -> None:
        self.variable = variable
        what = f"value of {label}.{variable.name}"
        self.place = AnyPlace(library, variable.rank, variable.pointer, address, what=what)
        self.target: Any = None  # what Python has pointed to
        self.guard = library.turns.waiting
        self.write: Callable[[Any], None] = self.assign

    def getter(self) -> Callable[[Any], Any]:
        """Return the function that the property of this variable calls."""
        return lambda _owner: self.read()

    def read(self) -> Any:
        """Return what is there; what sees it keeps it."""
        with self.guard:
            found = self.place.read(self._keeper() if self.place.is_pointer else None)
        if self.variable.protected and not self.place.is_pointer:
            if isinstance(found, (Record, Records)):
                protect(found)
            elif self.variable.rank and found is not None:
                found.flags.writeable = False
        return found

    def _keeper(self) -> Any:
        target = self.target
        if isinstance(target, AnyValue):
            return target if location(target.array) == self.place.start else None
        is_there = target is not None and target._address == self.place.start
        return keeper_of(target) if is_there else None

    def extents(self) -> tuple[int, ...] | None:
        """Return the extents, None where there is nothing."""
        return tuple(self.place.passed().shape()) if self.place.start else None

    def assign(self, value: Any) -> None:
        """Store a copy of a value with its type, or point to it; None deallocates, or points nowhere."""
        with self.guard:
            if self.place.is_pointer:
                if value is None:
                    self.place.clear()
                self.target = None if value is None else self.place.point_to(value)
            elif value is None:
                self.place.leave()
            else:
                self.place.put(value)


class AnyVariable(ChangingVariable):
    """A variable of any type with `rank` axes that is allocatable or, if so said, a `pointer`."""

    __slots__ = ()

    def __init__(
        self, rank: int = 0, symbol: str = "", exact: bool = False, protected: bool = False, pointer: bool = False
    ) -> None:
        super().__init__(rank, symbol, exact, protected, pointer)

    @property
    def shown_type(self) -> str:
        """The type as documentation shows it."""
        return "class(*)"

    def stands(self, address: int, library: Library, label: str) -> Any:
        """Return what reads and assigns the variable that stands at `address`."""
        return AnyVariablePlace(self, address, library, label)

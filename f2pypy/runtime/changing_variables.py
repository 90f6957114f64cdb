"""Variables of Fortran modules where there may be another object each time, or another value, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from numpy import dtype

from f2pypy.runtime.libraries import Library
from f2pypy.runtime.variables import Found, Variable, extents_now


class ChangingVariable(Variable):
    """A variable with `rank` axes that is allocatable or, if so said, a `pointer`, and has no type of NumPy's."""

    __slots__ = ("pointer", "rank")

    def __init__(self, rank: int, symbol: str, exact: bool, protected: bool, pointer: bool) -> None:
        super().__init__(dtype("V"), (-1,) * rank, symbol, exact, protected=protected)
        self.rank, self.pointer = rank, pointer

    if TYPE_CHECKING:  # what is there, or None

        def __get__(self, instance: Any, _owner: Any = None) -> Any: ...
        def __set__(self, instance: Any, value: Any) -> None: ...

    @property
    def shown_type(self) -> str:
        """The type as documentation shows it."""
        raise NotImplementedError

    def stands(self, address: int, library: Library, label: str) -> Any:
        """Return what reads and assigns the variable that stands at `address`; `label` is its module in messages."""
        raise NotImplementedError

    def place_at(
        self,
        address: int,
        library: Library,
        label: str,
        module: str = "",  # noqa: ARG002
        owner: Any = None,  # noqa: ARG002
    ) -> Found:
        """Return the variable that stands at `address`."""
        place = self.stands(address, library, label)
        if self.protected:
            place.write = self.refusal(label)
        found: Found = place
        return found

    def documentation(self, find: Callable[[str], Found]) -> str:
        """Return the line of the documentation, with the extents that there are now."""
        extents = extents_now(self.name, find)
        shape = f"-array({','.join(map(str, extents or self.extents))})" if self.rank else ""
        nothing = ", not associated" if self.pointer else ", not allocated"
        return f"{self.name} : {self.shown_type}{shape}{nothing if extents is None else ''}"

"""Variables and constants of derived type in Fortran modules."""

from __future__ import annotations

from typing import Any, Callable

from numpy import dtype

from f2pypy.runtime.libraries import Library
from f2pypy.runtime.records import Record
from f2pypy.runtime.stored_values import refusing
from f2pypy.runtime.variables import Found, Variable


class RecordPlace:
    """The object that a variable is: everybody sees the same one."""

    is_fixed = True

    def __init__(self, record: Record, write: Callable[[Any], None]) -> None:
        self.record, self.write = record, write

    def read(self) -> Any:
        """Return the object."""
        return self.record

    def extents(self) -> tuple[int, ...] | None:
        """Return the extents: an object has none."""
        return ()


class RecordVariable(Variable):
    """A variable whose type has class `record`; a `parameter` is a constant, as `protected` ones are for Python."""

    __slots__ = ("parameter", "record")

    def __init__(
        self,
        name: str,
        record: type[Record],
        symbol: str = "",
        exact: bool = False,
        protected: bool = False,
        parameter: bool = False,
    ) -> None:
        super().__init__(name, dtype("V"), (), symbol, exact, protected=protected or parameter)
        self.record, self.parameter = record, parameter

    def place_at(
        self,
        address: int,
        library: Library,  # noqa: ARG002
        label: str,
        module: str = "",  # noqa: ARG002
        owner: Any = None,
    ) -> Found:
        """Return the object at `address`; Python gets a copy of a constant, which may lie where nobody can write."""
        found = self.record._at(address, owner)
        if self.parameter:
            found = found.__copy__()
        if self.protected:
            found._window = memoryview(found._window).toreadonly()
            return RecordPlace(found, self.refusal(label))

        def write(value: Any) -> None:
            found._assign(self.record._given(value, f"value of {label}.{self.name}"))

        return RecordPlace(found, write)

    def refusal(self, label: str) -> Callable[[Any], Any]:
        """Return what answers assignments where there may be none."""
        if self.parameter:
            return refusing(f"{label}.{self.name} is a parameter")
        return super().refusal(label)

    def describe(self, extents: Any) -> str:  # noqa: ARG002
        """Return the line of the documentation."""
        return f"{self.name} : type({self.record.__name__})"

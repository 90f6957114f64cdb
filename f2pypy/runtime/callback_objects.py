"""Objects of derived type that Fortran passes to a callback."""

from __future__ import annotations

from typing import Any, Callable

from f2pypy.runtime.arrays import IN
from f2pypy.runtime.callback_arguments import CallbackScalar, Place, Values
from f2pypy.runtime.extensions import living
from f2pypy.runtime.polymorphic import object_passed
from f2pypy.runtime.records import Record
from f2pypy.runtime.scalar_types import LONG


class CallbackObject(CallbackScalar):
    """An object of class `record`: the Python function gets Fortran's own, which is valid until the function returns.

    Where a CLASS dummy is `polymorphic`, it has the class for the type that Fortran says.
    """

    is_plain = False

    def __init__(self, name: str, record: type[Record], intent: int = IN, polymorphic: bool = False) -> None:
        super().__init__(name, LONG, intent)
        self.record = record
        self.polymorphic = polymorphic

    def getter(self, place: Place, values: Values) -> Callable[[], Any]:
        """Return what gets the object."""
        return self.giver(place, values)

    def giver(self, place: Place, values: Values) -> Callable[[], Any]:
        """Return what gets the object; it raises ValueError where Fortran passes none."""
        address: int = values[place.index]
        if not address:
            raise ValueError(f"Fortran passed a null pointer for {self.name}")
        # the same container may hold another object in the next call
        if self.polymorphic:
            return lambda: object_passed(self.record, address)
        return lambda: living(self.record, address) or self.record._at(address, None)

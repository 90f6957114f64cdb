"""Objects of derived type, arrays of them, and values of any type that Fortran passes to a callback."""

from __future__ import annotations

import ctypes
from typing import Any, Callable

from numpy import dtype

from f2pypy.runtime.allocated_arrays import records_at
from f2pypy.runtime.arrays import IN, INOUT
from f2pypy.runtime.callback_arguments import CallbackArray, CallbackScalar, Place, Question, Values
from f2pypy.runtime.described_objects import DescribedObject, keep_elements
from f2pypy.runtime.descriptors import fortran_strides
from f2pypy.runtime.extensions import living
from f2pypy.runtime.extents import elements_in
from f2pypy.runtime.given_records import records_given
from f2pypy.runtime.passed_values import PassedValue
from f2pypy.runtime.polymorphic import object_passed
from f2pypy.runtime.record_arrays import Records
from f2pypy.runtime.record_memory import object_at
from f2pypy.runtime.records import Record
from f2pypy.runtime.scalar_types import LONG

_ANY = dtype("V")


class CallbackObject(CallbackScalar):
    """An object of class `record`, or an array of `rank` axes that a descriptor tells.

    The Python function gets Fortran's own, which is valid until the function returns. Where a CLASS dummy is
    `polymorphic`, it has the class for the type that Fortran says.
    """

    @property
    def is_plain(self) -> bool:
        """An object is no number."""
        return False

    def __init__(
        self,
        name: str,
        record: type[Record],
        intent: int = IN,
        polymorphic: bool = False,
        rank: int = 0,
        interoperable: bool = False,
    ) -> None:
        super().__init__(name, LONG, intent)
        self.record = record
        self.polymorphic, self.rank, self.interoperable = polymorphic, rank, interoperable

    def getter(self, place: Place, values: Values) -> Callable[[], Any]:
        """Return what gets the object."""
        return self.giver(place, values)

    def giver(self, place: Place, values: Values) -> Callable[[], Any]:
        """Return what gets the object; it raises ValueError where Fortran passes none."""
        address = address_passed(self.name, place, values)
        # the same container may hold another object in the next call
        if self.rank and self.polymorphic:
            return lambda: DescribedObject(self.record, self.rank, True, True, address).seen(None, True)
        if self.rank:
            return lambda: records_at(self.record, address, self.rank, None, 0, self.interoperable, True)
        if self.polymorphic:
            return lambda: object_passed(self.record, address)
        return lambda: living(self.record, address) or self.record._at(address, None)

    def clear(self, place: Place, values: Values) -> None:
        """Give the elements of a result the defaults of their type."""
        _give_defaults(self.giver(place, values)())

    def taker(self, place: Place, values: Values, question: Question) -> Callable[[Any], None]:
        """Return what copies the array of objects that the Python function returns."""
        return _object_copier(self.giver(place, values), question)


class CallbackObjectArray(CallbackArray):
    """An array of objects of class `record` without gaps, whose extents are computed as those of other arrays."""

    def __init__(
        self, name: str, record: type[Record], extents: Callable[..., tuple[int, ...]], intent: int = IN
    ) -> None:
        super().__init__(name, _ANY, extents, intent)
        self.record = record

    def giver(self, place: Place, values: Values) -> Callable[[], Any]:
        """Return what gets the array, which is Fortran's own."""
        address, size = address_passed(self.name, place, values), self.record._type.size
        shape = [max(extent, 0) for extent in self.shape(place, values)]

        def give() -> Records[Any]:
            window = object_at(address, size * elements_in(shape), None)[0]
            return Records(self.record, address, shape, fortran_strides(size, shape), None, window, address)

        return give

    def clear(self, place: Place, values: Values) -> None:
        """Give the elements of a result the defaults of their type."""
        _give_defaults(self.giver(place, values)())

    def taker(self, place: Place, values: Values, question: Question) -> Callable[[Any], None]:
        """Return what copies the array of objects that the Python function returns."""
        return _object_copier(self.giver(place, values), question)


class CallbackAny(CallbackScalar):
    """A value of any type, an array of `rank` axes or a scalar: numbers, characters or objects as what they are.

    The Python function gets a number, bytes, an object, or an array over Fortran's memory; of rank 0 for a scalar that
    it may change.
    """

    is_plain = False

    def __init__(self, name: str, rank: int = 0, intent: int = IN) -> None:
        super().__init__(name, LONG, intent)
        self.rank = rank

    def giver(self, place: Place, values: Values) -> Callable[[], Any]:
        """Return what gets the value; it raises ValueError where Fortran passes none."""
        address = address_passed(self.name, place, values)

        def give() -> Any:
            found = PassedValue(place.library, address, self.rank, self.name)
            is_written = self.intent & INOUT and found.record is None
            return found.view() if is_written else found.read()

        return give


def _give_defaults(records: Records[Any]) -> None:
    image = records._record._type.image()
    for each in records._in_order():
        ctypes.memmove(each._address, image, len(image))


def _object_copier(give: Callable[[], Any], question: Question) -> Callable[[Any], None]:
    """Return what copies objects to where the array lies that `give` gets: there is nothing yet."""

    def take(answer: Any) -> None:
        records = give()
        kind = records._record._type
        given = records_given(records._record, answer, records.shape, str(question), strided=True)
        for one, other in zip(given._in_order(), records._in_order()):
            kind.duplicate(one._address, other._address)
        keep_elements(given, records)

    return take


def address_passed(name: str, place: Place, values: Values) -> int:
    """Return the address that Fortran passes; ValueError for a null pointer."""
    address: int = values[place.index]
    if not address:
        raise ValueError(f"Fortran passed a null pointer for {name}")
    return address

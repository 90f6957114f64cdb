"""Allocatables and pointers to objects, or to values of any type, that Fortran passes to a callback or gets from it."""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Callable, Sequence

from f2pypy.runtime.any_places import AnyPlace
from f2pypy.runtime.arrays import IN, OUT
from f2pypy.runtime.callback_arguments import CallbackScalar, Place, Question, Values
from f2pypy.runtime.callback_memory import c_function, remembering
from f2pypy.runtime.callback_objects import address_passed
from f2pypy.runtime.callback_results import CallbackObjectResult
from f2pypy.runtime.described_objects import PLACE_BYTES
from f2pypy.runtime.descriptors import fortran_strides
from f2pypy.runtime.extensions import living
from f2pypy.runtime.held_places import HeldPlace
from f2pypy.runtime.records import Record
from f2pypy.runtime.scalar_types import LONG


class CallbackDeferred(CallbackScalar):
    """An allocatable or `pointer` with `rank` axes to objects of class `record`, or without a class of any type.

    The Python function gets Fortran's own object or array, None for none. An allocatable gets a copy of what it
    returns, and a pointer points to it: that is kept until the function is called with this pointer again.
    """

    is_plain = False

    def __init__(
        self,
        name: str,
        record: type[Record] | None,
        intent: int = IN,
        rank: int = 0,
        pointer: bool = False,
        polymorphic: bool = False,
        interoperable: bool = False,
    ) -> None:
        CallbackScalar.__init__(self, name, LONG, intent)
        self.record: Any = record
        self.rank, self.pointer, self.polymorphic, self.interoperable = rank, pointer, polymorphic, interoperable
        self.targets: dict[int, Any] = {}

    @property
    def opens(self) -> bool:
        """Whether nothing is there before the Python function is called: what only comes back may be undefined."""
        return not self.intent & IN

    def there(self, place: Place, values: Values, what: str = "") -> Any:
        """Return the allocatable or pointer where it stands, which messages call `what`."""
        address = address_passed(self.name, place, values)
        if self.record is None:
            return AnyPlace(place.library, self.rank, self.pointer, address, what=what or self.name)
        how = (self.rank, self.pointer, self.polymorphic)
        return HeldPlace(self.record, *how, address, None, self.record._type.kept, self.interoperable)

    def open(self, place: Place, values: Values) -> None:
        """Have nothing."""
        if not values[place.index]:
            return
        found = self.there(place, values)
        if self.pointer:
            found.clear()
        else:
            _leave(found)

    def clear(self, place: Place, values: Values) -> None:
        """Have nothing where no Python function says what."""
        self.open(place, values)

    def giver(self, place: Place, values: Values) -> Callable[[], Any]:
        """Return what gets the object, the array or the value; None for none."""
        return lambda: self.seen(self.there(place, values))

    def seen(self, found: Any) -> Any:
        """Return what is there: what Fortran may let go of has an owner then."""
        is_handed = self.intent & OUT and not self.pointer
        if not found.start:
            return None
        if isinstance(found, AnyPlace):
            return found.read() if is_handed else found.passed().read()
        known = None if self.rank else living(found.record, found.start)
        if known is not None and not (self.polymorphic and known._type.table().address != found.table()):
            return known
        return found.seen(found.handed() if is_handed else None)

    def taker(self, place: Place, values: Values, question: Question) -> Callable[[Any], None]:
        """Return what gives Fortran an answer of the Python function; nothing where Fortran has left it out."""
        if not values[place.index]:
            return lambda answer: None  # noqa: ARG005

        def take(answer: Any) -> None:
            found = self.there(place, values, str(question))
            if answer is None:
                self.open(place, values)
            elif not isinstance(found, AnyPlace):
                self.take_object(found, found.checked(answer, str(question)))
            elif self.pointer:
                self.targets[found.address] = found.point_to(answer)
            else:
                found.put(answer)

        return take

    def take_object(self, found: HeldPlace, given: Any) -> None:
        """Point to an object or array, or have a copy, unless it is there."""
        if self.pointer:
            found.point_to(given)
            self.targets[found.address] = given
        elif given._address != found.start or not found.is_like(given):
            found.replace(given)


class CallbackDeferredResult(CallbackDeferred, CallbackObjectResult):
    """The allocatable or pointer that a function returns, for which Fortran passes the address of its memory first.

    In `registers` ("I" for each eight bytes) gfortran has the address of an object, and that of its type's table.
    """

    def __init__(
        self,
        name: str,
        record: type[Record] | None,
        intent: int = OUT,
        rank: int = 0,
        pointer: bool = False,
        polymorphic: bool = False,
        registers: str = "",
    ) -> None:
        super().__init__(name, record, intent, rank, pointer, polymorphic)
        self.registers = registers

    def clear(self, place: Place, values: Values) -> None:
        """Have an object with the defaults of its type, or no elements: Fortran goes on with what is allocatable."""
        found = self.there(place, values)
        found.clear()
        if self.pointer or not isinstance(found, HeldPlace):
            return
        kind, shape, table = found.record._type, (0,) * self.rank, found.record._type.table()
        start, image = found.heap().allocate(kind.size), kind.image()
        ctypes.memmove(start, image, len(image))
        address = 0 if table is None else table.address
        found.describe(start, shape, fortran_strides(kind.size, shape), kind.size, address)

    def open(self, place: Place, values: Values) -> None:
        """Have nothing, whatever lies in the memory."""
        self.there(place, values).clear()

    def function(
        self,
        answer: Callable[..., Any],
        kinds: Sequence[Any],
        remember: Callable[[BaseException], None],
        question: Question,
    ) -> tuple[Any, Any]:
        """Return a C function that calls `answer` with the address of memory, and its pointer, as `c_function` does."""
        try:
            return super().function(answer, kinds, remember, question)
        except question.error:
            # of functions that ctypes makes any number comes back where a signal handler raises
            if self.registers != "I":
                raise

        def return_word(*values: Any) -> int:
            memory = ctypes.create_string_buffer(PLACE_BYTES)
            answer(ctypes.addressof(memory), *values)
            return int.from_bytes(memory.raw, sys.byteorder, signed=True)

        return c_function(remembering(return_word, remember), LONG, kinds[1:], remember)

    def _filling(self, answer: Callable[..., Any]) -> Callable[..., None]:
        """Return what leaves the address, or what describes the object, at an address: there is no object before."""
        return answer


def _leave(found: Any) -> None:
    """Leave what an allocatable has to those that see it."""
    if isinstance(found, AnyPlace):
        found.leave()
    else:
        found.leave(found.clear)

"""Objects of derived type that a callback returns: copied to where Fortran says, or left in registers."""

from __future__ import annotations

import ctypes
from typing import Any, Callable, Sequence

from f2pypy.runtime.arrays import OUT
from f2pypy.runtime.callback_arguments import CallbackScalar, Place, Question, Values
from f2pypy.runtime.record_storage import kept_by
from f2pypy.runtime.records import Record
from f2pypy.runtime.register_results import function_in_memory, function_in_registers, in_place
from f2pypy.runtime.scalar_types import LONG


class CallbackObjectResult(CallbackScalar):
    """An object of class `record`, for which Fortran passes the address of its memory first.

    By C's rules that is so of large ones, "M"; others come back in `registers`: "I" for integers, "F" for floating
    point, one for each eight bytes.
    """

    is_plain = False

    def __init__(self, name: str, record: type[Record], intent: int = OUT, registers: str = "") -> None:
        super().__init__(name, LONG, intent)
        self.record, self.registers = record, registers

    def clear(self, place: Place, values: Values) -> None:
        """Make it one with the defaults of its type."""
        image = self.record._type.image()
        ctypes.memmove(values[place.index], image, len(image))

    def taker(self, place: Place, values: Values, question: Question) -> Callable[[Any], None]:
        """Return what copies the object that the Python function returns."""
        address, kind = values[place.index], self.record._type

        def take(answer: Any) -> None:
            given = self.record._given(answer, str(question))
            kind.duplicate(given._address, address)
            if kept_by(given):
                self.record._at(address, None)._keep_targets(given)

        return take

    def function(
        self,
        answer: Callable[..., Any],
        kinds: Sequence[Any],
        remember: Callable[[BaseException], None],
        question: Question,
    ) -> tuple[Any, Any]:
        """Return a C function that calls `answer` with the address of memory, and its pointer, as `c_function` does.

        Raises the module's error where no C function can return the object.
        """
        fill = self._filling(answer)
        if self.registers in ("", "M"):
            return function_in_memory(fill, kinds, remember)
        return function_in_registers(in_place(fill), "an object", self.registers, kinds[1:], remember, question)

    def _filling(self, answer: Callable[..., Any]) -> Callable[..., None]:
        """Return what leaves the object at an address; memory has none before."""
        image = self.record._type.image()

        def fill(place: int, *values: Any) -> None:
            ctypes.memmove(place, image, len(image))
            answer(place, *values)

        return fill

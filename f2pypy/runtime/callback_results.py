"""Objects of derived type that a callback returns: copied to where Fortran says, or left in registers.

A C function of Python's can't return a structure. Where C returns one in registers (System V ABI for x86-64, 3.2.3), a
few instructions call the function, which returns the address of the object's bytes, and load these.
"""

from __future__ import annotations

import ctypes
from collections import deque
from typing import Any, Callable, Sequence

from f2pypy.runtime.arrays import OUT
from f2pypy.runtime.callback_arguments import CallbackScalar, Place, Question, Values
from f2pypy.runtime.callback_memory import c_function, pointed_address
from f2pypy.runtime.executable_memory import executable
from f2pypy.runtime.record_storage import kept_by
from f2pypy.runtime.records import Record
from f2pypy.runtime.routines import pointer_to
from f2pypy.runtime.scalar_types import IS_X86_64, LONG

_MOST_IN_REGISTERS = 6  # arguments; those after them lie elsewhere on the stack
_ROOM = 16
# The bytes that were returned last: another thread may run before they are loaded.
_RETURNED: deque[Any] = deque(maxlen=256)
# Instructions that load what lies at the address in rax, by the classes of the eight bytes there and of the next eight.
_LOADS = {
    "I": "48 8b 00",  # mov rax, [rax]
    "F": "f2 0f 10 00",  # movsd xmm0, [rax]
    "II": "48 8b 50 08 48 8b 00",  # mov rdx, [rax+8]; mov rax, [rax]
    "FF": "f2 0f 10 48 08 f2 0f 10 00",  # movsd xmm1, [rax+8]; movsd xmm0, [rax]
    "IF": "f2 0f 10 40 08 48 8b 00",  # movsd xmm0, [rax+8]; mov rax, [rax]
    "FI": "f2 0f 10 00 48 8b 40 08",  # movsd xmm0, [rax]; mov rax, [rax+8]
}


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
        if self.registers and not IS_X86_64:
            raise question.error(f"{question.callback} returns an object: on this machine Python can't")
        if self.registers in ("", "M"):
            return c_function(self._answering(answer), LONG, kinds, remember)
        if len(kinds) > 1 + _MOST_IN_REGISTERS:
            raise question.error(
                f"{question.callback} returns an object and has {len(kinds) - 1} arguments: "
                f"Python can return one from at most {_MOST_IN_REGISTERS}"
            )
        answer = self._answering(answer)

        def return_address(*values: Any) -> int:
            memory = ctypes.create_string_buffer(_ROOM)
            _RETURNED.append(memory)
            place: int = answer(ctypes.addressof(memory), *values)
            return place

        function, pointer = c_function(return_address, LONG, kinds[1:], remember)
        code = _loading(pointed_address(pointer) or 0, self.registers)
        return function, pointer_to(code)

    def _answering(self, answer: Callable[..., Any]) -> Callable[..., int]:
        """Return what returns the address of the object; memory has none before."""
        image = self.record._type.image()

        def answer_there(place: int, *values: Any) -> int:
            ctypes.memmove(place, image, len(image))
            answer(place, *values)
            return place

        return answer_there


def _loading(function: int, registers: str) -> int:
    """Return the address of code that calls a function, and loads registers from the address that it returns."""
    loads = bytes.fromhex(_LOADS[registers])
    code = b"".join(
        (
            bytes.fromhex("f3 0f 1e fa"),  # endbr64
            bytes.fromhex("48 83 ec 08"),  # sub rsp, 8
            bytes.fromhex("48 b8") + function.to_bytes(8, "little"),  # mov rax, function
            bytes.fromhex("ff d0"),  # call rax
            bytes.fromhex("48 85 c0 74") + bytes([len(loads)]),  # test rax, rax; jz: it failed
            loads,
            bytes.fromhex("48 83 c4 08 c3"),  # add rsp, 8; ret
        )
    )
    # Fortran may keep the address, as it keeps C functions
    return executable(code)

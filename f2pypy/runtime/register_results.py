"""Results of callbacks that C returns in registers which ctypes' functions don't fill: structures and complex numbers.

System V ABI for x86-64, 3.2.3: a few instructions call the function of Python's, which returns the address of the
result's bytes, and load these.
"""

from __future__ import annotations

import ctypes
import itertools
import sys
import threading
from typing import Any, Callable, Sequence

from f2pypy.runtime.callback_arguments import CallbackScalar, Question
from f2pypy.runtime.callback_memory import c_function, pointed_address, remembering, writer
from f2pypy.runtime.executable_memory import executable
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.routines import pointer_to
from f2pypy.runtime.scalar_types import DOUBLE_COMPLEX, IS_X86_64, LONG, ScalarType

_IS_SYSTEM_V = IS_X86_64 and sys.platform != "win32"
_MOST_IN_REGISTERS = 6  # arguments; those after them lie elsewhere on the stack
_MOST_FLOATING = 8  # doubles
_ROOM = 16
# A result of zeros, and one for each thread, by their numbers: another thread may run before the result is loaded.
_RETURNED = (ctypes.c_char * 65536)()
_PLACES: dict[int, int] = {}
_NEXT_PLACES = itertools.count(0, _ROOM)
# Instructions that load what lies at the address in rax, by the classes of the eight bytes there and of the next eight.
_LOADS = {
    "I": "48 8b 00",  # mov rax, [rax]
    "F": "f2 0f 10 00",  # movsd xmm0, [rax]
    "II": "48 8b 50 08 48 8b 00",  # mov rdx, [rax+8]; mov rax, [rax]
    "FF": "f2 0f 10 48 08 f2 0f 10 00",  # movsd xmm1, [rax+8]; movsd xmm0, [rax]
    "IF": "f2 0f 10 40 08 48 8b 00",  # movsd xmm0, [rax+8]; mov rax, [rax]
    "FI": "f2 0f 10 00 48 8b 40 08",  # movsd xmm0, [rax]; mov rax, [rax+8]
}

Remember = Callable[[BaseException], None]


def function_in_registers(
    fill: Callable[..., None], what: str, registers: str, kinds: Sequence[Any], remember: Remember, question: Question
) -> tuple[Any, Any]:
    """Return a C function with arguments of these `kinds`, and its pointer, as `c_function` does.

    `fill` gets the address of 16 bytes of zeros, where it leaves what comes back in `registers`, and the arguments.
    Raises the module's error, which says `what` the function returns, where no C function can do that.
    """
    if not _IS_SYSTEM_V:
        raise question.error(f"{question.callback} returns {what}: on this machine Python can't")
    if len(kinds) > _MOST_IN_REGISTERS:
        raise question.error(
            f"{question.callback} returns {what} and has {len(kinds)} arguments: "
            f"Python can return one from at most {_MOST_IN_REGISTERS}"
        )
    if _lie_on_the_stack(kinds):
        raise question.error(
            f"{question.callback} returns {what} and has arguments by value that don't lie in registers: Python can't"
        )

    def return_address(*values: Any) -> int:
        memory = ctypes.create_string_buffer(_ROOM)
        fill(ctypes.addressof(memory), *values)
        place = _place_of_thread()
        ctypes.memmove(place, memory, _ROOM)
        return place

    function, pointer = c_function(remembering(return_address, remember), LONG, kinds, remember)
    return function, pointer_to(_loading(pointed_address(pointer) or 0, registers))


def _place_of_thread() -> int:
    """Return where this thread leaves results: it loads each one before it returns the next."""
    thread = threading.get_ident()
    place = _PLACES.get(thread)
    if place is None:
        place = _PLACES[thread] = _ROOM + next(_NEXT_PLACES) % (len(_RETURNED) - _ROOM)
    return ctypes.addressof(_RETURNED) + place


def returns_in_registers(kinds: Sequence[Any]) -> bool:
    """Whether `function_in_registers` makes functions with arguments of these `kinds`."""
    return _IS_SYSTEM_V and len(kinds) <= _MOST_IN_REGISTERS and not _lie_on_the_stack(kinds)


def _lie_on_the_stack(kinds: Sequence[Any]) -> bool:
    """Whether some of at most six arguments are not in registers: long doubles, and more doubles than eight."""
    by_value = [kind for kind in kinds if isinstance(kind, ScalarType)]
    words = sum(1 + (kind is DOUBLE_COMPLEX) for kind in by_value if not kind.bits)
    return words > _MOST_FLOATING or any(kind.is_extended for kind in by_value)


class CallbackComplex(CallbackScalar):
    """A complex number that a function of the `library` returns, by C's rules or where a hidden first argument says."""

    is_plain = False

    def __init__(self, name: str, kind: ScalarType, library: Library) -> None:
        super().__init__(name, kind)
        self.library = library
        self.registers = "FF" if kind is DOUBLE_COMPLEX else "F"

    def function(
        self, answer: Callable[..., Any], kinds: Sequence[Any], remember: Remember, question: Question
    ) -> tuple[Any, Any]:
        """Return a C function that returns what `answer` gives, and its pointer, as `c_function` does."""
        store = writer(self.kind)

        def fill(place: int, *values: Any) -> None:
            number = answer(*values)
            store(place, number.real, number.imag)

        if self.library.hides_complex_results():
            return c_function(remembering(fill, remember), None, (None, *kinds), remember)
        return function_in_registers(fill, "a complex number", self.registers, kinds, remember, question)


def _loading(function: int, registers: str) -> int:
    """Return the address of code that calls a function, and loads registers from the address that it returns.

    After an exception outside of the function, as of a signal handler, ctypes returns any number: zeros are loaded.
    """
    code = b"".join(
        (
            bytes.fromhex("f3 0f 1e fa"),  # endbr64
            bytes.fromhex("48 83 ec 08"),  # sub rsp, 8
            bytes.fromhex("48 b8") + function.to_bytes(8, "little"),  # mov rax, function
            bytes.fromhex("ff d0"),  # call rax
            bytes.fromhex("48 b9") + ctypes.addressof(_RETURNED).to_bytes(8, "little"),  # mov rcx, _RETURNED
            bytes.fromhex("48 89 c2"),  # mov rdx, rax
            bytes.fromhex("48 29 ca"),  # sub rdx, rcx
            bytes.fromhex("48 81 fa") + len(_RETURNED).to_bytes(4, "little"),  # cmp rdx, size
            bytes.fromhex("48 0f 43 c1"),  # cmovae rax, rcx
            bytes.fromhex(_LOADS[registers]),
            bytes.fromhex("48 83 c4 08 c3"),  # add rsp, 8; ret
        )
    )
    # Fortran may keep the address, as it keeps C functions
    return executable(code)

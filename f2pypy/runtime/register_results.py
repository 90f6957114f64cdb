"""Results of callbacks that C returns in registers which ctypes' functions don't fill: structures and complex numbers.

System V ABI for x86-64, 3.2.3: a few instructions call the function of Python's, which returns the address of the
result's bytes, and load these.
"""

from __future__ import annotations

import ctypes
import threading
from typing import Any, Callable, Sequence

from f2pypy.runtime.callback_arguments import CallbackScalar, Question
from f2pypy.runtime.callback_memory import c_function, pointed_address, remembering, writer
from f2pypy.runtime.executable_memory import HAS_SYSTEM_V, executable
from f2pypy.runtime.interpreter import new_number
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.routines import pointer_to
from f2pypy.runtime.scalar_types import DOUBLE_COMPLEX, LONG, ScalarType

_MOST_IN_REGISTERS = 6  # arguments; those after them lie elsewhere on the stack
_MOST_FLOATING = 8  # doubles
_ROOM = 16
# A result of zeros, and one for each thread, by their numbers: another thread may run before the result is loaded.
_RETURNED = (ctypes.c_char * 65536)()
_RETURNED_AT = ctypes.addressof(_RETURNED)
_PLACES: dict[int, int] = {}
_PLACES_TAKEN: dict[int, Any] = {}
# Instructions that load what lies at the address in rax, by the classes of the eight bytes there and of the next eight.
_LOADS = {
    "I": "48 8b 00",  # mov rax, [rax]
    "F": "f2 0f 10 00",  # movsd xmm0, [rax]
    "II": "48 8b 50 08 48 8b 00",  # mov rdx, [rax+8]; mov rax, [rax]
    "FF": "f2 0f 10 48 08 f2 0f 10 00",  # movsd xmm1, [rax+8]; movsd xmm0, [rax]
    "IF": "f2 0f 10 40 08 48 8b 00",  # movsd xmm0, [rax+8]; mov rax, [rax]
    "FI": "f2 0f 10 00 48 8b 40 08",  # movsd xmm0, [rax]; mov rax, [rax+8]
}

_SAVED = 14 * 8 + 8  # bytes: what _SAVE saves, and how often the function is still called
_SAVE = (
    "48 89 3c 24 48 89 74 24 08 48 89 54 24 10"  # mov [rsp], rdi; mov [rsp+8], rsi; mov [rsp+16], rdx
    "48 89 4c 24 18 4c 89 44 24 20 4c 89 4c 24 28"  # mov [rsp+24], rcx; mov [rsp+32], r8; mov [rsp+40], r9
    "f2 0f 11 44 24 30 f2 0f 11 4c 24 38 f2 0f 11 54 24 40 f2 0f 11 5c 24 48"  # movsd [rsp+48+8i], xmm<i>
    "f2 0f 11 64 24 50 f2 0f 11 6c 24 58 f2 0f 11 74 24 60 f2 0f 11 7c 24 68"
    "48 c7 44 24 70 03 00 00 00"  # mov qword [rsp+112], 3
)
# The same moves in the other direction.
_RESTORE = (
    "48 8b 3c 24 48 8b 74 24 08 48 8b 54 24 10"
    "48 8b 4c 24 18 4c 8b 44 24 20 4c 8b 4c 24 28"
    "f2 0f 10 44 24 30 f2 0f 10 4c 24 38 f2 0f 10 54 24 40 f2 0f 10 5c 24 48"
    "f2 0f 10 64 24 50 f2 0f 10 6c 24 58 f2 0f 10 74 24 60 f2 0f 10 7c 24 68"
)

Remember = Callable[[BaseException], None]


def function_in_registers(
    answer: Callable[..., int], what: str, registers: str, kinds: Sequence[Any], remember: Remember, question: Question
) -> tuple[Any, Any]:
    """Return a C function with arguments of these `kinds`, and its pointer, as `c_function` does.

    `answer` gets the arguments and returns `place_of_thread`, where it has left what comes back in `registers`. Raises
    the module's error, which says `what` the function returns, where no C function can do that.
    """
    if not HAS_SYSTEM_V:
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
    function, pointer = c_function(remembering(answer, remember), LONG, kinds, remember)
    try:
        return function, pointer_to(_loading(pointed_address(pointer) or 0, registers))
    except (OSError, MemoryError) as reason:
        raise question.error(
            f"{question.callback} returns {what} and the system refuses the executable memory that Python needs for "
            f"that ({reason}): allow it (SELinux: setsebool deny_execmem 0; systemd: MemoryDenyWriteExecute=no), "
            "or have Fortran call a subroutine with an intent(out) argument"
        ) from None


def in_place(fill: Callable[..., None]) -> Callable[..., int]:
    """Return what `function_in_registers` takes, of `fill`, which gets the address of 16 bytes of zeros first."""

    def answer(*values: Any) -> int:
        memory = ctypes.create_string_buffer(_ROOM)
        fill(ctypes.addressof(memory), *values)
        place = place_of_thread()
        ctypes.memmove(place, memory, _ROOM)
        return place

    return answer


def place_of_thread() -> int:
    """Return where this thread leaves results: it loads each one before it returns the next."""
    thread = threading.get_ident()
    place = _PLACES.get(thread)
    if place is None:
        number = new_number(_PLACES_TAKEN)
        place = _PLACES[thread] = _RETURNED_AT + _ROOM + number * _ROOM % (len(_RETURNED) - _ROOM)
    return place


def returns_in_registers(kinds: Sequence[Any]) -> bool:
    """Whether `function_in_registers` makes functions with arguments of these `kinds`."""
    return HAS_SYSTEM_V and len(kinds) <= _MOST_IN_REGISTERS and not _lie_on_the_stack(kinds)


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
            store(place, answer(*values))

        def left(*values: Any) -> int:
            number = answer(*values)
            place = place_of_thread()
            store(place, number)
            return place

        if self.library.hides_complex_results():
            return c_function(remembering(fill, remember), None, (None, *kinds), remember)
        return function_in_registers(left, "a complex number", self.registers, kinds, remember, question)

    def fails_with_zero(self) -> bool:
        """Whether Fortran finds the result in registers."""
        return not self.library.hides_complex_results()


def function_in_memory(fill: Callable[..., None], kinds: Sequence[Any], remember: Remember) -> tuple[Any, Any]:
    """Return a C function that returns its first argument, where `fill` leaves the result, and its pointer.

    Where ctypes' function doesn't answer, as after an exception of a signal handler, it is called again if it can be.
    """

    def fill_there(place: int, *values: Any) -> int:
        fill(place, *values)
        return place

    function, pointer = c_function(remembering(fill_there, remember), LONG, kinds, remember)
    if not returns_in_registers(kinds):
        return function, pointer
    is_answered = bytes.fromhex("48 3b 04 24")  # cmp rax, [rsp]
    is_answered += bytes.fromhex("48 8b 0c 24 74")  # mov rcx, [rsp]; je
    try:
        return function, pointer_to(_calling_again(pointed_address(pointer) or 0, is_answered, b""))
    except (OSError, MemoryError):
        return function, pointer


def _loading(function: int, registers: str) -> int:
    """Return the address of code that calls a function, and loads registers from the address that it returns.

    After an exception outside of the function, as of a signal handler, ctypes returns any number.
    """
    is_answered = b"".join(
        (
            bytes.fromhex("48 b9") + _RETURNED_AT.to_bytes(8, "little"),  # mov rcx, _RETURNED
            bytes.fromhex("48 89 c2"),  # mov rdx, rax
            bytes.fromhex("48 29 ca"),  # sub rdx, rcx
            bytes.fromhex("48 81 fa") + len(_RETURNED).to_bytes(4, "little"),  # cmp rdx, size
            bytes.fromhex("72"),  # jb
        )
    )
    return _calling_again(function, is_answered, bytes.fromhex(_LOADS[registers]))


def _calling_again(function: int, is_answered: bytes, loads: bytes) -> int:
    """Return the address of code that calls a function until it has answered, at most three times.

    The exception of a signal handler is known the second time, and leaves what Fortran can go on with. `is_answered`
    ends in a jump for answers in rax, and leaves in rcx what takes their place if none comes.
    """
    call = bytes.fromhex(_RESTORE + "48 b8") + function.to_bytes(8, "little") + bytes.fromhex("ff d0")  # mov rax; call
    again = bytes.fromhex("48 ff 4c 24 70 0f 85")  # dec qword [rsp+112]; jnz
    instead = bytes.fromhex("48 89 c8")  # mov rax, rcx
    back = len(call) + len(is_answered) + 1 + len(again) + 4
    code = b"".join(
        (
            bytes.fromhex("f3 0f 1e fa 48 83 ec") + bytes([_SAVED]),  # endbr64; sub rsp, size
            bytes.fromhex(_SAVE),
            call,
            is_answered + bytes([len(again) + 4 + len(instead)]),
            again + (-back).to_bytes(4, "little", signed=True),
            instead,
            loads,
            bytes.fromhex("48 83 c4") + bytes([_SAVED]) + bytes.fromhex("c3"),  # add rsp, size; ret
        )
    )
    # Fortran may keep the address, as it keeps C functions
    return executable(code)

"""Gates between Fortran and PyPy's C functions: after an exception, Fortran gets zero without a call of Python.

A Python function that Fortran calls costs PyPy 50 ns or more, even one that does nothing. So Fortran is passed the
address of a gate: instructions that jump to where a cell says, which is the C function until that has raised.
"""

from __future__ import annotations

from typing import Any

from f2pypy.runtime.executable_memory import HAS_SYSTEM_V, executable
from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.pypy import CFFI, FFI, WORDS, cffi_integer, cffi_pointer

# Zero in all registers that have a result, see System V ABI for x86-64, 3.2.3; not on the x87's stack.
_RETURN_ZERO = (
    "f3 0f 1e fa",  # endbr64
    "31 c0",  # xor eax, eax
    "31 d2",  # xor edx, edx
    "66 0f ef c0",  # pxor xmm0, xmm0
    "66 0f ef c9",  # pxor xmm1, xmm1
    "c3",  # ret
)
_ENTER = (
    "f3 0f 1e fa",  # endbr64
    "48 b8 cell",  # movabs rax, cell
    "ff 20",  # jmp [rax]
)
_MADE_AT_ONCE = 128  # gates
_FREE_GATES: list[tuple[int, Any, int]] = []  # what `Gate` takes
_CELLS: list[Any] = []  # the memory of all cells


class Gate:
    """A way to a C function that can be shut; `pointer` is what Fortran is passed.

    It lies at the address `location`, its way in the `cell`; the function at `zero` returns that.
    """

    def __init__(self, location: int, cell: Any, zero: int) -> None:
        self.made_of = location, cell, zero
        self.pointer, self.cell, self.zero = cffi_pointer(location), cell, zero
        self.function = zero

    def __del__(self) -> None:
        self.shut()
        _FREE_GATES.append(self.made_of)

    def open(self) -> None:
        """Let Fortran call the function."""
        self.cell[0] = self.function

    def shut(self) -> None:
        """Give Fortran zero instead."""
        self.cell[0] = self.zero


def gate_to(pointer: Any) -> Gate | None:
    """Return an open gate to a C function; None where there are none."""
    if not (PYPY and HAS_SYSTEM_V):
        return None
    try:
        gate = Gate(*_FREE_GATES.pop())
    except IndexError:
        try:
            made = _make_gates()
        except (OSError, MemoryError, AttributeError):
            return None
        gate = Gate(*made.pop())
        _FREE_GATES.extend(made)
    gate.function = cffi_integer(pointer)
    gate.open()
    return gate


def _make_gates() -> list[tuple[int, Any, int]]:
    cells = FFI.new("intptr_t[]", _MADE_AT_ONCE)
    first = cffi_integer(cells)
    places = [first + FFI.sizeof("intptr_t") * place for place in range(_MADE_AT_ONCE)]
    zero = bytes.fromhex("".join(_RETURN_ZERO))
    entries = [bytes.fromhex("".join(_ENTER).replace("cell", place.to_bytes(8, "little").hex())) for place in places]
    start = executable(b"".join([*entries, zero]))
    # Fortran may keep an address: neither gates nor cells are freed, but what isn't used any more serves again
    _CELLS.append(cells)
    size = len(entries[0])
    end = start + size * len(places)
    return [(start + size * at, CFFI.cast(WORDS, place), end) for at, place in enumerate(places)]

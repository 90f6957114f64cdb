"""All memory as one buffer: what reads and stores at an address without a call of C."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.pypy import FFI

# The buffers end in the middle of a 32-bit system's memory.
REACHES_ALL = sys.maxsize > 1 << 32
# An address is an index into it.
MEMORY: Any = (
    FFI.buffer(FFI.cast("char *", 0), sys.maxsize)
    if PYPY
    else memoryview((ctypes.c_char * sys.maxsize).from_address(0)).cast("B")
)


def text_at(address: int, length: int) -> bytes:
    """Return the characters at an address."""
    if PYPY or not REACHES_ALL:
        return ctypes.string_at(address, length)
    text: bytes = MEMORY[address : address + length].tobytes()
    return text


_Bytes: Any = ctypes.c_char * (1 if PYPY else sys.maxsize - 1)


class AllMemory(_Bytes):  # type: ignore[misc]
    """All memory from address 1 on, as NumPy takes it; `owner` is kept as long as any view of it.

    NumPy takes a buffer at address 0 for none at all. On PyPy it never frees what a view of a buffer keeps.
    """

    __slots__ = ("owner",)

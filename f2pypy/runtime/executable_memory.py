"""Memory with machine code, which is there as long as the process: Fortran or Python may keep its address."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

from f2pypy.runtime.scalar_types import IS_X86_64

# Whether functions are called as the System V ABI for x86-64 says
HAS_SYSTEM_V = IS_X86_64 and sys.platform != "win32"
# Of mmap and mprotect
_TO_WRITE, _TO_RUN, _OWN_MEMORY = 1 | 2, 1 | 4, 2 | (0x1000 if sys.platform == "darwin" else 0x20)


def executable(code: bytes) -> int:
    """Return the address of machine code; MemoryError or OSError where the system gives no memory for it."""
    pages: Any = ctypes.CDLL(None, use_errno=True)
    pages.mmap.restype = ctypes.c_void_p
    pages.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    pages.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    size = -(-len(code) // pages.getpagesize()) * pages.getpagesize()
    address = pages.mmap(None, size, _TO_WRITE, _OWN_MEMORY, -1, 0)
    if address in (None, ctypes.c_void_p(-1).value):
        raise MemoryError("no memory for machine code")
    ctypes.memmove(address, code, len(code))
    if pages.mprotect(address, size, _TO_RUN):
        reason = ctypes.get_errno()
        pages.munmap(ctypes.c_void_p(address), ctypes.c_size_t(size))
        raise OSError(reason, "the system lets nobody make machine code")
    found: int = address
    return found

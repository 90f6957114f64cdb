"""How much of the C library's heap is in use."""

from __future__ import annotations

import ctypes
import sys


class Heap(ctypes.Structure):
    """What glibc says of its heap: ``struct mallinfo2`` in malloc.h."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            "arena",
            "free_chunks",
            "fast_chunks",
            "mapped_chunks",
            "mapped_bytes",
            "unused",
            "fast_bytes",
            "used_bytes",
            "free_bytes",
            "top_bytes",
        )
    ]


def bytes_in_use() -> int:
    """Return how many bytes are allocated, by Fortran and native code too; 0 where glibc 2.33 or later isn't there."""
    library = ctypes.CDLL(None) if sys.platform.startswith("linux") else None
    if not hasattr(library, "mallinfo2"):
        return 0
    library.mallinfo2.restype = Heap
    heap = library.mallinfo2()
    return int(heap.used_bytes + heap.mapped_bytes)

"""How much memory this process uses: of the C library's heap, and of the machine."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path


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


def resident_bytes() -> int:
    """Return how much memory the process occupies; 0 where the system doesn't say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")

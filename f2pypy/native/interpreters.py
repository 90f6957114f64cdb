"""Which interpreter of the process this is, and whether the system lets it run what it compiles.

Objects of one interpreter must not get into the code of another.
"""

from __future__ import annotations

import ctypes
import mmap
import os


def in_main_interpreter() -> bool:
    """Whether this is the interpreter that the process began with."""
    current = ctypes.pythonapi["PyInterpreterState_Get"]
    main = ctypes.pythonapi["PyInterpreterState_Main"]
    current.restype = main.restype = ctypes.c_void_p
    return bool(current() == main())


def may_run_new_code() -> bool:
    """Whether memory that was written may become executable; hardened systems refuse that, which LLVM doesn't see."""
    if os.name != "posix":
        return True
    page = mmap.mmap(-1, mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    page[0] = 0
    start = ctypes.addressof(ctypes.c_char.from_buffer(page))
    protect = ctypes.CDLL(None)["mprotect"]
    protect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    refused = protect(start, mmap.PAGESIZE, mmap.PROT_READ | mmap.PROT_EXEC)
    return not refused

"""Units of libgfortran whose OPEN ended a call: they look connected and have no file, and CLOSE would crash.

What compilers pass to OPEN and CLOSE is part of libgfortran's binary interface (ioparm.def in GCC). The number and the
stream are the first members of its ``gfc_unit``.
"""

from __future__ import annotations

import ctypes
from typing import Any

_HAS_IOSTAT, _HAS_FILE = 1 << 5, 1 << 8
_EMPTY = ctypes.create_string_buffer(b"/dev/null")
_PARAMETER_WORDS = 128  # more than these parameters have


def disconnect(runtime: Any, start: int, size: int) -> None:
    """Connect the unit that lies at `start`, in so many bytes, to an empty file and close it, if it has no stream."""
    number = ctypes.c_int.from_address(start).value
    if size < 64 or ctypes.c_void_p.from_address(start + 8).value is not None or number < 0:
        return
    status = ctypes.c_int(0)
    for procedure, flags in (("_gfortran_st_open", _HAS_IOSTAT | _HAS_FILE), ("_gfortran_st_close", _HAS_IOSTAT)):
        # The parts that all statements have: flags and unit, place in the source, iomsg and iostat; those of OPEN.
        words = (ctypes.c_int64 * _PARAMETER_WORDS)()
        words[0] = flags | number << 32
        words[1] = words[8] = ctypes.addressof(_EMPTY)
        words[5] = ctypes.addressof(status)
        words[7] = len(_EMPTY.value)
        runtime[procedure](words)
        if status.value:
            return

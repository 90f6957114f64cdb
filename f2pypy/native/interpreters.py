"""Which interpreter of the process this is: objects of one must not get into the code of another."""

from __future__ import annotations

import ctypes


def in_main_interpreter() -> bool:
    """Whether this is the interpreter that the process began with."""
    current = ctypes.pythonapi["PyInterpreterState_Get"]
    main = ctypes.pythonapi["PyInterpreterState_Main"]
    current.restype = main.restype = ctypes.c_void_p
    return bool(current() == main())

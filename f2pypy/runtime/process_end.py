"""Where Python was when Fortran ends the process.

STOP, ERROR STOP, a failed allocation, an error of input or output and what ``-fcheck`` finds end the process by C's
``exit``, which calls what is registered with it. Some errors of flang's runtime end it by ``abort``: that is a signal,
and signals are faulthandler's. Both print which of Python's calls it was; then the process ends as it would have.
"""

from __future__ import annotations

import atexit
import ctypes
import faulthandler
import os
import sys
from typing import Any

from f2pypy.runtime.interpreter import PROCESS


def report_process_end() -> None:
    """Print Python's traceback should the process end in compiled code; F2PYPY_TRACEBACK=0 turns that off."""
    # Of the C libraries, glibc and macOS's forget such a function again, which the end of the interpreter needs.
    forgets = sys.platform == "darwin" or "CS_GNU_LIBC_VERSION" in getattr(os, "confstr_names", ())
    # Many modules carry this code, and the process ends once.
    if not forgets or os.environ.get("F2PYPY_TRACEBACK") == "0" or "_f2pypy_process_end" in sys.__dict__:
        return
    owner = ctypes.c_char()

    def report(_: Any) -> None:
        frame = sys._getframe().f_back
        if owner.value != b"-" and frame is not None and sys.stderr is not None:
            import traceback  # seldom needed

            sys.stderr.write("The process ends in compiled code, called from (most recent call last):\n")
            traceback.print_stack(frame)
            for stream in (sys.stdout, sys.stderr):
                stream.flush()

    def forget() -> None:
        owner.value = b"-"  # the C library calls what it forgets
        PROCESS["__cxa_finalize"](ctypes.byref(owner))

    ending: Any = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(report)
    PROCESS["__cxa_atexit"](ending, None, ctypes.byref(owner))
    atexit.register(forget)
    if not faulthandler.is_enabled():
        faulthandler.enable(2)
    sys.__dict__["_f2pypy_process_end"] = ending  # which keeps it alive, too

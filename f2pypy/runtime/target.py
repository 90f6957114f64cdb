"""The machine that a module was written for: where C types have other sizes than there, importing it fails."""

from __future__ import annotations

import ctypes
import sys

from f2pypy.runtime.scalar_types import machine


def check_target(module: str, written_for: str, **sizes: int) -> None:
    """Raise ImportError where C types don't have the `sizes`, in bytes, that a module was written with.

    `sizes` are named by the constants of ISO_C_BINDING, `written_for` is a machine and its system.
    """
    for name, size in sizes.items():
        here = c_type_size(name)
        if here != size:
            raise ImportError(
                f"{module} was written for {written_for}, where {name} has {size} bytes; this Python is for"
                f" {machine()}-{sys.platform}, where it has {here}. Generate the module again on this machine, or with"
                " --compiled-by and the name of a compiler for it"
            )


def c_type_size(constant: str) -> int:
    """Return the bytes of a C type in which machines differ, by its constant of ISO_C_BINDING."""
    long = ctypes.sizeof(ctypes.c_long)
    if constant.startswith("c_int_fast"):
        # GNU's C library has long for them, others the smallest type
        digits = int("".join(filter(str.isdigit, constant)))
        return long if sys.platform == "linux" else digits // 8
    return long if constant == "c_long" else ctypes.sizeof(ctypes.c_void_p)

"""How a library was compiled: where complex results go, how wide integers are.

Nothing in a shared library tells, so one of its BLAS functions is called in a way that
is harmless under each convention and comes out differently. Libraries without BLAS are
taken to follow the compiler's convention that the module was generated for.
"""

from __future__ import annotations

import ctypes
import struct
import sys
from typing import Any

from f2pypy.runtime.scalar_types import IS_I386, complex_structure


def _one(bits: int) -> bytes:
    """Return 8 bytes that begin with the integer 1: of any width on little-endian machines, else of `bits`."""
    return struct.pack("@q" if bits == 64 or sys.byteorder == "little" else "@i4x", 1)


def hides_complex_result(function: Any, part: Any, bits: int = 64) -> bool | None:
    """Say whether a dot product returns its result through a hidden first argument.

    `function` is a library's zdotu, zdotc, cdotu or cdotc, `part` is c_double or
    c_float, `bits` the width of its integers. f2c, g77 and MKL's default interface hide it,
    other compilers return it in registers. None if the function does
    neither, or where both are one convention: i386 returns complex numbers of doubles
    through an address that comes first in any case.
    """
    if IS_I386 and part is ctypes.c_double:
        return None
    if part is ctypes.c_float:
        return _writes_to_first(function)
    # Each argument can be read as the integer 1 and as a complex number with the
    # imaginary part 2, 3, 5, ..., so that it doesn't matter which one is shifted away.
    cells = [
        ctypes.create_string_buffer(_one(bits) + struct.pack("@d", prime), 16)
        for prime in (2.0, 3.0, 5.0, 7.0, 11.0, 13.0)
    ]
    before = cells[0].raw
    function.restype = complex_structure(part)
    returned = function(*map(ctypes.byref, cells))
    if cells[0].raw != before:
        return True
    return False if abs(returned.real) == 3.0 * 7.0 else None


def _writes_to_first(function: Any) -> bool:
    # With all bits set, any integer is -1: there is nothing to read, and zero to write.
    cells = [ctypes.create_string_buffer(b"\xff" * 16) for _ in range(6)]
    before = cells[0].raw
    function.restype = None
    function(*map(ctypes.byref, cells))
    return cells[0].raw != before


def returns_double_for_real(sdot: Any, bits: int = 64) -> bool:
    """Say whether a library's REAL functions return a double, as f2c's do; `bits` is the width of its integers."""
    x, y = ctypes.c_float(1.5), ctypes.c_float(2.0)
    count = step = ctypes.create_string_buffer(_one(bits), 8)
    arguments = [ctypes.byref(cell) for cell in (count, x, step, y, step)]
    sdot.restype = ctypes.c_double
    return bool(sdot(*arguments) == 3.0)


def integer_bits(ddot: Any) -> int:
    """Return the width of a library's default integers, 32 or 64, from its ddot."""
    is_little = sys.byteorder == "little"
    x, y, step = ctypes.c_double(1.5), ctypes.c_double(2.0), ctypes.c_int64(1)
    # 1 if read as 32 bits, negative as 64; on big-endian machines 1 if read as 64, else no element at all
    count = ctypes.c_int64(1 - (1 << 63)) if is_little else step
    ddot.restype = ctypes.c_double
    is_one = bool(ddot(*[ctypes.byref(cell) for cell in (count, x, step, y, step)]) == 3.0)
    return 32 if is_one == is_little else 64

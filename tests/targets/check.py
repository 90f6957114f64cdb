"""Run by another machine's Python, which has NumPy and nothing else: a module for this machine answers rightly.

The arguments are the folder with the modules, and the expected bytes of C's long.
"""

from __future__ import annotations

import ctypes
import sys

sys.path.insert(0, sys.argv[1])

import blas
import foreign
import numpy as np

from f2pypy.runtime import conventions

long = np.dtype(f"i{sys.argv[2]}")
assert ctypes.sizeof(ctypes.c_long) == long.itemsize

# kinds
assert foreign.machine.bytes_of_long == long.itemsize
assert foreign.machine.bytes_of_size == ctypes.sizeof(ctypes.c_size_t)
assert foreign.machine.counter.dtype == long
assert foreign.machine.counter == 7
given = np.array([1, -2, 3], long)
assert foreign.long_integers(given) == long.itemsize
assert given.tolist() == [2, -1, 4]
# results
assert foreign.wide(2**40 + 1) == 2**41 + 2
assert foreign.narrow(-5) == -4
assert foreign.is_odd(3)
assert not foreign.is_odd(4)
assert foreign.single(3.0) == 0.75
assert foreign.double(3.0) == 0.75
assert foreign.turned_single(1 + 2j) == -2 + 1j
assert foreign.turned_double(1 + 2j) == -2 + 1j
assert foreign.greeting("you") == b"hi yo"
# hidden lengths, values, callbacks
assert foreign.lengths("abc", "de") == 302
assert foreign.by_value(3, 1.5, 0.25) == 4.75
assert foreign.applied(lambda x, n: x * n, 2.5) == 8.5
# descriptors
assert foreign.machine.total(np.arange(12.0).reshape(3, 4)[:, ::2]) == 30
foreign.machine.fill(3)
assert foreign.machine.table.tolist() == [[1, -1], [2, -2], [3, -3]]
assert foreign.machine.title == b"ababab"
foreign.common_block(5)
assert foreign.shared.k == 5
assert foreign.shared.x == 2.5
# a kind that Python can't pass costs its routine, and nothing else
if hasattr(foreign, "extended"):
    assert np.finfo(np.longdouble).nmant == 63
    third = foreign.extended(np.longdouble(1))
    assert abs(third * 3 - 1) < np.finfo(np.longdouble).eps
else:
    assert np.finfo(np.longdouble).nmant != 63
# what a library does is found out by probes: reference BLAS has integers of 32 bits and returns complex in registers
x = np.array([1.0, 2.0, 3.0])
assert blas.ddot(x, x) == 14
assert blas.sdot(x, x) == 14
assert blas.zdotu(x * 1j, x) == 14j
assert blas.cdotc(x * 1j, x) == -14j
assert blas.izamax(x * 1j) in (2, 3)
# What the runtime finds out of libraries of each sort, where it makes a difference: i386 returns floats and doubles in
# one register of the x87 and complex numbers of doubles in memory, s390x returns all complex numbers through a hidden
# first argument.
is_narrow, is_big = ctypes.sizeof(ctypes.c_void_p) == 4, sys.byteorder == "big"
for flags, bits, f2c in (
    ("-O1", 32, False),
    ("-fdefault-integer-8", 64, False),
    ("-ff2c", 32, True),
    ("-ff2c-fdefault-integer-8", 64, True),
):
    made = ctypes.CDLL(f"{sys.argv[1]}/blas{flags}.so")
    assert conventions.integer_bits(made.ddot_) == bits, flags
    returns_double = conventions.returns_double_for_real(made.sdot_, bits)
    assert returns_double is (f2c or is_narrow), flags
    for function, part in (
        (made.zdotu_, ctypes.c_double),
        (made.cdotu_, ctypes.c_float),
    ):
        hidden = conventions.hides_complex_result(function, part, bits)
        same = is_big or (is_narrow and part is ctypes.c_double)
        assert same or hidden is f2c, (flags, part)

bits = 8 * ctypes.sizeof(ctypes.c_void_p)
sys.stdout.write(f"{sys.byteorder}-endian, {bits} bits: all answers are right\n")

"""Calls: frames, results, pointers, arguments by value, threads."""

import ctypes
import gc
import math
import platform
import sys
import threading
import time
import weakref

import numpy as np
import pytest
from fortran_libraries import BLAS, BY_VALUE, MIXED

from f2pypy.runtime import routines
from f2pypy.runtime.array_types import float64
from f2pypy.runtime.arrays import array
from f2pypy.runtime.compilers import Compiler
from f2pypy.runtime.foreign import slow_address
from f2pypy.runtime.frames import Frame
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.pypy import cffi_integer
from f2pypy.runtime.routines import (
    Routine,
    address,
    length,
    offset,
    passed,
    shape,
)
from f2pypy.runtime.scalar_types import (
    CHARACTER,
    COMPLEX,
    COMPLEX_LONG_DOUBLE,
    DOUBLE,
    DOUBLE_COMPLEX,
    FLOAT,
    INT,
    INT8,
    INT16,
    LOGICAL,
    LONG,
    UINT,
)

PYPY = sys.implementation.name == "pypy"
KINDS = {
    "i1": INT8,
    "i2": INT16,
    "i4": INT,
    "i8": LONG,
    "r4": FLOAT,
    "r8": DOUBLE,
    "c8": COMPLEX,
    "c16": DOUBLE_COMPLEX,
    "l": LOGICAL,
    "ch": CHARACTER,
}


@pytest.fixture(scope="module")
def blas(compiled):
    return Library("m", path=str(compiled(BLAS)))


@pytest.fixture(scope="module")
def mixed(compiled):
    return Library("m", path=str(compiled(MIXED)))


def call_kinds(routine, *values):
    frame = routine.frame(*values)
    routine.call(*(getattr(frame, name) for name in KINDS))
    results = frame.results()
    routine.release(frame)
    return results


class TestScalars:
    values = (1, 2, 3, 4, 0.5, 0.25, 1.0, 2.0, 3.0, 4.0, 0, b"A")

    def test_every_type_there_and_back(self, mixed):
        results = call_kinds(
            Routine(mixed, "kinds", None, KINDS, outputs=tuple(KINDS)), *self.values
        )
        assert results == (2, 3, 4, 5, 1.5, 1.25, 2 + 1j, 4 + 3j, 1, b"B")
        assert [type(result) for result in results] == [
            *[int] * 4,
            *[float] * 2,
            *[complex] * 2,
            int,
            bytes,
        ]

    @pytest.mark.parametrize(
        "outputs", [(), ("i4",), ("r8", "i1"), ("ch", "c8", "l"), ("i8", "c16")]
    )
    def test_outputs_come_in_their_order(self, mixed, outputs):
        every = dict(zip(KINDS, (2, 3, 4, 5, 1.5, 1.25, 2 + 1j, 4 + 3j, 1, b"B")))  # noqa: B905
        results = call_kinds(
            Routine(mixed, "kinds", None, KINDS, outputs), *self.values
        )
        assert results == tuple(every[name] for name in outputs)

    def test_reals_overflow_as_in_c(self, mixed):
        values = (44, 4464, 3, 4, 1e300, 0.25, -1e300, 2.0, 3.0, 4.0, 1, b"A")
        results = call_kinds(
            Routine(mixed, "kinds", None, KINDS, ("i1", "i2", "r4", "c8", "l")), *values
        )
        assert results == (45, 4465, math.inf, complex(-math.inf, 1), 0)

    def test_numpy_scalars(self, mixed):
        values = (
            *map(np.int64, (1, 2, 3, 4)),
            *map(np.float32, (0.5, 0.25, 1, 2, 3, 4)),
            np.int8(0),
            b"A",
        )
        assert call_kinds(
            Routine(mixed, "kinds", None, KINDS, ("i4", "r4")), *values
        ) == (4, 1.5)

    @pytest.mark.parametrize(
        ("kind", "value", "text"),
        [
            (INT, 2**31, "Python int too large to convert to C int"),
            (INT, -(2**31) - 1, "Python int too large to convert to C int"),
            (INT8, 128, "128 isn't an integer of 8 bits"),
            (INT8, -129, "-129 isn't an integer of 8 bits"),
            (UINT, -(2**40), "Python int too large to convert to C int"),
            (LONG, 2**63, "int too big to convert"),
        ],
    )
    def test_integer_too_wide(self, mixed, kind, value, text):
        routine = Routine(mixed, "odd", LOGICAL, {"n": kind})
        for _ in range(2):
            with pytest.raises(OverflowError, match=rf"^{text}$"):
                routine.frame(value)
        assert routine.frame(3).n is not None

    def test_wrong_number_of_values(self, mixed):
        with pytest.raises(
            TypeError, match="takes 1 positional argument but 2 were given"
        ):
            Routine(mixed, "odd", LOGICAL, {"n": INT}).frame(1, 2)

    def test_logical_result_is_0_or_1(self, mixed):
        routine = Routine(mixed, "odd", LOGICAL, {"n": INT})
        frames = [routine.frame(n) for n in (3, 4)]
        assert [routine.call(frame.n) for frame in frames] == [1, 0]


class TestFrames:
    def test_released_frame_is_used_again(self, mixed):
        routine = Routine(mixed, "odd", LOGICAL, {"n": INT})
        first = routine.frame(1)
        assert routine.frame(2) is not first
        routine.release(first)
        assert routine.frame(3) is first

    def test_frame_lost_to_an_exception_is_garbage(self, mixed):
        routine = Routine(mixed, "odd", LOGICAL, {"n": INT})
        lost = weakref.ref(routine.frame(1))
        gc.collect()
        gc.collect()
        assert lost() is None
        assert isinstance(routine.frame(2), Frame)

    def test_nothing_is_looked_up_before_the_call(self, blas):
        routine = Routine(blas, "nosuch", None, {"n": INT})
        routine.frame(1)
        with pytest.raises(AttributeError):
            routine.call()

    def test_repr(self, blas):
        assert (
            repr(Routine(blas, "ddot", DOUBLE, {})) == "<Fortran procedure ddot of m>"
        )


class TestPointers:
    @pytest.mark.parametrize(
        "value",
        [
            np.arange(3.0),
            np.arange(6.0).reshape(2, 3),
            np.asfortranarray(np.arange(6.0).reshape(2, 3)),
            np.array(3.0),
            np.arange(9.0)[4:],
            np.zeros(0),
        ],
    )
    def test_address_and_shape(self, value):
        assert address_of(address(value)) == value.__array_interface__["data"][0]
        assert shape(value) == value.shape

    def test_address_of_a_substitute(self):
        value = np.asfortranarray(np.arange(6.0).reshape(2, 3))
        passed = array(value, float64, (-1,), 0, "m.f", "a")
        assert address_of(address(passed)) == value.__array_interface__["data"][0]

    def test_address_of_read_only_memory(self):
        value = np.arange(3.0)
        value.flags.writeable = False
        assert address_of(address(value)) == value.__array_interface__["data"][0]

    @pytest.mark.skipif(
        PYPY, reason="CPython's NumPy has the layout that the fallback is for"
    )
    def test_slow_address(self):
        value = np.arange(3.0)
        assert slow_address(value).value == address(value).value

    def test_offset(self, blas):
        x = np.arange(5.0)
        routine = Routine(blas, "ddot", DOUBLE, {"n": INT, "one": INT})
        frame = routine.frame(2, 1)
        assert (
            routine.call(frame.n, offset(x, 3), frame.one, offset(x, 0), frame.one)
            == 4.0
        )
        offset(x, 5)

    @pytest.mark.parametrize("elements", [-1, 6, 2**62])
    def test_offset_outside(self, elements):
        with pytest.raises(
            ValueError,
            match=rf"^offset {elements} lies outside of an array of 5 elements$",
        ):
            offset(np.arange(5.0), elements)

    def test_pointer_of_a_procedure(self, blas):
        pointer = Routine(blas, "ddot", DOUBLE, {})._cpointer
        if PYPY:
            location = pointer.value
        else:
            assert type(pointer).__name__ == "PyCapsule"
            read = ctypes.pythonapi["PyCapsule_GetPointer"]
            read.restype = ctypes.c_void_p
            read.argtypes = [ctypes.py_object, ctypes.c_char_p]
            location = read(pointer, None)
        one, two = ctypes.c_int(1), (ctypes.c_double * 1)(1.5)
        function = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_void_p] * 5)(location)
        n, x = ctypes.addressof(one), ctypes.addressof(two)
        assert function(n, x, n, x, n) == 2.25


def address_of(pointer):
    if PYPY:
        return int(cffi_integer(pointer))
    return pointer.value


class TestByValue:
    def test_scalars(self, compiled):
        library = Library("m", path=str(compiled(BY_VALUE)))
        routine = Routine(
            library, "weighted", DOUBLE, {}, by_value={0: INT, 1: DOUBLE, 2: FLOAT}
        )
        assert routine.call(3, 1.5, 0.25) == 4.75

    def test_module_procedure(self, compiled):
        symbols = "__{module}_MOD_{name}"
        library = Library(
            "m",
            path=str(compiled(BY_VALUE)),
            compiler=Compiler("gfortran", symbols, symbols),
        )
        routine = Routine(
            library,
            "square",
            None,
            {"n": INT, "m": INT},
            ("m",),
            fortran_module="inner",
        )
        frame = routine.frame(7, 0)
        routine.call(frame.n, frame.m)
        assert frame.results() == (49,)

    def test_hidden_lengths(self, mixed):
        routine = Routine(
            mixed,
            "lengths",
            None,
            {"n": INT, "la": INT, "lb": INT},
            outputs=("la", "lb"),
        )
        text = np.zeros(20, "S1")
        for lengths in ((3, 7), (0, 20)):
            frame = routine.frame(1, 0, 0)
            routine.call(
                address(text),
                frame.n,
                address(text),
                frame.la,
                frame.lb,
                length(lengths[0]),
                length(lengths[1]),
            )
            assert frame.results() == lengths


class TestThreads:
    def test_many_threads_share_a_routine(self, blas):
        routine = Routine(blas, "ddot", DOUBLE, {"n": INT, "incx": INT, "incy": INT})
        wrong = []
        start = threading.Barrier(40)

        def work(seed):
            x = np.full(50, float(seed))
            start.wait()
            for n in range(50):
                frame = routine.frame(n, 1, 1)
                time.sleep(0)
                result = routine.call(
                    frame.n, address(x), frame.incx, address(x), frame.incy
                )
                routine.release(frame)
                if result != n * seed * seed:
                    wrong.append((seed, n, result))

        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []

    def test_reentry_from_a_callback(self, mixed):
        routine = Routine(mixed, "apply", DOUBLE, {"x": DOUBLE})
        depth = []

        def call(x, inner):
            frame = routine.frame(x)
            pointer = routines.pointer_to(ctypes.cast(inner, ctypes.c_void_p).value)
            result = routine.call(pointer, frame.x)
            routine.release(frame)
            return result

        kind = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.POINTER(ctypes.c_double))

        @kind
        def callback(x):
            depth.append(x[0])
            return call(x[0] - 1, callback) + 1 if x[0] > 0 else 0.0

        assert call(5.0, callback) == 5.0
        assert depth == [5, 4, 3, 2, 1, 0]

    @pytest.mark.parametrize("threadsafe", [False, True])
    def test_only_threadsafe_routines_run_together(self, compiled, threadsafe):
        library = Library("m", path=str(compiled(SLEEPING)))
        routine = Routine(
            library, "pause", None, {"milliseconds": INT}, threadsafe=threadsafe
        )

        def work():
            frame = routine.frame(100)
            routine.call(frame.milliseconds)

        threads = [threading.Thread(target=work) for _ in range(4)]
        begin = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - begin
        assert seconds < 0.35 if threadsafe else seconds >= 0.4


SLEEPING = """
subroutine pause(milliseconds)
  use iso_c_binding
  integer milliseconds
  interface
    integer(c_int) function usleep(microseconds) bind(c)
      use iso_c_binding
      integer(c_int), value :: microseconds
    end function
  end interface
  integer(c_int) ignored
  ignored = usleep(1000*milliseconds)
end subroutine
"""


VALUES = """
function scaled(x, z, n) result(r)
  real(8), value :: x
  complex(8), value :: z
  integer, value :: n
  complex(8) :: r
  r = x*z**n
end function
"""
PRECISE = """
function precise(z) result(r)
  complex(10), value :: z
  complex(10) :: r
  r = z/3
end function
"""
CONVENTIONS = pytest.mark.parametrize(
    ("flags", "abi"), [((), "registers"), (("-ff2c",), "hidden")]
)


@CONVENTIONS
def test_values_come_after_the_place_of_a_hidden_result(compiled, flags, abi):
    library = Library("m", path=str(compiled(VALUES, *flags)), abi=abi)
    kinds = {0: DOUBLE, 1: DOUBLE_COMPLEX, 2: INT}
    scaled = Routine(library, "scaled", DOUBLE_COMPLEX, {}, by_value=kinds)
    for x in (0.5, 2.0):
        assert scaled.call(x, passed(1 + 2j, DOUBLE_COMPLEX), 2) == x * (-3 + 4j)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="complex(10) is x86's")
@CONVENTIONS
def test_extended_numbers_have_all_digits_as_hidden_results(compiled, flags, abi):
    library = Library("m", path=str(compiled(PRECISE, *flags)), abi=abi)
    extended = COMPLEX_LONG_DOUBLE
    precise = Routine(library, "precise", extended, {}, by_value={0: extended})
    third = precise.call(passed(1, extended))
    assert third == np.clongdouble(1) / 3
    assert third.dtype == "clongdouble"

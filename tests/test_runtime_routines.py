"""Calls: scalars, results, pointers, arguments by value, threads."""

import ctypes
import math
import platform
import sys
import threading
import time

import numpy as np
import pytest
from fortran_libraries import BLAS, BY_VALUE, MIXED

from f2pypy.runtime import routines
from f2pypy.runtime.array_types import float64
from f2pypy.runtime.arrays import array
from f2pypy.runtime.compilers import Compiler
from f2pypy.runtime.foreign import slow_address
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import ARRAY, PASSED
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
    LOGICAL8,
    LONG,
    UINT,
    UINT8,
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
def bumped(compiled):
    return Library("m", path=str(compiled(BUMPED)))


@pytest.fixture(scope="module")
def mixed(compiled):
    return Library("m", path=str(compiled(MIXED)))


TYPES = tuple(KINDS.values())
PLACES = {name: at for at, name in enumerate(KINDS)}


class TestScalars:
    values = (1, 2, 3, 4, 0.5, 0.25, 1 + 2j, 3 + 4j, 0, b"A")

    def test_every_type_there_and_back(self, mixed):
        routine = Routine(mixed, "kinds", None, TYPES, range(len(TYPES)))
        results = routine.call(*self.values)
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
        routine = Routine(mixed, "kinds", None, TYPES, [PLACES[n] for n in outputs])
        expected = tuple(every[name] for name in outputs)
        if len(outputs) < 2:
            expected = expected[0] if outputs else None
        assert routine.call(*self.values) == expected

    def test_reals_overflow_as_in_c(self, mixed):
        values = (44, 4464, 3, 4, 1e300, 0.25, complex(-1e300, 2), 3 + 4j, 1, b"A")
        outputs = [PLACES[name] for name in ("i1", "i2", "r4", "c8", "l")]
        results = Routine(mixed, "kinds", None, TYPES, outputs).call(*values)
        assert results == (45, 4465, math.inf, complex(-math.inf, 1), 0)

    def test_numpy_scalars(self, mixed):
        values = (
            *map(np.int64, (1, 2, 3, 4)),
            *map(np.float32, (0.5, 0.25)),
            *map(np.complex64, (1 + 2j, 3 + 4j)),
            np.int8(0),
            b"A",
        )
        routine = Routine(mixed, "kinds", None, TYPES, (PLACES["i4"], PLACES["r4"]))
        assert routine.call(*values) == (4, 1.5)

    @pytest.mark.parametrize("name", KINDS)
    def test_no_two_calls_share_memory(self, mixed, name):
        """Each scalar starts from what the caller gave, whatever Fortran has made of it before."""
        routine = Routine(mixed, "kinds", None, TYPES, (PLACES[name],))
        assert len({routine.call(*self.values) for _ in range(3)}) == 1

    @pytest.mark.parametrize("kind", [INT8, UINT8, CHARACTER, LOGICAL8])
    def test_fortran_never_writes_to_an_object_of_python(self, bumped, kind):
        values = [b"A", b"B"] if kind is CHARACTER else [65, 66]
        routine = Routine(bumped, "bump", None, (kind,), (0,))
        after = routine.call(values[0])
        assert after == (1 if kind is LOGICAL8 else values[1])
        assert (b"AB"[:1], bytes([65]), chr(65)) == (b"A", b"A", "A")

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
        routine = Routine(mixed, "odd", LOGICAL, (kind,))
        for _ in range(2):
            with pytest.raises(OverflowError, match=rf"^{text}$"):
                routine.call(value)
        assert routine.call(3) == 1

    def test_wrong_number_of_values(self, mixed):
        with pytest.raises(
            TypeError, match="takes 1 positional argument but 2 were given"
        ):
            Routine(mixed, "odd", LOGICAL, (INT,)).call(1, 2)

    def test_logical_result_is_0_or_1(self, mixed):
        routine = Routine(mixed, "odd", LOGICAL, (INT,))
        assert [routine.call(n) for n in (3, 4)] == [1, 0]

    def test_result_comes_before_the_outputs(self, bumped):
        routine = Routine(bumped, "bumped", DOUBLE, (INT, DOUBLE), (1, 0))
        assert routine.call(3, 0.5) == (3.5, 1.5, 4)
        assert Routine(bumped, "bumped", DOUBLE, (INT, DOUBLE), (0,)).call(3, 0.5) == (
            3.5,
            4,
        )

    def test_one_variable_lies_in_memory_once(self, bumped):
        routine = Routine(bumped, "same", INT, (INT, 0, INT), (0,))
        assert routine.call(7, 7, 7) == (1, 8)
        assert Routine(bumped, "same", INT, (INT, INT, INT)).call(7, 7, 7) == 0

    def test_what_is_left_out_is_null(self, bumped):
        routine = Routine(
            bumped, "present", INT, (INT, ARRAY, CHARACTER), (0,), (0, 1, 2)
        )
        x = np.zeros(1)
        assert routine.call(None, None, None) == (0, None)
        assert routine.call(5, None, b"x") == (101, 6)
        assert routine.call(None, x, None) == (10, None)
        with pytest.raises(OverflowError):
            routine.call(2**31, None, None)

    def test_a_single_that_overflows_beside_what_is_left_out(self, bumped):
        routine = Routine(bumped, "infinite", INT, (FLOAT, FLOAT), (), (0, 1))
        assert routine.call(1e300, None) == 1
        assert routine.call(None, -1e300) == 2


class TestFirstCall:
    def test_nothing_is_looked_up_before_the_call(self, blas):
        routine = Routine(blas, "nosuch", None, (INT,))
        for _ in range(2):
            with pytest.raises(AttributeError):
                routine.call(1)

    def test_a_function_that_was_forgotten_is_found_again(self, mixed):
        routine = Routine(mixed, "odd", LOGICAL, (INT,))
        assert routine.call(3) == 1
        routine.call = routine._first_call
        assert routine.call(4) == 0

    def test_repr(self, blas):
        assert (
            repr(Routine(blas, "ddot", DOUBLE, ())) == "<Fortran procedure ddot of m>"
        )


BUMPED = """
subroutine bump(n)
  integer(1) n
  n = n + 1_1
end subroutine
real(8) function bumped(n, x)
  integer n
  real(8) x
  bumped = n + x
  n = n + 1
  x = x + 1
end function
integer function same(i, j, k)
  integer, volatile :: i, j, k
  i = i + 1
  same = merge(1, 0, i == j .and. i /= k)
end function
integer function present(n, x, c)
  use iso_c_binding
  type(c_ptr), value :: n, x, c
  integer, pointer :: at
  present = 0
  if (c_associated(n)) then
    call c_f_pointer(n, at)
    at = at + 1
    present = present + 1
  end if
  if (c_associated(x)) present = present + 10
  if (c_associated(c)) present = present + 100
end function
integer function infinite(x, y)
  real, optional :: x, y
  infinite = 0
  if (present(x)) then
    if (x > huge(x)) infinite = 1
  end if
  if (present(y)) then
    if (y < -huge(y)) infinite = 2
  end if
end function
"""


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
        kinds = (INT, PASSED, INT, PASSED, 2)
        routine = Routine(blas, "ddot", DOUBLE, kinds)
        assert routine.call(2, offset(x, 3), 1, offset(x, 0), 1) == 4.0
        offset(x, 5)

    @pytest.mark.parametrize("elements", [-1, 6, 2**62])
    def test_offset_outside(self, elements):
        with pytest.raises(
            ValueError,
            match=rf"^offset {elements} lies outside of an array of 5 elements$",
        ):
            offset(np.arange(5.0), elements)

    def test_pointer_of_a_procedure(self, blas):
        pointer = Routine(blas, "ddot", DOUBLE, ())._cpointer
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
            library,
            "weighted",
            DOUBLE,
            (PASSED,) * 3,
            by_value={0: INT, 1: DOUBLE, 2: FLOAT},
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
            (INT, INT),
            outputs=(1,),
            fortran_module="inner",
        )
        assert routine.call(7, 0) == 49

    def test_hidden_lengths(self, mixed):
        routine = Routine(
            mixed,
            "lengths",
            None,
            (ARRAY, INT, ARRAY, INT, INT, PASSED, PASSED),
            outputs=(3, 4),
        )
        text = np.zeros(20, "S1")
        for lengths in ((3, 7), (0, 20)):
            hidden = map(length, lengths)
            assert routine.call(text, 1, text, 0, 0, *hidden) == lengths


class TestThreads:
    def test_many_threads_share_a_routine(self, blas):
        routine = Routine(blas, "ddot", DOUBLE, (INT, ARRAY, INT, ARRAY, INT))
        wrong = []
        start = threading.Barrier(40)

        def work(seed):
            x = np.full(50, float(seed))
            start.wait()
            for n in range(50):
                time.sleep(0)
                result = routine.call(n, x, 1, x, 1)
                if result != n * seed * seed:
                    wrong.append((seed, n, result))

        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []

    def test_reentry_from_a_callback(self, mixed):
        routine = Routine(mixed, "apply", DOUBLE, (PASSED, DOUBLE))
        depth = []

        def call(x, inner):
            pointer = routines.pointer_to(ctypes.cast(inner, ctypes.c_void_p).value)
            return routine.call(pointer, x)

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
        routine = Routine(library, "pause", None, (INT,), threadsafe=threadsafe)

        def work():
            routine.call(100)

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
    scaled = Routine(library, "scaled", DOUBLE_COMPLEX, (PASSED,) * 3, by_value=kinds)
    for x in (0.5, 2.0):
        assert scaled.call(x, passed(1 + 2j, DOUBLE_COMPLEX), 2) == x * (-3 + 4j)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="complex(10) is x86's")
@CONVENTIONS
def test_extended_numbers_have_all_digits_as_hidden_results(compiled, flags, abi):
    library = Library("m", path=str(compiled(PRECISE, *flags)), abi=abi)
    extended = COMPLEX_LONG_DOUBLE
    precise = Routine(library, "precise", extended, (PASSED,), by_value={0: extended})
    third = precise.call(passed(1, extended))
    assert third == np.clongdouble(1) / 3
    assert third.dtype == "clongdouble"

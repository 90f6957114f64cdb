"""Numba's functions and SciPy's LowLevelCallables as callbacks, and Fortran for both of them."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

if sys.implementation.name != "cpython":
    pytest.skip("numba and SciPy aren't for PyPy", allow_module_level=True)
if sys.version_info >= (3, 15):
    pytest.skip("numba isn't for CPython 3.15 yet", allow_module_level=True)
numba = pytest.importorskip("numba", reason="needs numba")
scipy = pytest.importorskip("scipy", reason="needs SciPy")
from numba import types  # noqa: E402
from scipy import LowLevelCallable  # noqa: E402
from scipy.integrate import quad  # noqa: E402

DOUBLE, INT, SINGLE = map(types.CPointer, (types.float64, types.int32, types.float32))
COMPLEX = types.CPointer(types.complex128)


def compiled(result: Any, *arguments: Any) -> Any:
    """Return the decorator that compiles a function with these types."""
    return numba.cfunc(result(*arguments))


def capsule_of(address: int, name: bytes | None) -> Any:
    new = ctypes.PYFUNCTYPE(
        ctypes.py_object, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p
    )(("PyCapsule_New", ctypes.pythonapi))
    return new(address, name, None)


@compiled(types.float64, DOUBLE)
def half(x):
    return x[0] / 2


@compiled(types.float64, types.float64)
def half_of_value(x):
    return x / 2


@compiled(types.void, INT, DOUBLE, DOUBLE, DOUBLE)
def decay(n, t, y, dy):
    for i in range(n[0]):
        dy[i] = -y[i] * (1 + t[0])


def test_numba_types(machine_code: Any) -> None:
    callers = machine_code.callers
    assert callers.sum_of(half, 4) == 5
    assert (
        callers.single_of(compiled(types.float32, SINGLE)(lambda x: x[0] / 2), 3.0)
        == 1.5
    )
    subtract = compiled(types.int32, INT, INT)(lambda i, j: i[0] - j[0])
    assert callers.count_of(subtract, 3) == -7
    large = compiled(types.int32, DOUBLE)(lambda x: types.int32(x[0] > 2))
    assert [callers.chosen(large, x) for x in (3.0, 1.0)] == [1, 0]
    weigh = compiled(types.float64, types.float64, types.int32, types.int64)
    assert callers.by_value(weigh(lambda x, k, j: x * k + j), 2.0) == 1e10 + 6

    @compiled(types.void, COMPLEX, COMPLEX)
    def turn(z, w):
        w[0] = z[0] * 1j

    assert callers.turned(turn, 2 + 1j) == -1 + 2j
    y, expected = np.ones(3), np.ones(3)
    callers.advance(decay, 0.0, y, 0.25, 4)
    callers.advance(machine_code.passed.decay, 0.0, expected, 0.25, 4)
    assert y.tolist() == expected.tolist()


def test_numba_functions_that_fortran_does_not_call(machine_code: Any) -> None:
    callers, error = machine_code.callers, machine_code.error
    assert callers.sum_of(half_of_value, 4) == 5  # called as Python
    refused = (
        (decay, r"void \(int \*, double \*, double \*, double \*\)"),
        (compiled(types.float32, DOUBLE)(lambda x: x[0]), r"float \(double \*\)"),
        (compiled(types.float64, types.voidptr)(lambda x: 1.0), r"double \(void \*\)"),
        (compiled(types.boolean, DOUBLE)(lambda x: True), r"bool \(double \*\)"),
        (
            compiled(types.float64, COMPLEX)(lambda z: 1.0),
            r"double \(double complex \*\)",
        ),
    )
    for function, shown in refused:
        text = rf"Fortran calls double \(double \*\); numba's function is {shown}$"
        with pytest.raises(error, match=text):
            callers.sum_of(function, 4)
    with pytest.raises(error, match="extra arguments"):
        callers.sum_of(half, 4, (1,))


def test_low_level_callables(machine_code: Any) -> None:
    callers = machine_code.callers
    for function in (
        LowLevelCallable(half.ctypes),
        LowLevelCallable(machine_code.passed.half.ctypes),
        LowLevelCallable(capsule_of(half.address, b"double (const double *x)")),
        LowLevelCallable(capsule_of(half.address, None)),
    ):
        assert callers.sum_of(function, 4) == 5
    with pytest.raises(machine_code.error, match=r"LowLevelCallable is double \(doub"):
        callers.sum_of(LowLevelCallable(half_of_value.ctypes), 4)


@pytest.mark.parametrize(
    ("name", "serves"),
    [
        (b"double (double *)", True),
        (b"double(double*)", True),
        (b"double (double * x)", True),
        (b"a name", True),
        (b"__pyx_t_5scipy_d (__pyx_t_5scipy_d *)", True),
        (b"double (double)", False),
        (b"double (double *, int)", False),
        (b"void (double *)", False),
        (b"double (void)", False),
        (b"long (double *)", False),
    ],
)
def test_capsules(machine_code: Any, name: bytes, serves: bool) -> None:
    """One whose name declares other types is refused; a name that says nothing of known types is no declaration."""
    capsule = capsule_of(half.address, name)
    if serves:
        assert machine_code.callers.sum_of(capsule, 4) == 5
        return
    with pytest.raises(machine_code.error, match=r"the capsule is "):
        machine_code.callers.sum_of(capsule, 4)


def test_integers_go_by_their_width(machine_code: Any) -> None:
    subtract = compiled(types.int32, INT, INT)(lambda i, j: i[0] - j[0])
    for name in (b"int32_t (int *, int32_t *)", b"int (const int *, int *)"):
        capsule = capsule_of(subtract.address, name)
        assert machine_code.callers.count_of(capsule, 3) == -7
    for name in (b"int64_t (int *, int *)", b"int (unsigned int *, int *)"):
        with pytest.raises(machine_code.error, match="Fortran calls int"):
            machine_code.callers.count_of(capsule_of(subtract.address, name), 3)


def test_numba_calls_fortran(machine_code: Any) -> None:
    fortran, by_value = machine_code.passed.half.ctypes, machine_code.passed.square
    square = by_value.ctypes

    @numba.njit
    def total(n, place):
        found = 0.0
        for i in range(n):
            place[0] = i
            found += fortran(place.ctypes) + square(float(i))
        return found

    assert total(4, np.zeros(1)) == 3 + 14


def test_numba_calls_fortran_with_arrays(machine_code: Any) -> None:
    product, turn = (
        machine_code.passed.product_of.ctypes,
        machine_code.passed.turn.ctypes,
    )

    @numba.njit
    def call(x, z):
        turn(z.ctypes, z[1:].ctypes)
        return product(x.size, x.ctypes)

    z = np.array([1 + 2j, 0])
    assert call(np.array([2.0, 3.0, 4.0]), z) == 24
    assert z[1] == -2 + 1j


def test_quad_integrates_fortran(machine_code: Any) -> None:
    passed = machine_code.passed
    for callable_, options in (
        (LowLevelCallable(passed.square.ctypes), {}),
        (LowLevelCallable(passed.product_of.ctypes), {}),
    ):
        answer, _ = quad(callable_, 0, 3, **options)
        expected = 9 if callable_.function is passed.square.ctypes else 4.5
        assert answer == pytest.approx(expected)
    assert quad(passed.square, 0, 3)[0] == pytest.approx(9)


def test_native_routines_are_machine_code_too(machine_code: Any) -> None:
    native = machine_code.__native__
    native.compile("passed_half")
    assert native.reason or "passed_half" in native.compiled, native.refused
    names: Sequence[str] = []
    half = machine_code.passed.half
    sys.setprofile(lambda frame, *_: names.append(frame.f_code.co_name))
    try:
        answer = machine_code.callers.sum_of(half, 4)
    finally:
        sys.setprofile(None)
    assert answer == 5
    assert "answer" not in names
    assert half(3.0) == 1.5


def test_arrays_by_numpys_types(machine_code: Any) -> None:
    """An ndpointer is exactly what Fortran passes, or what Python can give an array for."""
    array = np.ctypeslib.ndpointer(np.float64)
    integers = np.ctypeslib.ndpointer(np.int32)
    exact = ctypes.CFUNCTYPE(None, integers, array, array, array)(decay.address)
    y, expected = np.ones(3), np.ones(3)
    machine_code.callers.advance(exact, 0.0, y, 0.25, 4)
    machine_code.callers.advance(decay, 0.0, expected, 0.25, 4)
    assert y.tolist() == expected.tolist()
    weigh = numba.cfunc(types.float64(DOUBLE))(lambda x: 10 * x[0] + x[1])
    as_python = ctypes.CFUNCTYPE(ctypes.c_double, np.ctypeslib.ndpointer())
    assert machine_code.callers.of_two(as_python(weigh.address), 3.0) == 36


def test_memory_stays_where_it_is(machine_code: Any) -> None:
    """Many calls leave no objects behind; a few are those of other threads, pytest's for one."""
    # else it would be imported and work in between
    machine_code.__native__.compile()
    low = LowLevelCallable(half.ctypes)
    forms = (half, half.ctypes, low, machine_code.passed.half, half_of_value)

    def objects(calls: int) -> int:
        for _ in range(calls):
            for form in forms:
                machine_code.callers.sum_of(form, 1)
        gc.collect()
        return len(gc.get_objects())

    objects(10)
    before = objects(10)
    assert objects(1000) < before + 500
    counts = [sys.getrefcount(form) for form in forms]
    objects(100)
    assert [sys.getrefcount(form) for form in forms] == counts


def test_by_name(by_name: Any) -> None:
    by_name.attribute = numba.cfunc(types.int32(INT))(lambda n: n[0] + 1)
    try:
        gc.collect()
        assert by_name.reach_attribute(3) == 40
        by_name.attribute = LowLevelCallable(by_name.attribute.ctypes)
        gc.collect()
        assert by_name.reach_attribute(3) == 40
    finally:
        del by_name.attribute

"""Procedure pointers: what they point to is called from Python, and Python by what they point to."""

from __future__ import annotations

import ctypes
import gc
import importlib.util
import platform
import sys
import threading
from typing import Any

import numpy as np
import pytest

CPYTHON = sys.implementation.name == "cpython"


@pytest.fixture
def curves(procedure_pointers: Any) -> Any:
    """The module curves of fortran/pointers/procedure_pointers.f90."""
    found = procedure_pointers.curves
    found.current = None
    found.step = None
    found.turned = None
    return found


def test_a_null_pointer_is_none(curves: Any) -> None:
    assert curves.current is None
    assert curves.at(2.0) == sys.float_info.max
    curves.current = curves.square
    assert curves.at(2.0) == 4
    curves.current = None
    assert curves.current is None


def test_a_pointer_to_a_known_procedure_is_its_routine(curves: Any) -> None:
    assert curves.shape_of is curves.square
    assert curves.fixed is curves.square
    curves.choose("square")
    assert curves.current is curves.square
    curves.choose("inner")
    assert curves.current is curves.negative
    assert curves.current(2) == -2
    curves.current = curves.cube
    assert curves.current is curves.cube
    assert curves.at(2.0) == 8


def test_functions_return_what_they_point_to(
    procedure_pointers: Any, curves: Any
) -> None:
    assert curves.chosen("none") is None
    assert curves.chosen("cube") is curves.cube
    assert curves.chosen("inner")(3.0) == -3
    assert curves.like_square()(2.0) == 8
    f, m = curves.stepper(4)
    y = np.ones(3)
    f(y, "four")
    assert (m, y.tolist()) == (5, [4, 4, 4])
    curves.current = abs
    assert curves.chosen("current") is abs
    curves.current = curves.chosen("cube")
    assert curves.at(2.0) == 8
    assert procedure_pointers.handed_back(curves.square) is curves.square
    assert procedure_pointers.handed_back(None) is None
    assert "f : procedure pointer => curve" in curves.chosen.__doc__


def test_what_no_routine_wraps_is_called_by_its_address(
    procedure_pointers: Any, curves: Any
) -> None:
    interface = procedure_pointers._curves_pointed_curve_interface
    address = curves.cube.address
    unknown = interface._calling(address)
    assert unknown(3) == 27
    assert unknown(x=2.0) == 8
    assert unknown.address == address
    with pytest.raises(
        ValueError, match=r"curve\(\) 1st argument \(x\) can't be converted"
    ):
        unknown("x")
    assert unknown.__doc__.startswith("curve = curve(x)")
    curves.current = unknown
    assert curves.at(2.0) == 8


def test_python_functions(curves: Any) -> None:
    curves.current = lambda x: x + 1
    gc.collect()
    assert curves.at(2.0) == 3
    assert curves.sum_to(100) == 5150
    assert curves.current(5) == 6
    function = curves.current
    curves.current = function
    assert curves.current is function
    curves.current = np.sqrt
    assert curves.at(9.0) == 3
    curves.current = Doubling().twice
    gc.collect()
    assert curves.at(9.0) == 18


class Doubling:
    def twice(self, x: float) -> float:
        return 2 * x


def test_fortran_may_keep_a_pointer_to_python(curves: Any) -> None:
    curves.current = lambda x: x + 100
    curves.remember()
    curves.current = lambda x: x + 200
    gc.collect()
    assert curves.at(1.0) == 201
    curves.choose("last")
    assert curves.at(1.0) == 101
    assert curves.find("last")(1.0) == 101


def test_exceptions_come_through(curves: Any) -> None:
    calls = []

    def failing(x: float) -> float:
        calls.append(x)
        raise KeyError(x)

    curves.current = failing
    for _ in range(3):
        calls.clear()
        with pytest.raises(KeyError, match="1"):
            curves.sum_to(5)
        # Fortran gets zero from then on
        assert calls == [1.0]
    curves.current = lambda _: "x"
    with pytest.raises(ValueError, match="return_value of call-back function"):
        curves.at(1.0)
    curves.current = curves.square
    assert curves.at(3.0) == 9


def test_recursion(curves: Any) -> None:
    def factorial(x: float) -> float:
        return 1.0 if x < 2 else x * curves.at(x - 1)

    curves.current = factorial
    assert curves.at(6.0) == 720

    def failing(x: float) -> float:
        if x < 2:
            raise ZeroDivisionError
        try:
            return float(curves.at(x - 1))
        finally:
            calls.append(x)

    calls: list[float] = []
    curves.current = failing
    with pytest.raises(ZeroDivisionError):
        curves.at(4.0)
    assert calls == [2, 3, 4]


def test_threads(curves: Any) -> None:
    curves.current = lambda x: x + 1
    found: list[float] = []
    threads = [
        threading.Thread(target=lambda: found.append(curves.sum_to(200)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [20300.0] * 4


def test_subroutines_with_arrays_and_characters(curves: Any) -> None:
    seen = []

    # extents come last, as for all callbacks
    def double(y: Any, name: str, n: int) -> None:
        assert n == 4
        seen.append(name)
        y *= 2

    curves.step = double
    y = np.arange(4.0)
    curves.apply(y, "twice")
    assert y.tolist() == [0, 2, 4, 6]
    assert seen == ["twice"]
    assert curves.step is double


def test_complex_results(curves: Any) -> None:
    curves.turned = curves.quarter
    assert curves.turned_at(2.0) == 2j
    assert curves.turned is curves.quarter
    if platform.machine() == "x86_64":  # elsewhere Python can't return one
        curves.turned = lambda z: z * (3 - 1j)
        assert curves.turned_at(2.0) == 6 - 2j
        curves.turned = curves.quarter
    assert curves.turned_at(2.0) == 2j
    assert curves.turned is curves.quarter


def test_machine_code(curves: Any) -> None:
    kind = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.POINTER(ctypes.c_double))
    function = kind(lambda x: x[0] * 10)
    curves.current = function
    assert curves.at(1.0) == 10
    assert curves.current is function
    curves.current = ctypes.c_void_p(curves.cube.address)
    assert curves.at(2.0) == 8
    wrong = ctypes.CFUNCTYPE(None, ctypes.POINTER(ctypes.c_int))(print)
    error = sys.modules["procedure_pointers"].error
    with pytest.raises(error, match=r"Fortran calls double \(double \*\)"):
        curves.current = wrong


def test_what_can_not_be_pointed_to(curves: Any) -> None:
    for wrong, given in [(3, "int"), ("square", "str"), ([], "list")]:
        with pytest.raises(
            TypeError,
            match=f"curves.current: a function or None is expected, got {given}",
        ):
            curves.current = wrong
    with pytest.raises(AttributeError, match=r"curves.fixed is protected"):
        curves.fixed = None
    with pytest.raises(AttributeError, match="last"):
        _ = curves.last
    with pytest.raises(
        AttributeError,
        match="the interface of the procedure pointer 'unknown' isn't known",
    ):
        _ = curves.unknown
    with pytest.raises(
        sys.modules["procedure_pointers"].error,
        match="failed in processing argument list",
    ):
        curves.current = lambda x, y: x + y
    assert curves.current is None


def test_what_is_said_of_pointers(curves: Any) -> None:
    assert "current : procedure pointer => curve = curve(x)\n" in curves.__doc__
    assert "step : procedure pointer => change(y,name,[n])\n" in curves.__doc__
    assert "current" in dir(curves)
    assert "p : procedure pointer => curve" in curves.other.__doc__


def test_dummy_arguments(curves: Any) -> None:
    assert curves.find("cube") is curves.cube
    assert curves.find("nothing") is None
    assert curves.other(curves.square) is curves.cube
    assert curves.other(None) is curves.square
    assert curves.other(lambda x: x) is curves.square
    assert curves.value_of(curves.cube, 2.0) == 8
    assert curves.value_of(lambda x: x / 2, 3.0) == 1.5
    assert curves.value_of(None, 3.0) == sys.float_info.max
    assert [curves.presence(), curves.presence(None), curves.presence(curves.cube)] == [
        0,
        0,
        2,
    ]
    with pytest.raises(
        TypeError,
        match=r"value_of\(\) 1st argument \(p\): a function or None is expected, got int",
    ):
        curves.value_of(1, 2.0)
    with pytest.raises(ZeroDivisionError):
        curves.value_of(lambda x: x / 0, 2.0)


def test_what_a_dummy_argument_points_to_is_kept(curves: Any) -> None:
    curves.keep(lambda x: x - 1)
    gc.collect()
    assert curves.at(1.0) == 0
    assert curves.sum_to(3) == 3


def test_external_procedures(procedure_pointers: Any) -> None:
    def counted(n: int) -> int:
        return n + 1

    found = procedure_pointers.handed_on(counted)
    assert found is counted
    assert procedure_pointers.handed_on(None) is None


@pytest.mark.skipif(not CPYTHON, reason="PyPy has a compiler of its own")
def test_native_code_goes_when_python_is_pointed_to(procedure_pointers: Any) -> None:
    pytest.importorskip("llvmlite")
    pytest.importorskip("f2pypy")
    spec = procedure_pointers.__spec__
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    curves = module.curves
    curves.current = curves.square
    module.__native__.compile()
    assert "curves_at" in module.__native__.compiled
    assert curves.at(2.0) == 4

    def failing(_x: float) -> float:
        raise KeyError

    curves.current = failing
    with pytest.raises(KeyError):
        curves.at(2.0)
    assert module.__native__.compiled == []
    assert "procedure pointer" in module.__native__.reason
    curves.current = curves.square
    assert curves.at(3.0) == 9


def test_an_interrupt_before_what_a_pointer_points_to(
    curves: Any, interrupting: list[Any]
) -> None:
    curves.current = interrupting.append
    for _ in range(10):
        with pytest.raises(KeyboardInterrupt):
            curves.at_interrupted(2.0)
    curves.current = lambda x: 3 * x
    assert curves.at(2.0) == 6

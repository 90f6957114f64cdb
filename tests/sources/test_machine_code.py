"""Machine code as a callback: passed itself where it is what Fortran calls, else called as Python or refused."""

from __future__ import annotations

import ctypes
import gc
import importlib.util
import sys
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

POINTER = ctypes.POINTER
DOUBLE, INT = ctypes.c_double, ctypes.c_int
CPYTHON = sys.implementation.name == "cpython"
PROTOTYPES = r"Fortran calls double \(double \*\); the function of ctypes is {}\.?$"


@contextmanager
def python_called() -> Iterator[list[str]]:
    """Collect the names of the Python functions that are called meanwhile."""
    names: list[str] = []
    sys.setprofile(lambda frame, *_: names.append(frame.f_code.co_name))
    try:
        yield names
    finally:
        sys.setprofile(None)


def half(x: Any) -> float:
    return float(x[0]) / 2


def reference(*types: Any) -> Any:
    """Return the class of ctypes' functions with these types: of the result, of what is passed by reference."""
    return ctypes.CFUNCTYPE(types[0], *map(POINTER, types[1:]))


def test_a_function_of_ctypes(machine_code: Any) -> None:
    callers = machine_code.callers
    function = reference(DOUBLE, DOUBLE)(half)
    assert callers.sum_of(function, 4) == 5
    assert callers.sum_of(reference(DOUBLE, DOUBLE)(lambda x: 1 / (x[0] + 1)), 1) == 0.5
    assert callers.count_of(reference(INT, INT, INT)(lambda i, j: i[0] - j[0]), 3) == -7
    assert callers.single_of(reference(*[ctypes.c_float] * 2)(half), 3.0) == 1.5
    assert callers.chosen(reference(INT, DOUBLE)(lambda x: x[0] > 2), 3.0) == 1
    assert callers.chosen(reference(INT, DOUBLE)(lambda x: x[0] > 2), 1.0) == 0
    by_value = ctypes.CFUNCTYPE(DOUBLE, DOUBLE, INT, ctypes.c_longlong)
    assert callers.by_value(by_value(lambda x, k, j: x * k + j), 2.0) == 1e10 + 6


def test_arrays(machine_code: Any) -> None:
    def rhs(n: Any, t: Any, y: Any, dy: Any) -> None:
        for i in range(n[0]):
            dy[i] = -y[i] * (1 + t[0])

    expected = np.array([1.0, 2.0, 3.0])
    machine_code.callers.advance(lambda t, y, n: -y * (1 + t), 0.0, expected, 0.25, 4)
    passed = machine_code.passed
    for function in (
        reference(None, INT, DOUBLE, DOUBLE, DOUBLE)(rhs),
        passed.decay,
        passed.decay.ctypes,
        ctypes.c_void_p(passed.decay.address),
    ):
        y = np.array([1.0, 2.0, 3.0])
        machine_code.callers.advance(function, 0.0, y, 0.25, 4)
        assert y.tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("types", "shown"),
    [
        ((DOUBLE, POINTER(ctypes.c_float)), r"double \(float \*\)"),
        ((ctypes.c_float, POINTER(DOUBLE)), r"float \(double \*\)"),
        ((None, POINTER(DOUBLE)), r"void \(double \*\)"),
        ((DOUBLE, POINTER(DOUBLE), POINTER(INT)), r"double \(double \*, int \*\)"),
        ((DOUBLE, POINTER(POINTER(DOUBLE))), r"double \(double \*\*\)"),
        ((DOUBLE, POINTER(ctypes.c_int64)), r"double \(int64_t \*\)"),
        ((DOUBLE, ctypes.c_void_p), r"double \(void \*\)"),
    ],
)
def test_other_types_are_refused(machine_code: Any, types: Any, shown: str) -> None:
    function = ctypes.CFUNCTYPE(*types)(lambda *_: 0)
    with pytest.raises(machine_code.error, match=PROTOTYPES.format(shown)):
        machine_code.callers.sum_of(function, 4)


@pytest.mark.parametrize(
    "made",
    [ctypes.c_void_p, reference(DOUBLE, DOUBLE), ctypes.CFUNCTYPE(DOUBLE, DOUBLE)],
)
def test_null_pointers_are_refused(machine_code: Any, made: Any) -> None:
    with pytest.raises(machine_code.error, match="call-back f: it is a null pointer"):
        machine_code.callers.sum_of(made(), 4)


def test_what_python_can_call_is_called_as_python(machine_code: Any) -> None:
    callers, passed = machine_code.callers, machine_code.passed
    by_value = ctypes.CFUNCTYPE(DOUBLE, DOUBLE)(lambda x: x / 2)
    assert callers.sum_of(by_value, 4) == 5
    assert callers.sum_of(passed.square, 3) == passed.square(1.0) + 4 + 9
    # it declares nothing
    undeclared = ctypes.CDLL(None)["abs"]
    with pytest.raises(ctypes.ArgumentError):
        callers.sum_of(undeclared, 4)
    checked = ctypes.CFUNCTYPE(DOUBLE, DOUBLE)(passed.square.address)
    checked.errcheck = lambda result, *_: result + 1
    assert callers.sum_of(checked, 2) == 7


def test_extra_arguments_make_python_of_it(machine_code: Any) -> None:
    callers, passed = machine_code.callers, machine_code.passed
    function = reference(DOUBLE, DOUBLE)(half)
    with pytest.raises(machine_code.error, match="with extra arguments, which machine"):
        callers.sum_of(function, 4, (1,))
    with pytest.raises(machine_code.error):
        callers.sum_of(ctypes.c_void_p(passed.half.address), 4, (1,))
    assert callers.count_of(passed.rounded, 3, (1.0,)) == 2


@pytest.mark.parametrize(
    ("caller", "given", "function", "answer", "direct"),
    [
        ("sum_of", 4, "half", 5, True),
        ("single_of", 3.0, "single_half", 1.5, True),
        ("count_of", 3, "subtract", -7, True),
        ("chosen", 11.0, "is_large", 1, True),
        ("by_value", 2.0, "weighted", 1e10 + 6, True),
        ("turned", 2 + 1j, "turn", -1 + 2j, True),
        ("of_two", 3.0, "sum_two", 9, True),
        # of the same C types, or nearly
        ("chosen", 11.0, "rounded", 1, False),
        ("sum_of", 4, "square", 30, False),
        ("turned", 2 + 1j, "conjugate", 2 - 1j, False),
        ("length_of", "ab", "count_letters", 2, False),
        ("described", [1.0, 2.0], "total", 3, False),
    ],
)
def test_routines(
    machine_code: Any,
    monkeypatch: pytest.MonkeyPatch,
    caller: str,
    given: Any,
    function: str,
    answer: Any,
    direct: bool,
) -> None:
    """Those that are just what Fortran calls are called without Python, all others through it."""
    # other tests have called some so often that they start in native code, where nobody sees them
    monkeypatch.setenv("F2PYPY_NATIVE", "0")
    module = copy_of(machine_code)
    routine, call = getattr(module.passed, function), getattr(module.callers, caller)
    assert call(routine, given) == answer
    with python_called() as names:
        assert call(routine, given) == answer
    assert (f"passed_{function}" not in names) == direct


def copy_of(machine_code: Any) -> Any:
    """Return the module of the same file once more, with a runtime and a library of its own."""
    spec = importlib.util.spec_from_file_location("again", machine_code.__file__)
    assert spec is not None
    assert spec.loader is not None
    other = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(other)
    return other


def goes_through_python(machine_code: Any, routine: Any) -> bool:
    with python_called() as names:
        assert machine_code.callers.sum_of(routine, 4) == 5
    return "passed_half" in names


def test_routines_of_another_module(machine_code: Any) -> None:
    """Where each library has a lock of its own, Python takes it."""
    other = copy_of(machine_code)
    half = other.passed.half
    assert type(half) is not type(machine_code.passed.half)
    own_lock = half.procedure.library.turns.needed
    assert goes_through_python(machine_code, half) == own_lock
    assert machine_code.callers.sum_of(other.passed.square, 4) == 30


def test_routines_for_a_library_that_lets_other_threads_run(machine_code: Any) -> None:
    """Python sees that only one thread at a time is in what isn't threadsafe."""
    other = copy_of(machine_code)
    half = other.passed.half
    procedure = half.procedure
    assert not goes_through_python(other, half)
    type(procedure)(procedure.library, "half", None, {}, threadsafe=True)
    assert goes_through_python(other, half)
    procedure.threadsafe = True
    assert not goes_through_python(other, half)


def test_routines_that_would_crash_without_python(machine_code: Any) -> None:
    with pytest.raises(ValueError, match="sum_three"):
        machine_code.callers.of_two(machine_code.passed.sum_three, 2.0)
    with pytest.raises(TypeError):
        machine_code.callers.maybe(machine_code.passed.doubled, 2.0)
    y = np.ones(2)
    with pytest.raises(TypeError, match="input 'int' object is not an array"):
        # `dy`, which Python isn't passed
        machine_code.callers.advance(machine_code.passed.grow, 0.0, y, 0.25, 4)


def test_descriptors_have_no_c_types(machine_code: Any) -> None:
    function = ctypes.CFUNCTYPE(DOUBLE, ctypes.c_void_p)(lambda _: 1.0)
    with pytest.raises(machine_code.error, match="arguments that C types don't descr"):
        machine_code.callers.described(function, [1.0])


def test_characters_by_their_address_and_length(machine_code: Any) -> None:
    kind = ctypes.CFUNCTYPE(INT, POINTER(ctypes.c_char), ctypes.c_size_t)
    function = kind(lambda text, length: 10 * length + text[:length].count(b"a"))
    assert machine_code.callers.length_of(function, "banana") == 63


def test_one_that_is_called_by_name(by_name: Any) -> None:
    """Fortran gives 10 times what Python answers."""
    by_name.attribute = reference(INT, INT)(lambda n: n[0] + 1)
    try:
        assert by_name.reach_attribute(3) == 40
        gc.collect()
        assert by_name.reach_attribute(4) == 50
        by_name.attribute = ctypes.CFUNCTYPE(INT, INT)(lambda n: n + 2)
        assert by_name.reach_attribute(3) == 50
        by_name.attribute = reference(INT, DOUBLE)(lambda _: 0)
        with pytest.raises(by_name.error, match=r"is int \(double \*\)"):
            by_name.reach_attribute(3)
        by_name.attribute = reference(INT, INT)(
            lambda n: delattr(by_name, "attribute") or n[0]
        )
        assert by_name.reach_attribute(3) == 30
        by_name.attribute = None
    finally:
        del by_name.attribute


def test_it_is_kept_while_fortran_may_call_it(machine_code: Any) -> None:
    """A function that lets go of itself when it is called first."""
    kept: list[Any] = []

    def forget(x: Any) -> float:
        kept.clear()
        if CPYTHON:
            gc.collect()
        return half(x)

    kept.append(reference(DOUBLE, DOUBLE)(forget))
    released = weakref.ref(kept[0])
    assert machine_code.callers.sum_of(kept[0], 4) == 5
    gc.collect()
    assert not CPYTHON or released() is None


def test_threads(machine_code: Any) -> None:
    answers: list[float] = []
    function = reference(DOUBLE, DOUBLE)(half)

    def work(passed: Any) -> None:
        for _ in range(200):
            answers.append(machine_code.callers.sum_of(passed, 4))

    each = [function, machine_code.passed.half, lambda x: x / 2]
    threads = [threading.Thread(target=work, args=(one,)) for one in each]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [5.0] * 600


def test_routines_as_functions_of_ctypes(machine_code: Any) -> None:
    passed = machine_code.passed
    assert passed.half.ctypes(DOUBLE(3)) == 1.5
    assert passed.half.ctypes is passed.half.ctypes
    assert passed.weighted.ctypes(2.0, 3, 10**10) == 1e10 + 6
    assert passed.is_large.ctypes(DOUBLE(11)) in (1, -1)
    x = np.array([2.0, 3.0, 4.0])
    assert passed.product_of.ctypes(3, x.ctypes.data_as(POINTER(DOUBLE))) == 24
    assert passed.single_half.ctypes(ctypes.c_float(3)) == 1.5
    z = np.array([1 + 2j, 0])
    passed.turn.ctypes(z.ctypes.data, z[1:].ctypes.data)
    assert z[1] == -2 + 1j
    assert passed.count_letters.ctypes(b"ab   ", 5) == 2
    for name in ("half", "turn", "total"):
        function = getattr(passed, name)
        address = ctypes.cast(function.ctypes, ctypes.c_void_p).value
        assert function.address == address
    with pytest.raises(TypeError, match="ctypes has no type double complex"):
        passed.conjugate.ctypes  # noqa: B018


def test_a_missing_procedure(machine_code: Any) -> None:
    routine = machine_code.passed.half
    other = type(routine.procedure)(
        routine.procedure.library, "missing", None, {}, prototype="void ()"
    )
    assert other.prototype == "void ()"
    with pytest.raises(AttributeError, match="no missing in "):
        other.ctypes  # noqa: B018

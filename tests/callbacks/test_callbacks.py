"""Callbacks of a generated module: what f2py has no word for, and what PyPy must do as well."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import gc
import signal
import sys
import threading
import traceback
import warnings
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from callback_calls import (
    Doubler,
    decay,
    double_and_number,
    every_scalar,
    matrix,
    passing_on,
)

STATM = Path("/proc/self/statm")


def test_scalars_in_and_out(callbacks: Any) -> None:
    before = [-2, -4, 2**40, 0.5, 0.25, 2.0, -4.0, 1]
    np.testing.assert_array_equal(callbacks.kinds(lambda *a: None), before)
    np.testing.assert_array_equal(
        callbacks.kinds(every_scalar),
        [-3, -5, 2**40 + 1, 1.0, 0.5, 4.0, -8.0, 0],
    )


def test_dir_shows_what_is_wrapped(callbacks: Any) -> None:
    shown = [name for name in dir(callbacks) if name[:2] != "__"]
    assert shown == sorted(callbacks.__all__)
    assert {"__name__", "__doc__", "__file__", "__version__"} < {*dir(callbacks)}


def fails(*_: Any) -> Any:
    raise OSError("in the callback")


@pytest.mark.parametrize(
    ("name", "arguments", "failure", "own"),
    [
        ("sum_up", (fails, 3), OSError, ["shown", "fails"]),
        ("sum_up", (lambda x: "a", 3), ValueError, ["shown"]),
        ("sum_up", (lambda x, y: x, 3), Exception, ["shown"]),
        ("sum_up", (float, "n"), ValueError, ["shown"]),
        ("words", (fails, ["ab"]), OSError, ["shown", "fails"]),
        ("words", (str, object()), Exception, ["shown"]),
        ("euler", (), TypeError, ["shown"]),
    ],
)
def test_pytest_shows_no_line_of_the_module(
    callbacks: Any,
    name: str,
    arguments: Any,
    failure: type[Exception],
    own: list[str],
) -> None:
    def shown() -> None:
        getattr(callbacks, name)(*arguments)

    with pytest.raises(failure) as caught:
        shown()
    here, *rest = caught.traceback.filter(caught)
    assert Path(here.path) == Path(__file__)
    assert [each.name for each in rest] == own


@pytest.mark.parametrize(
    ("function", "extra", "total"),
    [
        (lambda x: x, (), 6),
        (lambda: 2, (), 6),
        (lambda x, y: x * y, (3,), 18),
        (lambda x, y=5: y, (), 15),
        (lambda *a: len(a), (), 0),
        (Doubler(), (), 12),
        (Doubler().method, (), 18),
        (Doubler.static, (), 24),
        (float, (), 6),
        (abs, (), 6),
        (np.square, (), 14),
        # what has one parameter gets the extra argument alone
        (Doubler(), (5,), 30),
        (Doubler().method, (5,), 45),
        (abs, (5,), 15),
        (np.square, (5,), 75),
        (functools.lru_cache(maxsize=None)(lambda x: x), (), 6),
        (functools.lru_cache(maxsize=None)(lambda x: x), (5,), 15),
        (functools.lru_cache(maxsize=None)(lambda x, y: x * y), (3,), 18),
        (functools.lru_cache(maxsize=None)(lambda *a: len(a)), (9, 8), 9),
        (passing_on(lambda x: x), (5,), 15),
        (passing_on(lambda x, y=5: y), (), 15),
        (passing_on(passing_on(lambda: 2)), (5,), 6),
        (functools.partial(lambda a, b: a * b, 2), (5,), 30),
        (functools.partial(lambda a, b: a * b, b=2), (), 12),
        (functools.partial(passing_on(lambda a, b: a + b), 7), (), 27),
        (Doubler().cached, (5,), 30),
        (Doubler().partly, (5,), 30),
    ],
)
def test_what_may_be_called(
    callbacks: Any, function: Any, extra: Any, total: float
) -> None:
    assert callbacks.sum_up(function, 3, extra) == total


def test_wrappers_in_a_circle(callbacks: Any) -> None:
    def around(*arguments: float) -> float:
        return float(len(arguments))

    around.__wrapped__ = around  # type: ignore[attr-defined]
    assert callbacks.sum_up(around, 3, (5,)) == 6


@pytest.mark.parametrize(
    "function",
    [
        3,
        None,
        "abc",
        [],
        lambda x, y: x,
        functools.lru_cache(maxsize=None)(lambda x, y: x),
        functools.partial(lambda x, y, z: x, 1),
    ],
)
def test_what_may_not(callbacks: Any, function: Any) -> None:
    with pytest.raises(callbacks.error) as caught:
        callbacks.sum_up(function, 3)
    assert str(caught.value) == "failed in processing argument list for call-back f."
    assert isinstance(caught.value.__cause__, TypeError)


def test_the_reason_is_told(callbacks: Any) -> None:
    with pytest.raises(callbacks.error) as caught:
        callbacks.sum_up(lambda x, y: x, 3)
    assert str(caught.value.__cause__) == (
        "the call-back function needs 2 arguments, but Fortran passes 1 and there are 0 extra ones"
    )


@pytest.mark.parametrize("extra", [[1], None, 1])
def test_extra_arguments_are_a_tuple(callbacks: Any, extra: Any) -> None:
    kind = "None" if extra is None else type(extra).__name__
    with pytest.raises(
        TypeError,
        match=rf"^callbacks\.sum_up\(\) argument 3 must be tuple, not {kind}$",
    ):
        callbacks.sum_up(abs, 3, f_extra_args=extra)


def test_arrays_are_views(callbacks: Any) -> None:
    x = np.ones((3, 2), order="F")
    assert callbacks.in_place(double_and_number, x) == 14.0
    np.testing.assert_array_equal(x, [[0, 3], [1, 4], [2, 5]])


def test_the_shape_comes_from_other_arguments(callbacks: Any) -> None:
    seen = []

    def record(transa: str, x: Any, y: Any) -> None:
        seen.append((transa, x.shape, y.shape))

    for flag in "nt":
        callbacks.apply(record, flag, 2, 3, np.zeros(8), np.zeros(8))
    assert seen == [("n", (3,), (2,)), ("t", (2,), (3,))]


def test_what_a_function_does_to_its_array_is_its_own(callbacks: Any) -> None:
    kept = []

    def reshape(t: float, y: Any) -> Any:
        assert (y.shape, y.strides, y.dtype) == ((2,), (8,), np.dtype(float))
        assert y.flags.writeable
        dy = -y
        kept.append(y)
        if len(kept) == 1:
            y.shape = (2, 1)
        elif len(kept) == 2:
            y.flags.writeable = False
        elif len(kept) == 3:
            y.dtype = np.dtype("int64")
        return dy

    y = np.array([1.0, 2.0])
    callbacks.euler(reshape, matrix, y, 5, 0.5)
    assert len(kept) == 5
    if sys.implementation.name == "cpython":
        assert [each.shape for each in kept] == [(2, 1), (2,), (2,), (2,), (2,)]
        assert [each.flags.writeable for each in kept] == [
            True,
            False,
            True,
            True,
            True,
        ]


def test_the_same_memory_with_other_extents(callbacks: Any) -> None:
    x, y, seen = np.arange(8.0), np.arange(8.0), []

    def record(transa: str, x: Any, y: Any) -> None:
        seen.append((transa, x.tolist(), y.tolist()))

    for flag, m, n in [("n", 1, 3), ("n", 3, 1), ("t", 3, 1), ("n", 1, 3), ("n", 0, 2)]:
        callbacks.apply(record, flag, m, n, x, y)
    short, long = [0.0], [0.0, 1.0, 2.0]
    assert seen == [
        ("n", long, short),
        ("n", short, long),
        ("t", long, short),
        ("n", long, short),
        ("n", [0.0, 1.0], []),
    ]


def test_more_memories_than_are_remembered(callbacks: Any) -> None:
    arrays = [np.full((2, 2), float(k), order="F") for k in range(50)]
    for _ in range(2):
        for x in arrays:
            callbacks.in_place(lambda s, x: np.add(x, 1, out=x), x)
    for k, x in enumerate(arrays):
        np.testing.assert_array_equal(x, np.full((2, 2), k + 2.0))


def test_a_function_with_another_number_of_parameters(callbacks: Any) -> None:
    y = np.array([1.0, 2.0])
    expected = callbacks.euler(decay, matrix, y, 2, 0.5)
    for _ in range(20):
        np.testing.assert_array_equal(
            callbacks.euler(lambda t: -y, lambda t, y: 0 * matrix(t, y), y, 1, 0.5),
            0.5 * y,
        )
        np.testing.assert_array_equal(
            callbacks.euler(decay, matrix, y, 2, 0.5), expected
        )
        np.testing.assert_array_equal(
            callbacks.euler(
                lambda t, y, a, b: a * y + b,
                lambda t, y: 0 * matrix(t, y),
                y,
                1,
                0.5,
                (2, 4),
            ),
            y + 0.5 * (2 * y + 4),
        )


def test_a_weak_reference_ends_with_the_call(callbacks: Any) -> None:
    kept: list[Any] = []

    def look(t: float, y: Any) -> Any:
        gc.collect()
        assert not any(each() for each in kept)
        kept.append(weakref.ref(y))
        return -y

    if sys.implementation.name == "cpython":
        callbacks.euler(look, matrix, [1.0, 2.0], 4)
        assert len(kept) == 4


def test_references_are_given_back(callbacks: Any) -> None:
    if sys.implementation.name != "cpython":
        pytest.skip("PyPy doesn't count references")
    answer, number, failure = np.array([1.0, 2.0]), 12345.678, Stop()

    def fail(t: float, y: Any) -> Any:
        raise failure

    def still(t: float, y: Any) -> Any:
        return answer[[0, 1, 0]][:, None] * answer

    def call() -> None:
        callbacks.sum_up(lambda x: number, 5)
        callbacks.euler(lambda t, y: answer, still, answer, 5)
        callbacks.euler(lambda t, y: (answer,), still, answer, 5)
        with contextlib.suppress(Stop):
            callbacks.euler(fail, still, answer, 5)
        failure.__traceback__ = None

    def counts() -> list[int]:
        gc.collect()
        return [*map(sys.getrefcount, (answer, number, failure, np.dtype(float)))]

    call()
    before = counts()
    for _ in range(100):
        call()
    # views of memory that is remembered come and go
    assert np.allclose(before, counts(), atol=150)


class Stop(Exception):
    """What a callback raises."""


@pytest.mark.parametrize("kind", [int, np.int64])
def test_integers_that_do_not_fit(callbacks: Any, kind: Any) -> None:
    with pytest.raises(OverflowError):
        callbacks.count_down(lambda n: kind(2**31), 1)
    assert callbacks.kinds(lambda *a: (kind(2**15 - 1), kind(-(2**31))))[
        :2
    ].tolist() == [
        2**15 - 1,
        -(2**31),
    ]
    for given in [(kind(2**15),), (0, kind(-(2**31) - 1))]:
        with pytest.raises(OverflowError):
            callbacks.kinds(lambda *a, given=given: given)


def test_arrays_of_no_elements(callbacks: Any) -> None:
    shapes = []
    callbacks.apply(
        lambda t, x, y: shapes.append((x.shape, y.shape)),
        "n",
        0,
        0,
        np.zeros(1),
        np.zeros(1),
    )
    assert shapes == [((0,), (0,))]


def test_a_negative_extent_is_refused(callbacks: Any) -> None:
    with pytest.raises(ValueError, match="negative dimensions are not allowed"):
        callbacks.apply(lambda t, x, y: None, "n", -1, 3, np.zeros(8), np.zeros(8))


def test_returned_arrays(callbacks: Any) -> None:
    y = np.array([1.0, 2.0])
    for _ in range(2):
        y = y + 0.5 * (-y + np.array([[0, 1], [0, 0]]) @ y)
    got = callbacks.euler(decay, matrix, [1.0, 2.0], 2, 0.5)
    np.testing.assert_allclose(got, y)


def test_a_returned_array_of_the_wrong_shape(callbacks: Any) -> None:
    with pytest.raises(
        ValueError,
        match="failed to create array from the argument dy -- 0-th dimension must be fixed to 2 but got 3",
    ):
        callbacks.euler(lambda t, y: [1, 2, 3], matrix, [1.0, 2.0])


def test_strings(callbacks: Any) -> None:
    seen = []

    def edit(text: str, brief: str, letter: str) -> bytes:
        seen.append((text, brief, letter))
        return b"ab"

    # blanks fill the rest, as Fortran's assignment does
    assert callbacks.strings(edit, "hello") == b"ab"
    assert seen == [("hello", "ab ", "q")]
    with pytest.raises(callbacks.error, match="string object expected"):
        callbacks.strings(lambda: 5, "hello")
    for answer in ("ab", np.array("ab"), np.array([b"ab"])):
        assert callbacks.strings(lambda *_, it=answer: it, "hello") == b"ab"


@pytest.mark.parametrize(
    "answer",
    ["12", b"12", 1j, [1, 1], np.ones(2), np.datetime64(3, "ns"), np.timedelta64(3)],
)
def test_answers_that_are_no_numbers(callbacks: Any, answer: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="double_from_pyobj failed"):
        callbacks.sum_up(lambda x: answer, 3)


def test_character_results(callbacks: Any) -> None:
    assert callbacks.named(lambda k: b"w" * k) == b"<www  >"
    assert callbacks.named(lambda k: "w" * k) == b"<www  >"
    with pytest.raises(ZeroDivisionError):
        callbacks.named(lambda k: 1 // 0)


def test_words(callbacks: Any) -> None:
    seen = []
    callbacks.words(lambda w: seen.append(w.tolist()) or 0, ["abcd", "xy"])
    assert seen == [[b"abcd", b"xy  "]]


def test_logical_results_are_true_or_false(callbacks: Any) -> None:
    # What is true in Python is Fortran's .true., whose bits are those of 1.
    flags = callbacks.choose(lambda x: int(x), [0.0, 1.0, 2.0, -3.0])
    np.testing.assert_array_equal(flags, [0, 1, 1, 1])


def test_a_missing_result_is_zero_with_a_warning(callbacks: Any) -> None:
    line = sys._getframe().f_lineno + 2
    with pytest.warns(RuntimeWarning, match="did not provide return value") as caught:
        assert callbacks.sum_up(lambda x: None, 3) == 0
    assert [(each.filename, each.lineno) for each in caught] == [(__file__, line)] * 3
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(RuntimeWarning):
            callbacks.sum_up(lambda x: None, 3)


@pytest.mark.parametrize(
    "kind", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit, StopIteration]
)
def test_an_exception_arrives(callbacks: Any, kind: type[BaseException]) -> None:
    calls = []

    def stop_at_3(n: int) -> int:
        calls.append(n)
        if n == 3:
            raise kind("three")
        return 1

    with pytest.raises(kind, match="three") as caught:
        callbacks.until(stop_at_3, 1000)
    assert calls == [1, 2, 3]
    names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert names[-1] == "stop_at_3"
    assert callbacks.until(lambda n: 1, 7) == 7


def test_an_exception_silences_the_other_callback(callbacks: Any) -> None:
    called = []

    def fail(t: float, y: Any) -> Any:
        raise ValueError("first")

    def rhs(t: float, y: Any) -> Any:
        called.append("rhs")
        return decay(t, y)

    def jac(t: float, y: Any) -> Any:
        called.append("jac")
        return matrix(t, y)

    with pytest.raises(ValueError, match="first"):
        callbacks.euler(fail, jac, [1.0, 2.0], 3)
    assert called == []
    with pytest.raises(ValueError, match="first"):
        callbacks.euler(rhs, fail, [1.0, 2.0], 3)
    assert called == ["rhs"]


def test_an_interrupt_while_fortran_runs(callbacks: Any) -> None:
    called = []
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            callbacks.interrupted(called.append)
    finally:
        signal.signal(signal.SIGINT, handler)
    assert called == []


def test_other_unraisable_exceptions_go_their_way(
    callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", seen.append)
    callbacks.sum_up(abs, 1)

    class Failing:
        def __del__(self) -> None:
            raise ValueError("in __del__")

    Failing()
    gc.collect()
    assert [str(each.exc_value) for each in seen] in (["in __del__"], [])
    assert seen or sys.implementation.name == "pypy"


def test_nested_calls(callbacks: Any) -> None:
    def outer(x: float) -> float:
        return callbacks.sum_up(lambda y: x * y, 2)

    assert callbacks.sum_up(outer, 3) == 18


def test_an_exception_passes_through_nested_calls(callbacks: Any) -> None:
    def inner(x: float) -> float:
        raise LookupError(x)

    with pytest.raises(LookupError):
        callbacks.sum_up(lambda x: callbacks.sum_up(inner, 2), 3)

    def caught(x: float) -> float:
        with pytest.raises(LookupError):
            callbacks.sum_up(inner, 2)
        return 5

    assert callbacks.sum_up(caught, 3) == 15


def test_recursion(callbacks: Any) -> None:
    def step(n: int) -> int:
        return 0 if n <= 0 else 1 + callbacks.count_down(step, n - 1)

    assert callbacks.count_down(step, 60) == 60


def test_forty_threads(callbacks: Any) -> None:
    wrong: list[Any] = []

    def work(factor: int) -> None:
        for _ in range(20):
            total = callbacks.sum_up(
                lambda x: callbacks.sum_up(lambda y: y * factor, 2) * x, 3
            )
            if total != 18 * factor:
                wrong.append((factor, total))
            try:
                callbacks.sum_up(lambda x: {}[factor], 3)
            except KeyError as failure:
                if failure.args != (factor,):
                    wrong.append(failure)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_nothing_keeps_the_function(callbacks: Any) -> None:
    class Function:
        def __call__(self, x: float) -> float:
            if x == 2:
                raise ValueError
            return x

    function = Function()
    alive = weakref.ref(function)
    callbacks.sum_up(function, 1)
    with pytest.raises(ValueError):
        callbacks.sum_up(function, 2)
    del function
    for _ in range(3):
        gc.collect()
    assert alive() is None


@pytest.mark.skipif(not STATM.exists(), reason="reads Linux's /proc")
def test_memory_stays_the_same(callbacks: Any) -> None:
    def pages() -> int:
        return int(STATM.read_text().split()[1])

    def fail(x: float) -> float:
        raise ValueError

    def call_many(count: int) -> None:
        for _ in range(count):
            callbacks.sum_up(lambda x: x, 1)
            with pytest.raises(ValueError):
                callbacks.sum_up(fail, 1)
            # refused when the callback is made already
            with pytest.raises(ValueError):
                callbacks.sum_up(lambda x: x, "a")

    call_many(1000)
    gc.collect()
    # a build without the GIL frees some memory later: what leaks grows in each round
    for _ in range(5):
        before = pages()
        call_many(3000)
        gc.collect()
        grown = (pages() - before) * 4096
        if grown < 3000 * 200:
            break
    assert grown < 3000 * 200


def test_a_c_function_is_called_directly(callbacks: Any) -> None:
    square = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.POINTER(ctypes.c_double))(
        lambda x: x[0] ** 2
    )
    address = ctypes.cast(square, ctypes.c_void_p)
    assert callbacks.sum_up(address, 3) == 14
    with pytest.raises(callbacks.error):
        callbacks.sum_up(address, 3, (1,))


@pytest.mark.skipif(
    sys.implementation.name != "cpython", reason="PyPy has no capsules of its own"
)
def test_a_capsule_is_called_directly(callbacks: Any) -> None:
    square = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.POINTER(ctypes.c_double))(
        lambda x: x[0] ** 2
    )
    new_capsule = ctypes.pythonapi["PyCapsule_New"]
    new_capsule.restype = ctypes.py_object
    for name in (None, b"a name"):
        capsule = new_capsule(ctypes.cast(square, ctypes.c_void_p), name, None)
        assert callbacks.sum_up(capsule, 3) == 14


def test_a_generated_routine_is_a_function(callbacks: Any) -> None:
    assert callbacks.sum_up(callbacks.square, 3) == 14
    assert callbacks.sum_up(lambda x, y: callbacks.square(y), 2, (3,)) == 18


def test_by_value(callbacks: Any) -> None:
    assert callbacks.by_value(lambda n, x: n + x) == 3.5

"""Routines that take callbacks as native code: no Python but the callbacks', and all else as the other tiers do it."""

from __future__ import annotations

import functools
import gc
import sys
import threading
import traceback
import weakref
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from callback_tiers import TIERS, load
from native_memory import SOAK, assert_nothing_is_left

from f2pypy.command.cli import run

if "native" not in TIERS:
    pytest.skip("there is no machine code here", allow_module_level=True)

KEEPING = """
module keeping
  abstract interface
    real function of_real(x)
      real, intent(in) :: x
    end function
  end interface
  procedure(of_real), pointer :: kept
contains
  real function keep(f)
    procedure(of_real) :: f
    kept => f
    keep = f(2.0)
  end function
  real function call_kept(x)
    real, intent(in) :: x
    call_kept = kept(x)
  end function
end module
"""
COMPILED = ("sum_up", "euler", "kinds", "strings", "choose", "count_down", "until")


@pytest.fixture(scope="module")
def pair(written: Path) -> list[ModuleType]:
    """The module as Python and as native code."""
    found = []
    for mode in ("0", ""):
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("F2PYPY_NATIVE", mode)
            found.append(load(written))
    found[1].__native__.compile()
    assert {*COMPILED} <= {*found[1].__native__.compiled}
    return found


@pytest.fixture
def native(pair: list[ModuleType]) -> ModuleType:
    return pair[1]


class Stop(Exception):
    pass


class Callable:
    def __call__(self, x: float) -> float:
        return x + 1

    def method(self, x: float) -> float:
        return x + 2


def decorated(x: float) -> float:
    return 2 * x


decorated.note = 1  # type: ignore[attr-defined]
emptied = lambda x: x + 3  # noqa: E731
emptied.note = 1  # type: ignore[attr-defined]
del emptied.note  # type: ignore[attr-defined]


def several(x: float, y: float = 2.0) -> float:
    return x * y


def keywords(x: float, *, y: float = 3.0) -> float:
    return x * y


def wants_more(x: float, y: float) -> float:
    return x * y


def positional(x: float, /) -> float:
    return -x


FUNCTIONS: list[Any] = [
    *(lambda x: x, lambda: 1.5, lambda *x: 1.0, lambda **x: 2.0, several, keywords),
    *(wants_more, positional, decorated, emptied, functools.wraps(several)(keywords)),
    *(
        Callable(),
        Callable().method,
        abs,
        float,
        np.sqrt,
        functools.partial(several, y=5.0),
    ),
    *(None, 5, "f", print, iter, lambda x: (yield x), lambda x: None, lambda x: (x,)),
    *(lambda x: np.float64(x), lambda x: "a", lambda x: int(x), lambda x: x + 1j),
]
EXTRAS: list[Any] = [(), (2.0,), (2.0, 3.0), None, [1.0], "a"]


def outcome(function: Any, *arguments: Any, **named: Any) -> Any:
    """Return what a call gives or raises."""
    try:
        return repr(function(*arguments, **named))
    except Exception as failure:
        return type(failure).__name__, str(failure), repr(failure.__cause__)


@pytest.mark.filterwarnings("ignore:call-back function")
def test_whatever_can_be_called(pair: list[ModuleType]) -> None:
    python, native = pair
    for function in FUNCTIONS:
        for named in ({}, *({"f_extra_args": extra} for extra in EXTRAS)):
            expected = outcome(python.sum_up, function, 3, **named)
            for _ in range(6):  # more often than there are thunks
                assert outcome(native.sum_up, function, 3, **named) == expected
    for arguments in ((), (abs,), (lambda x: x, "n"), (lambda x: x, 1, (), 2)):
        expected = outcome(python.sum_up, *arguments)
        assert outcome(native.sum_up, *arguments) == expected


def test_no_python_runs_but_the_callback(native: ModuleType) -> None:
    called = []

    def f(x: float) -> float:
        return x

    def select(x: float) -> bool:
        return x > 1

    sys.setprofile(lambda frame, event, _: called.append((event, frame.f_code.co_name)))
    try:
        native.sum_up(f, 3)
        native.sum_up(f, 1, ())
        native.choose(select, np.array([1.0, 2.0]))
    finally:
        sys.setprofile(None)
    names = [name for event, name in called if event == "call"]
    assert names == ["f"] * 4 + ["select"] * 2


def test_exceptions_come_as_they_were_raised(native: ModuleType) -> None:
    stop = Stop("now")

    def fails(x: float) -> float:
        if x > 1:
            raise stop
        return x

    calls = []
    for _ in range(10):
        with pytest.raises(Stop) as caught:
            native.sum_up(lambda x: calls.append(x) or fails(x), 5)
        assert caught.value is stop
        assert calls[-2:] == [1.0, 2.0]
        assert "fails" in "".join(traceback.format_tb(caught.tb))
        stop.__traceback__ = None
    assert len(calls) == 20
    outer = KeyError()

    def while_handling() -> None:
        try:
            raise outer
        except KeyError:
            native.sum_up(fails, 5)

    with pytest.raises(Stop) as caught:
        while_handling()
    assert caught.value.__context__ is outer
    assert native.sum_up(lambda x: x, 3) == 6.0


def test_two_callbacks_share_what_is_raised(pair: list[ModuleType]) -> None:
    y = [1.0, 2.0]

    def matrix(t: float, y: Any) -> Any:
        return np.zeros((3, 2))

    for module in pair:
        calls: list[str] = []

        def rhs(t: float, y: Any, calls: list[str] = calls) -> Any:
            calls.append("rhs")
            raise Stop("rhs")

        def jac(t: float, y: Any, calls: list[str] = calls) -> Any:
            calls.append("jac")
            raise Stop("jac")

        for _ in range(6):
            with pytest.raises(Stop, match="rhs"):
                module.euler(rhs, jac, y, 3, 0.1)
            with pytest.raises(Stop, match="jac"):
                module.euler(lambda t, y: -y, jac, y, 3, 0.1)
            assert module.euler(lambda t, y: -y, matrix, y, 1, 0.5).tolist() == [
                0.5,
                1.0,
            ]
        assert calls == ["rhs", "jac"] * 6


def test_calls_within_calls(native: ModuleType) -> None:
    def descend(x: float, depth: int = 0) -> float:
        if depth == 9:
            return x
        return float(native.sum_up(lambda y: descend(y, depth + 1), 1)) + 1

    def fails(x: float, depth: int = 0) -> float:
        if depth == 9:
            raise Stop
        return float(native.sum_up(lambda y: fails(y, depth + 1), 1))

    for _ in range(5):
        assert native.sum_up(lambda x: descend(x), 1) == 10.0
        with pytest.raises(Stop):
            native.sum_up(lambda x: fails(x), 2)


def test_threads_take_thunks_of_their_own(native: ModuleType) -> None:
    wrong: list[Any] = []
    barrier = threading.Barrier(8)

    def work(number: int) -> None:
        def f(x: float) -> float:
            if number % 4 == 3 and x == 20:
                raise Stop(number)
            return x * number

        barrier.wait()
        for _ in range(100):
            try:
                found = native.sum_up(f, 20)
            except Stop as stop:
                found = stop.args[0]
            if found != (number if number % 4 == 3 else 210.0 * number):
                wrong.append((number, found))

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert wrong == []


def test_what_is_refused_gives_the_thunk_back(native: ModuleType) -> None:
    def f(x: float) -> float:
        return x

    for _ in range(10):
        with pytest.raises(OverflowError):
            native.sum_up(f, 2**40)
        with pytest.raises(ValueError, match="expected a number"):
            native.sum_up(f, "n", ())
    called: list[str] = []
    sys.setprofile(lambda frame, event, _: called.append(frame.f_code.co_name))
    try:
        native.sum_up(f, 2)
    finally:
        sys.setprofile(None)
    assert "sum_up" not in called


def test_fortran_that_keeps_a_thunk(tmp_path: Path) -> None:
    source, written = tmp_path / "keeping.f90", tmp_path / "keeping.py"
    source.write_text(KEEPING)
    words = ["-c", "-m", "keeping", str(source), "-o", str(written), "--quiet"]
    assert run(words) == 0
    module = load(written)
    module.__native__.compile()
    assert {"keeping_keep", "keeping_call_kept"} <= {*module.__native__.compiled}
    keep, call_kept = module.keeping.keep, module.keeping.call_kept
    for _ in range(6):
        assert keep(lambda x: x + 1) == 3.0
        with pytest.warns(RuntimeWarning, match="after the call that it was passed to"):
            assert call_kept(2) == 0
        # what isn't exactly a float is left to Python
        assert keep(lambda x: np.float32(7)) == keep(lambda x: (x + 5,)) == 7


def test_nothing_is_left_behind(native: ModuleType) -> None:
    stop, y, matrix = Stop(), np.array([1.0, 2.0]), np.zeros((3, 2))

    def f(x: float) -> float:
        return x

    def wrong(x: float) -> Any:
        return "3"

    def fails(x: float) -> float:
        raise stop

    def rhs(t: float, y: Any) -> Any:
        return y

    def run() -> None:
        native.sum_up(f, 2)
        native.sum_up(f, 2, ())
        native.sum_up(lambda x: (x,), 2)
        for function in (fails, wrong):
            try:
                native.sum_up(function, 2)
            except Exception as failure:
                failure.__traceback__ = None
        native.euler(rhs, lambda t, y: matrix, y, 1, 0.5)

    assert_nothing_is_left(
        run, SOAK // 50, [f, wrong, fails, rhs, stop, y, matrix, Stop]
    )
    function = lambda x: x  # noqa: E731
    gone = weakref.ref(function)
    native.sum_up(function, 1)
    del function
    gc.collect()
    assert gone() is None

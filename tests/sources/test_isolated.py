"""Calls that run in a process of their own."""

from __future__ import annotations

import gc
import inspect
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs POSIX's processes")
PYPY = sys.implementation.name == "pypy"
# Large enough for shared memory, and small enough for a message.
SIZES = [3, 50_000]


@pytest.fixture
def fresh(isolated: ModuleType) -> Iterator[Any]:
    """The Fortran module, with its first values."""
    isolated.restart()
    yield isolated.isolated
    left = [each.name for each in Path("/dev/shm").glob(f"f2pypy_{os.getpid()}_*")]
    assert left == []


def test_calls_run_in_another_process(isolated: ModuleType, fresh: Any) -> None:
    assert isolated.__worker__.process is None
    assert fresh.visits() == 1
    assert isolated.__worker__.process.pid != os.getpid()
    assert fresh.visits() == 2


@pytest.mark.parametrize("n", SIZES)
def test_arrays_go_both_ways(fresh: Any, n: int) -> None:
    x = np.arange(n, dtype=float)
    y = fresh.doubled(x)
    np.testing.assert_array_equal(y, 2 * x)
    assert y.flags.writeable
    assert y.flags.owndata or y.base is not None
    assert fresh.shift_all(x, 1.5) == n
    np.testing.assert_array_equal(x, np.arange(n) + 1.5)


@pytest.mark.parametrize("n", SIZES)
def test_arrays_that_are_converted_stay_as_they_are(fresh: Any, n: int) -> None:
    x = list(range(n))
    np.testing.assert_array_equal(fresh.doubled(x), 2 * np.arange(n))
    numbers = np.arange(n)
    np.testing.assert_array_equal(fresh.doubled(numbers), 2 * np.arange(n))
    np.testing.assert_array_equal(numbers, np.arange(n))


@pytest.mark.parametrize("n", SIZES)
def test_strided_arrays(fresh: Any, n: int) -> None:
    base = np.zeros(2 * n)
    assert fresh.shift_all(base[::2], 1.0) == n
    np.testing.assert_array_equal(base[::2], 1.0)
    np.testing.assert_array_equal(base[1::2], 0.0)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("n", [2, 200])
def test_orders(fresh: Any, order: Any, n: int) -> None:
    a = np.arange(3.0 * n).reshape(3, n).copy(order=order)
    b = fresh.transposed(a)
    np.testing.assert_array_equal(b, a.T)
    assert b.flags.f_contiguous


@pytest.mark.parametrize("n", SIZES)
def test_overlapping_arrays_keep_what_was_changed(fresh: Any, n: int) -> None:
    """Each argument is sent; only the one that was changed comes back."""
    whole = np.arange(n + 1.0)
    fresh.copied(whole[1:], whole[:-1])
    np.testing.assert_array_equal(whole, [*range(1, n + 1), n])
    same = np.arange(float(n))
    fresh.copied(same, same)
    np.testing.assert_array_equal(same, np.arange(n))


def test_an_array_that_can_not_be_written_to_is_refused(fresh: Any) -> None:
    for n in SIZES:
        x = np.zeros(n)
        x.flags.writeable = False
        with pytest.raises(ValueError, match=r"intent\(inout\)"):
            fresh.shift_all(x, 1.0)


def test_what_is_refused_says_what_the_module_says(fresh: Any) -> None:
    with pytest.raises(ValueError):
        fresh.doubled("five")
    with pytest.raises(TypeError):
        fresh.doubled()
    with pytest.raises(AttributeError, match="grids"):
        _ = fresh.grids
    with pytest.raises(TypeError, match="another process"):
        fresh.doubled(np.array([object()]))


def test_scalars_and_strings(fresh: Any) -> None:
    assert fresh.greeting("you") == b"to you"
    assert fresh.turned(2 + 1j) == -1 + 2j
    assert fresh.turned(np.complex128(1)) == 1j


def test_module_data(fresh: Any) -> None:
    assert fresh.counter == 3
    fresh.counter = 8
    assert fresh.counter == 8
    fresh.grid = [[1, 2, 3], [4, 5, 6]]
    np.testing.assert_array_equal(fresh.grid, [[1, 2, 3], [4, 5, 6]])
    assert fresh.field is None
    for n in SIZES:
        fresh.fill(n)
        np.testing.assert_array_equal(fresh.field, np.arange(1, n + 1))
    fresh.field = [5.0]
    np.testing.assert_array_equal(fresh.field, [5.0])
    fresh.label = "other"
    assert fresh.label == b"other"
    assert {"counter", "doubled", "grid"} <= set(dir(fresh))


def test_what_is_read_of_a_module_is_a_copy_that_says_so(fresh: Any) -> None:
    """Writing to a copy would be lost without a word."""
    with pytest.raises(ValueError, match="read-only"):
        fresh.grid[0, 0] = 1


def test_objects_stay_in_the_worker(isolated: ModuleType, fresh: Any) -> None:
    point = fresh.point(2.0)
    assert repr(point) == "isolated.point(x=2.0, steps=array([3, 4], dtype=int32))"
    assert point.x == 2.0
    point.x = 5
    further = point.moved(1.5)
    assert further.x == 6.5
    assert point.x == 5.0
    np.testing.assert_array_equal(point.steps, [3, 4])
    fresh.reset(further)
    assert further.x == 1.0
    assert further == fresh.point(steps=[0, 0])
    assert further != point
    with pytest.raises(AttributeError, match="nosuch"):
        _ = point.nosuch
    given = isolated.__worker__.peer.dropped
    del further
    gc.collect()
    assert len(given) >= 1 or PYPY


def test_a_module_is_pickled_by_name_and_an_object_not_at_all(
    isolated: ModuleType, fresh: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, isolated.__name__, isolated)
    fresh.counter = 7
    assert pickle.loads(pickle.dumps(fresh)).counter == 7
    with pytest.raises(TypeError, match=r"point\(x=2.0, .* can't be pickled or copied"):
        pickle.dumps(fresh.point(2.0))


def test_an_object_is_gone_with_its_process(isolated: ModuleType, fresh: Any) -> None:
    """Another process has other objects, and none that it takes for this one."""
    point = fresh.point(2.0)
    isolated.restart()
    others = [fresh.point() for _ in range(3)]
    for use in (lambda: point.x, lambda: fresh.reset(point), lambda: repr(point)):
        with pytest.raises(
            RuntimeError,
            match="this object is gone, because the process that held it has ended",
        ):
            use()
    assert [each.x for each in others] == [1.0] * 3


def test_callbacks(fresh: Any) -> None:
    assert fresh.applied(lambda x: 2 * x, 4.0) == 8.0
    assert fresh.applied(np.sqrt, 4.0) == 2.0
    assert fresh.applied(lambda x: fresh.applied(lambda y: y + 1, x) * 2, 4.0) == 10.0

    def doubles(x: Any) -> None:
        x *= 2

    for n in SIZES:
        x = np.ones(n)
        fresh.through(doubles, x)
        np.testing.assert_array_equal(x, 2.0)


@pytest.mark.parametrize("kind", [LookupError, OSError, EOFError, BrokenPipeError])
def test_exceptions_of_callbacks(fresh: Any, kind: type[Exception]) -> None:
    """Also those that tell the end of the process where they come from its connection."""

    def fails(_: float) -> float:
        raise kind("nothing there")

    with pytest.raises(kind, match="nothing there"):
        fresh.applied(fails, 1.0)
    assert fresh.applied(abs, -1.0) == 1.0


@pytest.mark.parametrize("way", ["passes", "handles", "goes on", "restarts", "fresh"])
def test_a_callback_that_ends_the_process_ends_the_call(
    isolated: ModuleType, fresh: Any, way: str
) -> None:
    """Whatever it does then: the Fortran that called it is gone."""

    def ends(_: float) -> float:
        if way == "restarts":
            isolated.restart()
        elif way == "fresh":
            fresh.visits(fresh=True)
        elif way == "passes":
            fresh.signalled(int(signal.SIGSEGV))
        else:
            with pytest.raises(isolated.WorkerDied, match=r"signalled: .*SIGSEGV"):
                fresh.signalled(int(signal.SIGSEGV))
            if way == "goes on":
                fresh.visits()
        return 1.0

    ending = "SIGKILL" if way in ("restarts", "fresh") else "SIGSEGV"
    with pytest.raises(isolated.WorkerDied, match=f"applied: .*by {ending}") as died:
        fresh.applied(ends, 1.0)
    assert died.value.signal == getattr(signal, ending)
    assert fresh.applied(abs, -1.0) == 1.0


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGFPE", "SIGABRT", "SIGKILL"])
def test_a_signal_ends_only_the_worker(
    isolated: ModuleType, fresh: Any, name: str
) -> None:
    fresh.counter = 9
    number = getattr(signal, name)
    with pytest.raises(isolated.WorkerDied, match=f"signalled: .*by {name}") as died:
        fresh.signalled(int(number))
    assert died.value.signal == number
    assert died.value.code == -number
    assert fresh.counter == 3
    again = pickle.loads(pickle.dumps(died.value))
    assert (str(again), again.code) == (str(died.value), died.value.code)


def test_restarting_gives_variables_their_first_values(
    isolated: ModuleType, fresh: Any
) -> None:
    fresh.counter = 9
    assert [fresh.visits(), fresh.visits()] == [1, 2]
    assert fresh.visits(fresh=True) == 1
    assert fresh.counter == 3
    assert fresh.visits(fresh=False) == 2
    isolated.restart()
    assert fresh.visits() == 1


def test_a_routine_has_its_own_argument_of_that_name(fresh: Any) -> None:
    fresh.counter = 5
    assert fresh.kept(fresh=2) == 7
    assert fresh.kept(3) == 8


def test_control_c_ends_the_worker(isolated: ModuleType) -> None:
    text = """
import os, signal, threading, isolated
module = isolated.isolated
module.counter = 4
threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    module.forever()
except KeyboardInterrupt:
    print("interrupted", int(module.counter))
"""
    folder = str(Path(str(isolated.__file__)).parent)
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", text],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([folder, root])},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("interrupted 3\n", "")


def test_threads_take_turns(fresh: Any) -> None:
    found: list[float] = []

    def work(start: float) -> None:
        for n in range(20):
            found.append(fresh.applied(lambda x: x + 1, start + n) - start - n)

    threads = [threading.Thread(target=work, args=(100.0 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1.0] * 80


def test_a_child_has_a_worker_of_its_own(isolated: ModuleType, fresh: Any) -> None:
    fresh.counter = 6
    pid = os.fork()
    if pid == 0:
        os._exit(0 if fresh.counter == 3 else 1)
    _, status = os.waitpid(pid, 0)
    assert os.WEXITSTATUS(status) == 0
    assert fresh.counter == 6


def test_routines_look_like_themselves(fresh: Any) -> None:
    assert fresh.doubled.__doc__.startswith("y = doubled(x,[n])")
    assert fresh.doubled.__name__ == "doubled"
    assert inspect.isfunction(fresh.doubled)
    assert list(inspect.signature(fresh.doubled).parameters) == ["x", "n"]


def test_a_thousand_calls_leave_nothing_behind(
    isolated: ModuleType, fresh: Any
) -> None:
    x = np.ones(SIZES[1])
    fresh.doubled(x)
    given = len(isolated.__worker__.peer.given)
    calls = 3000 if PYPY else 1000
    for _ in range(calls):
        fresh.applied(lambda x: x, 1.0)
        fresh.doubled(x[:4])
    for _ in range(20):
        fresh.doubled(x)
    # PyPy collects in the worker when it likes
    left = len(isolated.__worker__.peer.given) - given
    assert left < (calls * 0.9 if PYPY else 1)

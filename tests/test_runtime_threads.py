"""What the runtime keeps for all threads: those that ask at once find the same, or none that another one has."""

from __future__ import annotations

import gc
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from f2pypy.runtime.allocations import allocation_at, allocation_seen
from f2pypy.runtime.interpreter import PYPY, new_number
from f2pypy.runtime.intrinsic_tables import table_of
from f2pypy.runtime.pointed_procedures import watch_calls
from f2pypy.runtime.record_tables import TypeTables
from f2pypy.runtime.turns import Turns

THREADS = 8
ROUNDS = 100
PATIENCE = 60  # seconds, far beyond what any of this takes


@pytest.fixture(autouse=True)
def frequent_switches() -> Iterator[None]:
    """Let CPython change threads all the time."""
    if not hasattr(sys, "setswitchinterval"):
        yield
        return
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def run_together(work: Callable[[], Any], count: int = THREADS) -> list[Any]:
    """Return what `work` returns in each of some threads, which start at the same moment."""
    answers: list[Any] = []
    start = threading.Barrier(count)

    def run() -> None:
        start.wait(PATIENCE)
        answers.append(work())

    threads = [threading.Thread(target=run, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(answers) == count
    return answers


def test_numbers_are_given_once() -> None:
    taken: dict[int, Any] = {}
    given = run_together(lambda: [new_number(taken) for _ in range(1000)])
    numbers = [number for each in given for number in each]
    assert sorted(numbers) == list(range(1000 * THREADS))


@pytest.mark.parametrize("is_enabled", [True, False])
def test_libraries_have_a_lock_where_python_has_none(
    monkeypatch: pytest.MonkeyPatch, is_enabled: bool
) -> None:
    """A build without the GIL can have it while a module is imported, and lose it after that."""
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: is_enabled, raising=False)
    has_none = PYPY or bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    assert Turns("a_module").needed == has_none


def test_all_threads_get_one_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fortran may keep its address."""
    tables = TypeTables([], 8, copy=32)
    for _ in range(ROUNDS):
        monkeypatch.setattr("f2pypy.runtime.intrinsic_tables._TABLES", {})
        kind = np.dtype("i4")
        found = run_together(lambda: table_of(tables, kind, False))  # noqa: B023
        assert len(set(found)) == 1


def test_all_threads_watch_the_same_calls() -> None:
    for _ in range(ROUNDS):
        library: Any = SimpleNamespace(by_name=None, native=None)
        found = run_together(lambda: watch_calls(library, {}))  # noqa: B023
        assert set(found) == {library.by_name}


def test_an_allocation_that_is_seen_is_known() -> None:
    """Whoever finds one has the one that is known, though other threads let go of theirs meanwhile."""
    turn, address = threading.Lock(), 1 << 40

    def look() -> bool:
        for _ in range(300 * ROUNDS):
            with turn:
                found = allocation_at(address)
            for _ in range(3):
                if next(allocation_seen(address), None) is not found:
                    return False
            del found
        return True

    assert run_together(look, 2) == [True, True]
    for _ in range(3):
        gc.collect()
    assert list(allocation_seen(address)) == []

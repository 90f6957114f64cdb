"""What the runtime keeps for all threads: those that ask at once find the same, or none that another one has."""

from __future__ import annotations

import gc
import sys
import sysconfig
import threading
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from many_threads import answers_of

from f2pypy.runtime.allocations import allocation_at, allocation_seen
from f2pypy.runtime.interpreter import PYPY, new_number
from f2pypy.runtime.intrinsic_tables import table_of
from f2pypy.runtime.pointed_procedures import watch_calls
from f2pypy.runtime.record_tables import TypeTables
from f2pypy.runtime.turns import Turns

THREADS = 8
ROUNDS = 100
pytestmark = pytest.mark.usefixtures("frequent_switches")


def test_numbers_are_given_once() -> None:
    taken: dict[int, Any] = {}
    given = answers_of(lambda _: [new_number(taken) for _ in range(1000)], THREADS)
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
        found = answers_of(lambda _: table_of(tables, kind, False), THREADS)  # noqa: B023
        assert len(set(found)) == 1


def test_all_threads_watch_the_same_calls() -> None:
    for _ in range(ROUNDS):
        library: Any = SimpleNamespace(by_name=None, native=None)
        found = answers_of(lambda _: watch_calls(library, {}), THREADS)  # noqa: B023
        assert set(found) == {library.by_name}


def test_an_allocation_that_is_seen_is_known() -> None:
    """Whoever finds one has the one that is known, though other threads let go of theirs meanwhile."""
    turn, address = threading.Lock(), 1 << 40

    def look(_: int) -> bool:
        for _ in range(300 * ROUNDS):
            with turn:
                found = allocation_at(address)
            for _ in range(3):
                if next(allocation_seen(address), None) is not found:
                    return False
            del found
        return True

    assert answers_of(look, 2) == [True, True]
    for _ in range(3):
        gc.collect()
    assert list(allocation_seen(address)) == []

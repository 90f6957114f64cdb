"""Many threads in one library: what routines keep, variables of modules, allocatable arrays, callbacks, exceptions."""

from __future__ import annotations

import gc
import threading
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from many_threads import PATIENCE, run_together

THREADS = 40
pytestmark = pytest.mark.usefixtures("frequent_switches")


class Failure(Exception):
    """What a callback raises: it knows whose it is."""


def test_a_module_array_belongs_to_one_call_at_a_time(threads: ModuleType) -> None:
    shared = threads.shared_state
    shared.turns = 0

    def work(number: int) -> set[float]:
        return {shared.fill_and_add(number) for _ in range(50)}

    assert run_together(work, THREADS) == [{64.0 * number} for number in range(THREADS)]
    assert shared.turns == THREADS * 50


def test_saved_numbers_are_given_once(threads: ModuleType) -> None:
    first = threads.shared_state.next_number()

    def work(_: int) -> list[int]:
        return [threads.shared_state.next_number() for _ in range(100)]

    numbers = [number for given in run_together(work, THREADS) for number in given]
    assert sorted(numbers) == list(range(first + 1, first + 1 + THREADS * 100))


def test_assigned_arrays_are_whole(threads: ModuleType) -> None:
    """A routine sees the table as one thread's assignment left it, never parts of two."""
    shared = threads.shared_state

    def work(number: int) -> set[bool]:
        sums = set()
        for _ in range(100):
            shared.table = np.full(64, float(number))
            mean = shared.mean_of_table()
            sums.add(mean == int(mean))
        return sums

    assert run_together(work, THREADS) == [{True}] * THREADS


def test_allocatable_arrays_made_by_fortran(threads: ModuleType) -> None:
    def work(number: int) -> set[float]:
        make = threads.shared_state.make_series
        return {make(1 + 13 * number, number) for _ in range(50)}

    expected = [{float((1 + 13 * number) * number)} for number in range(THREADS)]
    assert run_together(work, THREADS) == expected


def test_allocatable_arrays_made_by_assignment(threads: ModuleType) -> None:
    """Threads replace, look at and free one array; whatever a routine then adds up is one of their arrays."""
    shared = threads.shared_state

    def work(number: int) -> None:
        for again in range(50):
            shared.series = np.full(1 + 7 * number, float(number))
            total, n = shared.add_series()
            if n:
                assert total == n * ((n - 1) // 7)
            view = shared.series
            if view is not None:
                assert (view == view[0]).all()
            if again % 10 == 9:
                shared.series = None

    assert run_together(work, THREADS) == [None] * THREADS
    shared.series = None
    assert shared.series is None


def test_each_call_has_its_own_callback(threads: ModuleType) -> None:
    def work(number: int) -> set[float]:
        return {
            threads.sum_of(lambda x, weight: weight * x, 10, (number,))
            for _ in range(30)
        }

    assert run_together(work, THREADS) == [{55.0 * number} for number in range(THREADS)]


def test_each_call_changes_its_own_array(threads: ModuleType) -> None:
    def work(number: int) -> set[tuple[float, ...]]:
        def add(x: Any) -> Any:
            return x + number

        return {tuple(threads.change(add, np.zeros(3), 20)) for _ in range(10)}

    expected = [{(20.0 * number,) * 3} for number in range(THREADS)]
    assert run_together(work, THREADS) == expected


def test_each_thread_is_called_by_name(threads: ModuleType) -> None:
    """Fortran calls one procedure of one name; it is each caller's own function."""

    def work(number: int) -> set[float]:
        return {threads.call_by_name(lambda x: number * x, 10) for _ in range(30)}

    assert run_together(work, THREADS) == [{55.0 * number} for number in range(THREADS)]


@pytest.mark.parametrize("routine", ["sum_of", "call_by_name"])
def test_exceptions_reach_their_thread(threads: ModuleType, routine: str) -> None:
    call = getattr(threads, routine)

    def work(number: int) -> float:
        def fail_in_odd_threads(x: float) -> float:
            if number % 2 and x > number % 7:
                raise Failure(number)
            return x

        for _ in range(20):
            total: float = call(fail_in_odd_threads, 10)
        return total

    for number, answer in enumerate(run_together(work, THREADS)):
        if number % 2:
            assert isinstance(answer, Failure)
            assert answer.args == (number,)
        else:
            assert answer == 55


def test_callbacks_that_call_the_library(threads: ModuleType) -> None:
    def work(number: int) -> set[float]:
        def inner(x: float) -> float:
            return float(threads.sum_of(lambda y: y * number, int(x)))

        return {threads.sum_of(inner, 4) for _ in range(10)}

    # 1 + (1+2) + (1+2+3) + (1+2+3+4)
    assert run_together(work, THREADS) == [{20.0 * number} for number in range(THREADS)]


def test_a_callback_may_wait_for_a_thread_that_calls_the_library(
    threads: ModuleType,
) -> None:
    answers = []

    def ask_another_thread(x: float) -> float:
        other = threading.Thread(
            target=lambda: answers.append(threads.shared_state.fill_and_add(x)),
            daemon=True,
        )
        other.start()
        other.join(PATIENCE)
        assert not other.is_alive(), "it waits for the library"
        return float(answers[-1])

    assert threads.sum_of(ask_another_thread, 3) == 64 * (1 + 2 + 3)
    assert answers == [64.0, 128.0, 192.0]


def test_callbacks_that_wait_for_each_other(threads: ModuleType) -> None:
    """All threads are in Fortran at once, each in its callback."""
    everybody = threading.Barrier(THREADS)

    def work(number: int) -> int:
        def ask(key: int) -> int:
            everybody.wait(PATIENCE)
            return key + 1000

        answer: int = threads.shared_state.ask_and_keep(ask, number)
        return answer

    assert run_together(work, THREADS) == [number + 1000 for number in range(THREADS)]


def test_finalizers_may_call_the_library(threads: ModuleType) -> None:
    class Last:
        def __del__(self) -> None:
            threads.shared_state.fill_and_add(1)

    def forget(x: float) -> float:
        Last()
        return x

    before = int(threads.shared_state.turns)
    assert threads.sum_of(forget, 10) == 55
    gc.collect()
    assert threads.shared_state.turns > before

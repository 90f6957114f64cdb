"""Many threads with objects of derived type: what objects hold, classes that Fortran calls, values of any type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from many_threads import answers_of

THREADS = 8
ROUNDS, OBJECTS = 10, 100
pytestmark = pytest.mark.usefixtures("frequent_switches")


def test_threads_that_assign_one_component(types_module: Callable[[str], Any]) -> None:
    """Each value is freed once, whoever replaces it."""
    arrays, node = types_module("arrays").arrays, types_module("holding").holding.node
    roots = [node(left=node(value=7)) for _ in range(OBJECTS)]
    wholes = [arrays.crowd(inner=[arrays.crowd()]) for _ in range(OBJECTS)]

    def work(number: int) -> None:
        for root, whole in zip(roots, wholes):  # noqa: B905 - Python 3.9
            root.left = None
            whole.inner = [arrays.crowd(n=number)]
            root.left = node(value=number)

    answers_of(work, THREADS)
    assert {0 <= root.left.value < THREADS for root in roots} == {True}
    assert {0 <= whole.inner[0].n < THREADS for whole in wholes} == {True}


def test_values_of_any_type(types_module: Callable[[str], Any]) -> None:
    kept = types_module("any_kept").kept
    shared = kept.cell()

    def work(number: int) -> None:
        own = kept.cell()
        for again in range(ROUNDS):
            shared.v = kept.pair(number) if again % 2 else number
            seen = shared.v
            assert 0 <= (seen if isinstance(seen, int) else seen.x) < THREADS
            own.v = number
            assert kept.seen(own) == 100 + number
            own.v = kept.pair(number)
            assert kept.seen(own) == 500 + number

    answers_of(work, THREADS)


def test_classes_that_fortran_calls_first_in_many_threads(
    types_module: Callable[[str], Any],
) -> None:
    """Fortran gets one table of a class, by which Python finds its objects again."""
    extended = types_module("extended").extended
    for _ in range(ROUNDS):
        own = type("Own", (extended.shape,), {"area": lambda self: self.radius * 3})
        objects = [own() for _ in range(THREADS)]
        for number, each in enumerate(objects):
            each.radius = float(number)
        found = answers_of(lambda number: extended.total(objects[number]), THREADS)  # noqa: B023
        assert found == [number * 3 + 4 for number in range(THREADS)]

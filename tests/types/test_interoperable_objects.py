"""Arrays, allocatables and pointers of interoperable types in procedures with bind(c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def objects(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/interoperable_objects.f90."""
    return types_module("interoperable_objects").interoperable_objects


@pytest.fixture
def row(objects: Any) -> Any:
    """Five points that are numbered from 1."""
    made = objects.point.array(5)
    made.i = range(1, 6)
    return made


def test_arrays(objects: Any, row: Any) -> None:
    assert objects.total(row) == 515
    assert objects.total(row[::-2]) == 309
    assert objects.total([objects.point(1), objects.point(2)]) == 203
    grid = objects.point.array((4, 6))
    grid.i = 3
    objects.double(grid[::2, ::3])
    assert grid.i.sum() == 24 * 3 + 4 * 3
    assert grid[0, 3].x == 22
    assert [objects.given(row), objects.given(row[:0])] == [5, 0]


def test_allocatables(objects: Any, row: Any) -> None:
    point = objects.point
    assert [objects.seen(point(3)), objects.seen(None)] == [3, -1]
    assert [objects.seen_row(row), objects.seen_row(None)] == [515, -1]
    made = objects.make(6)
    assert (made, objects.make(0)) == (point(6, 0.5), None)
    made = objects.make_row(4)
    assert (made.i.tolist(), made.x.tolist()) == ([1, 2, 3, 4], [4] * 4)
    assert objects.make_row(0) is None
    made = None
    for n in range(1, 5):
        made = objects.grow(made)
        assert made.i.tolist() == list(range(1, n + 1))
    p = point(3)
    assert objects.drop_or_change(p, 0) is p
    assert p.i == 4
    assert objects.drop_or_change(p, 1) is None


def test_pointers(objects: Any, row: Any) -> None:
    p = objects.point(7)
    assert [objects.pointed(p), objects.pointed(None), p.x] == [7, -1, 99]
    here, some = objects.point_here()
    assert (here, some.i.tolist()) == (objects.here, [6, 4, 2])
    some.x = 0
    assert objects.many.x.tolist() == [1, 0, 3, 0, 5, 0]
    q = objects.point(8)
    one, other = objects.swap(p, q)
    assert (one == q, other == p) == (True, True)
    assert [objects.row_sum(row[::2]), objects.row_sum(None)] == [309, -1]


def test_callbacks(objects: Any, row: Any) -> None:
    def answer(p: Any, q: Any) -> Any:
        p.i = [3, 4]
        return objects.point(q.i + 1), row[:2]

    assert objects.ask(answer) == 7 + 600 + 30000
    assert objects.ask(lambda p, q: (None, None)) == 2
    assert objects.ask(lambda p, q: None) == 2 + 500

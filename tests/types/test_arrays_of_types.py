"""Arrays of derived type, as arguments and by themselves."""

from __future__ import annotations

import copy
import gc
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def arrays(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/arrays.f90."""
    return types_module("arrays").arrays


def test_elements_and_components_are_live(arrays: Any) -> None:
    a = arrays.point.array(5)
    assert (len(a), a.shape, a.x.tolist()) == (5, (5,), [1] * 5)
    a[1].x = 4
    a.x[2:4] = [5, 6]
    assert a.x.tolist() == [1, 4, 5, 6, 1]
    a.k = [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]]
    assert (a[4].k.tolist(), a.k[:, 1].tolist()) == ([9, 10], [2, 4, 6, 8, 10])
    assert (a.name.tolist(), a[-1].name) == ([b"abc"] * 5, b"abc")
    part = a[::-2]
    assert (part.x.tolist(), part[0].k.tolist()) == ([1, 5, 1], [9, 10])
    part.x[:] = 0
    assert a.x.tolist() == [0, 4, 0, 6, 0]
    a[0] = a[1]
    a[2:4] = [arrays.point(7), arrays.point(8)]
    assert a["x"].tolist() == [4, 4, 7, 8, 0]
    with pytest.raises(IndexError, match="out of bounds"):
        a[5]
    with pytest.raises(AttributeError, match="no component 'missing'"):
        _ = a.missing
    with pytest.raises(TypeError, match="point expected, got int"):
        a[0] = 3
    with pytest.raises(ValueError, match="2 objects expected, got 1"):
        a[:2] = [arrays.point()]


def test_two_axes(arrays: Any) -> None:
    a = arrays.point.array((2, 3))
    a.x = [[1, 2, 3], [4, 5, 6]]
    assert (a[1, 0].x, a[1].x.tolist(), a[:, 2].x.tolist()) == (4, [4, 5, 6], [3, 6])
    assert arrays.corner(a) == 234
    assert arrays.corner(a[:, 1:]) == 225
    assert arrays.corner(a[::-1, ::2]) == 221
    with pytest.raises(ValueError, match=r"shape \(:\) expected, got \(2, 3\)"):
        arrays.weighted(a)


def test_elements_get_the_values_of_others(arrays: Any) -> None:
    """What is assigned has the values from before, where the memory overlaps, too."""
    a = arrays.point.array(4)
    a.x = [1, 2, 3, 4]
    a[1:] = a[:-1]
    assert a.x.tolist() == [1, 1, 2, 3]
    a[:] = [a[3], a[2], a[0], a[1]]
    assert a.x.tolist() == [3, 2, 1, 1]
    a[:] = a[1]
    assert a.x.tolist() == [2] * 4
    b = arrays.point.array((2, 3))
    b.x = [[1, 2, 3], [4, 5, 6]]
    b[:] = b[::-1, ::-1]
    assert b.x.tolist() == [[6, 5, 4], [3, 2, 1]]
    b[:] = [b[1], b[0]]
    assert b.x.tolist() == [[3, 2, 1], [6, 5, 4]]
    with pytest.raises(ValueError, match="3 objects expected, got 2"):
        b[:] = [[arrays.point()] * 2] * 2
    c = arrays.crowd()
    c.inner = [arrays.crowd(1), arrays.crowd(2)]
    c.inner[1].inner = [arrays.crowd(3)]
    c.inner[1].inner[0].seen = a
    c.inner = c.inner[1].inner
    del a
    gc.collect()
    assert ([each.n for each in c.inner], c.inner[0].seen.x.tolist()) == ([3], [2] * 4)


def test_arguments(arrays: Any) -> None:
    a = arrays.point.array(4)
    a.x = [1, 2, 3, 4]
    assert (arrays.total(a), arrays.total(a, 4), arrays.weighted(a)) == (10, 10, 30)
    assert (
        arrays.total(a[::2]),
        arrays.weighted(a[::-1]),
        arrays.weighted(a[1::2]),
    ) == (4, 20, 10)
    assert arrays.first_two(a[2:]) == 43
    assert arrays.assumed_size(a, 3) == 6
    assert arrays.weighted([arrays.point(5), arrays.point(6)]) == 17
    assert (
        arrays.given(),
        arrays.given(None),
        arrays.given(a[:0]),
        arrays.given(a),
    ) == (-1, -1, 0, 4)
    with pytest.raises(
        TypeError,
        match=r"weighted\(\) 1st argument \(p\): an array of point expected, got int",
    ):
        arrays.weighted(3)
    with pytest.raises(TypeError, match="element 1: point expected, got str"):
        arrays.weighted([arrays.point(), "x"])
    with pytest.raises(ValueError, match=r"shape \(2\) expected, got \(4,\)"):
        arrays.first_two(a)


def test_changes_come_back(arrays: Any) -> None:
    a, p = arrays.point.array(4), [arrays.point(1), arrays.point(2)]
    arrays.shift(a[::2], 10)
    arrays.shift(p, 5)
    assert (a.x.tolist(), a[0].name) == ([11, 1, 11, 1], b"new")
    assert ([each.x for each in p], p[0].name, p[1].name) == ([6, 7], b"new", b"abc")
    arrays.shift_all(a[1::2])
    arrays.shift_all(p)
    assert (a.x.tolist(), p[1].x) == ([11, 2, 11, 2], 8)


def test_results(arrays: Any) -> None:
    made = arrays.make(3)
    assert (made.k.tolist(), made.x.tolist()) == ([[1, 3], [2, 3], [3, 3]], [1] * 3)
    assert arrays.line(3).x.tolist() == [0.5, 1, 1.5]
    assert arrays.weighted(arrays.line(2)) == 2.5


def test_arrays_inside_objects(arrays: Any) -> None:
    p = arrays.polygon()
    p.corners.x = [1, 2, 3, 4]
    p.grid[1, 2].x = 5
    assert arrays.area(p) == 510
    corners = p.corners
    assert (corners[3].k.tolist(), p.grid.shape) == ([2, -1], (2, 3))
    other = copy.copy(p)
    p.corners[0] = arrays.point(9)
    p.corners = p.corners[::-1]
    del p
    gc.collect()
    assert (corners.x.tolist(), other.corners.x.tolist()) == (
        [4, 3, 2, 9],
        [1, 2, 3, 4],
    )
    many = arrays.polygon.array(2)
    many.corners.x = 3
    assert (many.corners.shape, many[1].corners[2].x, many.grid.shape) == (
        (2, 4),
        3,
        (2, 2, 3),
    )


def test_numpy_sees_the_memory(arrays: Any) -> None:
    a = arrays.point.array(3)
    view = np.asarray(a)
    view["x"] = [4, 5, 6]
    assert (a.x.tolist(), view.dtype) == ([4, 5, 6], arrays.point.dtype)
    rows = np.zeros(4, arrays.point.dtype)
    rows["x"] = [1, 2, 3, 4]
    assert (arrays.weighted(rows), arrays.weighted(rows[::2]), arrays.total(rows)) == (
        30,
        7,
        10,
    )
    arrays.shift(rows[1:], 1)
    arrays.shift_all(rows[::2])
    assert rows["x"].tolist() == [2, 3, 5, 5]
    with pytest.raises(
        TypeError, match="an array of point expected, got one of float64"
    ):
        arrays.weighted(np.zeros(3))
    with pytest.raises(TypeError, match="NumPy has no such elements"):
        _ = arrays.owner.dtype


def test_elements_hold_memory(arrays: Any) -> None:
    a = arrays.owner.array(3)
    arrays.extend(a)
    arrays.extend(a[1:])
    assert [each.data.tolist() for each in a] == [[1], [2, 1], [3, 2]]
    objects = [arrays.owner(), arrays.owner([5])]
    arrays.extend(objects)
    assert [each.data.tolist() for each in objects] == [[1], [5, 2]]
    for other in (copy.copy(a), copy.deepcopy(a), pickle.loads(pickle.dumps(a))):
        assert other == a
        other[0].data[0] = 9
        assert other != a
    data = a[1].data
    del a
    gc.collect()
    assert data.tolist() == [2, 1]
    with pytest.raises(AttributeError, match="isn't stored in the array"):
        _ = arrays.owner.array(2).data


def test_children(arrays: Any) -> None:
    c = arrays.colored.array(2)
    c.x, c.color = [3, 4], 8
    assert ([each.color for each in c], arrays.weighted(list(c))) == ([8, 8], 11)


def test_allocatable_arrays_inside_objects(arrays: Any) -> None:
    c = arrays.crowd()
    assert (c.members, c.grid, c.seen, c.inner, arrays.measure(c)) == (None,) * 4 + (0,)
    for n in (3, 2):
        arrays.gather(c, n)
        assert [each.data.tolist() for each in c.members] == [
            [i, 2 * i] for i in range(1, n + 1)
        ]
    assert (c.grid.shape, c.grid[1, 1].x, c.inner[0].n) == ((2, 3), 5, 2)
    assert arrays.measure(c) == 9 + 100 * c.grid.x.sum()
    c.grid.x = 2
    c.members = [arrays.owner([1, 2, 3]), arrays.owner()]
    assert (arrays.measure(c), c.members[1].data) == (6 + 1200, None)
    other = copy.copy(c)
    assert other == c
    other.members[0].data[0] = 10
    assert (arrays.measure(c), arrays.measure(other)) == (1206, 1215)
    members, data = c.members, c.members[0].data
    del c
    gc.collect()
    assert (len(members), data.tolist()) == (2, [1, 2, 3])
    other.members = other.grid = None
    seen = arrays.point.array(4)
    other.seen = seen[::2]
    seen.x = [1, 2, 3, 4]
    assert (arrays.measure(other), other.seen.x.tolist()) == (4e4, [1, 3])
    other.inner = [arrays.crowd(5), arrays.crowd(6)]
    other.inner[1].inner = other.inner
    assert other.inner[1].inner[1].n == 6
    with pytest.raises(TypeError, match="owner expected, got point"):
        other.members = [arrays.point()]


def test_elements_that_python_drops_live_as_long_as_somebody_sees_them(
    arrays: Any,
) -> None:
    c = arrays.crowd()
    c.inner = [arrays.crowd(1), arrays.crowd(2)]
    first, whole = c.inner[0], c.inner
    c.inner = [arrays.crowd(5)]
    others = [arrays.crowd(7) for _ in range(100)]
    assert ([each.n for each in whole], first.n, c.inner[0].n, len(others)) == (
        [1, 2],
        1,
        5,
        100,
    )

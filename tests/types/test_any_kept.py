"""Allocatables and pointers of class(*): numbers, characters and objects come to Python as what they are."""

from __future__ import annotations

import copy
import gc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def kept(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/any_kept.f90."""
    return types_module("any_kept").kept


def test_what_fortran_stores_in_a_component(kept: Any) -> None:
    c = kept.cell()
    assert c.v is None
    assert "v : allocatable class(*), optional" in kept.cell.__doc__
    found = []
    for what in range(1, 6):
        kept.fill(c, what)
        found.append(copy.copy(c.v))  # Fortran deallocates it
    assert found == [7, 2.5, b"hello ", kept.pair(8.0), True]
    assert [type(each) for each in found[:3]] == [int, float, bytes]
    kept.fill(c, 0)
    assert c.v is None


@pytest.mark.parametrize(
    ("value", "seen"),
    [(7, 107), (2.5, 202), (b"abc", 303), ("abcd ", 305), (True, 400), (None, -1)],
)
def test_what_python_stores_in_a_component(kept: Any, value: Any, seen: int) -> None:
    c = kept.cell(v=value)
    assert kept.seen(c) == seen
    assert c.v == (value.encode() if isinstance(value, str) else value)
    c.v = kept.pair(4.0)
    assert (kept.seen(c), c.v.y) == (504, 2)
    c.v = value
    assert kept.seen(c) == seen


def test_components_of_any_name(kept: Any) -> None:
    """What an object holds says nothing of its own extents, whatever its name is."""
    c = kept.cell(v=kept.body(), p=kept.body([1, 2]), many=kept.body.array(2))
    assert (kept.seen(c), kept.kind_of(kept.body([1, 2]))) == (604, 602)
    assert (c.v.shape.tolist(), c.p.shape.tolist()) == ([3, 4], [1, 2])
    assert (kept.look(kept.body([1, 7])), kept.look_many(c.many)) == (607, 604002)


def test_numbers_of_other_kinds(kept: Any) -> None:
    c = kept.cell()
    for value in (np.float32(2), np.int64(5), np.int8(-3), 1j, 1 << 40):
        c.v = value
        assert c.v == value
    with pytest.raises(TypeError, match=r"cell\.v: Fortran has no type for object"):
        c.v = object()
    assert c.v == 1 << 40


def test_what_somebody_sees_stays(kept: Any) -> None:
    c = kept.cell(v=kept.pair(4.0), many=np.arange(4.0))
    seen, several = c.v, c.many
    several[1] = 8
    assert c.many.tolist() == [0, 8, 2, 3]
    c.v, c.many = 3, None
    del c
    gc.collect()
    assert (seen.x, several.tolist()) == (4, [0, 8, 2, 3])


def test_what_somebody_sees_outlives_an_assignment_to_the_whole(kept: Any) -> None:
    cells = kept.cell.array(1)
    cells[0] = kept.cell(v=kept.pair(4.0), many=np.arange(1000.0))
    cells[0].q, cells[0].p = np.arange(1000.0), kept.pair(6.0)
    seen, several = cells[0].v, cells[0].many
    pointed, target = cells[0].p, cells[0].q
    cells[0] = kept.cell(2)
    gc.collect()
    filler = kept.cell(v=kept.pair(-1.0), many=np.full(1000, -1.0))
    fillers = [copy.copy(filler) for _ in range(50)]
    assert (seen.x, pointed.x) == (4, 6)
    assert several.tolist() == target.tolist() == list(range(1000))
    assert (cells[0].v, cells[0].many, cells[0].p, cells[0].q) == (None,) * 4
    cells[0].q, cells[0].p = target[::2], pointed
    target, pointed = cells[0].q, cells[0].p
    cells[0].q = cells[0].p = None
    fillers += [copy.copy(filler) for _ in range(50)]
    assert target.tolist() == list(range(0, 1000, 2))
    assert (pointed.x, fillers[-1].v.x) == (6, -1)


def test_arrays_in_components(kept: Any) -> None:
    c = kept.cell(many=[1, 2, 3])
    assert (c.many.tolist(), c.many.dtype) == ([1, 2, 3], np.int32)
    c.many = ["a", "bcd"]
    assert c.many.tolist() == [b"a  ", b"bcd"]
    c.many = [True, False]
    assert c.many.tolist() == [True, False]
    c.many = kept.pair.array(3)
    c.many[1].x = 9
    assert c.many.x.tolist() == [1, 9, 1]
    c.many = c.many[1:]
    assert c.many.x.tolist() == [9, 1]
    with pytest.raises(ValueError, match="an array with shape"):
        c.many = 3


def test_copies(kept: Any) -> None:
    """Each object has values of its own."""
    c = kept.cell(v=kept.pair(4.0), many=[1.0, 2.0], p=kept.pair(6.0))
    d = copy.copy(c)
    c.v.x = 5
    c.many[0] = 7
    c.p.x = 8
    assert (d.v.x, d.many.tolist(), d.p.x) == (4, [1, 2], 8)
    del c
    gc.collect()
    assert (d.v.x, d.p.y) == (4, 2)


def test_pointers_in_components(kept: Any) -> None:
    c, p = kept.cell(p=5), kept.pair(9.0)
    assert (c.p, c.q) == (5, None)
    c.p = p
    c.p.x = 3
    assert p.x == 3
    values = np.arange(6.0)
    c.q = values[::2]
    c.q[1] = 77
    assert values.tolist() == [0, 1, 77, 3, 4, 5]
    c.p = c.q = None
    assert (c.p, c.q) == (None, None)
    with pytest.raises(TypeError, match="that Fortran can point to as it lies"):
        c.q = [1, 2]
    assert "p=None" in repr(c)


def test_arguments(kept: Any) -> None:
    pair = kept.pair
    assert [kept.look(x) for x in ("abc", None, pair(2.0))] == [303, -1, 502]
    assert [kept.change(x) for x in (pair(4.0), 2.0, None)] == [504, 202, -1]
    several = ([1, 2, 3], None, pair.array(2), np.array([4.0]))
    assert [kept.look_many(x) for x in several] == [103003, -1, 501002, 204001]
    with pytest.raises(TypeError, match=r"look\(\) 1st argument \(x\): Fortran has no"):
        kept.look({})


def test_what_comes_back(kept: Any) -> None:
    pair = kept.pair
    assert [kept.give(n) for n in (1, 4, 9)] == [7, pair(8.0), None]
    found = [kept.result_of(n) for n in (1, 3, 4, 0)]
    assert found == [7, b"hello ", pair(8.0), None]
    assert kept.make_many(1).tolist() == [1, 2]
    objects = kept.make_many(2)
    gc.collect()
    assert objects.x.tolist() == [1, 1, 1]
    assert kept.make_many(3) is None


def test_pointers(kept: Any) -> None:
    p = kept.pair(3.0)
    assert (kept.point(p), p.x) == (503, 99)
    assert [kept.point(x) for x in (None, 5)] == [-1, 105]
    a, b = kept.swap(p, 7)
    assert (a, b) == (7, p)
    b.x = 4
    assert p.x == 4
    assert kept.pointer_to(p) == 2


def test_many_values(kept: Any) -> None:
    """Memory is given back: this would be 160 MB."""
    c, large = kept.cell(), np.ones(100_000)
    for _ in range(100):
        c.many = large
        kept.look_many(large)
    assert c.many.sum() == 1e5

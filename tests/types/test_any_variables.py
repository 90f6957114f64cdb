"""Variables of modules that are allocatables and pointers of class(*), and components of every rank."""

from __future__ import annotations

import copy
import gc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def variables(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/any_variables.f90, whose variables have nothing."""
    module = types_module("any_variables").any_variables
    module.fill(0)
    return module


def collect() -> None:
    for _ in range(3):
        gc.collect()


def test_what_fortran_stores(variables: Any) -> None:
    m = variables
    assert [m.lone, m.seen, m.row, m.some, m.grid, m.fixed, m.secret] == [None] * 7
    m.fill(1)
    assert (m.lone, m.seen) == (7, 2.5)
    assert (m.row.tolist(), m.grid.tolist()) == ([1, 2, 3], [[1, 3], [2, 4]])
    m.row[1] = 20
    assert m.row.tolist() == [1, 20, 3]
    m.fill(2)
    assert (type(m.lone), m.lone.x, m.lone.z.tolist()) == (m.triple, 9, [4, 4])
    assert (type(m.seen), type(m.fixed), m.fixed == m.other) == (m.pair, m.pair, True)
    m.seen.x = 5
    assert (m.other.x, m.fixed.x) == (5, 5)
    m.other.x = 1
    assert ([type(each) for each in m.row], m.grid.shape) == ([m.triple] * 2, (1, 2))
    m.some[0].x = 8
    assert m.row[1].x == 8
    m.fill(3)
    assert (m.lone, m.row.tolist(), m.seen) == (b"text ", [True, False], False)


@pytest.mark.parametrize(
    ("value", "known"),
    [(7, 107), (2.5, 202), (b"abc", 303), ("abcd ", 305), (True, 400), (None, -1)],
)
def test_what_python_stores(variables: Any, value: Any, known: int) -> None:
    m = variables
    stored = value.encode() if isinstance(value, str) else value
    for name in ("lone", "seen"):
        setattr(m, name, value)
        assert getattr(m, f"kind_of_{name}")() == known
        assert getattr(m, name) == stored
        setattr(m, name, m.triple(3, z=[1.0]))
        assert getattr(m, f"kind_of_{name}")() == 613
        assert getattr(m, name).z.tolist() == [1]
        setattr(m, name, value)
        assert getattr(m, name) == stored


def test_arrays(variables: Any) -> None:
    m = variables
    m.row = [1.5, 2.5]
    assert (m.kind_of_row(), m.row.tolist()) == (2202, [1.5, 2.5])
    m.row = [m.pair(n) for n in (1, 2, 3)]
    assert (m.kind_of_row(), m.row.x.tolist()) == (3503, [1, 2, 3])
    m.row = None
    assert (m.kind_of_row(), m.row) == (-1, None)
    m.grid = np.arange(6).reshape(2, 3)
    assert (m.kind_of_grid(), m.grid.tolist()) == (23000 + 0, [[0, 1, 2], [3, 4, 5]])
    m.grid = np.arange(6, dtype="i4").reshape(2, 3)
    assert m.kind_of_grid() == 23101
    given = np.arange(10.0)
    m.some = given[::3]
    assert (m.kind_of_some(), m.some.tolist()) == (4209, [0, 3, 6, 9])
    m.some[0] = 7
    assert given[0] == 7
    del given
    gc.collect()
    assert m.some.tolist() == [7, 3, 6, 9]
    m.some = m.triple.array(2)
    assert len(m.some) == 2
    with pytest.raises(ValueError, match="an array with shape"):
        m.row = 3
    with pytest.raises(TypeError, match="an array of numbers or characters"):
        m.some = [1, 2]
    with pytest.raises(TypeError, match=r"lone.*Fortran has no type for"):
        m.lone = object()
    m.some = None
    assert m.some is None


def test_protected_ones(variables: Any) -> None:
    m = variables
    m.fill(1)
    for name in ("fixed", "secret"):
        with pytest.raises(AttributeError, match="protected"):
            setattr(m, name, 3)
    with pytest.raises(ValueError, match="read-only"):
        m.secret[0] = 1
    m.fill(2)
    with pytest.raises(AttributeError, match="protected"):
        m.secret[0].x = 1


def test_what_is_seen_lives(variables: Any) -> None:
    m = variables
    collect()
    before = int(m.finalized)
    m.lone = m.triple(3, z=[1.0])
    part = m.lone.z
    collect()
    assert int(m.finalized) == before + 1  # what was given
    m.lone = 5
    collect()
    assert (part.tolist(), int(m.finalized)) == ([1], before + 1)
    del part
    collect()
    assert int(m.finalized) == before + 2
    m.row = [1.5, 2.5]
    row = m.row
    m.row = None
    assert row.tolist() == [1.5, 2.5]


def test_documentation(variables: Any) -> None:
    m = variables
    text = m.__doc__
    for line in ("lone : class(*), not allocated", "seen : class(*), not associated"):
        assert line in text
    assert "grid : class(*)-array(-1,-1), not allocated" in text
    m.fill(2)
    assert "grid : class(*)-array(1,2)\n" in m.__doc__ + "\n"


def test_components(variables: Any) -> None:
    """Of rank 2, in a parent, inside an object, and in arrays of objects."""
    m = variables
    c = m.crate(grid=np.arange(4, dtype="i4").reshape(2, 2))
    assert m.kind_of_box(c) == 22101
    c.inner.grid = c.grid
    c.grid = None
    assert (m.kind_of_box(c), m.kind_of_box(c.inner)) == (-1, 22101)
    c.more = [m.box(one=3), m.box(one="text"), m.box(one=m.triple(4, z=[2.0]))]
    copied = copy.deepcopy(c)
    c.more[0].one = None
    assert [each.one for each in copied.more][:2] == [3, b"text"]
    assert (copied.more[2].one.z.tolist(), c.more[0].one) == ([2], None)
    given = np.ones((3, 2), order="F")
    c.inner.plane = given
    assert m.kind_of_plane(c.inner) == 32201
    given[0, 0] = 5
    assert c.inner.plane[0, 0] == 5

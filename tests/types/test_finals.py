"""FINAL procedures: once for each object, in Fortran's order, by every compiler."""

from __future__ import annotations

import copy
import gc
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def finals(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/finals.f90, which has noted nothing yet."""
    module = types_module("finals").finals
    collect()
    module.forget()
    return module


def collect() -> None:
    """Let go of all objects that nobody sees; PyPy needs several rounds."""
    for _ in range(3):
        gc.collect()


def noted(finals: Any) -> list[int]:
    """Return what has been finalized since the last time, in its order."""
    collect()
    count = finals.noted()
    found = finals.notes(count).tolist()
    finals.forget()
    return list(found)


def test_defaults_that_only_the_library_knows(finals: Any) -> None:
    c, h = finals.child(), finals.holder()
    assert (c.made.k, c.made.pair.tolist()) == (8, [3, 3])
    assert finals.size_of(c.made) == 14
    assert (h.public, finals.peek(h)) == (6, 7)
    assert (c.id, c.data, c.inner.data, noted(finals)) == (0, None, None, [])


def with_part_in_place(finals: Any) -> tuple[Any, ...]:
    """Return what a component is after the assignment of its parent part, and what has been finalized for that."""
    c = finals.child(1, any=finals.child(2, data=[1, 2]))
    noted(finals)
    c.any = c.any.base
    return type(c.any), c.any.id, c.any.data.tolist(), noted(finals)


def test_a_part_takes_the_place_of_the_whole(finals: Any) -> None:
    """The part of the parent type lies where its object does, and is of another type."""
    assert with_part_in_place(finals) == (finals.base, 2, [1, 2], [1002, 0, 2])
    assert noted(finals) == [1001, 0, 2, 1]


def test_parents_and_components(finals: Any) -> None:
    """The object's own procedure comes first, then its components', then its parent's."""
    b = finals.base(5, data=[1, 2])
    del b
    assert noted(finals) == [5]
    c = finals.child(1)
    c.inner.id = 2
    assert noted(finals) == []
    del c
    assert noted(finals) == [1001, 2, 1]
    c = finals.child()
    finals.fill(c, 10, False)
    assert finals.replaced(c) == 3 + 3 + 15
    del c
    assert noted(finals) == [1010, 11, 12, 10]
    c = finals.child()
    finals.fill(c, 20, True)
    del c
    assert noted(finals) == [1020, 21, 1022, 0, 22, 20]


def test_copies_are_objects_of_their_own(finals: Any) -> None:
    """What an assignment replaces is finalized; a copy finalizes nothing."""
    c = finals.child()
    finals.fill(c, 10, False)
    d = copy.copy(c)
    assert noted(finals) in ([], [1000, 0, 0])  # what the copy was before
    assert (d.id, d.data.tolist(), finals.replaced(d)) == (10, [1, 2], 21)
    d.data[0] = 100
    assert finals.replaced(c) == 21
    d.id = 40
    del c
    assert noted(finals) == [1010, 11, 12, 10]
    assert finals.replaced(d) == 120
    d.inner = finals.base(77)
    assert sorted(noted(finals)) == [11, 77]
    del d
    assert noted(finals) == [1040, 77, 12, 40]


def test_arrays(finals: Any) -> None:
    a = finals.base.array(4)
    a.id = [1, 2, 3, 4]
    part, element = a[1:3], a[2]
    del a
    assert noted(finals) == []
    del part
    assert noted(finals) == []
    assert element.id == 3
    del element
    assert sorted(noted(finals)) == [1, 2, 3, 4]
    s = finals.several()
    s.one.id = 0
    del s
    assert noted(finals) == [100, 103]
    many = finals.several.array(2)
    many.two.id = [5, 6]
    del many
    assert noted(finals) == [103, 105, 103, 106]


def test_private_types(finals: Any) -> None:
    h = finals.holder()
    del h
    assert noted(finals) == [-7]
    h = finals.holder()
    finals.spare(h)
    assert finals.peek(h) == 7 + 140 + 50000
    other = copy.copy(h)
    noted(finals)
    assert finals.peek(other) == 7 + 140 + 50000
    del h
    assert noted(finals) == [-7, 1050, 0, 50]  # no procedure takes an array
    assert finals.peek(other) == 7 + 140 + 50000


def test_out(finals: Any) -> None:
    """What goes to ``intent(out)`` is finalized there, and again when nobody sees it any more."""
    b = finals.renew()
    assert (b.id, b.data.tolist(), noted(finals)) == (0, [9], [0])
    del b
    assert noted(finals) == [0]

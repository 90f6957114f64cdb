"""Allocatable objects and pointers to objects, with values that Fortran and Python agree on."""

from __future__ import annotations

import gc
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def owned(types_module: Callable[[str], ModuleType]) -> Any:
    return types_module("owned").owned


@pytest.fixture
def finalized(owned: Any) -> Callable[[], int]:
    """How many objects were finalized since the last time that this was asked."""
    seen = [0]

    def since() -> int:
        collect()
        before, seen[0] = seen[0], int(owned.finalized)
        return seen[0] - before

    since()
    return since


def collect() -> None:
    for _ in range(3):
        gc.collect()


def test_allocatable_objects_that_go_in(owned: Any) -> None:
    x = owned.item(5, data=[1, 2])
    assert (owned.value_of(x), owned.value_of(None)) == (7, -1)
    assert (x.number, x.data.tolist()) == (5, [1, 2])
    with pytest.raises(
        TypeError, match=r"value_of\(\) 1st argument \(x\): item expected, got plain"
    ):
        owned.value_of(owned.plain())


def test_allocatable_objects_that_come_out(owned: Any, finalized: Any) -> None:
    x = owned.make(3)
    assert type(x) is owned.item
    assert (x.number, x.data.tolist(), owned.make(-1)) == (3, [3, 3, 3], None)
    data = x.data
    del x
    collect()
    assert data.tolist() == [3, 3, 3]
    del data
    assert finalized() == 1
    made = [owned.make(2) for _ in range(50)]
    assert sum(each.number for each in made) == 100
    del made
    assert finalized() == 50
    x = owned.built(4)
    assert (x.number, x.data.tolist(), owned.built(-1)) == (4, [4, 4], None)
    del x
    assert finalized() == 1


def test_allocatable_objects_that_change(owned: Any, finalized: Any) -> None:
    x = owned.item(5, data=[7])
    changed = owned.change(x, 1)
    assert changed is x
    assert (x.number, x.data.tolist()) == (6, [1, 2])
    assert owned.unsaid(x) is x
    assert x.number == 106
    assert owned.change(x, way=2) is x
    assert (x.number, x.data, finalized()) == (50, None, 1)
    assert owned.change(x, 0) is None
    assert (finalized(), x.number, x.data) == (1, 7, None)
    del x, changed
    assert finalized() == 0
    assert owned.change(None, 0) is None
    new = owned.change(None, 2)
    assert (type(new), new.number) == (owned.item, 50)
    assert owned.unsaid(None).number == 107
    assert owned.how() == (0, None)
    assert owned.how(new) == (2, new)
    assert new.number == 0
    del new
    assert finalized() == 2


def test_a_call_that_fails_changes_nothing(owned: Any) -> None:
    x = owned.item(5, data=[7])
    with pytest.raises(ValueError, match="way") as caught:
        owned.change(x, "no")
    assert (x.number, x.data.tolist()) == (5, [7])
    del caught
    with pytest.raises(TypeError, match=r"change\(\) 1st argument"):
        owned.change(3, 1)


def test_targets_of_pointers_live_as_long_as_what_points_to_them(owned: Any) -> None:
    x = owned.item(1)
    x.target = np.arange(100_000.0)
    x = owned.change(x, 1)
    a = owned.item.array(2)
    a[1].target = np.arange(100_000.0)
    a = owned.extend(a, 3)
    collect()
    others = [np.zeros(100_000) for _ in range(10)]
    assert (x.target.sum(), len(others), len(a)) == (4_999_950_000, 10, 3)


def test_pointers_to_objects(owned: Any) -> None:
    mine = owned.item(5)
    assert owned.aim(mine, False) is mine
    assert mine.number == 6
    theirs = owned.aim(mine, True)
    assert (theirs.number, mine.number) == (22, 6)
    assert owned.find(2).number == 22
    owned.find(2).number = 23
    assert (theirs.number, owned.find(0)) == (23, None)
    assert (owned.look(mine), mine.number, owned.look(None)) == (6, 7, -1)
    assert owned.aim(None, False) is None
    new = owned.new_item(8)
    assert (new.number, owned.new_item(-1)) == (8, None)
    owned.drop(new)


def test_allocatable_arrays(owned: Any, finalized: Any) -> None:
    a = owned.item.array(3)
    a.number = [1, 2, 3]
    assert (owned.total(a), owned.total(None), owned.total(a[::2])) == (6, -1, 4)
    assert owned.total([a[0], owned.item(9)]) == 10
    finalized()
    b = owned.many(4)
    assert (b.number.tolist(), [each.data.tolist() for each in b]) == (
        [1, 2, 3, 4],
        [[1], [2], [3], [4]],
    )
    assert (owned.many(-1), len(owned.many(0))) == (None, 0)
    last = b[3]
    del b
    assert (finalized(), last.number) == (0, 4)
    del last
    assert finalized() == 4
    assert owned.double(a) is a
    assert a.number.tolist() == [2, 4, 6]
    given = [owned.item(1), owned.item(2)]
    assert owned.double(given) is given
    assert [each.number for each in given] == [2, 4]
    longer = owned.extend(a, 5)
    assert (longer.number.tolist(), len(longer)) == ([2, 4, 6, 7, 7], 5)
    assert a.number.tolist() == [7, 7, 7]
    assert owned.extend(longer, -1) is None
    assert owned.extend(None, 2).number.tolist() == [7, 7]
    c = owned.several(2, 3)
    assert c.k.tolist() == [[11, 12, 13], [21, 22, 23]]
    assert owned.several(-1, 1) is None
    with pytest.raises(TypeError, match=r"total\(\) 1st argument \(a\)"):
        owned.total([1])
    with pytest.raises(ValueError, match="shape"):
        owned.total(owned.item.array((2, 2)))


def test_arrays_of_pointers(owned: Any) -> None:
    p = owned.every_other()
    assert p.number.tolist() == [1, 3]
    p.number = [10, 30]
    assert (owned.find(3).number, owned.find(2).number) == (30, 2)
    a = owned.plain.array(4)
    a.k = [1, 2, 3, 4]
    part = owned.slice(None, a)
    assert part.k.tolist() == [2, 3, 4]
    assert owned.slice(part, a) is part
    assert a.k.tolist() == [1, 3, 4, 5]
    assert owned.slice(a[::2], owned.plain.array(1)).k.tolist() == [2, 5]
    assert a.k.tolist() == [2, 3, 5, 5]
    given = [owned.plain(4)]
    assert owned.slice(given, a) is given
    assert given[0].k == 5
    assert (owned.sum_of(None), owned.sum_of(owned.several(2, 2))) == (-1, 66)


def test_allocatables_of_class(owned: Any) -> None:
    assert owned.create(0) is None
    one, wide = owned.create(1), owned.create(2)
    assert (type(one), type(wide), wide.x, wide.y) == (owned.plain, owned.wider, 3, 2)
    assert [owned.kind_of(each) for each in (None, one, wide)] == [0, 1, 2]
    unseen = owned.create(3)
    assert (type(unseen), unseen.k, owned.kind_of(unseen)) == (owned.plain, 30, 3)
    assert owned.replace(unseen, 0) is unseen
    assert (unseen.k, owned.kind_of(unseen)) == (31, 3)
    assert owned.replace(wide, 0) is wide
    assert (wide.k, wide.y) == (2, 2)
    other = owned.replace(wide, 1)
    assert (type(other), other.k, wide.k) == (owned.plain, 1, 1)
    other = owned.replace(other, 2)
    assert (type(other), other.y) == (owned.wider, 2)
    assert owned.replace(other, -1) is None
    assert type(owned.replace(None, 2)) is owned.wider
    assert [type(owned.created(n)) for n in (0, 1, 2)] == [
        type(None),
        owned.plain,
        owned.wider,
    ]
    with pytest.raises(
        TypeError, match=r"kind_of\(\) 1st argument \(x\): plain expected, got item"
    ):
        owned.kind_of(owned.item())


def test_pointers_of_class(owned: Any) -> None:
    wide = owned.wider(k=1)
    found = owned.point_to(wide)
    assert (type(found), found.k, wide.k) == (owned.wider, 11, 11)
    found.y = 9
    assert (
        wide.y,
        owned.pointer_to(wide).y,
        type(owned.pointer_to(owned.plain())),
    ) == (9, 9, owned.plain)
    assert [owned.kind_of_pointer(each) for each in (None, owned.plain(), wide)] == [
        0,
        1,
        2,
    ]
    assert wide.y == 10


def test_arrays_of_class(owned: Any) -> None:
    row = owned.create_row(3, True)
    assert (row[0], row.y.tolist()) == (owned.wider(k=1), [2, 2, 2])
    assert owned.create_row(2, False)[1] == owned.plain(k=2)
    assert owned.create_row(-1, True) is None
    assert (owned.sum_of_row(row), owned.sum_of_row(owned.create_row(2, False))) == (
        6006,
        3,
    )
    assert (owned.sum_of_row(None), owned.sum_of_row([owned.wider(k=4)])) == (-1, 2004)
    wide = owned.widen_row(owned.plain.array(2))
    assert (len(wide), type(wide[0])) == (3, owned.wider)
    assert (
        len(owned.widen_row(None)),
        len(owned.row_of(4)),
        type(owned.row_of(1)[0]),
    ) == (2, 4, owned.wider)


@pytest.fixture
def variables(owned: Any) -> Any:
    owned.set_variables(3)
    yield owned
    owned.set_variables(-1)


def test_variables_as_fortran_has_set_them(variables: Any) -> None:
    m = variables
    for _ in range(3000):
        m.variables()  # until machine code has taken over, where there is some
    assert (m.lone.number, m.pointed.number, m.secret) == (3, 3, m.plain())
    assert (m.row.number.tolist(), m.row[2].data.tolist()) == ([10, 20, 30], [1, 2])
    assert (m.seen.number.tolist(), m.seen[-1].number) == ([4, 3, 2, 1], 1)
    m.row[1].number = 21
    m.pointed.number = 5
    assert (m.seen.number.tolist(), m.variables()) == ([4, 5, 2, 1], 6_461_503)
    assert (type(m.any_one), m.any_one.y, m.any_row.x.tolist()) == (
        m.wider,
        2,
        [8, 8, 8],
    )
    m.any_one.k = 9
    assert (m.any_seen.k, m.class_variables()) == (9, 600_322)
    m.set_variables(-1)
    names = [
        "lone",
        "pointed",
        "row",
        "seen",
        "secret",
        "any_one",
        "any_seen",
        "any_row",
    ]
    assert [getattr(m, name) for name in names] == [None] * 8
    assert "lone : type(item), not allocated" in m.__doc__
    assert "any_row : class(plain)-array(-1), not allocated" in m.__doc__
    assert "fixed : type(plain)-array(2,3)" in m.__doc__


def test_arrays_of_objects_are_variables(variables: Any) -> None:
    m = variables
    assert m.fixed.shape == (2, 3)
    m.fixed[1, 2].k = 5
    m.fixed.x[0] = 3
    assert (m.variables() // 1_000_000, m.fixed.x[0].tolist()) == (10, [3, 3, 3])
    m.fixed = [[m.plain(k=i + j) for j in range(3)] for i in range(2)]
    assert (m.fixed.k.tolist(), m.variables() // 1_000_000) == (
        [[0, 1, 2], [1, 2, 3]],
        9,
    )
    m.fixed = m.plain()
    assert (m.fixed.k == 1).all()
    assert m.guarded.k.tolist() == [3, 3]
    with pytest.raises(AttributeError, match="constant, or protected"):
        m.guarded[0].k = 1
    with pytest.raises(ValueError, match="read-only"):
        m.guarded.k[0] = 1
    with pytest.raises(AttributeError, match="protected"):
        m.guarded = m.guarded
    with pytest.raises(AttributeError, match="protected"):
        m.secret = None
    with pytest.raises(AttributeError, match="constant, or protected"):
        m.secret.k = 1
    assert [(each.k, each.x) for each in m.implied] == [
        (5, 0.5),
        (3, 1),
        (4, 2),
        (6, 3),
    ]
    assert [(each.k, each.y) for each in m.from_zero] == [(7, 1), (8, 2)]
    assert [each.k for each in m.constants] == [3, 4]
    with pytest.raises(AttributeError, match="parameter"):
        m.constants = m.constants
    with pytest.raises(AttributeError, match="constant, or protected"):
        m.constants[0].k = 1


def test_variables_that_python_sets(variables: Any, finalized: Any) -> None:
    m = variables
    old = m.lone
    m.lone = m.item(8, data=[1, 2, 3])
    assert (old.number, m.lone.data.tolist(), finalized()) == (8, [1, 2, 3], 2)
    data = m.lone.data
    m.lone = None
    assert (m.lone, old.number, data.tolist(), finalized()) == (None, 8, [1, 2, 3], 0)
    del old, data
    assert finalized() == 1
    m.lone = m.item(9)
    assert (m.variables() % 100, finalized()) == (9, 1)
    last = m.row[2]
    m.row = m.row[1:]
    assert (m.row.number.tolist(), last.number, finalized()) == ([20, 30], 30, 0)
    del last
    assert finalized() == 3
    m.row = [m.item(1), m.item(2)]
    assert (m.row.number.tolist(), m.variables() // 1000 % 100) == ([1, 2], 3)
    m.row = None
    assert (m.row, m.total(None)) == (None, -1)
    m.row = m.item.array(0)
    assert len(m.row) == 0
    for wrong in (3, m.plain(), [1]):
        with pytest.raises(
            (TypeError, ValueError), match=r"value of owned\.owned\.row"
        ):
            m.row = wrong
    with pytest.raises(
        TypeError, match=r"value of owned\.owned\.lone: item expected, got plain"
    ):
        m.lone = m.plain()


def test_pointers_that_python_sets(variables: Any) -> None:
    m = variables
    m.pointed = m.item(7)
    m.pointed.target = np.arange(100_000.0)
    m.seen = m.item.array(6)[::-2]
    m.seen.number = [6, 5, 4]
    collect()
    others = [m.item(1) for _ in range(100)], [np.zeros(100_000) for _ in range(10)]
    assert (m.pointed.target.sum(), m.seen.number.tolist()) == (
        4_999_950_000,
        [6, 5, 4],
    )
    assert (m.variables() % 1000, m.variables() // 100_000 % 10, len(others)) == (
        703,
        6,
        2,
    )
    m.pointed, m.seen = None, None
    assert (m.pointed, m.seen) == (None, None)
    m.any_seen = m.wider(k=3, y=1)
    assert (type(m.any_seen), m.class_variables() // 10 % 10, m.any_seen.y) == (
        m.wider,
        2,
        2,
    )
    m.any_seen = m.plain(k=3)
    assert (type(m.any_seen), m.class_variables() // 10 % 10) == (m.plain, 1)
    m.any_seen = None
    assert m.class_variables() // 10 % 10 == 0


def test_variables_of_class_that_python_sets(variables: Any) -> None:
    m = variables
    wide, m.any_seen = m.any_one, None
    m.any_one = m.plain(k=4)
    assert (type(m.any_one), m.any_one.k, m.class_variables() % 10) == (m.plain, 4, 1)
    assert (type(wide), wide.y) == (m.wider, 2)
    m.any_one = m.wider(k=5)
    assert (m.any_one, m.class_variables() % 10) == (m.wider(k=5), 2)
    m.any_one = m.any_one.plain
    assert (m.any_one, m.class_variables() % 10) == (m.plain(k=5), 1)
    m.any_one = None
    assert (m.any_one, m.class_variables() % 10) == (None, 0)
    m.any_row = m.plain.array(2)
    assert (m.any_row[0], m.class_variables() // 100) == (m.plain(), 2)
    m.any_row = [m.wider(k=2)]
    assert (m.any_row[0], m.class_variables() // 100) == (m.wider(k=2), 2002)
    with pytest.raises(
        TypeError, match=r"value of owned\.owned\.any_one: plain expected, got item"
    ):
        m.any_one = m.item()

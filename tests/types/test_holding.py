"""Derived types that hold memory: who frees what, and what copies share."""

from __future__ import annotations

import copy
import gc
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def holding(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/holding.f90."""
    return types_module("holding").holding


def collect() -> None:
    """Let go of all objects that nobody sees; PyPy needs several rounds."""
    for _ in range(3):
        gc.collect()


def test_what_is_not_allocated_is_none(holding: Any) -> None:
    h = holding.holder()
    names = [
        "row",
        "table",
        "lone",
        "flag",
        "text",
        "words",
        "target",
        "single",
        "last",
    ]
    assert [getattr(h, name) for name in names] == [None] * 9
    assert holding.weight(h) == 3
    assert repr(h).startswith("holding.holder(count=3, row=None")


def test_a_type_points_to_one_that_extends_what_it_is_part_of(holding: Any) -> None:
    tree = holding.tree()
    assert isinstance(tree, holding.trunk)
    assert (tree.v, tree.j, tree.inside.k, tree.inside.to) == (9, 2, 1, None)


def test_python_sees_what_fortran_allocates(holding: Any) -> None:
    h = holding.holder()
    for n in (2, 3):
        holding.fill(h, n)
        assert h.row.tolist() == [i + 1.5 for i in range(n)]
        assert h.table.tolist() == [
            list(range(1, 2 * n, 2)),
            list(range(2, 2 * n + 1, 2)),
        ]
        assert (h.lone, h.flag, h.text, h.last) == (2.5, True, b"ab" * n, b"end ")
        assert h.words.tolist() == [b"one ", b"two "]
    h.row[1] = 100
    h.table[0, 1] = 50
    assert holding.weight(h) == pytest.approx(
        3 + h.row.sum() + h.table.sum() + 2.5 + 1000 + 60000 + 2e6
    )


def test_fortran_sees_what_python_allocates(holding: Any) -> None:
    h = holding.holder(row=[1, 2], lone=4, text="abc")
    assert holding.weight(h) == 3 + 3 + 4 + 30000
    h.table = np.arange(6).reshape(2, 3)
    h.flag = False
    assert holding.weight(h) == 3 + 3 + 4 + 30000 + 15 + 500
    h.row = np.ones(5)
    h.words = ["a", "b", "c"]
    for _ in range(2):
        h.words = np.array([b"a", b"bc", b"d"], holding.holder.words.kind)
        assert h.words.tobytes() == b"a   bc  d   "
    h.row = h.row[1:]
    assert holding.weight(h) == 3 + 4 + 4 + 30000 + 15 + 500 + 3e6
    for name in ("row", "lone", "text", "table", "flag", "words"):
        setattr(h, name, None)
        assert getattr(h, name) is None
    assert holding.weight(h) == 3
    holding.fill(h, 4)
    assert h.text == b"ab" * 4
    with pytest.raises(ValueError, match="rank 1"):
        h.row = np.zeros((2, 2))
    with pytest.raises((ValueError, TypeError)):
        h.lone = "x"


def test_pointers(holding: Any) -> None:
    h = holding.holder()
    target = np.array([1.0, 2.0, 3.0])
    h.target = target
    h.single = 2
    assert holding.weight(h) == 3 + 6e7 + 2e8
    holding.point(h)
    assert (target.tolist(), h.single) == ([-1, 2, 3], 3)
    h.target[2] = 5
    assert target[2] == 5
    h.target = target[::2]
    assert holding.weight(h) == 3 + 4e7 + 3e8
    other = copy.copy(h)
    other.target[0] = 7
    assert target[0] == 7
    del target
    collect()
    assert h.target.tolist() == [7, 5]
    with pytest.raises(
        TypeError, match="points to arrays of float64 with 1 axes, got list"
    ):
        h.target = [1.0]
    with pytest.raises(TypeError, match="got of int64 with 1"):
        h.target = np.arange(3)
    h.target = h.single = None
    assert (h.target, holding.weight(h)) == (None, 3)


def test_copies_keep_what_pointers_point_to(holding: Any) -> None:
    """By themselves, inside objects, in arrays and in memory of Fortran's."""
    h, n = holding.holder(), holding.node()
    h.target = np.arange(100_000.0)
    n.left = holding.node()
    n.left.next = holding.node(7)
    outer, many = holding.child(inner=h), holding.holder.array(2)
    many[1] = h
    holding.kept = h
    holding.family.inner = h
    copies = [
        copy.copy(h),
        outer.inner,
        copy.copy(outer).inner,
        many[1],
        copy.copy(many)[1],
    ]
    copies += [holding.kept, holding.family.inner]
    holding.family.target = np.array([3.0])
    tree = copy.copy(n)
    root = holding.node(left=n)
    del h, n, outer, many
    collect()
    others = [np.full(100_000, -1.0) for _ in range(20)]
    nodes = [holding.node(9) for _ in range(100)]
    for each in copies:
        assert (each.target[99_999], each.target.sum()) == (99_999, 4_999_950_000)
    assert (tree.left.next.value, root.left.left.next.value) == (7, 7)
    assert holding.family.target.tolist() == [3]
    assert (len(others), len(nodes)) == (20, 100)


def test_objects_get_the_value_of_their_own_parts(holding: Any) -> None:
    n = holding.node(1)
    n.left = holding.node(2)
    n.left.left = holding.node(3)
    n.left.left.right = holding.node(4)
    n.left = n.left.left
    assert (n.left.value, n.left.left, n.left.right.value) == (3, None, 4)
    n.left = n
    assert (n.left.value, n.left.left.value, n.left.left.right.value) == (1, 3, 4)
    many = holding.node.array(2)
    many[0] = n
    many[0] = many[0].left.left
    many[1] = many[0].right
    assert (many[0].value, many[0].left, many[1].value) == (3, None, 4)


def test_what_protected_variables_hold_is_protected(holding: Any) -> None:
    holding.fill_guarded()
    guarded = holding.guarded
    for wrong in (
        lambda: setattr(guarded.inner, "count", 9),
        lambda: setattr(guarded.inner, "text", "x"),
        lambda: setattr(guarded.inner, "row", None),
        lambda: setattr(guarded, "inner", holding.holder()),
        lambda: setattr(holding.root.left, "value", 9),
        lambda: setattr(holding.root.left.right, "value", 9),
        lambda: setattr(holding.root, "left", None),
    ):
        with pytest.raises(AttributeError, match="the object is a constant"):
            wrong()
    with pytest.raises(ValueError, match="read-only"):
        guarded.inner.row[0] = 9
    guarded.inner.target[0] = 5
    assert (guarded.inner.row.tolist(), guarded.inner.target[0]) == ([1.5, 2.5], 5)
    assert (holding.root.left.value, holding.root.left.right.value) == (5, 6)
    mine = copy.copy(guarded)
    mine.inner.row[0] = 9
    assert guarded.inner.row[0] == 1.5


def test_copies_have_memory_of_their_own(holding: Any) -> None:
    h = holding.made(3)
    assert h.row.tolist() == [1.5, 2.5, 3.5]
    copies = [copy.copy(h), copy.deepcopy(h), pickle.loads(pickle.dumps(h))]
    outer = holding.child(inner=h)
    outer.inner = h
    for other in (*copies, outer.inner):
        assert other == h
        other.row[0], other.text = 0, "x"
        assert other != h
    assert (h.row[0], h.text) == (1.5, b"ababab")
    outer.inner = outer.inner
    assert outer.inner.row[1] == 2.5


def test_views_keep_the_object(holding: Any) -> None:
    h = holding.made(50)
    row, outer = h.row, holding.make_child()
    inner_row = outer.inner.row
    del h, outer
    collect()
    others = [holding.made(50) for _ in range(20)]
    assert row.tolist() == [i + 1.5 for i in range(50)]
    assert inner_row.tolist() == [1.5, 2.5]
    assert len(others) == 20


def test_private_allocatables_are_copied_and_freed(holding: Any) -> None:
    c = holding.make_child()
    assert (c.inner.text, holding.secrets(c), hasattr(c, "secret")) == (
        b"abab",
        35,
        False,
    )
    d = copy.copy(c)
    holding.hide(d)
    assert (holding.secrets(c), holding.secrets(d)) == (35, 3)


def test_children_go_where_parents_are_wanted(holding: Any) -> None:
    c = holding.child(count=4, row=[1, 2])
    assert isinstance(c, holding.holder)
    assert holding.weight(c) == 7
    holding.fill(c, 2)
    assert (c.text, c.inner.text) == (b"abab", None)
    with pytest.raises(TypeError, match="child expected, got holder"):
        holding.secrets(holding.holder())


def test_objects_inside_objects(holding: Any) -> None:
    n = holding.node(1)
    assert (n.left, n.right, n.next) == (None, None, None)
    n.left = holding.node(2)
    n.left.left = holding.node(3)
    n.right = n.left
    assert holding.total(n) == 1 + 5 + 5
    holding.grow(n.left.left)
    assert (n.left.left.left.value, n.left.left.left.right.value) == (5, 6)
    assert (n.right.left.left, holding.total(n)) == (None, 22)
    other = holding.node(10)
    n.next = other
    other.value = 11
    assert n.next.value == 11
    m = copy.copy(n)
    m.left.value = 100
    assert (n.left.value, m.next.value) == (2, 11)
    n.next = n
    assert "next=<" in repr(n)
    assert n == n.next
    n.left = None
    assert n.left is None


def test_objects_are_finalized_once(
    holding: Any, types_module: Any, request: Any
) -> None:
    collect()
    before = int(holding.finalized)
    c = holding.counted()
    holding.set_data(c, 5)
    data = c.data
    del c
    collect()
    assert holding.finalized == before
    assert data.tolist() == [5] * 5
    del data
    collect()
    assert holding.finalized == before + 1
    p = holding.pair(one=holding.counted(3))
    collect()
    before = int(holding.finalized)
    part = p.one
    del p
    collect()
    assert (holding.finalized, part.number) == (before, 3)
    del part
    collect()
    assert holding.finalized == before + 2


def test_module_variables_hold_memory(holding: Any) -> None:
    kept = holding.kept
    assert kept.row is None or kept.row.size == 3
    holding.fill_kept(3)
    assert kept.text == b"ababab"
    holding.kept = holding.holder(text="new")
    assert (kept.text, kept.row) == (b"new", None)
    kept.row = [1.0]
    holding.fill_kept(3)
    assert kept.row.tolist() == [1.5, 2.5, 3.5]


def test_memory_stays_flat(holding: Any) -> None:
    """Without being freed, what ten thousand objects hold would take 800 MB."""
    resource = pytest.importorskip("resource")

    def round_of(count: int) -> int:
        for number in range(count):
            h = holding.made(5000)
            holding.fill(h, 4)
            h.row = np.zeros(5000)
            h = copy.copy(h)
            if number % 100 == 0:
                collect()
        collect()
        return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

    first = round_of(300)
    assert round_of(2000) < first + 60_000


def test_what_python_drops_lives_as_long_as_somebody_sees_it(holding: Any) -> None:
    n = holding.node(1)
    n.left = holding.node(2)
    n.left.left = holding.node(3)
    left, inner = n.left, n.left.left
    n.left = None
    others = [holding.node(9, left=holding.node(8)) for _ in range(300)]
    assert (n.left, left.value, inner.value, left.left.value) == (None, 2, 3, 3)
    left.left = None
    del left
    collect()
    others += [holding.node(9, left=holding.node(8)) for _ in range(300)]
    assert (inner.value, len(others)) == (3, 600)

"""Views of what an object holds stay as they are when the object is assigned another value, or points elsewhere."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def holding(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/holding.f90."""
    return types_module("holding").holding


def reuse(holding: Any) -> None:
    """Have memory that has been freed used again."""
    for _ in range(3):
        gc.collect()
    fillers = [holding.holder(row=np.full(1000, -1.0)) for _ in range(50)]
    assert fillers[-1].row[0] == -1


def assigned(holding: Any, target: Any, assign: Callable[[Any], None]) -> None:
    """Check that views of what `target` holds, an object of type holder, outlive an assignment to it."""
    target.row, target.table, target.words = (
        np.arange(1000.0),
        np.ones((30, 30)),
        ["ab", "cd"],
    )
    row, part, table, words = target.row, target.row[::7], target.table, target.words
    assign(holding.holder(row=[5.0, 6.0], words=["x"]))
    reuse(holding)
    assert row.tolist() == list(range(1000))
    assert part[1] == 7
    assert (table.sum(), words.tolist()) == (900, [b"ab  ", b"cd  "])
    row[3] = 7
    assert (target.row.tolist(), target.table, target.words.tolist()) == (
        [5, 6],
        None,
        [b"x   "],
    )
    target.row = np.arange(3.0)
    assert row[3] == 7


def test_components(holding: Any) -> None:
    family = holding.child()
    assigned(holding, family.inner, lambda value: setattr(family, "inner", value))
    assigned(holding, family.holder, lambda value: setattr(family, "holder", value))
    row = holding.child.array(1)
    family.inner.row = np.arange(1000.0)
    row[0] = family
    seen = row[0].row, row[0].inner.row
    row[0] = holding.child(row=[1.0], inner=holding.holder(row=[3.0]))
    reuse(holding)
    assert (seen[0].tolist(), seen[1].tolist()) == ([0, 1, 2], list(range(1000)))
    assert (row[0].row, row[0].inner.row) == ([1], [3])


def test_elements_of_arrays(holding: Any) -> None:
    row, table = holding.holder.array(3), holding.holder.array((2, 2))
    assigned(holding, row[2], lambda value: row.__setitem__(2, value))
    assigned(
        holding, row[1], lambda value: row.__setitem__(slice(0, 2), [value, value])
    )
    assigned(holding, table[1, 0], lambda value: table.__setitem__((1, 0), value))


def test_variables_of_modules(holding: Any) -> None:
    assigned(holding, holding.kept, lambda value: setattr(holding, "kept", value))
    assigned(
        holding,
        holding.family.inner,
        lambda value: setattr(holding.family, "inner", value),
    )
    inner = holding.family.inner
    inner.row = np.arange(1000.0)
    seen = inner.row
    holding.family = holding.child(row=[1.0])
    reuse(holding)
    assert seen.tolist() == list(range(1000))
    holding.kept, holding.family = holding.holder(), holding.child()


def test_objects_that_are_allocated(holding: Any) -> None:
    tree = holding.node(
        1, left=holding.node(2, left=holding.node(3)), right=holding.node(4)
    )
    left, below, right = tree.left, tree.left.left, tree.right
    # a part of what goes
    tree.left = tree.left.left
    assert (tree.left.value, tree.left.left) == (3, None)
    reuse(holding)
    assert below.value == 3
    left.value = 20
    whole = holding.node(9)
    target = holding.node.array(1)
    target[0] = tree
    seen = target[0].left
    target[0] = whole
    reuse(holding)
    assert (seen.value, target[0].left, right.value) == (20, None, 4)


def test_final_procedures_run_with_the_last_view(holding: Any) -> None:
    def counts() -> tuple[int, int]:
        # PyPy needs a round for each object that another one kept
        for _ in range(8):
            gc.collect()
        return int(holding.finalized), int(holding.living)

    pair = holding.pair()
    pair.one = holding.counted(1, [1.0, 2.0])
    counts()
    before = counts()[0]
    view = pair.one.data
    pair.one = holding.counted(2, [3.0])
    # the value that was given is gone, the former one isn't
    assert counts()[0] == before + 1
    assert view.tolist() == [1, 2]
    del view
    assert counts()[0] == before + 2
    pair.one = holding.counted(3)
    assert counts()[0] == before + 4


def test_pointers_that_point_elsewhere(holding: Any) -> None:
    h, family = holding.holder(), holding.child()
    h.target = np.arange(1000.0)
    seen = h.target
    h.target = np.zeros(2)
    reuse(holding)
    assert seen.tolist() == list(range(1000))
    family.inner.target = np.arange(1000.0)
    seen = family.inner.target
    family.inner = holding.holder()
    reuse(holding)
    assert seen.tolist() == list(range(1000))
    node = holding.node(1)
    node.next = holding.node(7)
    after = node.next
    node.next = None
    reuse(holding)
    assert after.value == 7

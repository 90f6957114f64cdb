"""Objects of derived type in common blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def module(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/blocks.f90."""
    return types_module("blocks")


def test_what_fortran_stores(module: Any) -> None:
    module.set_other(1.5)
    other, types = module.other, module.block_types
    assert (int(other.before), other.there) == (1, types.pair(7, 0.5))
    assert (other.here.x.tolist(), other.here.n.tolist()) == ([1.5, 3, 4.5], [4, 5, 6])
    assert isinstance(other.here[1], types.point)


def test_what_python_stores(module: Any) -> None:
    other, types = module.other, module.block_types
    other.before = 2
    other.there = types.pair(3, 1.5)
    other.here = [types.point(n, 1) for n in (1, 2, 3)]
    other.here[2].x = 10
    assert module.sum_other() == 2 + 13 + 300 + 30000
    with pytest.raises(TypeError, match="pair expected"):
        other.there = 3
    assert "there : type(pair)" in other.__doc__
    assert "here : type(point)-array(3)" in other.__doc__


def test_variables_of_a_module(module: Any) -> None:
    """The module's variables and the block's are the same objects in one memory."""
    m, block = module.blocks, module.drawing
    m.first = 1
    m.origin.x, m.origin.n = 2, 3
    m.name.k, m.name.text = 4, "abc"
    m.lines[1].ends[1].x = 5
    m.lines.width = [6, 0]
    m.last.i = 7
    assert m.drawn() == 7654321
    assert (block.origin, block.last.i, block.name) == (m.origin, 7, m.name)
    block.last = module.block_types.pair(8, 0)
    block.lines[1].ends[1].x = 9
    assert (m.last.i, m.drawn()) == (8, 8694321)

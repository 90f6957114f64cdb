"""Parts of constants of derived type are constants: kinds, extents, lengths and values of others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def made(types_module: Callable[[str], Any]) -> Any:
    """What f2pypy makes of fortran/types/structures.f90."""
    return types_module("structures")


def test_values(made: Any) -> None:
    m = made.structures
    assert (m.four, m.seven, m.five, m.three) == (4, 7, 5, 3)
    assert (bool(m.off), float(m.scaled)) == (False, 5)
    assert m.texts.item() == b"abca  ."
    assert (m.sizes.dp, m.sizes.on, m.sizes.short) == (8, False, b"abc")


def test_kinds_extents_and_lengths(made: Any) -> None:
    m = made.structures
    assert (m.values.dtype.name, m.values.tolist()) == ("float64", [1, 1, 1, 1])
    assert m.filled().tolist() == [2.5, 2.5, 2.5, 2.5]


def test_a_constant_under_another_name(made: Any) -> None:
    assert made.users_of_structures.total([1, 2, 3, 4], "ab") == 14
    with pytest.raises(ValueError, match="must be fixed to 4 but got 3"):
        made.users_of_structures.total([1, 2, 3], "ab")


def test_nothing_is_left_out(made: Any) -> None:
    assert "left out" not in (made.__doc__ or "").lower()
    for module in (made.structures, made.users_of_structures):
        assert "left out" not in (module.__doc__ or "").lower()

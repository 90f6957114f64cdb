"""Extents that are components of objects, in routines and in what Fortran passes to callbacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def curves(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/sized.f90."""
    return types_module("sized").curves


@pytest.fixture
def curve(curves: Any) -> Any:
    made = curves.curve()
    made.start(4, 3)
    return made


def test_public_private_and_inherited_integers(curve: Any) -> None:
    assert curve.shifted([1, 2, 3, 4]).tolist() == [10, 10, 10]
    with pytest.raises(ValueError, match="must be fixed to 4 but got 3"):
        curve.shifted([1, 2, 3])
    curve.n = 2
    assert curve.shifted([1, 2]).tolist() == [3, 3, 3]
    assert curve.corners() == b"xxx"


def test_objects_inside_objects(curve: Any) -> None:
    """Of private ones every component is out of Python's sight."""
    assert curve.between(np.ones((2, 4))).tolist() == [8] * 9
    curve.along.cells = 1
    assert curve.between(np.ones((1, 4))).tolist() == [4] * 9
    with pytest.raises(ValueError, match="fixed to 4"):
        curve.between(np.ones((1, 3)))


def test_sizes_of_array_components(curves: Any, curve: Any) -> None:
    y, z = curve.spread(np.ones((3, 4)))
    assert y.tolist() == [12] * 12
    assert z.tolist() == [1, 2, 3]
    with pytest.raises(
        ValueError,
        match="an extent needs the extents of an array component that isn't allocated",
    ):
        curves.curve().spread(np.ones((3, 4)))


def test_objects_that_extend_the_type(curves: Any) -> None:
    closed = curves.closed_curve(n=1, turns=2)
    x = np.ones(3)
    curves.stretched(closed, x)
    assert x.tolist() == [2, 2, 2]
    assert curves.summed(curves.curve(n=2), np.ones((2, 2))) == 2


def test_objects_that_come_after_what_needs_them(curves: Any) -> None:
    assert curves.weighed([1, 2], curves.grid()) == 3
    assert curves.weighed(x=[1, 2, 3], h=curves.grid(3), g=curves.grid(5)) == 30
    with pytest.raises(TypeError, match=r"\(h\): grid expected"):
        curves.weighed([1, 2], 3)


def test_arrays_that_callbacks_get(curve: Any) -> None:
    seen = []

    def draw(me: Any, x: Any) -> Any:
        seen.append((type(me).__name__, x.tolist()))
        return x[:3].sum() * np.ones(6)

    assert curve.traced(draw) == 36
    assert seen == [("curve", [1, 2, 3, 4])]
    with pytest.raises(Exception, match="argument y"):
        curve.traced(lambda me, x: np.ones(7))

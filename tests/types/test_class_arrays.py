"""Arrays for CLASS(t) dummies: their elements are all of one type, the declared one or one that extends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def shapes(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/class_arrays.f90."""
    return types_module("class_arrays").shapes


@pytest.fixture
def discs(shapes: Any) -> Any:
    """Four discs with the radii 1 to 4."""
    made = shapes.disc.array(4)
    made.radius = [1, 2, 3, 4]
    return made


def test_every_shape_has_the_elements_of_its_type(shapes: Any, discs: Any) -> None:
    """Fortran calls the procedures of the elements' own type; strides are kept where they can be."""
    spots = shapes.spot.array(3)
    spots.weight = [1, 2, 3]
    assert (shapes.total(discs), shapes.total(spots)) == (10, 6)
    assert (shapes.total(discs[::2]), shapes.total(discs[::-1][1:3])) == (4, 5)
    assert (shapes.total_known(discs), shapes.total_known(discs[::2], 2)) == (10, 4)
    assert shapes.total_many(discs, 3) == 6
    grid = shapes.disc.array((2, 3))
    grid.radius = np.arange(6).reshape(2, 3)
    expected = sum((i + 1) * grid[i, j].size_of() for i in range(2) for j in range(3))
    assert shapes.grid_total(grid) == expected == 27
    assert (shapes.grid_total(grid[::-1]), shapes.grid_total(grid[:, 1:])) == (18, 21)


def test_sequences_and_structured_arrays(shapes: Any) -> None:
    spots = shapes.spot.array(3)
    spots.weight = [1, 2, 3]
    assert shapes.total([shapes.disc(), shapes.disc(3)]) == 8
    assert shapes.total([]) == 0
    assert shapes.total(np.asarray(spots)) == 6
    assert shapes.total(each for each in [shapes.spot(3)]) == 3
    names = [shapes.named_kind(a) for a in (spots, [shapes.disc()], [shapes.spot()])]
    assert names == [1, 2, 1]


def test_changes_reach_the_caller(shapes: Any, discs: Any) -> None:
    """In an array, through a slice, in the objects of a list, in NumPy's memory with gaps."""
    shapes.spread_out(discs)
    assert discs.weight.tolist() == [11, 21, 31, 41]
    shapes.spread_out(discs[1::2], by=100)
    assert discs.weight.tolist() == [11, 121, 31, 241]
    assert discs.radius.tolist() == [-1, -1, -3, -2]
    listed = [shapes.disc(1, 5.0), shapes.disc(2, 6.0)]
    shapes.spread_out(listed)
    assert [(each.weight, each.radius) for each in listed] == [(11, -1), (22, -2)]
    plain = np.zeros((3, 2), shapes.spot.dtype)
    shapes.spread_out(plain[:, 0])
    assert plain["weight"].tolist() == [[10, 0], [20, 0], [30, 0]]
    corners = [shapes.corner(5), shapes.corner(6)]
    assert shapes.edges(corners) == 13
    assert [each.points for each in corners] == [6, 7]


def test_new_and_absent_arrays(shapes: Any, discs: Any) -> None:
    """INTENT(OUT) makes objects of the declared type."""
    made = shapes.started(3)
    assert [type(each) for each in made] == [shapes.spot] * 3
    assert made.weight.tolist() == [5, 5, 5]
    assert [shapes.moved(), shapes.moved(None), shapes.moved(discs)] == [-1, -1, 4]


def test_generic_names(shapes: Any, discs: Any) -> None:
    """Arrays of the types that extend it choose the procedure too."""
    grid = shapes.disc.array((2, 2))
    assert (shapes.measure(discs), shapes.measure(grid)) == (10, 12)
    assert shapes.measure([shapes.disc()]) == 2
    assert shapes.measure(shapes.corner.array(2)) == 2
    with pytest.raises(TypeError, match="no specific procedure"):
        shapes.measure(shapes.disc.array((1, 1, 1)))


def test_what_is_refused(shapes: Any, discs: Any) -> None:
    mixed = [shapes.spot(), shapes.disc()]
    with pytest.raises(TypeError, match="have one type, got spot and disc"):
        shapes.total(mixed)
    with pytest.raises(TypeError, match="an array of spot expected, got int"):
        shapes.total(3)
    with pytest.raises(TypeError, match="element 0: spot expected, got corner"):
        shapes.total(shapes.corner.array(2))
    with pytest.raises(TypeError, match="outline expected, got disc"):
        shapes.edges(discs)
    with pytest.raises(ValueError, match=r"disc with shape \(:\) expected"):
        shapes.total(shapes.disc.array((2, 2)))

"""The part of an object that is of the parent type is an attribute with the parent's name, as in Fortran."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest


def test_the_part_is_live(types_module: Callable[[str], Any]) -> None:
    """It is an object of the parent's class in the same memory; assigning copies the parent's components alone."""
    shapes = types_module("class_arrays").shapes
    disc = shapes.disc(weight=3, radius=5)
    part = disc.spot
    assert type(part) is shapes.spot
    part.weight = 7
    assert (disc.weight, disc.size_of(), part.size_of()) == (7, 35, 7)
    disc.spot = shapes.spot(9)
    disc.spot = shapes.disc(2, radius=100)
    assert (disc.weight, disc.radius) == (2, 5)
    with pytest.raises(
        TypeError, match=r"value of .*shapes.disc.spot: spot expected, got int"
    ):
        disc.spot = 3
    del disc
    assert part.weight == 2


def test_it_is_no_component_of_its_own(types_module: Callable[[str], Any]) -> None:
    shapes = types_module("class_arrays").shapes
    disc = shapes.disc(weight=3, radius=5)
    assert repr(disc) == "shapes.disc(weight=3, radius=5.0)"
    assert copy.copy(disc) == disc == pickle.loads(pickle.dumps(disc))
    assert not hasattr(shapes.spot(), "spot")


def test_parts_of_arrays_and_of_grandchildren(
    types_module: Callable[[str], Any],
) -> None:
    shapes, bank = types_module("class_arrays").shapes, types_module("bound").accounts
    discs = shapes.disc.array(3)
    discs.spot.weight = [1, 2, 3]
    assert discs.weight.tolist() == [1, 2, 3]
    assert shapes.total(discs.spot) == 6
    assert shapes.total(discs) == 12
    checking = bank.checking(balance=4)
    assert type(checking.savings) is bank.savings
    checking.savings.account.balance = 6
    assert (checking.account.balance, checking.balance) == (6, 6)
    assert (checking.fee(), checking.savings.fee()) == (3.5, 0.5)

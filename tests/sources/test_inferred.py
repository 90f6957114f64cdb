"""What is concluded from declarations and calls, against what Fortran does with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


def test_values_of_array_constants(inferred: Any) -> None:
    assert inferred.table_of_constants.squares.tolist() == [1, 4, 9, 16]
    assert inferred.table_of_constants.grid.tolist() == [0, 0.5, 1]


def test_an_argument_hides_the_constant_of_its_name(inferred: Any) -> None:
    x = np.zeros(3)
    inferred.table_of_constants.hidden_constant(x)
    assert x.tolist() == [3, 3, 3]
    assert inferred.table_of_constants.n == 7


def test_extents_from_the_bounds_of_another_argument(inferred: Any) -> None:
    a = np.arange(6.0).reshape(3, 2)
    c, d = inferred.bounded(a)
    assert c.tolist() == [2, 2]
    assert np.array_equal(d, a)


def test_a_callback_that_an_internal_procedure_calls(inferred: Any) -> None:
    def double(y: Any) -> None:
        y *= 2

    x = np.array([1.0, 2, 3])
    inferred.drive(double, x)
    assert x.tolist() == [2, 4, 6]
    with pytest.raises(inferred.error):
        inferred.drive(3, x)


def test_extents_are_variables_of_modules(inferred: Any) -> None:
    assert inferred.sizes.fill([1, 2, 3]).tolist() == [1, 2, 3, 1, 2, 3]
    z, w = inferred.from_module()
    assert (z.tolist(), w.tolist()) == ([3] * 3, [4] * 4)
    inferred.sizes.n = 2
    try:
        assert inferred.sizes.fill([1, 2]).tolist() == [1, 2, 1, 2]
        assert inferred.from_module()[0].tolist() == [2, 2]
        with pytest.raises(ValueError, match="must be fixed to 2 but got 3"):
            inferred.sizes.fill([1, 2, 3])
    finally:
        inferred.sizes.n = 3


def test_extents_are_those_of_a_modules_allocatable_array(inferred: Any) -> None:
    grown = inferred.grown
    with pytest.raises(ValueError, match=r"field of .*grown.* isn't allocated"):
        grown.row(1)
    try:
        for extents in ((2, 3), (4, 1)):
            grown.field = np.arange(extents[0] * extents[1]).reshape(extents)
            assert np.array_equal(grown.row(2), grown.field[1])
            assert np.array_equal(grown.flattened(), grown.field.ravel("F"))
            assert np.array_equal(inferred.column(1), grown.field[:, 0])
    finally:
        grown.field = None


def test_names_hide_the_extents_of_a_modules_arrays(inferred: Any) -> None:
    assert inferred.grown.hides([1, 2]).tolist() == [1, 2]
    assert inferred.grown.hides_rank(np.ones((3, 4))).shape == (4, 12)


def test_modules_and_variables_named_like_keywords(inferred: Any) -> None:
    assert getattr(inferred, "class").keywords().tolist() == [2, 2]

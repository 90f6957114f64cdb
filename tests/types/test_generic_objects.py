"""Generic names and operators that objects and arrays of them choose procedures of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def weights(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/weights.f90."""
    return types_module("weights").weights


def test_objects_choose(weights: Any) -> None:
    """The most derived type comes first; arrays, structured ones and lists of objects go by their rank."""
    row, table = weights.stone.array(3), weights.stone.array((2, 2))
    row.mass = [1, 2, 3]
    assert weights.weight(2.5) == 2.5
    assert weights.weight(weights.stone(4.0)) == 4
    assert weights.weight(weights.gem(4.0, 2.0)) == 204
    assert (weights.weight(row), weights.weight(row[::2])) == (6, 4)
    assert weights.weight(table) == -4
    assert weights.weight(np.asarray(row)) == 6
    assert weights.weight([weights.stone(1.0), weights.gem(2.0)]) == 3
    for wrong in ("text", [], [1.0], None, weights.gem.array(2)):
        with pytest.raises(TypeError, match=r"weight\(\) has no specific") as caught:
            weights.weight(wrong)
    assert "of_table(table: type(stone) array of rank 2)" in str(caught.value)


def test_operands_of_any_name(weights: Any) -> None:
    assert (3 * weights.stone(2.0)).mass == 6
    row = weights.stone.array(2)
    assert weights.gem(1.5).lighter(row) == weights.lighter(weights.stone(), row) == 1
    with pytest.raises(TypeError):
        _ = weights.stone() * 3

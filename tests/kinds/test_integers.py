"""Integers that C's type can't hold are refused before anything happens, whatever they are for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

TOO_LARGE = (2**31, -(2**31) - 1, 10**30, np.int64(2**40))


@pytest.mark.parametrize("value", TOO_LARGE)
def test_a_flag_that_chooses_between_letters(value: Any, integers: Any) -> None:
    with pytest.raises(OverflowError):
        integers.choose(1.0, value)
    assert integers.choose(1.0, 2**31 - 1) == -1.0
    assert integers.choose(1.0) == integers.choose(1.0, None) == 1.0


@pytest.mark.parametrize("value", TOO_LARGE)
def test_a_flag_with_a_check(value: Any, integers: Any) -> None:
    with pytest.raises(OverflowError):
        integers.choose_checked(1.0, value)
    with pytest.raises(integers.error, match="choose_checked:flag=2"):
        integers.choose_checked(1.0, 2)
    assert integers.choose_checked(1.0, 1) == -1.0


def test_a_flag_with_half_a_check(integers: Any) -> None:
    with pytest.raises(OverflowError):
        integers.choose_positive(1.0, 10**30)
    with pytest.raises(OverflowError):
        integers.choose_positive(1.0, -(10**30))
    assert integers.choose_positive(1.0, 2) == -1.0


@pytest.mark.parametrize("value", TOO_LARGE)
def test_an_extent(value: Any, integers: Any) -> None:
    with pytest.raises(OverflowError):
        integers.first(value, [5.0])
    assert integers.first(2, [5.0, 6.0]) == 5.0


@pytest.mark.parametrize("value", TOO_LARGE)
def test_a_value(value: Any, integers: Any) -> None:
    with pytest.raises(OverflowError):
        integers.twice(value)
    assert integers.twice(-21) == -42


@pytest.mark.parametrize("value", [*TOO_LARGE, 2**31 - 1, "x", []])
def test_an_array_that_is_changed_before_the_call_stays(
    value: Any, integers: Any
) -> None:
    places = np.array([4, 5, 6], "i4")
    with pytest.raises((OverflowError, ValueError, IndexError)):
        integers.pick(places, value)  # 2**31 - 1 fits, and one more does not
    assert places.tolist() == [4, 5, 6]


def test_code_around_the_call(integers: Any) -> None:
    places = np.array([4, 5, 6], "i4")
    assert [integers.pick(places, k) for k in (1, 2, 3)] == [4, 5, 6]
    assert integers.pick([7, 8]) == 7

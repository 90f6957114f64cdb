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


def test_a_default_for_what_is_changed(integers: Any) -> None:
    """What the caller leaves out has its default at each call; an array gets the new value."""
    for _ in range(2):
        assert integers.count_on().tolist() == [5, 12.5, ord("z")]
    assert integers.count_on(2, None, None).tolist() == [2, 5, ord("z")]
    i, r, c = np.array([3], "i4"), np.array(0.5), np.array(b"a")
    assert integers.count_on(i, c=c).tolist() == [3, 7.5, ord("a")]
    assert integers.count_on(r=r).tolist() == [5, 0.5, ord("z")]
    assert (i[0], r, c) == (4, 1.5, b"b")
    with pytest.raises(ValueError, match=r"1st keyword \(i\) can't be converted"):
        integers.count_on("x")


def test_one_of_two_variables_is_passed(integers: Any) -> None:
    assert integers.raise_either(1, 5, 7) == (6, 7)
    assert integers.raise_either(0, 5, 7) == (5, 8)


@pytest.mark.parametrize("value", TOO_LARGE)
@pytest.mark.parametrize("flag", [0, 1])
def test_a_variable_that_may_be_passed(flag: int, value: Any, integers: Any) -> None:
    for i, j in ((value, 1), (1, value)):
        with pytest.raises(OverflowError):
            integers.raise_either(flag, i, j)


def test_a_letter_or_a_variable_of_one(integers: Any) -> None:
    assert integers.choose_letter(1, b"N", 1.5) == -1.5
    assert integers.choose_letter(0, b"N", 1.5) == 1.5
    assert integers.choose_letter(0, b"T", 1.5) == -1.5


def test_a_logical_that_a_call_chooses_is_0_or_1_again(integers: Any) -> None:
    assert integers.raise_either_logical(1, True, False) == (1, 0)
    assert integers.raise_either_logical(0, True, False) == (1, 1)


def test_a_variable_that_is_passed_twice_lies_in_memory_once(integers: Any) -> None:
    for n in (5, 6, 2**31 - 2):
        assert integers.raise_twice(n, 3) == (n + 1, 2, n + 1)
    with pytest.raises(OverflowError):
        integers.raise_twice(2**31, 3)

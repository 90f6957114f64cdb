"""Dummies that are optional and passed by value: absent is absent, whatever else the routine takes."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

VALUES = {
    "x": (7.5, 7),
    "label": ("abc", 30_000),
    "n": (2, 20),
    "flag": (True, 1000),
}
CHOICES = [
    names
    for count in range(len(VALUES) + 1)
    for names in itertools.combinations(VALUES, count)
]


@pytest.mark.parametrize("names", CHOICES, ids="-".join)
def test_any_of_them_may_be_absent(names: tuple[str, ...], values: Any) -> None:
    given = {name: VALUES[name][0] for name in names}
    expected = 100_000 * len("four") + sum(VALUES[name][1] for name in names)
    assert values.count_given("four", **given) == expected


def test_false_and_zero_are_given(values: Any) -> None:
    assert values.count_given("", flag=False) == 2000
    assert values.count_given("", n=0, x=0.0) == 0


def test_in_modules_and_functions(values: Any) -> None:
    scaled = values.optional_values.scaled
    assert scaled(3.0) == 3.0
    assert scaled(3.0, 2.0) == 6.0
    assert scaled(3.0, offset=0.5) == 3.5
    assert scaled(3.0, 2.0, 0.5) == 6.5
    assert scaled(3.0, None, None) == 3.0


def test_characters_by_value_beside_others(values: Any) -> None:
    assert values.letters("A", b"B", "hello") == 6_506_605
    assert values.letters(b"a", "b", "") == 9_709_800

"""Characters of any length in procedures with bind(c)."""

from __future__ import annotations

from typing import Any

import numpy as np


def test_assumed_lengths(interoperable_lengths: Any) -> None:
    measure = interoperable_lengths.measure
    assert measure("hello", ["a", "bcd"]).tolist() == [5, 3, 2]
    assert measure("", np.full((2, 3), b"word")[:, 1]).tolist() == [0, 4, 2]


def test_characters_change_in_place(interoperable_lengths: Any) -> None:
    text = np.array(b"-----")
    interoperable_lengths.fill(text, b"x")
    assert text == b"xxx"


def test_absent_characters(interoperable_lengths: Any) -> None:
    assert interoperable_lengths.given() == -1
    assert interoperable_lengths.given("abc") == 3


def test_deferred_lengths(interoperable_lengths: Any) -> None:
    assert interoperable_lengths.spell(3) == b"ababab"
    assert interoperable_lengths.spell(0) == b""
    assert interoperable_lengths.spell(-1) is None
    assert interoperable_lengths.double_word("abc") == b"abcabc"
    assert interoperable_lengths.double_word(None) is None

"""The lengths of characters, which compilers pass where no source shows them."""

from __future__ import annotations

from typing import Any


def test_each_length_is_that_of_its_own_argument(hidden_lengths: Any) -> None:
    asked = []

    def word(n: int) -> bytes:
        asked.append(n)
        return b"ab"

    found = hidden_lengths.measure("first", word, ["a", "bc", "d"], "", "x", "fixed")
    assert found.tolist() == [5, 5, 2, 0, ord("x"), 5]
    assert asked == [7]


def test_results_as_long_as_arguments_say(hidden_lengths: Any) -> None:
    assert hidden_lengths.framed("text", "--") == b"--text--"
    assert hidden_lengths.framed("", "-") == b"--"


def test_arrays_of_characters_as_results(hidden_lengths: Any) -> None:
    assert hidden_lengths.lines("abcdef", 3).tolist() == [b"abcde", b"bcdef", b"cdef "]
    assert hidden_lengths.lines("abcdef", 0).shape == (0,)


def test_lengths_of_the_elements_of_arrays(hidden_lengths: Any) -> None:
    assert hidden_lengths.cut(["ab", "cde"], 9).tolist() == [b"ab ", b"cde"]
    assert hidden_lengths.cut(["ab", "cde"], 2).tolist() == [b"ab", b"cd"]

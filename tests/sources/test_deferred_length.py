"""Characters of deferred length: as long as Fortran made them, blanks at the end and all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


def test_allocated_characters_are_bytes(deferred_length: Any) -> None:
    assert deferred_length.spell(2) == b"abab "
    assert deferred_length.spell(0) == b" "
    assert deferred_length.spell(-1) is None
    assert deferred_length.spell(40_000) == b"ab" * 40_000 + b" "


def test_arrays_have_the_length_that_fortran_gave(deferred_length: Any) -> None:
    words = deferred_length.spell_all(3, 4)
    assert words.dtype == "S4"
    assert words.tolist() == [b"aaaa", b"bbbb", b"cccc"]
    assert words.flags.owndata
    assert deferred_length.spell_all(0, 2).shape == (0,)
    assert deferred_length.spell_all(2, 0).tolist() == [b"", b""]


def test_functions_return_them(deferred_length: Any) -> None:
    assert deferred_length.joined("ab", b"cde") == b"abcde"
    assert deferred_length.joined("", "") == b""
    assert deferred_length.repeated("xyz", 2).tolist() == [b"xyz", b"xyz"]
    assert deferred_length.remembered() == b"pointer"


def test_what_is_given_may_change_its_length(deferred_length: Any) -> None:
    assert deferred_length.doubled("abc") == b"abcabc"
    assert deferred_length.doubled("") == b""
    assert deferred_length.doubled(None) == b"none"


def test_characters_are_given_back(deferred_length: Any) -> None:
    word = np.array(b"quiet")
    deferred_length.shout(word)
    assert word == b"QUIET"


def test_absent_unallocated_and_given_arrays(deferred_length: Any) -> None:
    assert deferred_length.widths() == -1
    assert deferred_length.widths(["ab", "cde"]) == 203
    assert deferred_length.widths(np.array(["ab", "cdef"], "S6")[::-1]) == 206


def test_allocatables_of_fixed_length(deferred_length: Any) -> None:
    word, words = deferred_length.fixed()
    assert word == b"abc"
    assert words.tolist() == [b"x  ", b"yz "]


def test_variables_of_modules(deferred_length: Any) -> None:
    phrases = deferred_length.phrases
    phrases.compose(3)
    assert phrases.phrase[()] == b"lalala"
    assert phrases.verses.tolist() == [b"AAA", b"BBB"]
    assert phrases.current[()] == b"lalala"
    assert phrases.short[()] == b"abcd"
    assert phrases.text() == b"<lalala>"
    phrases.compose(1)
    assert phrases.phrase[()] == b"la"


def test_assignment_gives_variables_a_new_length(deferred_length: Any) -> None:
    phrases = deferred_length.phrases
    phrases.phrase = "some words"
    phrases.verses = ["one", "three", "two"]
    assert phrases.measured().tolist() == [10, 305]
    assert phrases.text() == b"<some words>"
    assert phrases.verses.tolist() == [b"one  ", b"three", b"two  "]
    phrases.verses = None
    phrases.phrase = None
    assert phrases.measured().tolist() == [-1, -1]
    assert phrases.phrase is None
    phrases.phrase = b""
    assert phrases.measured().tolist() == [0, -1]
    for empty in (b"", "", np.bytes_(b""), phrases.phrase, b""):
        phrases.phrase = empty
        assert (phrases.phrase[()], phrases.text()) == (b"", b"<>")
    phrases.phrase[...] = b"none of it"
    assert phrases.phrase[()] == b""
    phrases.compose(0)
    phrases.verses[0] = "nor of this"
    assert phrases.verses.tolist() == [b"", b""]
    phrases.verses = ["", ""]
    assert (phrases.verses.tolist(), phrases.measured()[1]) == ([b"", b""], 200)
    phrases.current = ""
    assert (phrases.current[()], phrases.phrase[()]) == (b"", b"")
    phrases.phrase = "ab"
    with pytest.raises(ValueError, match="rank 0"):
        phrases.phrase = ["a", "b"]


@pytest.mark.parametrize("is_seen", [False, True])
def test_texts_are_stored_as_by_the_general_rules(
    deferred_length: Any, is_seen: bool
) -> None:
    phrases = deferred_length.phrases
    texts = (
        "a",
        "abc",
        "xyz",
        "a b ",
        " ",
        "x" * 300,
        "q" * 300,
        "",
        "a\0",
        "ab\0c",
        "\u00e9",
        "abcde",
    )
    values = [*texts, *(each.encode("latin-1") for each in texts)]
    outcomes = []
    for kinds in ((str, bytes), (np.str_, np.bytes_)):
        phrases.phrase = None
        found: list[Any] = []
        for value in values:
            try:
                phrases.phrase = kinds[isinstance(value, bytes)](value)
            except UnicodeEncodeError as failure:
                found.append(failure.reason)
            found.append(phrases.text())
            if is_seen:
                found.append(phrases.phrase[()])
        outcomes.append(found)
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("empty", ["", b"", np.str_()])
def test_an_empty_text_has_no_characters(deferred_length: Any, empty: Any) -> None:
    phrases = deferred_length.phrases
    for before in ("abcd", "", None):
        phrases.phrase = before
        phrases.phrase = empty
        assert phrases.text() == b"<>"


def test_views_of_a_text_outlive_its_length(deferred_length: Any) -> None:
    phrases = deferred_length.phrases
    for _ in range(3):
        phrases.compose(2)
        first = phrases.phrase
        phrases.phrase = "fila"
        assert first[()] == b"fila"
        phrases.phrase = b"another"
        phrases.phrase = "yet one"
        second = phrases.phrase
        phrases.phrase = "the last one of them"
        assert (first[()], second[()]) == (b"fila", b"yet one")
        second[...] = b"changed"
        assert phrases.text() == b"<the last one of them>"
        phrases.compose(4)
        phrases.phrase = "lala" + "fila"
        assert phrases.text() == b"<lalafila>"


def test_extents_count_the_characters_that_fortran_gets(deferred_length: Any) -> None:
    for given in ("AB", b"AB", np.array(b"AB")):
        assert deferred_length.letters(given).tolist() == [65, 66]
    assert deferred_length.letters(None).tolist() == []
    for words in (["a", "bcd"], (b"bcd", b"a"), np.array(["abc", "d"])):
        assert deferred_length.counted(words, 1).tolist() == [3] * 6
    spanned = deferred_length.spanned(["ab", "c"], [b"abcd", b"e"])
    assert spanned.tolist() == [2] * 42

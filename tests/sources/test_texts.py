"""Text: short strings in arrays end in blanks for Fortran, and every kind of array of strings is encoded."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

AS_ARRAYS = [
    ["ab", "c"],
    [b"ab", "c"],
    ("ab", np.bytes_(b"c")),
    [np.str_("ab"), b"c"],
    np.array([b"ab", b"c"]),
    np.array([b"ab", b"x", b"c"], "S4")[::2],
    np.array(["ab", "c"]),
    np.array(["ab", "c"], ">U6"),
    np.array(["ab", b"c"], object),
]


@pytest.mark.parametrize("value", AS_ARRAYS)
def test_short_elements_end_in_blanks(texts: Any, value: Any) -> None:
    assert texts.codes(value).tolist() == [97, 98, 32, 32, 99, 32, 32, 32]
    assert texts.find(value, "c") == 2
    length = value.itemsize if getattr(value, "dtype", None) == "S4" else 2
    length = 6 if getattr(value, "dtype", None) == ">U6" else length
    lengths = texts.texts_of_modules.lens(value)
    assert lengths.tolist() == [100 * length + 2, 100 * length + 1]


def test_arrays_of_other_ranks(texts: Any) -> None:
    expected = [[301, 302], [303, 300]]
    for nested in ([["a", "bc"], ["def", ""]], [[b"a", "bc"], ["def", b""]]):
        for value in (nested, np.array(nested, object), np.array(nested, "S3")):
            assert texts.table(value).tolist() == expected
    for scalar in ("abc", b"abc", np.array("abc"), np.array(b"abc")):
        assert texts.texts_of_modules.lens(scalar).tolist() == [303]
    assert texts.texts_of_modules.lens([]).size == 0


def test_single_characters(texts: Any) -> None:
    assert texts.letters(["a", "", "bc"]).tolist() == [97, 32, 98]
    assert texts.letters(np.array(["a", ""])).tolist() == [97, 32]
    # an array of single bytes is data
    assert texts.letters(np.array([b"a", b""], "S1")).tolist() == [97, 0]


def test_strings_of_arrays(texts: Any) -> None:
    for value in ("abc", np.str_("abc"), np.array("abc"), np.array(["abc"], object)):
        assert texts.whole(value) == (3, b"abc")
    assert texts.whole(np.array(["ab", "c"])) == texts.whole(np.array([b"ab", b"c"]))


@pytest.mark.parametrize("value", ["ä", np.array(["ä"]), np.array(["ä"], object)])
def test_other_characters_than_ascii_are_refused(texts: Any, value: Any) -> None:
    with pytest.raises(UnicodeEncodeError):
        texts.whole(value)
    with pytest.raises(UnicodeEncodeError):
        texts.codes(np.atleast_1d(value))
    with pytest.raises(UnicodeEncodeError):
        texts.texts_of_modules.lens([str(np.atleast_1d(value)[0])])
    assert texts.whole("ä".encode()) == (2, "ä".encode())


def test_arrays_that_fortran_changes(texts: Any) -> None:
    names = np.array([b"a", b"b", b"ccc"], "S4")
    assert texts.rename(names) == 2
    assert names.tolist() == [b"a", b"zz  ", b"ccc"]
    for order in "CF":
        square = np.array([[b"a", b"b"], [b"ccc", b"b"]], order=order)
        assert texts.texts_of_modules.mark(square[:, ::-1]) == 6
        assert square.tolist() == [[b"a", b"zz "], [b"ccc", b"zz "]]
    with pytest.raises(ValueError, match="'U' not compatible to 'S'"):
        texts.rename(np.array(["a"]))
    with pytest.raises(TypeError, match="'list' object is not an array"):
        texts.rename(["a"])


def test_arrays_that_are_copied_or_replaced(texts: Any) -> None:
    given = np.array(["a", "bb", "ccc"])
    inplace = np.array(["a  ", "bb ", "ccc"])
    scratch = np.zeros(3, "S3")
    returned = texts.in_and_out(given, inplace, scratch)
    assert returned.tolist() == [b"  a", b" bb", b"ccc"]
    assert inplace.tolist() == ["  a", " bb", "ccc"]
    assert given.tolist() == ["a", "bb", "ccc"]
    assert (scratch == b"xyz").all()
    inplace = np.array([b"a", b"bb", b"ccc"])
    texts.in_and_out(given, inplace, scratch)
    assert inplace.tolist() == [b"  a", b" bb", b"ccc"]


@pytest.mark.parametrize(
    "value",
    [
        np.array(b"ab"),
        np.array("ab"),
        np.array(["ab", "c"]),
        np.array("ab", object),
        np.array([b"a", b"b"]),
    ],
)
def test_strings_that_fortran_changes(texts: Any, value: Any) -> None:
    expected = np.char.upper(value.astype("S") if value.dtype == object else value)
    texts.upper(value)
    assert value.tolist() in (expected.tolist(), "AB")


@pytest.mark.parametrize("text", [b"q", b"quux", "quux", "", b"a" * 300])
def test_fortran_writes_to_no_bytes_of_the_caller(texts: Any, text: Any) -> None:
    # single bytes and constants are shared by all of Python
    before = list(text)
    assert texts.scribble(text, text) == len(text)
    assert texts.promised(text) == len(text)
    assert texts.returned(text)[:1] == b"#"
    assert list(text) == before


def test_results_of_any_length(texts: Any) -> None:
    for count in (0, 1, 5, 255, 256, 5000):
        assert texts.in_a_row(count, "x") == b"x" * count
    with pytest.raises(ValueError, match="a string of -1 characters"):
        texts.in_a_row(-1, "x")


def test_calls_within_calls_have_texts_of_their_own(texts: Any) -> None:
    def again(given: str) -> int:
        assert given.rstrip() == str(len(seen))
        seen.append(given)
        return texts.nested(again, f"{len(seen)}") if len(seen) < 5 else 7

    seen: list[str] = []
    assert texts.nested(again, b"0") == 7
    assert [text.rstrip() for text in seen] == list("01234")


@pytest.mark.parametrize(
    "answer",
    [
        ["x", "yz", "abcde"],
        [b"x", "yz", b"abcd"],
        np.array(["x", "yz", "abcd"]),
        np.array([b"x", b"yz", b"abcd"], "S4"),
    ],
)
def test_answers_of_callbacks(texts: Any, answer: Any) -> None:
    seen = []

    def ask(given: Any) -> Any:
        seen.append(given.tolist())
        return answer, "q"

    assert texts.asked(ask, 3).tolist() == [1, 2, 4, 1]
    assert seen == [[b"ab  "] * 3]


def test_variables(texts: Any) -> None:
    inside = texts.texts_of_modules
    for lines in (["q", b"rs"], np.array(["q", "rs"]), np.array(["q", "rs"], object)):
        for owner, measure in (
            (texts.page, texts.in_common),
            (inside, inside.measure),
        ):
            owner.title = np.array("abc")
            owner.lines = lines
            assert measure().tolist() == [3, 1, 2]
            with pytest.raises(UnicodeEncodeError):
                owner.lines = ["ä", "b"]
            assert owner.lines.tolist() == [b"q     ", b"rs    "]
        inside.kept = lines
        assert inside.kept.tolist() == [b"q    ", b"rs   "]


def test_what_fortran_allocates_anew_is_returned(texts: Any) -> None:
    inside = texts.texts_of_modules
    assert inside.doubled(b"ab") == b"abab"
    assert inside.doubled("ab ") == b"ab ab "
    assert inside.doubled(None) == b"new "
    for word in (np.array(b"ab"), np.array("ab")):
        with pytest.raises(ValueError, match=r"4 characters, the array .* room for 2"):
            inside.doubled(word)
    assert inside.appended(None).tolist() == [7, 8]
    numbers = np.array([1, 2], "i4")
    assert inside.appended(numbers) is numbers
    assert numbers.tolist() == [2, 3]
    with pytest.raises(TypeError, match="'list' object is not an array"):
        inside.appended([1, 2])
    assert inside.words(None).tolist() == [b"one  ", b"three"]
    words = np.array([b"a", b"bb"])
    assert inside.words(words).tolist() == [b"q ", b"bb"]
    assert words.tolist() == [b"q ", b"bb"]
    assert inside.pointed(b"ab") == b"Xb"
    word = np.array("ab")
    inside.pointed(word)
    assert word == "Xb"


def test_a_negative_length_of_an_array_is_refused(texts: Any) -> None:
    for n, shown in ((3, b"hi"), (1, b"")):
        s, t, lengths = texts.filled(n)
        assert (s, lengths) == (b"abcdefg"[:n], 10 * n + n - 1)
        assert t.tolist() == [shown] * 2
    with pytest.raises(ValueError, match="an array of strings of -1 characters is"):
        texts.filled(0)
    with pytest.raises(ValueError, match="a string of -7 characters is expected"):
        texts.filled(-7)

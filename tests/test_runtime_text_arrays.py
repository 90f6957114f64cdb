"""The short way of arrays of strings comes to what the rules for all arrays come to."""

import numpy as np
import pytest

from f2pypy.runtime.arrays import COPY, IN, INOUT, INPLACE, OUT, C, array, unfold
from f2pypy.runtime.string_arrays import bytes_type, text_array
from f2pypy.runtime.texts import has_short_elements, holds_text

FULL = np.array([b"abcd", b"efgh"])
SQUARE = np.array([[b"ab", b"cd", b"ef"], [b"gh", b"ij", b"kl"]])
FROZEN = FULL.copy()
FROZEN.flags.writeable = False
VALUES = [
    FULL,
    FROZEN,
    FULL[::-1],
    FULL[:0],
    FULL[0:1],
    np.array(b"abcd"),
    np.array([b"ab", b"efgh"]),
    np.array([b"a\0bc", b"efgh"]),
    np.zeros(3, "S4"),
    np.array(["ab", "efgh"]),
    np.array(["ab", b"efgh"], object),
    np.array([b"a", b"", b"b"], "S1"),
    np.array([b"abcd"] * 5000),
    np.array([b"abcd"] * 4999 + [b"a"]),
    SQUARE,
    np.asfortranarray(SQUARE),
    SQUARE.T,
    np.arange(3),
    ["ab", "c"],
    "abcd",
    None,
]


def outcome(convert, value, length, extents, intent=IN):
    """Return what Fortran gets and whether it is the caller's own, or the exception."""
    kind = bytes_type(length)
    try:
        passed = convert(value, kind, extents, intent, "m.f", "1st argument")
    except Exception as failure:
        return type(failure), str(failure)
    return (
        *(passed.tolist(), np.asarray(unfold(passed)).dtype, passed.shape),
        *(passed.flags.f_contiguous, unfold(passed) is value),
    )


@pytest.mark.parametrize("extents", [(-1,), (2,), (0,), (-1, -1), (2, 3), (3, -1)])
@pytest.mark.parametrize("length", [0, 1, 2, 4, 6])
def test_as_for_all_arrays(length, extents):
    for value in VALUES:
        expected = outcome(array, value, length, extents)
        assert outcome(text_array, value, length, extents) == expected


def test_full_strings_are_passed_as_they_are():
    for value in (FULL, FROZEN, np.array([b"a", b""], "S1")):
        kind = bytes_type(value.itemsize)
        passed = text_array(value, kind, (-1,), IN, "m.f", "1st argument")
        assert unfold(passed) is value
        assert passed.itemsize == value.itemsize


@pytest.mark.parametrize("value", [["ab", ["cd"]], [["ab"], ["cd", "e"]], ["ab", ("cd",)]])  # fmt: skip
def test_strings_that_are_nested_unevenly_are_refused(value):
    for length in (0, 4):
        with pytest.raises(
            ValueError,
            match=r"lists of strings are nested unevenly: .* stands where others",
        ):
            text_array(value, bytes_type(length), (-1,), IN, "m.f", "1st argument")


@pytest.mark.parametrize(
    "intent", [IN, IN | C, IN | OUT, INOUT, INOUT | C, INPLACE, COPY, COPY | OUT]
)
@pytest.mark.parametrize("extents", [(-1,), (2,), (-1, -1)])
def test_the_own_type_object_makes_no_difference(extents, intent):
    for value in VALUES:
        if not isinstance(value, np.ndarray) or value.dtype.kind != "S":
            continue
        length = value.itemsize
        own = np.empty_like(value, bytes_type(length))
        own[...] = value
        own.flags.writeable = value.flags.writeable
        other = own.view(np.dtype(f"S{length}"))
        expected = outcome(array, other, length, extents, intent)
        assert outcome(array, own, length, extents, intent) == expected
        if intent == IN:
            assert outcome(text_array, own, length, extents) == expected


@pytest.mark.parametrize(
    ("elements", "holds", "is_short"),
    [
        ([b"ab", b"cd"], True, False),
        ([b"ab", b"c"], True, True),
        ([b"ab", b""], True, True),
        ([b"a\0", b"\0b"], True, True),
        ([b"\0b", b"\0c"], True, False),
        ([b"", b""], False, False),
    ],
)
def test_few_strings_are_looked_at_as_many(elements, holds, is_short):
    """Of few in one dimension Python tells what NumPy tells of all others."""
    few = np.array(elements, "S2")
    for text in (few, few[::-1], few.reshape(2, 1), np.tile(few, 3000)):
        assert holds_text(text) is holds
        assert has_short_elements(text) is is_short

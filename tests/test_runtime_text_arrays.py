"""The short way of arrays of strings comes to what the rules for all arrays come to."""

import numpy as np
import pytest

from f2pypy.runtime.arrays import IN, array, unfold
from f2pypy.runtime.string_arrays import bytes_type, text_array

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


def outcome(convert, value, length, extents):
    """Return what Fortran gets and whether it is the caller's own, or the exception."""
    try:
        passed = convert(value, bytes_type(length), extents, IN, "m.f", "1st argument")
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

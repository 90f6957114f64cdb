"""Procedures with bind(c): descriptors as the standard has them, characters by value, addresses as numbers."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pytest


def test_allocatable_results_are_arrays_of_their_own(interoperable: Any) -> None:
    first, second = interoperable.count_up(3), interoperable.count_up(2)
    assert first.tolist() == [1, 2, 3]
    assert second.tolist() == [1, 2]
    assert first.flags.owndata
    assert interoperable.count_up(-1) is None
    assert interoperable.count_up(0).shape == (0,)


def test_allocatable_arguments_may_change_their_extents(interoperable: Any) -> None:
    assert interoperable.extend([4.0, 5.0]).tolist() == [4, 5, 7]
    assert interoperable.extend(np.arange(4.0)[::2]).tolist() == [0, 2, 7]
    assert interoperable.extend(None).tolist() == [1]


@pytest.mark.parametrize("order", ["C", "F"])
def test_allocatable_arrays_are_given_back(order: Any, interoperable: Any) -> None:
    a = np.arange(6, dtype="i4").reshape(2, 3).copy(order)
    interoperable.negate(a)
    assert (a == -np.arange(6).reshape(2, 3)).all()


def test_pointers_may_point_anywhere(interoperable: Any) -> None:
    assert interoperable.every_other().tolist() == [6, 4, 2]


@pytest.mark.parametrize(
    "view",
    [
        lambda a: a,
        lambda a: a.T,
        lambda a: a[::-1, ::2],
        lambda a: a[1:3, 1:],
    ],
)
def test_pointers_to_the_callers_array(view: Any, interoperable: Any) -> None:
    whole = np.zeros((4, 4))
    seen = view(whole)
    interoperable.fill(seen)
    rows, columns = np.indices(seen.shape)
    assert (seen == 10 * (rows + 1) + columns + 1).all()
    assert np.count_nonzero(whole) == seen.size


def test_allocatable_scalars(interoperable: Any) -> None:
    assert interoperable.answer() == (42, None)


def test_characters_by_value(interoperable: Any) -> None:
    assert interoperable.letter(3) == b"C"
    assert interoperable.code(b"A") == 65
    assert interoperable.code("z") == 122


def test_texts_for_arrays_of_characters(interoperable: Any) -> None:
    assert interoperable.c_length(b"hello\0") == 5
    assert interoperable.c_length("abc\0def") == 3
    assert interoperable.c_length([b"a", b"b", b"\0"]) == 2
    # what C takes for the end of a string stands behind what is given
    assert interoperable.c_length("no end" * 100) == 600
    assert interoperable.c_length("") == 0
    text = np.array([b"a", b"b"])
    interoperable.capitalize(text)
    assert text.tolist() == [b"X", b"b"]
    with pytest.raises(TypeError, match="'str' object is not an array"):
        interoperable.capitalize("ab")


def test_absent_arrays(interoperable: Any) -> None:
    assert interoperable.given() == -1
    assert interoperable.given([1.0, 2.0]) == 2
    assert interoperable.given(np.zeros(9)[::-2]) == 5


def test_addresses_are_numbers(interoperable: Any) -> None:
    x = np.array([1.5, 2.5, 3.5])
    start = x.ctypes.data
    assert interoperable.peek(start) == 1.5
    assert interoperable.peek(start + 16) == 3.5
    assert interoperable.where_is(x) == start
    place = np.array(start, "u8")
    interoperable.forward(place, 2)
    assert interoperable.peek(int(place)) == 3.5


def test_addresses_of_procedures(interoperable: Any) -> None:
    function = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(lambda x: x * x)
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert interoperable.applied(address, 3.0) == 9.0


def test_what_is_no_address_is_refused(interoperable: Any) -> None:
    with pytest.raises(TypeError, match=r"1st argument \(p\) can't be converted"):
        interoperable.peek("here")
    with pytest.raises(OverflowError):
        interoperable.peek(1 << 64)

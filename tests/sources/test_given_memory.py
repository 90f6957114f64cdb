"""Memory of the caller: output without extents, bools, addresses, arrays that are filled, arrays of one element."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pytest


def test_assumed_shape_goes_out_into_the_array_given(given_memory: Any) -> None:
    inside = given_memory.given_memory
    for a in (np.zeros(3), np.zeros(6)[::2], np.zeros(6)[::-2]):
        assert inside.count_up(a) is a
        assert a.tolist() == [1, 2, 3]
    assert inside.count_up.__doc__.startswith("a = count_up(a)\n")
    truths = np.zeros((2, 3, 1), "i4")
    assert inside.cube(truths) is truths
    assert (truths != 0).all()
    short = np.zeros(4, "i2")
    assert inside.filled(short)[0] == 4
    assert inside.filled(short)[1] is short
    assert (short == 5).all()


def test_assumed_size_goes_out_into_the_array_given(given_memory: Any) -> None:
    inside = given_memory.given_memory
    a = np.zeros(3, "i8")
    assert inside.prefix(2, a) is a
    assert a.tolist() == [2, 2, 0]
    z = np.zeros((2, 3), complex, order="F")
    assert inside.leading(2, z) is z
    assert z[:, :2].tolist() == [[1 + 2j] * 2] * 2
    assert not z[:, 2].any()
    b = np.zeros(2, "f4")
    assert given_memory.external_prefix(2, b) is b
    assert b.tolist() == [2, 2]


def test_text_goes_out_into_what_is_given(given_memory: Any) -> None:
    inside = given_memory.given_memory
    words, text = np.zeros(2, "S4"), np.zeros((), "S8")
    returned, bare = inside.spelled(words, text)
    assert returned is words
    assert words.tolist() == [b"xy  ", b"xy  "]
    assert bare == text == b"filled"
    # as many as the source says, and as long as the caller's
    three = np.zeros(3, "S4")
    returned, length = inside.named(three)
    assert returned is three
    assert (three.tolist(), length) == ([b"abcd"] * 3, 4)
    with pytest.raises(TypeError):
        inside.named()


def test_optional_output_may_be_left_out(given_memory: Any) -> None:
    maybe = given_memory.given_memory.maybe
    assert maybe() == (0, None, None)
    a, s = np.zeros((2, 3), "f4"), np.zeros((), "S6")
    assert maybe(s=s) == (0, None, b"here")
    k, returned, _ = maybe(a)
    assert (k, returned is a) == (6, True)
    assert (a == 3).all()


def test_what_is_no_memory_for_results(given_memory: Any) -> None:
    inside = given_memory.given_memory
    with pytest.raises(TypeError, match="'list' object is not an array"):
        inside.count_up([1.0, 2.0])
    with pytest.raises(ValueError, match="expected elsize=8 but got 4"):
        inside.count_up(np.zeros(2, "f4"))
    with pytest.raises(ValueError, match="'d' not compatible"):
        inside.prefix(1, np.zeros(2))
    with pytest.raises(TypeError):
        inside.count_up()


def test_what_has_extents_is_still_made(given_memory: Any) -> None:
    a, b = given_memory.given_memory.fixed(2)
    assert a.tolist() == [1, 1]
    assert b.tolist() == [2, 2, 2]


def test_bools_are_logicals_of_one_byte(given_memory: Any) -> None:
    inside = given_memory.given_memory
    a = np.array([True, False, True, True])[::2]
    b = np.array([[True], [False]], order="F")
    assert inside.turn(a, b) == 12
    assert a.tolist() == [False, False]
    assert b.tolist() == [[True], [False]]
    truths = np.zeros(2, bool)
    assert inside.truths(truths) is truths
    assert truths.all()
    assert inside.truths(np.zeros(2, "i1")).dtype == "i1"
    with pytest.raises(ValueError, match="not compatible"):
        inside.filled(np.zeros(2, bool))


def test_addresses(given_memory: Any) -> None:
    inside = given_memory.given_memory
    x = np.array([1.0, 2.0, 3.0])
    place = x.ctypes.data
    double = ctypes.c_double(6)
    for address in (
        *(place, np.uint64(place), ctypes.c_void_p(place), x.ctypes),
        x.ctypes.data_as(ctypes.POINTER(ctypes.c_double)),
        (ctypes.c_double * 3)(1, 2, 3),
    ):
        assert inside.sum_at(address, 3) == 6
    for address in (ctypes.byref(double), ctypes.pointer(double)):
        assert inside.sum_at(address, 1) == 6
    for nothing in (None, 0, ctypes.c_void_p()):
        assert inside.sum_at(nothing, 3) == -1
    function = ctypes.CFUNCTYPE(None)(lambda: None)
    assert inside.is_null(None, None) == 0
    assert inside.is_null(x.ctypes, function) == 3
    for wrong in ("a", 1.5, [1], double, x):
        with pytest.raises(TypeError, match="expected a pointer or an integer"):
            inside.sum_at(wrong, 1)
    with pytest.raises(OverflowError):
        inside.sum_at(-1, 1)


def test_a_scalar_fills_an_array(given_memory: Any) -> None:
    inside = given_memory.given_memory
    inside.counts = 0
    inside.square = np.int64(7)
    inside.switches = True
    inside.names = "ab"
    assert inside.counts.tolist() == [0, 0, 0]
    assert inside.square.tolist() == [[7, 7], [7, 7]]
    assert inside.switches.all()
    assert inside.names.tolist() == [b"ab  ", b"ab  "]
    inside.grown = [1, 2]
    inside.grown = 5
    assert inside.grown.tolist() == [5, 5]
    inside.grown = None
    with pytest.raises(ValueError, match="rank 1, got an array of rank 0"):
        inside.grown = 5
    inside.point()
    inside.seen = 4
    assert inside.aim.tolist() == [4, 4, 4]
    for wrong in ("x", 1j, None, [1, 2]):
        with pytest.raises((TypeError, ValueError)):
            inside.counts = wrong


def test_scalars_of_modules_refuse_what_is_none(given_memory: Any) -> None:
    inside = given_memory.given_memory
    inside.small = np.array([3])
    for wrong in (300, np.int64(300), [1, 2], "3", 1j, np.datetime64(3, "ns")):
        with pytest.raises((TypeError, ValueError, OverflowError)):
            inside.small = wrong
    assert inside.small == 3


def test_one_element_beside_a_count_is_any_length(given_memory: Any) -> None:
    assert given_memory.old_sum(3, [1, 2, 3]) == 6
    assert given_memory.old_sum(1, 5.0) == 5
    a = np.zeros((2, 3), "f4", order="F")
    # what only goes out keeps the extent that it is declared with
    assert given_memory.old_matrix(3, a).tolist() == [9]
    assert (a == 4).all()

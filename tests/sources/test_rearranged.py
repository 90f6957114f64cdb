"""Allocatable arguments whose memory the runtime may use again, whatever Fortran did with it."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

KEEP, REPLACE, GROW, FREE, MOVE = range(5)


def expected(given: list[int], way: int) -> list[int] | None:
    """Return what `change` leaves."""
    if way == FREE:
        return None
    return [each + 1 for each in given] + [0] * (way == GROW)


@pytest.mark.parametrize("sizes", [[3], [0, 1, 3, 4], [3, 5000]])
def test_what_fortran_did_to_the_memory(rearranged: Any, sizes: list[int]) -> None:
    rearranged = rearranged.rearranged
    chosen = random.Random(1)
    answers, moved = [], None
    for _ in range(200):
        given = [chosen.randrange(100)] * chosen.choice(sizes)
        way = chosen.randrange(5)
        answer = rearranged.change(np.array(given, "i4"), way)
        answers.append((answer, expected(given, way)))
        moved = given if way == MOVE else moved
        if moved:
            assert rearranged.moved.tolist() == moved
    # none shares its memory with a later call
    found = [None if one is None else one.tolist() for one, _ in answers]
    assert found == [other for _, other in answers]


@pytest.mark.parametrize("way", [KEEP, REPLACE, MOVE])
def test_the_callers_array_is_filled(rearranged: Any, way: int) -> None:
    rearranged = rearranged.rearranged
    arrays = [np.array([k, 10 * k], "i4") for k in range(5)]
    for a in arrays:
        assert rearranged.change_in_place(a, way) is a
    assert [a.tolist() for a in arrays] == [[k + 1, 10 * k + 1] for k in range(5)]
    if way == MOVE:
        assert rearranged.moved.tolist() == [4, 40]


def test_other_extents_leave_the_next_call_whole(rearranged: Any) -> None:
    rearranged = rearranged.rearranged
    for way, now in ((GROW, r"of shape \(3,\)"), (FREE, "unallocated")):
        a = np.array([1, 2], "i4")
        with pytest.raises(ValueError, match=now):
            rearranged.change_in_place(a, way)
        assert a.tolist() == [1, 2]
        assert rearranged.change_in_place(a, KEEP).tolist() == [2, 3]


def test_calls_within_calls_and_exceptions(rearranged: Any) -> None:
    rearranged = rearranged.rearranged
    inner = [np.array([k, k], "i4") for k in range(4)]

    def visitor() -> None:
        if not inner:
            raise LookupError
        rearranged.visit(inner.pop(), visitor)

    a = np.array([100, 200], "i4")
    held = [a, *inner]
    for _ in range(2):
        with pytest.raises(LookupError):
            rearranged.visit(a, visitor)
    assert [each.tolist() for each in held] == [[100, 200], *[[k, k] for k in range(4)]]
    inner = [np.array([5, 6], "i4")]
    seen = inner[0]

    def quiet() -> None:
        if inner:
            rearranged.visit(inner.pop(), quiet)

    rearranged.visit(a, quiet)
    assert (a.tolist(), seen.tolist()) == ([102, 202], [7, 8])

"""Extents and lengths made of Fortran's functions and the user's own: Python finds what Fortran finds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

COUNT = 66
TEXTS = ["ab a c  ", "  b", "a", "", "xxyxx"]
LISTS = [[1, 2, 3], [3, 1, 2], [1, 1, 4]]
MATRICES = [
    np.array([[1.0, 2], [3, 4], [0.5, 1.5]]),
    np.asfortranarray([[2.5, 2], [7, 0], [0.5, 1.5]]),
    np.arange(24.0).reshape(6, 4)[::2, ::-2] / 4,
]


def arguments_of(routine: Any) -> list[str]:
    """Return the names of what a routine takes."""
    call = routine.__doc__.partition("\n")[0]
    inside = call.partition("(")[2].rstrip(")")
    return [word.strip(" []") for word in inside.split(",")]


@pytest.mark.parametrize("number", range(COUNT))
def test_extents_are_those_of_fortran(specification: Any, number: int) -> None:
    routine = getattr(specification.specification, f"s{number}")
    wanted = arguments_of(routine)
    for case, k in enumerate(LISTS):
        x, s = MATRICES[case], TEXTS[case]
        given = {"n": 3, "w": 5 + case, "k": k, "x": x, "s": s}
        y, count = routine(**{name: given[name] for name in wanted})
        assert y.shape == (count,)


@pytest.mark.parametrize("text", TEXTS)
def test_the_length_of_a_result(specification: Any, text: str) -> None:
    trimmed = text.rstrip().encode()
    assert specification.specification.joined(text, 3) == trimmed * 2 + b"..."


def test_what_is_not_there_is_not_read(specification: Any) -> None:
    # k(2:) of a list with one element ends where it begins; k(1:3:2) asks for a third
    with pytest.raises(IndexError, match="1 to 3 of 1 along axis 1"):
        specification.specification.s6(5, [1], n=1)

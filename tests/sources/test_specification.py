"""Extents and lengths made of Fortran's functions and the user's own: Python finds what Fortran finds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

COUNT = 67
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
    with pytest.raises(IndexError, match="elements 1 to 3 along axis 1, which has 1"):
        specification.specification.s6(5, [1], n=1)


def agrees(made: Any) -> int:
    """Return the number of elements, which Fortran tells."""
    y, count = made
    assert y.size == count
    return int(count)


def test_extents_that_compiled_functions_compute(asked: Any) -> None:
    askers, lists = asked.askers, asked.lists
    for n in (3, 5):
        lists.setup(n)
        assert agrees(askers.element()) == 4
        assert [agrees(askers.bounds(k)) for k in (0, 1, 3)] == [10, 12 - n, 7]
        assert agrees(askers.of_allocatable()) == n + 1
        assert agrees(lists.private_scalar()) == n + 1
        assert lists.private_all()[0].shape == (10 + n, 5)
        assert agrees(lists.private_all()) == 5 * (10 + n)
        assert askers.text_of(1) == b"abcdefgh"[:n]
    for label in ("abcdef", "", "a b"):
        lists.label = label
        assert agrees(askers.renamed_text()) == len(label)
    assert agrees(askers.of_intrinsics([2.5])) == np.argmax(lists.idx) + 4
    lists.idx[2] = 6
    assert agrees(lists.own()) == 6
    assert askers.text_out() == (b"abcdefgh", 8)
    assert askers.given(2, np.zeros(8)) == 8
    with pytest.raises(ValueError, match="must be fixed to 8 but got 7"):
        askers.given(2, np.zeros(7))
    lists.idx[2] = 4


@pytest.mark.parametrize("x", MATRICES)
def test_what_compiled_functions_get(asked: Any, x: Any) -> None:
    askers = asked.askers
    assert agrees(askers.of_matrix(x)) == int(x.sum()) + x.shape[1] - 1
    assert agrees(askers.of_matrix(x.tolist())) == int(x.sum()) + x.shape[1] - 1
    assert agrees(askers.several_types("abc  ", True, 2, 4j)) == 20
    assert agrees(askers.several_types(b"abc", False, 2, 0)) == 8
    assert agrees(asked.of_external([1, 2, 4.5])) == 7


def test_extents_from_common_blocks(asked: Any) -> None:
    for width, height in ((3, 2), (1, 4)):
        asked.set_sizes(width, height)
        assert asked.askers.of_common()[0].shape == (width, 2 * height)
        assert agrees(asked.askers.of_common()) == 2 * width * height
        assert asked.old_style()[0].shape == (width, height + 1)
        assert agrees(asked.old_style()) == width * (height + 1)
        assert asked.common_text() == b"xyzxyz"[:width]
        asked.set_blank(width)
        assert agrees(asked.of_blank()) == width


def test_what_a_module_keeps_to_itself(asked: Any) -> None:
    kept = asked.kept
    for n, label in ((2, "abc"), (4, "b")):
        kept.fill(n, label)
        length = len(label)
        wanted = length + label.find("b") + 1 + len("defgxy")
        assert kept.texts("xy")[0].shape == (wanted, 4)
        assert agrees(kept.texts("xy")) == 4 * wanted
        assert agrees(kept.arrays(2)) == (n + 2) + n + (n + 2) + 1 + 5
        assert kept.components(2)[0].shape == (n, 6)
        assert agrees(kept.components(2)) == 6 * n
        scanned = next((i for i, c in enumerate(label, 1) if c in "a,(b"), 0)
        assert kept.own_names(1, "xyz")[0].shape == (scanned + 8, 3 + 4)
        assert agrees(kept.own_names(1, "xyz")) == (scanned + 8) * 7
        # x(n:, 3:) of three rows and two columns ends at n + 2 and at 4
        assert agrees(kept.lower_bounds(n, MATRICES[0])) == 4 + n + 1
        assert kept.text_length(1) == b"x" * (5 + length)
        assert agrees(kept.operators(5)) == 5 + n
        assert kept.inquiries()[0].shape == (64 + 5, 3, 3 * n)
        assert agrees(kept.inquiries()) == (64 + 5) * 3 * 3 * n
        assert agrees(kept.long_one()) == 9 * length + 19
    kept.fill(2, "abc")
    assert kept.functions([1.5, 2.5], "ab")[0].shape == (2, 4, 3)
    assert agrees(kept.functions([1.5, 2.5], "ab")) == 24
    assert kept.generics("abcd", 3)[0].shape == (4, 6)
    assert agrees(kept.generics("abcd", 3)) == 24


def test_a_generic_and_an_operator_of_another_module(asked: Any) -> None:
    assert agrees(asked.generic_outside("abcd")) == 24

"""Components of objects that Fortran passes to dummy procedures: only the calls show how these are called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def m(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/passed_components.f90."""
    return types_module("passed_components")


def test_components_of_a_variable(m: Any) -> None:
    """An array in another module's extents, an inherited component, and one of an object inside."""
    given = []

    def f(time: Any, place: Any, number: Any, z: Any) -> None:
        given.append((float(time), place.tolist(), int(number), complex(z)))
        place[2] = 8.0

    passed = m.passed_components
    passed.of_a_variable(f)
    passed.of_a_variable(f)
    assert given == [
        (1.5, [1.0, 2.0, 4.0], 7, 1 - 2j),
        (1.5, [1.0, 2.0, 8.0], 7, 1 - 2j),
    ]
    passed.now.place = [1.0, 2.0, 4.0]


def test_components_of_an_argument(m: Any) -> None:
    def f(time: Any, done: Any, z: Any) -> float:
        return float(time) + bool(done) + complex(z).imag

    me = m.passed_kinds.state(time=3.0, done=True)
    assert m.passed_components.of_an_argument(f, me) == 3.0
    assert "def f(e_me_time___1_e,e_me_done_e,e_me_several_2__z_e)" in (
        m.passed_components.of_an_argument.__doc__
    )


def test_components_of_elements(m: Any) -> None:
    """The names of another place mean something else here."""

    def f(time: Any, place: Any, one: Any) -> None:
        assert (float(time), place.dtype) == (9.0, np.float64)
        assert (place.tolist(), float(one)) == ([1.0, 2.0, 4.0], 2.0)
        place[2] = 1.0

    assert m.of_elements(f) == 10.0


def test_components_of_unknown_extents(m: Any) -> None:
    reason = "the extents of argument 'now%grown' in this call aren't known"
    with pytest.raises(AttributeError, match=reason):
        m.passed_components.of_unknown_extents  # noqa: B018


def test_expressions_with_whole_arrays(m: Any) -> None:
    """They have the arrays' extents, and what says an extent comes last, as in f2py."""
    given = []

    def f(a: Any, b: Any, c: Any, d: Any, total: Any, last: Any, n: Any) -> None:
        values = (a, b, c, d, total, last, n)
        given.extend(np.asarray(each).tolist() for each in values)

    m.passed_components.of_expressions(f, [1.0, 4.0, 9.0])
    assert given[:4] == [[2.0, 4.0, 6.0], [-1.0, -2.0, -4.0], [5, 6], [1, 2]]
    assert given[4:] == [14.0, 10.0, 3]


def test_sections_of_arrays(m: Any) -> None:
    """f2py takes them for their first elements; what says an extent comes last."""
    given = []

    def f(
        a: Any, b: Any, c: Any, d: Any, e: Any, g: Any, h: Any, i: Any, n: Any
    ) -> None:
        given.extend((each.shape, each.ravel().tolist()) for each in (a, b, c, d, e))
        given.extend([g.shape, h.tolist(), i.tolist(), int(n)])

    x = np.asfortranarray(np.arange(12.0).reshape(3, 4))
    m.passed_components.of_sections(f, x, np.arange(1.0, 7).reshape(2, 3, order="F"))
    assert given == [
        ((2,), [2.0, 4.0]),
        ((1,), [5]),
        ((3,), [1.0, 5.0, 9.0]),
        ((2,), [4.0, 6.0]),
        ((0, 4), []),
        (0,),
        [4.0],
        [3.0, 5.0],
        3,
    ]


def test_parts_of_texts(m: Any) -> None:
    """They are as long as Fortran says; f2py takes them for the whole text, and reads beyond them."""
    given = []

    def f(a: Any, b: Any, c: Any, d: Any, e: Any, word: Any) -> None:
        given.extend([a, b, *c.tolist(), d, e, word])

    m.passed_components.of_letters(f, ["abcd", "efgh", "ijkl"], "mnopq")
    assert given == ["no", "ef", b"efgh", b"ijkl", "cd", "i", "mnopq"]


@pytest.mark.parametrize(
    "name",
    [
        "of_all",
        "of_all_inside",
        "of_all_elements",
        "of_chosen",
        "of_assumed_shape",
        "of_rows",
        "of_grown_sections",
        "of_sections_in_terms",
    ],
)
def test_components_of_whole_arrays(m: Any, name: str) -> None:
    """Fortran passes as many elements as an array has, not one."""
    with pytest.raises(AttributeError, match=r"the extents of argument '.*' in this"):
        getattr(m.passed_components, name)

"""Python functions that Fortran calls with objects of derived type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def solvers(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/solvers.f90."""
    return types_module("solvers").solvers


def test_objects_with_their_own_types(solvers: Any) -> None:
    """A CLASS dummy brings the caller's object, with the class for its own type; it is changed in place."""
    seen = []

    def slope(me: Any, x: float) -> float:
        seen.append((type(me), x, me.calls))
        me.calls += 1
        return float(me.b * x)

    h = solvers.harder(b=5.0)
    assert solvers.integrate(h, slope, 0.0, 1.0, 4) == 2.5
    assert h.calls == 4
    assert seen[0] == (solvers.harder, 0.125, 0)
    assert {kind for kind, _, _ in seen} == {solvers.harder}
    p = solvers.problem(3.0)
    assert solvers.integrate(p, lambda me, x: me.a, 0, 2, 5) == pytest.approx(6)


def test_one_dummy_may_get_several_types(solvers: Any) -> None:
    answers = solvers.ask_each(lambda me, x: getattr(me, "b", me.a))
    assert answers.tolist() == [2, 3, 2, 3]


def test_types_without_a_class(solvers: Any) -> None:
    """An object of a private type has the nearest class that Python knows."""
    seen = []
    answer = solvers.ask_unseen(lambda me, x: seen.append(type(me)) or me.a)
    assert answer == 2
    assert seen[0] in (solvers.harder, solvers.problem)


def test_objects_that_may_be_absent(solvers: Any) -> None:
    p = solvers.problem(8.0)
    seen = []

    def watch(given: Any, n: int, other: Any = None) -> None:
        seen.append((given.a, n, other and other.b))
        given.a += 1

    solvers.relax(p, watch, 3)
    assert seen == [(4, 1, None), (2.5, 2, 2), (1.75, 3, None)]
    assert p.a == 2.75


def test_exceptions_come_through(solvers: Any) -> None:
    def fails(me: Any, x: float) -> float:
        raise ZeroDivisionError(me.a)

    with pytest.raises(ZeroDivisionError, match=r"2\.0"):
        solvers.integrate(solvers.problem(), fails, 0.0, 1.0, 2)


def test_documentation(solvers: Any) -> None:
    assert "me : class(problem)" in solvers.integrate.__doc__
    assert "p : type(problem)" in solvers.relax.__doc__

"""Objects keep the Python functions that Fortran stores in them, and let go of them."""

from __future__ import annotations

import copy
import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def problems(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/keepers.f90."""
    return types_module("keepers").problems


class Power:
    """A function whose end can be watched."""

    def __init__(self, power: int) -> None:
        self.power = power

    def __call__(self, me: Any, x: float) -> float:
        me.calls += 100
        return x**self.power


def collected(reference: Callable[[], Any]) -> bool:
    for _ in range(3):
        gc.collect()
    return reference() is None


def test_a_function_lives_as_long_as_its_object(problems: Any) -> None:
    p, function = problems.problem(), Power(2)
    p.start(function)
    watched = weakref.ref(function)
    del function
    gc.collect()
    assert (p.at(3.0), p.at(4)) == (9, 16)
    assert p.calls == 202
    del p
    assert collected(watched)


def test_another_function_takes_its_place(problems: Any) -> None:
    p, first = problems.problem(), Power(2)
    watched = weakref.ref(first)
    p.start(first)
    del first
    p.start(Power(3))
    assert p.at(2.0) == 8
    assert collected(watched)
    p.restart(lambda me, x: -x)
    assert (p.at(2.0), p.calls) == (-2, 1)


def test_functions_that_fortran_does_not_keep(problems: Any) -> None:
    p, function = problems.refined(), Power(2)
    assert p.once(function, 3.0) == 9
    watched = weakref.ref(function)
    del function
    assert collected(watched)
    assert p.at(1.0) == -1


def test_several_functions_of_one_object(problems: Any) -> None:
    """An array is a copy that lasts; an absent function is a null pointer."""
    seen: list[Any] = []
    p = problems.problem()
    p.start(lambda me, x: 2 * x, observer=lambda x: seen.append(x.tolist()))
    assert p.at(3.0) == 6
    p.start(lambda me, x: 2 * x)
    assert p.at(4.0) == 8
    assert seen == [[3, 6]]


def test_exceptions_come_out_of_the_call_that_is_on(problems: Any) -> None:
    p = problems.problem()

    def fails(me: Any, x: float) -> float:
        raise KeyError(x)

    p.start(fails)
    with pytest.raises(KeyError, match=r"5\.0"):
        p.at(5.0)
    with pytest.raises(KeyError, match=r"6\.0"):
        p.once(lambda me, x: me.at(6.0), 1.0)
    with pytest.raises(
        problems.problem.start.__globals__["error"], match="call-back f"
    ):
        p.start(3)
    with pytest.raises(KeyError, match=r"7\.0"):
        p.at(7.0)


def test_copies_share_the_function(problems: Any) -> None:
    p = problems.problem()
    p.start(Power(2))
    q = copy.copy(p)
    assert q.is_same(p)
    del p
    gc.collect()
    assert q.at(5.0) == 25
    r = problems.problem()
    both = problems.parts(second=q)
    del q
    gc.collect()
    r.start(lambda me, x: 0)
    assert both.second.at(6.0) == 36
    assert not both.second.is_same(r)


def test_parts_of_objects(problems: Any) -> None:
    both = problems.parts()
    assert problems.scaled(10, Power(2), both) == 40
    both.first.start(Power(3))
    gc.collect()
    assert (both.second.at(3.0), both.first.at(2.0)) == (9, 8)
    both.second.start(lambda me, x: 1)
    assert (both.second.at(3.0), both.first.at(2.0)) == (1, 8)


def test_extra_arguments_are_kept_as_well(problems: Any) -> None:
    p = problems.problem()
    p.start(lambda me, x, factor: factor * x, f_extra_args=(7,))
    gc.collect()
    assert p.at(2.0) == 14


def test_objects_that_functions_return(problems: Any) -> None:
    p = problems.problem_of(Power(2))
    gc.collect()
    assert (p.at(3.0), p.calls) == (9, 111)


def test_objects_that_objects_point_to(problems: Any) -> None:
    """Nobody sees whether they keep a function: all that their owner was given live as long as it does."""
    f, function = problems.family(), Power(2)
    f.add(function)
    watched = weakref.ref(function)
    del function
    gc.collect()
    assert f.of_member(3.0) == 9
    f.add(lambda me, x: x)
    assert f.of_member(3.0) == 3
    del f
    assert collected(watched)


def test_objects_that_point_to_their_own_type(problems: Any) -> None:
    seen: list[Any] = []
    c = problems.chain()
    c.append(lambda x: seen.append(x.tolist()))
    gc.collect()
    c.report_last(3.0)
    assert seen == [[3]]


def test_functions_come_and_go(problems: Any) -> None:
    """Their C functions are used again."""
    places = set()
    p = problems.problem()
    for n in range(300):
        p.start(lambda me, x, n=n: x + n)
        assert p.at(1.0) == 1 + n
        p.once(lambda me, x: x, 1.0)
        q = problems.problem()
        q.start(lambda me, x: 3)
        places.add(q.at(0.0))
    assert places == {3}

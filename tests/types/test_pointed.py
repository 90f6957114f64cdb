"""Procedure pointers as components: read, called with the object, pointed to Fortran's procedures and to Python's."""

from __future__ import annotations

import copy
import ctypes
import gc
import pickle
import weakref
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def rules(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/pointed.f90."""
    return types_module("pointed").rules


class Power:
    """A function whose end can be watched."""

    def __init__(self, power: int) -> None:
        self.power = power

    def __call__(self, me: Any, x: float) -> float:
        return float(me.factor + x**self.power)


def is_gone(reference: Callable[[], Any]) -> bool:
    for _ in range(3):
        gc.collect()
    return reference() is None


def test_defaults(rules: Any) -> None:
    r = rules.rule()
    assert (r.f, r.h, r.reset) == (None, None, None)
    assert r.g is rules.twice
    assert (r.g(3.0), r.plain_at(3.0)) == (6, 6)
    # an argument that Python calls otherwise
    assert r.g(lambda_=3) == r.g(**{"lambda": 3}) == 6
    assert "f=None" in repr(r)
    assert "f : procedure pointer => scaling, optional" in rules.rule.__doc__


def test_the_object_is_an_argument(rules: Any) -> None:
    r = rules.rule(5.0, f=rules.scaled, h=rules.far)
    assert (r.f(2.0), r.f(x=3), r.at(2.0)) == (10, 15, 10)
    assert r.f.__func__ is rules.scaled
    assert r.f.__self__ is r
    assert (r.h(1.0, 7.0), r.h(x=1, by=7), r.shifted(1.0, 7.0)) == (157, 157, 157)
    w = rules.weighted(f=rules.scaled)
    assert (w.f(1.0), w.at(1.0), rules.shown(w)) == (12, 12, 1)
    with pytest.raises(ValueError, match=r"scaled\(\) 2nd argument \(x\)"):
        r.f("x")
    with pytest.raises(TypeError):
        r.f(1.0, 2.0)


def test_objects_that_are_made_anew(rules: Any) -> None:
    """What goes to ``intent(out)`` of the object is this object."""
    r = rules.rule(5.0, g=None, reset=rules.cleared)
    assert r.reset(4) is None
    assert (r.factor, r.reset, r.g) == (4, None, rules.twice)

    def clears(me: Any, n: int) -> None:
        me.factor = 100 * n

    r.reset = clears
    r.renewed(7)
    assert r.factor == 700


def test_what_fortran_points_to(rules: Any) -> None:
    r = rules.rule()
    rules.choose(r, 1)
    assert r.f.__func__ is rules.scaled
    rules.choose(r, 2)
    assert (r.f(0.5), rules.shown(r)) == (1.5, 2)
    other = rules.rule(8.0, f=r.f)
    assert (other.f(0.5), rules.shown(other)) == (7.5, 2)
    assert other.f != r.f
    assert r.f == r.f
    rules.choose(r, 0)
    assert r.f is None
    assert rules.of_rule(other).f(1.0) == 7


def test_python_functions_live_as_long_as_the_object(rules: Any) -> None:
    r, function = rules.rule(), Power(2)
    watched = weakref.ref(function)
    r.f = function
    assert r.f.__func__ is function
    del function
    gc.collect()
    assert (r.at(3.0), r.f(3.0), rules.trusted(r, 3.0)) == (11, 11, 17)
    copied = copy.copy(r)
    r.f = None
    assert r.at(1.0) == -1
    assert copied.at(2.0) == 6
    del copied
    assert is_gone(watched)
    r.h = lambda x, me, by: me.factor + x * by
    assert (r.shifted(3.0, 5.0), r.h(3.0, 5.0)) == (17, 17)


def test_functions_in_objects_that_fortran_copies(rules: Any) -> None:
    r, function = rules.rule(), Power(2)
    r.f = function
    copied = rules.of_rule(r)
    assert copied.f.__func__ is function
    again = rules.rule(f=copied.f)
    del r, copied
    gc.collect()
    assert again.at(3.0) == 11
    watched = weakref.ref(function)
    del function, again
    assert is_gone(watched)


def test_functions_come_and_go(rules: Any) -> None:
    r = rules.rule()
    for n in range(200):
        r.f = lambda me, x, n=n: x + n
        assert r.at(1.0) == 1 + n
    assert len(r._storage.kept) == 1


def test_parts_and_elements(rules: Any) -> None:
    p, functions = rules.pair(), [Power(2), Power(3)]
    p.first.f, p.second.f = functions
    watched = [weakref.ref(each) for each in functions]
    functions.clear()
    gc.collect()
    assert rules.kept_by_pair(p, 2.0) == 6 + 1000 * 10
    p.second.f = p.first.f
    assert rules.kept_by_pair(p, 2.0) == 6 + 1000 * 6
    assert is_gone(watched[1])
    several = rules.rule.array(3)
    several[1].f = rules.scaled
    assert [each.f and each.f(1.0) for each in several] == [None, 2, None]


def test_objects_of_modules(rules: Any) -> None:
    rules.current.f = lambda me, x: me.factor * 100 + x
    gc.collect()
    assert rules.current.at(1.0) == 201
    rules.current.f = None
    assert rules.current.f is None


def test_machine_code(rules: Any) -> None:
    r = rules.rule()
    halved = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.POINTER(ctypes.c_double))(
        lambda x: x[0] / 2
    )
    r.g = halved
    assert r.plain_at(8.0) == 4
    r.g = ctypes.c_void_p(rules.twice.address)
    assert r.g is rules.twice
    assert r.plain_at(8.0) == 16
    wrong = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.POINTER(ctypes.c_int))(bool)
    with pytest.raises(Exception, match=r"pointed\.rules\.rule\.g: Fortran calls"):
        r.g = wrong


def test_routines_of_another_module(
    rules: Any, types_module: Callable[[str], Any]
) -> None:
    solvers, r = types_module("solvers").solvers, rules.rule()
    r.g = solvers.half
    assert r.plain_at(8.0) == 4
    assert r.g is solvers.half


def test_exceptions(rules: Any) -> None:
    r = rules.rule()

    def fails(me: Any, x: float) -> float:
        raise KeyError(x)

    r.f = fails
    with pytest.raises(KeyError, match=r"5\.0"):
        r.at(5.0)
    with pytest.raises(TypeError, match=r"rule\.f: a function or None is expected"):
        r.f = 3
    with pytest.raises(Exception, match=r"rule\.f"):
        r.f = lambda a, b, c: 1
    assert r.f.__func__ is fails
    # a routine that wants something else is called as a Python function is
    r.f = rules.twice
    with pytest.raises(TypeError, match="twice"):
        r.at(1.0)


def test_pickles_and_comparison(rules: Any) -> None:
    r = rules.rule(3.0, f=rules.scaled)
    again = pickle.loads(pickle.dumps(r))
    assert again == r
    assert again.f(2.0) == 6
    r.f = lambda me, x: 0
    assert again != r
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(r)


def test_what_has_no_interface_is_told(rules: Any) -> None:
    with pytest.raises(AttributeError, match="unknown"):
        rules.rule().unknown  # noqa: B018

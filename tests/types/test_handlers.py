"""Python functions that Fortran gives arrays of objects and values of any type, and that return objects."""

from __future__ import annotations

import ctypes
import gc
import sys
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def handlers(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/handlers.f90."""
    return types_module("handlers").handlers


def test_arrays_of_objects(handlers: Any) -> None:
    """They are Fortran's own, with the strides that Fortran says."""
    seen = []

    def total(p: Any) -> float:
        seen.append((p.shape, p.x.tolist()))
        p.y = p.x
        return float(p.x.sum())

    assert handlers.total_of(total, 2) == 10 + 100 * 6 + 10000 * 10
    assert seen == [((4,), [1, 2, 3, 4]), ((2,), [4, 2])]

    def last(p: Any) -> float:
        assert p.shape == (3, 2)
        p[0, 1].y = 9
        return float(p[2, 1].x * 10 + p[0, 0].x)

    assert handlers.ask_two(last, 3) == 65 + 9000


def test_arrays_of_class(handlers: Any) -> None:
    seen = []

    def ask(p: Any) -> float:
        seen.append(type(p[0]))
        return float(p.n.sum()) if isinstance(p[0], handlers.child) else len(p)

    assert handlers.ask_classes(ask) == 2 + 100 * 4
    assert seen == [handlers.pair, handlers.child]


def test_values_of_any_type(handlers: Any) -> None:
    seen: list[Any] = []

    def note(x: Any) -> int:
        seen.append(x.x if isinstance(x, handlers.pair) else x)
        return len(seen) if type(x) is not handlers.child else 10 * x.n

    answers = handlers.tell(note)
    assert seen == [1, 2, 3, 1.5, 2.5, 1 + 2j, True, False, b"text ", 8, 1, 4]
    assert [type(x) for x in seen[:9]] == [int] * 3 + [float] * 2 + [
        complex,
        bool,
        bool,
        bytes,
    ]
    assert answers.tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 50, 12]
    assert handlers.ask_each(lambda x: x + 3) == 3
    assert handlers.ask_each() == -1


def test_arrays_of_any_type(handlers: Any) -> None:
    seen: list[Any] = []

    def note(x: Any) -> int:
        is_number = isinstance(x, np.ndarray)
        seen.append(np.array(x if is_number else x.n))
        return len(x)

    assert handlers.tell_array(note).tolist() == [6, 3, 2, 2, 2, 1]
    assert [each.tolist() for each in seen[:4]] == [
        [1, 2, 3, 4, 5, 6],
        [5, 3, 1],
        [1, 2],
        [True, False],
    ]
    assert seen[4].tolist() == [7, 7]
    assert seen[5].dtype == np.float32


def test_values_that_are_changed(handlers: Any) -> None:
    def change(x: Any) -> None:
        if isinstance(x, handlers.pair):
            x.x = 50
        else:
            x[()] += 40

    n, x, p = handlers.tell_changed(change)
    assert (n, x, p.x) == (41, 41, 50)


def test_objects_come_back(handlers: Any) -> None:
    """In registers of both kinds, or in memory."""
    p, seen = handlers.pair(1.0, 5.0), []

    def make(x: float, n: int) -> Any:
        seen.append((x, n))
        p.x = n
        return p

    assert handlers.sum_pairs(make, 3) == 60 + 15
    assert seen == [(0.5, 1), (0.5, 2), (0.5, 3)]
    assert handlers.sum_mixed(lambda n: handlers.mixed(n, 0.5)) == 400.5
    assert handlers.sum_whole(lambda n: handlers.whole(n, 5, 6)) == -456
    assert handlers.sum_whole(lambda n: handlers.whole(n, 5, 6, False)) == 456
    assert handlers.sum_single(lambda n: handlers.single(n / 8)) == 0.5
    assert handlers.sum_large(lambda p: handlers.large([p.x, p.y, 1])) == 9007
    assert handlers.sum_bound(lambda n: handlers.bound(n, n + 1)) == 34
    # a child's part
    assert handlers.sum_pairs(lambda x, n: handlers.child(3.0, 4.0), 1) == 34


def test_objects_that_hold_memory(handlers: Any) -> None:
    def make(n: int) -> Any:
        return handlers.held(np.arange(n, dtype=float), n)

    for _ in range(20):
        assert handlers.sum_held(make) == 4 + 6000
    assert handlers.sum_held(lambda n: handlers.held(n=n)) == 4


def test_what_is_no_object(handlers: Any) -> None:
    with pytest.raises(TypeError, match="pair expected, got float"):
        handlers.sum_pairs(lambda x, n: x, 2)
    with pytest.raises(TypeError, match="large expected"):
        handlers.sum_large(lambda p: p)

    def fails(x: float, n: int) -> Any:
        raise KeyError(n)

    with pytest.raises(KeyError, match="1"):
        handlers.sum_pairs(fails, 3)
    code = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.POINTER(ctypes.c_int))(id)
    with pytest.raises(Exception, match="Fortran calls"):
        handlers.sum_mixed(code)


def test_several_threads_get_their_own_objects(handlers: Any) -> None:
    wrong = []

    def work(number: int) -> None:
        for _ in range(100):
            total = handlers.sum_pairs(lambda x, n: handlers.pair(number, n), 4)
            if total != 40 * number + 10:
                wrong.append(total)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    finally:
        sys.setswitchinterval(interval)
    assert wrong == []


def test_functions_inside_of_functions(handlers: Any) -> None:
    def outer(x: float, n: int) -> Any:
        inner = handlers.sum_pairs(lambda x, n: handlers.pair(1.0, n), n)
        return handlers.pair(inner, n)

    assert handlers.sum_pairs(outer, 2) == 10 * (11 + 23) + 3


def test_components_that_return_objects(handlers: Any) -> None:
    o = handlers.owner()
    o.make = lambda me, x: handlers.pair(me.n, x)
    gc.collect()
    assert handlers.walk(o, 4.0) == 34
    assert o.make(4.0) == handlers.pair(3.0, 4.0)
    assert "make : procedure pointer => maker" in handlers.owner.__doc__

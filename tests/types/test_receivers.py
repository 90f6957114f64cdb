"""Python functions and methods that Fortran gives allocatables and pointers to objects, and that return such."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from test_refused_memory import ON_LINUX, run_refused


@pytest.fixture
def receivers(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/receivers.f90."""
    return types_module("receivers").receivers


def test_deferred_bindings_with_pointers(receivers: Any) -> None:
    """A Python class has what Fortran moves into it, lends it by pointers and copies it back."""

    class Store(receivers.store):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.items: list[Any] = []

        def get(self, key: int) -> Any:
            return self.items[key - 1] if key <= len(self.items) else None

        def push(self, val: Any) -> Any:
            self.items.append(val)
            return (None,)  # it is the store's now

        def pop(self, key: int) -> Any:
            return self.items.pop() if self.items else None

        def all(self) -> Any:
            return [receivers.item(n) for n in (1, 2)]

        def any(self, key: int) -> Any:
            return 42 if key == 1 else receivers.wide(5)

        def find(self, key: int) -> Any:
            return self.items[key - 1]

    s = Store()
    for _ in range(3):
        answers = receivers.use_store(s).tolist()
        assert answers == [0, 10003, 0, 50, 2003, 10050, 0, 42, 10005]
    kept = receivers.wide(8)

    class Keeping(Store):
        def pop(self, key: int) -> Any:
            return kept

    # Fortran gets a copy
    assert receivers.use_store(Keeping()).tolist()[5:7] == [10008, 1]
    assert kept.number == 8


def test_pointers_to_objects_that_go_in(receivers: Any) -> None:
    w, seen = receivers.walker(), []

    def visit(walker: Any, p: Any) -> bool:
        walker.steps += 1
        seen.append((p.value, p.next is None))
        p.value += 10
        return bool(p.value == 13)

    assert receivers.traverse(w, 4, visit) == 10 + 30
    assert (w.steps, seen) == (3, [(1, False), (2, False), (3, False)])
    assert receivers.traverse(w, 2, lambda w, p: False) == 3


def test_allocatables_that_change(receivers: Any) -> None:
    """None alone is no answer, in a tuple it deallocates; another object is copied, the same one stays."""
    ask = receivers.ask_type
    seen: list[Any] = []
    assert ask(lambda x: seen.append(x and x.number), True) == 7
    assert ask(seen.append, False) == -1
    assert seen == [7, None]
    assert ask(lambda x: (None,), True) == -1
    other = receivers.item(3, np.ones(2))
    assert ask(lambda x: other, True) == 203
    assert ask(lambda x: other, False) == 203
    other.number = 4

    def change(x: Any) -> Any:
        x.number = 9
        x.data = [1.0]
        return x

    assert ask(change, True) == 109
    taken: list[Any] = []
    assert ask(lambda x: taken.append(x) or (None,), True) == -1
    gc.collect()
    assert taken[0].number == 7
    with pytest.raises(TypeError, match="item expected, got int"):
        ask(lambda x: 5, True)
    with pytest.raises(KeyError):
        ask(lambda x: {}[x], False)


def test_an_interrupt_before_a_pointer_comes_back(receivers: Any) -> None:
    """Fortran gets none, and the call raises what the signal handler raises."""
    kept = receivers.item(8)
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        for _ in range(20):
            with pytest.raises(KeyboardInterrupt):
                receivers.ask_interrupted(lambda _: kept)
    finally:
        signal.signal(signal.SIGINT, handler)
    assert kept.number == 8


def test_an_interrupt_before_an_allocatable_comes_back(receivers: Any) -> None:
    """Fortran goes on with one that is allocated: what it does with none is undefined."""
    called: list[int] = []
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        for kind in [1, 2, 3] * 10:
            with pytest.raises(KeyboardInterrupt):
                receivers.ask_made_interrupted(
                    kind, called.append, called.append, called.append
                )
    finally:
        signal.signal(signal.SIGINT, handler)
    assert not called


def test_pointers_that_change(receivers: Any) -> None:
    ask = receivers.ask_pointer
    assert ask(lambda p, rows: None).tolist() == [4, 204, 4]
    p, rows = receivers.item(8), receivers.item.array(4)
    assert ask(lambda *_: (p, rows)).tolist() == [8, 428, 4]
    assert ask(lambda *_: (None, rows[::2])).tolist() == [-1, 214, 4]
    assert ask(lambda p, rows: (p, None)).tolist() == [4, -1, 4]
    # what only Fortran points to lives
    assert ask(lambda *_: (receivers.item(6), [receivers.item(n) for n in (1, 2)])).tolist() == [6, 203, 4]  # fmt: skip

    def write(p: Any, rows: Any) -> None:
        assert rows.number.tolist() == [3, 1]
        rows.number = 5
        p.number = 6

    assert ask(write).tolist() == [6, 210, 6]


def test_arrays_of_class(receivers: Any) -> None:
    ask = receivers.ask_classes
    assert ask(lambda rows: None) == 14
    assert ask(lambda rows: [receivers.wide(n) for n in (1, 2, 3)]) == 30006
    assert ask(lambda rows: rows[:1]) == 7
    assert ask(lambda rows: (None,)) == -1


def test_values_of_any_type(receivers: Any) -> None:
    ask = receivers.ask_any
    seen: list[Any] = []

    def note(x: Any, rows: Any) -> None:
        seen.append((x, rows.tolist()))

    assert ask(note).tolist() == [2.5, 6]
    assert seen == [(2.5, [1, 2, 3])]
    assert ask(lambda x, rows: (4.5, np.array([1.5, 2.5]))).tolist() == [4.5, 1004]
    assert ask(lambda x, rows: (receivers.wide(2), None)).tolist() == [10002, -1]
    assert ask(lambda x, rows: (None, rows[:2])).tolist() == [-1, 3]


def test_results(receivers: Any) -> None:
    item, wide = receivers.item, receivers.wide

    def ask(*functions: Any) -> Any:
        return receivers.ask_results(*functions).tolist()

    lent = item(4)
    functions = [
        lambda n: item(n, [1.0]),
        lambda n: lent,
        lambda n: wide(n),
        lambda n: [item(i) for i in range(n)],
    ]
    for _ in range(3):
        assert ask(*functions) == [103, 4, 10005, 3003]
    # memory beyond what Fortran passes stays as it is
    for _ in range(300):
        assert ask(*functions) == [103, 4, 10005, 3003]
    functions[1] = lambda n: None
    assert ask(*functions) == [103, -1, 10005, 3003]

    def fails(n: int) -> Any:
        raise KeyError(n)

    for at in range(4):
        wrong = [*functions[:at], fails, *functions[at + 1 :]]
        with pytest.raises(KeyError):
            ask(*wrong)
    assert receivers.ask_made_any(lambda n: n + 1, 4) == 5
    assert receivers.ask_made_any(lambda n: wide(n), 4) == 10004


def test_results_that_are_arrays(receivers: Any) -> None:
    made = receivers.item.array(3)
    made.number = [1, 2, 3]
    made[1].data = [1.0, 2.0]
    assert receivers.ask_row(lambda n: made, 3) == 206
    assert receivers.ask_row(lambda n: list(made), 3) == 206
    with pytest.raises(ValueError, match=r"shape \(2\) expected"):
        receivers.ask_row(lambda n: made, 2)
    nodes = receivers.node.array((2, 3))
    nodes.value = [[1, 3, 5], [2, 4, 6]]
    assert receivers.ask_matrix(lambda: nodes) == 321


def test_optional_ones(receivers: Any) -> None:
    seen: list[Any] = []

    def answer(n: Any = None) -> Any:
        seen.append(n)
        return receivers.item(3)

    assert receivers.ask_maybe(answer) == 3
    assert seen == [None, 1]


def test_nothing_is_lost_or_freed_twice(receivers: Any) -> None:
    """FINAL runs as often as without Python's part, however often it is called."""

    def rounds(count: int) -> int:
        gc.collect()
        before = int(receivers.finalized)
        for _ in range(count):
            receivers.ask_type(lambda x: receivers.item(3, np.ones(100)), True)
            receivers.ask_type(lambda x: (None,), True)
            receivers.ask_classes(lambda rows: [receivers.wide(1)])
        gc.collect()
        return int(receivers.finalized - before)

    rounds(1)
    once = rounds(1)
    assert rounds(50) == 50 * once
    # x, another, its copy; x; two rows, another, its array (finalized before it gets the value, too), a copy of that
    if sys.implementation.name == "cpython":
        assert once == 3 + 1 + 2 + 1 + 2 + 1


MADE = """
import receivers
m = receivers.receivers
kept = m.item(8)
made = [lambda n: m.item(n), lambda n: kept, lambda n: m.item(n), lambda n: m.item.array(n)]
try:
    print(*m.ask_results(*made))
except receivers.error as failure:
    print(failure)
"""


@ON_LINUX
def test_callbacks_that_return_pointers_and_allocatables(
    types_module: Callable[[str], Any], request: pytest.FixtureRequest
) -> None:
    """They don't need such memory; gfortran has functions of CLASS in two registers, which do."""
    printed = run_refused(types_module("receivers"), MADE)
    if "gfortran" in request.node.callspec.id:
        assert printed.startswith(
            "cb_h_in_ask_results__user__routines returns an object"
        )
        assert "the system refuses the executable memory" in printed
    else:
        assert printed == "3 8 5 3021\n"

"""Calls by the ten thousand, with every kind of argument and every refusal: memory stays as it is.

F2PYPY_CALLS gives another number of calls.
"""

from __future__ import annotations

import gc
import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from itertools import cycle, repeat
from types import ModuleType

import numpy as np
import pytest
from heap import bytes_in_use

Call = Callable[[], object]

PYPY = sys.implementation.name == "pypy"
# CPython without the GIL has mimalloc alone, which says how many blocks are in use, and not of what size.
HAS_OWN_HEAP = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
SMALLEST_BLOCK = 16
CALLS = int(os.environ.get("F2PYPY_CALLS", "4000" if PYPY else "20000"))
# What a process may gain for each call: less than the smallest object.
ALLOWED = 10
MOST_ROUNDS = 10 if PYPY else 3
pytestmark = pytest.mark.skipif(
    not bytes_in_use(), reason="needs mallinfo2 of glibc 2.33"
)


def allocated() -> int:
    """Return the bytes that are in use in the C library's heap, which is Python's, too.

    PyPy's collector takes its memory from there, and CPython all of its objects with PYTHONMALLOC=malloc. Where that
    isn't to be had, each of Python's blocks counts as one of the smallest, so that a single one is more than ALLOWED.
    """
    for _ in range(
        3
    ):  # objects of C extensions go one collection after what holds them
        gc.collect()
    blocks = sys.getallocatedblocks() if HAS_OWN_HEAP else 0
    return bytes_in_use() + SMALLEST_BLOCK * blocks


def growth(call: Call, count: int = CALLS) -> float:
    """Return by how many bytes the process grows with each of `count` calls.

    What the process has says little: memory that is free hides what leaks, and PyPy's first generation alone takes
    hundreds of megabytes by and by. Memory is taken in steps, by PyPy's compiler too, so there are rounds to come to
    rest; what leaks grows in each of them.
    """
    for _ in repeat(None, count // 5):
        call()
    before = allocated()
    for _ in range(MOST_ROUNDS):
        for _ in repeat(None, count):
            call()
        after = allocated()
        grown = (after - before) / count
        if grown <= ALLOWED:
            break
        before = after
    return grown


def refused(kind: type[Exception], call: Call) -> Call:
    """Return the call, which must be refused."""

    def refused_call() -> None:
        try:
            call()
        except kind:
            return
        raise AssertionError(f"no {kind.__name__}")

    return refused_call


def scalars(m: ModuleType) -> dict[str, Call]:
    """Scalars and strings: in, out, both, in the caller's memory; results of functions."""
    z, kept = np.array(1j), np.array("abcde", "S5")
    x, extended = np.ones(9, "g"), np.array(1j, "G")
    return {
        "in": lambda: m.every_scalar(1, 2, 3, 4, 5.0, 6.0, 7j, 8j, True, "a", b"text"),
        "of numpy": lambda: m.every_scalar(
            *np.arange(8, dtype="f8"), np.True_, np.array("a", "S1"), "text"
        ),
        "out": m.every_answer,
        "inout": lambda: m.changed(1, z, "text", kept),
        "integer function": lambda: m.integer_result(1.5),
        "real function": lambda: m.real_result(1.5),
        "complex function": lambda: m.complex_result(1.5),
        "logical function": lambda: m.logical_result(1.5),
        "character function": lambda: m.text_result(1.5),
        "by value": lambda: m.kept.by_value(1, 2.5, 3j),
        "80 bits": lambda: m.extended(x, 0.5, extended),
        "function of 80 bits": lambda: m.extended_result(1),
        "complex function of 80 bits": lambda: m.extended_complex(1),
        "character function of any length": lambda: m.kept.repeated("abc", 20),
    }


def arrays(m: ModuleType) -> dict[str, Call]:
    """Arrays by address: as they are, converted, copied, in place, hidden, returned."""
    x, y = np.ones(100), np.ones(100)
    z, rows = np.ones((30, 20), "D", "F"), np.ones((30, 20), "f4")
    inplace, logical = np.ones((50, 2)), np.arange(50) % 3 == 0
    words = np.full(10, "abcd", "S4")
    changed = words.copy()
    return {
        "as they are": lambda: m.arrays(x, x, x, x.copy(), y),
        "of lists": lambda: m.arrays([1.0] * 9, range(9), (1,) * 9, [2] * 9, y[:9]),
        "of another type": lambda: m.matrix(rows),
        "strided": lambda: m.matrix(z[::2, ::3]),
        "in C order": lambda: m.matrix(z.T),
        "in Fortran order": lambda: m.matrix(z),
        "hidden and cached": lambda: m.work_arrays(100),
        "inplace": lambda: m.replaced(inplace),
        "logical": lambda: m.flags(logical),
        "characters": lambda: m.words_in_and_out(words, changed),
        "characters of a list": lambda: m.words_in_and_out(["abcd", "e"], changed[:2]),
    }


def descriptors(m: ModuleType) -> dict[str, Call]:
    """Assumed-shape, allocatable and pointer arguments, absent ones, results that are arrays."""
    kept = m.kept
    x, square = np.ones(100), np.zeros((20, 20))
    return {
        "assumed shape": lambda: kept.strided(x),
        "assumed shape, strided": lambda: kept.strided(x[::3]),
        "assumed shape of a list": lambda: kept.strided([1, 2, 3]),
        "assumed shape, in place": lambda: kept.doubled(square),
        "assumed shape, in place, strided": lambda: kept.doubled(square[::2, 1::3]),
        "assumed shape, returned": lambda: kept.doubled_copy(x),
        "optional, absent": kept.maybe,
        "optional, present": lambda: kept.maybe(1, [1, 2, 3], range(5)),
        "optional, the last": lambda: kept.maybe(any_shape=(1, 2)),
        "allocatable in": lambda: kept.take(x),
        "allocatable out": lambda: kept.make(100),
        "allocatable out, not allocated": lambda: kept.make(0),
        "allocatable inout": lambda: kept.increase(x),
        "allocatable in and out": lambda: kept.prolong(x),
        "pointer out": kept.every_other,
        "characters of deferred length": lambda: kept.describe(5),
        "function of deferred length": lambda: kept.described(5),
        "array function": lambda: kept.squares(50),
        "allocatable function": lambda: kept.some(50),
    }


def callbacks(m: ModuleType) -> dict[str, Call]:
    """Python functions that Fortran calls: numbers, arrays, characters, exceptions."""
    x = np.ones(20)

    def fail(*_: object) -> float:
        raise KeyError("a callback's exception")

    def double(view: np.ndarray) -> None:
        view[:] = -view

    return {
        "numbers": lambda: m.sum_up(lambda t: t * 2, 2),
        "extra arguments": lambda: m.sum_up(lambda t, a: t * a, 2, (3,)),
        "80 bits": lambda: m.sum_extended(lambda t: t / 3, 2),
        "assumed shape": lambda: m.view_it(double, x),
        "array": lambda: m.fill(lambda values: values + 1, x),
        "array in place": lambda: m.fill(lambda values, n: None, x),
        "characters": lambda: m.speak(lambda text: text.encode(), "a text"),
        "by name": lambda: m.by_its_name(lambda t: t, 2),
        "exception": refused(KeyError, lambda: m.sum_up(fail, 2)),
        "exception, array": refused(KeyError, lambda: m.fill(fail, x)),
        "exception, by name": refused(KeyError, lambda: m.by_its_name(fail, 2)),
        "no bytes": refused(m.error, lambda: m.speak(lambda text: 1.5, "a text")),
        "no number": refused(ValueError, lambda: m.sum_up(lambda t: "no number", 2)),
    }


def variables(m: ModuleType) -> dict[str, Call]:
    """Variables of a module and of a common block: looked at, assigned, allocated, freed."""
    kept = m.kept
    kept.point()
    row, board = np.ones(100), np.ones(20)

    def stored(name: str, value: object, owner: object = kept) -> Call:
        return lambda: setattr(owner, name, value)

    parts = cycle((row, row[:40]))

    def resized() -> None:
        kept.series = next(parts)

    def resized_under_a_view() -> None:
        view = kept.series
        kept.series = next(parts)
        assert view[-1] == 1

    def noted() -> None:
        kept.lines = ["one", "another"]
        kept.lines = None

    def allocated_and_freed() -> None:
        kept.grid = [[1, 2], [3, 4]]
        kept.grid = None

    def counted() -> None:
        kept.count = 5
        kept.count = None

    return {
        "number": lambda: kept.number,
        "number, stored": stored("number", 5),
        "complex, stored": stored("pair", 1j),
        "text": lambda: kept.text,
        "text, stored": stored("text", "another text"),
        "words, stored": stored("words", ["a", "b", "c", "d"]),
        "table": lambda: kept.table,
        "table, stored": stored("table", row),
        "parameter": lambda: kept.fixed,
        "pointer": lambda: kept.target_of_all,
        "pointer's target, stored": stored("target_of_all", row),
        "allocatable, the same extents": stored("series", row),
        "allocatable, other extents": resized,
        "allocatable, other extents under a view": resized_under_a_view,
        "allocatable, freed": allocated_and_freed,
        "allocatable scalar": counted,
        "characters of deferred length": noted,
        "common": lambda: m.shared.board,
        "common, stored": stored("board", board, m.shared),
    }


def variables_in_machine_code(m: ModuleType) -> dict[str, Call]:
    """Do the same where machine code reads and stores them, if there is a compiler."""
    m.__native__.compile()
    return variables(m)


def refusals(m: ModuleType) -> dict[str, Call]:
    """Calls that raise an exception before Fortran is called, or behind it."""
    kept = m.kept
    x, whole = np.ones(10), np.ones(10, int)

    def stored(name: str, value: object) -> Call:
        return lambda: setattr(kept, name, value)

    wrong = {
        "missing argument": (TypeError, lambda: m.matrix()),
        "unknown argument": (TypeError, lambda: m.matrix(x, nonsense=1)),
        "no number": (ValueError, lambda: m.flags("text")),
        "no scalar": (TypeError, lambda: m.integer_result({})),
        "too large": (OverflowError, lambda: kept.make(2**40)),
        "wrong extent": (ValueError, lambda: m.arrays(x, x, x, x, np.ones(11))),
        "text for numbers": (ValueError, lambda: m.matrix("text")),
        "other type in place": (ValueError, lambda: m.arrays(x, x, x, x, whole)),
        "strided in place": (
            ValueError,
            lambda: m.arrays(x[:5], x[:5], x[:5], x[:5], x[::2]),
        ),
        "list in place": (TypeError, lambda: m.arrays(x, x, x, x, [1.0] * 10)),
        "descriptor: other type": (ValueError, lambda: kept.doubled(whole)),
        "descriptor: list in place": (TypeError, lambda: kept.doubled([[1.0]])),
        "no function": (m.error, lambda: m.sum_up(5, 3)),
        "function of too many": (m.error, lambda: m.sum_up(lambda a, b, c: 1.0, 3)),
        "module: wrong rank": (ValueError, stored("series", [[1, 2]])),
        "module: wrong extent": (ValueError, stored("table", [1, 2])),
        "module: no number": (ValueError, stored("number", "text")),
        "module: parameter": (AttributeError, stored("fixed", 5)),
        "module: routine": (AttributeError, stored("make", 5)),
        "module: unknown": (AttributeError, lambda: kept.nonsense),
    }
    return {name: refused(kind, call) for name, (kind, call) in wrong.items()}


def leaks(_: ModuleType) -> dict[str, Call]:
    """A call that leaks and one that doesn't."""
    kept: list[object] = []
    return {
        "an array is kept": lambda: kept.append(np.empty(1)),
        "an array is freed": lambda: np.empty(1),
    }


GROUPS = (scalars, arrays, descriptors, callbacks, variables, refusals)


# Another compiler has other descriptors and allocates results itself; what else there is differs in nothing.
BUILDS = [("gfortran", group) for group in (*GROUPS, variables_in_machine_code)]
BUILDS += [("flang", group) for group in (descriptors, variables)]


@pytest.mark.parametrize(
    ("source_modules", "group"),
    BUILDS,
    indirect=["source_modules"],
    ids=[f"{compiler}-{group.__name__}" for compiler, group in BUILDS],
)
def test_memory_stays_as_it_is(
    memory: ModuleType, group: Callable[[ModuleType], dict[str, Call]]
) -> None:
    assert growing(memory, group, CALLS) == {}


@pytest.mark.parametrize("source_modules", ["gfortran"], indirect=True)
def test_a_leak_is_found(memory: ModuleType) -> None:
    assert set(growing(memory, leaks, CALLS)) == {"an array is kept"}


def growing(
    module: ModuleType, group: Callable[[ModuleType], dict[str, Call]], count: int
) -> dict[str, float]:
    """Return the calls of `group` that make a process grow, with the bytes for each call.

    The process is a new one. In one that has run other tests, freed memory hides what leaks, and PyPy's compiler takes
    some now and then.
    """
    command = [sys.executable, __file__, str(module.__file__), group.__name__]
    run = subprocess.run(
        [*command, str(count)],
        stdout=subprocess.PIPE,
        check=True,
        env={
            **os.environ,
            **({} if HAS_OWN_HEAP else {"PYTHONMALLOC": "malloc"}),
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
    )
    grown: dict[str, float] = json.loads(run.stdout)
    return grown


def print_growth(path: str, group: str, count: str) -> None:
    """Print what `growing` returns."""
    spec = importlib.util.spec_from_file_location("memory", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    calls: dict[str, Call] = globals()[group](module)
    grown = {name: growth(call, int(count)) for name, call in calls.items()}
    json.dump(
        {name: size for name, size in grown.items() if size > ALLOWED}, sys.stdout
    )


if __name__ == "__main__":
    print_growth(*sys.argv[1:])


@pytest.mark.parametrize("stride", [-3, -1, 0, 1, 2, 5])
def test_strides_that_mean_nothing(deferred: ModuleType, stride: int) -> None:
    """NumPy has any where an extent is 1: Fortran takes 1 for an allocatable and a contiguous pointer."""
    room, wide = np.arange(40, dtype="i4"), np.arange(40.0)
    a = np.ndarray((1,), "f8", wide, 8 * 20, (8 * stride,))
    p = np.ndarray((1,), "i4", room, 4 * 20, (4 * stride,))
    b = np.ndarray((1, 3), "i4", room, 4 * 20, (4 * stride, 4))
    column = np.ndarray((3, 1), "i4", room, 4 * 20, (4, 4 * stride))
    assert b.flags.f_contiguous
    for _ in range(3):
        assert deferred.side_by_side(a, p, b).tolist() == [40, 40, 22 + 63]
        assert deferred.side_by_side(a, p, column).tolist() == [40, 40, 20 + 63]
    if hasattr(deferred, "__native__"):
        deferred.__native__.compile("side_by_side")
    assert deferred.side_by_side(a, p, b).tolist() == [40, 40, 22 + 63]
    assert deferred.side_by_side(a, p, column).tolist() == [40, 40, 20 + 63]

"""Components as attributes, of every kind: what is stored, what is refused, and what stays as it was."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

PYPY = sys.implementation.name == "pypy"
INTEGERS = [("i1", 8), ("i2", 16), ("i4", 32), ("i8", 64)]
REALS = ("r4", "r8")
COMPLEXES = ("c4", "c8")
LOGICALS = ("l1", "l2", "l4", "l8")


@pytest.fixture
def m(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/accesses.f90."""
    return types_module("accesses").accesses


@pytest.fixture(params=["every", "more", "Python's own"])
def one(m: Any, request: pytest.FixtureRequest) -> Any:
    """An object of a type, of one that extends it, and of a Python class that extends that."""
    if request.param in ("every", "more"):
        return getattr(m, request.param)()

    class Own(m.more):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.kept = 1

    return Own()


def refused(one: Any, name: str, value: Any, *kinds: type[Exception]) -> str:
    """Return what an assignment raises; the component has the value that it had."""
    before = getattr(one, name)
    with pytest.raises(kinds) as caught:
        setattr(one, name, value)
    assert getattr(one, name) == before
    return str(caught.value)


def test_integers_have_all_their_range_and_no_more(one: Any) -> None:
    for name, bits in INTEGERS:
        most = (1 << (bits - 1)) - 1
        for value in (0, -1, 5, most, -most - 1):
            setattr(one, name, value)
            assert getattr(one, name) == value
        for value in (most + 1, -most - 2, 1 << 70, -1 << 70):
            refused(one, name, value, OverflowError)
        for given, value in ((True, 1), (np.int8(-3), -3), (np.array(4), 4)):
            setattr(one, name, given)
            assert getattr(one, name) == value
            assert type(getattr(one, name)) is int
        for wrong in ("x", None, 1j, [1, 2], np.zeros(2)):
            refused(one, name, wrong, TypeError, ValueError)


def test_addresses(one: Any) -> None:
    assert one.handle == 0
    for value in (1, (1 << 63) + 5, (1 << 64) - 1):
        one.handle = value
        assert one.handle == value
    for wrong in (-1, 1 << 64, "x", None):
        refused(one, "handle", wrong, OverflowError, TypeError, ValueError)


def test_reals(one: Any) -> None:
    for name in REALS:
        for value in (0.0, -1.5, float("-inf"), 3, True, np.float32(2.5)):
            setattr(one, name, value)
            assert getattr(one, name) == value
            assert type(getattr(one, name)) is float
        setattr(one, name, float("nan"))
        assert getattr(one, name) != getattr(one, name)
        setattr(one, name, 1.0)
        for wrong in ("x", None, 1j, [1, 2], b"1"):
            refused(one, name, wrong, TypeError, ValueError)
    one.r8, one.r4 = 1e300, 0.1
    assert (one.r8, one.r4) == (1e300, float(np.float32(0.1)))


def test_complex_numbers_and_logicals(one: Any) -> None:
    for name in COMPLEXES:
        for number in (1 - 2j, 3, 2.5, np.complex64(1j)):
            setattr(one, name, number)
            assert getattr(one, name) == number
            assert type(getattr(one, name)) is complex
        refused(one, name, "x", TypeError, ValueError)
    for name in LOGICALS:
        for truth in (True, False, 1, 0, np.True_, np.False_):
            setattr(one, name, truth)
            assert getattr(one, name) is bool(truth)


def test_text_is_cut_and_padded(one: Any) -> None:
    for value in (
        b"",
        b"q",
        b"abcde",
        b"abcdefgh",
        b" a ",
        b"a\0b",
        "xyz",
        "longer one",
    ):
        one.text = value
        stored = value.encode() if isinstance(value, str) else value
        assert one.text == stored[:5].rstrip(b" ")
    one.one = one.none = b"long"
    assert (one.one, one.none, one.row.tolist()) == (b"l", b"", [0, 0, 0])
    refused(one, "text", "\xe9", ValueError)


def test_fortran_sees_what_is_stored(m: Any) -> None:
    one = m.more()
    before = one.total()
    one.i1, one.i2, one.i4, one.i8 = 101, -98, 53, -46
    one.r4, one.r8, one.extra = 1.5, 2.5, 10.0
    assert one.total() == before + 3
    one.l1, one.l8 = False, True
    assert one.total() == before + 1003


def test_what_is_there_before_the_object_and_after(m: Any, one: Any) -> None:
    """An object without memory has no components, and no component can be deleted."""
    empty = type(one).__new__(type(one))
    for name in ("i4", "r8", "l4", "text", "c8", "inside", "row", "pair"):
        with pytest.raises(AttributeError):
            getattr(empty, name)
        with pytest.raises(AttributeError):
            setattr(empty, name, getattr(one, name))
        with pytest.raises(AttributeError):
            delattr(one, name)
        with pytest.raises((TypeError, AttributeError)):
            vars(m.every)[name].__get__(3, int)


def test_constants_are_read_and_not_written(m: Any) -> None:
    for constant in (m.fixed, m.constant):
        assert (constant.r8, constant.l4, constant.text) == (1.5, True, b"ab")
        for name, _ in INTEGERS:
            refused(constant, name, 1, AttributeError)
        for name in (*REALS, *COMPLEXES, *LOGICALS):
            refused(constant, name, getattr(constant, name), AttributeError)
        assert "constant" in refused(constant, "text", b"a", AttributeError)
        inside = constant.inside.core
        for _ in range(2):  # whether it was read before or not
            assert "constant" in refused(inside, "low", 1.0, AttributeError)
            inside = constant.inside.core
        with pytest.raises(ValueError, match="read-only"):
            constant.row[0] = 1
    assert (m.constant.i4, m.fixed.i4) == (7, 3)


@pytest.mark.skipif(PYPY, reason="references are CPython's")
def test_references_are_counted(one: Any) -> None:
    values = {
        "i4": int("1234567"),
        "r8": float("4.25"),
        "text": b"%d" % 123,
        "c8": complex("1+2j"),
    }
    kept = {"inside": one.inside, "pair": one.pair, "row": one.row.base}
    counted = [*values.values(), *kept.values()]
    counts = [*map(sys.getrefcount, counted)]
    for _ in range(1000):
        for name, value in values.items():
            setattr(one, name, value)
            assert getattr(one, name) == value
            if name != "text":
                refused(one, name, None, TypeError)
        assert (one.inside, one.pair) == (kept["inside"], kept["pair"])
        assert one.inside is kept["inside"]
        assert one.row.base is kept["row"]
    del name, value
    assert [*map(sys.getrefcount, counted)] == counts


def test_parts_outlive_the_object_and_see_its_memory(m: Any) -> None:
    for kind in (m.every, m.more):
        one = kind()
        core, row, pair = one.inside.core, one.row, one.pair
        one.inside.core.low, one.row[1], one.pair[1].high = 5.0, 6.0, 7.0
        assert (core.low, row[1], pair[1].high) == (5.0, 6.0, 7.0)
        assert one.inside.core == core
        del one
        gc.collect()
        m.every(), np.ones(100)
        assert (core.low, row[1], pair[1].high) == (5.0, 6.0, 7.0)


def test_objects_made_by_a_constructor_have_their_own_parts(m: Any) -> None:
    one = m.more(2.0, 3.0)
    assert (one.r8, one.extra, one.inside.core.low) == (2.0, 3.0, 3.0)
    core, row = one.inside.core, one.row
    one.__init__(4.0, 5.0)
    assert (core.low, row.tolist()) == (3.0, [2.0] * 3)
    assert (one.r8, one.inside.core.low, one.row.tolist()) == (4.0, 5.0, [4.0] * 3)


def test_parts_are_new_after_another_initialisation(m: Any) -> None:
    one = m.every()
    one.inside.level, one.row, one.pair[1].low = 7, [1, 2, 3], 4.0
    inside, row, pair = one.inside, one.row, one.pair
    one.__init__(i4=8)
    assert (one.i4, one.inside.level, one.pair[1].low) == (8, 1, -1.0)
    assert one.row.tolist() == [0.0] * 3
    assert (inside.level, row.tolist(), pair[1].low) == (7, [1, 2, 3], 4.0)


def test_parts_follow_assignments(m: Any) -> None:
    one, other = m.every(), m.every()
    inside, row = one.inside, one.row
    other.inside.core.low, other.row = 8.0, [1, 2, 3]
    one.inside = other.inside
    one.row = other.row
    assert (inside.core.low, row.tolist()) == (8.0, [1, 2, 3])
    assert one.inside.core.low == 8.0
    closed = m.closed()
    closed.plain.low, closed.held = 2.0, m.inner(3.0)
    held = closed.held
    assert (closed.plain.low, held.low) == (2.0, 3.0)
    closed.held = None
    assert (held.low, closed.held, closed.plain.low) == (3.0, None, 2.0)


@pytest.mark.skipif(PYPY, reason="PyPy frees objects later")
def test_objects_with_parts_are_freed_at_once(m: Any) -> None:
    """A part, or a view, that somebody read makes no cycle."""
    gc.disable()
    try:
        for kind in (m.every, m.more, m.closed):
            one = kind()
            part = one.plain if kind is m.closed else one.inside.core
            seen = weakref.ref(one)
            assert part.low == -1
            if kind is not m.closed:
                assert one.row.shape == (3,)
                assert one.pair[0].low == -1
            del one
            if kind is m.closed:
                assert seen() is None
            del part
            assert seen() is None
    finally:
        gc.enable()


def test_classes_extend_one_type(m: Any) -> None:
    """An object has the components of one type, and memory for no others."""

    class First(m.every):  # type: ignore[misc]
        pass

    class Last(m.more):  # type: ignore[misc]
        pass

    class Both(Last, First):
        pass

    both = Both()
    both.extra, both.r8 = 5.0, 6.0
    assert (both.extra, both.r8, both.inside.level) == (5.0, 6.0, 1)
    for bases in ((m.inner, m.every), (m.every, m.inner), (First, Last)):
        with pytest.raises(TypeError, match=r"Wrong extends \w+ first, whose objects"):
            type("Wrong", bases, {})


def test_views_are_arrays_of_their_own(m: Any) -> None:
    """What is done to one of them doesn't change the next."""
    one = m.every()
    view = one.table
    view.flags.writeable = False
    view.shape = (3, 2) if view.flags.c_contiguous else view.shape
    assert one.table.flags.writeable
    assert one.table.shape == (2, 3)
    one.table[1, 2] = 4
    assert view[1, 2] == 4
    assert one.table.flags.f_contiguous
    assert one.table.dtype == np.float32

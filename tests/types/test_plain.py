"""Plain derived types: what Fortran and Python see of each other's objects."""

from __future__ import annotations

import copy
import gc
import inspect
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def plain(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/plain.f90."""
    return types_module("plain").plain


@pytest.fixture
def measures(types_module: Callable[[str], Any]) -> Any:
    """The other Fortran module in that file."""
    return types_module("plain").measures


def test_new_objects_have_fortrans_defaults(plain: Any) -> None:
    e = plain.every()
    assert plain.differs(e) == 0
    assert (e.i1, e.i8, e.i2, e.i4) == (1, 2**40, -2, 4)
    assert (e.r4, e.r8, e.c4, e.c8) == (0.5, 1e-3, 1 + 2j, 3 - 4j)
    assert (e.l1, e.l4) == (True, False)
    assert (e.letter, e.text, e.nothing) == (b"x", b"seven", 0)
    assert e.row.tolist() == [1, 2, 3]
    assert e.table.tolist() == [[1, 3, 5], [2, 4, 6]]
    assert e.words.tolist() == [b"one ", b"two "]
    assert (e.inside.low, e.inside.high) == (-1, 1)


def test_python_sees_what_fortran_writes(plain: Any) -> None:
    e = plain.every()
    row, inside = e.row, e.inside
    plain.fill(e)
    assert (e.i1, e.i8, e.i2, e.i4, e.r4, e.r8) == (11, 12, 13, 14, 15, 16)
    assert (e.c4, e.c8, e.l1, e.l4) == (17 + 18j, 19 + 20j, False, True)
    assert (e.letter, e.text, e.nothing) == (b"y", b"filled", 24)
    assert (row.tolist(), e.table[1, 0], inside.high) == ([21] * 3, 22, 23)
    assert e.words.tolist() == [b"one ", b"four"]
    assert plain.differs(e) == 17


def test_fortran_sees_what_python_writes(plain: Any) -> None:
    e = plain.every()
    before = plain.sum_of(e)
    e.i1, e.i8, e.i2, e.i4 = 2, 2**40 + 1, -1, 5
    e.r4, e.r8, e.c4, e.c8 = 1.5, 1 + 1e-3, 2, 3 - 3j
    assert plain.sum_of(e) == pytest.approx(before + 8)
    e.l1, e.l4 = False, np.True_
    assert plain.sum_of(e) == pytest.approx(before + 1008)
    e.text = "longer than seven"
    assert (e.text, plain.sum_of(e)) == (b"longer", pytest.approx(before + 1009))
    e.row[1], e.table, e.inside.high = 3, 0, 2
    assert plain.sum_of(e) == pytest.approx(before + 1009 + 1 - 21 + 1)


def test_constructors_take_components_in_order(plain: Any) -> None:
    assert plain.small(2.5) == plain.small(x=2.5, k=7)
    assert repr(plain.small(2, k=3)) == "plain.small(x=2.0, k=3)"
    assert plain.large(k=range(10), parts=plain.small(1, 2)).parts.k == 2
    with pytest.raises(TypeError, match="unexpected keyword"):
        plain.small(y=1)
    with pytest.raises(TypeError, match="positional"):
        plain.small(1, 2, 3)


def test_outputs_and_results_are_new_objects(plain: Any, measures: Any) -> None:
    small, large = plain.make(4.0)
    assert (small.x, small.k, large.parts.k, large.k.tolist()) == (4, 7, 8, [3] * 10)
    assert repr(plain.new_small(9)) == "plain.small(x=1.5, k=9)"
    assert plain.new_large(5).k.tolist() == [3] * 9 + [5]
    interval = plain.new_interval(-3)
    assert (type(interval), interval.low, interval.high) == (measures.span, -3, 1)
    assert repr(plain.new_bound(4)) == "plain.interoperable(i=4, x=2.0, p=0)"
    ordered = plain.new_ordered(3)
    assert (ordered.a, ordered.b) == (3, 3.5)


def test_values_are_copies(plain: Any) -> None:
    small, large, bound = plain.small(), plain.large(), plain.interoperable(3, 4)
    assert plain.by_value(small, large, 100) == 1.5 + 7 + 30 + 1.5 + 100
    assert plain.bound_value(bound, 2) == 14
    assert (small.k, large.k.tolist(), bound.i) == (7, [3] * 10, 3)


def test_objects_may_be_left_out(plain: Any) -> None:
    large = plain.large()
    assert plain.given() == plain.given(None, None) == 0
    assert plain.given(plain.small()) == 7
    assert (plain.given(l=large), plain.given(plain.small(), large)) == (3, 7)


def test_private_components_are_no_attributes(plain: Any) -> None:
    closed = plain.closed()
    closed.shown, closed.key.k = 2, 3
    assert plain.opened(closed) == 523
    assert (plain.opened(plain.closed(9)), hasattr(closed, "hidden")) == (601, False)
    assert not hasattr(plain, "secret")


def test_words_of_python(plain: Any) -> None:
    words = plain.with_python_words(5, lambda_=6, self=8)
    assert (words.in_, getattr(words, "lambda"), words.self) == (5, 6, 8)
    words.from_.k = 4
    setattr(words, "in", 9)
    assert (words.in_, words.from_) == (9, plain.small(k=4))
    assert (words.class_, words.iff, hasattr(words, "class")) == (5, 6, False)
    assert not hasattr(words, "if")
    assert "class_=5" in repr(words)
    many = plain.with_python_words.array(2)
    many.class_, many.in_ = 7, [2, 3]
    assert ([each.class_ for each in many], many["in"].tolist()) == ([7, 7], [2, 3])
    assert pickle.loads(pickle.dumps(many[1])) == many[1]


def test_long_names(plain: Any) -> None:
    long = plain.a_type_whose_name_is_as_long_as_sixty_three_characters_may_be__
    assert plain.name_of(long()) == 12


def test_module_variables(plain: Any) -> None:
    current = plain.current
    current.x, current.k = 3, 4
    assert plain.current_sum() == 7
    assert (current.k, plain.kept.k) == (5, 70)
    plain.current = plain.small(1, 2)
    assert (current.x, current.k) == (1, 2)
    assert (plain.one.x, plain.one.k) == (1, 1)
    assert (plain.several.k.tolist(), plain.several.parts.k) == ([4] * 10, 2)
    assert plain.given(plain.one) == 1
    with pytest.raises(AttributeError, match=r"plain\.plain\.one is a parameter"):
        plain.one = current
    with pytest.raises(AttributeError, match=r"small.k: the object is a constant"):
        plain.one.k = 3
    with pytest.raises(AttributeError, match=r"small.x: the object is a constant"):
        plain.kept.x = 3.0
    with pytest.raises(AttributeError, match="protected"):
        plain.kept = current
    large = plain.kept_large
    with pytest.raises(AttributeError, match=r"small.x: the object is a constant"):
        large.parts.x = 9.0
    with pytest.raises(AttributeError, match=r"parts: the object is a constant"):
        large.parts = plain.small()
    with pytest.raises(ValueError, match="read-only"):
        large.k[0] = 9
    assert (large.parts.x, large.k[0]) == (1.5, 3)


def test_wrong_values_change_nothing(plain: Any) -> None:
    e = plain.every()
    with pytest.raises(
        TypeError, match=r"differs\(\) 1st argument \(e\): every expected, got int"
    ):
        plain.differs(3)
    with pytest.raises(TypeError, match="every expected, got small"):
        plain.differs(plain.small())
    with pytest.raises(TypeError, match="span expected, got small"):
        e.inside = plain.small()
    with pytest.raises(AttributeError, match="missing"):
        e.missing = 3
    for name, value in {
        "i1": 128,
        "i4": 2**40,
        "i8": "x",
        "r8": "x",
        "c8": None,
        "row": [1, 2],
        "l4": "x",
    }.items():
        with pytest.raises((TypeError, ValueError, OverflowError)):
            setattr(e, name, value)
    assert plain.differs(e) == 0


def test_copies_share_nothing(plain: Any) -> None:
    large = plain.large(parts=plain.small(4))
    for other in (
        copy.copy(large),
        copy.deepcopy(large),
        pickle.loads(pickle.dumps(large)),
    ):
        assert other == large
        other.parts.k = 1
        assert other != large
    assert large.parts.k == 7
    assert large != 3
    with pytest.raises(TypeError, match="unhashable"):
        hash(large)


def test_objects_of_modules_stay_where_they_are(plain: Any) -> None:
    """Another call of __init__ assigns to a variable, and changes no constant."""
    with pytest.raises(TypeError, match="small is a constant, or protected"):
        plain.one.__init__(5.0)
    with pytest.raises(TypeError, match="small is a constant, or protected"):
        plain.kept.__init__(5.0)
    assert (plain.one.x, plain.one.k) == (1, 1)
    several, parts = plain.several, plain.several.parts
    assert (several.k.tolist(), parts.x) == ([4] * 10, 2)
    several.__init__(3, plain.small(6.0))
    assert (plain.several.k.tolist(), parts.x, plain.several is several) == (
        [3] * 10,
        6,
        True,
    )
    several.__init__(4, plain.small(2.0, 2))


def test_parts_keep_the_whole(plain: Any) -> None:
    large = plain.large(parts=plain.small(4))
    parts, row = large.parts, large.k
    del large
    gc.collect()
    others = [plain.large(k=9, parts=plain.small(9, 9)) for _ in range(100)]
    assert (parts.x, parts.k, row.tolist()) == (4, 7, [3] * 10)
    assert len(others) == 100


def test_documentation(plain: Any) -> None:
    # CPython 3.13 takes the margin out of docstrings
    shown = inspect.cleandoc(plain.every.__doc__)
    assert "text : string(len=7), optional\n    Default: 'seven'" in shown
    assert "s : type(small)" in plain.make.__doc__
    assert (plain.small.__module__, plain.small.__qualname__) == (
        "plain",
        "plain.small",
    )
    assert "current : type(small)" in plain.__doc__

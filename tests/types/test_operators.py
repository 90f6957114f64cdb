"""Constructors, operators and assignment that a module defines for its types."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def vectors(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/vectors.f90."""
    return types_module("vectors").vectors


def parts(made: Any) -> tuple[Any, ...]:
    return (made.x, made.y)


def test_constructors(vectors: Any) -> None:
    """The functions of the interface come first, then the components; a child type has its components only."""
    made = vectors.vector(90.0, 2.0, "degrees")
    assert type(made) is vectors.vector
    assert parts(made) == pytest.approx((0, 2), abs=1e-12)
    assert parts(vectors.vector("north")) == (0, 1)
    assert parts(vectors.vector(name="east")) == (1, 0)
    assert parts(vectors.vector()) == (100, 100)
    assert parts(vectors.vector(3.0, 4.0)) == (3, 4)
    assert parts(vectors.vector(y=2)) == (0, 2)
    assert vectors.line().width == 1
    assert parts(vectors.line(1.0, width=3)) == (1, 0)
    with pytest.raises(TypeError):
        vectors.vector(1.0, 2.0, 3.0, 4.0)
    with pytest.raises(TypeError, match="weight"):
        vectors.vector(weight=3)


def test_binary_operators(vectors: Any) -> None:
    a, b = vectors.vector(1.0, 2.0), vectors.vector(3.0, 5.0)
    assert parts(a + b) == (4, 7)
    assert parts(b - a) == (2, 3)
    assert parts(a * 2.0) == (2, 4)
    assert parts(a * 2) == (1002, 4)
    assert parts(2.0 * a) == (2, 504)
    assert parts(2 * a) == (2, 504)
    assert parts(a / 2.0) == (0.5, 1)
    assert parts(a / 2) == (0.5, 7)
    assert (2.0**b, 2**b) == (8, 8)
    before = a
    a += b
    assert (parts(a), parts(before)) == ((4, 7), (1, 2))


def test_unary_operators(vectors: Any) -> None:
    a = vectors.vector(1.0, 2.0)
    assert parts(-a) == (-1, -2)
    assert parts(~a) == (2, -1)
    with pytest.raises(TypeError, match="operand type for unary"):
        _ = +a


def test_numpy_leaves_operators_to_objects(vectors: Any) -> None:
    a = vectors.vector(1.0, 2.0)
    assert parts(np.float64(2) * a) == (2, 504)
    assert parts(a * np.float32(2)) == (2, 4)
    assert parts(a * np.int32(2)) == (1002, 4)
    with pytest.raises(TypeError):
        _ = np.ones(3) * a


def test_comparisons(vectors: Any) -> None:
    a, b = vectors.vector(1.0, 2.0), vectors.vector(1.01, 2.0)
    assert (a == b) is True
    assert (a != b) is False
    assert (a == vectors.vector(3.0, 4.0)) is False
    assert (a < b, b < a, b > a) == (True, False, True)
    assert a != 3
    assert (a in [b], a is not b) == (True, True)
    with pytest.raises(TypeError, match="'<' not supported"):
        _ = a < 3
    with pytest.raises(TypeError, match="unhashable"):
        hash(a)


def test_operators_of_child_types(vectors: Any) -> None:
    """An operator for the child comes first; where there is none, its parent part is meant."""
    a, b = vectors.line(1.0, 2.0, 3.0), vectors.line(10.0, 20.0, 30.0)
    total = a + b
    assert type(total) is vectors.line
    assert (*parts(total), total.width) == (11, 22, 33)
    assert type(a + vectors.vector(1.0, 1.0)) is vectors.vector
    assert type(a - b) is vectors.vector
    assert parts(b - a) == (9, 18)
    assert parts(2.0 * a) == (2, 504)
    assert a < b


@pytest.mark.parametrize("wrong", [None, "text", [1.0, 2.0], 1j, object()])
def test_what_no_operator_takes(vectors: Any, wrong: Any) -> None:
    a = vectors.vector(1.0, 2.0)
    for operation in (operator.add, operator.mul, operator.truediv, operator.pow):
        with pytest.raises(TypeError, match=r"operand|multiply"):
            operation(a, wrong)
        with pytest.raises(TypeError, match=r"operand|can only|multiply"):
            operation(wrong, a)


def test_named_operators(vectors: Any) -> None:
    """They are methods, and functions of the module that makes them public; so is concatenation."""
    a, b = vectors.vector(1.0, 2.0), vectors.vector(3.0, 5.0)
    assert (a.cross(b), vectors.cross(a, b)) == (-1, -1)
    assert (parts(a.flip()), parts(vectors.flip(a))) == ((2, 1), (2, 1))
    assert a.dot(b) == 13
    # bound to the second operand alone: no method, and the type of the operator's name stays what it is
    answers = [vectors.within(5.0, v) for v in (a, b, vectors.line(0.0, 4.0, 9.0))]
    assert answers == [1, 0, 1]
    assert (hasattr(a, "within"), vectors.reading().value) == (False, 1)
    with pytest.raises(TypeError, match=r"operator\(.within.\)\(\) has no specific"):
        vectors.within(a, 5.0)
    assert b.concat("kg") == vectors.concat(b, "kg") == b"3kg"
    with pytest.raises(TypeError, match=r"operator\(.cross.\)\(\) has no specific"):
        a.cross(3)


def test_assignment(vectors: Any) -> None:
    """A procedure gives the object a new value, or changes it, by the type of what is assigned."""
    a = vectors.line(1.0, 2.0, 3.0)
    a.assign(7.0)
    assert (*parts(a), a.width) == (7, 7, 3)
    a.assign("four")
    assert parts(a) == (11, 7)
    assert parts(vectors.set_both(5.0)) == (5, 5)
    with pytest.raises(TypeError, match="has no specific"):
        a.assign([1.0])


def test_components_with_names_of_operators(vectors: Any) -> None:
    """A public component stays what it is where it is inherited, too; the module's functions have the operators."""
    a, b = vectors.reading(value=2.0), vectors.reading(value=3.0)
    assert (a.tilt, a.assign, a.lambda_, getattr(a, "lambda")) == (5, 4, 6, 6)
    assert vectors.tilt(a, b) == getattr(vectors, "lambda")(a, b) == 6
    assert a.concat(b) == 23
    vectors.set_reading(a, 7.0)
    assert a.value == 7


def test_documentation(vectors: Any) -> None:
    assert inspect.getdoc(vectors.vector.__add__) == "Fortran's operator(+)."
    assert "a : input type(vector)" in vectors.cross.__doc__

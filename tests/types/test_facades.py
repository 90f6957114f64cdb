"""Fortran modules that show what other modules have: the same objects, and the same variables."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from types import ModuleType

import pytest

Load = Callable[[str], ModuleType]


def test_what_a_facade_shows_is_what_the_modules_have(types_module: Load) -> None:
    m = types_module("facades")
    for shown in (m.shapes_all, m.shapes):
        assert shown.disc is m.shapes_circle.circle
        assert shown.area_of is m.shapes_circle.area
        assert shown.box is m.shapes_box.box
        assert shown.round is m.shapes_circle.round
        assert shown.wp == 8
        assert getattr(shown, "lambda").tolist() == [3, 4]
        assert not hasattr(shown, "hidden")
        assert not hasattr(shown, "circles_made")
    assert "last_radius" not in dir(m.shapes_all)
    assert {"disc", "count", "lambda", "new", "last_radius", "kept"} <= set(
        dir(m.shapes)
    )
    assert "area_of : shapes_circle.area\n" in m.shapes.__doc__
    assert "shapes_tools --- twice(),1 of shapes_circle\n" in f"{m.__doc__}\n"
    # names stay those of the module that has the thing
    assert pickle.loads(pickle.dumps(m.shapes.area_of)) is m.shapes_circle.area
    assert repr(m.shapes.box(3)) == "shapes_box.box(width=3.0, height=3.0)"


def test_generic_names_join_their_parts(types_module: Load) -> None:
    m = types_module("facades")
    assert m.shapes.new is m.shapes_all.new
    disc = m.shapes.new(radius=2)
    assert isinstance(disc, m.shapes.disc)
    assert m.shapes.area_of(disc) == 12
    assert m.shapes_all.new(width=1, height=2).height == 2
    with pytest.raises(TypeError, match="new_circle"):
        m.shapes.new(depth=1)


def test_variables_are_shared(types_module: Load) -> None:
    m = types_module("facades")
    m.shapes_all.count = 4
    m.shapes.new(radius=1.5)
    assert m.shapes.count == m.shapes_all.count == m.shapes_circle.circles_made == 5
    assert m.shapes.last_radius.tolist() == [1.5]
    m.shapes.last_radius = [1, 2]
    assert m.shapes_circle.last_radius.tolist() == [1, 2]
    m.shapes_circle.last_radius = None
    assert m.shapes.last_radius is None
    m.shapes.kept = m.shapes.disc(7)
    m.shapes.kept.grow(1)
    assert m.shapes_circle.kept.radius == 8
    with pytest.raises(AttributeError, match=r"shapes_kinds\.wp is a parameter"):
        m.shapes.wp = 4
    with pytest.raises(AttributeError, match=r"shapes\.box is shapes_box\.box, and"):
        m.shapes.box = 4
    for name in ("box", "count"):
        with pytest.raises(AttributeError, match=rf"shapes\.{name} is shapes_"):
            delattr(m.shapes, name)


def test_what_a_module_uses_for_itself_is_not_shown(types_module: Load) -> None:
    m = types_module("facades")
    assert m.shapes_tools.twice(m.shapes.disc(2)) == 24
    assert m.shapes_tools.area is m.shapes_circle.area
    assert dir(m.shapes_tools) == ["area", "twice"]


def test_operators_are_functions_of_facades(types_module: Load) -> None:
    m = types_module("facades")
    two, five = m.ops_all.v(2.0), m.ops_all.v(5.0)
    assert m.ops_all.dot is m.ops_base.dot
    assert m.ops_all.dot(two, five) == 10
    assert (m.ops_both.dot(two, five), m.ops_both.dot(two, 4.0)) == (10, 8)
    assert (m.ops_renamed.times(two, five), m.ops_renamed.len(two)) == (10, 2)
    assert not hasattr(m.ops_renamed, "dot")

"""Extents and lengths that depend on components, and generic bindings of procedures without an object."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest

Load = Callable[[str], ModuleType]


def test_lengths_of_components(types_module: Load) -> None:
    m = types_module("parts").parts
    text = m.text(str="abc")
    assert text.letters().tolist() == [b"a", b"b", b"c"]
    assert text.doubled() == b"abcabc"
    assert text.tags().tolist() == [97] * 5
    text.hide("12345678")
    assert text.stars() == b"*" * 8
    text.str = "x" * 300
    assert text.doubled() == b"x" * 600
    line = m.line()
    line.first.str = "AB"
    assert m.first_letters(line).tolist() == [65, 65]
    with pytest.raises(ValueError, match="length of a component that isn't allocated"):
        m.text().doubled()


def test_bindings_of_elements_are_no_callbacks(types_module: Load) -> None:
    m = types_module("parts").parts
    several = m.text.array(2)
    m.hide_all(several, "abcd")
    assert [each.stars() for each in several] == [b"****"] * 2
    assert m.made(3)[0].stars() == b"***"


def test_generic_bindings_without_an_object(types_module: Load) -> None:
    m = types_module("parts").parts
    text = m.text()
    assert text.describe(3) == m.text.describe(3) == b"int 3"
    assert m.text.describe(2.5) == b"real 2.5"
    assert text.mixed(3) == 5
    assert text.mixed(2.6) == 3
    with pytest.raises(TypeError, match="of_int"):
        text.describe("a")


def test_generic_bindings_of_deferred_procedures(types_module: Load) -> None:
    module = types_module("parts")
    numbers = np.ones(2)
    module.parts.square().scale(numbers)
    assert numbers.tolist() == [3, 3]
    assert "left out" not in (module.__doc__ or "").lower()


def test_a_python_class_has_generic_bindings_of_its_methods(types_module: Load) -> None:
    shape = types_module("parts").parts.shape

    class Mine(shape):  # type: ignore[valid-type, misc]
        def scale_one(self, x: float) -> float:
            return x

        def scale_all(self, x: np.ndarray) -> None:
            x += 1

    numbers = np.ones(2)
    Mine().scale(numbers)
    assert numbers.tolist() == [2, 2]


def test_constants_with_line_ends(types_module: Load) -> None:
    m = types_module("parts").parts
    assert m.newline == b"\n"
    assert m.blanks == b" \t\n"

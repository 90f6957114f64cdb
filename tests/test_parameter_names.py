"""Parameters have Fortran's names, unless Python reserves them or the function needs what they would hide."""

from __future__ import annotations

from pathlib import Path

import pytest

from f2pypy.building.sources import Source
from f2pypy.diagnostics import Diagnostics
from f2pypy.options import Options
from f2pypy.pipeline import generate_from_sources
from f2pypy.printing.parameter_names import restored_names
from f2pypy.reading.forms import Form


def header_of(name: str, declaration: str) -> str:
    text = f"subroutine s(a, {name})\nreal, intent(in) :: a\n{declaration} :: {name}\nend subroutine\n"
    source = [Source(Path("source.f90"), text, Form.FREE)]
    generated = generate_from_sources(source, Options(module="m"), Diagnostics())
    return generated.text.partition("def s(")[2].partition(")")[0]


@pytest.mark.parametrize(
    ("name", "declaration", "parameter"),
    [
        *((name, "real, intent(in)", name) for name in ("address", "vector", "error", "index", "len", "wrapper")),
        *((name, "integer, intent(in), optional", name) for name in ("array", "real", "routine", "str")),
        # its function converts with what has this name
        ("integer", "integer, intent(in)", "integer_"),
        ("type", "real, intent(in)", "type_"),
        *((name, "real, intent(in)", f"{name}_") for name in ("lambda", "in", "None", "class")),
    ],
)  # fmt: skip
def test_names(name: str, declaration: str, parameter: str) -> None:
    header = header_of(name.lower(), declaration)
    expected = parameter if name != "None" else "none"
    assert f", {expected}:" in header


def test_attributes_strings_and_the_function_stay() -> None:
    text = 'def x_(x_):\n    """x_"""\n    frame.x_ = x_ + g(x_)[x_].x_'
    expected = 'def x_(x):\n    """x_"""\n    frame.x_ = x + g(x)[x].x_'
    assert restored_names(text, (("x_", "x"),)) == expected

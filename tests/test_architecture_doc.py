"""docs/architecture.md names files and functions: they exist, and what it shows is what f2pypy prints."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from f2pypy import generate

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "architecture.md").read_text("utf-8")
PLACES = sorted(set(re.findall(r"`((?:f2pypy|templates|examples)/[\w/.]+)(?:: (\w+))?`", TEXT)))  # fmt: skip

CALLBACK = """
python module quad
interface
subroutine total(f, x, n)
  use quad__user__routines
  external f
  integer, intent(hide), depend(x) :: n = len(x)
  real*8 dimension(n), intent(in) :: x
end subroutine
end interface
end python module
"""


def names_defined(path: Path) -> set[str]:
    text = path.read_text("utf-8")
    if path.suffix == ".j2":
        return set(re.findall(r"{% macro (\w+)", text))
    classes = (ast.ClassDef, ast.FunctionDef)
    return {n.name for n in ast.walk(ast.parse(text)) if isinstance(n, classes)}


def test_the_walk_is_short_and_goes_through_every_stage() -> None:
    assert len(TEXT.splitlines()) <= 120
    folders = {part for place, _ in PLACES for part in Path(place).parts[:-1]}
    assert folders >= {"reading", "resolve", "lower", "printing", "templates", "runtime"}  # fmt: skip


@pytest.mark.parametrize(("place", "name"), PLACES)
def test_every_place_exists(place: str, name: str) -> None:
    path = ROOT / place
    assert path.is_file(), f"docs/architecture.md names {place}, which isn't there"
    assert not name or name in names_defined(path), f"{place} has no {name}"


def test_the_examples_print_what_is_shown() -> None:
    blas = generate(ROOT / "examples" / "blas" / "blas.pyf", only=["ddot"])
    for shown in (
        "n: int | None = None",
        "(len(x) - offx) // abs(incx)",
        "_ddot.call(n, offset(x, offx), incx, offset(y, offy), incy)",
    ):
        assert shown in TEXT
        assert shown in blas
    (callback,) = re.findall(
        r"^(python module quad__user.*?)^```", TEXT, re.DOTALL | re.MULTILINE
    )
    quad = generate(callback + CALLBACK)
    shown = 'CallbackArray("x", float64, lambda n: (n,), IN)'
    assert shown in TEXT
    assert shown in quad


def test_the_declaration_shown_is_that_of_the_example() -> None:
    blas = (ROOT / "examples" / "blas" / "blas.pyf").read_text("utf-8")
    (shown,) = re.findall(r"^(function ddot.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    for line in shown.splitlines():
        assert line.strip() in blas

"""Which memory a string gets: the caller's bytes only where Fortran itself promises to leave them alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import f2pypy
from f2pypy.diagnostics import Diagnostics
from f2pypy.options import BuildOptions, Options
from f2pypy.pipeline import generate_from_sources, load_sources

BYTES, MEMORY, ARRAY = (
    "s = text_bytes(s",
    "s = text_memory(text_bytes(s",
    "s = string(s",
)


def conversion(text: str) -> str:
    """Return the line of the generated text that converts the argument `s`."""
    lines = re.findall(r"^ +(s = (?:str|text_).*)$", text, re.MULTILINE)
    assert len(lines) == 1
    return str(lines[0])


@pytest.mark.parametrize("length", ["*", "8", "n"])
@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("character(LENGTH), intent(in) :: s", BYTES),
        ("character(LENGTH) :: s\n intent(in) :: s", BYTES),
        ("character(LENGTH), intent(in), optional :: s", BYTES),
        ("character(LENGTH) :: s", MEMORY),
        ("character(LENGTH) :: s\n!f2py intent(in) s", MEMORY),
        ("character(LENGTH), intent(inout) :: s", MEMORY),
        ("character(LENGTH), intent(in) :: s\n!f2py intent(in,out) s", MEMORY),
        ("character(LENGTH) :: s\n!f2py intent(in,out) s", MEMORY),
        ("character(LENGTH), intent(in) :: s\n!f2py check(s[0]=='a') s", ARRAY),
        (
            "character(LENGTH) :: s\n!f2py intent(in) s\n!f2py check(s[0]=='a') s",
            ARRAY,
        ),
    ],
)
def test_memory_of_a_source(
    declared: str, expected: str, length: str, tmp_path: Path
) -> None:
    declared = declared.replace("LENGTH", length)
    text = (
        f"subroutine f(n, s)\n integer, intent(in) :: n\n {declared}\nend subroutine\n"
    )
    path = tmp_path / "f.f90"
    path.write_text(text)
    sources = load_sources([str(path)], BuildOptions())
    made = generate_from_sources(sources, Options(module="m"), Diagnostics())
    assert conversion(made.text).startswith(expected)


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("character*8 :: s", MEMORY),
        ("character*8, intent(in) :: s", MEMORY),
        ("character*(*), intent(in) :: s", MEMORY),
        ("character*8, intent(in,out) :: s", MEMORY),
        ("character*8, intent(in), check(s[0]=='a') :: s", ARRAY),
        ("callstatement (*f2py_func)(s + 1, 7)\ncharacter*8, intent(in) :: s", ARRAY),
    ],
)
def test_memory_of_a_signature_file(declared: str, expected: str) -> None:
    routine = f"subroutine f(s)\n{declared}\nend subroutine"
    text = f"python module m\ninterface\n{routine}\nend interface\nend python module\n"
    assert conversion(f2pypy.generate(text)).startswith(expected)

"""The functions that select kinds and the constants that name them, against what gfortran says."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

pytest.importorskip(
    "f2pypy.resolve.names.scopes", reason="f2pypy itself doesn't run here"
)

from f2pypy.expressions.fold import fold
from f2pypy.expressions.fortran import read_expression
from f2pypy.expressions.nodes import ArrayConstructor, Integer
from f2pypy.resolve.names.intrinsic_modules import INTRINSIC_MODULES, constant_of

QUESTIONS = (
    *(f"selected_int_kind({digits})" for digits in range(41)),
    *(f"selected_real_kind({digits})" for digits in range(36)),
    *(f"selected_real_kind({p}, {r})" for p in (0, 6, 15, 18, 33, 34) for r in (0, 37, 38, 307, 308, 4931, 4932)),
    *(f"selected_real_kind(r={r})" for r in (0, 37, 38, 307, 308, 4931, 4932)),
    *(f"selected_real_kind(p=6, radix={radix})" for radix in (2, 10)),
    *(f"selected_real_kind(radix=2, r={r})" for r in (10, 100)),
    *(f"selected_char_kind({name!r})" for name in ("ascii", "ASCII ", "Default", "iso_10646", "utf-8")),
    *("kind(1)", "kind(1.0)", "kind(1d0)", "kind(1.0_8)", "kind(.true.)", "kind('a')", "kind((1d0, 2d0))"),
    *("kind(1_2)", "kind(1_1 + 1_2)", "kind(1.0 + 1_8)", "kind(real(1, 8))", "kind(0.1_10 * 2)"),
)  # fmt: skip
# What gfortran has only in later versions.
LATER = {"logical8", "logical16", "logical32", "logical64"}
TYPES = {"c_ptr", "c_funptr"}


def _answers(folder: Path, lines: list[str]) -> list[list[int]]:
    """Return the integers that a program prints, line by line."""
    if shutil.which("gfortran") is None:
        pytest.skip("needs gfortran")
    source = folder / "ask.f90"
    uses = [f"use, intrinsic :: {module}" for module in INTRINSIC_MODULES]
    prints = [f"write (*, '(*(i0, 1x))') {line}" for line in lines]
    source.write_text("\n".join(["program ask", *uses, *prints, "end program", ""]))
    program = folder / "ask"
    subprocess.run(["gfortran", str(source), "-o", str(program)], check=True)
    run = subprocess.run([str(program)], check=True, capture_output=True, text=True)
    return [[int(word) for word in line.split()] for line in run.stdout.splitlines()]


def test_every_selection(tmp_path: Path) -> None:
    ours = [fold(read_expression(question), {}) for question in QUESTIONS]
    theirs = _answers(tmp_path, list(QUESTIONS))
    different = {
        question: (our, their)
        for question, our, (their,) in zip(QUESTIONS, ours, theirs, strict=True)
        if our != Integer(their)
    }
    assert different == {}


@pytest.mark.parametrize("module", INTRINSIC_MODULES)
def test_every_constant(module: str, tmp_path: Path) -> None:
    names = sorted(INTRINSIC_MODULES[module].keys() - LATER - TYPES)
    for name, values in zip(names, _answers(tmp_path, names), strict=True):
        constant = constant_of(name, INTRINSIC_MODULES[module][name])
        items = (
            constant.items if isinstance(constant, ArrayConstructor) else (constant,)
        )
        assert list(items) == [Integer(value) for value in values], name

"""What a module's declarations answer elsewhere: names in bind(c), bounds and lengths of its variables."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from f2pypy.command import cli

SOURCE = """
module names
  character(len=*), parameter :: prefix = 'my_'
end module
module m
  use iso_c_binding
  use names, only: start => prefix
  implicit none
  integer(c_int), bind(c, name=start // 'count') :: counted = 7
  integer :: fixed(0:4) = 0, none(5:3), matrix(-1:1, 3)
  character(len=7) :: label = 'abc', letters(2)*3
  character :: letter
contains
  function add(a, b) bind(c, name=start//"add") result(r)
    real(c_double), value :: a, b
    real(c_double) :: r
    r = a + b
  end function
  subroutine twice(a) bind(c, name=trim(start // "twice  "))
    real(c_double), intent(inout) :: a
    a = 2*a
  end subroutine
  subroutine bounds(y, z, c)
    integer, intent(out) :: y(ubound(fixed, 1), lbound(fixed, 1) + 2, ubound(matrix, 1) + 1)
    integer, intent(out) :: z(size(none) + lbound(none, 1), lbound(matrix, dim=1) + 4), c(5)
    y = 1
    z = 1
    c = [shape(y), shape(z)]
  end subroutine
  subroutine lengths(y, c)
    integer, intent(out) :: y(len(label), len(letters), len(letter)), c(3)
    y = 1
    c = shape(y)
  end subroutine
  subroutine hidden(label, y)
    character(len=*), intent(in) :: label
    integer, intent(out) :: y(len(label))
    y = 1
  end subroutine
end module
module others
  use m, only: it => fixed, text => label
contains
  subroutine renamed(y)
    integer, intent(out) :: y(ubound(it, 1), len(text))
    y = 1
  end subroutine
end module
"""
CHECK = """
import m, numpy as np
x = np.array(2.0)
m.m.twice(x)
assert (float(x), m.m.add(1, 2), int(m.m.counted)) == (4.0, 3.0, 7)
y, z, c = m.m.bounds()
assert [*y.shape, *z.shape] == c.tolist(), (y.shape, z.shape, c)
y, c = m.m.lengths()
assert list(y.shape) == c.tolist() == [7, 3, 1]
assert m.m.hidden('ab').shape == (2,)
assert m.others.renamed().shape == (4, 7)
"""


@pytest.mark.skipif(shutil.which("gfortran") is None, reason="needs gfortran")
def test_answers_of_declarations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("m.f90").write_text(SOURCE)
    assert cli.run(["m.f90", "-m", "m", "-h", "m.pyf", "--quiet"]) == 0
    for sources in (["-m", "m", "m.f90"], ["m.pyf", "m.f90"]):
        assert cli.run(["-c", *sources, "--strict", "--quiet"]) == 0
        command = [sys.executable, "-B", "-c", CHECK]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_a_name_that_is_no_constant_costs_its_routine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("m.f90").write_text(
        "subroutine s() bind(c, name=unknown // 'x')\nend subroutine\nsubroutine t()\nend subroutine\n"
    )
    assert cli.run(["m.f90", "-m", "m"]) == 0
    assert (
        "the name \"unknown // 'x'\" in bind(c) isn't known here"
        in capsys.readouterr().err
    )


CONSTANTS = """module u
character, parameter :: c = 'abc', e = '', a(2) = ['xy', 'z ']
character(*), parameter :: whole = 'abc'
integer, parameter :: n = len(c), m = len(e), i = ichar(e), k = len(c // e), l = len(whole)
end module
"""
EXPECTED = {"c": b"a", "e": b" ", "whole": b"abc", "n": 1, "m": 1, "i": 32, "k": 2, "l": 3}  # fmt: skip


@pytest.mark.parametrize("form", ["source", "signature"])
def test_a_character_constant_without_length_is_one_character(
    form: str, tmp_path: Path
) -> None:
    source, output = tmp_path / "u.f90", tmp_path / "m.py"
    source.write_text(CONSTANTS)
    given = ["-m", "m", str(source)]
    if form == "signature":
        source = tmp_path / "u.pyf"
        source.write_text(f"python module m\ninterface\n{CONSTANTS}end interface\nend python module\n")  # fmt: skip
        given = [str(source)]
    assert cli.run([*given, "-o", str(output), "--quiet", "--strict", "--runtime", "import"]) == 0  # fmt: skip
    text = output.read_text()
    for name, value in EXPECTED.items():
        assert re.search(rf' {name} = Constant\(\w+(\(\d\))?, {re.escape(repr_of(value))}\)', text), name  # fmt: skip
    assert 'a = Constant(bytes_type(1), (b"x", b"z"), (2,))' in text


def repr_of(value: bytes | int) -> str:
    return repr(value).replace("'", '"')

"""Extents that name what a module keeps to itself, in every layout of a source: `-c` adds a submodule to the module."""

from __future__ import annotations

import importlib
import shutil
import sys
from pathlib import Path

import pytest

from f2pypy.building.opened import opened
from f2pypy.building.sources import Source
from f2pypy.command import cli
from f2pypy.reading.forms import Form

FLANG = shutil.which("flang-new") or shutil.which("flang-new-19")
COMPILERS = [
    pytest.param("gfortran", marks=pytest.mark.skipif(not shutil.which("gfortran"), reason="needs gfortran")),
    pytest.param(FLANG, marks=pytest.mark.skipif(not FLANG, reason="needs flang")),
]  # fmt: skip

FREE = """module first
  implicit none
  type, private :: box
    integer :: n = 3
  contains
    procedure :: size_of
  end type
  type(box), private, save :: now
  integer, private :: hidden = 2; integer :: shown = 1; contains; pure integer function size_of(this)
    class(box), intent(in) :: this
    size_of = this%n
  end function
  subroutine routine(y, c)
    integer, intent(out) :: y(hidden + now%size_of()), c
    c = size(y)
  end subroutine
end module first
MODULE Second
  use first, only: shown
  integer, private :: hidden = 4
Contains
  subroutine other(y, c)
    integer, intent(out) :: y(hidden + shown), c
    c = size(y)
  end subroutine
END MODULE
"""
FIXED = """      MODULE THIRD
      INTEGER, PRIVATE :: HID
     &DEN = 6
      CON
     &TAINS
      SUBROUTINE FIXED(Y,C)
      INTEGER, INTENT(OUT) :: Y(HID DEN + 1), C
      C = SIZE(Y)
      END SUBROUTINE
      END MODULE
"""
PREPROCESSED = """#define N 7
module fourth
  include 'declared.inc'
#ifdef N
contains
#endif
  subroutine counted(y, c)
    integer, intent(out) :: y(hidden), c
    c = size(y)
  end subroutine
end module
"""


def test_only_what_is_asked_for_is_opened() -> None:
    source = Source(Path("m.f90"), FREE, Form.FREE)
    assert opened(source, ["third"]) is None
    for modules, count in ((["first"], 1), (["second"], 1), (["first", "second"], 2)):
        copy = opened(source, modules)
        assert copy is not None
        assert copy.text.count("module subroutine") == count


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("flags", ["", "-std=f2003 -Wall -Werror"])
def test_every_layout(
    compiler: str, flags: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if flags and "flang" in compiler:
        pytest.skip("flags of gfortran's")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FC", compiler)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    folder = tmp_path / "sources"
    folder.mkdir()
    texts = {"free.f90": FREE, "fixed.f": FIXED, "upper.F90": PREPROCESSED}
    for each, text in texts.items():
        (folder / each).write_text(text)
    (folder / "declared.inc").write_text("integer, private :: hidden = 8\n")
    name = f"layouts_{'flang' if 'flang' in compiler else 'gnu'}{len(flags)}"
    sources = [str(folder / each) for each in texts]
    given = [f"--f90flags={flags}"] if flags else []
    assert cli.run(["-c", "-m", name, *sources, *given, "--quiet"]) == 0
    made = importlib.import_module(name)
    found = [made.first.routine()[1], made.second.other()[1], made.third.fixed()[1]]
    assert [*found, made.fourth.counted()[1]] == [5, 5, 7, 8]

"""Objects with components that are left out: copies are the library's own, as Python would share what these hold."""

from __future__ import annotations

import copy
import gc
import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FOREIGN = """
module elsewhere
  type foreign
    real, allocatable :: x(:)
  end type
end module
"""
HOLDER = """
module holder
  use elsewhere, only: foreign
  type part
    type(foreign) :: f
  end type
  type outer
    integer :: n = 0
    type(part), allocatable :: parts(:)
    type(foreign), allocatable :: own
    class(foreign), pointer :: seen => null()
  end type
contains
  subroutine fill(o)
    type(outer), intent(inout) :: o
    allocate (o%parts(2), o%own)
    allocate (o%own%x(3), source=4.0)
    o%parts(2)%f%x = [1.0, 2.0]
  end subroutine
  subroutine double_all(o)
    type(outer), intent(inout) :: o
    o%parts(2)%f%x = 2 * o%parts(2)%f%x
    o%own%x = 2 * o%own%x
  end subroutine
  real function total(o)
    type(outer), intent(in) :: o
    total = sum(o%parts(2)%f%x) + sum(o%own%x)
  end function
end module
"""


def check_copies(m: Any, total: float) -> None:
    """Copies hold memory of their own, which lives as long as they do."""
    original = m.outer()
    m.fill(original)
    copied, again = copy.copy(original), m.outer.array(2)
    again[1] = copied
    m.double_all(original)
    assert (m.total(original), m.total(copied)) == (2 * total, total)
    del original
    gc.collect()
    m.double_all(copied)
    assert (m.total(copied), m.total(again[1])) == (2 * total, total)
    copied = again[1] = m.outer()
    gc.collect()


def test_numbers_that_numpy_lacks(types_module: Callable[[str], Any]) -> None:
    m = types_module("unknown_parts").unknown_parts
    assert not hasattr(m.outer(), "q")
    check_copies(m, 16.0)


def test_objects_of_types_that_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The source of one of them isn't among the files."""
    if os.environ.get("F2PYPY_TYPES_MODULES") or not shutil.which("gfortran"):
        pytest.skip("nothing is built here")
    from f2pypy.command.cli import run

    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    Path("elsewhere.f90").write_text(FOREIGN)
    Path("holder.f90").write_text(HOLDER)
    subprocess.run(["gfortran", "-fPIC", "-c", "elsewhere.f90"], check=True)
    build = ["-c", "-m", "held_parts", "holder.f90", "elsewhere.o", "--quiet"]
    assert run(build) == 0
    module = importlib.import_module("held_parts")
    assert not hasattr(module.holder, "part")
    check_copies(module.holder, 15.0)
    reason = "outer%own is left out: its type is unknown here"
    assert reason in (module.__doc__ or "")
    del sys.modules["held_parts"]

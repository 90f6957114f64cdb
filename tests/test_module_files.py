"""What comes from files that no command line names as sources: compiled modules, folders in flags, unusual suffixes."""

from __future__ import annotations

import gzip
import importlib
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from f2pypy.building.sources import include_folders
from f2pypy.building.toolchain import Toolchain
from f2pypy.command import cli
from f2pypy.files.suffixes import (  # fmt: skip
    FIXED_SUFFIXES,
    FORTRAN_SUFFIXES,
    FREE_SUFFIXES,
    is_preprocessed,
)
from f2pypy.options import BuildOptions
from f2pypy.reading.module_files import ModuleFiles, find_module, read_module_file
from f2pypy.syntax import Module

FLANG = shutil.which("flang-new") or shutil.which("flang-new-19")
COMPILERS = [
    pytest.param(
        "gfortran",
        marks=pytest.mark.skipif(not shutil.which("gfortran"), reason="needs gfortran"),
    ),
    pytest.param(FLANG, marks=pytest.mark.skipif(not FLANG, reason="needs flang")),
]
MODULES = """
module base
  implicit none
  integer, parameter :: dp = kind(1d0)
  integer, parameter, private :: hidden = 4
  real(dp), parameter :: pi = 3.25d0, small = -1d-5
end module
module para
  use base, pp => dp
  implicit none
  private
  public :: n, wp, nx, sizes, mat, name, yes, pi, pp, red, z, small, t
  integer :: n = 5
  integer, parameter :: wp = 8, nx = -3, secret = 9
  integer, parameter :: sizes(0:2) = [4, 5, 6], mat(2, 2) = reshape([1, 2, 3, 7], [2, 2])
  character(len=4), parameter :: name = "a'b"
  logical, parameter :: yes = .true.
  complex(8), parameter :: z = (1d0, -2d0)
  enum, bind(c)
    enumerator :: red = 4
  end enum
  type t
    integer :: a
  end type
contains
  subroutine inner(x)
    real(wp) :: x(nx)
  end subroutine
end module
"""
USER = """
subroutine used(x, y, m, c, k)
  use para, only: wp, sizes, ten => nx, pp, mat, red, name, pi, n
  implicit none
  real(wp), intent(in) :: x(sizes(1))
  real(pp), intent(in) :: y(abs(ten))
  integer, intent(in) :: m(mat(2, 2) + red, int(2*pi))
  character(len=len(name)), intent(in) :: c
  integer, intent(out) :: k
  k = size(x) + 10*size(y) + 100*size(m, 1) + 10000*size(m, 2) + len(c) + n - 5
end subroutine
subroutine unused(x)
  use nowhere, only: there
  real(there) :: x
end subroutine
"""
HANDLES = """
module handles
  use iso_c_binding
  implicit none
  type, bind(c) :: handle
    integer(c_int) :: number = -1
    real(c_double) :: weights(2) = 0
  end type
  type, bind(c) :: unused
    type(c_ptr) :: where
  end type
  type own
    real, allocatable :: values(:)
  end type
  integer :: variable = 3
end module
module front
  use handles
end module
"""
HOLDER = """
module holder
  use front, only: grip => handle, own
  implicit none
  type(grip) :: kept
contains
  integer function taken(h)
    type(grip), intent(in) :: h
    taken = h%number + int(sum(h%weights))
  end function
  function made(n) result(h)
    integer, intent(in) :: n
    type(grip) :: h
    h%number = n
    h%weights = 2
  end function
  subroutine refused(x)
    type(own), intent(in) :: x
  end subroutine
end module
"""
SIGNATURE = """
python module signed_{number}
  interface
    subroutine signed(x, k)
      use para, only: wp, sizes
      real(wp), intent(in) :: x(sizes(2))
      integer, intent(out) :: k
    end subroutine
  end interface
end python module
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def run(name: str, *arguments: str) -> ModuleType:
    assert cli.run([*arguments, "--quiet"]) == 0
    importlib.invalidate_caches()
    return importlib.import_module(name)


@pytest.mark.parametrize("compiler", COMPILERS)
def test_folders_that_a_wrapper_of_the_compiler_names(
    compiler: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As ``mpif90`` and ``mpifort`` do; the module is found by f2pypy as by the compiler."""
    Path("compiled").mkdir()
    Path("modules.f90").write_text(MODULES)
    subprocess.run(
        [compiler, "-fPIC", "-c", "../modules.f90"], cwd="compiled", check=True
    )
    wrapper = here / "mpifort"
    wrapper.write_text(f'#!/bin/sh\nexec {compiler} -I "{here}/compiled" "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("FC", str(wrapper))
    Path("taken.f90").write_text(USER.partition("subroutine unused")[0])
    name = f"taken_{Path(compiler).name.partition('-')[0]}"
    built = run(name, "-c", "-m", name, "taken.f90", "compiled/modules.o")
    assert built.used([1.0] * 5, [2.0] * 3, [[0] * 6] * 11, b"abcd") == 61100 + 39


@pytest.mark.parametrize(
    ("command", "flag"),
    [("mpifort", "-J"), ("mpif90", "-J"), ("mpiifort", "-module"), ("mpiifx", "-module")],
)  # fmt: skip
def test_a_wrapper_has_the_flags_of_its_compiler(command: str, flag: str, here: Path) -> None:  # fmt: skip
    (here / command).write_text("")
    (here / command).chmod(0o755)
    tools = Toolchain({"FC": str(here / command)}, BuildOptions())
    assert tools.dialect.module_folder == (flag, "{}")


@pytest.mark.parametrize("compiler", COMPILERS)
def test_types_of_modules_that_were_compiled_before(
    compiler: str,
) -> None:
    """As ``type(mpi_comm)`` is one of the module `mpi_f08`, which takes it from another."""
    Path("handles.f90").write_text(HANDLES)
    subprocess.run([compiler, "-fPIC", "-c", "handles.f90"], check=True)
    Path("handles.f90").unlink()
    Path("held.f90").write_text(HOLDER)
    name = f"held_{Path(compiler).name.partition('-')[0]}"
    words = ["-c", "-m", name, "held.f90", "handles.o", "--f90exec", compiler]
    built = run(name, *words)
    held = built.holder
    made = held.made(3)
    assert repr(made) == "handles.handle(number=3, weights=array([2., 2.]))"
    assert held.taken(built.handles.handle(5, [1, 2])) == 8
    assert built.handles.handle().number == -1
    held.kept = made
    assert held.kept.number == 3
    assert [each for each in dir(built.handles) if each[0] != "_"] == ["handle"]
    with pytest.raises(AttributeError, match="'x' is of derived type 'own'"):
        held.refused()


@pytest.mark.parametrize("compiler", COMPILERS)
def test_modules_that_were_compiled_before(compiler: str, here: Path) -> None:
    folder = here / "compiled"
    folder.mkdir()
    Path("modules.f90").write_text(MODULES)
    subprocess.run([compiler, "-fPIC", "-c", "../modules.f90"], cwd=folder, check=True)
    Path("modules.f90").unlink()
    Path("used.f90").write_text(USER.partition("subroutine unused")[0])
    name = f"used_{Path(compiler).name.partition('-')[0]}"
    built = run(
        name, "-c", "-m", name, "used.f90", "compiled/modules.o",
        "--f90flags=-I compiled", "--f90exec", compiler,
    )  # fmt: skip
    assert built.used.__doc__.split("\n")[0] == "k = used(x,y,m,c)"
    assert built.used([1.0] * 5, [2.0] * 3, [[0] * 6] * 11, b"abcd") == 61100 + 39
    with pytest.raises(ValueError, match="0-th dimension must be fixed to 3"):
        built.used([1.0] * 5, [2.0] * 4, [[0] * 6] * 11, b"abcd")
    # the same without -c, from the folder that -I names, and for signature files
    Path("used.f90").write_text(USER)
    assert cli.run(["-m", "m", "used.f90", "-Icompiled", "-o", "m.py"]) == 0
    assert "def used(" in Path("m.py").read_text()
    Path("s.pyf").write_text(SIGNATURE.format(number=1))
    assert cli.run(["s.pyf", "-Icompiled", "-o", "s.py", "--strict"]) == 0
    assert "x: double, 6 elements" in Path("s.py").read_text() or "(6)" in Path("s.py").read_text()  # fmt: skip


def test_files_that_are_no_modules(here: Path) -> None:
    (here / "text.mod").write_text("no module")
    (here / "cut.mod").write_bytes(gzip.compress(b"GFORTRAN module version '15'")[:-9])
    (here / "odd.mod").write_bytes(gzip.compress(b"GFORTRAN module version '15'\n((("))
    (here / "other.mod").write_bytes(gzip.compress(b"GNU\n()()"))
    (here / "empty.mod").write_bytes(b"")
    (here / "folder.mod").mkdir()
    for name in ("text", "cut", "odd", "other", "empty", "folder", "missing", "../x"):
        assert find_module(name, ["."]) is None, name
    known = ModuleFiles({}, ["."])
    assert "text" not in known
    assert list(known) == []
    flang = "\ufeff!mod$ v1 sum:0\nmodule m\ninteger(4),parameter::k=4_4\ninteger(4)::v\nend\n"
    module = read_module_file(flang.encode(), "m.mod")
    assert isinstance(module, Module)
    assert len(module.items) == 1


FIXED = """\
C     fixed form
      SUBROUTINE OLD(K,
     1 L)
      INTEGER K, L
CF2PY INTENT(OUT) L
      L = K + 1
      END
"""
FREE = """\
! free form
subroutine old(k, &
    l)
  integer :: k, l
!f2py intent(out) l
  l = k + 1
end subroutine
"""


@pytest.mark.parametrize("compiler", COMPILERS)
def test_every_suffix_in_its_form(compiler: str) -> None:
    """All in one build: a file for each suffix, in capitals too, and both forms where the suffix leaves it open."""
    files = []
    for suffix in sorted(FORTRAN_SUFFIXES):
        for spelled in (suffix, suffix.upper()):
            forms = [f for s, f in ((FREE_SUFFIXES, FREE), (FIXED_SUFFIXES, FIXED)) if suffix in s]  # fmt: skip
            for form in forms or (FREE, FIXED):
                name = f"old{len(files)}"
                text = form.replace("OLD", name.upper()).replace("old", name)
                if is_preprocessed(name + spelled):
                    text = "#define ONE 1\n" + text.replace("+ 1", "+ ONE")
                Path(name + spelled).write_text(text)
                files.append(name + spelled)
    name = f"suffixes_{Path(compiler).name.partition('-')[0]}"
    built = run(name, "-c", "-m", name, *files, "--f90exec", compiler)
    for number, file in enumerate(files):
        assert getattr(built, f"old{number}")(1) == 2, file


def test_folders_in_flags(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "one").mkdir()
    (here / "two").mkdir()
    Path("one/extent.inc").write_text("      integer, parameter :: extent = 4\n")
    Path("two/use.inc").write_text("      use shop, only: wide\n")
    Path("a.f90").write_text(
        "subroutine s(x)\n  include 'use.inc'\n  include 'extent.inc'\n  real(wide), intent(in) :: x(extent)\nend\n"
    )
    Path("shop.f90").write_text("module shop\n  integer, parameter :: wide = 8\nend\n")
    monkeypatch.setenv("FFLAGS", "-I two")
    assert cli.run(["-m", "m", "a.f90", "shop.f90", "--f77flags=-Ione", "--strict", "--quiet"]) == 0  # fmt: skip
    assert "x : input rank-1 array('d') with bounds (4)" in Path("m.py").read_text()
    if shutil.which("gfortran"):
        name = "folders_in_flags"
        built = run(name, "-c", "-m", name, "a.f90", "shop.f90", "--f90flags=-I one")
        assert built.s([0.0] * 4) is None
    assert include_folders(["-O2", "-Ia", "-I", "b", "-J", "c", "-I"]) == ("a", "b")

"""`f2pypy doctor`: what it says about the machine and about generated modules."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from f2pypy.command import doctor
from f2pypy.command.cli import run

ADD = "real(8) function add(a, b)\n  real(8), intent(in) :: a, b\n  add = a + b\nend function\n"
needs_compiler = pytest.mark.skipif(shutil.which("gfortran") is None, reason="needs gfortran")  # fmt: skip


def f2pypy(*words, status=0, **variables):
    done = subprocess.run(
        [sys.executable, "-m", "f2pypy", *words],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with the source, its module and its library."""
    folder = tmp_path_factory.mktemp("doctor")
    folder.joinpath("adding.f90").write_text(ADD)
    f2pypy("-c", f"{folder}/adding.f90", "-m", "adding", "-o", f"{folder}/adding.py")
    return folder


@pytest.fixture
def module(built, tmp_path, monkeypatch):
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return "adding.py"


@needs_compiler
def test_the_machine():
    shown = f2pypy("doctor", FC="gfortran", FFLAGS="-O2")
    lines = dict(line.split(": ", 1) for line in shown.splitlines() if ": " in line)
    assert lines["Fortran compiler"].startswith("gfortran (GNU Fortran")
    assert lines["FFLAGS"] == "-O2"
    assert "blas" in lines["BLAS"]
    assert lines["native code"].startswith(("on, with llvmlite", "off, because"))


def test_a_machine_without_compilers(tmp_path):
    shown = f2pypy("doctor", PATH=str(tmp_path), FC="")
    assert "Fortran compiler: no Fortran compiler was found" in shown
    assert "set FC to the command" in shown


def test_native_code_may_be_off():
    assert "native code: off, because F2PYPY_NATIVE is 0" in f2pypy("doctor", F2PYPY_NATIVE="0")  # fmt: skip


@needs_compiler
@pytest.mark.parametrize("words", [[], ["--stop-raises"], ["--isolated"]], ids=str)
def test_a_module_that_is_well(module, words):
    if words:
        f2pypy("-c", "adding.f90", "-m", "adding", *words)
    shown = f2pypy("doctor", module)
    assert f"adding.py: {Path('libadding.so').resolve()}\n" in shown
    assert "1 of 1 routines are there" in shown


@needs_compiler
@pytest.mark.parametrize(
    ("runtime", "init"),
    [
        ("pkg/_shared.py", True),
        ("pkg/_shared.py", False),
        ("_shared.py", True),
        ("pkg._shared=pkg/_shared.py", False),
    ],
)
def test_a_module_whose_runtime_lies_in_its_package(
    built, tmp_path, monkeypatch, runtime, init
):
    monkeypatch.chdir(tmp_path)
    for folder in ("pkg", "pkg/inner"):
        Path(folder).mkdir()
        if init:
            Path(folder, "__init__.py").write_text("raise SystemExit")
    output = ("-o", "pkg/inner/adding.py") if init else ("-o", "pkg/adding.py")
    f2pypy("-c", f"{built}/adding.f90", "-m", "adding", "--runtime", runtime, *output)
    shown = f2pypy("doctor", output[1], output[1])
    assert shown.count("1 of 1 routines are there") == 2


POINTED = """\
module pointed
  abstract interface
    real(8) function objective(x)
      real(8), intent(in) :: x
    end function
  end interface
  type rule
    procedure(objective), pointer, nopass :: f => null()
  end type
  procedure(objective), pointer :: g => null()
contains
  real(8) function apply(r, x)
    type(rule), intent(in) :: r
    real(8), intent(in) :: x
    apply = r%f(x)
  end function
end module
"""


@needs_compiler
def test_the_interface_of_procedure_pointers_is_no_routine(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("source.f90").write_text(POINTED)
    f2pypy("-c", "source.f90", "-m", "pointed")
    assert "1 of 1 routines are there" in f2pypy("doctor", "pointed.py")
    library = str(Path("libpointed.so").resolve())
    # what is printed to stderr would fail
    f2pypy("source.f90", "-m", "pointed", "--library", library)


@needs_compiler
def test_modules_without_native_code(module):
    Path("data.f90").write_text("module kept\n  integer :: n = 3\nend module\n")
    assert run(["-c", "data.f90", "-m", "data"]) == 0
    f2pypy("-c", "adding.f90", "-m", "adding", "--no-native")
    shown = f2pypy("doctor", module, "data.py")
    assert shown.count("native code: off, because the module has none\n") == 2
    assert "0 of 0 routines are there\n" in shown


@needs_compiler
def test_a_routine_that_the_library_lacks(module):
    Path("less.f90").write_text(ADD.replace("add", "other"))
    f2pypy("-c", "less.f90", "-m", "less")
    other = str(Path("libless.so").resolve())
    shown = f2pypy("doctor", module, "less.py", status=1, F2PYPY_ADDING_LIBRARY=other)
    assert "0 of 1 routines are there\n  missing: add\n" in shown
    assert "less.py: " in shown


@needs_compiler
def test_a_library_that_is_not_there(module):
    Path("libadding.so").unlink()
    assert "no shared library with its Fortran procedures was found" in f2pypy("doctor", module, status=1)  # fmt: skip


def test_what_is_no_module_of_f2pypys(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text("x = 1\n")
    Path("wrong.py").write_text("x = = 1\n")
    shown = f2pypy("doctor", "mine.py", "wrong.py", status=1)
    assert "mine.py: it isn't a module that f2pypy wrote" in shown
    assert "wrong.py: invalid syntax" in shown


def test_the_library_that_is_named_is_looked_at(tmp_path, capsys, compiled):
    library = compiled(
        "\n      subroutine here(n)\n      integer n\n      n = 1\n      end\n"
    )
    source = tmp_path / "looked.f90"
    routine = "subroutine {0}(n)\ninteger, intent(out) :: n\nn = 1\nend subroutine\n"
    source.write_text("".join(map(routine.format, ("here", "gone", "away"))))
    module = tmp_path / "looked.py"
    words = ["-m", "looked", str(source), "-o", str(module), "--library"]
    assert run([*words, str(library)]) == 0
    said = capsys.readouterr().err
    assert f"warning: {library} lacks away, gone\n" in said
    assert "--no-library-check" in said
    # beside the module is a library by its name, which nobody asked for
    shutil.copy(library, tmp_path / "liblooked.so")
    for path in (str(tmp_path / "nowhere.so"), "nowhere.so"):
        assert run([*words, path]) == 0
        said = capsys.readouterr().err
        assert "looked: no shared library with its Fortran procedures was found" in said
        assert "nowhere.so" in said
    (tmp_path / "broken.so").write_text("no library")
    assert run([*words, str(tmp_path / "broken.so")]) == 0
    assert "can't be loaded" in capsys.readouterr().err
    for more in (["--no-library-check"], ["--quiet"]):
        assert run([*words, "nowhere.so", *more]) == 0
        assert capsys.readouterr().err == ""
    assert run([*words, "liblooked.so", "--no-native"]) == 0
    assert "lacks away, gone" in capsys.readouterr().err
    # a list of all names would hide that the library spells them otherwise
    assert run([*words, str(library), "--symbol", "my_{name}"]) == 0
    said = capsys.readouterr().err
    assert "none of the 3 routines is there: looked: no here in " in said
    assert "; tried the symbols my_here\n" in said
    assert "lacks" not in said
    shown = "\n".join(doctor.about_module(module))
    assert "0 of 3 routines are there\n  looked: no here in " in shown.replace(doctor.BAD, "")  # fmt: skip


def test_modules_that_programs_find_stay(tmp_path, monkeypatch):
    """Below a folder of `sys.path`, as in site-packages: a second import would make other classes."""
    (tmp_path / "usual_helper.py").write_text("")
    package = tmp_path / "package"
    package.mkdir()
    (package / "beside_helper.py").write_text("")
    (package / "looked.py").write_text("import beside_helper, usual_helper")
    monkeypatch.syspath_prepend(tmp_path)
    module = doctor.imported(package / "looked.py")
    assert "beside_helper" not in sys.modules
    assert sys.modules.pop("usual_helper") is module.usual_helper


DATA = """
module kept
  integer :: n = 3
  real(8), allocatable :: table(:)
  integer, parameter :: limit = 7
{0}
end module
subroutine step(i)
  integer, intent(out) :: i
  integer :: calls
  common /counted/ calls
{1}
  i = calls
end subroutine
"""
MORE = (
    "integer :: late\ntype point\nreal :: x = 0\nend type\ntype(point) :: origin\nreal, pointer :: view(:)",
    "real :: w\n  common /weights/ w",
)


@needs_compiler
def test_data_that_the_library_lacks(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("small.f90").write_text(DATA.format("", ""))
    Path("large.f90").write_text(DATA.format(*MORE))
    f2pypy("-c", "small.f90", "-m", "small")
    f2pypy("-c", "large.f90", "-m", "large")
    small, large = (str(Path(f"lib{name}.so").resolve()) for name in ("small", "large"))
    capsys.readouterr()
    words = ["-m", "looked", "large.f90", "-o", "looked.py", "--library"]
    assert run([*words, small]) == 0
    lacking = "the common block weights, the variable kept.late, the variable kept.origin, the variable kept.view"
    assert f"warning: {small} lacks {lacking}\n" in capsys.readouterr().err
    assert run([*words, large]) == 0
    assert capsys.readouterr().err == ""
    assert run([*words, small, "--quiet"]) == 0
    shown = f2pypy("doctor", "looked.py", status=1)
    assert f"1 of 1 routines are there\n  missing: {lacking}\n" in shown

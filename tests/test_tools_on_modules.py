"""What type checkers, Sphinx and coverage make of generated modules."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import f2pypy
from f2pypy.command.cli import run

ROOT = Path(__file__).parents[1]
SOURCE = """
module data
  implicit none
  enum, bind(c)
    enumerator :: red = 1, green
  end enum
  type point
    real(8) :: x = 0
  end type
  interface twice
    module procedure twice_real, twice_integer
  end interface
  integer :: n = 3, lambda = 4, int32 = 5
  real(8) :: table(2, 3)
  real(8), allocatable :: grown(:)
  character(len=8) :: label
  type(point) :: origin, corners(4)
  type(point), allocatable :: found
contains
  real(8) function total(x)
    real(8), intent(in) :: x(:)
    total = sum(x)
  end function
  real(8) function twice_real(x)
    real(8), intent(in) :: x
    twice_real = 2*x
  end function
  integer function twice_integer(x)
    integer, intent(in) :: x
    twice_integer = 2*x
  end function
  elemental real(8) function half(x)
    real(8), intent(in) :: x
    half = x/2
  end function
end module
subroutine step(state, f)
  real(8), intent(inout) :: state(:)
  interface
    real(8) function f(x)
      real(8), intent(in) :: x
    end function
  end interface
  integer :: count
  common /seen/ count
  state = state + f(state(1))
  count = count + 1
end subroutine
"""
USE = """
import numpy as np
import made

data = made.data
data.n = 5
data.table = [[1, 2, 3], [4, 5, 6]]
data.grown = None
data.grown = np.ones(3)
data.label = "text"
data.origin = data.point(x=2.0)
data.corners[1] = data.origin
data.found = None
made.seen.count = 0
colour: int = data.red
total: float = data.total(data.grown) + data.n.sum() + data.origin.x + data.corners[0].x
made.step(np.zeros(2), lambda x: x)
print(data.twice(3), data.half(2.0), total)
print(data.table.shape, data.grown[0], data.green.name)
"""
# Each line is a fault.
WRONG = """
data.nope
data.nope = 1
made.seen.nope
made.nope
data.origin.nope
data.table.nope
data.total("x", 3)
data.total(1, 2, 3)
data.blue
data.origin = 3
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with modules, which no library is made for, and with what uses them."""
    folder = tmp_path_factory.mktemp("modules")
    source = folder / "source.f90"
    source.write_text(SOURCE)
    words = ["-m", "made", str(source), "-o", str(folder / "made.py"), "--quiet"]
    assert run(words) == 0
    callbacks = str(ROOT / "fortran" / "callbacks.pyf")
    assert run([callbacks, "-o", str(folder / "callbacks.py"), "--quiet"]) == 0
    (folder / "use.py").write_text(USE)
    wrong = USE.splitlines()[:5] + WRONG.splitlines()[1:]
    (folder / "wrong.py").write_text("\n".join(wrong) + "\n")
    return folder


def lines_with_faults(output: str, file: str) -> set[int]:
    """Return the lines of a file in which a type checker has found errors."""
    found = [line.strip() for line in output.splitlines() if ": error:" in line or " - error:" in line]  # fmt: skip
    return {
        int(line.split(f"{file}:")[1].split(":")[0])
        for line in found
        if f"{file}:" in line
    }


WRONG_LINES = set(range(6, 6 + len(WRONG.splitlines()[1:])))


@pytest.mark.parametrize("flags", [[], ["--strict"]])
def test_mypy(folder: Path, flags: list[str]) -> None:
    command = [sys.executable, "-m", "mypy", "--config-file=", *flags, "."]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert lines_with_faults(ended.stdout, "wrong.py") == WRONG_LINES
    others = [line for line in ended.stdout.splitlines() if "error:" in line and "wrong.py" not in line]  # fmt: skip
    assert others == []


def test_pyright(folder: Path) -> None:
    pytest.importorskip("pyright")
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable]
    files = ["made.py", "use.py", "wrong.py"]
    ended = subprocess.run(
        [*command, *files], cwd=folder, capture_output=True, text=True
    )
    assert lines_with_faults(ended.stdout, "wrong.py") == WRONG_LINES
    others = [line for line in ended.stdout.splitlines() if " - error:" in line and "wrong.py" not in line]  # fmt: skip
    assert others == []


def test_coverage_leaves_out_the_runtime(tmp_path: Path) -> None:
    """With the setting that docs/generated.md tells."""
    pytest.importorskip("coverage")
    text = f2pypy.generate(
        "python module beside\ninteger i\ncommon /c/ i\nend python module\n"
    )
    (tmp_path / "beside.py").write_text(text)
    (tmp_path / "pyproject.toml").write_text(setting("toml"))
    (tmp_path / "use.py").write_text("import beside\nbeside.c.i = 3\n")
    for words in (["run", "use.py"], ["json", "-q", "--include=beside.py"]):
        command = [sys.executable, "-m", "coverage", *words]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    found = json.loads((tmp_path / "coverage.json").read_text())["files"]["beside.py"]
    banner = text[: text.index("# What the routines run on.")].count("\n")
    assert found["missing_lines"] == []
    assert 5 < max(found["executed_lines"]) < banner
    assert len(found["excluded_lines"]) > 100


def setting(language: str) -> str:
    """Return the only block of a language in docs/generated.md."""
    page = (ROOT / "docs" / "generated.md").read_text(encoding="utf-8")
    (block,) = page.split(f"```{language}\n")[1:]
    return block.split("```")[0]


# Names and comments that reStructuredText would take for markup, and text that it would take for another shape.
MARKS = """
!> A module whose `text has |marks| and *stars; see x_ and `pairs`.
module marks_
  implicit none
  !> A point_ in |space|.
  type point_
    real(8) :: x_ = 0 !< the x_ of |x|:
                      !!   1 2
    character(len=3) :: t_ = '*_ '
  contains
    procedure :: move_
  end type
  enum, bind(c)
    enumerator :: red_ = 1
  end enum
  integer :: count_ = 3 !! - how
                        !!   many_
  interface twice_
    module procedure twice_real_, twice_integer_
  end interface
  interface operator(*)
    module procedure times_
  end interface
  type(unknown_) :: lost_
contains
  !> Moves *it by |d|, as in a_, [1]_ and 2**n. Where:
  !!   1 2 3
  !!  4 5 6
  !! then
  !! - a_
  !! - b
  !! and more
  !!
  !! -x  option
  !! .. note: this
  !! Args:
  !!     what: no
  subroutine move_(self, d_, n_)
    class(point_), intent(inout) :: self
    integer, intent(in) :: n_ !< - the
                              !!   length_
                              !! - of *it
    real(8), intent(in) :: d_(n_) !< the `distance' |d_|:
                                  !!   1 2
    self%x_ = self%x_ + d_(1)
  end subroutine
  type(point_) function times_(a_, b_)
    type(point_), intent(in) :: a_
    real(8), intent(in) :: b_
    times_ = a_
  end function
  real(8) function twice_real_(x_)
    real(8), intent(in) :: x_
    twice_real_ = x_
  end function
  real(8) function twice_integer_(x_)
    integer, intent(in) :: x_
    twice_integer_ = x_
  end function
end module
subroutine outer_(f_, x_, y_, lda_)
  interface
    real(8) function f_(x_)
      real(8), intent(in) :: x_
    end function
  end interface
  integer, intent(in) :: lda_
  real(8), intent(inout) :: x_(lda_, *)
  real(8), intent(out) :: y_(lda_)
  real(8) w_
  common /blk_/ w_
  y_ = f_(1d0)
end subroutine
"""
DOCUMENTED = (
    "callbacks.pyf", "objects.pyf", "generics/told_apart.f90", "generics/enumerators.f90", "elemental/elementals.f90",
    "pointers/procedure_pointers.f90", "types/vectors.f90", "types/extended.f90", "types/asked.f90",
)  # fmt: skip


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with modules, which run without a library, and a page about each with everything that it has."""
    folder = tmp_path_factory.mktemp("documented")
    marks = folder / "marks.f90"
    marks.write_text(MARKS)
    for source in (marks, *(ROOT / "fortran" / name for name in DOCUMENTED)):
        module = f"doc_{source.stem}"
        words = [str(source)] if source.suffix == ".pyf" else ["-m", module, str(source)]  # fmt: skip
        written = folder / f"{module}.py"
        assert run([*words, "--runtime", "import", "--quiet", "-o", str(written)]) == 0
        text = written.read_text(encoding="utf-8")
        text = re.sub(r'^_library = Library\("\w+"', r"\g<0>, needed=False", text, flags=re.M)  # fmt: skip
        written.write_text(text, encoding="utf-8")
    script = str(ROOT / "tests" / "pages_about_modules.py")
    subprocess.run([sys.executable, script], cwd=folder, check=True)
    return folder


@pytest.mark.parametrize("extension", ["sphinx.ext.napoleon", "numpydoc"])
def test_sphinx_documents_all_that_modules_have_without_warnings(
    documented: Path, extension: str
) -> None:
    pytest.importorskip("numpydoc")
    (documented / "conf.py").write_text(
        "import sys\nsys.path.insert(0, '.')\n"
        f"extensions = ['sphinx.ext.autodoc', 'sphinx.ext.autosummary', '{extension}']\n{setting('python3')}"
    )
    command = [sys.executable, "-m", "sphinx", "-q", "-E", "-W", "--keep-going", "-b", "text", "."]  # fmt: skip
    ended = subprocess.run(
        [*command, extension], cwd=documented, capture_output=True, text=True
    )
    assert (ended.stderr, ended.returncode) == ("", 0)
    page = (documented / extension / "doc_marks.txt").read_text(encoding="utf-8")
    shown = " ".join(page.split())
    assert "Functions: y_ = outer_(f_,x_,[lda_,f__extra_args])" in shown
    assert "The Fortran module" in shown
    assert 'Moves "*it" by "|d|", as in "a_", "[1]_" and 2**n. Where: 1 2 3 4 5 6 then' in shown  # fmt: skip
    line = MARKS[: MARKS.index("type(unknown_)")].count("\n") + 1
    assert f"marks.f90:{line}: marks_.lost_ is left out" in shown
    assert "runtime" not in page.replace("f2pypy.runtime.", "")

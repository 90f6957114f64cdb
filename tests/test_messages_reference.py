"""The page of error messages: each is provoked, and says what the page says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from f2pypy.command import cli

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/reference/messages.md").read_text(encoding="utf-8")


def messages(heading: str) -> list[str]:
    """The messages in the table below a heading."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^\| `(.+?)` \|", section, re.M)
    return [each.replace(r"\|", "|") for each in found]


def pattern_of(message: str) -> re.Pattern[str]:
    parts = (re.escape(part) for part in message.split("..."))
    return re.compile(".*?".join(parts), re.S)


def in_signature(*statements: str) -> dict[str, str]:
    """A signature file with a routine of these lines, and a good one."""
    good = ("subroutine good()", "end subroutine")
    lines = ("python module a", "interface", *good, *statements, "end interface", "end python module")  # fmt: skip
    return {"a.pyf": "\n".join(lines)}


def routine(head: str, *statements: str) -> dict[str, str]:
    return in_signature(f"subroutine {head}", *statements, "end subroutine")


def fortran(*lines: str, name: str = "a.f90") -> dict[str, str]:
    return {name: "\n".join((*lines, ""))}


GOOD = ("subroutine good()", "end subroutine")
PYF = ["a.pyf"]
SCAN = ["-m", "x", "a.f90"]
BUILD = ["-c", *SCAN]
EMPTY = {"a.f90": "subroutine s()\nend subroutine\n"}
# For every message in the order of the page: the words of the command and the files.
Case = tuple[list[str], dict[str, str]]
COMMAND_LINE: list[Case] = [
    (["--fooo", "a.pyf"], {}),
    (["missing.pyf"], {}),
    (["a.txt"], {"a.txt": ""}),
    (["-c", "-m", "x", "a.f.src"], {"a.f.src": ""}),
    (["a.pyf", "b.pyf"], {"a.pyf": "", "b.pyf": ""}),
    (["-c", "-m", "class", "a.f90"], EMPTY),
    (["-c", "-m", "numpy", "a.f90"], EMPTY),
    (["-c", "-m", "x"], {}),
    (["-h", "a.pyf", "a.f90"], {**EMPTY, "a.pyf": ""}),
    (["--compiled-by", "ifort", "a.pyf"], {"a.pyf": ""}),
    (["--compiled-by", "gfortran-7", "a.pyf"], {"a.pyf": ""}),
]
READING: list[Case] = [
    (PYF, routine("f(n)", "integer, intent(hide) :: n = max(1, 2")),
    (PYF, routine("f(n)", "integr n")),
    (PYF, routine("f(n)", "#ifdef N", "integer n", "#endif")),
    (PYF, routine("f(n)", "integer, intnet(in) :: n")),
    (PYF, routine("f(n)", "integer, intent(inn) :: n")),
    (PYF, routine("f(n)", "integer (check n>0) :: n")),
    (PYF, routine("f(n)", "optional integer :: n = 1")),
    (PYF, routine("f(n)", "integer intent(in) n")),
    (PYF, routine("f(n)", "integer n m")),
    (PYF, {"a.pyf": "python module a\ninterface\nsubroutine f()\n"}),
    (PYF, in_signature("function f()", "end subroutine f")),
    (PYF, routine("f(n)", "include more.inc", "integer n")),
    (PYF, {"a.pyf": "subroutine f()\nend subroutine\n"}),
    (PYF, in_signature("include 'more.pyf'")),
    (["a.pyf.src"], {"a.pyf.src": routine("<s,d>f(n)", "<real,complex,logical> n")["a.pyf"]}),
    ([*SCAN, "--f2cmap", "kinds"], {**EMPTY, "kinds": "dict(real=dict(wp='duoble'))"}),
]  # fmt: skip
RESOLVING: list[Case] = [
    (PYF, routine("f(n)")),
    (PYF, routine("f(n, x)", "integer, depend(xx) :: n", "real x")),
    (PYF, routine("f(n)", "integer, intent(in, inout) :: n")),
    (PYF, routine("f(n)", "integer, check(n = 0) :: n")),
    (PYF, routine("f(n, x)", "integer, optional :: n = shape(x, 1)", "real x(*)")),
    (PYF, routine("f(n)", "integer, check(n > m) :: n")),
    (PYF, routine("f(n)", "integer :: n = helper(2)")),
    (PYF, routine("f(n, n)", "integer n")),
    (SCAN, fortran("subroutine s(x)", "use stuff, only: wp", "real(wp) x", "end", *GOOD)),
    (SCAN, fortran("subroutine s(x)", "real(16) x", "end", *GOOD)),
    (PYF, routine("f(x)", "type(shape) x")),
    (SCAN, fortran("subroutine s(x)", "real :: x[*]", "end", *GOOD)),
    (SCAN, fortran("module m", "interface read(formatted)", "procedure r", "end interface", "contains", *GOOD, "end")),
    (PYF, routine("f(g)", "external g")),
    (PYF, routine("f(n)", "integer n", "intent(callback) g", "external g", "call g(n)")),
    (SCAN, fortran("subroutine s(f)", "interface", "complex(10) function f()", "end function", "end interface", "end")),
    (PYF, routine("f(n)", "integer n", "callstatement { strlen(n); }")),
    ([*PYF, "only:", "godo"], in_signature()),
    (SCAN, fortran("program p", "end")),
]  # fmt: skip
BUILDING: list[Case] = [
    (BUILD, EMPTY),
    (BUILD, fortran("subroutine s", "x = = 3", "end")),
    (["-c", "-m", "x", "a.f"], fortran("      call t(1)", "      call t(1.0)", "      end", name="a.f")),
    (["-c", "-m", "x", "a.f"], fortran(f"      subroutine s(a{' ' * 60})", "      end", name="a.f")),
    (["-c", "-m", "x", "a.f"], fortran("      i = i .or. 1", "      end", name="a.f")),
    (BUILD, fortran("subroutine s", "use stuff", "end")),
    ([*BUILD, "b.f90"], {**fortran("module p", "use q", "end"), **fortran("module q", "use p", "end", name="b.f90")}),
    ([*BUILD, "-lnosuch"], EMPTY),
    ([*BUILD, "--dep", "nosuch"], EMPTY),
    ([*BUILD, "b.f90"], {**EMPTY, "b.f90": EMPTY["a.f90"]}),
    (BUILD, fortran("subroutine s", "call other()", "end")),
    (BUILD, EMPTY),
    ([*BUILD, "--f90flags=-fnosuch"], EMPTY),
]  # fmt: skip
STAGES = {
    "On the command line": COMMAND_LINE,
    "While f2pypy reads a file": READING,
    "When f2pypy decides how to call a routine": RESOLVING,
    "While compilers and the linker run": BUILDING,
}


@pytest.mark.parametrize("heading", STAGES)
def test_what_f2pypy_says(heading, tmp_path, monkeypatch, capfd) -> None:
    cases, told = STAGES[heading], messages(heading)
    if cases is BUILDING and not (shutil.which("gfortran") and shutil.which("pkg-config")):  # fmt: skip
        pytest.skip("needs gfortran and pkg-config")
    monkeypatch.setenv("LC_ALL", "C")
    assert len(told) == len(cases)
    for number, (message, (words, files)) in enumerate(zip(told, cases, strict=True)):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, text in files.items():
            folder.joinpath(name).write_text(text)
        with monkeypatch.context() as patch:
            patch.chdir(folder)
            if message.startswith("FFLAGS"):
                patch.setenv("FFLAGS", "'")
            if message.startswith("no Fortran compiler"):
                patch.setenv("PATH", "")
            cli.run(words)
        printed = capfd.readouterr()
        assert pattern_of(message).search(printed.out + printed.err), (message, printed)


CALLS = """
subroutine whole(n)
  integer, intent(in) :: n
end subroutine
subroutine small(n)
  integer(1), intent(in) :: n
end subroutine
subroutine table(n, a)
  integer, intent(in) :: n
  real(8), intent(in) :: a(n, 3)
end subroutine
subroutine changed(a)
  real(8), intent(inout) :: a(4)
end subroutine
subroutine text(s)
  character(len=4), intent(inout) :: s
end subroutine
subroutine given(s)
  character(len=*), intent(in) :: s
end subroutine
subroutine sums(f, y)
  interface
    real(8) function f(x)
      real(8), intent(in) :: x
    end function
  end interface
  real(8), intent(out) :: y
  y = f(1d0)
end subroutine
subroutine turns(f, z)
  interface
    complex(8) function f(x)
      real(8), intent(in) :: x
    end function
  end interface
  complex(8), intent(out) :: z
  z = f(1d0)
end subroutine
subroutine wider_64()
end subroutine
subroutine stops(n)
  integer, intent(in) :: n
  if (n < 0) error stop "n is negative"
end subroutine
module data
  integer, protected :: version = 1
  integer, parameter :: order = 2
  real(8), allocatable :: grid(:)
  type :: point
    real(8) :: x = 0
  end type
  type, abstract :: shape
  end type
contains
  subroutine show(p)
    type(point), intent(in) :: p
  end subroutine
  subroutine shift(p)
    type(point), intent(inout) :: p(:)
  end subroutine
end module
"""
# For every message in the order of the page, what raises it.
CALLING = """\
m.whole()
m.whole(k=1)
m.whole("three")
m.whole([1, 2])
m.whole(1 + 2j)
m.small(300)
m.whole(2**40)
m.table(["a"])
m.table(np.zeros((2, 2)))
m.table(np.zeros((2, 2, 2)))
m.changed([1, 2, 3, 4])
m.changed(np.zeros(4, int))
m.changed(np.zeros(8)[::2])
m.table(np.zeros((2, 3)), n=5)
m.text("abcd")
m.given("é")
m.sums(3)
m.sums(lambda x: None)
vars(m)["executable"] = refuse; m.turns(lambda x: 1j)
missing.nowhere(1)
missing.wider(1)
m.data.version = 3
m.data.order = 3
m.data.typo = 1
m.data.grid = [[1]]
m.data.show(3)
m.data.shift(m.data.point())
m.data.shape()
m.stops(-1)
""".splitlines()
PROGRAM = """\
import sys, warnings
import calls as m, missing, numpy as np
warnings.simplefilter("error")
def refuse(code):
    raise PermissionError("no machine code")
for call in sys.stdin.read().splitlines():
    try:
        exec(call)
    except Exception as failure:
        print(f"{type(failure).__name__}: {failure}".strip().replace("\\n", " "))
    else:
        print("nothing is raised:", call)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the module `calls`, and with `missing`, whose library lacks its routine."""
    if shutil.which("gfortran") is None:
        pytest.skip("needs gfortran")
    folder = tmp_path_factory.mktemp("calls")
    folder.joinpath("calls.f90").write_text(CALLS)
    both = [f"subroutine {name}(n)\ninteger n\nend subroutine" for name in ("nowhere", "wider")]  # fmt: skip
    signature = in_signature(*both)["a.pyf"]
    folder.joinpath("missing.pyf").write_text(signature.replace("module a", "module missing"))  # fmt: skip
    run = [sys.executable, "-m", "f2pypy", "--quiet"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    build = ["-c", "-m", "calls", "calls.f90", "--stop-raises", "--noopt"]
    subprocess.run([*run, *build], cwd=folder, env=environment, check=True)
    subprocess.run([*run, "missing.pyf", "-L.", "-lcalls"], cwd=folder, env=environment, check=True)  # fmt: skip
    return folder


def printed_by(program: str, folder: Path, text: str = "", **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=text,
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **variables},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout + done.stderr


def test_what_calls_say(built: Path) -> None:
    told = messages("While a routine is called")
    printed = printed_by(PROGRAM, built, "\n".join(CALLING)).splitlines()
    assert len(told) == len(CALLING) == len(printed), printed
    for message, line in zip(told, printed, strict=True):
        assert pattern_of(message).search(line), (message, line)


def test_what_imports_say(built: Path, tmp_path: Path) -> None:
    for name in ("missing.py", "calls.py"):
        shutil.copy(built / name, tmp_path)
    tmp_path.joinpath("a.c").write_text("extern int nowhere; int *f_(void) { return &nowhere; }")  # fmt: skip
    subprocess.run(["cc", "-shared", "-fPIC", "-o", "broken.so", "a.c"], cwd=tmp_path, check=True)  # fmt: skip
    broken = str(tmp_path / "broken.so")
    printed = [
        printed_by("import calls", tmp_path),
        printed_by("import calls", tmp_path, F2PYPY_CALLS_LIBRARY=broken),
        printed_by("import calls", built, F2PYPY_CALLS_ABI="x"),
        printed_by("import calls; calls.nosuch", built),
    ]
    told = messages("When a module is imported")
    for message, text in zip(told, printed, strict=True):
        assert pattern_of(message).search(text), (message, text)

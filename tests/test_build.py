"""From files on a command line to a module with its library: what is compiled, in which order, and what is said."""

from __future__ import annotations

import ast
import contextlib
import fcntl
import os
import re
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from terminals import open_terminal

from f2pypy.building import reading
from f2pypy.building.jobs import Jobs, Runner
from f2pypy.building.library import library_name
from f2pypy.building.messages import (
    read_complaints,
    read_link_failure,
    read_link_messages,
)
from f2pypy.building.order import find_dependences, find_modules
from f2pypy.building.sources import (
    Layout,
    Source,
    layout_of,
    original_rows,
    trace_origins,
    with_conditional_lines,
)
from f2pypy.building.toolchain import Toolchain
from f2pypy.command import cli
from f2pypy.command.arguments import parse
from f2pypy.command.flags import UNUSED_FLAGS, UNUSED_MACROS, Action, Flag
from f2pypy.command.progress import columns, progress_text
from f2pypy.command.usage import UsageError
from f2pypy.diagnostics import Diagnostics, Severity, Span
from f2pypy.model import Library
from f2pypy.options import BuildOptions, Options
from f2pypy.pipeline import (
    load_sources,
    resolve_signature,
    resolve_sources,
    scan_sources,
    write_module,
)
from f2pypy.reading.forms import Form
from f2pypy.signatures.writer import write_signature

FLANG_NEW = shutil.which("flang-new") or shutil.which("flang-new-19")
ROOT = Path(__file__).parent.parent
FORTRAN = ROOT / "fortran"

pytestmark = pytest.mark.skipif(
    shutil.which("gfortran") is None, reason="needs gfortran"
)

ADD = """\
function add(a, b) result(c)
  real(8), intent(in) :: a, b
  real(8) :: c
  c = a + b
end function
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def run(*argv: str) -> None:
    assert cli.run([*argv, "--quiet"]) == 0


def evaluate(expression: str, module: str = "m") -> str:
    """Return what the expression prints in a fresh interpreter that imports the module from here."""
    code = f"import {module} as m, numpy as np; print({expression})"
    # no bytecode: a test may write a module twice within the second that tells old bytecode from new
    command = [sys.executable, "-B", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# --- the words


def test_files_are_sorted_by_what_they_are() -> None:
    command = parse(["-c", "a.f90", "b.c", "x.pyf", "c.o", "libd.so", "-m", "m", "e.F"])
    assert command.action is Action.BUILD
    assert command.source == "x.pyf"
    assert command.sources == ("a.f90", "b.c", "e.F")
    assert command.extras == ("c.o", "libd.so")


@pytest.mark.parametrize(
    ("argv", "action"),
    [
        (["a.f90"], Action.SCAN),
        (["a.pyf"], Action.GENERATE),
        (["a.f90", "-h", "b.pyf"], Action.SIGNATURE),
        (["-c", "a.o", "-m", "m"], Action.BUILD),
    ],
)
def test_files_and_flags_decide_what_is_done(argv: list[str], action: Action) -> None:
    assert parse(argv).action is action


def test_flags_for_the_compilers() -> None:
    build = parse(
        [
            "-c",
            "a.f90",
            "--f77flags='-ffixed-form -O2'",
            '--f90flags="-ffixed-form -g"',
            "-DN=3",
            "-U",
            "M",
            "--include-paths inc",
            "--dep",
            "lapack",
            "--build-dir",
            "work",
        ]
    ).build
    assert build.flags == ("-ffixed-form", "-O2", "-ffixed-form", "-g")
    assert build.definitions == ("-DN=3", "-UM")
    assert build.include_dirs == ("inc",)
    assert build.dependencies == ("lapack",)
    assert build.build_dir == "work"


def test_flags_that_do_nothing_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.f90", ADD)
    argv = ["-c", "-m", "m", "a.f90", "--backend", "meson", "--fcompiler=gnu95"]
    assert cli.run(argv) == 0
    err = capsys.readouterr().err
    assert "--backend does nothing here: " in err
    assert "set FC" in err


@pytest.mark.parametrize(
    ("flag", "name"),
    [(flag, name) for flag in UNUSED_FLAGS for name in flag.names],
)
def test_every_flag_of_f2pys_is_taken_and_explained(flag: Flag, name: str) -> None:
    words = [name] if not flag.metavar else [f"{name}X" if flag.glued else f"{name}=X"]
    command = parse(["-c", "a.f90", *words])
    assert command.remarks == (f"{words[0]} does nothing here: {flag.remark}",)
    assert command == replace(parse(["-c", "a.f90"]), remarks=command.remarks)


def test_every_flag_is_in_the_documentation() -> None:
    """Sphinx makes the lists from the same table; the page has one for each group, and one for all other options."""
    made = (ROOT / "docs" / "_ext" / "option_list.py").read_text("utf-8")
    groups = re.findall(r'^    "(\w+)": {', made, re.M)
    assert len(groups) > 3
    text = (ROOT / "docs" / "command_line.md").read_text("utf-8")
    listed = re.findall(r"^```{options} (\w+)$", text, re.M)
    assert sorted(listed) == sorted([*groups, "others", "unused"])


@pytest.mark.parametrize("macro", UNUSED_MACROS)
def test_macros_of_f2pys_c_code_are_explained(macro: str) -> None:
    command = parse(["-c", "a.f90", f"-D{macro}=1"])
    assert command.remarks == (
        f"-D{macro}=1 does nothing here: {UNUSED_MACROS[macro]}",
    )
    assert command.build.definitions == (f"-D{macro}=1",)


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ([], ("-O3",)),
        (["--opt=-O1 -g"], ("-O1", "-g")),
        (["--noopt"], ()),
        (["--noopt", "--opt=-O2"], ()),
    ],
)
def test_flags_for_optimization(argv: list[str], expected: tuple[str, ...]) -> None:
    assert parse(["-c", "a.f90", *argv]).build.optimization == expected


def test_flags_for_the_processor() -> None:
    assert parse(["-c", "a.f90", "--arch=-march=native"]).build.flags == (
        "-march=native",
    )
    assert parse(["-c", "a.f90", "--arch=-m32", "--noarch"]).build.flags == ()


def test_flags_keep_the_blanks_in_quotes() -> None:
    build = parse(["-c", "a.f90", "--f90flags=-I'/a b' -O2"]).build
    assert build.flags == ("-I/a b", "-O2")
    with pytest.raises(UsageError, match="compiler flags can't be split"):
        parse(["-c", "a.f90", "--f90flags=-I'a b"])


def test_folders_are_separated_as_the_system_does_it() -> None:
    command = parse(["-c", "a.f90", "--include-paths", os.pathsep.join(["a", "b c"])])
    assert command.options.include_dirs == command.build.include_dirs == ("a", "b c")


def test_files_of_other_sorts_are_refused() -> None:
    with pytest.raises(
        UsageError, match=r"a\.txt: \.txt isn't the suffix of a signature"
    ):
        parse(["-c", "a.f90", "a.txt"])
    for name in ("a.f.src", "a.F90.src", "a.c.src"):
        with pytest.raises(UsageError, match="expand this one first"):
            parse(["-c", "-m", "m", name])
    assert parse(["a.pyf.src"]).source == "a.pyf.src"
    with pytest.raises(UsageError, match=r"b\.o can only be linked, which needs -c"):
        parse(["a.f90", "b.o"])


def test_libraries_with_versions_are_libraries() -> None:
    assert parse(["-c", "a.f90", "libx.so.3.1"]).extras == ("libx.so.3.1",)


def test_two_signature_files_are_refused() -> None:
    with pytest.raises(UsageError, match=r"Only one \.pyf file per call"):
        parse(["-c", "a.pyf", "b.pyf", "c.f90"])


# --- what is built


def test_the_module_and_its_library_are_left_here(here: Path) -> None:
    write("a.f90", ADD)
    run("-c", "-m", "m", "a.f90")
    assert sorted(p.name for p in here.iterdir()) == [
        "a.f90",
        library_name("m"),
        "m.py",
    ]
    assert evaluate("m.add(1, 2)") == "3.0"


def test_the_default_name_is_untitled() -> None:
    write("a.f90", ADD)
    run("-c", "a.f90")
    assert evaluate("m.add(1, 2)", "untitled") == "3.0"


def test_only_and_skip() -> None:
    write("a.f90", ADD + ADD.replace("add", "sum2") + ADD.replace("add", "sum3"))
    run("-c", "-m", "m", "a.f90", "only:", "add", "SUM2", ":", "skip:", "sum2", ":")
    assert evaluate("m.__all__") == "['add']"


def test_a_signature_file_describes_the_sources() -> None:
    write("a.f90", ADD)
    write(
        "m.pyf",
        """\
python module m
  interface
    function plus(a, b) result(c)
      fortranname add
      real(kind=8) :: a
      real(kind=8), optional :: b = 10
      real(kind=8) :: c
    end function
  end interface
end python module
""",
    )
    run("-c", "m.pyf", "a.f90")
    assert evaluate("m.plus(1), m.__all__") == "11.0 ['plus']"


def test_an_extent_that_the_compiler_refuses_costs_its_routine(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # gfortran opens a module for submodules only where its CONTAINS is in the same file
    write(
        "rest.inc",
        "contains\n subroutine fill(x)\n  real, intent(out) :: x(n)\n  x = 1\n end subroutine\n"
        " subroutine pair(x)\n  real, intent(out) :: x(2)\n  x = 2\n end subroutine\n",
    )
    write(
        "a.f90",
        'module held\n integer, private :: n = 3\n include "rest.inc"\nend module\n',
    )
    assert cli.run(["-c", "-m", "m", "a.f90"]) == 0
    told = capsys.readouterr()
    assert "warning: the compiler refused to compute extents: " in told.err
    assert "rest.inc:3:26: skipped: fill is left out: unknown name n" in told.err
    assert told.out == "m.py: 1 routine wrapped, 1 skipped\n"
    assert evaluate("m.held.pair().tolist()") == "[2.0, 2.0]"


def test_what_computes_extents_is_not_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(
        "a.f90",
        "module held\n integer, private :: n = 3\ncontains\n"
        " subroutine fill(x)\n  real, intent(out) :: x(n)\n  x = 1\n end subroutine\nend module\n",
    )
    assert cli.run(["-c", "-m", "m", "a.f90"]) == 0
    assert capsys.readouterr().out == "m.py: 1 routine wrapped, 0 skipped\n"
    assert evaluate("m.held.fill().tolist()") == "[1.0, 1.0, 1.0]"


def test_sources_are_compiled_after_those_they_use() -> None:
    files = [
        str(FORTRAN / "several" / name) for name in ("solver.f90", "precision.f90")
    ]
    run("-c", "-m", "m", *files)
    assert evaluate("m.solver.steps") == "6"


def test_the_order_follows_modules_and_submodules() -> None:
    texts = {
        "sub.f90": "submodule (base) s\nend submodule\n",
        "main.f90": "subroutine a\nuse mid\nend subroutine\n",
        "mid.f90": "module mid\nuse base\nend module\n",
        "base.f90": "module base\nend module\n",
    }
    sources = [Source(Path(name), text, Form.FREE) for name, text in texts.items()]
    assert find_dependences(sources) == {0: {3}, 1: {2}, 2: {3}, 3: set()}


def test_a_circle_of_modules_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.f90", "module a\nuse b\nend module\n")
    write("b.f90", "module b\nuse a\nend module\n")
    assert cli.run(["-c", "a.f90", "b.f90"]) == 1
    assert capsys.readouterr().err == (
        "f2pypy: error: these files use each other's modules in a circle: a.f90 -> b.f90 -> a.f90\n"
    )


def test_the_preprocessor_runs_on_capital_suffixes() -> None:
    write(
        "a.F90",
        "#ifdef WIDE\n#define KIND 8\n#else\n#define KIND 4\n#endif\n"
        + ADD.replace("real(8)", "real(KIND)"),
    )
    run("-c", "-m", "narrow", "a.F90")
    run("-c", "-m", "wide", "a.F90", "-DWIDE")
    assert evaluate("m.add(1, 1e-10)", "narrow") == "1.0"
    assert evaluate("m.add(1, 1e-10)", "wide") == "1.0000000001"


def test_messages_show_lines_of_preprocessed_files_without_their_ends() -> None:
    path = Path("a.F90")
    path.write_bytes(b"subroutine s\r\nend\r\n")
    rows = original_rows([Span("a.F90", 2), Span("made_up.F90", 1)])
    assert rows == {"a.F90": ("subroutine s", "end", ""), "made_up.F90": ()}


def test_lines_keep_their_places_behind_the_preprocessor() -> None:
    text = (
        '# 1 "a.F90"\n# 1 "<built-in>"\nnot ours\n# 1 "a.F90"\nfirst\n'
        '# 1 "b.inc" 1\nincluded\n# 3 "a.F90" 2\nthird\n#line "other.f90" 9\nninth\n'
    )
    rows, places = trace_origins(text, "a.F90")
    assert rows == "first\nincluded\nthird\nninth\n"
    assert places == (
        Span("a.F90", 1),
        Span("b.inc", 1),
        Span("a.F90", 3),
        Span("other.f90", 9),
    )


def test_fixed_form_in_a_free_suffix_is_compiled_as_it_is_read() -> None:
    write(
        "a.f90",
        "c     -*- fix -*-\n      integer function two()\n      two =\n     & 2\n      end\n",
    )
    run("-c", "-m", "m", "a.f90")
    assert evaluate("m.two()") == "2"


def test_objects_and_libraries_are_linked(here: Path) -> None:
    write("helper.f90", ADD)
    write(
        "user.f90",
        "function twice(a)\n  real(8) :: a, twice, add\n  external add\n  twice = add(a, a)\nend function\n",
    )
    subprocess.run(["gfortran", "-fPIC", "-c", "helper.f90"], check=True)
    run("-c", "-m", "static", "user.f90", "helper.o")
    assert evaluate("m.twice(2)", "static") == "4.0"
    (here / "lib").mkdir()
    subprocess.run(
        ["gfortran", "-shared", "helper.o", "-o", "lib/libhelp.so"], check=True
    )
    run("-c", "-m", "dynamic", "user.f90", "-Llib", "-lhelp")
    assert evaluate("m.twice(2)", "dynamic") == "4.0"


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_objects_alone_are_linked_without_a_fortran_compiler(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write("half.c", "void half_(double *x) { *x /= 2; }\n")
    subprocess.run(["cc", "-fPIC", "-c", "half.c"], check=True)
    write(
        "m.pyf",
        "python module m\ninterface\nsubroutine half(x)\nreal(kind=8), intent(in, out) :: x\n"
        "end subroutine\nend interface\nend python module\n",
    )
    monkeypatch.setenv("FC", "no-such-compiler")
    run("-c", "m.pyf", "half.o")
    assert evaluate("m.half(3)") == "1.5"


def test_names_of_files_may_have_letters_that_no_terminal_has(here: Path) -> None:
    write("a.f90", ADD)
    done = subprocess.run(
        [*PROGRAM, "-m", "größe", "a.f90"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.startswith(b"gr\\xf6\\xdfe.py: 1 routine wrapped")
    assert (here / "größe.py").is_file()


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_c_sources_and_usercode_are_compiled() -> None:
    write("half.c", "void half_(double *x) { *x /= 2; }\n")
    write(
        "m.pyf",
        """\
python module m
  usercode '''
double third(double x) { return x/3; }
'''
  interface
    subroutine half(x)
      real(kind=8), intent(in, out) :: x
    end subroutine
    function third(x)
      real(kind=8), intent(c) :: third, x
    end function
  end interface
end python module
""",
    )
    run("-c", "m.pyf", "half.c")
    assert evaluate("m.half(3), m.third(6)") == "1.5 2.0"


def test_without_a_c_compiler_c_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    write("a.c", "void a(void) {}\n")
    write("a.f90", ADD)
    assert cli.run(["-c", "-m", "m", "a.f90", "a.c"]) == 1
    assert "no C compiler was found: no-such-compiler" in capsys.readouterr().err


def test_the_environment_chooses_compiler_and_flags(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = BuildOptions(debug=True, libraries=("m",))
    tools = Toolchain(
        {"FC": "gfortran -m64", "FFLAGS": "-fopenmp '-Dx=a b'", "LDFLAGS": "-fopenmp"},
        options,
    )
    command = tools.compile_command(
        Source(Path("a.f90"), ADD, Form.FREE),
        Path("a.o"),
        Path("work"),
    )
    monkeypatch.delenv("PATH", raising=False)
    assert command[:2] == ["gfortran", "-m64"]
    assert "-g" in command
    assert "-Dx=a b" in command
    link = tools.link_command([Path("a.o")], (), Path("x.so"), fortran=True)
    assert link[-3:] == ["-fopenmp", "-o", "x.so"]


TAKES = """\
module kinds
  type point
    real :: x
  end type
end module
subroutine takes(p, r)
  use kinds
  type(point), intent(in) :: p
  real(8), intent(in) :: r
  external report
  call report(r)
end subroutine
subroutine outer(r)
  use kinds
  real(8), intent(in) :: r
  call takes(point(1), r)
end subroutine
"""
TAKES_SIGNATURE = """\
python module takes__user__routines
  interface
    subroutine report(r)
      real(8), intent(in) :: r
    end subroutine
  end interface
end python module
python module lo
  interface
    subroutine takes(p, r)
      use takes__user__routines
      type(point), intent(in) :: p
      real(8), intent(in) :: r
      intent(callback, hide) report
    end subroutine
    subroutine outer(r)
      real(8), intent(in) :: r
    end subroutine
  end interface
end python module
"""


@pytest.mark.parametrize("skipped", [(), ("skip:", "takes", ":")])
def test_what_a_routine_that_is_left_out_calls_by_name(
    here: Path, skipped: tuple[str, ...]
) -> None:
    write("a.f90", TAKES)
    write("lo.pyf", TAKES_SIGNATURE)
    run("-c", "lo.pyf", "a.f90", *skipped)
    done = "import lo; got = []; lo.report = got.append; lo.outer(2); assert got == [2]"
    subprocess.run([sys.executable, "-c", done], check=True, cwd=here)


LISTED = """\
python module twice__user__routines
  interface
    subroutine report(r)
      real(8), intent(in) :: r
    end subroutine
    real(8) function f(x)
      real(8), intent(in) :: x
    end function
  end interface
end python module
python module listed
  interface
    subroutine twice(r, report, f{more})
      use twice__user__routines
      real(8), intent(in) :: r
      intent(callback) report
      external report, f
{said}
    end subroutine
  end interface
end python module
"""


@pytest.mark.parametrize(
    ("more", "said", "call"),
    [
        ("", "", "twice(2, got.append, lambda x: 2 * x)"),
        (", n", "integer, intent(out) :: n", "twice(2, got.append, lambda x: 2 * x)"),
        ("", "intent(callback, hide) report", "twice(2, lambda x: 2 * x)"),
    ],
)
def test_a_procedure_called_by_name_may_be_among_the_arguments(
    here: Path, more: str, said: str, call: str
) -> None:
    """Fortran doesn't get it, and finds the arguments after it in their places."""
    dummies = f"r, f{more}"
    declared = "integer, intent(out) :: n" if more else ""
    write(
        "twice.f90",
        f"subroutine twice({dummies})\n real(8), intent(in) :: r\n real(8), external :: f\n external report\n"
        f" {declared}\n call report(f(r))\n {'n = 7' if more else ''}\nend subroutine\n",
    )
    write("listed.pyf", LISTED.format(more=more, said=said))
    run("-c", "listed.pyf", "twice.f90")
    given = "listed.report = got.append; " if "hide" in said else ""
    done = f"import listed; got = []; {given}n = listed.{call}; assert (n, got) == ({7 if more else None}, [4])"
    subprocess.run([sys.executable, "-c", done], check=True, cwd=here)


@pytest.mark.parametrize(
    ("flags", "linked"),
    [
        ("-O3 -fopenmp -Wall", "-fopenmp"),
        ("-Ofast -ffast-math -funroll-loops -std=f2018 -cpp -DA=1 -Iinc -Jmods", ""),
        ("-fsanitize=address,undefined -g -fsanitize-recover", "-fsanitize=address,undefined -fsanitize-recover"),
        ("-fcoarray=lib -L/opt/caf -lcaf_mpi", "-fcoarray=lib -L/opt/caf -lcaf_mpi"),
        ("-pg -p --coverage -fprofile-arcs -ftest-coverage", "-pg -p --coverage -fprofile-arcs"),
        ("-static-libgfortran -static-libgcc -shared-libgcc", "-static-libgfortran -static-libgcc -shared-libgcc"),
        ("-static-intel -qopenmp -qmkl=sequential", "-static-intel -qopenmp -qmkl=sequential"),
        ("-m32 -march=native -mtune=native", "-m32 -march=native"),
        ("-flto=auto -fuse-ld=gold", "-flto=auto -fuse-ld=gold"),
        ("-Xlinker --no-relax -z now -framework Accelerate -O2", "-Xlinker --no-relax -z now -framework Accelerate"),
        ("-pipe -fPIC -fopenacc -Wl,-O1 -fpp -fpe0", "-fopenacc -Wl,-O1"),
        ("-Xlinker", "-Xlinker"),
    ],
)  # fmt: skip
def test_the_link_gets_the_flags_that_it_needs(flags: str, linked: str) -> None:
    options = BuildOptions(flags=tuple(flags.split()))
    tools = Toolchain({"FC": "gfortran", "CC": "cc"}, options)
    objects, target = [Path("a.o")], Path("x.so")
    command = tools.link_command(objects, (), target, fortran=True)
    plain = Toolchain({"FC": "gfortran", "CC": "cc"}, BuildOptions())
    before = plain.link_command(objects, (), target, fortran=True)
    assert command == [*before[:-2], *linked.split(), "-o", "x.so"]
    # C's compiler doesn't know Fortran's flags
    of_c = tools.link_command(objects, (), target, fortran=False)
    assert of_c == plain.link_command(objects, (), target, fortran=False)
    own = Toolchain({"CC": "cc", "CFLAGS": flags}, BuildOptions())
    of_c = own.link_command(objects, (), target, fortran=False)
    assert of_c[-2 - len(linked.split()) : -2] == linked.split()


@pytest.mark.parametrize("flag", ["-fopenmp", "-fsanitize=undefined", "-pg", "--coverage"])  # fmt: skip
def test_what_a_flag_needs_is_linked(here: Path, flag: str) -> None:
    write("a.f90", ADD)
    run("-c", "-m", "m", "a.f90", f"--f90flags={flag}")
    done = "import m; assert m.add(1, 2) == 3"
    subprocess.run([sys.executable, "-c", done], check=True, cwd=here)


def test_intermediate_files_stay_where_they_are_wanted(here: Path) -> None:
    write("a.f90", "module held\nend module\n" + ADD)
    run("-c", "-m", "m", "a.f90", "--build-dir", "work")
    # a compiler that has no table of its own was asked in a folder below
    kept = [p for p in (here / "work").iterdir() if p.is_file()]
    assert {p.suffix for p in kept} == {".o", ".mod"}


def test_a_kind_map_gives_kinds(here: Path) -> None:
    write(
        "a.f90",
        "include 'kinds.inc'\n".replace("include 'kinds.inc'\n", "")
        + ADD.replace("real(8)", "real(rk)").replace(
            "function add(a, b) result(c)\n",
            "function add(a, b) result(c)\n  use outside, only: rk\n",
        ),
    )
    write("outside.f90", "module outside\n  integer, parameter :: rk = 8\nend module\n")
    subprocess.run(["gfortran", "-c", "outside.f90"], check=True)
    write("map", "{'REAL': {'rk': 'double'}}")
    run("-c", "-m", "m", "a.f90", "--f2cmap", "map", "-I", str(here))
    assert evaluate("m.add(1, 1e-10)") == "1.0000000001"


def test_the_kind_map_of_the_folder_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    write("outside.f90", "module outside\n  integer, parameter :: rk = 8\nend module\n")
    subprocess.run(["gfortran", "-c", "outside.f90"], check=True)
    text = ADD.replace("real(8)", "real(rk)")
    write("a.f90", text.replace("(c)\n", "(c)\n  use outside, only: rk\n", 1))
    write(
        ".f2py_f2cmap",
        "# kinds\n{'real': dict(rk='double'),\n 'integer': {'ik': 'nothing', 8: 'int'}}\n",
    )
    assert cli.run(["-c", "-m", "m", "a.f90"]) == 0
    captured = capsys.readouterr()
    assert "Reading f2cmap from '.f2py_f2cmap' ...\n" in captured.out
    assert '\tMapping "real(kind=rk)" to "double"\n' in captured.out
    assert '\tMapping "integer(kind=8)" to "int"\n' in captured.out
    assert captured.err.startswith(
        ".f2py_f2cmap:3:20: warning: integer of kind ik is left out: there is no C type 'nothing'\n"
    )
    assert evaluate("m.add(1, 1e-10)") == "1.0000000001"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[1]", "map:1:1"),
        ("\n{'real': 3}", "map:2:10"),
        ("{'real': {'a': print()}}", "map:1:16"),
        ("{'real':\n {3:[}}", "map:2"),
        ("", "map:1"),
    ],
)
def test_what_is_no_kind_map_is_refused_with_its_place(
    text: str, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.f90", ADD)
    write("map", text)
    assert cli.run(["-m", "m", "a.f90", "--f2cmap", "map"]) == 1
    assert capsys.readouterr().err.startswith(f"{place}: error: expected a kind map")


def test_packages_are_asked_of_pkg_config(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = here / "a tool"
    program.write_text(
        "#!/bin/sh\ncase $1 in --cflags) echo -DFROM_PACKAGE=5;; --libs) echo -lm;; esac\n"
        "case $2 in absent) echo no package absent >&2; exit 1;; esac\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PKG_CONFIG", f"'{program}'")
    write("a.F90", "integer function from()\n  from = FROM_PACKAGE\nend function\n")
    run("-c", "-m", "m", "a.F90", "--dep", "known")
    assert evaluate("m.from_() if hasattr(m, 'from_') else getattr(m, 'from')()") == "5"
    assert cli.run(["-c", "-m", "m", "a.F90", "--dep", "absent"]) == 1
    monkeypatch.setenv("PKG_CONFIG", "no-such-program")
    assert cli.run(["-c", "-m", "m", "a.F90", "--dep", "known"]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert "--dep absent: " in first
    assert first.endswith("doesn't know it: no package absent")
    assert second == "f2pypy: error: --dep known: no-such-program can't be run: No such file or directory"  # fmt: skip


def test_a_flag_lets_the_preprocessor_see_every_source() -> None:
    write("a.f90", "#define KIND 8\n" + ADD.replace("real(8)", "real(KIND)"))
    run("-c", "-m", "m", "a.f90", "--f90flags=-cpp")
    assert evaluate("m.add(1, 1e-10)") == "1.0000000001"


def test_flags_of_the_environment_reach_the_preprocessor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CPPFLAGS", "-DKIND=8")
    write("a.F90", ADD.replace("real(8)", "real(KIND)"))
    run("-c", "-m", "m", "a.F90")
    assert evaluate("m.add(1, 1e-10)") == "1.0000000001"


def test_the_compiler_of_the_command_line_comes_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FC", "no-such-compiler")
    write("a.f90", ADD)
    gfortran = shutil.which("gfortran")
    for flag in ("--f90exec", "--f77exec"):
        run("-c", "-m", "m", "a.f90", f"{flag}={gfortran}")
    assert cli.run(["-c", "-m", "m", "a.f90", "--f90exec=nowhere"]) == 1
    assert "no Fortran compiler was found: nowhere is not on PATH" in capsys.readouterr().err  # fmt: skip


@pytest.mark.skipif(FLANG_NEW is None, reason="needs flang")
def test_flang_preprocesses_and_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FC", str(FLANG_NEW))
    Path("inc").mkdir()
    write("inc/kinds.h", "#define KIND 8\n")
    write("base.f90", "module base\n  real(8) :: scale = 3\nend module\n")
    write(
        "a.F90",
        '#include "kinds.h"\nsubroutine scaled(x)\n  use base\n  real(KIND), intent(inout) :: x\n'
        "!f2py intent(in, out) x\n  x = x*scale*FACTOR\nend subroutine\n",
    )
    write("b.f77", "      integer function two()\n      two = 2\n      end\n")
    run("-c", "-m", "m", "a.F90", "b.f77", "base.f90", "-Iinc", "-DFACTOR=2")
    assert evaluate("m.scaled(2), m.two(), m.base.scale") == "12.0 2 3.0"


def test_a_signature_file_alone_needs_no_compiler(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        "m.pyf",
        "python module m\ninterface\nfunction cos(x)\nreal(kind=8), intent(c) :: cos, x\n"
        "end function\nend interface\nend python module\n",
    )
    monkeypatch.setenv("FC", "no-such-compiler")
    run("-c", "m.pyf", "-lm")
    assert sorted(p.name for p in here.iterdir()) == ["m.py", "m.pyf"]
    assert evaluate("m.cos(0)") == "1.0"


def test_without_a_fortran_compiler_it_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.f90", ADD)
    monkeypatch.setenv("FC", "no-such-compiler")
    assert cli.run(["-c", "-m", "m", "a.f90"]) == 1
    assert "no Fortran compiler was found: no-such-compiler" in capsys.readouterr().err
    assert not Path("m.py").exists()


# --- which file comes first


@pytest.mark.parametrize(
    ("text", "form", "defined", "used"),
    [
        ("module a\nend module a\n", Form.FREE, {"a"}, set()),
        ("MODULE A; USE B; END MODULE\n", Form.FREE, {"a"}, {"b"}),
        ("subroutine s; use b, only: c\nend\n", Form.FREE, set(), {"b"}),
        ("use, intrinsic :: iso_c_binding\nuse, non_intrinsic :: x\nuse::y\n", Form.FREE, set(), {"x", "y"}),
        ("use &\n  ! why\n  & far, only: a\n", Form.FREE, set(), {"far"}),
        ("submodule (p) q\nsubmodule (p:q) r\n", Form.FREE, {"p:q", "p:r"}, {"p", "p:q"}),
        ("interface\nmodule procedure x\nend interface\n", Form.FREE, set(), set()),
        ("module subroutine x\nmodule function y()\n", Form.FREE, set(), set()),
        ("print *, 'a'; use = 3\n! module x\n! a; use x\nuser = 1\n", Form.FREE, set(), set()),
        ("      use far,\n     & only: a\nc     use x\n", Form.FIXED, set(), {"far"}),
        ("      module m ! as it were\n      end\n", Form.FIXED, {"m"}, set()),
        ("include 'part.inc'\n", Form.FREE, {"part"}, {"whole"}),
        ("include 'nowhere.inc'\ninclude 'self.inc'\n", Form.FREE, set(), set()),
    ],
)  # fmt: skip
def test_lines_about_modules_are_found(
    text: str, form: Form, defined: set[str], used: set[str]
) -> None:
    Path("parts").mkdir()
    write("parts/part.inc", "module part\nuse whole\nend module\n")
    write("self.inc", "include 'self.inc'\n")
    found = find_modules(Source(Path("a"), text, form), ["parts"])
    assert (found.defined, found.used) == (defined, used)


def test_jobs_that_wait_for_nothing_run_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    together = threading.Barrier(2, timeout=30)
    order: list[int] = []

    def work(number: int) -> None:
        if number < 2:
            together.wait()
        order.append(number)

    jobs = Jobs({0: (), 1: (), 2: (0, 1), 3: (2,)}, work)
    jobs.wait()
    assert not jobs.failures
    assert order[2:] == [2, 3]


def test_after_a_failure_no_job_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    begun: list[int] = []

    def work(number: int) -> None:
        begun.append(number)
        if number == 1:
            raise ValueError(number)

    jobs = Jobs({0: (), 1: (0,), 2: (), 3: (1,)}, work)
    jobs.wait()
    assert list(jobs.failures) == [1]
    assert 3 not in begun


# --- names and places


def test_files_of_one_name_in_two_folders() -> None:
    for folder, name in (("a", "add"), ("b", "sum2")):
        Path(folder).mkdir()
        write(f"{folder}/x.f90", ADD.replace("add", name))
    run("-c", "-m", "m", "a/x.f90", "b/x.f90")
    assert evaluate("m.add(1, 2), m.sum2(3, 4)") == "3.0 7.0"


@pytest.mark.parametrize("is_absolute", [True, False])
def test_names_with_blanks_and_letters(here: Path, is_absolute: bool) -> None:
    folder = (here if is_absolute else Path()) / "an ünusual place"
    folder.mkdir()
    source = write(str(folder / "äd d.f90"), ADD)
    run("-c", "-m", "größe", source, "-o", str(folder / "größe.py"), "--build-dir", "w ö/x")  # fmt: skip
    assert {p.name for p in folder.iterdir()} == {
        "äd d.f90",
        "größe.py",
        library_name("größe"),
    }
    code = "import sys; sys.path.insert(0, 'an ünusual place'); import größe; print(größe.add(1, 2))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.strip() == b"3.0"


def test_a_source_named_like_a_flag() -> None:
    write("-odd.f90", ADD)
    assert cli.run(["-c", "-m", "m", "--quiet", "--", "-odd.f90"]) == 0
    assert evaluate("m.add(1, 2)") == "3.0"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.b", "'a.b' can't be the name of a Python module"),
        ("class", "'class' can't be the name of a Python module"),
        ("2d", "'2d' can't be the name of a Python module"),
        ("numpy", "a module can't be named 'numpy': it imports numpy"),
        ("ctypes", "a module can't be named 'ctypes': it imports ctypes"),
    ],
)
def test_names_that_no_module_can_have(
    name: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.f90", ADD)
    assert cli.run(["-c", "-m", name, "a.f90"]) == 2
    assert message in capsys.readouterr().err
    if name.isidentifier():
        write("a.pyf", f"python module {name}\nend python module {name}\n")
        assert cli.run(["a.pyf"]) == 1
        assert message in capsys.readouterr().err


def test_names_of_pythons_own_modules_are_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("a.f90", ADD)
    assert cli.run(["-m", "random", "a.f90"]) == 0
    assert capsys.readouterr().err == (
        "f2pypy: random.py hides Python's own module 'random' where it comes first on the path\n"
    )


@pytest.mark.parametrize(
    "hiding",
    ["m.cpython-311-x86_64-linux-gnu.so", "m.abi3.so", "m.so", "m.pypy39-pp73-x86_64-linux-gnu.so",
     "m.cp312-win_amd64.pyd", "m/__init__.py"],
)  # fmt: skip
def test_what_python_imports_instead_is_told(
    hiding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("p/m").mkdir(parents=True)
    for harmless in ("libm.so", "m.f90", "xm.so", "m.so.1", "m/a.py", hiding):
        Path("p", harmless).touch()
    write("a.pyf", "python module m\nend python module\n")
    assert cli.run(["a.pyf", "-o", "p/m.py"]) == 0
    assert [
        line for line in capsys.readouterr().err.splitlines() if "hides" in line
    ] == [
        f"f2pypy: p/{hiding} hides p/m.py: Python imports it instead. Remove it, or choose another name with -m"
    ]


def test_what_is_read_is_not_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.f90", ADD)
    assert cli.run(["-c", "-m", "m", "a.f90", "-o", "./a.f90"]) == 2
    assert cli.run(["a.f90", "-h", "a.f90", "--overwrite-signature"]) == 2
    run("-c", "-m", "m", "a.f90")
    assert cli.run(["-c", "-m", "m", library_name("m"), "m.pyf"]) == 2
    write("m.pyf", "python module m\nend python module m\n")
    assert cli.run(["-c", library_name("m"), "m.pyf"]) == 2
    assert capsys.readouterr().err.count("is the source file") == 3
    assert Path("a.f90").read_text() == ADD


def test_missing_files_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.f90", ADD)
    argv = ["-c", "a.f90", "b.f90", "c.o", "--f2cmap", "map"]
    assert cli.run(argv) == 2
    assert capsys.readouterr().err == "".join(
        f"f2pypy: {name} can't be read: No such file or directory\n"
        for name in ("b.f90", "c.o", "map")
    )


def test_what_is_no_text_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.f90").write_bytes(b"\x7fELF\0\0")
    for flags in ([], ["-c"], ["-h", "stdout"]):
        assert cli.run(["-m", "m", "a.f90", *flags]) == 1
        assert capsys.readouterr().err == (
            "f2pypy: error: a.f90 is not a text file: it contains a NUL byte\n"
        )


def test_folders_are_no_sources(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.f90").mkdir()
    write("b.f90", ADD)
    for argv in (["-c", "a.f90"], ["a.f90"], ["b.f90", "--f2cmap", "a.f90"]):
        assert cli.run(argv) == 1
        assert capsys.readouterr().err == (
            "f2pypy: a.f90 can't be read: it is a directory, not a file\n"
        )


def test_a_folder_for_temporary_files_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.f90", ADD)
    monkeypatch.setattr(tempfile, "tempdir", "nowhere")
    assert cli.run(["-c", "a.f90"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("f2pypy: nowhere/f2pypy-")
    assert err.endswith(": No such file or directory\n")


def test_faults_of_f2pypy_are_not_taken_for_bad_files(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("by mistake")

    write("a.f90", ADD)
    monkeypatch.setattr(reading, "read_source", fail)
    for flags in ([], ["-c"], ["-h", "stdout"]):
        assert cli.run(["a.f90", *flags]) == 3
        assert "internal error: ValueError: by mistake" in capsys.readouterr().err


def test_a_file_named_twice_is_compiled_once() -> None:
    write("a.f90", ADD)
    run("-c", "-m", "m", "a.f90", "a.f90")
    assert evaluate("m.add(1, 2)") == "3.0"


def test_names_that_no_source_has_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.f90", ADD)
    words = ["only:", "ADD", "more", ":", "skip:", "less"]
    assert cli.run(["-m", "m", "a.f90", *words]) == 0
    assert capsys.readouterr().err == (
        "a.f90: warning: only: the sources have nothing named 'more'\n"
        "a.f90: warning: skip: the sources have nothing named 'less'\n"
    )


def test_nothing_is_compiled_for_a_folder_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.f90", ADD)
    monkeypatch.setenv("FC", "no-such-compiler")
    assert cli.run(["-c", "-m", "m", "a.f90", "-o", "no/m.py"]) == 1
    assert capsys.readouterr().err == (
        "f2pypy: no/m.py can't be written: No such file or directory\n"
    )


def test_without_c_the_build_folder_gets_the_module(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("a.f90", ADD)
    assert cli.run(["-m", "m", "a.f90", "--build-dir", "work"]) == 0
    assert (
        f"work/m.py looks for {library_name('m')} beside it" in capsys.readouterr().out
    )
    assert cli.run(["-m", "m", "a.f90", "--build-dir", "work", "-h", "m.pyf"]) == 0
    assert {p.name for p in Path("work").iterdir()} == {"m.py", "m.pyf"}
    # nothing is missing where the command names the library
    capsys.readouterr()
    for flags in (["-lm"], ["--library", "libm.so.6", "--no-library-check"]):
        assert cli.run(["-m", "m", "a.f90", *flags]) == 0
        assert capsys.readouterr().out == "m.py: 1 routine wrapped, 0 skipped\n"


# --- all of it or nothing


def pair() -> tuple[bytes, bytes]:
    return Path("m.py").read_bytes(), Path(library_name("m")).read_bytes()


@pytest.mark.parametrize("name", ["m.py", library_name("m")])
@pytest.mark.parametrize("has_older", [True, False])
def test_a_failed_rename_leaves_the_older_pair(
    name: str,
    has_older: bool,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("a.f90", ADD)
    if has_older:
        run("-c", "-m", "m", "a.f90")
        older = pair()
    before = {p.name for p in here.iterdir()}
    write("a.f90", ADD + ADD.replace("add", "added").replace("a + b", "a - b"))
    rename = Path.replace

    def fail(self: Path, target: Path) -> Path:
        if Path(target).name == name and not self.name.endswith(".kept"):
            monkeypatch.setattr(Path, "replace", rename)
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", fail)
    assert cli.run(["-c", "-m", "m", "a.f90"]) == 1
    assert f"{name} can't be written: No space left" in capsys.readouterr().err
    assert {p.name for p in here.iterdir()} == before
    if has_older:
        assert pair() == older


@pytest.mark.parametrize(
    "text",
    ["subroutine a\n  i = = 1\nend subroutine\n", "module m\nuse nowhere\nend\n"],
)
def test_a_failed_build_leaves_the_older_pair(text: str, here: Path) -> None:
    write("a.f90", ADD)
    run("-c", "-m", "m", "a.f90")
    older = pair()
    write("a.f90", text)
    assert cli.run(["-c", "-m", "m", "a.f90", "--quiet"]) == 1
    assert pair() == older
    assert len([*here.iterdir()]) == 3


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_a_library_may_be_run_and_a_module_may_not() -> None:
    write("a.f90", ADD)
    previous = os.umask(0o022)
    try:
        run("-c", "-m", "m", "a.f90")
    finally:
        os.umask(previous)
    assert stat.S_IMODE(Path(library_name("m")).stat().st_mode) == 0o755
    assert stat.S_IMODE(Path("m.py").stat().st_mode) == 0o644


# --- what is said


def test_a_compile_error_is_the_compilers(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.f90", "subroutine a\n  integer :: i\n  i = = 1\nend subroutine\n")
    assert cli.run(["-c", "-m", "m", "a.f90"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("a.f90:3:8: error: Invalid character in name\n")
    assert "i = = 1" in err
    assert not Path("m.py").exists()
    assert not Path(library_name("m")).exists()


def test_errors_of_all_files_are_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    for name in ("a.f90", "b.f90"):
        write(name, "subroutine s\n  i = = 1\nend subroutine\n")
    assert cli.run(["-c", "-m", "m", "a.f90", "b.f90"]) == 1
    places = [r for r in capsys.readouterr().err.splitlines() if ": error: " in r]
    assert [r.partition(": ")[0] for r in places] == ["a.f90:2:8", "b.f90:2:8"]


def test_errors_behind_the_preprocessor_have_their_own_places(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("inc").mkdir()
    write("inc/wrong.inc", "! nothing\n  k = = 1\n")
    write(
        "a.F90",
        '#define TWO 2\nsubroutine a\n  integer :: k\n#include "wrong.inc"\n  k = = TWO\n'
        '#line 70 "origin.f90"\n  k = = 3\nend subroutine\n',
    )
    assert cli.run(["-c", "-m", "m", "a.F90", "-Iinc"]) == 1
    places = [r for r in capsys.readouterr().err.splitlines() if ": error: " in r]
    assert [r.partition(": ")[0] for r in places] == [
        "inc/wrong.inc:2:8",
        "a.F90:5:8",
        "origin.f90:70:8",
    ]


def test_what_is_left_out_behind_the_preprocessor_has_its_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("long.inc", "! a\n! b\n! c\n! d\n")
    write(
        "a.F90",
        '#include "long.inc"\n#ifdef NEVER\nx\n#endif\nsubroutine odd(x)\n'
        "  real(unknown_kind) :: x\nend subroutine\nsubroutine sound\nend subroutine\n",
    )
    assert cli.run(["-m", "m", "a.F90"]) == 0
    assert "a.F90:6:8: skipped: odd" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_errors_in_c_are_the_c_compilers(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.f90", ADD)
    write("b.c", '#include "nowhere.h"\n')
    write("c.c", "int f(void) {\n  return missing;\n}\n")
    assert cli.run(["-c", "-m", "m", "a.f90", "b.c"]) == 1
    assert capsys.readouterr().err.startswith("b.c:1:10: error: ")
    assert cli.run(["-c", "-m", "m", "a.f90", "c.c"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("c.c:2:10: error: ")
    assert "      return missing;\n             ^\n" in err
    assert "note" not in err


CALLER = "subroutine call_it(x)\n  real :: x\n  call nobody_has_it(x)\nend subroutine\n"


def test_undefined_symbols_are_told_with_their_file(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("a.f90", ADD)
    write("b.f90", CALLER)
    assert cli.run(["-c", "-m", "m", "a.f90", "b.f90"]) == 0
    assert capsys.readouterr().err == (
        "b.f90: warning: the symbol 'nobody_has_it_' is used, but no linked file or library defines it\n"
    )
    assert cli.run(["-c", "-m", "m", "a.f90", "b.f90", "--debug"]) == 0
    assert capsys.readouterr().err.startswith("b.f90:3: warning: the symbol")
    done = subprocess.run([sys.executable, "-c", "import m"], capture_output=True, text=True, check=False)  # fmt: skip
    assert "ImportError" in done.stderr
    assert "nobody_has_it_" in done.stderr


def test_link_errors_name_file_and_symbol(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.f90", ADD)
    write("b.f90", ADD)
    write("c.f90", CALLER)
    assert cli.run(["-c", "-m", "m", "a.f90", "b.f90", "c.f90"]) == 1
    assert (
        capsys.readouterr().err
        == "b.f90: error: the symbol 'add_' is defined here and in a.f90\n"
    )


SIGNATURE = """
python module m
interface
subroutine s()
end subroutine
end interface
end python module
"""


@pytest.mark.parametrize("source", ["a.f90", "a.c"])
def test_a_missing_library_is_told_before_all_is_compiled(
    source: str,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whatever the compiler would say of the source comes later than that."""
    write("m.pyf", SIGNATURE)
    write(source, "no source at all\n")
    build = ["-c", "m.pyf", source, "-lm", "-lnowhere"]
    assert cli.run(build) == 1
    assert capsys.readouterr().err == (
        "f2pypy: error: -lnowhere: the linker finds no such library in the folders of -L or in its own\n"
    )
    # the linker knows folders that the compiler doesn't tell
    subprocess.run(["gcc", "-shared", "-xc", "/dev/null", "-o", here / "libnowhere.so"], check=True)  # fmt: skip
    monkeypatch.setenv("LDFLAGS", f"-L{here}")
    assert cli.run(build) == 1
    assert "nowhere" not in capsys.readouterr().err
    write(source, "" if source == "a.c" else ADD)
    assert cli.run(build) == 0


@pytest.mark.parametrize(
    ("header", "advice"),
    [
        ("Python.h", "sysconfig.get_path('include')"),
        ("pyconfig.h", "sysconfig.get_path('include')"),
        ("numpy/arrayobject.h", "numpy.get_include()"),
    ],
)
def test_headers_of_python_are_found_by_a_flag(
    header: str, advice: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write("m.pyf", SIGNATURE)
    write("a.c", f'#include "{header}"\n')
    assert cli.run(["-c", "m.pyf", "a.c"]) == 1
    said = capsys.readouterr().err.splitlines()[0]
    assert said.startswith(f"a.c:1:10: error: {header}: No such file or directory")
    assert said.endswith(f'print({advice})")")')


def test_an_object_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.f90", ADD)
    write("bad.o", "no object\n")
    assert cli.run(["-c", "-m", "m", "a.f90", "bad.o"]) == 1
    assert "bad.o" in capsys.readouterr().err


FLANG = """\
error: Could not parse a.F90
./a.F90:3:5: error: expected '('
    i = = 1
      ^
./a.F90:1:1: in the context: SUBROUTINE subprogram
  subroutine a
  ^
./b.inc:2:4: error: expected '('
   k = = 1
     ^
a.F90:4:1: error: included here
  #include "b.inc"
  ^^^^^^^^^^^^^^^^
error: Semantic errors in a.F90
a.F90:9:7: error: No explicit type declared for 'j'
"""


def test_flangs_messages_are_read() -> None:
    assert [d.format() for d in read_complaints(FLANG, "/usr/bin/flang-new")] == [
        "a.F90:3:5: error: expected '('\n      i = = 1\n        ^",
        "b.inc:2:4: error: expected '('\n     k = = 1\n       ^",
        "a.F90:9:7: error: No explicit type declared for 'j'",
    ]


def test_fixed_form_in_a_file_with_another_suffix() -> None:
    rows = (
        "c     a comment",
        "      subroutine s(x,",
        "     &  y)",
        "      real x, y",
        "Cf2py intent(out) y",
        "      y = 2*x",
        "      end",
    )
    write("a.f90", "\n".join((*rows, "")))
    assert cli.run(["-c", "-m", "m", "a.f90"]) == 0
    code = "import m; print(m.s(3))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # fmt: skip
    assert done.stdout == "6.0\n"


@pytest.mark.parametrize(
    ("name", "text", "advice"),
    [
        (
            "a.f",
            "      subroutine s(x)\n      real x(3)\n      call t(x)\n      call t(1)\n      end\n",
            "--f77flags=-fallow-argument-mismatch",
        ),
        (
            "a.f90",
            "subroutine s(x)\n real x(3)\n call t(1.0)\n call t(x)\nend\n",
            "--f90flags=-fallow-argument-mismatch",
        ),
        (  # Fortran 2023, and with it gfortran 16, allows 10,000 characters
            "a.f90",
            f"subroutine s(i)\n integer i\n i = {'1 + ' * 2600}1\nend\n",
            "--f90flags=-ffree-line-length-none",
        ),
        (
            "a.f",
            f"      subroutine s(i, k)\n      i = 2*({' ' * 57}k + 1)\n      end\n",
            "--f77flags=-ffixed-line-length-none",
        ),
        (
            "a.for",
            "      subroutine s(i)\nD     i = 1\n      i = 2\n      end\n",
            "--f77flags=-fd-lines-as-comments",
        ),
        (
            "a.f",
            "      subroutine s(i)\n      i = '7f'x\n      end\n",
            "--f77flags=-fallow-invalid-boz",
        ),
        (
            "a.f90",
            "subroutine s(x)\n real x, a$b\n a$b = x\nend\n",
            "--f90flags=-fdollar-ok",
        ),
        (
            "a.f",
            "      subroutine s(x)\n      real x\n      x = 'abcd'\n      end\n",
            "--f77flags=-fdec-char-conversions",
        ),
        (
            "a.f",
            "      subroutine s(i)\n      i = i .or. 1\n      end\n",
            "--f77flags=-fdec",
        ),
        (
            "a.f",
            "      subroutine s(i)\n      write(*,10) i\n  10  format(i)\n      end\n",
            "--f77flags=-fdec-format-defaults",
        ),
    ],
)
def test_flags_for_what_gfortran_refuses(
    name: str, text: str, advice: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(name, text)
    build = ["-c", "-m", "m", name]
    assert cli.run(build) == 1
    assert capsys.readouterr().err.count(f" ({advice} allows it)") == 1
    assert cli.run([*build, advice]) == 0


def test_what_linkers_say_is_read() -> None:
    owners = {"/t/0_a.o": "a.f90", "/t/1_b.o": "b.f90"}
    said = (
        "/usr/bin/ld: /t/1_b.o: in function `b_':\n"
        "b.f90:(.text+0x14): warning: undefined reference to `c_'\n"
        "/usr/bin/ld: /home/me/b.f90:7: warning: undefined reference to `d_'\n"
        "/usr/bin/ld: b.f90:(.text+0x30): warning: undefined reference to `c_'\n"
        "/usr/bin/ld: /home/me/b.f90:9:(.text+0x40): warning: undefined reference to `e_'\n"
    )
    found = read_link_messages(said, owners, Severity.WARNING)
    assert [(d.span.path, d.span.line, d.message.split("'")[1]) for d in found] == [
        ("b.f90", 0, "c_"),
        ("b.f90", 7, "d_"),
        ("b.f90", 9, "e_"),
    ]
    said = "ld: out of memory\ncollect2: error: ld returned 1 exit status\n"
    (only,) = read_link_failure(said, owners, "/usr/bin/fc")
    assert only.format() == "fc: error: ld: out of memory"


def test_commands_are_shown_if_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.f90", ADD)
    assert cli.run(["-c", "-m", "m", "a.f90", "--verbose"]) == 0
    captured = capsys.readouterr()
    assert " -c a.f90 -o " in captured.err
    assert " -shared " in captured.err
    assert captured.out == "  add\nm.py: 1 routine wrapped, 0 skipped\n"


def test_compilers_are_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    monkeypatch.setenv("FC", "gfortran -m64")
    for flag in ("--help-link", "--help-fcompiler", "--help-compiler"):
        assert cli.run([flag]) == 0
        rows = capsys.readouterr().out.splitlines()
        assert rows[:2] == ["FC: gfortran -m64", "CC: none was found"]


def test_messages_of_other_compilers_are_shown_whole() -> None:
    (only,) = read_complaints("something\nwent wrong\n", "fc")
    assert only.format() == "fc: error: something\nwent wrong"


def test_an_unknown_kind_costs_its_routine(capsys: pytest.CaptureFixture[str]) -> None:
    write(
        "a.f90",
        ADD
        + "subroutine odd(x)\n  use elsewhere\n  real(there) :: x\nend subroutine\n",
    )
    assert cli.run(["-m", "m", "a.f90"]) == 0
    captured = capsys.readouterr()
    assert "a.f90:8:8: skipped: odd is left out: the kind 'there'" in captured.err
    assert f"m.py looks for {library_name('m')} beside it" in captured.out


# --- terminals and interrupts

# A compiler that says it runs, and then takes its time, in a process of its own.
SLEEPER = """\
#!/bin/sh
case "$*" in *--version*) exit 0;; esac
sleep 60 &
echo $! > {started}
wait
"""
PROGRAM = [sys.executable, "-m", "f2pypy"]
TERMINAL = {"TERM": "xterm", "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (signal.SIGINT, b"f2pypy: interrupted, nothing was written\n"),
        (signal.SIGTERM, b""),
    ],
)
def test_a_signal_ends_the_compilers(
    number: signal.Signals, said: bytes, here: Path
) -> None:
    write("a.f90", ADD)
    started = here / "started"
    compiler = here / "compiler"
    compiler.write_text(SLEEPER.format(started=started))
    compiler.chmod(0o755)
    environment = {**os.environ, "FC": str(compiler), "PYTHONPATH": str(ROOT)}
    temporary = here / "temporary"
    temporary.mkdir()
    running = subprocess.Popen(
        [*PROGRAM, "-c", "-m", "m", "a.f90"],
        env={**environment, "TMPDIR": str(temporary)},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    wait_until(lambda: started.exists() and bool(started.read_text().strip()))
    running.send_signal(number)
    _, err = running.communicate(timeout=30)
    assert err == said
    # CPython ends by the signal itself where it comes while an exec runs, as dataclasses do
    assert running.returncode in (128 + number, -number)
    sleeper = Path("/proc") / started.read_text().strip() / "stat"
    wait_until(lambda: not sleeper.exists() or " Z " in sleeper.read_text())
    assert not [*temporary.iterdir()]
    assert not Path("m.py").exists()


def test_a_signal_while_a_process_starts_ends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started = []

    class Interrupted(subprocess.Popen):
        def __init__(self, *arguments, **keywords):
            super().__init__(*arguments, **keywords)
            started.append(self)
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        Runner(os.environ).run(["sleep", "60"])
    (process,) = started
    assert process.wait(timeout=30) == -signal.SIGTERM


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.05)
    pytest.fail("nothing happened for half a minute")


def stderr_on_a_terminal(*argv: str, columns: int = 80) -> str:
    terminal, tail = open_terminal()
    fcntl.ioctl(tail, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    running = subprocess.Popen(
        [*PROGRAM, *argv],
        env={**os.environ, **TERMINAL},
        stderr=tail,
        stdout=subprocess.DEVNULL,
    )
    os.close(tail)
    pieces = []
    with contextlib.suppress(OSError):  # the end of a terminal is an error
        while piece := os.read(terminal, 4096):
            pieces.append(piece)
    os.close(terminal)
    assert running.wait(60) == 0
    return b"".join(pieces).decode()


def many_files(count: int) -> list[str]:
    return [
        write(f"part_{i}.f90", ADD.replace("add", f"add_{i}")) for i in range(count)
    ]


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_progress_is_shown_on_a_terminal_where_there_are_many_files() -> None:
    files = many_files(6)
    shown = stderr_on_a_terminal("-c", "-m", "m", *files)
    lines = shown.split("\r\033[K")
    assert lines[0] == lines[-1] == ""
    assert lines[1] == "compiling [" + 20 * "-" + "] 0/7 part_0.f90"
    assert lines[-2] == "compiling [" + 20 * "#" + "] 7/7 linking"
    narrow = stderr_on_a_terminal("-c", "-m", "m", *files, columns=40)
    assert all(len(line) < 40 for line in narrow.split("\r\033[K"))
    assert stderr_on_a_terminal("-c", "-m", "m", *files, "--quiet") == ""
    assert stderr_on_a_terminal("-c", "-m", "m", *files[:2]) == ""


def test_no_progress_is_shown_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["-c", "-m", "m", *many_files(6)]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("width", [1, 2, 8, 20, 29, 30, 31, 45, 80, 300])
@pytest.mark.parametrize("name", ["", "a.f90", "grün 東京.f90", "x" * 400, "\033[2J"])
def test_progress_fits_the_terminal(width: int, name: str) -> None:
    for done in (0, 7, 123):
        text = progress_text(done, 123, name, width)
        assert columns(text) <= max(width - 1, 0)
        assert text.isprintable()
    assert progress_text(12, 40, "solver.f90", 81) == (
        "compiling [######--------------] 12/40 solver.f90"
    )


# --- signature files


# What signature files say in other words.
IN_OTHER_WORDS = {
    "arguments.f90": (
        "last - first + 1",
        "1 - first + last",
    ),  # sums in checks have f2py's order
    "specification.f90": ("maxval_of(listed_values(1, 0)) + 2", "3"),
}
# Procedures that only routines without a place in a signature file call by name.
NOT_CALLED_THERE = ("measured", "asked_privately", "asked_inside")
GOLDEN = Path(__file__).parent / "golden"
DESCRIBED = [*FORTRAN.glob("*.f90"), *FORTRAN.glob("*.pyf"), *GOLDEN.glob("*.pyf")]


@pytest.mark.usefixtures("nothing_promised")
@pytest.mark.parametrize("path", sorted(DESCRIBED), ids=lambda path: path.name)
def test_a_written_signature_reads_back_to_the_same_module(path: Path) -> None:
    written = Options(module="m", compiles=True, computes=True, asks=True, runtime="import")  # fmt: skip
    made = replace(written, asks=False)

    def library(options: Options) -> Library:
        if path.suffix == ".pyf":
            return resolve_signature(path.read_text(), str(path), options, Diagnostics())  # fmt: skip
        sources = load_sources([str(path)], BuildOptions())
        return resolve_sources(sources, options, Diagnostics())

    again = resolve_signature(write_signature(library(written)), "m.pyf", made, Diagnostics())  # fmt: skip
    scanned, read = (
        written_code_of(write_module(each, made, Diagnostics()).text, path.name)
        for each in (library(made), again)
    )
    assert read == scanned


def code_of(text: str) -> str:
    """Return the code of a module without docstrings, which tell how extents are written and what is left out."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.FunctionDef)) and ast.get_docstring(node):
            del node.body[0]
        if isinstance(node, ast.Call):
            node.keywords = [each for each in node.keywords if each.arg != "left_out"]
    return ast.unparse(tree)


def written_code_of(text: str, name: str) -> str:
    """Return the code that signature files have words for: of by_name.f90 that is not all."""
    code = code_of(text)
    if name in IN_OTHER_WORDS:
        code = code.replace(*IN_OTHER_WORDS[name])
    if name != "by_name.f90":
        return code
    tree = ast.parse(code)
    tree.body = [
        node
        for node in tree.body
        if not any(f"_{each}_in_" in ast.unparse(node) for each in NOT_CALLED_THERE)
    ]
    return ast.unparse(tree)


@pytest.mark.usefixtures("nothing_promised")
@pytest.mark.parametrize("name", ["by_name.f90", "objects.f90", "asked.f90"])
def test_a_signature_file_and_its_source_make_the_module(name: str) -> None:
    source = str(FORTRAN / name)
    flags = ["-m", "m", "--quiet", "--runtime", "import"]
    assert cli.run([source, *flags, "-h", "m.pyf"]) == 0
    assert cli.run([source, "-c", *flags, "-o", "scanned.py"]) == 0
    assert cli.run([source, "m.pyf", "-c", *flags, "-o", "read.py"]) == 0
    scanned, read = (
        written_code_of(Path(p).read_text(), name) for p in ("scanned.py", "read.py")
    )
    assert read == scanned


def test_a_signature_file_is_not_overwritten_unasked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("a.f90", ADD)
    write("m.pyf", "mine")
    assert cli.run(["a.f90", "-m", "m", "-h", "m.pyf"]) == 2
    assert "Use --overwrite-signature" in capsys.readouterr().err
    assert Path("m.pyf").read_text() == "mine"
    assert cli.run(["a.f90", "-m", "m", "-h", "m.pyf", "--overwrite-signature"]) == 0
    assert 'Saving signatures to file "m.pyf"' in capsys.readouterr().out
    assert "python module m" in Path("m.pyf").read_text()


def test_a_signature_on_standard_output(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    write("a.f90", ADD)
    assert cli.run(["a.f90", "-m", "m", "-h", "stdout"]) == 0
    assert b"function add(a,b) result (c) ! in :m" in capfdbinary.readouterr().out


def test_a_library_that_is_loaded_is_not_written_over() -> None:
    write("a.f90", ADD)
    run("-c", "-m", "m", "a.f90")
    before = Path(library_name("m")).stat().st_ino
    write("a.f90", ADD.replace("a + b", "a - b"))
    run("-c", "-m", "m", "a.f90")
    assert Path(library_name("m")).stat().st_ino != before


@pytest.mark.parametrize(
    ("flags", "layout"),
    [
        ((), Layout()),
        (("-O2", "-ffixed-form"), Layout(Form.FIXED)),
        (("-ffixed-form", "-ffree-form"), Layout(Form.FREE)),
        (("-ffixed-line-length-132",), Layout(None, 132)),
        (("-ffixed-line-length-none",), Layout(None, None)),
        (("-ffixed-line-length-0",), Layout(None, None)),
        (("-fixed", "-132"), Layout(Form.FIXED, 132)),
        (("-extend-source",), Layout(None, 132)),
        (("-fopenmp",), Layout(has_openmp=True)),
        (("-fopenmp=libomp",), Layout(has_openmp=True)),
        (("-fopenmp-simd",), Layout(has_openmp=True)),
        (("-qopenmp", "-qno-openmp"), Layout()),
        (("-mp=multicore",), Layout(has_openmp=True)),
        (("-fopenmp", "-fno-openmp", "-fopenacc"), Layout()),
        (("-fd-lines-as-code",), Layout(has_debug_lines=True)),
        (("-d-lines", "-fd-lines-as-comments"), Layout()),
    ],
)
def test_flags_say_the_layout_of_sources(
    flags: tuple[str, ...], layout: Layout
) -> None:
    assert layout_of(flags) == layout


CONDITIONAL = {
    Form.FREE: """\
subroutine s(n &
!$ , threads, &
  !$ & level)
!$    )
!$omp parallel
!$acc loop
  !$integer :: not
  !$ integer, intent(out) :: threads, level
  ! $ a comment
  print *, '!$ text' !$ comment
!$
""",
    Form.FIXED: """\
      subroutine s(n
!$   +  , threads
c$   +  )
c$omp parallel
c$ a price
*$    integer threads
C$ 10 continue
!$\tk = 1
      print *, n !$ comment
  !$  comment
""",
}
READ = {
    Form.FREE: """\
subroutine s(n &
   , threads, &
     & level)
      )
!$omp parallel
!$acc loop
  !$integer :: not
     integer, intent(out) :: threads, level
  ! $ a comment
  print *, '!$ text' !$ comment
  \n""",
    Form.FIXED: """\
      subroutine s(n
     +  , threads
     +  )
c$omp parallel
c$ a price
      integer threads
   10 continue
  \tk = 1
      print *, n !$ comment
  !$  comment
""",
}


@pytest.mark.parametrize("form", CONDITIONAL)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_for_openmp_alone(form: Form, end: str) -> None:
    """A sentinel becomes blanks where a compiler with OpenMP takes it for them, so that every column stays."""
    said = CONDITIONAL[form].replace("\n", end)
    layout = Layout(has_openmp=True)
    assert with_conditional_lines(said, form, layout) == READ[form].replace("\n", end)
    assert with_conditional_lines(said, form, Layout()) == said


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.f90", "subroutine s(n &\n!$ , k &\n)\ninteger n\n!$ integer :: k\nend\n"),
        ("a.f", "      subroutine s(n\nc$   1  , k\n     2)\n!$    integer k\n      end\n"),
    ],
)  # fmt: skip
def test_an_argument_for_openmp_alone(name: str, source: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(source)
    for flags, names in (((), "n"), (("-fopenmp",), "n,k")):
        for more in ((), ("-cpp",)):
            options = BuildOptions(flags=(*flags, *more))
            generated = scan_sources([str(path)], Options(module="m"), options)
            assert f'"""s({names})' in generated.text


@pytest.mark.parametrize(
    ("name", "line", "flag"),
    [("a.f90", "!$ integer :: x", "-fopenmp"), ("a.f", "D     integer x", "-fd-lines-as-code")],
)  # fmt: skip
def test_conditional_lines_of_included_files(
    name: str, line: str, flag: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text("      subroutine s(x)\n      include 'x.inc'\n      end\n")
    (tmp_path / "x.inc").write_text(f"{line}\n")
    for flags, kind in (((), "FLOAT"), ((flag,), "INT")):
        options = BuildOptions(flags=flags)
        generated = scan_sources([str(path)], Options(module="m"), options)
        assert f'"s", None, ({kind},)' in generated.text


def test_debug_lines_are_code_if_flags_say_so(tmp_path: Path) -> None:
    path = tmp_path / "a.f"
    path.write_text(
        "      subroutine s(n\nD    1  , k\n     2)\nd\tinteger k\nd comment\n"
        "      double precision d\nd  10 continue\n      end\n"
    )
    for flags, names in (((), "n"), (("-fd-lines-as-code",), "n,k")):
        options = BuildOptions(flags=flags)
        generated = scan_sources([str(path)], Options(module="m"), options)
        assert f'"""s({names})' in generated.text


def test_a_build_with_flags_for_the_layout(tmp_path: Path) -> None:
    source = tmp_path / "wide.f90"
    rows = ["c     in columns", "      subroutine s(a," + " " * 55 + "b)", "      integer, intent(in) :: a",
            "      integer, intent(out) :: b", "      b = a", "      end"]  # fmt: skip
    source.write_text("\n".join(rows) + "\n")
    options = BuildOptions(flags=("-ffixed-form", "-ffixed-line-length-132"))
    generated = scan_sources([str(source)], Options(module="wide"), options)
    assert generated.wrapped == ("s",)
    assert "def s(a:" in generated.text


def test_what_a_written_signature_can_not_name_it_computes() -> None:
    write(
        "a.f90",
        "function framed(text, mark) result(r)\n"
        "  character(len=*), intent(in) :: text, mark\n"
        "  character(len=len(text) + 2*len(mark)) :: r\n"
        "  r = mark // text // mark\n"
        "end function\n"
        "function inner(a) result(c)\n"
        "  real(8), intent(in) :: a(0:, -1:)\n"
        "  real(8) :: c(ubound(a, 1), ubound(a, 2) - lbound(a, 2))\n"
        "  c = a(1:, 0:)\n"
        "end function\n",
    )
    assert cli.run(["a.f90", "-m", "m", "-h", "m.pyf", "--quiet"]) == 0
    run("-c", "m.pyf", "a.f90")
    expected = "b'--abc--' [[4.0, 5.0]]"
    assert evaluate("m.framed('abc', '--'), m.inner([[1, 2, 3], [3, 4, 5]]).tolist()") == expected  # fmt: skip


CODE = """\
python module code
  usercode '''
double third(double x) { return x/3; }
'''
  interface
    subroutine half(n, x)
      callstatement {int m = n; if (m != 0 && n) (*f2py_func)(&m, x); }
      callprotoargument int*,double*
      integer, intent(hide), depend(x) :: n = len(x)
      real(kind=8), intent(in, out), dimension(n), check(x[0] >= third(0)) :: x
    end subroutine
    subroutine apply(f, x)
      use apply__user__routines, f => named_otherwise
      external f
      real(kind=8), intent(in, out) :: x
    end subroutine
  end interface
end python module
python module apply__user__routines
  interface
    function named_otherwise(a) result(b)
      real(kind=8) :: a, b
    end function
  end interface
end python module
"""


def test_c_and_renamed_callbacks_are_in_written_signatures() -> None:
    write("code.pyf", CODE)
    assert cli.run(["code.pyf", "-h", "again.pyf", "--quiet"]) == 0
    for name, output in (("code.pyf", "a.py"), ("again.pyf", "b.py")):
        assert cli.run([name, "-o", output, "--quiet"]) == 0
    first, second = (Path(name).read_text().splitlines() for name in ("a.py", "b.py"))
    assert [line for line in first if line not in second] == []
    assert "def half(" in "\n".join(second)
    assert "def apply(" in "\n".join(second)


def test_names_in_written_signatures_have_the_case_that_is_wanted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("a.f90", "subroutine HI(Xs, N)\n  integer N\n  real Xs(N)\nend subroutine\n")
    for flags, head in (
        ([], "subroutine hi(xs,n)"),
        (["--lower"], "subroutine hi(xs,n)"),
        (["--no-lower"], "subroutine HI(Xs,N)"),
    ):
        assert cli.run(["a.f90", "-m", "hi", "-h", "stdout", *flags]) == 0
        written = capsys.readouterr().out
        assert head in written
        assert "python module hi " in written
    assert cli.run(["a.f90", "-m", "hi", "-h", "hi.pyf", "--no-lower", "--quiet"]) == 0
    run("-c", "hi.pyf", "a.f90")
    assert evaluate("m.__all__", "hi") == "['HI']"
    run("-c", "hi.pyf", "a.f90", "--lower")
    assert evaluate("m.__all__", "hi") == "['hi']"


def test_the_signature_file_names_the_module(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("a.pyf", "python module named\nend python module named\n")
    assert cli.run(["-m", "other", "a.pyf"]) == 0
    assert "-m other is ignored, because the file names its module named" in capsys.readouterr().err  # fmt: skip
    assert Path("named.py").is_file()
    assert not Path("other.py").exists()


def test_files_may_follow_a_list_of_names() -> None:
    write("a.f90", ADD + ADD.replace("add", "sum2"))
    write("b.f90", ADD.replace("add", "sum3"))
    run("-c", "a.f90", "-m", "m", "only:", "sum2", "sum3", ":", "b.f90")
    assert evaluate("m.__all__") == "['sum2', 'sum3']"

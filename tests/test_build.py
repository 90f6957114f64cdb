"""From files on a command line to a module with its library: what is compiled, in which order, and what is said."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from f2pypy import cli
from f2pypy.arguments import Action, UsageError, parse
from f2pypy.build.library import library_name
from f2pypy.build.messages import read_complaints
from f2pypy.build.order import find_dependences
from f2pypy.build.sources import Source, trace_origins
from f2pypy.build.toolchain import Toolchain
from f2pypy.diagnostics import Span
from f2pypy.options import BuildOptions
from f2pypy.reading.fortran_lines import Form

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
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
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


def test_lines_keep_their_places_behind_the_preprocessor() -> None:
    text = (
        '# 1 "a.F90"\n# 1 "<built-in>"\nnot ours\n# 1 "a.F90"\nfirst\n'
        '# 1 "b.inc" 1\nincluded\n# 3 "a.F90" 2\nthird\n#line "other.f90" 9\nninth\n'
    )
    rows, form, places = trace_origins(text, "a.F90", Form.FREE)
    assert rows == "first\nincluded\nthird\nninth\n"
    assert form is Form.FREE
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


def test_intermediate_files_stay_where_they_are_wanted(here: Path) -> None:
    write("a.f90", "module held\nend module\n" + ADD)
    run("-c", "-m", "m", "a.f90", "--build-dir", "work")
    assert {p.suffix for p in (here / "work").iterdir()} == {".o", ".mod"}


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


# --- what is said


def test_a_compile_error_is_the_compilers(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.f90", "subroutine a\n  integer :: i\n  i = = 1\nend subroutine\n")
    assert cli.run(["-c", "-m", "m", "a.f90"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("a.f90:3:8: error: Invalid character in name\n")
    assert "i = = 1" in err
    assert not Path("m.py").exists()
    assert not Path(library_name("m")).exists()


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


# --- signature files


@pytest.mark.parametrize(
    "name",
    ["deferred.f90", "by_name.f90", "objects.f90"],
)
def test_a_written_signature_reads_back_to_the_same_module(name: str) -> None:
    source = str(FORTRAN / name)
    flags = ["-m", "m", "--quiet", "--runtime", "import"]
    assert cli.run([source, "-c", *flags, "-o", "scanned.py"]) == 0
    assert cli.run([source, *flags, "-h", "m.pyf"]) == 0
    assert cli.run([source, "m.pyf", "-c", *flags, "-o", "read.py"]) == 0
    scanned, read = (
        [
            line
            for line in Path(p).read_text().splitlines()
            if "generated from" not in line
        ]
        for p in ("scanned.py", "read.py")
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
    run("-c", "-m", "m", "a.f90")
    assert Path(library_name("m")).stat().st_ino != before

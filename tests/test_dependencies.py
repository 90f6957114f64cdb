"""What a module depends on: --dep-file and --print-deps; outputs that don't change keep their time stamps."""

import os
import shutil
import subprocess
import sys

import pytest

from f2pypy.command.cli import run

SOURCES = {
    "solver.f90": "module solver\n  use kinds\ncontains\n  subroutine step(x)\n    include 'sizes.inc'\n"
    "    real(dp) :: x\n    x = x + n\n  end subroutine\nend module\n",
    "sizes.inc": "include 'more.inc'\n",
    "more.inc": "integer, parameter :: n = 3\n",
    "kinds.F90": '#include "macros.h"\nmodule kinds\n  integer, parameter :: dp = KIND\nend module\n',
    "macros.h": "#define KIND 8\n",
    "extra.c": '#include "extra part.h"\nint extra(void) { return EXTRA; }\n',
    "extra part.h": "#define EXTRA 3\n",
    "unrelated.inc": "",
    "named.pyf": "python module named\ninterface\ninclude 'routines.inc'\nend interface\nend python module\n",
    "routines.inc": "subroutine step(x)\n  real(8) :: x\nend subroutine\n",
}
FILES = ["solver.f90", "kinds.F90", "extra.c"]
READ = [*FILES, "sizes.inc", "more.inc", "macros.h", "extra part.h"]
needs_compiler = pytest.mark.skipif(
    shutil.which("gfortran") is None or shutil.which("cc") is None,
    reason="needs gfortran and a C compiler",
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, text in SOURCES.items():
        tmp_path.joinpath(name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def f2pypy(folder, capsys):
    """A function that runs the command line in `folder` and returns what it prints."""

    def command(*words, status=0):
        done = run(list(words))
        shown = capsys.readouterr()
        assert done == status, shown.err
        return shown

    return command


@needs_compiler
def test_everything_that_is_read_is_printed(folder, f2pypy):
    before = set(folder.iterdir())
    printed = f2pypy("-c", "-m", "solvers", *FILES, "--print-deps").out
    assert sorted(printed.splitlines()) == sorted(READ)
    assert set(folder.iterdir()) == before


@needs_compiler
def test_compiled_modules_are_read_too(folder, f2pypy):
    subprocess.run(["gfortran", "-c", "kinds.F90"], check=True)
    printed = f2pypy("solver.f90", "--print-deps").out
    assert printed.splitlines() == ["solver.f90", "more.inc", "sizes.inc", "kinds.mod"]


def test_what_submodules_extend_is_read_too(folder, f2pypy):
    folder.joinpath("more.f90").write_text(
        "submodule (mm) a\nend submodule\nsubmodule (nn:b) c\nuse kinds\nend submodule\n"
    )
    written = (
        "kinds.mod",
        "kinds.smod",
        "mm.mod",
        "mm.smod",
        "nn@b.smod",
        "nn.smod",
        "mm@a.smod",
    )
    for name in written:
        folder.joinpath(name).write_text("compiled\n")
    printed = f2pypy("-c", "-m", "m", "more.f90", "--print-deps").out.split()
    assert printed == ["more.f90", "kinds.mod", "mm.mod", "mm.smod", "nn@b.smod"]
    folder.joinpath("nn@b.smod").rename("nn-b.mod")  # flang's
    assert "nn-b.mod" in f2pypy("-c", "-m", "m", "more.f90", "--print-deps").out


@needs_compiler
@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_knows_when_to_run_again(folder):
    folder.joinpath("Makefile").write_text(
        f"solvers.py:\n\t{sys.executable} -m f2pypy -c -m solvers {' '.join(FILES)} --dep-file solvers.d --quiet\n"
        "-include solvers.d\n"
    )

    def up_to_date():
        return not subprocess.run(["make", "-q"], check=False).returncode

    assert not up_to_date()
    subprocess.run(["make"], check=True)
    assert up_to_date()
    made = folder.joinpath("solvers.py").stat().st_mtime
    for name in SOURCES:
        os.utime(name, (made + 5, made + 5))
        assert up_to_date() == (name not in READ), name
        os.utime(name, (made - 5, made - 5))


@pytest.mark.parametrize("words", [[], ["-h", "again.pyf"]])
def test_a_signature_file_depends_on_what_it_includes(folder, f2pypy, words):
    f2pypy("named.pyf", "--dep-file", "named.d", *words)
    made = words[1] if words else "named.py"
    rule = folder.joinpath("named.d").read_text()
    assert rule.split() == [f"{made}:", "\\", "named.pyf", "\\", "routines.inc"]


def test_names_are_escaped_as_make_wants_them(folder, f2pypy):
    folder.joinpath("a $b #c.pyf").write_text(SOURCES["named.pyf"])
    f2pypy("a $b #c.pyf", "--dep-file", "named.d", "-o", "out put.py")
    rule = folder.joinpath("named.d").read_text()
    assert rule == "out\\ put.py: \\\n  a\\ $$b\\ \\#c.pyf \\\n  routines.inc\n"


def test_an_output_that_does_not_change_keeps_its_time_stamp(folder, f2pypy):
    f2pypy("named.pyf", "--dep-file", "named.d")
    for name in ("named.py", "named.d"):
        os.utime(name, (1e9, 1e9))
    f2pypy("named.pyf", "--dep-file", "named.d")
    for name in ("named.py", "named.d"):
        assert folder.joinpath(name).stat().st_mtime == 1e9
    written = folder.joinpath("named.py").read_bytes()
    for changed in (written[:-1] + b"#", written[:-1], written + b"#"):
        folder.joinpath("named.py").write_bytes(changed)
        f2pypy("named.pyf", "--dep-file", "named.d")
        assert folder.joinpath("named.py").read_bytes() == written
    folder.joinpath("routines.inc").write_text(SOURCES["routines.inc"].replace("8", "4"))  # fmt: skip
    f2pypy("named.pyf", "--dep-file", "named.d")
    assert folder.joinpath("named.py").stat().st_mtime > 1e9
    assert folder.joinpath("named.d").stat().st_mtime == 1e9


def test_the_rule_does_not_replace_a_source(folder, f2pypy):
    shown = f2pypy("named.pyf", "--dep-file", "named.pyf", status=2)
    assert "named.pyf is the source file" in shown.err
    assert folder.joinpath("named.pyf").read_text() == SOURCES["named.pyf"]
    assert not folder.joinpath("named.py").exists()


@pytest.mark.parametrize("words", [["--print-deps"], ["--dep-file", "a.d"]])
def test_standard_input_has_no_name_to_depend_on(folder, f2pypy, words):
    shown = f2pypy("-", *words, status=2)
    assert f"{words[0]} names files; the source comes from standard input" in shown.err  # fmt: skip


def test_what_cannot_be_read_is_an_error(folder, f2pypy):
    shown = f2pypy("absent.f90", "--print-deps", status=2)
    assert "absent.f90 can't be read: No such file or directory" in shown.err

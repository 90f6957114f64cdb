"""`f2pypy.build`: sources in, the imported module out, and the cache between them."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import f2pypy

DOUBLE = """
subroutine double(x)
  real(8), intent(inout) :: x(:)
  x = {factor} * x
end subroutine
"""


def write(name, text):
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return name


def doubled(module):
    x = np.array([1.0, 2.0])
    module.double(x)
    return x.tolist()


def made(cache):
    return sorted(path.name for path in cache.iterdir())


@pytest.fixture
def no_compiler(monkeypatch):
    """A function after which no compiler can be run."""

    def forbid():
        def start(*_):
            raise AssertionError("a compiler runs")

        monkeypatch.setattr("f2pypy.building.jobs.Runner._start", start)

    return forbid


def test_a_file_is_built_and_imported():
    module = f2pypy.build(write("smooth.f90", DOUBLE.format(factor=2)))
    assert doubled(module) == [2, 4]
    assert module.__name__ == "smooth"
    assert sys.modules["smooth"] is module


def test_a_text_is_built_too():
    module = f2pypy.build(DOUBLE.format(factor=3))
    assert doubled(module) == [3, 6]
    assert module.__name__.startswith("fortran_")
    assert f2pypy.build(DOUBLE.format(factor=3), module="thrice").__name__ == "thrice"


def test_nothing_runs_when_nothing_has_changed(cache, no_compiler):
    path = write("smooth.f90", DOUBLE.format(factor=2))
    module = f2pypy.build(path)
    before = made(cache)
    no_compiler()
    assert f2pypy.build(path) is module
    assert f2pypy.build(Path(path).resolve()) is module
    assert made(cache) == before


def test_other_choices_are_another_module(cache):
    path = write("smooth.f90", DOUBLE.format(factor=2))
    choices = (
        {},
        {"flags": ["-fopenmp"]},
        {"optimization": ["-O1"]},
        {"debug": True},
        {"definitions": ["N=3"]},
        {"only": ["double"]},
        {"stop_raises": True},
        {"module": "other"},
    )
    for number, changes in enumerate(choices, 1):
        assert doubled(f2pypy.build(path, **changes)) == [2, 4], changes
        assert len(made(cache)) == number, changes


def test_a_changed_source_is_built_again():
    path = write("smooth.f90", DOUBLE.format(factor=2))
    older = f2pypy.build(path)
    write("smooth.f90", DOUBLE.format(factor=5))
    newer = f2pypy.build(path)
    assert (doubled(older), doubled(newer)) == ([2, 4], [5, 10])
    assert sys.modules["smooth"] is newer


@pytest.mark.parametrize(
    ("name", "line", "file"),
    [
        ("a.f90", "include 'factor.inc'", "factor.inc"),
        ("a.F90", '#include "factor.h"', "factor.h"),
        ("a.f90", "include 'factor.inc'", "inc/factor.inc"),
    ],
)
def test_a_changed_included_file_is_noticed(name, line, file):
    text = f"subroutine give(x)\n  real(8), intent(out) :: x\n{line}\nend subroutine\n"
    write(name, text)
    write(file, "x = 1\n")
    assert f2pypy.build(name, include_dirs=["inc"]).give() == 1
    write(file, "x = 2\n")
    assert f2pypy.build(name, include_dirs=["inc"]).give() == 2


def test_the_environment_of_compilers_counts(cache, monkeypatch):
    path = write("smooth.f90", DOUBLE.format(factor=2))
    f2pypy.build(path)
    monkeypatch.setenv("FFLAGS", "-O1")
    f2pypy.build(path)
    assert len(made(cache)) == 2


def test_several_sources_and_a_signature_file(cache):
    write("kinds.f90", "module kinds\n  integer, parameter :: dp = 8\nend module\n")
    user = "subroutine give(x)\n  use kinds\n  real(dp), intent(out) :: x\n  x = 7\nend subroutine\n"
    write("user.f90", user)
    assert f2pypy.build("user.f90", "kinds.f90").give() == 7
    write(
        "named.pyf",
        "python module named\ninterface\nsubroutine give(x)\nreal(8), intent(out) :: x\nend subroutine\n"
        "end interface\nend python module\n",
    )
    module = f2pypy.build("named.pyf", "user.f90", "kinds.f90")
    assert (module.__name__, module.give()) == ("named", 7)
    assert len(made(cache)) == 2


def test_a_compilers_error_is_shown_at_its_line():
    text = "subroutine a(x)\n  real :: x\n  x = = 1\nend subroutine\n"
    with pytest.raises(f2pypy.F2pypyError, match=r"wrong\.f90:3:") as caught:
        f2pypy.build(write("wrong.f90", text))
    with pytest.raises(f2pypy.F2pypyError) as of_text:
        f2pypy.build(text)
    assert of_text.value.diagnostics[0].span.path == "<text>"
    lines = [[d.span.line for d in each.value.diagnostics] for each in (caught, of_text)]  # fmt: skip
    assert lines[0] == lines[1]


def test_a_failure_leaves_nothing(cache):
    with pytest.raises(f2pypy.F2pypyError):
        f2pypy.build(write("wrong.f90", "subroutine a\n  i = = 1\nend subroutine\n"))
    assert made(cache) == []


def test_what_is_left_out_is_a_warning_each_time():
    text = "subroutine a(x)\n  real(16) :: x\nend subroutine\nsubroutine b()\nend subroutine\n"
    path = write("partly.f90", text)
    for _ in range(2):
        with pytest.warns(UserWarning, match="partly.f90:.*left out") as caught:
            f2pypy.build(path)
        assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("sources", "choices", "error", "message"),
    [
        ([], {}, ValueError, "expected a source file, none was given"),
        (["a.txt"], {}, ValueError, "a.txt: .txt isn't the suffix of a source"),
        (["a.pyf", "b.pyf"], {}, ValueError, "one signature file can be wrapped"),
        (["\n", "\n\n"], {}, ValueError, "only one source may be given as text"),
        (["a.f90"], {"flags": "-O3"}, ValueError, "flags is a list of names"),
        (["a-b.f90"], {}, ValueError, "no module can be named 'a-b'"),
        (["absent.f90"], {}, f2pypy.F2pypyError, "absent.f90 can't be read"),
    ],
)
def test_what_cannot_be_built_is_refused(sources, choices, error, message):
    for name in ("a.f90", "a-b.f90"):
        write(name, DOUBLE.format(factor=2))
    with pytest.raises(error, match=message):
        f2pypy.build(*sources, **choices)


def test_a_module_of_another_origin_is_not_replaced(monkeypatch):
    stranger = type(sys)("smooth")
    monkeypatch.setitem(sys.modules, "smooth", stranger)
    module = f2pypy.build(write("smooth.f90", DOUBLE.format(factor=2)))
    assert doubled(module) == [2, 4]
    assert sys.modules["smooth"] is stranger


def test_processes_may_build_the_same_module_at_once(cache):
    write("smooth.f90", DOUBLE.format(factor=2))
    program = "import f2pypy, numpy as np; x = np.ones(1); f2pypy.build('smooth.f90').double(x); print(x)"
    command = [sys.executable, "-c", program]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]  # fmt: skip
    assert [each.communicate()[0] for each in started] == ["[2.]\n"] * 4
    assert len(made(cache)) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_cache_that_cannot_be_written(monkeypatch, tmp_path):
    tmp_path.joinpath("closed").mkdir(mode=0o500)
    with pytest.raises(PermissionError, match="closed"):
        f2pypy.build(DOUBLE.format(factor=2), cache_dir=tmp_path / "closed/cache")


def test_generate_takes_sources():
    path = write("smooth.f90", DOUBLE.format(factor=2))
    other = write("other.f90", DOUBLE.format(factor=2).replace("double", "twice"))
    text = f2pypy.generate(path, other, module="both")
    assert "def double(" in text
    assert "def twice(" in text
    with pytest.raises(ValueError, match="a signature file can't be combined"):
        f2pypy.generate("python module a\nend python module\n", other)


SPAWNING = """
from multiprocessing import get_context
import f2pypy
half = f2pypy.build('''
real(8) function half(x)
  real(8), intent(in) :: x
  half = x/2
end function
''')
if __name__ == "__main__":
    with get_context("spawn").Pool(1) as pool:
        print(pool.map(half.half, [2.0, 3.0]))
"""


def test_spawned_processes_find_the_module_that_the_script_builds(cache):
    Path("script.py").write_text(SPAWNING)
    command = [sys.executable, "script.py"]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    assert ended.stdout == "[1.0, 1.5]\n"
    assert len(made(cache)) == 1

"""Statements of a signature file that stand in no routine: what the module gets of them, and what does nothing."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings
from pathlib import Path
from types import ModuleType

import pytest

import f2pypy
from f2pypy.lower.names import module_globals


def written(interface: str, module: str = "") -> str:
    """Return the generated text of a module with these statements at its two levels."""
    text = f"python module beside\n{module}\ninterface\n{interface}\nend interface\nend python module\n"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return f2pypy.generate(text)


def imported(text: str) -> ModuleType:
    """Return the generated module, run where no library is."""
    found = ModuleType("beside")
    exec(compile(text, "beside.py", "exec"), found.__dict__)
    return found


@pytest.mark.parametrize("level", ["interface", "module"])
def test_common_blocks_work_without_a_library(level: str) -> None:
    statements = "integer*8 :: intvar\nlogical, dimension(2) :: flag\ncommon /types/ intvar, flag"
    text = written(statements) if level == "interface" else written("", statements)
    module = imported(text)
    assert module.types.intvar.dtype == "int64"
    module.types.flag = [True, False]
    assert module.types.flag.tolist() == [1, 0]
    assert "no library" in repr(module.types)


def test_classes_of_objects_hide_nothing_of_the_module() -> None:
    """Those of blocks and modules whose names the module's own code has, after an underscore."""
    own = (name[1:] for name in {*module_globals(), "_beside_error"})
    names = sorted(name for name in own if re.fullmatch("[a-z][a-z0-9_]*", name))
    assert {"library", "beside_error"} < {*names}
    lines = [f"integer i{n}\ncommon /{name}/ i{n}" for n, name in enumerate(names)]
    module = imported(written("\n".join(lines)))
    for n, name in enumerate(names):
        block = getattr(module, name)
        setattr(block, f"i{n}", n)
        assert getattr(block, f"i{n}") == n


@pytest.mark.parametrize("runtime", ["embedded", "import"])
def test_dir_and_pytest_show_nothing_of_the_runtime(runtime: str) -> None:
    text = "python module beside\ninteger*8 intvar\ncommon /types/ intvar\nend python module\n"
    module = imported(f2pypy.generate(text, runtime=runtime))
    assert [name for name in dir(module) if name[:2] != "__"] == ["types"]
    with pytest.raises(ValueError, match="'x'") as caught:
        module.types.intvar = "x"
    shown = caught.traceback.filter(caught)
    assert [entry.path for entry in shown] == [Path(__file__)]
    assert len(caught.traceback) > 2


def test_a_library_that_is_named_must_be_found() -> None:
    text = f2pypy.generate(
        "python module beside\ninterface\ninteger i\ncommon /c/ i\nend interface\nend python module\n",
        libraries=("nowhere_at_all",),
    )
    with pytest.raises(ImportError, match="nowhere_at_all"):
        imported(text)


def test_module_that_holds_nothing(tmp_path: Path) -> None:
    source = tmp_path / "nothing.pyf"
    source.write_text("python module nothing\nend python module\n")
    for flags in [], ["-c"]:
        command = [sys.executable, "-m", "f2pypy", *flags, source.name]
        run = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert run.stdout == "nothing.py: 0 routines wrapped, 0 skipped\n"
        reason = "the sources have nothing, but no subroutine or function to call"
        assert run.stderr == f"nothing.pyf: warning: 0 routines wrapped: {reason}\n"
        check = "import nothing; assert nothing.__all__ == [] and issubclass(nothing._nothing_error, Exception)"
        subprocess.run([sys.executable, "-c", check], cwd=tmp_path, check=True)


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("integer :: width", "the declaration of 'width'"),
        ("integer :: i = 3\ncommon /c/ i", "the value of 'i'"),
        ("external f", "'external'"),
        ("intent(in) x", "'intent'"),
        ("save", "'save'"),
        ("common /c/ i\nsave i", "'save'"),
        ("private", "'private'"),
        ("data i /3/", "this data"),
        ("equivalence (i, j)", "this equivalence"),
        ("use somewhere", "'use somewhere'"),
        ("threadsafe", "this threadsafe"),
        ("callstatement (*f2py_func)()", "this callstatement"),
        ("fortranname g", "this fortranname"),
        ("type t\ninteger i\nend type", "this type 't'"),
    ],
)
@pytest.mark.parametrize("level", ["interface", "module"])
def test_what_does_nothing_is_warned_of(level: str, statement: str, what: str) -> None:
    levels = (statement, "") if level == "interface" else ("", statement)
    with pytest.raises(UserWarning) as caught:
        written(*levels)
    assert what in str(caught.value)
    assert "has no effect outside of a routine" in str(caught.value)


def test_constants_give_way_to_names_of_routines() -> None:
    text = written(
        "integer, parameter :: n = 5\n"
        "subroutine f(x, n)\ninteger intent(hide), depend(x) :: n = len(x)\nreal*8 dimension(n) :: x\nend subroutine\n"
        "subroutine g(x)\nreal*8 dimension(n), intent(out) :: x\nend subroutine"
    )
    assert "x : input rank-1 array('d') with bounds (n)" in text
    assert "x : rank-1 array('d') with bounds (5)" in text


def test_enumerators_are_constants() -> None:
    text = written(
        "enum, bind(c)\nenumerator :: three = 3, four\nend enum\n"
        "subroutine g(x)\nreal*8 dimension(four), intent(out) :: x\nend subroutine"
    )
    assert "x : rank-1 array('d') with bounds (4)" in text


def test_constants_in_another_case() -> None:
    text = written(
        """
        subroutine s(x, y, n)
          integer, parameter :: NMax = 3, N = 5
          integer, intent(in) :: n
          real :: x(nmax), y(NMAX + 1, n)
        end subroutine s
        """
    )
    assert "x : input rank-1 array('f') with bounds (3)" in text
    # the argument `n` isn't the constant `N`
    assert "y : input rank-2 array('f') with bounds (4,n)" in text
    text = written("integer, parameter :: N = 5\nreal z(n)\ncommon /block/ z")
    assert imported(text).block.z.shape == (5,)

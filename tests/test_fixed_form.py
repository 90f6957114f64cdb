"""Fixed form as it is found: words without blanks between them, card numbers, include files for both forms."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from f2pypy import syntax
from f2pypy.command import cli
from f2pypy.diagnostics import Diagnostics
from f2pypy.reading.forms import Form
from f2pypy.reading.fortran import read_fortran

FORTRAN = Path(__file__).parent.parent / "fortran"
BUILDS = pytest.mark.skipif(shutil.which("gfortran") is None, reason="needs gfortran")


def evaluate(expression: str, folder: Path) -> str:
    """Return what the expression prints where the module `m` is."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", f"import m; print({expression})"],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@BUILDS
def test_words_without_blanks_between_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert (
        cli.run(["-c", "-m", "m", str(FORTRAN / "glued.f"), "--strict", "--quiet"]) == 0
    )
    expressions = {
        "(m.glum.setx(), int(m.glum.x), int(m.glum.n))": "(None, 5, 3)",
        "(m.twice(4), m.half(3), m.third([1, 2, 3]), m.fourth([1, 2, 3]))": "(8, 1.5, 2.0, 2.0)",
        "(m.name(1), m.name(2), m.uses().tolist())": "(b'one', b'abc', [3.0, 3.0, 3.0])",
        "(m.calls(lambda x: print(x)), m.blk.q.tolist())": "1.5\n1.5\n(1.5, [1.0, 2.0])",
    }
    for expression, printed in expressions.items():
        assert evaluate(expression, tmp_path) == printed


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("doubleprecisionfunctionf(x)", "f"),
        ("character*(*)functionf(x)", "f"),
        ("recursivesubroutinef(x)", "f"),
        ("pureelementalfunctionf(x)", "f"),
        ("type(real(8))functionf(x)", "f"),
        ("integer(kind=8)functionf(x)", "f"),
        ("mo du le f", "f"),
        ("double precision function f f(x)", "ff"),
        ("real*8 func tion f(x)", "f"),
        ("in teger fun ction f (x)", "f"),
        ("character*4 function f f(x)", "ff"),
        ("sub routine f f(x)", "ff"),
    ],
)
def test_the_name_of_what_a_glued_statement_opens(statement: str, name: str) -> None:
    ending = "module" if statement.startswith("mo") else ""
    diagnostics = Diagnostics()
    text = f"      {statement}\n      end{ending}\n"
    (unit,) = read_fortran(text, "f.f", diagnostics).units
    assert isinstance(unit, syntax.Procedure | syntax.Module)
    assert (unit.name, diagnostics.found) == (name, [])


@pytest.mark.parametrize(
    ("tail", "kept"),
    [
        ("00000010", ["a"]),
        ("ABC00010", ["a"]),
        ("  123", ["a"]),
        (", b", ["a", "b"]),
        (", b1", ["a", "b1"]),
    ],
)
@pytest.mark.parametrize(
    "sentinel", ["cf2py", "Cf2py", "!f2py", "      !f2py", "*f2py"]
)
def test_card_numbers_after_directives(
    tail: str, kept: list[str], sentinel: str
) -> None:
    directive = f"{sentinel} intent(out) a".ljust(72) + tail
    text = f"      subroutine s(a, b, b1)\n{directive}\n      end\n"
    diagnostics = Diagnostics()
    (unit,) = read_fortran(text, "s.f", diagnostics).units
    assert isinstance(unit, syntax.Procedure)
    (said,) = unit.items
    assert isinstance(said, syntax.AttributeStatement)
    assert [entity.name for entity in said.entities] == kept


def test_a_directive_that_goes_on_is_no_card_number() -> None:
    for text in ("cf2py integer intent(in) :: n =", "cf2py intent(out) a,"):
        row = text.ljust(72) + "10"
        source = f"      subroutine s(a, n)\n{row}\n      end\n"
        found = Diagnostics()
        read_fortran(source, "s.f", found)
        wide = Diagnostics()
        read_fortran(source, "s.f", wide, last_column=None)
        assert [d.message for d in found.found] == [d.message for d in wide.found]


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize(
    "type_", ["integer(8)", "real(kind=8)", "character(len=3)", "double precision"]
)
def test_intrinsic_types_in_type(form: Form, type_: str) -> None:
    def items(text: str) -> tuple[object, ...]:
        diagnostics = Diagnostics()
        source = f"      subroutine s(x)\n      {text} x\n      end\n"
        (unit,) = read_fortran(source, "s.f", diagnostics, form=form).units
        assert diagnostics.found == []
        assert isinstance(unit, syntax.Procedure)
        return unit.items

    assert items(f"type({type_}) ::") == items(f"{type_} ::")
    assert items(f"type ( {type_} ), intent(in) ::") == items(f"{type_}, intent(in) ::")


# Ampersands in column 73 and in column 6, as MPI's include file has them.
@BUILDS
def test_an_include_file_for_both_forms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [
        "! for both forms",
        "      integer nn, mm,".ljust(72) + "&",
        "     & kk",
        "      parameter (nn = 4, mm = 2,".ljust(72) + "&",
        "     & kk = nn*mm)",
    ]
    Path("inc").mkdir()
    Path("inc/par.h").write_text("\n".join(rows) + "\n")
    body = """      subroutine {name}(x)
      include 'par.h'
      real*8 x(kk)
!f2py intent(out) x
      x = nn
      end
"""
    Path("a.f").write_text(body.format(name="fixed"))
    Path("b.f90").write_text(body.format(name="free"))
    for flag in ("--f77flags=-Iinc", "--f90flags=-I inc"):
        assert (
            cli.run(["-c", "-m", "m", "a.f", "b.f90", flag, "--strict", "--quiet"]) == 0
        )
        assert evaluate("m.fixed().tolist() == m.free().tolist() == [4] * 8", tmp_path) == "True"  # fmt: skip
    monkeypatch.setenv("FFLAGS", "-Iinc")
    assert cli.run(["-c", "-m", "m", "a.f", "b.f90", "--strict", "--quiet"]) == 0
    assert cli.run(["-h", "m.pyf", "-m", "m", "a.f", "b.f90", "--quiet"]) == 0
    assert "dimension(8)" in Path("m.pyf").read_text()


@pytest.mark.parametrize("name", ["f.f", "f.f90"])
@pytest.mark.parametrize("array", ["functions", "function1", "subroutines"])
def test_an_array_named_like_a_header(name: str, array: str) -> None:
    """In free form, and in fixed form where no function can begin."""
    diagnostics = Diagnostics()
    text = f"      subroutine s(x, {array})\n      real {array}(10)\n      integer x\n      end subroutine\n"
    (unit,) = read_fortran(text, name, diagnostics).units
    assert isinstance(unit, syntax.Procedure)
    declared = [item for item in unit.items if isinstance(item, syntax.TypeDeclaration)]
    assert [d.entities[0].name for d in declared] == [array, "x"]
    assert not diagnostics.found

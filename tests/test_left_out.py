"""Whatever of a source doesn't reach Python is told: in messages, the docstring, and where it is asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import f2pypy
from f2pypy.building.sources import Source
from f2pypy.command import cli
from f2pypy.diagnostics import Diagnostics, F2pypyError
from f2pypy.options import Options
from f2pypy.pipeline import Generated, generate_from_sources
from f2pypy.reading.forms import Form

KEPT = """
subroutine kept(n)
  integer, intent(in) :: n
end subroutine
"""


def generated(text: str, **options: object) -> Generated:
    source = Source(Path("source.f90"), text, Form.FREE)
    chosen = Options(module="partial", libraries=("c",), **options)  # type: ignore[arg-type]
    return generate_from_sources([source], chosen, Diagnostics())


def imported(made: Generated, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module, as import makes it, of routines that its library lacks."""
    module = ModuleType(made.module)
    monkeypatch.setitem(sys.modules, made.module, module)
    exec(made.text, module.__dict__)
    return module


# what is lost, where users would look for it, and the line and reason that are told
LOST = {
    "a routine": ("subroutine lost(x)\n real(16) :: x\nend subroutine", "lost", "real(16)"),
    "text as long as nobody says": (
        "module m\ncontains\nsubroutine lost(x)\n character(len=*), allocatable, intent(out) :: x(:)\nend subroutine\n"
        "end module", "m.lost", "declare it with len=:"),
    "a routine that can't be read": ("subroutine lost(a, 1)\nend subroutine", "lost", "can't be read"),
    "a routine of a module": (
        "module m\ncontains\nsubroutine lost(x)\n real(16) :: x\nend subroutine\nend module", "m.lost", "real(16)"),
    "an unreadable routine of a module": (
        "module m\ncontains\nsubroutine lost(a, 1)\nend subroutine\nend module", "m.lost", "can't be read"),
    "an argument that can't be read": (
        "module m\ncontains\nsubroutine lost(a)\n real :: a 5\nend subroutine\nend module", "m.lost",
        "concerns its arguments"),
    "a variable": ("module m\n real(16) :: lost\nend module", "m.lost", "real(16)"),
    "a variable that can't be read": (
        "module m\n real :: lost 5\nend module", "m.lost", "can't read this statement"),
    "a variable of unknown kind": (
        "module m\n use n\n real(dp) :: lost\nend module", "m.lost", "'n', which isn't among"),
    "a procedure pointer": (
        "module m\n procedure(), pointer :: lost => null()\nend module", "m.lost", "procedure pointer"),
    "a common block": ("block data\n real(16) :: x\n common /lost/ x\nend block data", "lost", "real(16)"),
    "an object in a common block": (
        "subroutine s\n type t\n  sequence\n  real x\n end type\n type(t) p\n common /lost/ p\nend subroutine", "lost",
        "'p' is of derived type 't'"),
    "an object of an unknown type in a common block": (
        "subroutine s\n use m\n type(t) p\n common /lost/ p\nend subroutine", "lost", "'p' is of derived type 't'"),
    "a generic name": (
        "module m\n interface lost\n  module procedure a, b\n end interface\ncontains\nsubroutine a(x)\n character, "
        "intent(out) :: x\nend subroutine\nsubroutine b(x)\n character, intent(out) :: x\nend subroutine\nend module",
        "m.lost", "tells its specific procedures apart"),
    "an enumerator": (
        "module m\n use n\n enum, bind(c)\n  enumerator :: one = 1, lost = other\n end enum\nend module", "m.lost",
        "the value of this enumerator isn't known"),
    "an operator": (
        "module m\n interface operator(.lost.)\n  module procedure f\n end interface\ncontains\nfunction f(x)\n "
        "real(16), intent(in) :: x\n real :: f\nend function\nend module", "m.lost",
        "operator(.lost.) is left out: none of its"),
    "a callback that is passed anything": (
        "module m\nabstract interface\nsubroutine told(x)\n type(*), intent(in) :: x\nend subroutine\nend interface\n"
        "contains\nsubroutine lost(f)\n procedure(told) :: f\nend subroutine\nend module", "m.lost",
        "callback 'f': Fortran passes 'x' of type(*)"),
    "a callback that gets an object of any rank": (
        "module m\ntype t\n integer :: i\nend type\nabstract interface\nsubroutine seen(x)\n import t\n type(t) :: "
        "x(..)\nend subroutine\nend interface\ncontains\nsubroutine lost(f)\n procedure(seen) :: f\n"
        "end subroutine\nend module",
        "m.lost", "its argument 'x' is of assumed rank"),
    "a specific procedure": (
        "module m\n use n, only: lost\n interface g\n  procedure lost\n end interface\nend module", "m.lost",
        "isn't among the files"),
}  # fmt: skip


@pytest.mark.parametrize("pairs", ["(p, a)", "(p, a), (q, b(5))"])
def test_cray_pointers_are_named(pairs: str) -> None:
    head = "subroutine lost(p, x)\n real :: x, a(2), b\n"
    made = generated(f"{head} pointer {pairs}\n x = a(1)\nend subroutine\n{KEPT}")
    told = [each for each in made.warnings if "a Cray pointer isn't" in each.message]
    assert [each.span.line for each in told] == [3]
    assert ["lost" in each.message for each in made.skipped] == [True]


@pytest.mark.parametrize(("text", "name", "reason"), LOST.values(), ids=LOST.keys())
def test_what_is_lost_is_told(
    text: str, name: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = generated(text + KEPT)
    told = [each for each in made.skipped if reason in each.message]
    assert told
    assert all(0 < each.span.line <= text.count("\n") + 1 for each in told)
    module = imported(made, monkeypatch)
    assert "Left out::" in (module.__doc__ or "")
    assert f"source.f90:{told[0].span.line}: " in (module.__doc__ or "")
    owner, _, attribute = name.rpartition(".")
    holder = getattr(module, owner) if owner else module
    with pytest.raises(AttributeError) as reading:
        getattr(holder, attribute)
    with pytest.raises(AttributeError) as assigning:
        setattr(holder, attribute, 1)
    assert reason in str(reading.value)
    assert reason in str(assigning.value)
    assert callable(module.kept)


@pytest.mark.parametrize(("text", "name", "reason"), LOST.values(), ids=LOST.keys())
def test_strict_runs_end_where_something_is_lost(
    text: str, name: str, reason: str
) -> None:
    with pytest.raises(F2pypyError) as caught:
        generated(text + KEPT, strict=True)
    assert any(reason in each.message for each in caught.value.diagnostics)


def test_a_name_lost_for_several_reasons_tells_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lost = "subroutine lost(x, y)\n real(16) :: x\n real(16) :: y\nend subroutine"
    module = imported(generated(lost + KEPT), monkeypatch)
    with pytest.raises(AttributeError, match=r"'x': NumPy has .*; .*'y': NumPy has"):
        module.lost  # noqa: B018


@pytest.mark.filterwarnings("ignore:.*is left out")
def test_signature_files_lose_nothing_silently(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = """
python module partial
interface
  subroutine lost(x)
    real(kind=16) :: x
  end subroutine
  subroutine unread(x, b+c)
  end subroutine
  subroutine kept
  end subroutine
  module m
    integer :: there
    real :: gone 5
    contains
    subroutine inside(b+c)
    end subroutine
  end module
end interface
end python module
"""
    with pytest.warns(UserWarning, match="skipped: gone is left out"):
        made = f2pypy.generate(text, libraries=("c",))
    module = imported(Generated((made,), "partial", (), (), ()), monkeypatch)
    for holder, name in [(module, "lost"), (module, "unread"), (module.m, "gone"), (module.m, "inside")]:  # fmt: skip
        with pytest.raises(AttributeError, match=f"{name} is left out: "):
            getattr(holder, name)


# sources without a routine, and why there is none
EMPTY = {
    "main program": ("program p\nend program", "the sources have a main program, but no subroutine or function"),
    "private": ("module m\n private\ncontains\nsubroutine s\nend subroutine\nend module", "every routine is private"),
    "variables": ("module m\n integer :: i\nend module", "the sources have variables, but no"),
    "several things": (
        "program p\nend program\nmodule m\n integer :: i\n enum, bind(c)\n  enumerator :: e\n end enum\nend module",
        "the sources have a main program, variables and enumerators, but no"),
    "nothing": ("! a comment\n", "the sources have nothing, but no"),
    "left out": (
        "module m\n integer :: i\nend module\nsubroutine s(x)\n real(16) :: x\nend subroutine",
        "every routine is left out"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "reason"), EMPTY.values(), ids=EMPTY.keys())
def test_no_routine_is_a_warning(text: str, reason: str) -> None:
    made = generated(text)
    messages = [each.message for each in made.warnings]
    assert [each for each in messages if each.startswith("0 routines wrapped: ")] == [
        each for each in messages if reason in each
    ]
    assert made.wrapped == ()


def test_only_and_skip_leave_nothing() -> None:
    for options in ({"only": ("other",)}, {"skip": ("kept",)}):
        messages = [each.message for each in generated(KEPT, **options).warnings]
        assert "0 routines wrapped: only: and skip: leave out every routine" in messages
    assert not generated(KEPT).warnings


def test_the_command_lists_what_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "source.f90"
    source.write_text(f"{LOST['a variable'][0]}\n{KEPT}")
    output = str(tmp_path / "partial.py")
    assert cli.run(["-m", "partial", str(source), "-o", output]) == 0
    out, err = capsys.readouterr()
    assert f"{source}:2:14: skipped: m.lost is left out: " in err
    assert out.startswith(f"{output}: 1 routine wrapped, 1 skipped\n")
    assert cli.run(["-m", "partial", str(source), "-o", output, "--strict"]) == 1
    assert "error: m.lost is left out: " in capsys.readouterr().err


def test_counting_procedures_of_one_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those of two modules are two; one that is left out for two reasons is one."""
    lost = """
module {0}
contains
  subroutine lost(a, b)
    type(gone), intent(in) :: a
    type(missing), intent(in) :: b
  end subroutine
end module
"""
    source = tmp_path / "source.f90"
    source.write_text(lost.format("one") + lost.format("other") + KEPT)
    output = str(tmp_path / "partial.py")
    assert cli.run(["-m", "partial", str(source), "-o", output]) == 0
    out, err = capsys.readouterr()
    assert err.count("skipped: lost is left out: ") == 4
    assert out.startswith(f"{output}: 1 routine wrapped, 2 skipped\n")


def test_asking_an_imported_module(tmp_path: Path) -> None:
    source = tmp_path / "source.pyf"
    source.write_text(
        "python module partial\ninterface\nsubroutine lost(x)\nreal(kind=16) :: x\nend subroutine\n"
        "subroutine kept\nintent(c) kept\nfortranname\nend subroutine\nend interface\nend python module\n"
    )
    assert cli.run([str(source), "-o", str(tmp_path / "partial.py"), "--quiet", "-lc"]) == 0  # fmt: skip
    program = (
        "import partial\n"
        "for act in (lambda: partial.lost, lambda: setattr(partial, 'lost', 1)):\n"
        "    try: act()\n"
        "    except AttributeError as error: print(error)\n"
    )
    command = [sys.executable, "-c", program]
    run = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    lines = run.stdout.splitlines()
    assert len(lines) == 2
    assert all("'lost': lost is left out: 'x': NumPy has no" in line for line in lines)


def test_components_of_constants_as_extents() -> None:
    """Numbers are known; of what lies in an object only the compiler knows it, and the message says so."""
    text = """
module m
  type inner
    integer :: n = 3
  end type
  type outer
    integer :: n = 3
    type(inner) :: part
  end type
  type(outer), parameter :: given = outer(4, inner(5))
  integer, parameter :: k = given%n
contains
  subroutine by_name(x)
    real(8), intent(out) :: x(k)
  end subroutine
  subroutine by_component(x)
    real(8), intent(out) :: x(2*given%n)
  end subroutine
  subroutine by_part(x)
    real(8), intent(out) :: x(given%part%n)
  end subroutine
end module
"""
    (told,) = (each.message for each in generated(text + KEPT).skipped)
    assert told.startswith("by_part is left out: the component part of outer(...), ")
    assert "an object of derived type, isn't known here" in told

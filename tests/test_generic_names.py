"""Which procedures a generic name stands for, what is printed for it, and what signature files say of both."""

from __future__ import annotations

import importlib
import shutil
import subprocess
from pathlib import Path

import pytest

from f2pypy import model
from f2pypy.building.sources import Source
from f2pypy.command import cli
from f2pypy.diagnostics import Diagnostics
from f2pypy.options import Options
from f2pypy.pipeline import (
    generate_from_sources,
    generate_module,
    resolve_signature,
    resolve_sources,
)
from f2pypy.reading.forms import Form
from f2pypy.signatures.writer import write_signature

FORTRAN = Path(__file__).parent.parent / "fortran" / "generics"
PAIR = """
  integer function of_integer(x)
    integer, intent(in) :: x
  end function
  integer function of_real(x)
    real, intent(in) :: x
  end function
"""


def source(text: str) -> list[Source]:
    return [Source(Path("source.f90"), text, Form.FREE)]


def resolved(text: str, **options: object) -> tuple[model.Library, Diagnostics]:
    diagnostics = Diagnostics()
    chosen = Options(module="m", **options)  # type: ignore[arg-type]
    return resolve_sources(source(text), chosen, diagnostics), diagnostics


def specifics(text: str, name: str = "g", **options: object) -> list[tuple[str, str]]:
    library, _ = resolved(text, **options)
    generics = [g for m in library.modules for g in m.generics if g.name == name]
    return [(s.module, s.name) for g in generics for s in g.specifics]


MODULE = f"""
module first
  interface g
    module procedure of_integer
  end interface
  interface g
    procedure :: of_real
  end interface g
contains
{PAIR}
end module
"""


def test_several_blocks_are_one_generic() -> None:
    assert specifics(MODULE) == [("first", "of_integer"), ("first", "of_real")]


@pytest.mark.parametrize(
    ("use", "listed", "expected"),
    [
        ("use first, only: of_real", "procedure of_real", [("first", "of_real")]),
        ("use first, only: r => of_real", "procedure r", [("first", "of_real")]),
        ("use first", "module procedure own", [("second", "own"), ("first", "of_integer"), ("first", "of_real")]),
        ("use first, only: of_real", "module procedure own", [("second", "own")]),
        ("use elsewhere, only: theirs", "procedure own, theirs", [("second", "own")]),
        ("", "procedure own, outer", [("second", "own"), ("", "outer")]),
    ],
)  # fmt: skip
def test_procedures_of_other_modules(
    use: str, listed: str, expected: list[tuple[str, str]]
) -> None:
    text = f"""{MODULE}
module second
  {use}
  interface
    subroutine outer
    end subroutine
  end interface
  interface g
    {listed}
  end interface
contains
  subroutine own(text)
    character(len=*), intent(in) :: text
  end subroutine
end module
"""
    library, diagnostics = resolved(text)
    second = next(module for module in library.modules if module.name == "second")
    found = [(s.module, s.name) for s in second.generics[0].specifics]
    assert found == expected
    lost = [d.message for d in diagnostics.found if "theirs" in d.message]
    assert bool(lost) == ("elsewhere" in use)


def test_only_and_skip() -> None:
    private = MODULE.replace("contains", "private :: of_integer, of_real\ncontains")
    for text in (MODULE, private):
        library, _ = resolved(text, only=("g",))
        module = library.modules[0]
        assert [p.name for p in module.procedures] == ["of_integer", "of_real"]
        assert [g.name for g in module.generics] == ["g"]
        library, _ = resolved(text, skip=("of_real",))
        assert [p.name for p in library.modules[0].procedures] == ["of_integer"]
    assert specifics(MODULE, only=("of_real",)) == []
    assert specifics(MODULE, skip=("g",)) == []


@pytest.mark.parametrize(
    "declaration",
    ["real, intent(in out), optional :: x(:)", "integer, intent(in), optional :: x", "type(t), optional :: x"],
)  # fmt: skip
def test_the_only_procedure_is_called_with_what_is_given(declaration: str) -> None:
    text = (
        "module m\n type t\n  integer :: i\n end type\n interface g\n  module procedure f\n end interface\n"
        f"contains\n subroutine f(x)\n  {declaration}\n end subroutine\nend module\n"
    )
    made = generate_from_sources(source(text), Options(module="m"), Diagnostics())
    body = made.text.partition("def m_g(")[2].split('"""')[2]
    assert body.split()[:2] == ["return", "m_f(x)"]


def test_what_nothing_tells_apart_is_left_out() -> None:
    # Python's characters have no kind
    text = MODULE.replace("integer, intent(in) ::", "character, intent(out) ::")
    text = text.replace("real, intent(in) ::", "character, intent(out) ::")
    diagnostics = Diagnostics()
    generated = generate_from_sources(source(text), Options(module="m"), diagnostics)
    (skipped,) = generated.skipped
    assert skipped.message == (
        "g is left out: no argument that Python gives tells its specific procedures apart (of_integer, of_real)"
    )
    assert skipped.span.line == 3
    assert "def first_of_real(" in generated.text


def test_results_tell_apart_what_arguments_do_not() -> None:
    text = MODULE.replace("intent(in)", "intent(out)")
    generated = generate_from_sources(source(text), Options(module="m"), Diagnostics())
    assert not generated.skipped
    assert (
        "def first_g(*, x: type[int] | type[np.int32]) -> tuple[int, int]"
        in generated.text
    )
    library, _ = resolved(text)
    written = write_signature(library)
    again = generate_module(written, "m.pyf", Options(strict=True))
    assert chains(again.text) == chains(generated.text) != []


def test_procedures_without_a_wrapper_are_no_part_of_it() -> None:
    text = MODULE.replace("real, intent(in) ::", "real(16), intent(in) ::")
    generated = generate_from_sources(source(text), Options(module="m"), Diagnostics())
    assert "return first_of_integer(x)" in generated.text
    assert "return first_of_real" not in generated.text
    text = text.replace("integer, intent(in) ::", "real(16), intent(in) ::")
    text += "subroutine other\nend subroutine\n"
    generated = generate_from_sources(source(text), Options(module="m"), Diagnostics())
    messages = [each.message for each in generated.skipped]
    assert "g is left out: none of its specific procedures (of_integer, of_real) has a wrapper" in messages  # fmt: skip


@pytest.mark.parametrize("name", ["told_apart", "gathered", "enumerators"])
def test_signature_files_say_the_same(name: str) -> None:
    path = FORTRAN / f"{name}.f90"
    read = [Source(path, path.read_text(), Form.FREE)]
    options = Options(module=name)
    library = resolve_sources(read, options, Diagnostics())
    written = write_signature(library)
    diagnostics = Diagnostics()
    again = resolve_signature(written, f"{name}.pyf", Options(), diagnostics)
    assert [d for d in diagnostics.found if d.subject] == []
    assert [(m.name, m.generics, m.enumerations) for m in again.modules] == [
        (m.name, m.generics, m.enumerations) for m in library.modules
    ]
    assert write_signature(again) == written
    generated = generate_module(written, f"{name}.pyf", Options(strict=True))
    expected = generate_from_sources(read, options, Diagnostics())
    assert chains(generated.text) == chains(expected.text)


def chains(text: str) -> list[str]:
    """The parts of a module that stand for generic names and enumerations."""
    parts = text.split("\n\n\n")
    return [p for p in parts if "Generic name of" in p or "(IntEnum)" in p]


def test_an_enumerator_without_a_known_value_is_left_out() -> None:
    text = """
module m
  use elsewhere, only: unknown
  enum, bind(c)
    enumerator :: one = 1, two = unknown
  end enum
  integer :: x
end module
"""
    library, diagnostics = resolved(text)
    (enumeration,) = library.modules[0].enumerations
    assert enumeration.members == (("one", 1),)
    messages = [d.message for d in diagnostics.found]
    expected = "m.two is left out: the value of this enumerator isn't known"
    assert expected in messages


DESCRIBED = """
module described
  integer, parameter :: wp = kind(1d0)
  interface twice
    function twice_integer(k)
      integer, intent(in) :: k
      integer :: twice_integer
    end function
    function twice_real(k)
      import wp
      real(wp), intent(in) :: k
      real(wp) :: twice_real
    end function
  end interface
end module
"""
DEFINED = """
function twice_integer(k)
  integer, intent(in) :: k
  integer :: twice_integer
  twice_integer = 2*k
end function
function twice_real(k)
  double precision, intent(in) :: k
  double precision :: twice_real
  twice_real = 2*k
end function
"""


def test_procedures_that_only_interface_bodies_describe() -> None:
    assert specifics(DESCRIBED, "twice") == [("", "twice_integer"), ("", "twice_real")]
    library, _ = resolved(DESCRIBED)
    assert [p.name for p in library.procedures] == ["twice_integer", "twice_real"]
    assert library.procedures[1].arguments[0].type.size == 8
    library, diagnostics = resolved(DESCRIBED + DEFINED)
    assert [p.name for p in library.procedures] == ["twice_integer", "twice_real"]
    assert library.procedures[0].span.line > DESCRIBED.count("\n")
    assert diagnostics.found == []
    library, _ = resolved(DESCRIBED, skip=("twice",))
    assert library.procedures == ()


def test_described_procedures_of_a_library_that_is_linked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("defined.f90").write_text(DEFINED)
    Path("described.f90").write_text(DESCRIBED)
    compiler = shutil.which("gfortran") or pytest.skip("needs gfortran")
    command = [compiler, "-shared", "-fPIC", "defined.f90", "-o", "libdefined.so"]
    subprocess.run(command, check=True)
    flags = ["-m", "linked_generics", f"-L{tmp_path}", "-ldefined", "--quiet"]
    assert cli.run(["-c", "described.f90", *flags]) == 0
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module("linked_generics")
    assert module.described.twice(2) == 4
    assert module.described.twice(2.5) == 5


OUTER = """
python module outer
interface
  interface solve
    procedure ssolve, dsolve
  end interface solve
  interface lambda
    subroutine isolve(n)
      integer, intent(in) :: n
    end subroutine
  end interface
  subroutine ssolve(x)
    real, intent(in) :: x
  end subroutine
  subroutine dsolve(x)
    double precision, intent(in), dimension(:) :: x
  end subroutine
end interface
end python module
"""


def test_generic_names_of_signature_files_outside_of_modules() -> None:
    diagnostics = Diagnostics()
    library = resolve_signature(OUTER, "outer.pyf", Options(), diagnostics)
    assert diagnostics.found == []
    found = [(g.name, [s.name for s in g.specifics]) for g in library.generics]
    assert found == [("solve", ["ssolve", "dsolve"]), ("lambda", ["isolve"])]
    generated = generate_module(OUTER, "outer.pyf", Options(strict=True))
    assert '__all__ = ["isolve", "ssolve", "dsolve", "solve", "lambda"]' in generated.text  # fmt: skip
    assert 'raise no_specific("outer.solve"' in generated.text
    written = write_signature(library)
    again = resolve_signature(written, "outer.pyf", Options(), Diagnostics())
    assert again.generics == library.generics
    only = resolve_signature(OUTER, "o.pyf", Options(only=("solve",)), Diagnostics())
    assert [p.name for p in only.procedures] == ["ssolve", "dsolve"]


def test_names_after_interface_that_mean_nothing() -> None:
    for name in ("outer", "isolve"):
        text = OUTER.replace("interface lambda", f"interface {name}")
        library = resolve_signature(text, "outer.pyf", Options(), Diagnostics())
        assert [g.name for g in library.generics] == ["solve"]

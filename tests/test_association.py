"""Use association and access: which entity a local name means. No compiler has a part in it."""

from __future__ import annotations

import pytest

from f2pypy.diagnostics import Diagnostics
from f2pypy.options import Options
from f2pypy.reading.fortran import read_fortran
from f2pypy.resolve.library.fortran_sources import SourcesReader
from f2pypy.resolve.names.association import Uses
from f2pypy.resolve.names.scopes import Scopes

MODULES = """
module a
  integer, parameter :: n = 1, only_a = 11
end module
module b
  integer, parameter :: n = 2, only_b = 12
end module
module again
  use a
  use b, only: m => n
end module
module closed
  use a
  use b, only: only_b, m => n
  private
  public :: a, only_b
end module
module partly
  use a
  use b, only: only_b
  private :: a, hidden
  integer, parameter :: hidden = 13
end module
module iso_fortran_env
  integer, parameter :: real64 = 9, int8 = 21
end module
module circle_one
  use circle_two
  integer, parameter :: n = 5
end module
module circle_two
  use circle_one
end module
"""


def extent(declarations: str, name: str) -> int | None:
    """Return the value of a name in a routine whose host has ``n = 99``; None where it has none."""
    text = f"""{MODULES}
module host
  integer, parameter :: n = 99
contains
  subroutine s(x)
    {declarations}
    integer, intent(out) :: x({name})
  end subroutine
end module
"""
    diagnostics = Diagnostics()
    file = read_fortran(text, "m.f90", diagnostics)
    library = SourcesReader([file], Options(), diagnostics).read()
    for module in library.modules:
        for procedure in module.procedures:
            bounds = procedure.argument("x").bounds
            assert bounds is not None
            value = bounds[0].value
            return getattr(value, "value", None)
    return None


@pytest.mark.parametrize(
    ("declarations", "name", "expected"),
    [
        ("", "n", 99),
        ("use a", "n", 1),
        ("use a, only: only_a", "n", 99),
        ("use a, n => only_a", "n", None),
        ("use a, m => n", "n", 99),
        ("use a, m => n", "m", 1),
        ("use a, m => n, k => n", "k", 1),
        ("use a, only: n, m => n", "n + 2*m", 3),
        ("use a, m => n; use a", "n", 99),
        ("use a, only: m => n; use a, only: n", "n", 1),
        ("use again", "n + 10*m", 21),
        ("use again, k => m", "k", 2),
        ("use a; use again", "n", 1),
        ("use closed", "only_a + only_b", 23),
        ("use closed", "m", None),
        ("use partly", "n", 99),
        ("use partly", "only_b", 12),
        ("use partly", "hidden", None),
        ("use iso_fortran_env", "int8", 21),
        ("use, non_intrinsic :: iso_fortran_env", "int8", 21),
        ("use, intrinsic :: iso_fortran_env", "int8", 1),
        ("use, intrinsic :: iso_fortran_env, only: n => int32", "n", 4),
        # two entities of one name: no compiler takes it, so that nobody gets the wrong one
        ("use a; use b", "n", None),
        # the module isn't here, but it has an n that is not the host's
        ("use elsewhere, only: n", "n", None),
        ("use elsewhere, only: m => n", "n", 99),
        ("use circle_two", "n", 5),
    ],
)
def test_what_a_name_means(declarations: str, name: str, expected: int | None) -> None:
    assert extent(declarations.replace("; ", "\n    "), name) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("import", "double"),
        ("import :: wp", "double"),
        ("import wp", "double"),
        ("import, only: wp", "double"),
        ("import, all", "double"),
        ("import, none", None),
        ("import :: other", None),
        ("", None),
    ],
)
def test_what_an_interface_body_imports(statement: str, expected: str | None) -> None:
    text = f"""
subroutine s(f)
  integer, parameter :: wp = 8, other = 4
  interface
    subroutine f(x)
      {statement}
      real(wp), intent(in) :: x
    end subroutine
  end interface
end subroutine
"""
    diagnostics = Diagnostics()
    file = read_fortran(text, "m.f90", diagnostics)
    library = SourcesReader([file], Options(), diagnostics).read()
    if expected is None:
        assert not library.procedures
        assert any("'wp'" in found.message for found in diagnostics.found)
    else:
        callback = library.procedures[0].argument("f").callback
        assert callback is not None
        assert callback.arguments[0].type.size == 8


@pytest.mark.parametrize("count", [10, 40])
def test_names_are_followed_once_in_each_module(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chain of modules hands on ever more names, so that following them again for each question would cost most."""
    text = ""
    for number in range(count):
        used = f"use m{number - 1}\n" if number else ""
        text += (
            f"module m{number}\n{used}integer, parameter :: k{number} = {number}\ncontains\n"
            f"subroutine s{number}(x)\nreal :: x(k{number} + k0 + 1)\nend subroutine\nend module\n"
        )
    followed: list[str] = []
    asked: list[str] = []
    associated, known_of = Uses.associated, Scopes.known_of
    monkeypatch.setattr(
        Uses, "associated", lambda s, e: followed.append(s.module) or associated(s, e)
    )
    monkeypatch.setattr(
        Scopes, "known_of", lambda s, e, n: asked.append(n) or known_of(s, e, n)
    )
    diagnostics = Diagnostics()
    file = read_fortran(text, "a.f90", diagnostics)
    library = SourcesReader([file], Options(module="t"), diagnostics).read()
    extents = [m.procedures[0].arguments[0].bounds for m in library.modules]
    assert [each[0].value.value for each in extents if each] == [*range(1, count + 1)]
    # one USE in each module but the first; each brings two names of every module before
    assert len(followed) == count - 1
    assert len(asked) == count * (count - 1)

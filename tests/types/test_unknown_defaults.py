"""Default initialisations that only the library knows: taken from it where it has them, else no class."""

from __future__ import annotations

from pathlib import Path

from f2pypy import pipeline
from f2pypy.building.sources import Source
from f2pypy.diagnostics import Diagnostics
from f2pypy.options import Options
from f2pypy.reading.forms import Form

TEXT = """
module m
  type small
    integer :: k = 1
  end type
  type outer
    type(small) :: made = small(8)
  end type
  type, extends(outer) :: child
    real :: x = 1.5
  end type
  type holder
    type(outer) :: inside
  end type
  type fine
    real(8) :: h = huge(1d0)
    integer, pointer :: p => null()
    integer :: n = 2*3
  end type
contains
  subroutine nothing
  end subroutine
end module
"""
REASON = (
    "the default small(8) of 'made' isn't a literal, and flang doesn't record its value"
)


def skipped(compiler: str, text: str = TEXT) -> dict[str, str]:
    """Return the types that are left out, with their reasons."""
    source = Source(Path("m.f90"), text, Form.FREE)
    options = Options(module="m", compiler=compiler)
    generated = pipeline.generate_from_sources([source], options, Diagnostics())
    told = [each.message.partition(" is left out: ") for each in generated.skipped]
    return {subject.removeprefix("type "): reason for subject, _, reason in told}


def test_a_library_that_has_them_gives_them() -> None:
    assert skipped("gfortran") == {}


def test_where_nobody_says_the_type_and_what_holds_it_are_left_out() -> None:
    assert skipped("flang") == dict.fromkeys(("outer", "child", "holder"), REASON)


POINTED = """
module m
  abstract interface
    integer function hashing(key)
      integer, intent(in) :: key
    end function
  end interface
  type, abstract :: table
    private
    procedure(hashing), pointer, nopass :: hasher => plain
    integer, public :: n = 3
  end type
  type, extends(table) :: small
    integer :: m = 4
  end type
contains
  integer function plain(key)
    integer, intent(in) :: key
    plain = 7*key
  end function
end module
"""


def test_private_procedure_pointers_with_defaults_cost_no_type() -> None:
    """Abstract types have no bytes of a new object in the library: their private components are looked at."""
    assert skipped("gfortran", POINTED) == {}

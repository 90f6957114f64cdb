"""Signature files say of derived types what the sources say, and read back to the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from f2pypy.build.sources import Source
from f2pypy.diagnostics import Diagnostics
from f2pypy.options import Options
from f2pypy.pipeline import resolve_signature, resolve_sources
from f2pypy.reading.forms import Form
from f2pypy.signatures.writer import write_signature

FORTRAN = Path(__file__).parent.parent / "fortran" / "types"
SEVERAL = """
module first
  implicit none
  private
  type, public, abstract :: shape
    private
    integer, public :: sides = 3
    character(len=4) :: label = 'it''s'
    real(8) :: place(2, 0:1) = 1.5d0
    procedure(), pointer, nopass :: hook => null()
    class(shape), pointer :: next => null()
  contains
    procedure(area_of), deferred :: area
    procedure, pass(two) :: join => joined
    procedure, nopass, private :: count => counted
    generic, public :: of => join, count
    generic :: operator(+) => join
    final :: done
  end type
  type, bind(c) :: plain
    integer :: i
  end type
  type, public :: ordered
    sequence
    integer :: i
    type(plain) :: inside
  end type
  abstract interface
    real function area_of(self)
      import shape
      class(shape), intent(in) :: self
    end function
  end interface
  interface ordered
    module procedure new_ordered
  end interface
  interface operator(.cross.)
    module procedure crossed
  end interface
  interface assignment(=)
    module procedure from_integer
  end interface
  public :: operator(.cross.), assignment(=)
contains
  integer function joined(n, two)
    integer, intent(in) :: n
    class(shape), intent(in) :: two
  end function
  integer function counted()
  end function
  subroutine done(self)
    class(shape), intent(inout) :: self
  end subroutine
  type(ordered) function new_ordered(i)
    integer, intent(in) :: i
  end function
  type(ordered) function crossed(a, b)
    type(ordered), intent(in) :: a, b
  end function
  subroutine from_integer(a, i)
    type(ordered), intent(out) :: a
    integer, intent(in) :: i
  end subroutine
end module

module second
  use first, only: shape, ordered
  implicit none
  type, extends(shape) :: square
    type(ordered) :: edges(4)
    real(8), allocatable :: values(:)
  contains
    procedure :: area => square_area
  end type
  type(square) :: unit_square
  type(ordered), pointer :: current
contains
  real function square_area(self)
    class(square), intent(in) :: self
  end function
  subroutine take(any, all, what)
    class(*), intent(in) :: any
    type(ordered), intent(inout) :: all(:)
    class(shape), intent(inout) :: what
  end subroutine
end module
"""


SOURCES = sorted(FORTRAN.glob("*.f90"))


@pytest.mark.parametrize("path", [*SOURCES, None], ids=lambda p: p.stem if p else "")
def test_what_is_written_reads_back(path: Path | None) -> None:
    text = path.read_text() if path else SEVERAL
    source = Source(path or Path("several.f90"), text, Form.FREE)
    library = resolve_sources([source], Options(module="m"), Diagnostics())
    written = write_signature(library)
    again = resolve_signature(written, "m.pyf", Options(), Diagnostics())
    for before, after in zip(library.modules, again.modules, strict=True):
        assert after.types == before.types
        assert after.generics == before.generics
        assert after.operators == before.operators
        assert after.hidden == before.hidden
        assert [v.type for v in after.variables] == [v.type for v in before.variables]
        assert [(p.name, [a.type for a in p.arguments]) for p in after.procedures] == [
            (p.name, [a.type for a in p.arguments]) for p in before.procedures
        ]
    assert write_signature(again) == written


def test_a_type_that_its_own_statement_makes_public() -> None:
    source = Source(Path("several.f90"), SEVERAL, Form.FREE)
    library = resolve_sources([source], Options(module="m"), Diagnostics())
    first, second = library.modules
    assert [t.name.name for t in first.types if not t.hidden] == ["shape", "ordered"]
    (square,) = second.types
    assert square.parent == first.types[0].name
    assert [p.name for p in second.procedures] == ["square_area", "take"]

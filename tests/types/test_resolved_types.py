"""What derived types mean: their components, parents and places of origin. No compiler has a part in it."""

from __future__ import annotations

from pathlib import Path

from f2pypy.building.sources import Source
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions.nodes import Integer, Kind, String
from f2pypy.model import DerivedType, Storage, TypeName
from f2pypy.options import Options
from f2pypy.pipeline import generate_from_sources
from f2pypy.reading.forms import Form
from f2pypy.reading.fortran import read_fortran
from f2pypy.resolve.library.fortran_sources import SourcesReader

SOURCE = """
module base
  use iso_c_binding, only: c_ptr, c_int
  integer, parameter :: n = 3
  integer :: counter
  type :: point
    real(8) :: x = 1, y(n) = 0
    character(len=2 * n) :: name = 'no'
    real, allocatable :: v(:)
    type(point), pointer :: next => null()
    class(*), allocatable :: any
    procedure(f), pointer, nopass :: g
    type(c_ptr) :: q
    logical :: flag = .true.
  end type
  type mat(k)
    integer, kind :: k
  end type
  private :: secret
  type :: secret
    integer :: i
  end type
  type open
    real :: x(counter)
  end type
contains
  function f(x)
    f = x
  end function
end module
module derived
  use base, only: parent => point
  integer :: other
  type, extends(parent), abstract :: child
    private
    type(parent) :: inside
    integer, public :: k
    type(child), allocatable :: again(:, :)
  end type
  type, bind(c) :: plain
    integer(4) :: i
  end type
end module
"""


def resolved() -> tuple[dict[str, dict[str, DerivedType]], list[str]]:
    """Return the types of each module by name, and what is said of those left out."""
    diagnostics = Diagnostics()
    file = read_fortran(SOURCE, "types.f90", diagnostics)
    library = SourcesReader((file,), Options(), diagnostics).read()
    types = {m.name: {t.name.name: t for t in m.types} for m in library.modules}
    return types, [each.message for each in diagnostics.found]


def test_components() -> None:
    """Types, extents, storage and defaults of components; parents and nested types lead to their modules."""
    types, messages = resolved()
    point = types["base"]["point"]
    found = {c.name: c for c in point.components}
    assert list(found) == ["x", "y", "name", "v", "next", "any", "g", "q", "flag"]
    assert (found["x"].type.size, found["x"].initial) == (8, (Integer(1),))
    assert found["y"].extents == (3,)
    assert found["name"].type.length == Integer(6)
    assert found["name"].initial == (String(b"no"),)
    assert (found["v"].storage, found["v"].extents) == (Storage.ALLOCATABLE, (-1,))
    assert found["next"].type.derived == TypeName("base", "point")
    assert (found["next"].storage, found["next"].initial) == (Storage.POINTER, ())
    assert (found["any"].type.unlimited, found["any"].type.polymorphic) == (True, True)
    assert found["g"].storage is Storage.PROCEDURE
    assert (found["q"].type.address, found["q"].type.kind) == (True, Kind.INTEGER)
    assert found["flag"].initial == (Integer(1),)
    assert (types["base"]["secret"].hidden, point.hidden) == (True, False)
    assert not types["base"].keys() & {"mat", "open"}
    assert any("has parameters (k)" in message for message in messages)
    assert any("extents of 'x'" in m or "'counter'" in m for m in messages), messages


def test_parents() -> None:
    """A parent and nested types lead to the modules that define them, whatever they are called where they are used."""
    types, _ = resolved()
    child = types["derived"]["child"]
    assert (child.parent, child.abstract) == (TypeName("base", "point"), True)
    hidden = {c.name: c.hidden for c in child.components}
    assert hidden == {"inside": True, "k": False, "again": True}
    assert child.components[0].type.derived == TypeName("base", "point")
    assert child.components[2].extents == (-1, -1)
    assert types["derived"]["plain"].interoperable


def test_private_procedure_pointers_have_no_attribute() -> None:
    text = """
module m
  type :: solver
    private
    procedure(f), pointer :: g => null()
    real, allocatable :: x(:)
  end type
  abstract interface
    real function f(me, x)
      import solver
      class(solver), intent(in) :: me
      real, intent(in) :: x
    end function
  end interface
contains
  subroutine use_it(s)
    class(solver), intent(inout) :: s
  end subroutine
end module
"""
    sources = [Source(Path("m.f90"), text, Form.FREE)]
    generated = generate_from_sources(sources, Options(module="m"), Diagnostics())
    assert not generated.skipped
    assert "class m_solver(FortranType)" in generated.text
    assert "ProcedureComponent(" not in generated.text

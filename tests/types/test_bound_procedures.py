"""What belongs to derived types: bindings with the object's place, constructors, operators. No compiler has a part."""

from __future__ import annotations

import pytest

from f2pypy.diagnostics import Diagnostics
from f2pypy.model import DerivedType, FortranModule, Intent, Specific
from f2pypy.options import Options
from f2pypy.reading.fortran import read_fortran
from f2pypy.resolve.library.fortran_sources import SourcesReader

SOURCE = """
module tools
contains
  real function helped(n, self)
    integer :: n
    integer :: self
    helped = n
  end function
end module
module shapes
  use tools, only: help => helped
  implicit none
  private
  public :: shape, square, operator(+), operator(.near.)
  type, abstract :: shape
    real :: scale = 1
  contains
    procedure(measure), deferred :: area
    procedure :: sides => count_sides
    procedure, nopass :: version
    procedure, pass(self) :: help
    procedure, private :: a, b
    generic :: set => a, b
    generic :: operator(*) => a
    generic :: write(formatted) => b
    final :: clear
  end type
  type, extends(shape) :: square
  contains
    private
    procedure, public :: area => square_area
    procedure :: inside
  end type
  abstract interface
    real function measure(self)
      import shape
      class(shape), intent(in) :: self
    end function
  end interface
  interface square
    module procedure new_square, unit_square
  end interface
  interface operator(+)
    module procedure joined
  end interface
  interface operator(-)
    module procedure joined
  end interface
  interface operator(.near.)
    procedure :: is_near
  end interface
contains
  integer function count_sides(self)
    class(shape), intent(in) :: self
    count_sides = 1
  end function
  integer function version()
    version = 1
  end function
end module
"""


def resolved(source: str, name: str) -> FortranModule:
    diagnostics = Diagnostics()
    file = read_fortran(source, "shapes.f90", diagnostics)
    library = SourcesReader((file,), Options(), diagnostics).read()
    (found,) = (each for each in library.modules if each.name == name)
    return found


def module() -> FortranModule:
    return resolved(SOURCE, "shapes")


def types() -> dict[str, DerivedType]:
    return {each.name.name: each for each in module().types}


def test_bindings() -> None:
    """A binding leads to its procedure, from another module too, and tells which dummy gets the object."""
    found = {each.name: each for each in types()["shape"].bindings}
    assert list(found) == ["area", "sides", "version", "help", "a", "b", "set", "operator(*)"]  # fmt: skip
    assert (found["area"].deferred, found["area"].procedure) == (True, None)
    assert found["sides"].procedure == Specific("shapes", "count_sides")
    assert (found["sides"].passed, found["version"].passed) == ("self", None)
    assert found["help"].procedure == Specific("tools", "helped")
    assert found["help"].passed == "self"
    assert (found["a"].hidden, found["sides"].hidden) == (True, False)
    assert found["set"].specifics == ("a", "b")
    assert types()["shape"].finalized
    assert not types()["square"].finalized


def test_what_only_statements_of_fortran_call_is_named() -> None:
    """Those that nobody else may use are not."""
    source = SOURCE.replace(
        "private\n    procedure, public",
        "private\n    generic :: read(formatted) => inside\n    procedure, public",
    )
    source = source.replace(
        "  interface operator(-)",
        "  interface read(unformatted)\n    procedure :: joined\n  end interface\n  interface operator(-)",
    )
    for text, expected in (
        (source, ["shapes.shape.write(formatted)"]),
        (
            source.replace(
                "  private\n  public :: shape,", "  public :: shape,"
            ).replace("    private\n    generic", "    generic"),
            [
                "shapes.shape.write(formatted)",
                "shapes.square.read(formatted)",
                "shapes.read(unformatted)",
            ],
        ),
    ):
        diagnostics = Diagnostics()
        file = read_fortran(text, "shapes.f90", diagnostics)
        SourcesReader((file,), Options(), diagnostics).read()
        found = [
            d.message.partition(" is no method")[0]
            for d in diagnostics.found
            if "no method" in d.message
        ]
        assert found == expected


def test_access_and_constructors() -> None:
    square = types()["square"]
    assert {b.name: b.hidden for b in square.bindings} == {"area": False, "inside": True}  # fmt: skip
    assert [each.name for each in square.constructors] == ["new_square", "unit_square"]
    assert types()["shape"].constructors == ()


def test_operators() -> None:
    """Private operators are nobody's."""
    found = {each.name: each.specifics for each in module().operators}
    assert found == {
        "operator(+)": (Specific("", "joined"),),
        "operator(.near.)": (Specific("", "is_near"),),
    }


@pytest.mark.parametrize(
    "declared",
    [
        "class(shape), INTENT( OUT ) :: self, other",
        "class(shape) :: self, other\n    intent(out) :: other, self",
        "class(shape), intent(out) :: other\n    class(shape), intent(out) :: self",
    ],
)
def test_only_the_object_is_changed_in_place(declared: str) -> None:
    """What ``intent(out)`` says of other arguments in the same statement still holds."""
    source = f"""
module shapes
  type :: shape
    integer :: sides = 3
  contains
    procedure :: divide
  end type
contains
  subroutine divide(self, other)
    {declared}
    self%sides = other%sides
  end subroutine
end module
"""
    (found,) = resolved(source, "shapes").procedures
    assert found.argument("self").intent is Intent.INOUT
    assert found.argument("other").intent is Intent.OUT

"""Signature files say of derived types what the sources say, and read back to the same."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from f2pypy.building.sources import Source
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions.nodes import Part
from f2pypy.expressions.walk import walk
from f2pypy.lower.module import plan_module
from f2pypy.model import DerivedType, TypeName
from f2pypy.options import Options
from f2pypy.pipeline import resolve_signature, resolve_sources
from f2pypy.reading.forms import Form
from f2pypy.signatures.types import default_text
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

# Types that reach what is called through the module of an interface, not through the module that uses it.
THROUGH = """
module shapes
  implicit none
  type :: point
    real(8) :: x = 0, y = 0
  end type
  type(point), parameter :: origin = point(1d0, 2d0)
end module

module interfaces
  use shapes, only: place => point
  implicit none
  abstract interface
    real(8) function scale(p)
      import :: place
      type(place), intent(in) :: p
    end function
    real(8) function measure(p)
      import
      type(place), intent(in) :: p
    end function
  end interface
end module

module users
  use interfaces, only: scale, measure
  implicit none
  procedure(scale), pointer :: hook => null()
  interface norm
    real(8) function distance(p)
      use shapes, only: point
      type(point), intent(in) :: p
    end function
  end interface
contains
  subroutine set(p)
    procedure(measure), pointer, intent(in) :: p
  end subroutine
  real(8) function applied(f)
    procedure(scale) :: f
  end function
end module

module hosts
  use shapes
  interface norm
    real(8) function length(p)
      import point
      type(point), intent(in) :: p
    end function
  end interface
end module

subroutine shift(p, f)
  use shapes, only: point
  use interfaces, only: measure
  type(point), intent(inout) :: p
  procedure(measure), pointer, intent(in) :: f
end subroutine
"""

# What an object has an address or a descriptor for may be of any type.
UNKNOWN = """
module holder
  use elsewhere, only: foreign
  type outer
    integer :: n
    type(foreign), allocatable :: a, b(:)
    class(foreign), pointer :: c => null()
  end type
  type inside
    type(foreign) :: d
  end type
  type lost
    real(unknown) :: x
  end type
  type last
    type(lost), allocatable :: e
    integer :: n
  end type
end module
"""


SOURCES = sorted(FORTRAN.glob("*.f90"))

NAMED = """
module named
  implicit none
  private
  integer, parameter :: wp = kind(1d0), few = 2
  real(wp), parameter :: pi = 3.5_wp
  character(2), parameter :: short = "a'"
  type, public :: defaults
    real(wp) :: x = 1.5_wp, y = -2*pi, z = .5e3, w = 1.d+2
    complex(wp) :: c = (pi, 1.0)
    integer :: each(few) = few, own(2, 2) = reshape([few, 2, 3, 4], [2, 2])
    integer(8) :: wide = 3_8
    logical :: is_more = few > 3, is_less = .not. .false.
    character(4) :: text = short, other = "it's"
  end type
end module
"""


@pytest.mark.parametrize(
    "text",
    [*(path.read_text() for path in SOURCES), SEVERAL, THROUGH],
    ids=[*(path.stem for path in SOURCES), "several", "through"],
)
def test_what_is_written_reads_back(text: str) -> None:
    source = Source(Path("several.f90"), text, Form.FREE)
    library = resolve_sources([source], Options(module="m"), Diagnostics())
    written = write_signature(library)
    again = resolve_signature(written, "m.pyf", Options(), Diagnostics())
    assert [p.name for p in again.procedures] == [p.name for p in library.procedures]
    for before, after in zip(library.modules, again.modules, strict=True):
        assert [*map(with_values, after.types)] == [*map(with_values, before.types)]
        assert after.generics == before.generics
        assert after.operators == before.operators
        assert after.hidden == before.hidden
        assert after.reexports == before.reexports
        assert after.variables == before.variables
        assert [p.name for p in after.pointers] == [p.name for p in before.pointers]
        assert [(p.name, [a.type for a in p.arguments]) for p in after.procedures] == [
            (p.name, [a.type for a in p.arguments]) for p in before.procedures
        ]
    assert write_signature(again) == written


def with_values(type_: DerivedType) -> DerivedType:
    """Return a type whose components' defaults are values, whatever the file spells for them."""
    components = [
        replace(c, initial=(), initial_text=default_text(c)) if c.initial else c
        for c in type_.components
    ]
    return replace(type_, components=tuple(components))


def test_defaults_that_name_private_constants_are_values() -> None:
    """The file doesn't have the constants; what names nothing stays as it is."""
    source = Source(Path("named.f90"), NAMED, Form.FREE)
    library = resolve_sources([source], Options(module="m"), Diagnostics())
    written = write_signature(library)
    defaults = re.findall(r"(\w+) = (.*)", written)
    assert defaults == [
        ("x", "1.5d0"),
        ("y", "-7.0d0"),
        ("z", ".5e3"),
        ("w", "1.d+2"),
        ("c", "(3.5d0, 1.0d0)"),
        ("each", "2"),
        ("own", "reshape([2, 2, 3, 4], [2, 2])"),
        ("wide", "3_8"),
        ("is_more", ".false."),
        ("is_less", ".not. .false."),
        ("text", "'a'''"),
        ("other", '"it\'s"'),
    ]
    again = resolve_signature(written, "m.pyf", Options(), Diagnostics())
    (before,), (after,) = library.modules[0].types, again.modules[0].types
    assert with_values(after) == with_values(before)


def test_components_of_unknown_types_cost_only_themselves() -> None:
    diagnostics = Diagnostics()
    source = Source(Path("several.f90"), UNKNOWN, Form.FREE)
    library = resolve_sources([source], Options(module="m"), diagnostics)
    again = resolve_signature(write_signature(library), "m.pyf", Options(), diagnostics)
    for each in (library, again):
        outer, last = each.modules[0].types
        assert [c.name for c in outer.components] == ["n", "a", "b", "c"]
        assert [c.name for c in last.components] == ["e", "n"]
    assert [d.message for d in diagnostics.found if "left out" in d.message] == [
        "type inside is left out: 'd' is of derived type 'foreign'",
        "type lost is left out: the kind 'unknown' of real isn't known here",
    ]


def test_a_type_that_its_own_statement_makes_public() -> None:
    source = Source(Path("several.f90"), SEVERAL, Form.FREE)
    library = resolve_sources([source], Options(module="m"), Diagnostics())
    first, second = library.modules
    assert [t.name.name for t in first.types if not t.hidden] == ["shape", "ordered"]
    (square,) = second.types
    assert square.parent == first.types[0].name
    assert "final :: done" in write_signature(library)
    assert [p.name for p in second.procedures] == ["square_area", "take"]


def test_types_that_come_through_other_modules() -> None:
    """An interface has the types of its own module, or what it imports: not those of the module that names it."""
    source = Source(Path("through.f90"), THROUGH, Form.FREE)
    diagnostics = Diagnostics()
    library = resolve_sources([source], Options(module="m"), diagnostics)
    assert [d.message for d in diagnostics.found] == []
    point = TypeName("shapes", "point")
    modules = {module.name: module for module in library.modules}
    users = modules["users"]
    set_, applied = users.procedures
    (hook,) = users.pointers
    called = [callback for p in (set_, applied) if (callback := p.arguments[0].callback)]  # fmt: skip
    assert len(called) == 2
    for callback in (*called, hook.callback):
        assert callback.arguments[0].type.derived == point
    ((_, measure),) = set_.pointed
    for procedure in (measure, hook.procedure, *library.procedures):
        assert procedure.arguments[0].type.derived == point
    names = [procedure.name for procedure in library.procedures]
    assert names == ["shift", "distance", "length"]
    assert [v.parameter for v in modules["shapes"].variables] == [True]


SIZED = """
python module sized
interface
  module grids
    type :: grid
      integer :: n
      type(grid), pointer :: finer
    end type
    subroutine fill(g, x)
      type(grid), intent(in) :: g
      real*8, dimension({extent}) :: x
    end subroutine
  end module
end interface
end python module
"""


@pytest.mark.parametrize(
    ("extent", "parts"),
    [
        ("g%n", 1),
        ("2*g%n", 1),
        ("-g%n*g%n", 2),
        ("7%3+g%n%2", 1),
        ("2*g%finer%n", 1),
        ("(g%n+1)/2*g%n", 2),
    ],
)
def test_components_in_extents_of_signature_files(extent: str, parts: int) -> None:
    """C's remainder has the same sign, and binds as multiplication does."""
    diagnostics = Diagnostics()
    text = SIZED.format(extent=extent)
    library = resolve_signature(text, "sized.pyf", Options(), diagnostics)
    assert [d.message for d in diagnostics.found] == []
    (fill,) = library.modules[0].procedures
    (bound,) = fill.arguments[1].bounds or ()
    assert bound.value is not None
    found = [node for node in walk(bound.value) if isinstance(node, Part)]
    assert [part.owner for part in found] == ["g"] * parts
    assert {part.path[-1] for part in found} == {"n"}


@pytest.mark.parametrize(
    ("extent", "reason"),
    [
        ("g%m", "'grid' has no component 'm' that Python can read"),
        ("g%finer%n", "'finer' isn't a component that lies in the object"),
        ("size(g%n)", "'n' has no such extent"),
        ("g%finer", "'finer' isn't an integer"),
    ],
)
def test_components_that_no_extent_can_ask_for(extent: str, reason: str) -> None:
    diagnostics = Diagnostics()
    text = SIZED.format(extent=extent)
    library = resolve_signature(text, "sized.pyf", Options(), diagnostics)
    plan_module(library, Options(), "0", diagnostics)
    (found,) = [d.message for d in diagnostics.found if "fill" in d.message]
    asked = extent.removeprefix("size(").removesuffix(")")
    assert found == f"fill is left out: an extent depends on {asked}: {reason}"

"""Comments about modules, types and what these declare: in docstrings and signature files."""

import ast

import pytest

import f2pypy
from f2pypy.diagnostics import Diagnostics
from f2pypy.options import BuildOptions, Options
from f2pypy.pipeline import describe
from f2pypy.reading.fortran import read_fortran

WIDTH = {
    "on the row, Doxygen": "  real :: x !< the width\n",
    "on the row, FORD": "  real :: x !! the\n            !! width\n",
    "on the row, plain": "  real :: x ! the width\n",
    "below, FORD": "  real :: x\n  !! the width\n",
    "above, Doxygen": "  !> the\n  !! width\n  real :: x\n",
    "above, plain": "  ! the width\n  real :: x\n",
    "a continued declaration": "  real, &\n    allocatable :: x(:) ! the width\n",
}
# What stands around a declaration in a type, and in a module.
AROUND = {
    "type": ("module m\n type t\n", " end type\nend module\n"),
    "type, described": ("module m\n type t\n  !! A box.\n", " end type\nend module\n"),
    "after another": ("module m\n type t\n  integer :: i !! other\n", " end type\nend module\n"),
    "module": ("module m\n implicit none\n", "end module\n"),
    "module, first": ("module m\n", "end module\n"),
    "module, after another": ("module m\n integer :: i !! other\n", "end module\n"),
}  # fmt: skip


def described(text: str):
    """Return the description of the type, or of the module without types."""
    (module,) = read_fortran(text, "a.f90", Diagnostics()).units
    types = [item for item in module.items if type(item).__name__ == "DerivedType"]
    return (types or [module])[0].description


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("width", WIDTH)
def test_about_a_component_or_variable(around, width):
    before, after = AROUND[around]
    said = described(before + WIDTH[width] + after)
    assert " ".join(said.of("x").split()) == "the width"
    assert said.text == ("A box." if "A box." in before else "")
    assert said.of("i") == ("other" if "other" in before else "")


BOX = {
    "before, Doxygen": "!> A box\n!! with sides.\n{}  real :: x\n",
    "before, plain": "! A box\n! with sides.\n{}  real :: x\n",
    "after, FORD": "{}  !! A box\n  !! with sides.\n  real :: x\n",
    "after, plain": "{}  ! A box\n  ! with sides.\n\n  real :: x\n",
    "after FORD's about another": "  !! other\n!> A box\n!! with sides.\n{}  real :: x\n",
}


@pytest.mark.parametrize("form", BOX)
def test_about_a_type_or_module(form):
    text = BOX[form].format("type :: t\n")
    said = described(f"module m\n integer :: i\n{text}end type\nend module\n")
    assert (said.text, said.of("x")) == ("A box\nwith sides.", "")
    if "another" not in form:
        said = described(BOX[form].format("module m\n") + "end module\n")
        assert (said.text, said.of("x")) == ("A box\nwith sides.", "")


NOTHING = {
    "an empty row between": "module m\n ! a box\n\n type t\n  real :: x\n end type\nend module\n",
    "about another": "module m\n integer i !! i\n !! other\n type t\n  real :: x\n end type\nend module\n",
    "a heading": "module m\n type t\n  ! Variables:\n  real :: x\n end type\nend module\n",
    "a banner": "module m\n !-----\n ! Derived types\n !-----\n type t\n  real :: x\n end type\nend module\n",
    "a directive": "module m\n type t\n  !dir$ attributes align:64 :: x\n  real :: x\n end type\nend module\n",
    "a licence": "! Copyright 2020\nmodule m\n real :: x\nend module\n",
}  # fmt: skip


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_what_says_nothing(text):
    said = described(text)
    assert (said.text, said.of("x")) == ("", "")


SOURCE = """\
!> Grids and
!! what is on them.
module grids
  implicit none
  private :: hidden
  !> A point.
  type point
    real(8) :: x = 0 !< across
    integer :: tag   !! a number:
                     !!   1  inner
  end type
  enum, bind(c)
    enumerator :: red = 1 !! like blood
    !> like grass, & <green>
    enumerator :: green
  end enum
  integer :: count = 3 !! how many
  integer :: hidden = 3 !! not for others
  procedure(f), pointer :: chosen => null() !< what is called
  !> Twice a number.
  interface twice
    module procedure f, twice_integer
  end interface
contains
  real(8) function f(x)
    real(8), intent(in) :: x
    f = 2*x
  end function
  integer function twice_integer(x)
    integer, intent(in) :: x
    twice_integer = 2*x
  end function
end module
"""
SHOWN = {
    "grids_point": (
        "Fortran's type point of module grids.\n\nA point.\n\nParameters\n----------\n"
        "x : float, optional\n    Default: 0\n\n    across\n"
        "tag : int, optional\n    Without a default in Fortran: zeros here\n\n    a number::\n\n      1  inner"
    ),
    "grids_enumerators": (
        "Enumerators of the Fortran module grids: red = 1, green = 2.\n\n"
        "red\n    like blood\n\ngreen\n    like grass, & <green>"
    ),
    "_grids": (
        "The Fortran module grids.\n\nGrids and\nwhat is on them.\n\n"
        "count\n    how many\n\nchosen\n    what is called"
    ),
    "grids_twice": "twice(x)\n\nTwice a number.\n\nGeneric name of",
}  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The module made of the source, and that of the signature file made of it."""
    source = tmp_path_factory.mktemp("data") / "grids.f90"
    source.write_text(SOURCE)
    signatures, _ = describe(None, [str(source)], Options(module="m"), BuildOptions())
    assert "not for others" not in signatures
    again, _ = describe((signatures, "m.pyf"), [], Options(), BuildOptions())
    assert again == signatures
    return f2pypy.generate(source, runtime="import"), f2pypy.generate(signatures, runtime="import")  # fmt: skip


@pytest.mark.parametrize("name", SHOWN)
def test_docstrings_have_it_and_signature_files_keep_it(written, name):
    for text in written:
        (node,) = (
            node
            for node in ast.parse(text).body
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name
        )
        assert ast.get_docstring(node).startswith(SHOWN[name])

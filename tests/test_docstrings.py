"""Docstrings in f2py's words: what the texts of a signature file become. The expected ones are f2py's own."""

from __future__ import annotations

import ast

import pytest

import f2pypy
from f2pypy.printing.spelling import escape_docstring, indent_docstring

SIGNATURES = """python module cb__user__routines
interface
subroutine f(nd,con,m,x,k)
  integer, intent(in) :: nd
  real*8, dimension(5*nd), intent(in) :: con
  integer, optional :: m = len(x)
  real*8, dimension(m) :: x
  integer, intent(hide) :: k
end subroutine
end interface
end python module
python module docs
interface
subroutine called(f)
  use cb__user__routines
  external f
end subroutine
subroutine defaults(a,b,c,d,e,g)
  integer, optional :: a = 3.0
  character, optional :: b = "E"
  character*4, optional :: c = "ab c"
  integer, optional :: d = 2 + 2*a + MAX(1, a - 1)
  integer, optional :: e = 2*3
  real*8, optional :: g = 1.50
end subroutine
subroutine extents(side,v,m,n,x,y)
  character, intent(in) :: side
  real*8, intent(in) :: v
  integer, intent(in) :: m, n
  real*8, dimension((side[0]=='L'?m:n)), depend(side,m,n), intent(out) :: x
  real*8, dimension((int)v+1), depend(v), intent(out) :: y
end subroutine
subroutine numbers(a,b,c,d,e,g,h,i,j,k)
  real*8, optional :: a = 1
  real*8, optional :: b = 2*3
  real*8, optional :: c = 1.1L
  real*8, optional :: d = -1
  real*8, optional :: e = 1.d0
  complex*16, optional :: g = (1, -2.50)
  integer, optional :: h = 010
  integer, optional :: i = 3u
  integer, optional :: j = 'a'
  real*8, optional :: k = 1_8
end subroutine
function named(n) result(x)
  integer, intent(c,hide) :: x
  integer :: n
end function
function plain(n)
  integer, intent(hide) :: plain
  integer :: n
end function
function unreturned(n) result(x)
  intent(c,hide) unreturned
  integer :: x
  integer :: n
end function
function hidden(n)
  integer, intent(c,hide) :: hidden
  integer, intent(in,out) :: n
end function
end interface
end python module
"""


@pytest.fixture(scope="module")
def docstrings() -> dict[str, str]:
    """The docstrings by the routines' names; nothing is called, and there is no library."""
    tree = ast.parse(f2pypy.generate(SIGNATURES, strict=True, runtime="import"))
    return {
        node.name: ast.get_docstring(node) or ""
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }


@pytest.mark.parametrize(
    ("routine", "lines"),
    [
        (
            "called",
            [
                "nd : input int, optional",
                "Default: shape(con, 0) / 5",
                "m : input int, optional",
                "Default: len(x)",
            ],
        ),
        (
            "defaults",
            [
                "Default: 3.0",
                "Default: 'E'",
                "Default: 'ab c'",
                "Default: 2+2*a+MAX(1, a-1)",
                "Default: 6",
                "Default: 1.5",
            ],
        ),
        (
            "extents",
            [
                "x : rank-1 array('d') with bounds ((side == 'L'?m:n))",
                "y : rank-1 array('d') with bounds (1 + (int)v)",
            ],
        ),
        (
            "numbers",
            [
                "Default: 1",
                "Default: 6",
                "Default: 1.1L",
                "Default: -1",
                "Default: 1.d0",
                "Default: (1, -2.5)",
                "Default: 010",
                "Default: 3u",
                "Default: 'a'",
            ],
        ),
        ("hidden", ["hidden : int", "n : int"]),
        ("named", ["x = named(n)"]),
        ("plain", ["plain = plain(n)"]),
        ("unreturned", ["unreturned(n)"]),
    ],
)
def test_lines(docstrings: dict[str, str], routine: str, lines: list[str]) -> None:
    found = [line.strip() for line in docstrings[routine].split("\n")]
    places = [found.index(line) for line in lines]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "text",
    [
        'ends in "quotes"',
        'has """three""" and ends in one"',
        'ends in three"""',
        "ends in a backslash\\",
        'ends in both\\"',
        '"',
    ],
)
def test_a_docstring_says_what_it_shall_wherever_it_ends(text: str) -> None:
    for escaped in (escape_docstring(text), indent_docstring(text)):
        assert ast.literal_eval(f'"""{escaped}"""') == text

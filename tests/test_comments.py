"""Comments of sources in docstrings: Doxygen's, FORD's and LAPACK's forms, and plain ones."""

import ast

import pytest

import f2pypy
from f2pypy.diagnostics import Diagnostics
from f2pypy.options import BuildOptions, Options
from f2pypy.pipeline import describe
from f2pypy.reading.fortran import read_fortran

TAIL = "  y = x\nend subroutine\n"


def described(text, form="free"):
    """Return the description of the first procedure."""
    path = "a.f90" if form == "free" else "a.f"
    unit = read_fortran(text, path, Diagnostics()).units[0]
    unit = getattr(unit, "procedures", (unit,))[0]
    return unit.description.text, dict(unit.description.arguments)


ABOUT = {
    "before, Doxygen": "!> Doubles\n!! a number.\nsubroutine s(x, y)\n  real :: x, y\n",
    "before, LAPACK": "!> \\brief \\b Doubles\n!> a number.\nsubroutine s(x, y)\n  real :: x, y\n",
    "before, plain": "! Doubles\n! a number.\nsubroutine s(x, y)\n  real :: x, y\n",
    "after, FORD": "subroutine s(x, y)\n  !! Doubles\n  !! a number.\n  real :: x, y\n",
    "after, FORD's other mark": "subroutine s(x, y)\n  !* Doubles\n  ! a number.\n  !* a number.\n  real :: x, y\n",
    "after, plain": "subroutine s(x, y)\n  ! Doubles\n  ! a number.\n  real :: x, y\n",
    "after a continued statement": "subroutine s(x, & ! the first\n  y)\n  ! Doubles\n  ! a number.\n  real :: x, y\n",
    "after the declarations": "subroutine s(x, y)\n  real :: x, y\n  integer :: i\n  ! Doubles\n  ! a number.\n",
    "three marks": "!!! Doubles\n!!!! a number.\nsubroutine s(x, y)\n  real :: x, y\n",
    "three marks inside": "subroutine s(x, y)\n  !!! Doubles\n  !!! a number.\n  real :: x, y\n",
    "rules around it": "!=====\n! Doubles\n! a number.\n!-----\nsubroutine s(x, y)\n  real :: x, y\n",
    "marked rows among plain ones": "! file\n!> Doubles\n!> a number.\nsubroutine s(x, y)\n  real :: x, y\n",
}  # fmt: skip


@pytest.mark.parametrize("head", ABOUT.values(), ids=ABOUT)
def test_about_a_procedure(head):
    assert described(head + TAIL)[0] == "Doubles\na number."
    inside = "module m\ncontains\n" + head + TAIL + "end module\n"
    assert described(inside)[0] == "Doubles\na number."


NOTHING = {
    "an empty row between": "! Doubles\n\nsubroutine s(x, y)\n  real :: x, y\n",
    "a licence": "! Copyright 2020 Somebody\n! All rights reserved\nsubroutine s(x, y)\n  real :: x, y\n",
    "a heading": "subroutine s(x, y)\n  ! Arguments:\n  real :: x, y\n",
    "directives": "!$acc routine\n!DIR$ NOINLINE\n!GCC$ ATTRIBUTES foo :: s\nsubroutine s(x, y)\n  real :: x, y\n",
    "f2py's directive": "subroutine s(x, y)\n  !f2py intent(out) y\n  real :: x, y\n",
    "a remark on the next statement": "subroutine s(x, y)\n  real :: x, y\n  ! copy\n",
    "LAPACK's headings": "subroutine s(x, y)\n!\n!  -- LAPACK --\n!     .. Scalar Arguments ..\n  real :: x, y\n",
    "rules": "!-----\n!*****\n!!!!!!\nsubroutine s(x, y)\n  real :: x, y\n",
    "text in a character constant": "subroutine s(x, y)\n  real :: x, y\n  character(9) :: c = '!! not this'\n",
}  # fmt: skip


@pytest.mark.parametrize("head", NOTHING.values(), ids=NOTHING)
def test_what_says_nothing(head):
    assert described(head + TAIL) == ("", {})


DUMMIES = {
    "on the row, Doxygen": "  real :: x !< the width\n",
    "on the row, FORD": "  real :: x !! the width\n",
    "on the row, plain": "  real :: x ! the width\n",
    "going on": "  real :: x !! the\n            !! width\n",
    "below, FORD": "  real :: x\n  !! the width\n",
    "below, Doxygen": "  real :: x\n  !< the width\n",
    "above, Doxygen": "  !> the width\n  real :: x\n",
    "above, Doxygen, two rows": "  !> the\n  !! width\n  real :: x\n",
    "above, plain": "  integer :: i\n  ! the width\n  real :: x\n",
    "in a continued declaration": "  real :: z, & ! not this\n    x ! the width\n",
    "after a declaration with FORD's": "  integer :: n !! other\n  !! still other\n  !> the width\n  real :: x\n",
    "plain after FORD's": "  integer :: n !! other\n  !! still other\n  ! the width\n  real :: x\n",
    "by param": "  !! \\param[in] x the width\n  real :: x\n",
}  # fmt: skip


@pytest.mark.parametrize("declaration", DUMMIES.values(), ids=DUMMIES)
def test_about_a_dummy(declaration):
    text = f"subroutine s(x, y)\n  real :: y\n{declaration}{TAIL}"
    if "param" in declaration:
        text = f"subroutine s(x, y)\n{declaration}  real :: y\n{TAIL}"
    said = described(text)[1]
    assert " ".join(said.pop("x").split()) == "the width"
    assert said == {}


def test_several_on_a_row_share_what_is_said():
    text = "subroutine s(x, y)\n  real :: x, y ! coordinates\n  integer :: i ! local\n"
    assert described(text + TAIL)[1] == {"x": "coordinates", "y": "coordinates"}


def test_the_result_of_a_function():
    text = "function f(x) result(y)\n  real :: x\n  real :: y !! the output\n  y = x\nend function\n"
    assert described(text)[1] == {"y": "the output"}


COMMANDS = """\
!> \\brief <b>Solves</b> \\f$\\frac{a}{b} = \\alpha\\f$ &lt; 3.
!>
!> \\htmlonly
!> <a href='x'>y</a>
!> \\endhtmlonly
!> @note Use \\c double.
!> \\author Somebody
!> Else
subroutine s(x, y)
  real :: x, y
"""


def test_commands_are_taken_out():
    about = described(COMMANDS + TAIL)[0]
    assert about == "Solves a/b = alpha < 3.\n\nNote: Use double."


PLAIN = {
    "comparisons": "Where a<b and c>d, or <n> is odd",
    "an address": "See <https://netlib.org/blas/> or <help@example.org>",
    "an inner product": "Computes <u,v>",
}


@pytest.mark.parametrize("said", PLAIN.values(), ids=PLAIN)
def test_what_only_looks_like_a_tag_stays(said, tmp_path):
    text = f"!> {said}\nsubroutine s(x, y)\n  real :: x, y\n{TAIL}"
    assert described(text)[0] == said
    source = tmp_path / "s.f90"
    source.write_text(text)
    written, _ = describe(None, [str(source)], Options(module="m"), BuildOptions())
    assert said in f2pypy.generate(written)


TAGS = (
    "<a href='x'>A</a> <b>b</b><br/> <IMG src=x.png alt=\"an image\"> x<sup>2</sup><p>"
)


def test_tags_are_taken_out():
    text = f"!> {TAGS}\nsubroutine s(x, y)\n  real :: x, y\n{TAIL}"
    assert described(text)[0] == "A b  x2"


LAPACK = """\
*> \\brief <b> DSOLV solves a system</b>
*
*  =========== DOCUMENTATION ===========
*
*> \\htmlonly
*> Download
*> \\endhtmlonly
*
*       SUBROUTINE DSOLV( N, A )
*
*> \\par Purpose:
*  =============
*>
*> \\verbatim
*>
*> DSOLV solves
*>    A * X = B.
*> \\endverbatim
*
*> \\param[in] N
*> \\verbatim
*>          N is INTEGER
*>          The order.
*> \\endverbatim
*>
*> \\param[in,out] A
*> \\verbatim
*>          A is REAL array
*> \\endverbatim
*
*> \\ingroup gesv
*  ====================================
      SUBROUTINE DSOLV( N, A )
*
*  -- LAPACK driver routine --
*     .. Scalar Arguments ..
      INTEGER N
      REAL A(N)
      A(1) = N
      END
"""
MINPACK = """\
      subroutine hybrd(n,x)
      integer n
      real x(n)
c     **********
c
c     finds a zero of n functions
c     in n variables.
c
c     **********
      x(1) = n
      end
"""


def test_fixed_form():
    text, arguments = described(LAPACK, "fixed")
    assert text == "DSOLV solves a system\n\nPurpose:\n\nDSOLV solves\n   A * X = B."
    assert arguments == {"n": "N is INTEGER\nThe order.", "a": "A is REAL array"}
    text, arguments = described(MINPACK, "fixed")
    assert text == "finds a zero of n functions\nin n variables."
    assert arguments == {}


def test_exclamation_marks_in_column_6_continue():
    source = "      subroutine s(x)\n      real\n     ! x\n      end\n"
    assert described(source, "fixed") == ("", {})
    source = source.replace("! x", "! x ! the signal")
    assert described(source, "fixed") == ("", {"x": "the signal"})


def test_numbers_of_cards_are_not_text():
    """Columns 73 to 80 hold the number of the card; a longer row is what somebody wrote."""

    def card(row, number):
        return f"{row:72}{number}\n"

    source = (
        card("      SUBROUTINE S(X, Y)", "SMTH0010")
        + card("C     Smooths a signal", "SMTH0020")
        + card("C     twice.", "00000030")
        + "C     This one is as in the article by those who found the method in 1965\n"
        + card("      REAL X ! the signal", "SMTH0050")
        + card("      REAL Y ! the result", "SMTH0060")
        + "      END\n"
    )
    text, arguments = described(source, "fixed")
    assert text == (
        "Smooths a signal\ntwice.\n"
        "This one is as in the article by those who found the method in 1965"
    )
    assert arguments == {"x": "the signal", "y": "the result"}


INSIDE = {
    "free": """\
subroutine s(x, & ! the first
  ! not about the routine

             y)
  !! Doubles
  !! a number.
  real, intent(in) :: x
  real, & ! not about y
    ! nor is this
    intent(out) :: y
  !! twice x
""",
    "fixed": """\
      subroutine s(x,
C     not about the routine
!f2py intent(out) y

     $   y)
C     Doubles
C     a number.
      real x
      real y
C!    twice x
""",
    "fixed, tabs": """\
\tsubroutine s(x,
* not about the routine
\t1y)
* Doubles
* a number.
\treal x,
*
\t1y !! twice x
""",
}


@pytest.mark.parametrize("form", INSIDE)
def test_comments_inside_a_statement_are_not_after_it(form):
    text, arguments = described(INSIDE[form] + "      y = 2 * x\n      end\n", form)
    assert text == "Doubles\na number."
    assert arguments == {"y": "twice x"}


SOURCE = """\
!> Smooths <b>a</b> signal, if 1 &lt; n & n &lt; 9.
!!
!!     y = x * x
!!
!! \\param n  the number
!!            of points
subroutine smooth(n, x, y)
  integer, intent(in) :: n
  real(8), intent(in) :: x(n) !< the signal's "values" \\n
  real(8), intent(out) :: y(n) ! what is smooth
  y = x
end subroutine
"""
DOCSTRING = """\
y = smooth(x,[n])

Smooths a signal, if 1 < n & n < 9.

    y = x * x

Wrapper for ``smooth``.

Parameters
----------
x : input rank-1 array('d') with bounds (n)
    the signal's "values" n

Other Parameters
----------------
n : input int, optional
    Default: shape(x, 0)

    the number
    of points

Returns
-------
y : rank-1 array('d') with bounds (n)
    what is smooth"""


def docstring(text):
    functions = ast.parse(text).body
    found = (f for f in functions if isinstance(f, ast.FunctionDef) and f.name == "smooth")  # fmt: skip
    return ast.get_docstring(next(found))


def test_docstrings_have_what_comments_say(tmp_path):
    source = tmp_path / "smooth.f90"
    source.write_text(SOURCE)
    assert docstring(f2pypy.generate(source)) == DOCSTRING


def test_signature_files_keep_what_comments_say(tmp_path):
    source = tmp_path / "smooth.f90"
    source.write_text(SOURCE)
    options = Options(module="m")
    written, _ = describe(None, [str(source)], options, BuildOptions())
    assert docstring(f2pypy.generate(written)) == DOCSTRING
    again, _ = describe((written, "m.pyf"), [], options, BuildOptions())
    assert again == written


def test_plain_comments_of_signature_files_are_for_their_writers():
    text = "python module m\ninterface\n! by hand\nsubroutine smooth(x) ! in :m\n  real :: x ! x\n"
    text += "end subroutine smooth\nend interface\nend python module m\n"
    assert "by hand" not in f2pypy.generate(text)

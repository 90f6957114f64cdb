"""Extents in docstrings: in f2py's words."""

import pytest
from numpy.f2py import symbolic

from f2pypy.expressions import c
from f2pypy.expressions.f2py_texts import default_text, extent_text

EXTENTS = [
    "n", "2*n", "n*2", "n+1", "1+n", "n-1", "-n+2", "n+m", "n*m", "2*n+3*m-1", "n*(n+1)/2", "n/2", "(n+1)/2",
    "max(n,m)", "n-m+1", "ldw*6", "n*n", "2*(n+m)", "n*(m+1)", "len(x)", "abs(n)+1", "2*kl+ku+1", "n+m*k",
    "4*n*m", "max(n-1,2*m)", "n-2*m", "5", "2*3", "n*(3*n+2*m+11)+4*m+6", "n-n",
    "idim*(nu-4)*(nv-4)", "krank*(n-krank)", "2*m*n+11*m*m+5*n+8*m", "abs(n)+b*a+z", "n*n*m+n*m*m+m*n", "n/2+a*b+c",
    "len(x)*n+n*m", "n*n*n+n*n+n+1", "abs(n)*a*z+z",
]  # fmt: skip


@pytest.mark.parametrize("text", EXTENTS)
def test_extent_is_written_as_f2py_writes_it(text: str) -> None:
    expected = symbolic.Expr.parse(text).tostring(language=symbolic.Language.C)
    assert extent_text(c.read_expression(text), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2*(n/2)", "2 * (n / 2)"),
        ("m*((n+1)/2)", "m * ((1 + n) / 2)"),
        ("-(n/2)", "-n / 2"),
    ],
)
def test_a_quotient_stays_one_in_a_product(text: str, expected: str) -> None:
    # f2py cancels 2 * (n / 2) to n
    assert extent_text(c.read_expression(text), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x[0]+1", "1 + x[0]"),
        ("x[n+1]*2", "2 * x[1 + n]"),
        ("x[0]*n+n", "n + n * x[0]"),
        ("(int)v+1", "1 + (int)v"),
        ("abs((int)v)+2", "2 + abs((int)v)"),
        ("(int)v*n", "(int)v * n"),
        ("(side[0] == 'L' ? m : n)", "(side[0] == 'L'?m:n)"),
    ],
)
def test_elements_and_conversions_are_factors(text: str, expected: str) -> None:
    assert extent_text(c.read_expression(text), text) == expected


def test_what_is_no_arithmetic_stays_as_it_is() -> None:
    assert extent_text(c.read_expression("(a&&b)+1"), "(a&&b)+1") == "(a&&b)+1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 + 2*m + MAX(1, q - 1)", "2+2*m+MAX(1, q-1)"),
        ("'a - b'", "'a - b'"),
        ('"+ ; "', '"+ ; "'),
        ("( 1 , 2 )", "(1 , 2)"),
    ],
)
def test_defaults_lose_blanks_beside_operators(text: str, expected: str) -> None:
    assert default_text(text) == expected


def test_conditionals_are_written_as_f2py_writes_them() -> None:
    expected = symbolic.Expr.parse("(n>0?n:1)").tostring(language=symbolic.Language.C)
    assert extent_text(c.read_expression("(n>0?n:1)"), "(n>0?n:1)") == expected

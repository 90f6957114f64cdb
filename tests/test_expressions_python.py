"""Typed expressions and the Python they are printed as, compared with what gcc computes."""

import builtins
import ctypes
import itertools
import math
import random
import shutil
import subprocess
import sys
from types import SimpleNamespace
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from f2pypy import plan
from f2pypy.expressions import c, fortran
from f2pypy.expressions.environment import Environment, Role, Symbol
from f2pypy.expressions.facts import (
    always_divides,
    facts_of,
    is_non_negative,
    linear_form,
)
from f2pypy.expressions.names import resolve_names
from f2pypy.expressions.nodes import (
    Absent,
    AddressOf,
    Assignment,
    Binary,
    Call,
    Cast,
    Character,
    Complex,
    Conditional,
    Convert,
    Expression,
    ExpressionError,
    Extent,
    Integer,
    Kind,
    Logical,
    Member,
    Name,
    Rank,
    Real,
    Size,
    Stored,
    StringLength,
    Subscript,
    Unary,
    Unread,
)
from f2pypy.expressions.statements import FunctionDefinition, Parameter
from f2pypy.expressions.typing import kind_of, typed
from f2pypy.expressions.vocabulary import kind_of_c_type
from f2pypy.expressions.walk import (
    MENTIONS,
    assigned_names,
    called_functions,
    declared_names,
    map_children,
    renamed,
    rewrite,
    used_names,
)
from f2pypy.files.scopes import global_names
from f2pypy.printing.literals import format_bytes
from f2pypy.printing.passing import argument
from f2pypy.printing.python import format_python
from f2pypy.runtime.arithmetic import idiv, imod, ipow, nint

INTEGERS = {
    name: Symbol(Role.SCALAR, Kind.INTEGER)
    for name in (
        "n",
        "m",
        "k",
        "d",
        "i",
        "incx",
        "incy",
        "offx",
        "kl",
        "trans",
        "permute",
        "scale",
        "jobu",
    )
}
REALS = {name: Symbol(Role.SCALAR, Kind.REAL) for name in ("v", "w", "eps")}
ENVIRONMENT = Environment(
    {
        **INTEGERS,
        **REALS,
        "x": Symbol(Role.ARRAY, Kind.REAL, 1),
        "y": Symbol(Role.ARRAY, Kind.REAL, 1),
        "a": Symbol(Role.ARRAY, Kind.REAL, 2),
        "c": Symbol(Role.ARRAY, Kind.COMPLEX, 1),
        "piv": Symbol(Role.ARRAY, Kind.INTEGER, 1),
        "z": Symbol(Role.SCALAR, Kind.COMPLEX),
        "flag": Symbol(Role.SCALAR, Kind.LOGICAL),
        "ch": Symbol(Role.SCALAR, Kind.CHARACTER),
        "s": Symbol(Role.STRING, Kind.CHARACTER),
        "f2py_func": Symbol(Role.FUNCTION),
    },
    {
        "imax": FunctionDefinition(
            "imax", "int", (Parameter("int", "a"), Parameter("int", "b")), None
        ),
        "lowest": FunctionDefinition(
            "lowest",
            "double",
            (Parameter("double*", "x"), Parameter("F_INT", "n")),
            None,
        ),
    },
)
# what texts may mention without needing it from elsewhere
KNOWN = {*ENVIRONMENT.symbols, *ENVIRONMENT.functions, *dir(builtins)}
FORTRAN = Environment(
    {
        **ENVIRONMENT.symbols,
        "b": Symbol(Role.ARRAY, Kind.INTEGER, 2, (Integer(0), Integer(-1))),
    },
    {},
    fortran=True,
)


def prepared(text, wanted=None, environment=ENVIRONMENT):
    read = fortran.read_expression if environment.fortran else c.read_expression
    return typed(resolve_names(read(text), environment), environment, wanted)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("len(x)", Extent("x", 0)),
        ("f2py_len(x)", Extent("x", 0)),
        ("shape(a,1)", Extent("a", 1)),
        ("rank(a)", Rank("a")),
        ("size(a)", Size("a")),
        ("size(a,2)", Extent("a", 1)),
        ("slen(s)", StringLength("s")),
        ("len(s)", StringLength("s")),
        ("y_capi==Py_None", Absent("y")),
        ("Py_None!=y_capi", Unary("!", Absent("y"))),
        ("*x", Subscript(Name("x"), Integer(0))),
        ("*(x+n)", Subscript(Name("x"), Name("n"))),
        ("(c+k)->r", c.read_expression("c[k].r")),
        ("*ch=='A'", Binary("==", Name("ch"), Character(b"A"))),
        ("ch[0]=='A'", Binary("==", Name("ch"), Character(b"A"))),
        ('ch=="A"', Binary("==", Name("ch"), Character(b"A"))),
        ("M_PI", Real(math.pi)),
        ("*&n", Name("n")),
        ("&n", AddressOf(Name("n"))),
    ],
)
def test_resolve_names(text, expected):
    assert resolve_names(c.read_expression(text), ENVIRONMENT) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("size(a, kind=2)", Size("a")),
        ("SIZE(Array=a, KIND=1)", Size("a")),
        ("size(a, kind=1, dim=2)", Extent("a", 1)),
        ("size(dim=2, array=a)", Extent("a", 1)),
        ("ubound(kind=8, dim=1, array=a)", Extent("a", 0)),
        ("lbound(dim=1, array=b)", Integer(0)),
    ],
)
def test_keywords_of_inquiries(text, expected):
    assert resolve_names(fortran.read_expression(text), FORTRAN) == expected


@pytest.mark.parametrize(
    ("text", "offset", "said"),
    [
        ("n+unknown", 2, "unknown name unknown"),
        ("n+nothing(1)", 2, "unknown function nothing"),
        ("n+__import__(1)", 2, "unknown function __import__"),
        ("len(unknown)", 4, "unknown name unknown"),
        ("shape(a,2)", 8, "rank 2"),
        ("size(a,0)", 7, "rank 2"),
        ("shape(a,n)", 8, "constant"),
        ("shape(n,0)", 6, "n isn't an array"),
        ("slen(n)", 5, "n isn't a string"),
        ("len(n+1)", 0, "name of an argument"),
        ("shape(a)", 0, "takes"),
        ("q_capi==Py_None", 0, "unknown name q"),
        ("Py_None", 0, "compared"),
        ("*n", 0, "scalar"),
        ("n[0]", 0, "scalar"),
    ],
)
def test_names_that_mean_nothing(text, offset, said):
    with pytest.raises(ExpressionError) as caught:
        resolve_names(c.read_expression(text), ENVIRONMENT)
    assert said in caught.value.message
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", "array x"),
        ("x+1", "array x"),
        ("&n", "pointer"),
        ("n=1", "change"),
        ("n++", "change"),
        ("n,m", "change"),
        ("(*f2py_func)(n)", "pointer"),
        ("v%2", "%"),
        ("z<1", "order"),
        ("s+1", "a string isn't a number"),
        ("s?1:2", "true nor false"),
        ("imax(1)", "2 argument"),
        ("lowest(n,1)", "array is expected"),
        ("sqrt(1.0,2.0)", "takes 1"),
        ("max(n)", "at least 2"),
        ("(struct q)n", "cast"),
    ],
)
def test_what_has_no_value(text, said):
    with pytest.raises(ExpressionError) as caught:
        prepared(text)
    assert said in caught.value.message


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("n/2", Kind.INTEGER),
        ("n/2.0", Kind.REAL),
        ("n<m", Kind.LOGICAL),
        ("n?1:2.0", Kind.REAL),
        ("z*2", Kind.COMPLEX),
        ("z.r", Kind.REAL),
        ("abs(v)", Kind.INTEGER),
        ("fabs(n)", Kind.REAL),
        ("max(n,v)", Kind.REAL),
        ("floor(v)", Kind.REAL),
        ("pow(n,2)", Kind.REAL),
        ("'A'", Kind.CHARACTER),
        ("(float)n", Kind.REAL),
        ("imax(n,v)", Kind.INTEGER),
        ("lowest(x,n)", Kind.REAL),
        ("y_capi==Py_None", Kind.LOGICAL),
    ],
)
def test_kind_of(text, kind):
    assert (
        kind_of(resolve_names(c.read_expression(text), ENVIRONMENT), ENVIRONMENT)
        is kind
    )


def test_conversions_are_explicit():
    assert prepared("8+sqrt(m/2)", Kind.INTEGER) == Convert(
        Kind.INTEGER,
        Binary(
            "+",
            Real(8.0),
            Call("sqrt", (Convert(Kind.REAL, Binary("idiv", Name("m"), Integer(2))),)),
        ),
    )
    assert prepared("(trans?n:m)") == Conditional(
        Convert(Kind.LOGICAL, Name("trans")), Name("n"), Name("m")
    )
    assert prepared("3.0", Kind.INTEGER) == Integer(3)
    assert prepared("-3", Kind.REAL) == Unary("-", Real(3.0))
    assert prepared("0", Kind.LOGICAL) == Logical(False)
    assert prepared("flag==0") == Unary("!", Name("flag"))
    assert prepared("n==m", Kind.INTEGER) == Convert(
        Kind.INTEGER, Binary("==", Name("n"), Name("m"))
    )
    assert prepared("'A'", Kind.INTEGER) == Integer(65)
    assert prepared("65", Kind.CHARACTER) == Character(b"A")


# (C text, wanted kind, conditions that hold, Python text, what it uses)
PRINTED = [
    ("offx>=0 && offx<len(x)", Kind.LOGICAL, (), "0 <= offx < len(x)", ""),
    ("offx<len(x) && offx>=0", Kind.LOGICAL, (), "0 <= offx < len(x)", ""),
    ("0<=n&&n<=3", Kind.LOGICAL, (), "0 <= n <= 3", ""),
    ("0<=n&&x[n]>0.0", Kind.LOGICAL, (), "0 <= n and x[n] > 0.0", ""),
    ("0.0<eps && eps<1.0", Kind.LOGICAL, (), "0.0 < eps < 1.0", ""),
    ("n<x[0]&&x[0]<m", Kind.LOGICAL, (), "n < x[0] and x[0] < m", ""),
    # an element that isn't there is an error, which the other comparison must not come before
    ("x[0]<n&&0<x[0]", Kind.LOGICAL, (), "x[0] < n and 0.0 < x[0]", ""),
    ("v<x[0]&&0.0<v", Kind.LOGICAL, (), "v < x[0] and 0.0 < v", ""),
    ("v<w&&x[0]<v", Kind.LOGICAL, (), "v < w and x[0] < v", ""),
    ("n<m&&0<n", Kind.LOGICAL, (), "0 < n < m", ""),
    ("incx>0||incx<0", Kind.LOGICAL, (), "incx > 0 or incx < 0", ""),
    ("n>0||n==0&&m", Kind.LOGICAL, (), "n > 0 or (n == 0 and m)", ""),
    ("(n>0||m>0)&&k", Kind.LOGICAL, (), "(n > 0 or m > 0) and k", ""),
    ("n&&!m", Kind.LOGICAL, (), "n and not m", ""),
    ("n&&!m", Kind.INTEGER, (), "int(bool(n) and not m)", ""),
    ("!(n==m)", Kind.LOGICAL, (), "n != m", ""),
    ("!(n<m)", Kind.LOGICAL, (), "not n < m", ""),
    ("(n<m)==(m<k)", Kind.LOGICAL, (), "(n < m) == (m < k)", ""),
    ("(trans?n:m)", Kind.INTEGER, (), "n if trans else m", ""),
    ("n?1:(m?2:3)", Kind.INTEGER, (), "1 if n else (2 if m else 3)", ""),
    ("(n?1:2)+1", Kind.INTEGER, (), "(1 if n else 2) + 1", ""),
    ("(trans==0?m-1:n-1)*abs(incy)", Kind.INTEGER, (), "(m - 1 if trans == 0 else n - 1) * abs(incy)", ""),
    ("(permute?(scale?\"B\":\"P\"):(scale?\"S\":\"N\"))", None, (),
     '(b"B" if scale else b"P") if permute else (b"S" if scale else b"N")', ""),
    ("n-(m-k)-d", Kind.INTEGER, (), "n - (m - k) - d", ""),
    ("n+(m+k)", Kind.INTEGER, (), "n + (m + k)", ""),
    ("-(n+m)*k", Kind.INTEGER, (), "-(n + m) * k", ""),
    ("- -n", Kind.INTEGER, (), "-(-n)", ""),
    ("n - -1", Kind.INTEGER, (), "n - -1", ""),
    ("n/2", Kind.INTEGER, (), "idiv(n, 2)", "idiv"),
    ("n/2", Kind.INTEGER, ("n>=0",), "n // 2", ""),
    ("n%2", Kind.INTEGER, ("n>0",), "n % 2", ""),
    ("n%2", Kind.INTEGER, (), "imod(n, 2)", "imod"),
    ("n*(n+1)/2", Kind.INTEGER, (), "n * (n + 1) // 2", ""),
    ("len(x)/2", Kind.INTEGER, (), "len(x) // 2", ""),
    ("(len(x)-1-offx)/abs(incx)+1", Kind.INTEGER, ("offx<len(x)",), "(len(x) - 1 - offx) // abs(incx) + 1", ""),
    ("(len(x)-1-offx)/abs(incx)+1", Kind.INTEGER, (), "idiv(len(x) - 1 - offx, abs(incx)) + 1", "idiv"),
    ("n>0?(n-1)/2:0", Kind.INTEGER, (), "(n - 1) // 2 if n > 0 else 0", ""),
    ("n>0&&(n-1)/2>m", Kind.LOGICAL, (), "n > 0 and (n - 1) // 2 > m", ""),
    ("max(n,1)/2", Kind.INTEGER, (), "max(n, 1) // 2", ""),
    ("8+sqrt(m/2)", Kind.INTEGER, ("m>0",), "int(8.0 + math.sqrt(m // 2))", "math"),
    ("26*pow(k,2)", Kind.INTEGER, (), "int(26.0 * math.pow(k, 2.0))", "math"),
    ("abs((int)v)+2", Kind.INTEGER, (), "abs(int(v)) + 2", ""),
    ("abs(v)", Kind.INTEGER, (), "abs(int(v))", ""),
    ("floor(v)", Kind.INTEGER, (), "math.floor(v)", "math"),
    ("floor(v)", Kind.REAL, (), "float(math.floor(v))", "math"),
    ("trunc(v)", Kind.INTEGER, (), "int(v)", ""),
    ("round(v)", Kind.INTEGER, (), "nint(v)", "nint"),
    ("v+n", Kind.REAL, (), "v + n", ""),
    ("v<n", Kind.LOGICAL, (), "v < n", ""),
    ("(double)n/m", Kind.REAL, (), "n / m", ""),
    ("(double)n+(double)m", Kind.REAL, (), "float(n) + m", ""),
    ("n", Kind.REAL, (), "float(n)", ""),
    ("v", Kind.INTEGER, (), "int(v)", ""),
    ("v", Kind.LOGICAL, (), "v", ""),
    ("MAX(1,MAX(n,m))", Kind.INTEGER, (), "max(1, n, m)", ""),
    ("MIN(n,v)", Kind.REAL, (), "min(float(n), v)", ""),
    ("imax(kl+1+sqrt(m/2),2*(kl+1))", Kind.INTEGER, ("m>0",),
     "imax(int(kl + 1 + math.sqrt(m // 2)), 2 * (kl + 1))", "math"),
    ("lowest(x,n)", Kind.REAL, (), "lowest(x, n)", ""),
    ("lowest(x+n+1,n)", Kind.REAL, None, "", ""),
    ("lowest(x+n,n)", Kind.REAL, (), "lowest(span(x, n, x.size), n)", "span"),
    ("x[m-1]", Kind.REAL, (), "float(element(x, m - 1))", "element"),
    ("xe>=x[m-1]".replace("xe", "v"), Kind.LOGICAL, (), "v >= element(x, m - 1)", "element"),
    ("piv[0]*n", Kind.INTEGER, (), "int(piv[0]) * n", ""),
    ("a[n]", Kind.REAL, (), "float(element(a, n))", "element"),
    ("c[k].r", Kind.REAL, (), "float(element(c, k).real)", "element"),
    ("z.i", Kind.REAL, (), "z.imag", ""),
    ("shape(a,0)==shape(a,1)", Kind.LOGICAL, (), "a.shape[0] == a.shape[1]", ""),
    ("rank(x)==1", Kind.LOGICAL, (), "x.ndim == 1", ""),
    ("size(a)", Kind.INTEGER, (), "a.size", ""),
    ("slen(s)", Kind.INTEGER, (), "len(s)", ""),
    ("(y_capi==Py_None?1+offx:-1)", Kind.INTEGER, (), "1 + offx if y is None else -1", ""),
    ("y_capi!=Py_None", Kind.LOGICAL, (), "y is not None", ""),
    ("*ch=='A'||*ch=='a'", Kind.LOGICAL, (), 'ch == b"A" or ch == b"a"', ""),
    ("s[0]=='V'?n:0", Kind.INTEGER, (), 'n if s[:1] == b"V" else 0', ""),
    ("s[n+1]=='V'", Kind.LOGICAL, (), 's[n + 1 : n + 1 + 1] == b"V"', ""),
    ("ch+1", Kind.INTEGER, (), "ord(ch) + 1", ""),
    ("n&3|m<<2", Kind.INTEGER, (), "n & 3 | m << 2", ""),
    ("~n^m", Kind.INTEGER, (), "~n ^ m", ""),
    ("(n&1)==0", Kind.LOGICAL, (), "n & 1 == 0", ""),
    ("1e-16", Kind.REAL, (), "1e-16", ""),
    ("1e300", Kind.REAL, (), "1e300", ""),
    ("1e999", Kind.REAL, (), "math.inf", "math"),
    ("'\\''", None, (), 'b"\'"', ""),
    ("'\"'", None, (), "b'\"'", ""),
    ("flag", Kind.INTEGER, (), "int(flag)", ""),
    ("(n==0)+1", Kind.INTEGER, (), "int(n == 0) + 1", ""),
    ("jobu?1:0", Kind.INTEGER, (), "1 if jobu else 0", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted", "facts", "expected", "uses"), PRINTED)
def test_printed(text, wanted, facts, expected, uses):
    if facts is None:
        with pytest.raises(ExpressionError, match="array is expected"):
            prepared(text, wanted)
        return
    tree = prepared(text, wanted)
    assert typed(tree, ENVIRONMENT, wanted) == tree  # typing twice changes nothing
    known = [prepared(fact, Kind.LOGICAL) for fact in facts]
    ranks = {name: symbol.rank for name, symbol in ENVIRONMENT.symbols.items()}
    printed = format_python(
        tree, facts=known, truth=wanted is Kind.LOGICAL, ranks=ranks
    )
    assert printed == expected
    assert global_names(printed) - KNOWN == {*uses.split()}


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        ("n/2 + mod(n, 2)", Kind.INTEGER, "idiv(n, 2) + imod(n, 2)"),
        ("2**n", Kind.INTEGER, "ipow(2, n)"),
        ("n**2", Kind.INTEGER, "n**2"),
        ("(n+1)**2", Kind.INTEGER, "(n + 1) ** 2"),
        ("v**2", Kind.REAL, "v**2"),
        ("merge(n, 1, k > 0)", Kind.INTEGER, "n if k > 0 else 1"),
        ("modulo(n, 3)", Kind.INTEGER, "n % 3"),
        ("sign(n, m)", Kind.INTEGER, "abs(n) if m >= 0 else -abs(n)"),
        ("sign(v, w)", Kind.REAL, "math.copysign(v, w)"),
        ("abs(v)", Kind.REAL, "abs(v)"),
        ("floor(v)", Kind.INTEGER, "math.floor(v)"),
        ("nint(v)", Kind.INTEGER, "nint(v)"),
        ("int(v) + dim(n, m)", Kind.INTEGER, "int(v) + max(n - m, 0)"),
        ("size(x)", Kind.INTEGER, "x.size"),
        ("SIZE(A, 2)", Kind.INTEGER, "a.shape[1]"),
        ("x(1)", Kind.REAL, "float(x[0])"),
        ("piv(n)", Kind.INTEGER, "int(element(piv, n - 1))"),
        ("b(n, m)", Kind.INTEGER, "section(b, n, m - -1).item()"),
        ("flag .and. .not. n > 0", Kind.LOGICAL, "flag and not n > 0"),
        ("aimag(z) + real(z)", Kind.REAL, "z.imag + z.real"),
        ("ch == 'A'", Kind.LOGICAL, 'ch == b"A"'),
        ("len(s)", Kind.INTEGER, "len(s)"),
        ("ichar(ch)", Kind.INTEGER, "ord(ch)"),
        ("iand(n, 3)", Kind.INTEGER, "n & 3"),
        ("[1, n]", None, "[1, n]"),
        ("(1.0, 2.0d0)", None, "complex(1.0, 2.0)"),
    ],
)
def test_fortran_printed(text, wanted, expected):
    tree = prepared(text, wanted, FORTRAN)
    assert typed(tree, FORTRAN, wanted) == tree
    ranks = {name: symbol.rank for name, symbol in FORTRAN.symbols.items()}
    assert format_python(tree, truth=wanted is Kind.LOGICAL, ranks=ranks) == expected


@pytest.mark.parametrize(
    "name",
    ["a b", "1x", "", "x;y", "x()", "lambda", "x.", "os\n", "é\u200b", "x[0]", "None"],
)
def test_only_names_are_printed(name):
    for tree in (
        Name("n"),
        Extent("n", 0),
        Absent("n"),
        StringLength("n"),
        Call("n", ()),
    ):
        with pytest.raises(ExpressionError, match="no Python name"):
            format_python(tree, {"n": name})


def test_names_may_be_renamed():
    tree = prepared("n + len(x)", Kind.INTEGER)
    assert format_python(tree, {"n": "n_"}) == "n_ + len(x)"
    assert format_python(tree, str.upper) == "N + len(X)"


@pytest.mark.parametrize("text", ["n=1", "n++", "(int)n", "&n", "n,m"])
def test_what_isnt_typed_isnt_printed(text):
    with pytest.raises(ExpressionError):
        format_python(c.read_expression(text))


@pytest.mark.parametrize(
    "text",
    [
        "+".join("n" * 100),
        "max(1," * 45 + "n" + ")" * 45,
        "(n?1:" * 45 + "2" + ")" * 45,
    ],
)
def test_what_is_read_can_be_printed(text):
    printed = format_python(prepared(text, Kind.INTEGER))
    value = eval(printed, {"n": 0})
    assert value == eval(text.replace("(n?1:", "("), {"n": 0})


@given(st.binary(max_size=12))
def test_bytes_print_as_themselves(value):
    assert eval(format_bytes(value)) == value


# ----------------------------------------------------------------------------------------
# against gcc


class Writer:
    """Writes random C expressions without undefined behaviour: nothing divides by 0."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def integer(self, depth):
        pick = self.random.choice
        if depth == 0:
            return pick(["n", "m", "k", "1", "2", "3", "7", "len(x)", "n", "m"])
        left, right = (
            self.integer(depth - 1),
            self.integer(self.random.randrange(depth)),
        )
        return pick(
            [
                f"{left}+{right}",
                f"({left})-({right})",
                f"({left})*({right})",
                f"({left})/({self.divisor(depth - 1)})",
                f"({left})%({self.divisor(depth - 1)})",
                f"-({left})",
                f"({self.test(depth - 1)}?{left}:{right})",
                f"max({left},{right})",
                f"MIN({left},{right})",
                f"abs({left})",
                f"(int)({self.real(depth - 1)})",
                f"({self.test(depth - 1)})+({left})",
                f"(({left})&7)|(({right})&3)",
                f"{left} - {right}",
            ]
        )

    def divisor(self, depth):
        return self.random.choice(
            ["2", "-3", "d", f"abs({self.integer(depth)})+1", "3", "(n|1)"]
        )

    def test(self, depth):
        pick = self.random.choice
        if depth == 0:
            return pick(["n>0", "m", "n<m&&m<k", "k==2", "v<w", "n>=0&&n<len(x)"])
        left, right = self.test(depth - 1), self.test(depth - 1)
        a, b = self.integer(depth - 1), self.integer(depth - 1)
        return pick(
            [
                f"({left})&&({right})",
                f"({left})||({right})",
                f"!({left})",
                f"({a})<({b})",
                f"({a})>=({b})&&({b})>m",
                f"({self.real(depth - 1)})<={a}",
                f"({left})==({right})",
                f"{a}!={b}",
                a,
            ]
        )

    def real(self, depth):
        pick = self.random.choice
        if depth == 0:
            return pick(["v", "w", "0.5", "2.0", "1e-3", "x[0]", "x[2]"])
        left, right = self.real(depth - 1), self.real(self.random.randrange(depth))
        return pick(
            [
                f"({left})+({right})",
                f"({left})-({self.integer(depth - 1)})",
                f"({left})*({right})",
                f"({left})/(fabs({right})+1)",
                f"sqrt(fabs({left}))",
                f"floor({left})",
                f"ceil({left})",
                f"({self.test(depth - 1)}?{left}:{self.integer(depth - 1)})",
                f"fmin({left},{right})",
                f"max({left},{self.integer(depth - 1)})",
                f"pow({self.integer(0)},2)",
                f"atan2({left},1)",
                f"(double)({self.integer(depth - 1)})",
            ]
        )


PRELUDE = """
#include <math.h>
#include <stdlib.h>
#define max(a,b) (((a) > (b)) ? (a) : (b))
#define MIN(a,b) (((a) < (b)) ? (a) : (b))
#define len(x) 4
#define ARGUMENTS int n, int m, int k, int d, double v, double w, const double *x
"""

VALUES = [
    (n, m, k, d, v, w)
    for (n, m, k), d, (v, w) in itertools.product(
        [(0, 0, 0), (5, -3, 2), (-7, 4, -1), (1, 2, 3), (-4, -9, 6), (8, 3, 3)],
        [2, -2, 3],
        [(0.5, -1.25), (-7.75, 3.0), (2.0, 2.0)],
    )
]
X = np.array([1.5, -2.0, 0.25, 7.0])
CHECKED = Environment(
    {
        **{name: Symbol(Role.SCALAR, Kind.INTEGER) for name in "nmkd"},
        **{name: Symbol(Role.SCALAR, Kind.REAL) for name in "vw"},
        "x": Symbol(Role.ARRAY, Kind.REAL, 1),
    }
)


def compiled(texts, folder):
    """Compile one C function per text and return the library."""
    lines = [PRELUDE]
    for number, (kind, text) in enumerate(texts):
        result = {Kind.INTEGER: "int", Kind.REAL: "double", Kind.LOGICAL: "int"}[kind]
        value = f"({text}) != 0" if kind is Kind.LOGICAL else text
        lines.append(f"{result} f{number}(ARGUMENTS) {{ return {value}; }}")
    source = folder / "expressions.c"
    source.write_text("\n".join(lines))
    library = folder / "expressions.so"
    # -ffp-contract=off: Python rounds every product; -fwrapv: no undefined overflow
    flags = ["-w", "-O0", "-fPIC", "-shared", "-fwrapv", "-ffp-contract=off"]
    subprocess.run(["gcc", *flags, source, "-o", library, "-lm"], check=True)
    return ctypes.CDLL(str(library))


def random_texts(seed, count):
    writer = Writer(seed)
    for number in range(count):
        kind = (Kind.INTEGER, Kind.REAL, Kind.LOGICAL)[number % 3]
        depth = 1 + number % 4
        write = {
            Kind.INTEGER: writer.integer,
            Kind.REAL: writer.real,
            Kind.LOGICAL: writer.test,
        }[kind]
        yield kind, write(depth)


BUILTINS = {
    function.__name__: function for function in (abs, bool, float, int, len, max, min)
}
NAMESPACE = {"math": math, "idiv": idiv, "imod": imod, "ipow": ipow, "nint": nint}


@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is needed")
@pytest.mark.parametrize("seed", [1, 2])
def test_python_computes_what_gcc_computes(seed, tmp_path):
    texts = list(random_texts(seed, 300))
    library = compiled(texts, tmp_path)
    pointer = X.ctypes.data_as(ctypes.c_void_p)
    compared = 0
    for number, (kind, text) in enumerate(texts):
        function = library[f"f{number}"]
        function.restype = ctypes.c_double if kind is Kind.REAL else ctypes.c_int
        function.argtypes = (
            [ctypes.c_int] * 4 + [ctypes.c_double] * 2 + [ctypes.c_void_p]
        )
        tree = prepared(text, kind, CHECKED)
        code = compile(format_python(tree, truth=kind is Kind.LOGICAL), text, "eval")
        for values in VALUES:
            names = dict(zip("nmkdvw", values, strict=True), x=X, **NAMESPACE)
            result = eval(
                code,
                {
                    "__builtins__": {
                        f.__name__: f for f in (abs, bool, float, int, len, max, min)
                    }
                },
                names,
            )
            if abs(result) >= 2**31:  # beyond C's int
                continue
            expected = function(*values, pointer)
            if kind is Kind.LOGICAL:
                result = bool(result)
            assert result == expected, (text, code.co_name, values)
            compared += 1
    assert compared > 0.8 * len(texts) * len(VALUES)


@pytest.mark.parametrize(
    "bounds", [("n>=0", "m>=1"), ("n<len(x)&&n>=1", "k>m&&m>0"), ("n>=m&&m>=0",)]
)
def test_facts_never_change_a_value(bounds):
    """What prints as // under facts must equal C's division wherever the facts hold."""
    facts = [prepared(bound, Kind.LOGICAL, CHECKED) for bound in bounds]
    conditions = [
        compile(format_python(fact, truth=True), "fact", "eval") for fact in facts
    ]
    differing = 0
    for kind, text in random_texts(7, 240):
        tree = prepared(text, kind, CHECKED)
        plain, informed = format_python(tree), format_python(tree, facts=facts)
        differing += plain != informed
        if plain == informed:
            continue
        for values in VALUES:
            names = {**dict(zip("nmkdvw", values, strict=True)), "x": X, **NAMESPACE}
            if all(eval(condition, {}, names) for condition in conditions):
                assert eval(informed, {}, names) == eval(plain, {}, names), (
                    text,
                    informed,
                )
    assert differing


def test_printed_text_is_formatted(tmp_path):
    pytest.importorskip("ruff")
    texts = [
        format_python(prepared(text, kind, CHECKED))
        for kind, text in random_texts(3, 300)
    ]
    texts += [expected for _, _, facts, expected, _ in PRINTED if facts is not None]
    texts += ["(n + 1) ** 2", "n**2", "x[n:]", "x[n + 1 :]", "x[-1:]", "s[:1]", "2**-1"]
    texts += [
        format_bytes(value) for value in (b"a", b"'", b'"', b"'\"", b"\x00\xff\n\\")
    ]
    source = "".join(
        f"v{number} = {text}\n" for number, text in enumerate(texts) if len(text) < 280
    )
    path = tmp_path / "printed.py"
    path.write_text(source)
    command = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "--isolated",
        "--line-length",
        "320",
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True)
    assert path.read_text().splitlines() == source.splitlines()


# ----------------------------------------------------------------------------------------
# the prover


@pytest.mark.parametrize(
    ("text", "facts", "provable"),
    [
        ("len(x)", (), True),
        ("n", (), False),
        ("n", ("n>=0",), True),
        ("n-1", ("n>=0",), False),
        ("n-1", ("n>0",), True),
        ("2*n-2", ("n>0",), True),
        ("len(x)-1-offx", ("offx<len(x)",), True),
        ("len(x)-2-offx", ("offx<len(x)",), False),
        ("n-m", ("n>k", "k>=m"), True),
        ("n-m", ("n==m",), True),
        ("n*m", ("n>0", "m>0"), True),
        ("n*m", ("n>0",), False),
        ("n*n", (), True),
        ("abs(n)-1", (), False),
        ("max(n,0)+1", (), True),
        ("min(n,0)", (), False),
        ("n?1:2", (), True),
        ("(n==m)+1", (), True),
        ("n", ("!(n<0)",), True),
        ("n", ("!(n<0||m<0)",), True),
        ("n", ("n<0||m<0",), False),
        ("n", ("n!=0",), False),
        ("n", ("!(n!=3)",), True),
    ],
)
def test_non_negative(text, facts, provable):
    checks = [prepared(fact, Kind.LOGICAL) for fact in facts]
    known = tuple(fact for check in checks for fact in facts_of(check))
    assert is_non_negative(prepared(text), known) is provable


def test_always_divides():
    assert always_divides(prepared("n*(n+1)"), 2)
    assert always_divides(prepared("n*(n+1)*(n+2)"), 6)
    assert always_divides(prepared("4*n-2*m"), 2)
    assert not always_divides(prepared("n*(n+2)"), 2)
    assert not always_divides(prepared("n"), 0)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_linear_forms_keep_the_value(seed, values_seed):
    writer, numbers = Writer(seed), random.Random(values_seed)
    tree = prepared(writer.integer(2), None, CHECKED)
    names = {
        "n": numbers.randrange(-9, 9),
        "m": numbers.randrange(-9, 9),
        "k": numbers.randrange(-9, 9),
    }
    names |= {"d": 3, "v": 0.5, "w": -2.5, "x": X, **NAMESPACE}
    form = linear_form(tree)
    total = form.constant
    for atom, coefficient in form.coefficients.items():
        total += coefficient * eval(format_python(atom), {}, names)
    assert total == eval(format_python(tree), {}, names)
    if is_non_negative(tree, ()):
        assert total >= 0


# ----------------------------------------------------------------------------------------
# the runtime's arithmetic, and walks


@given(st.integers(-(2**63), 2**63), st.integers(-(2**63), 2**63).filter(bool))
def test_division_rounds_towards_zero(a, b):
    quotient, remainder = idiv(a, b), imod(a, b)
    assert quotient * b + remainder == a
    assert abs(remainder) < abs(b)
    assert remainder == 0 or (remainder < 0) == (a < 0)


@pytest.mark.parametrize("divide", [idiv, imod])
def test_division_by_zero(divide):
    with pytest.raises(ZeroDivisionError):
        divide(1, 0)


@pytest.mark.parametrize(
    ("base", "exponent", "power"),
    [
        (2, 10, 1024),
        (2, -1, 0),
        (1, -5, 1),
        (-1, -3, -1),
        (-2, 3, -8),
        (0, 0, 1),
        (-3, -2, 0),
    ],
)
def test_integer_power(base, exponent, power):
    assert ipow(base, exponent) == power


def test_zero_has_no_inverse():
    with pytest.raises(ZeroDivisionError):
        ipow(0, -1)


@pytest.mark.parametrize(
    ("value", "nearest"),
    [
        (0.5, 1),
        (-0.5, -1),
        (2.5, 3),
        (0.49999999999999994, 0),
        (-1.2, -1),
        (1e15, 10**15),
    ],
)
def test_nint(value, nearest):
    assert nint(value) == nearest


def test_walks_see_every_name():
    block = c.read_statements(
        "{int i; k=f(len); for(i=0;i<n;++piv[i++]) (a+i)->r=z.i; *m=x[d];}"
    )
    assert used_names(block) == {"k", "len", "i", "n", "piv", "a", "z", "m", "x", "d"}
    assert assigned_names(block) == {"i", "k", "piv", "a", "m"}
    assert declared_names(block) == {"i"}
    assert called_functions(block) == {"f"}
    assert used_names(prepared("len(x)+shape(a,1)+slen(s)+(y_capi==Py_None)")) == {
        "x",
        "a",
        "s",
        "y",
    }


# Texts in nodes that name no variable and no argument.
NO_MENTIONS = {
    (Unary, "operator"),
    (Binary, "operator"),
    (Call, "function"),
    (Member, "name"),
    (Cast, "type"),
    (Assignment, "operator"),
    (Stored, "owner"),  # of a Fortran module, which no argument can be
    (Stored, "name"),
    (Unread, "message"),
    (Integer, "constant"),  # of ISO_C_BINDING
}


def test_every_text_of_a_node_is_known_for_a_mention_or_for_none():
    texts = {
        (node, name)
        for node in get_args(Expression)
        for name, kind in node.__annotations__.items()
        if kind == "str"
    }
    assert texts == set(MENTIONS.items()) | NO_MENTIONS


def test_what_a_node_mentions_is_renamed_and_nothing_else():
    names = {"x": "x_", "f": "f_", "r": "r_"}
    node = Binary("+", Call("f", (Extent("x", 0), Name("y"))), Member(Name("x"), "r"))
    new = rewrite(node, lambda each: renamed(each, names))
    assert used_names(new) == {"x_", "y"}
    assert called_functions(new) == called_functions(node)
    assert rewrite(node, lambda each: renamed(each, {"z": "w"})) is node


def test_children_are_what_is_right_below():
    node = c.read_expression("f(a, b + c)[d]")
    seen = []
    same = map_children(node, lambda child: seen.append(child) or child)
    assert same is node
    assert seen == [c.read_expression("f(a, b + c)"), Name("d")]
    assert map_children(node, lambda _: Name("x")) == Subscript(Name("x"), Name("x"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("int", Kind.INTEGER),
        ("unsigned long long", Kind.INTEGER),
        ("F_INT", Kind.INTEGER),
        ("npy_int64", Kind.INTEGER),
        ("size_t", Kind.INTEGER),
        ("char", Kind.INTEGER),
        ("double", Kind.REAL),
        ("long double", Kind.REAL),
        ("complex_double", Kind.COMPLEX),
        ("double*", None),
        ("my_type", None),
    ],
)
def test_kind_of_c_type(text, kind):
    assert kind_of_c_type(text) is kind


@pytest.mark.parametrize(("real", "imaginary"), [(0.0, 0.0), (1.0, 2.0), (-0.5, 0.0)])
def test_a_complex_number_is_passed_as_it_is(real: float, imaginary: float) -> None:
    value = Complex(Real(real), Real(imaginary))
    passed = plan.PassScalar("z", "DOUBLE_COMPLEX", value)
    without_arrays: Any = SimpleNamespace(ranks=())
    assert eval(argument(passed, without_arrays)) == complex(real, imaginary)

"""C texts of signature files -> nodes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from f2pypy.expressions import c, c_usercode
from f2pypy.expressions.nodes import (
    AddressOf,
    ArrayConstructor,
    Assignment,
    Binary,
    Bounds,
    Call,
    CallThrough,
    Cast,
    Character,
    Complex,
    Conditional,
    Dereference,
    ExpressionError,
    Increment,
    Integer,
    Logical,
    Member,
    Name,
    Real,
    Sequence,
    String,
    Subscript,
    Unary,
)
from f2pypy.expressions.statements import (
    Block,
    Break,
    Declaration,
    Evaluate,
    For,
    If,
    Parameter,
    Return,
    While,
)

n, m, i, x, a, k = (Name(letter) for letter in "nmixak")
one, two, zero = Integer(1), Integer(2), Integer(0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n", n),
        (" ( n ) ", n),
        ("n+m*2", Binary("+", n, Binary("*", m, two))),
        ("n-m-1", Binary("-", Binary("-", n, m), one)),
        ("-n", Unary("-", n)),
        ("(trans?n:m)", Conditional(Name("trans"), n, m)),
        (
            "shape(a,0)==n && n>0",
            Binary(
                "&&", Binary("==", Call("shape", (a, zero)), n), Binary(">", n, zero)
            ),
        ),
        ("abs((int)v)+2", Binary("+", Call("abs", (Cast("int", Name("v")),)), two)),
        ("(double *)x", Cast("double*", x)),
        ("x[n-1]", Subscript(x, Binary("-", n, one))),
        ("*s=='A'", Binary("==", Dereference(Name("s")), Character(b"A"))),
        ("y_capi==Py_None", Binary("==", Name("y_capi"), Name("Py_None"))),
        ('&"LIST"[i]', AddressOf(Subscript(String(b"LIST"), i))),
        ('(lower?"L":"U")', Conditional(Name("lower"), String(b"L"), String(b"U"))),
        ("'\\''", Character(b"'")),
        ("'\\n'", Character(b"\n")),
        ("'\\101'", Character(b"A")),
        ("'abc'", String(b"abc")),
        ("''", String(b"")),
        ('"a\\"b"', String(b'a"b')),
        ("&(z.r)", AddressOf(Member(Name("z"), "r"))),
        ("(a+k)->i", Member(Binary("+", a, k), "i", arrow=True)),
        ("1e-16", Real(1e-16)),
        ("1.5f", Real(1.5, single=True)),
        ("0x10", Integer(16)),
        ("010", Integer(8)),
        ("2UL", Integer(2)),
        ("{1,2}", ArrayConstructor((one, two))),
        ("i++", Increment(i, 1, prefix=False)),
        ("--i", Increment(i, -1, prefix=True)),
        ("/* what */ n // why", n),
        ("n\n+\nm", Binary("+", n, m)),
        # Fortran's literals
        ("1.0D0", Real(1.0)),
        ("1d-3", Real(1e-3)),
        (".true.", Logical(True)),
        ("n?.FALSE.:1.5d0", Conditional(n, Logical(False), Real(1.5))),
        ("2*n**2", Binary("*", two, Binary("**", n, two))),
        ("(/1,2/)", ArrayConstructor((one, two))),
        ("n.eq.1.and.m.gt.2", Binary("&&", Binary("==", n, one), Binary(">", m, two))),
        ("1.0_dp", Real(1.0, kind=Name("dp"))),
    ],
)
def test_read_expression(text, expected):
    assert c.read_expression(text) == expected


def test_a_pair_is_complex_where_that_is_wanted():
    assert c.read_expression("(1.0,0.0)") == Sequence((Real(1.0), Real(0.0)))
    assert c.read_expression("(1.0,-2.0D0)", complex_wanted=True) == Complex(
        Real(1.0), Unary("-", Real(2.0))
    )
    chosen = c.read_expression("(n?(1.0,0.0):(0.0,1.0))", complex_wanted=True)
    assert chosen == Conditional(
        n, Complex(Real(1.0), Real(0.0)), Complex(Real(0.0), Real(1.0))
    )


def test_offsets_count_from_the_start_of_the_text():
    tree = c.read_expression("  foo +\n  bar(b1)")
    assert isinstance(tree, Binary)
    assert tree.left.at == 2
    assert tree.right.at == 10
    assert tree.right.arguments[0].at == 14


@pytest.mark.parametrize(
    ("text", "offset", "said"),
    [
        ("", 0, "missing"),
        ("   ", 0, "missing"),
        ("a b", 2, "unexpected 'b'"),
        ("n+", 2, "too early"),
        ("(n", 2, "too early"),
        ("n))(", 2, "unexpected ')'"),
        ("n);(m", 4, "one expression"),
        ("n);} void g(void){(m", 0, "closes a brace"),
        ("n ? 1", 5, "too early"),
        ("1 + sizeof(int)", 4, "sizeof"),
        ("n # m", 2, "'#'"),
        ("n \\ m", 2, "unexpected"),
        ("'a", 0, "quote"),
        ("'\\q'", 0, "escape"),
        ('"\\x100"', 0, "escape"),
        ("09", 0, "octal"),
        ("9" * 5000, 0, "integer"),
        ("{1,2", 4, "too early"),
        ("(struct p){1}", 0, ""),
        ("2**(n?1:2)", 0, "Fortran"),
    ],
)
def test_what_is_no_expression_says_where(text, offset, said):
    with pytest.raises(ExpressionError) as caught:
        c.read_expression(text)
    assert said in caught.value.message
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "n" + ")" * 10_000,
        "-" * 10_000 + "n",
        "n" + "+n" * 10_000,
        "f(" * 10_000,
        "n?" * 3000 + "n",
    ],
)
def test_deep_texts_are_refused(text):
    for read in (c.read_expression, c.read_statements, c.read_signature_dimension):
        with pytest.raises(ExpressionError):
            read(text)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="nm1.0'\"(){}[]?:;,+-*/%&|!<>=~^ \\#eExXdD_\n$é", max_size=25))
def test_any_text_is_read_or_refused(text):
    for read in (
        c.read_expression,
        c.read_statements,
        c.read_signature_dimension,
        c.read_prototype,
        lambda t: c_usercode.read_usercode(t, integer_64=False),
    ):
        try:
            read(text)
            offset = 0
        except ExpressionError as error:
            offset = error.offset
        assert 0 <= offset <= len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n", n),
        ("*", Bounds(None, None, assumed_size=True)),
        (" : ", Bounds(None, None)),
        ("..", Bounds(None, None, Integer(0))),
        ("0:n", Bounds(zero, n)),
        ("n:", Bounds(n, None)),
        ("n:*", Bounds(n, None, assumed_size=True)),
        ("(n?1:2)", Conditional(n, one, two)),
        ("n?1:2", Conditional(n, one, two)),
        ("n?1:2:m", Bounds(Conditional(n, one, two), m)),
        ("-1:n-1", Bounds(Unary("-", one), Binary("-", n, one))),
    ],
)
def test_read_signature_dimension(text, expected):
    assert c.read_signature_dimension(text) == expected


def test_an_error_in_an_upper_bound_says_where():
    with pytest.raises(ExpressionError) as caught:
        c.read_signature_dimension("1 : n m")
    assert caught.value.offset == 6


def call(*arguments):
    return CallThrough(Dereference(Name("f2py_func")), arguments)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(*f2py_func)(&n,x)", [Evaluate(call(AddressOf(n), x))]),
        ("(*f2py_func)(&n,x);", [Evaluate(call(AddressOf(n), x))]),
        (" { (*f2py_func)(x+k); } ", [Evaluate(call(Binary("+", x, k)))]),
        ("{{ i++; }}", [Evaluate(Increment(i, 1, prefix=False))]),
        (
            "{F_INT i=2*k+1;(*f2py_func)(&i);}",
            [
                Declaration("F_INT", "i", Binary("+", Binary("*", two, k), one)),
                Evaluate(call(AddressOf(i))),
            ],
        ),
        ("int i,j,k;", [Declaration("int", name, None) for name in "ijk"]),
        ("double w[3];", [Declaration("double[3]", "w", None)]),
        (
            "x_return_value = (*f2py_func)(&n) - 1",
            [
                Evaluate(
                    Assignment(
                        Name("x_return_value"),
                        "=",
                        Binary("-", call(AddressOf(n)), one),
                    )
                )
            ],
        ),
        (
            "for(i=0,n=MIN(m,n);i<n;--a[i++]);",
            [
                For(
                    (
                        Evaluate(
                            Sequence(
                                (
                                    Assignment(i, "=", zero),
                                    Assignment(n, "=", Call("MIN", (m, n))),
                                )
                            )
                        ),
                    ),
                    Binary("<", i, n),
                    Increment(
                        Subscript(a, Increment(i, 1, prefix=False)), -1, prefix=True
                    ),
                    Block(()),
                )
            ],
        ),
        (
            "if(k){*(a+k)=0;} else n=1;",
            [
                If(
                    k,
                    Block(
                        (
                            Evaluate(
                                Assignment(Dereference(Binary("+", a, k)), "=", zero)
                            ),
                        )
                    ),
                    Block((Evaluate(Assignment(n, "=", one)),)),
                )
            ],
        ),
        (
            "(a+k)->r=(a+k)->i=0.0;",
            [
                Evaluate(
                    Assignment(
                        Member(Binary("+", a, k), "r", arrow=True),
                        "=",
                        Assignment(
                            Member(Binary("+", a, k), "i", arrow=True), "=", Real(0.0)
                        ),
                    )
                )
            ],
        ),
        ("do { break; } while(n);", [While(n, Block((Break(),)), after=True)]),
        ("while(n) n -= 2;", [While(n, Block((Evaluate(Assignment(n, "-=", two)),)))]),
        (
            "for(F_INT i=0;;) return;",
            [
                For(
                    (Declaration("F_INT", "i", zero),),
                    None,
                    None,
                    Block((Return(None),)),
                )
            ],
        ),
        (";;", []),
        ("", []),
    ],
)
def test_read_statements(text, expected):
    assert c.read_statements(text) == Block(tuple(expected))


@pytest.mark.parametrize(
    ("text", "offset", "said"),
    [
        ("n=1; goto out;", 5, "goto"),
        ("switch(n){case 1: n=2;}", 0, "switch"),
        ("} void f(void) {", 0, "closes a brace"),
        ("n=1; static int i;", 16, "static"),
        ("int w[n];", 4, "constant extent"),
        ("n=1; m n;", 7, "unexpected"),
        ("int f(int);", 4, "f"),
    ],
)
def test_statements_that_are_refused(text, offset, said):
    with pytest.raises(ExpressionError) as caught:
        c.read_statements(text)
    assert said in caught.value.message
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    ("text", "said"),
    [("union {int a;} p;", "a union"), ("struct {int a;} p;", "a structure")],
)
def test_types_of_their_own_are_refused(text, said):
    with pytest.raises(
        ExpressionError, match=said
    ):  # pycparser's versions differ in the place
        c.read_statements(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("void", ()),
        ("F_INT*,char*,complex_double *", ("F_INT*", "char*", "complex_double*")),
        (
            "F_INT(*)(float*,float*),size_t , int",
            ("F_INT(*)(float*,float*)", "size_t", "int"),
        ),
        ("int n, double x[], my_type *p", ("int", "double*", "my_type*")),
        ("const char * restrict, unsigned  long long", ("char*", "unsigned long long")),
        ("int f(int)", ("int(*)(int)",)),
        ("struct point*", ("struct point*",)),
        ("void*,double**", ("void*", "double**")),
    ],
)
def test_read_prototype(text, expected):
    assert c.read_prototype(text) == expected


@pytest.mark.parametrize(
    "text", ["int); void g(int", "int,", "...", "int, ...", "1", "int x = 2", "(*"]
)
def test_prototypes_that_are_refused(text):
    with pytest.raises(ExpressionError):
        c.read_prototype(text)


USERCODE = """
#ifdef HAVE_ILP64
typedef npy_int64 F_INT;
#else
typedef npy_int32 F_INT;
#endif
#define SCALE 2  /* a constant */
#if defined(HAVE_ILP64) && SCALE > 1
#define WIDE 8
#elif SCALE == 3
#error never
#else
#define WIDE 4
#endif
#include <math.h>
static double lowest(double *seq, F_INT len); // declared first
static double lowest(double *seq, F_INT len) {
    double val = 1e308;
    F_INT i;
    for (i = 0; i < len; ++i)
        if (seq[i] < val) val = seq[i];
    return SCALE*val;
}
static F_INT width(void) { return WIDE; }
"""


@pytest.mark.parametrize(
    ("integer_64", "width", "type_name"),
    [(False, 4, "npy_int32"), (True, 8, "npy_int64")],
)
def test_read_usercode(integer_64, width, type_name):
    lowest, wide = c_usercode.read_usercode(USERCODE, integer_64=integer_64)
    assert lowest.name == "lowest"
    assert lowest.result == "double"
    assert lowest.parameters == (
        Parameter("double*", "seq"),
        Parameter(type_name, "len"),
    )
    assert lowest.body.statements[0] == Declaration("double", "val", Real(1e308))
    assert lowest.body.statements[-1] == Return(Binary("*", two, Name("val")))
    assert wide.parameters == ()
    assert wide.body == Block((Return(Integer(width)),))
    assert c_usercode.read_type_names(USERCODE, integer_64=integer_64) == {
        "F_INT": type_name
    }


def test_types_may_be_defined_by_macros():
    assert c_usercode.read_type_names(
        "#define F_INT npy_int64\n#define N 3\n", integer_64=False
    ) == {"F_INT": "npy_int64"}
    (function,) = c_usercode.read_usercode(
        "#define F_INT int\nF_INT f(F_INT n) { return n; }", integer_64=False
    )
    assert function.parameters == (Parameter("int", "n"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("static int counter;", "counter"),
        ("#define sq(x) ((x)*(x))\nint f(int n) { return sq(n); }", "sq"),
        ("#ifdef A\n", "#endif"),
        ("#endif\n", "#if"),
        ("#if f(1)\n#endif\n", "constants"),
        ("int f(n) int n; { return n; }", "old-style"),
        ("int f(int n) { goto out; out: return n; }", "goto"),
        ("int f(int n, ...) { return n; }", "variable number"),
        ("int f(int) { return 1; }", "without a name"),
        (
            "#define A B B\n"
            + "".join(
                f"#define {'B' * i} {'B' * (i + 1)} {'B' * (i + 1)}\n"
                for i in range(1, 30)
            )
            + "A",
            "",
        ),
    ],
)
def test_usercode_that_is_refused(text, said):
    with pytest.raises(ExpressionError) as caught:
        c_usercode.read_usercode(text, integer_64=False)
    assert said in caught.value.message

"""What becomes of callstatements: loops that are array operations, C that is refused and where, hostile texts."""

from __future__ import annotations

import ast
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from f2pypy.options import Options
from f2pypy.pipeline import generate_module
from f2pypy.runtime import elements

DECLARATIONS = """
      integer, intent(in) :: n, m
      double precision, intent(in,out,copy), dimension(*) :: x, y
      double complex, intent(in,out,copy), dimension(*) :: z
      integer, intent(in,out,copy), dimension(*) :: p
      double precision, intent(in,out,copy), dimension(n,n) :: a
"""


# A file of which every routine is left out makes no module.
SOUND = """
    subroutine sound()
    end subroutine"""


def signature(
    statement,
    declarations=DECLARATIONS,
    arguments="n,m,x,y,z,p,a",
    before="",
    beside="",
):
    return f"""python module made
{before}
  interface
    subroutine work({arguments})
      callstatement {statement}
{declarations.strip(chr(10))}
    end subroutine{beside}
  end interface
end python module
"""


def generated(statement, **keywords):
    text = signature(statement, **keywords)
    made = generate_module(text, "made.pyf", Options(runtime="import", native=False))
    assert not made.skipped, made.skipped[0].format()
    return made.text


def body(statement, **keywords):
    """Return the lines of the wrapper after its call, without indentation of their block."""
    text = generated(statement, **keywords)
    lines = text[text.index("def work(") :].split("\n\n\n")[0].splitlines()
    end = next(i for i, line in enumerate(lines) if "_work.call(" in line)
    return [line[4:] for line in lines[end + 1 : -1]]


CALL = "(*f2py_func)(&n,x)"

LOOPS = {
    "for(i=0;i<n;++i) x[i] = 0;": ["span(x, 0, n)[...] = 0.0"],
    "for(i=0;n>i;i+=1) x[i] = y[i];": ["span(x, 0, n)[...] = span(y, 0, n)"],
    "for(i=1;i<=n;i++) x[i-1] = y[i];": ["span(x, 0, n)[...] = span(y, 1, n + 1)"],
    "for(i=n-1;i>=0;--i) x[i] = 2*y[i]+m;": ["span(x, 0, n)[...] = 2.0 * span(y, 0, n) + float(m)"],
    "for(i=0;i<n;) {x[i] -= y[i]; i++;}": ["span(x, 0, n)[...] -= span(y, 0, n)"],
    "i = 0; while (i < n) { p[i] += 5; ++i; }": ["span(p, 0, n)[...] += 5"],
    "for(i=0;i<n;i++) p[i] = i*i;": ["span(p, 0, n)[...] = np.arange(0, n) * np.arange(0, n)"],
    "for(i=0;i<n;i++) x[2*i+1] = 1;": ["span(x, 1, 2 * (n - 1) + 2, 2)[...] = 1.0"],
    "for(i=0;i<n;i++) {k = n-1+i; x[k] = y[i];}": ["span(x, n - 1, n + (n - 1))[...] = span(y, 0, n)"],
    "for(i=0;i<n-1;i++) x[i] = x[i+1];": ["span(x, 0, n - 1)[...] = span(x, 1, n)"],
    "for(i=0;i<n;i++) {z[i].r = 1; z[i].i = x[i];}": [
        "span(z, 0, n).real[...] = 1.0",
        "span(z, 0, n).imag[...] = span(x, 0, n)",
    ],
    "for(i=0;i<n;i++) (z+i)->r=(z+i)->i=0;": ["span(z, 0, n)[...] = complex(0.0, 0.0)"],
    "for(i=0;i<n;i++) x[i] = (y[i] > 0 ? sqrt(y[i]) : fabs(y[i]));": [
        "span(x, 0, n)[...] = np.where(span(y, 0, n) > 0.0, np.sqrt(span(y, 0, n)), np.abs(span(y, 0, n)))",
    ],
    "for(i=0;i<n;++i) for(j=i+1;j<n;++j) a[j*n+i] = 0;": ['fill_triangle(a, n, n, "upper", 0.0)'],
    "for(i=0;i<n;++i) for(j=i+1;j<n;++j) a[i*n+j] = 0;": ['fill_triangle(a, n, n, "lower", 0.0)'],
    "for(j=0;j<n;++j) for(i=0;i<j;++i) *(a+i+n*j) = 7;": ['fill_triangle(a, n, n, "upper", 7.0)'],
    "for(j=0;j<n;++j) for(i=0;i<=j;++i) a[j+i*n] = 7;": ['fill_triangle(a, n, n, "lower", 7.0, diagonal=True)'],
    "for(j=0;j<n;++j) for(i=j;i<n;++i) a[j*m+i] = 7;": ['fill_triangle(a, n, m, "lower", 7.0, diagonal=True)'],
}  # fmt: skip


@pytest.mark.parametrize("loop", LOOPS)
def test_loops_that_are_array_operations(loop):
    assert body(f"{{int i,j,k; {CALL}; {loop}}}") == LOOPS[loop]


@pytest.mark.parametrize(
    "loop",
    [
        "for(i=1;i<n;i++) x[i] = x[i-1];",  # each turn needs the one before it
        "for(i=0;i<n;i++) {x[i] = y[i]; y[i+1] = 0;}",
        "for(i=0;i<n;i++) x[p[i]] = 1;",
        "for(i=0;i<n;i++) {if (x[i] > 0) x[i] = 1;}",
        "for(i=0;i<n;i++) {x[i] = 1; n = n-1;}",
        "for(i=0;i<n;i+=2) x[i] = 1;",
        "for(i=0;i<n;i++) {x[i] = 1; i++;}",
        "for(i=0;i<n;i++) x[n-i-1] = y[i];",
        "for(i=0;i<n;i++) for(j=i+1;j<m;++j) a[j*n+i] = 0;",
        "for(i=0;i<n;i++) for(j=i+1;j<n;++j) a[j*n+i] = j;",
        "for(i=0;i<n;i++) for(j=i+2;j<n;++j) a[j*n+i] = 0;",
    ],
)
def test_loops_that_stay_loops(loop):
    assert any("while " in line for line in body(f"{{int i,j,k; {CALL}; {loop}}}"))


def test_a_counter_that_is_read_later_has_its_last_value():
    statement = "{int i; for(i=2;i<n;++i) x[i] = 0; (*f2py_func)(&i,x);}"
    assert "    i = max(2, n)\n" in generated(statement)


def test_a_copy_that_is_needed_later_keeps_its_loop():
    lines = body(f"{{int i,k=0; {CALL}; for(i=0;i<n;i++) {{k=2*i; x[k]=1;}} m=k;}}")
    assert any(line.startswith("while ") for line in lines)


def run(statement, **values):
    """Run the lines after the call on arrays, return the arrays."""
    names = {name: np.array(v, copy=True, order="K") for name, v in values.items()}
    names |= {n: int(v) for n, v in names.items() if v.ndim == 0}
    tools = {
        name: getattr(elements, name)
        for name in ("element", "store", "span", "fill_triangle")
    }
    exec("\n".join(body(statement)), {"np": np, **tools}, names)
    return names


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(-2, 9),
    leading=st.integers(1, 11),
    lower=st.booleans(),
    diagonal=st.booleans(),
)
def test_triangles_are_what_the_loops_make(n, leading, lower, diagonal):
    memory = np.arange(1.0, 131.0)
    expected = memory.copy()
    for column, row in itertools.product(range(n), repeat=2):
        inside = row > column if lower else row < column
        if inside or (diagonal and row == column):
            expected[column * leading + row] = -1
    elements.fill_triangle(
        memory, n, leading, "lower" if lower else "upper", -1, diagonal
    )
    assert memory.tolist() == expected.tolist()


@pytest.mark.parametrize("order", ["F", "C"])
def test_triangles_lie_in_memory_order(order):
    matrix = np.ones((3, 3), order=order)
    elements.fill_triangle(matrix, 3, 3, "lower", 0)
    assert matrix.ravel("K").tolist() == [1, 0, 0, 1, 1, 0, 1, 1, 1]


def test_triangles_of_every_order_around_the_block():
    for order, triangle in itertools.product((1, 63, 64, 65, 200), ("lower", "upper")):
        matrix = np.ones((order, order), order="F")
        elements.fill_triangle(matrix, order, order, triangle, 0)
        part = np.triu if triangle == "lower" else np.tril
        assert (matrix == part(np.ones((order, order)))).all()


def test_loops_run_as_c_runs_them():
    loop = "for(i=1;i<n;i++) x[i] = x[i-1]*2;"
    found = run(f"{{int i; {CALL}; {loop}}}", n=4, x=np.ones(5))
    assert found["x"].tolist() == [1, 2, 4, 8, 1]
    loop = "for(i=0,j=n;i<j;) {k=p[i]; p[i++]=p[--j]; p[j]=k;}"
    found = run(f"{{int i,j,k; {CALL}; {loop}}}", n=5, p=np.arange(5))
    assert found["p"].tolist() == [4, 3, 2, 1, 0]
    loop = "for(i=0;i<n;i++) for(j=0;j<i;j++) a[j*n+i] += 10*i+j;"
    found = run(f"{{int i,j; {CALL}; {loop}}}", n=3, a=np.zeros((3, 3), order="F"))
    assert found["a"].tolist() == [[0, 0, 0], [10, 0, 0], [20, 21, 0]]


@pytest.mark.parametrize(
    ("loop", "place"), [("x[n] = 0;", 3), ("x[-1] = 0;", -1), ("x[0] = y[m];", 9)]
)
def test_places_outside_of_an_array_are_refused(loop, place):
    with pytest.raises(IndexError, match=f"element {place} lies outside"):
        run(f"{{{CALL}; {loop}}}", n=3, m=9, x=np.zeros(3), y=np.zeros(3))


@pytest.mark.parametrize(
    ("start", "stop", "step"), [(-1, 2, 1), (0, 4, 1), (3, 5, 1), (0, 7, 3)]
)
def test_spans_outside_of_an_array_are_refused(start, stop, step):
    with pytest.raises(IndexError, match="lies outside of an array of 3 elements"):
        elements.span(np.zeros(3), start, stop, step)


def test_empty_spans_are_empty_wherever_they_are():
    assert elements.span(np.zeros(3), 7, 7).size == 0
    assert elements.span(np.zeros(3), 2, -5).size == 0


REFUSED = {
    "x[i++] = i; (*f2py_func)(&n,x)": "i is changed and used in one expression",
    "m = n > 0 && i++; (*f2py_func)(&n,x)": "a side effect inside an operand that isn't always evaluated",
    "switch (n) { case 1: break; }": "switch can't be translated to Python",
    "goto done; done: (*f2py_func)(&n,x)": "goto can't be translated to Python",
    "{int w[3]; (*f2py_func)(&n,w);}": "a local variable of C type 'int[3]'",
    "{double *w = x; (*f2py_func)(&n,w);}": "a local variable of C type 'double*'",
    "(*f2py_func)(&n,x); free(x)": "can't evaluate this expression for its effect",
    "(*f2py_func)(&n,malloc(3))": "unknown function malloc",
    "(*f2py_func)(&nowhere,x)": "the address of this can't be passed",
    "n = sizeof(int); (*f2py_func)(&n,x)": "sizeof can't be translated to Python",
    "q = 3; (*f2py_func)(&n,x)": "'q' isn't a variable here",
    'PyErr_SetString(PyExc_SystemExit, "x")': "unknown exception 'PyExc_SystemExit'",
    "{ (*f2py_func)(&n,x)": "the C text ends too early",
}


@pytest.mark.parametrize("statement", REFUSED)
def test_c_that_python_cant_say_costs_its_routine(statement):
    wrapped = signature(
        statement,
        declarations=DECLARATIONS + "      integer, intent(hide) :: i = 0",
        arguments="n,m,x,y,z,p,a,i",
    )
    text = wrapped.replace(
        "  end interface",
        "    subroutine fine(n)\n      integer :: n\n    end subroutine\n  end interface",
    )
    made = generate_module(text, "made.pyf", Options())
    assert made.wrapped == ("fine",)
    (skipped,) = made.skipped
    assert REFUSED[statement] in skipped.message
    assert (skipped.span.path, skipped.span.line) == ("made.pyf", 5)


def test_the_place_of_a_refusal_is_that_of_the_construct():
    statement = "(*f2py_func)(&n,x); n = wrong(n)"
    text = signature(statement, beside=SOUND)
    (skipped,) = generate_module(text, "made.pyf", Options()).skipped
    line = text.splitlines()[skipped.span.line - 1]
    assert line[skipped.span.column - 1 :].startswith("wrong")


USERCODE = """usercode '''
static int calls = 0;
static int fine(int n) { return n + 1; }
static int counting(int n) { calls++; return n; }
static int through(int n) { return counting(n); }
static void filled(double *x) { x[0] = 1; }
static int chooses(int n) {
  switch (n) { default: return 1; }
}
static int _fine(int n) { return fine(n) + 1; }
'''"""


@pytest.mark.parametrize(
    ("default", "reason"),
    [
        ("counting(1)", "calls isn't a variable of the function (line 5, column 30)"),
        ("through(1)", "it calls counting: calls isn't a variable of the function"),
        ("chooses(1)", "switch can't be translated to Python (line 9, column 3)"),
        ("filled(1)", "filled returns a void"),
        ("nowhere(1)", "unknown function nowhere"),
    ],
)
def test_usercode_that_python_cant_say_costs_those_that_call_it(default, reason):
    text = signature(
        "(*f2py_func)(&n)",
        arguments="n",
        declarations=f"      integer, optional :: n = {default}",
        before=USERCODE,
        beside=SOUND,
    )
    made = generate_module(text, "made.pyf", Options())
    assert made.wrapped == ("sound",)
    assert reason in made.skipped[0].message


def test_only_functions_that_are_called_are_printed_and_hide_nothing():
    text = generated(
        "(*f2py_func)(&n)",
        arguments="n",
        declarations="      integer, optional :: n = _fine(2)",
        before=USERCODE,
    )
    functions = [n.name for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)]
    assert functions == ["work", "_fine", "__fine"]
    assert "    if n is None:\n        n = __fine(2)\n" in text


def test_a_body_in_usercode_asks_for_a_compiler():
    text = signature(
        "(*f2py_func)(&n)",
        arguments="n",
        declarations="      integer :: n",
        before="usercode '''void work_(int *n) { *n = 1; }'''",
        beside=SOUND,
    )
    (skipped,) = generate_module(text, "made.pyf", Options()).skipped
    assert "C body of work, which needs a C compiler (-c)" in skipped.message


CHOSEN = {
    "n ? (m ? x : y) : z": "(address(x) if m else address(y)) if n else address(z)",
    "n ? x : (m ? y : z)": "address(x) if n else address(y) if m else address(z)",
    "(n ? m : 0) ? x : y": "address(x) if (m if n else 0) else address(y)",
}


@pytest.mark.parametrize("chosen", CHOSEN)
def test_addresses_that_are_chosen_among_several(chosen: str) -> None:
    text = generated(
        f"(*f2py_func)(({chosen}))",
        arguments="n,m,x,y,z",
        declarations="      integer :: n, m\n      real(8), dimension(1) :: x, y, z",
    )
    assert f"    _work.call({CHOSEN[chosen]})\n" in text


HOSTILE = [
    "(*f2py_func)(&n,x); PyErr_SetString(PyExc_ValueError, \"\\\"); __import__('os').system('x') #\")",
    '(*f2py_func)((n?"\\n\\"\\"\\"":"\'\'\'"),x)',
    "(*f2py_func)(&n,x); __import__(n)",
    "{int __class__ = 3; (*f2py_func)(&__class__,x);}",
    "{int lambda = 3, print = 4; (*f2py_func)(&lambda,&print);}",
    "{int _work = 3, np = 4, span = 5; (*f2py_func)(&_work,&np,&span); x[0] = np;}",
    "(*f2py_func)(&n,x)\\n__import__('os')",
]


@pytest.mark.parametrize("statement", HOSTILE)
def test_hostile_statements_leave_no_code_behind(statement):
    text = signature(statement, beside=SOUND)
    options = Options(runtime="import", native=False)
    made = generate_module(text, "made.pyf", options)
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(made.text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert "__import__" not in calls
    assert not any("system" in call for call in calls)


TOKENS = [
    *("{", "}", "(", ")", "[", "]", ";", ",", "?", ":", "=", "++", "&", "*", "+", "-", "<"),
    *("(*f2py_func)(&n,x)", "i", "n", "x", "0", "1", '"A"', '"ALL"', "->r", "NULL"),
    *("for", "while", "if", "else", "int"),
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(TOKENS),
        max_size=14,
    )
)  # fmt: skip
def test_any_tokens_give_a_module_or_a_reason(tokens):
    text = signature(" ".join(["0;", *tokens]), beside=SOUND)
    made = generate_module(text, "made.pyf", Options(native=False))
    assert ("work" in made.wrapped) != bool(made.skipped)


def test_a_block_of_usercode_sees_those_before_it():
    first = (
        "usercode '''typedef int whole; static whole next(whole n) { return n + 1; }'''"
    )
    second = "usercode '''static whole two(whole n) { return next(n) + next(n); }'''"
    text = generated(
        "(*f2py_func)(&n)",
        arguments="n",
        declarations="      integer, optional :: n = two(2)",
        before=f"{first}\n{second}",
    )
    assert "def _two(n: int) -> int:\n    return _next(n) + _next(n)\n" in text


def test_c_for_the_interpreter_is_left_out_with_a_warning():
    text = signature("(*f2py_func)(&n,x)").replace(
        "  interface\n", "  interface\n    usercode '''Py_INCREF(m);'''\n"
    )
    made = generate_module(text, "made.pyf", Options(native=False))
    assert made.wrapped == ("work",)
    assert [w.span.line for w in made.warnings] == [4]
    assert made.warnings[0].message.startswith("usercode is left out: ")


def test_single_precision_is_kept_between_statements():
    text = generated(
        "{s = s*1.1; (*f2py_func)(&s); s = s/3; n = 2*s;}",
        arguments="s,n",
        declarations="      real, intent(in,out) :: s\n      integer, intent(in,out) :: n",
    )
    assert "    s = to_single(s * 1.1)\n" in text
    assert "    s = to_single(s / 3.0)\n    n = int(2.0 * s)\n" in text


def test_a_complex_number_is_passed_by_value():
    text = signature(
        "(*f2py_func)(c)",
        arguments="c",
        declarations="      double complex, intent(in) :: c",
    )
    generated = generate_module(text, "made.pyf", Options())
    assert not generated.skipped
    assert "(passed(c, DOUBLE_COMPLEX))" in generated.text

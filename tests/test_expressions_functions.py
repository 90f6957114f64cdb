"""C functions of usercode as Python functions, compared with what gcc computes."""

import ctypes
import math
import shutil
import subprocess
import sys

import numpy as np
import pytest

from f2pypy.expressions import c_usercode
from f2pypy.expressions.functions import typed_function
from f2pypy.expressions.nodes import ExpressionError
from f2pypy.printing.functions import print_function
from f2pypy.runtime.arithmetic import idiv, imod, ipow, nint
from f2pypy.runtime.elements import element

SOURCE = """
typedef int F_INT;
static double lowest(double *seq, F_INT len) {
    double val = 1e308;
    F_INT i;
    if (len < 1)
        return -1;
    for (i = 0; i < len; ++i)
        if (seq[i] < val) val = seq[i];
    return val;
}
static F_INT larger(F_INT a, F_INT b) { return a > b ? a : b; }
static double spread(double *x, F_INT n, double *w) {
    double low = lowest(x, n), high, in;
    int k = n;
    high = in = x[0];
    while (n > 0) n--;
    do { k -= 1; if (x[k] > high) high = x[k]; else if (k % 2) in += x[k] * w[k]; else { in -= 1; } } while (k);
    return high - low + in / larger(2, k);
}
int steps(int n) {
    int count = 0, i, k, total = 0;
    for (k = n; k > 1; k = (k % 2 ? 3 * k + 1 : k / 2)) count++;
    for (i = 1; i <= n; i++) { if (i == 7) continue; if (i > 20) break; total += i / 3; }
    for (int j = 0; j < 3; ++j) total *= 2;
    for (k = 0; k < n; k++) ;
    return count * 1000 + total + k;
}
int lambda(int max, double in) { max = in; return max(max, 3) + floor(in / 2); }
"""
FUNCTIONS = {
    f.name: f
    for f in c_usercode.read_usercode(
        SOURCE.replace("--n > 0", "n > 0").replace("{}", "n--;"), integer_64=False
    )
}


@pytest.fixture(scope="module")
def python_functions():
    names = {"lambda": "lambda_"}
    namespace = {"math": math, "idiv": idiv, "imod": imod, "ipow": ipow, "nint": nint}
    namespace["element"] = element
    for definition in FUNCTIONS.values():
        printed = print_function(typed_function(definition, FUNCTIONS), names)
        exec("from __future__ import annotations\n" + printed, namespace)
    return namespace


@pytest.fixture(scope="module")
def c_functions(tmp_path_factory):
    if shutil.which("gcc") is None:
        pytest.skip("gcc is needed")
    folder = tmp_path_factory.mktemp("usercode")
    head = "#include <math.h>\n#define max(a,b) (((a) > (b)) ? (a) : (b))\n"
    (folder / "f.c").write_text(head + SOURCE.replace("static ", ""))
    subprocess.run(
        ["gcc", "-w", "-shared", "-fPIC", "-o", folder / "f.so", folder / "f.c", "-lm"],
        check=True,
    )
    return ctypes.CDLL(str(folder / "f.so"))


X = np.array([3.5, -2.0, 8.25, 0.5, 7.0])
W = np.array([1.0, 0.5, -2.0, 4.0, 0.25])


def pointer(array):
    return ctypes.c_void_p(array.ctypes.data)


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_functions_of_arrays(python_functions, c_functions, count):
    for name, arguments in {"lowest": (X, count), "spread": (X, count, W)}.items():
        function = c_functions[name]
        function.restype = ctypes.c_double
        given = [pointer(a) if isinstance(a, np.ndarray) else a for a in arguments]
        assert python_functions[name](*arguments) == function(*given)
    assert python_functions["lowest"](X, 0) == -1.0


@pytest.mark.parametrize("n", [0, 1, 7, 27, 40])
def test_loops(python_functions, c_functions, n):
    assert python_functions["steps"](n) == c_functions.steps(n)


@pytest.mark.parametrize("value", [5.75, -3.5, 0.0])
def test_names_that_python_reserves(python_functions, c_functions, value):
    function = c_functions["lambda"]
    function.argtypes = [ctypes.c_int, ctypes.c_double]
    assert python_functions["lambda_"](1, value) == function(1, value)


def test_the_text():
    assert print_function(typed_function(FUNCTIONS["lowest"], FUNCTIONS)) == (
        "def lowest(seq: NDArray[Any], len_: int) -> float:\n"
        "    val = 1e308\n"
        "    if len_ < 1:\n"
        "        return -1.0\n"
        "    for i in range(len_):\n"
        "        if seq[i] < val:\n"
        "            val = float(seq[i])\n"
        "    return val\n"
    )


def test_the_text_is_formatted(tmp_path):
    pytest.importorskip("ruff")
    texts = [
        print_function(typed_function(f, FUNCTIONS), {"lambda": "lambda_"})
        for f in FUNCTIONS.values()
    ]
    path = tmp_path / "functions.py"
    path.write_text("\n\n".join(texts))
    command = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "--isolated",
        "--check",
        "--line-length",
        "200",
        str(path),
    ]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("void f(double *x) { x[0] = 1; }", "returns a void"),
        ("int f(double *x) { x[0] = 1; return 1; }", "changes more"),
        ("int f(int n) { return n++; }", "change"),
        ("int f(int n) { return g(n); }", "unknown function g"),
        ("int f(int n) { return m; }", "unknown name m"),
        ("int f(int n) { n; return n; }", "without effect"),
        ("int f(int n) { n; return; }", "without effect"),
        ("int f(int n) { return; }", "returns nothing"),
        ("int f(struct s *n) { return 1; }", "parameter n"),
        ("int f(int n) { int w[3]; return 1; }", "variable w"),
        (
            "int f(int n) { int i; for (i = n; i > 0; i--) { if (i == 3) continue; n = i; } return n; }",
            "continue",
        ),
        ("int f(int n) { do { if (n) continue; } while (n); return n; }", "continue"),
    ],
)
def test_functions_that_are_refused(text, said):
    functions = {f.name: f for f in c_usercode.read_usercode(text, integer_64=False)}
    with pytest.raises(ExpressionError) as caught:
        typed_function(functions["f"], functions)
    assert said in caught.value.message

"""No path of a generated module reads a variable that has no value yet, or an argument that isn't converted yet."""

from __future__ import annotations

import ast
import functools
import warnings
from pathlib import Path

import pytest
from definite_assignment import unconverted_reads, unset_reads

import f2pypy
from f2pypy.diagnostics import F2pypyError
from f2pypy.options import BuildOptions, Options
from f2pypy.pipeline import scan_sources

ROOT = Path(__file__).parent.parent
SIGNATURES = [
    *sorted((ROOT / "examples").glob("*/*.pyf")),
    *sorted((ROOT / "fortran").glob("*.pyf")),
    *sorted((ROOT / "tests" / "golden").glob("*.pyf")),
    *sorted((ROOT / "tests" / "cases" / "signature").glob("*.pyf")),
]
SOURCES = [
    *sorted((ROOT / "fortran").glob("*.f90")),
    *sorted((ROOT / "fortran" / "against_f2py").glob("*.f90")),
    *sorted((ROOT / "tests" / "cases" / "fortran").glob("*.[fF]*")),
]
# What ends with an error gives no module.
WITHOUT_MODULE = {
    "errors.pyf",
    "oddities.pyf",
    "unended.pyf",
    "declarations.pyf",
    "statements.pyf",
    "branches.F90",
}

# Arguments that ask for one another.
CIRCLES = """python module circles
interface
subroutine checked_late(a, n, lda)
  real*8, dimension(lda,n), check((lda>=n) && (n>=0)) :: a
  integer, intent(hide), depend(a) :: n = shape(a,1)
  integer, intent(hide), depend(a) :: lda = shape(a,0)
end subroutine
subroutine each_other(n, m)
  integer, intent(hide) :: n = m + 1
  integer, intent(hide) :: m = n + 1
end subroutine
subroutine optional_ones(n, m, k)
  integer, intent(hide), depend(m) :: n = m + 2
  integer, optional :: m = k*n + 1
  integer, optional :: k = m
end subroutine
subroutine itself(x, n)
  integer :: n = n + 1
  real*8, dimension(n), intent(out) :: x
end subroutine
subroutine text(s, n)
  character*(n) :: s
  integer, optional, depend(s) :: n = slen(s)
end subroutine
subroutine three(a, b, n)
  real*8, dimension(n), depend(b) :: a
  real*8, dimension(n), depend(a), check(len(a)>=n) :: b
  integer, intent(hide), depend(a,b), check(n==len(b)) :: n = len(a)
end subroutine
subroutine cached(a, k, n)
  real*8, dimension(n), intent(in,cache), check(k<n) :: a
  integer, optional, depend(a), check(k>=0) :: k = n
  integer, intent(hide), depend(k,a) :: n = len(a) - k
end subroutine
function valued(x, n)
  real*8 :: valued
  real*8, check(valued>=0 && n>0) :: x
  integer, optional, depend(x) :: n = x
end function
end interface
end python module
"""


@functools.cache
def module_of(path: Path) -> str:
    """Return the module for a file, its runtime left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if path.suffix == ".pyf":
            return f2pypy.generate(path, runtime="import")
        options = Options(module=path.stem.lower(), runtime="import")
        return scan_sources([str(path)], options, BuildOptions()).text


def id_of(path: Path) -> str:
    """Return the name of a test's file."""
    return path.name


@pytest.mark.parametrize("path", [*SIGNATURES, *SOURCES], ids=id_of)
def test_generated_modules(path: Path) -> None:
    try:
        text = module_of(path)
    except F2pypyError:
        assert path.name in WITHOUT_MODULE
        return
    assert unset_reads(text) == []
    assert unconverted_reads(text) == []


def test_arguments_that_ask_for_one_another() -> None:
    text = f2pypy.generate(CIRCLES, strict=True, runtime="import")
    assert unset_reads(text) == []
    assert unconverted_reads(text) == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "f2pypy" / "runtime").glob("*.py")), ids=id_of
)
def test_the_runtime(path: Path) -> None:
    assert unset_reads(path.read_text(encoding="utf-8")) == []


# The analysis itself.


@pytest.mark.parametrize(
    ("body", "unset"),
    [
        ("x = y\ny = 1", ["y"]),
        ("if a: y = 1\nreturn y", ["y"]),
        ("if a: y = 1\nelse: y = 2\nreturn y", []),
        ("if a: y = 1\nelse: raise ValueError\nreturn y", []),
        ("if a: return 0\nelif a > 1: y = 1\nreturn y", ["y"]),
        ("for i in a: y = 1\nreturn y, i", ["y", "i"]),
        ("for i in a: pass\nelse: y = 1\nreturn y", []),
        ("for i in a:\n  if i: break\nelse: y = 1\nreturn y", ["y"]),
        ("while True:\n  y = 1\n  break\nreturn y", []),
        ("while a: y = 1\nreturn y", ["y"]),
        ("while y: y = 1", ["y"]),
        ("try: y = 1\nexcept ValueError: pass\nreturn y", ["y"]),
        ("try: y = 1\nexcept ValueError: return 0\nreturn y", []),
        ("try: pass\nfinally: y = 1\nreturn y", []),
        ("return [y for y in a], y", []),
        ("y = [y for _ in a]", ["y"]),
        ("y += 1", ["y"]),
        ("y: int\nreturn y", ["y"]),
        ("y[0] = 1\ny = a", ["y"]),
        ("with a as y: pass\nreturn y", []),
        ("import y\nreturn y", []),
        ("y, x = a\nreturn x, y", []),
    ],
)
def test_reads_that_it_finds(body: str, unset: list[str]) -> None:
    lines = "\n".join("  " + line for line in body.splitlines())
    found = unset_reads(f"def f(a):\n{lines}\n")
    assert [each.rpartition(" ")[2] for each in found] == unset


@pytest.mark.parametrize(
    ("body", "raw"),
    [
        ("return n + 1", True),
        ("if n is None: n = 1\nreturn n", True),
        ("if n is None: n = 1\nelse: n = int(n)\nreturn n", False),
        ("if n is None: n = 1\nelif type(n) is not int: n = int(n)\nreturn n", False),
        ("n = 1 if n is None else int(n)\nreturn n", False),
        ("m = n is None\nreturn m", False),
        ("m = n\nn = 1\nreturn m", True),
        ("m = n\nn = 1\nwrite_string(m, n)", False),
        ("m = n\nwrite_string(m, n)", True),
    ],
)
def test_uses_of_what_was_given_that_it_finds(body: str, raw: bool) -> None:
    lines = "\n".join("  " + line for line in body.splitlines())
    assert bool(unconverted_reads(f"def f(a, n=None):\n{lines}\n")) == raw


def test_it_finds_every_assignment_that_is_taken_out() -> None:
    planted = 0
    tree = ast.parse(module_of(ROOT / "examples" / "blas" / "blas.pyf"))
    for node in tree.body[:60]:
        if not isinstance(node, ast.FunctionDef):
            continue
        for place, statement in enumerate(node.body):
            if not isinstance(statement, ast.Assign):
                continue
            (target,) = statement.targets
            names = {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}
            rest = ast.Module([*node.body[place + 1 :]], [])
            reads = {
                part.id
                for part in ast.walk(rest)
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)
            }
            given = {argument.arg for argument in node.args.args}
            if names - reads - given:
                continue
            sometimes = ast.If(ast.parse("_frame > 0").body[0].value, [statement], [])
            body = [*node.body[:place], sometimes, *node.body[place + 1 :]]
            faulty = ast.FunctionDef(node.name, node.args, body, [])
            text = ast.unparse(ast.fix_missing_locations(faulty))
            planted += 1
            assert {
                each.rpartition(" ")[2] for each in unset_reads(text)
            } >= names - given
    assert planted > 20

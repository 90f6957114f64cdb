"""What a callstatement does to elements after the call where a test holds: as native code and as Python."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from native_arguments import loaded, outcome, python_calls

import f2pypy

pytest.importorskip("llvmlite")

FORTRAN = """
      subroutine nothing(n)
        integer n
      end
"""
# NumPy's name of a type -> Fortran's and C's.
TYPES = {
    "int32": ("integer", "int"),
    "int64": ("integer*8", "npy_int64"),
    "float32": ("real", "float"),
    "float64": ("real*8", "double"),
    "complex64": ("complex", "complex_float"),
    "complex128": ("complex*16", "complex_double"),
}
# C's loops over the elements beside the diagonal and those on it, too: `k` is the place of each.
LOOPS = (
    ("j=i+1;j<n", "k=j*m+i"),
    ("j=i+1;j<n", "k=i*m+j"),
    ("j=i;j<n", "k=j*m+i"),
    ("j=i;j<n", "k=i*m+j"),
)
SIGNATURE = """
  subroutine fill_{name}(n, m, a, which, k, is_filled)
    fortranname nothing
    callstatement (*f2py_func)(&n); if(is_filled) {{ int i,j,k; {choices} }}
    callprotoargument int*
    integer intent(in) :: n, m, which
    integer optional, intent(in) :: is_filled = 1
    {fortran} dimension(k), intent(in,out,copy) :: a
    integer intent(hide), depend(a) :: k = len(a)
  end subroutine
"""


def choices(name: str) -> str:
    """Return the loops in C, one for each value of `which`, and nothing for any other."""
    numbers = "(a+k)->r=(a+k)->i=0.0" if "complex" in name else "*(a+k)=7"
    texts = (
        f"if(which=={place}) {{ for(i=0;i<n;++i) for({beside};++j) {{{at};{numbers};}} }}"
        for place, (beside, at) in enumerate(LOOPS)
    )
    return " else ".join(texts)


@pytest.fixture(scope="module")
def modules(tmp_path_factory: Any, compiled: Any) -> Any:
    """The module as native code and as Python."""
    procedures = (
        SIGNATURE.format(name=name, fortran=fortran, choices=choices(name))
        for name, (fortran, _) in TYPES.items()
    )
    text = f"python module filling\ninterface\n{''.join(procedures)}end interface\nend python module\n"
    path: Path = tmp_path_factory.mktemp("elements") / "filling.py"
    path.write_text(
        f2pypy.generate(text, library_path=str(compiled(FORTRAN)), strict=True)
    )
    assert path.read_text().count("fill_triangle(a, n, m, ") == len(TYPES) * len(LOOPS)
    native = loaded(path, "")
    native.__native__.compile()
    assert native.__native__.refused == {}
    return native, loaded(path, "0")


def filled(a: Any, n: int, m: int, which: int) -> Any:
    """Return what C's loops make of the memory."""
    expected = a.copy()
    for i in range(n):
        for j in range(i + 1 - which // 2, n):
            expected[(j * m + i, i * m + j)[which % 2]] = (
                0 if a.dtype.kind == "c" else 7
            )
    return expected


@pytest.mark.parametrize("which", range(len(LOOPS) + 1))
@pytest.mark.parametrize("name", TYPES)
def test_triangles_of_every_type(modules: Any, name: str, which: int) -> None:
    for n, m in itertools.product((-1, 0, 1, 2, 5), (1, 2, 5, 7)):
        a = np.arange(1, 60).astype(name)
        expected = filled(a, n, m, which) if which < len(LOOPS) else a
        for module in modules:
            fill = getattr(module, f"fill_{name}")
            assert fill(n, m, a, which).tolist() == expected.tolist()
            assert fill(n, m, a, which, 0).tolist() == a.tolist()
        assert python_calls(getattr(modules[0], f"fill_{name}"), n, m, a, which) == 0


@pytest.mark.parametrize(("n", "m"), [(3, -1), (4, 3), (2**31 - 1, 1), (2, 2**31 - 1)])
def test_elements_outside_of_the_array_are_refused(
    modules: Any, n: int, m: int
) -> None:
    a = np.ones(5)
    for module in modules:
        with pytest.raises(IndexError, match="outside of an array"):
            module.fill_float64(n, m, a, 0)
    assert a.tolist() == [1.0] * 5


def test_an_array_that_is_overwritten_must_be_writable(modules: Any) -> None:
    for module in modules:
        a = np.ones(9)
        assert module.fill_float64(3, 3, a, 0, overwrite_a=1) is a
        assert a.tolist() == [1, 1, 1, 7, 1, 1, 7, 7, 1]
    fixed = np.ones(9)
    fixed.flags.writeable = False
    both = [
        outcome(module.fill_float64, 3, 3, fixed, 0, overwrite_a=1)
        for module in modules
    ]
    assert both[0] == both[1]
    assert fixed.tolist() == [1.0] * 9

"""The prototypes that generated modules have of routines and of callbacks, and what the runtime reads in them."""

from __future__ import annotations

import ctypes
import re

import pytest

import f2pypy
from f2pypy.runtime.machine_code import exact_types
from f2pypy.runtime.prototypes import ctypes_types

DUMMIES = {
    "double precision, intent(in) :: x": "void (double *)",
    "real*4, intent(c, in) :: x": "void (float)",
    "integer*8, intent(out) :: x": "void (out int64_t *)",
    "integer*1, intent(inout) :: x": "void (inout int8_t *)",
    "logical, intent(in) :: x": "void (logical int *)",
    "complex*16, intent(in) :: x": "void (double complex *)",
    "integer, intent(hide) :: x = 3": "void (hidden int *)",
    "integer, optional :: x = 3": "void (optional int *)",
    "double precision, dimension(3, 4) :: x": "void (double [3][4])",
    "double precision, dimension(*) :: x": "void (double [*])",
    "double precision, intent(c), dimension(3, 4) :: x": "void (transposed double [3][4])",
}
# a wrapper does more than Fortran would, or C's types say too little
FOREIGN = {
    "integer, intent(in, out) :: x": "foreign void (int *)",
    "integer, intent(in, copy), dimension(3) :: x": "foreign void (int *)",
    "integer, intent(in, overwrite), dimension(3) :: x": "foreign void (int *)",
    "integer, dimension(2 * 3 + 1, 0:4) :: x": "void (int [7][5])",
    "character*5, intent(in) :: x": "foreign void (char *, size_t)",
    "character, intent(in) :: x": "foreign void (char *, size_t)",
}


def routine_of(dummy: str, more: str = "") -> str:
    return f"""
python module m
 interface
  subroutine s(x)
   {dummy}
   {more}
  end subroutine s
 end interface
end python module m
"""


def prototype_in(text: str, name: str) -> str:
    found = re.search(rf'^{name} = .*?prototype="(.*?)"', text, re.M | re.S)
    assert found is not None, text[-2000:]
    return found[1]


@pytest.mark.parametrize(("dummy", "prototype"), [*DUMMIES.items(), *FOREIGN.items()])
def test_routines(dummy: str, prototype: str) -> None:
    assert prototype_in(f2pypy.generate(routine_of(dummy)), "_s") == prototype


@pytest.mark.parametrize(("dummy", "prototype"), DUMMIES.items())
def test_callbacks_are_described_in_the_same_words(dummy: str, prototype: str) -> None:
    text = f"""
python module m__user__routines
 interface
  subroutine s(x)
   {dummy}
  end subroutine s
 end interface
end python module m__user__routines
python module m
 interface
  subroutine t(s)
   use m__user__routines
   external s
  end subroutine t
 end interface
end python module m
"""
    if "optional" in prototype:  # Fortran may leave it out
        prototype = prototype.replace("optional", "optional absent")
    generated = f2pypy.generate(text)
    assert prototype_in(generated, "_s_in_m__user__routines") == prototype


@pytest.mark.parametrize(
    ("statement", "prototype"),
    [
        ("callstatement (*f2py_func)(&x)", "void (double *)"),
        ("callstatement (*f2py_func)(x)", "void (double)"),
        ("callstatement {x = 2*x; (*f2py_func)(&x);}", "foreign void (double *)"),
        ("callstatement {(*f2py_func)(&x); (*f2py_func)(&x);}", None),
    ],
)
def test_callstatements(statement: str, prototype: str | None) -> None:
    generated = f2pypy.generate(
        routine_of("double precision, intent(in) :: x", statement)
    )
    if prototype is None:
        assert "prototype=" not in generated
    else:
        assert prototype_in(generated, "_s") == prototype


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("double (double)", ("double", "double")),
        ("double(const double*x, int)", ("double", "double *", "int")),
        ("void ()", ("void",)),
        ("void (void)", ("void",)),
        ("logical int (optional int32_t *, out double [$1][3])", ("int", "int *", "double *")),
        ("double * (void * data, double * * rows)", ("double *", "void *", "double **")),
        ("short (signed char, unsigned int)", ("int16_t", "int8_t", "uint32_t")),
        ("long double (double complex *)", ("long double", "double complex *")),
        ("", ()),
    ],
)  # fmt: skip
def test_exact_types(text: str, types: tuple[str, ...]) -> None:
    assert exact_types(text) == types


def test_types_of_ctypes() -> None:
    pointer = ctypes.POINTER
    text = (
        "logical int (optional double *, out int64_t [$1][3], char *, float complex *, void *, size_t, "
        "long double, long double *, uint8_t, void * *)"
    )
    assert ctypes_types(text) == [
        ctypes.c_int,
        pointer(ctypes.c_double),
        pointer(ctypes.c_int64),
        *[ctypes.c_void_p] * 3,
        ctypes.c_size_t,
        ctypes.c_longdouble,
        pointer(ctypes.c_longdouble),
        ctypes.c_uint8,
        ctypes.c_void_p,
    ]
    assert ctypes_types("foreign void ()") == [None]
    with pytest.raises(TypeError, match=r"ctypes has no type long double complex$"):
        ctypes_types("long double complex (int)")

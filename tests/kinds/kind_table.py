"""Every Fortran type that NumPy has, each by all its names, and the Fortran procedures that each is tried with.

Run as a program it prints the Fortran source: ``kind_table.py [f2py]``, with f2py of the types that f2py knows alone.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, Callable, Mapping  # noqa: UP035

import numpy as np


@dataclass(frozen=True)
class Row:
    """One name of a type: how it is declared, and NumPy's type of its arrays.

    `module` is the intrinsic module that has its kind; `known` says whether f2py wraps it right; `compiler` is the one
    for which it is such a type, where others have another one of that name.
    """

    name: str
    declaration: str
    dtype: str
    module: str = ""
    known: bool = True
    compiler: str = ""

    @property
    def family(self) -> str:
        """What values it has: "integer", "real", "complex", "logical" or "character"."""
        word = self.declaration.partition("(")[0].partition("*")[0].strip()
        return {
            "byte": "integer",
            "double precision": "real",
            "double complex": "complex",
        }.get(word, word)


def _rows() -> tuple[Row, ...]:
    rows = []
    for size in (1, 2, 4, 8):
        for word, letter in (("integer", "i"), ("logical", "i")):
            dtype = f"{letter}{size}"
            rows.append(Row(f"{word}_star_{size}", f"{word}*{size}", dtype))
            rows.append(Row(f"{word}_{size}", f"{word}({size})", dtype))
    rows += [
        Row("integer_default", "integer", "i4"),
        Row("byte", "byte", "i1"),
        Row("logical_default", "logical", "i4"),
        Row("real_default", "real", "f4"),
        Row("real_star_4", "real*4", "f4"),
        Row("real_star_8", "real*8", "f8"),
        Row("real_4", "real(4)", "f4"),
        Row("real_8", "real(kind=8)", "f8"),
        Row("real_10", "real(10)", "g", known=False),
        Row("double_precision", "double precision", "f8"),
        Row("complex_default", "complex", "c8"),
        Row("complex_star_8", "complex*8", "c8"),
        Row("complex_star_16", "complex*16", "c16"),
        Row("complex_4", "complex(4)", "c8"),
        Row("complex_8", "complex(kind=8)", "c16"),
        Row("complex_10", "complex(10)", "G", known=False),
        Row("double_complex", "double complex", "c16"),
        Row("character_default", "character", "S1"),
        Row("character_1", "character(len=1)", "S1"),
        Row("character_star_5", "character*5", "S5"),
        Row("character_5", "character(len=5)", "S5"),
        Row("character_kind", "character(kind=1, len=3)", "S3"),
    ]
    for digits, dtype in {
        1: "i1", 2: "i1", 3: "i2", 4: "i2", 5: "i4", 9: "i4", 10: "i8", 18: "i8",
    }.items():  # fmt: skip
        selected = f"integer(selected_int_kind({digits}))"
        rows.append(Row(f"integer_of_{digits}", selected, dtype, known=dtype == "i4"))
    for arguments, dtype in {
        "6": "f4", "7": "f8", "15, 307": "f8", "16": "g", "18": "g", "r=38": "f8",
        "r=308": "g", "6, 37, 2": "f4", "6, radix=2": "f4",
    }.items():  # fmt: skip
        selected = f"real(selected_real_kind({arguments}))"
        name = "".join(c if c.isalnum() else "_" for c in arguments)
        rows.append(Row(f"real_of_{name}", selected, dtype, known=False))
    rows += [
        Row("real_of_kind", "real(kind(1d0))", "f8", known=False),
        Row("complex_of_15", "complex(selected_real_kind(15))", "c16", known=False),
        Row(
            "character_ascii",
            "character(kind=selected_char_kind('ascii'), len=4)",
            "S4",
            known=False,
        ),
        Row(
            "character_by_default",
            "character(kind=selected_char_kind('DEFAULT'), len=4)",
            "S4",
            known=False,
        ),
    ]
    for kind, dtype in {
        "c_int": "i4", "c_short": "i2", "c_long": "i8", "c_long_long": "i8",
        "c_signed_char": "i1", "c_size_t": "i8",
        "c_int8_t": "i1", "c_int16_t": "i2", "c_int32_t": "i4", "c_int64_t": "i8",
        "c_int_least8_t": "i1", "c_int_least16_t": "i2",
        "c_int_least32_t": "i4", "c_int_least64_t": "i8",
        "c_int_fast8_t": "i1", "c_int_fast16_t": "i8",
        "c_int_fast32_t": "i8", "c_int_fast64_t": "i8",
        "c_intmax_t": "i8", "c_intptr_t": "i8", "c_ptrdiff_t": "i8",
    }.items():  # fmt: skip
        # f2py takes some of them for the wrong size
        known = kind not in ("c_size_t", "c_int_fast16_t", "c_int_fast32_t")
        differs = kind in ("c_int_fast16_t", "c_int_fast32_t", "c_intmax_t")
        compiler = "gfortran" if differs else ""
        declaration = f"integer({kind})"
        rows.append(Row(kind, declaration, dtype, "iso_c_binding", known, compiler))
    rows += [
        Row(
            "c_int_fast16_in_flang",
            "integer(c_int_fast16_t)",
            "i2",
            *("iso_c_binding", False, "flang"),
        ),
        Row("c_float", "real(c_float)", "f4", "iso_c_binding"),
        Row("c_double", "real(c_double)", "f8", "iso_c_binding"),
        Row("c_long_double", "real(c_long_double)", "g", "iso_c_binding", False),
        Row("c_float_complex", "complex(c_float_complex)", "c8", "iso_c_binding"),
        Row("c_double_complex", "complex(c_double_complex)", "c16", "iso_c_binding"),
        Row(
            "c_long_double_complex",
            "complex(c_long_double_complex)",
            "G",
            "iso_c_binding",
            False,
        ),
        Row("c_bool", "logical(c_bool)", "i1", "iso_c_binding", False),
        Row("c_char", "character(c_char)", "S1", "iso_c_binding", False),
        Row("c_chars", "character(kind=c_char, len=3)", "S3", "iso_c_binding", False),
    ]
    for kind, dtype in {"int8": "i1", "int16": "i2", "int32": "i4", "int64": "i8"}.items():  # fmt: skip
        rows.append(Row(kind, f"integer({kind})", dtype, "iso_fortran_env", False))
    rows += [
        Row("real32", "real(real32)", "f4", "iso_fortran_env", False),
        Row("real64", "real(real64)", "f8", "iso_fortran_env", False),
        Row("complex64", "complex(real64)", "c16", "iso_fortran_env", False),
        Row(
            "integer_kinds_1",
            "integer(integer_kinds(1))",
            "i1",
            "iso_fortran_env",
            False,
        ),
        Row(
            "real_kinds_2",
            "real(real_kinds(size(real_kinds) - 2))",
            "f8",
            "iso_fortran_env",
            False,
        ),
        Row(
            "logical_kinds_4",
            "logical(logical_kinds(4))",
            "i8",
            "iso_fortran_env",
            False,
        ),
        Row(
            "character_kinds_1",
            "character(kind=character_kinds(1), len=2)",
            "S2",
            "iso_fortran_env",
            False,
        ),
    ]
    return tuple(rows)


ROWS = _rows()

# What the procedures do to a value, in Fortran and in NumPy.
CHANGES: Mapping[str, str] = {
    "integer": "-x",
    "real": "x / 3 + x",
    "complex": "conjg(x) * 3",
    "logical": ".not. x",
    "character": "x(2:) // x(1:1)",
}


def _rotated(values: Any) -> Any:
    texts = [bytes(text).ljust(values.itemsize) for text in np.ravel(values)]
    return np.array([text[1:] + text[:1] for text in texts], values.dtype)


SAME_CHANGES: Mapping[str, Callable[[Any], Any]] = {
    "integer": lambda x: -x,
    "real": lambda x: x / x.dtype.type(3) + x,
    "complex": lambda x: np.conj(x) * x.dtype.type(3),
    "logical": lambda x: 1 - x,
    "character": _rotated,
}


def samples(row: Row) -> Any:
    """Return an array of values of the type."""
    dtype = np.dtype(row.dtype)
    if row.family == "integer":
        most = np.iinfo(dtype).max
        return np.array([0, 1, -1, 77, most, -most], dtype)
    if row.family == "logical":
        return np.array([1, 0, 1], dtype)
    if row.family == "character":
        texts = [b"abcdef"[: dtype.itemsize], b"x".ljust(dtype.itemsize)]
        return np.array(texts, dtype)
    third = np.ones((), dtype) / dtype.type(3)
    if row.family == "complex":
        return np.array([third, 1 - 2j * third, 0], dtype)
    return np.array([third, 1, -2.5, 0], dtype)


_CHANGE = """
subroutine change_{name}(x)
  {use}
  {declaration}, intent(inout) :: x
  x = {change}
end subroutine
"""
_PROCEDURES = """
subroutine copy_{name}(x, y)
  {use}
  {declaration}, intent(in) :: x
  {declaration}, intent(out) :: y
  y = {change}
end subroutine
function result_{name}(x) result(y)
  {use}
  {declaration}, intent(in) :: x
  {declaration} :: y
  y = {change}
end function
subroutine arrays_{name}(n, x, y, z)
  {use}
  integer, intent(in) :: n
  {declaration}, intent(in) :: x(n)
  {declaration}, intent(inout) :: y(n)
  {declaration}, intent(out) :: z(n)
  z = y
  y = {change_all}
end subroutine
module data_{name}
  {use}
  implicit none
  {declaration} :: one
  {declaration} :: many(3)
end module
"""
_OURS_ALONE = """
function by_value_{name}(x) bind(c) result(y)
  {use}
  {declaration}, value :: x
  {declaration} :: y
  y = {change}
end function
"""
_DESCRIBED = """
subroutine described_{name}(x)
  {use}
  {declaration}, intent(inout) :: x(:)
  x = {change_all}
end subroutine
function maybe_{name}(x) result(given)
  {use}
  {declaration}, optional, intent(in) :: x
  integer :: given
  given = merge(1, 0, present(x))
end function
subroutine ask_{name}(f, x, y)
  {use}
  interface
    subroutine f(a, b)
      {use}
      {declaration}, intent(in) :: a
      {declaration}, intent(out) :: b
    end subroutine
  end interface
  {declaration}, intent(in) :: x
  {declaration}, intent(out) :: y
  call f(x, y)
end subroutine
"""


# Constants of many digits: how each is written, and the compiler's value for it.
CONSTANTS = (
    "0.1_10", "1.0_10 / 3", "-2.0_10 / 7", "1.5_10**7", "0.1_10 * 3 - 0.3d0", "0.1",
    "0.1d0 + 0.2_10", "tiny(1.0_10)", "huge(1.0_10)", "epsilon(1.0_10)", "1.0e-4000_10",
    "real(0.1, 10)", "real(1, 10) / 3", "mod(7.5_10, 0.1_10)", "abs(-0.7_10)",
    "max(0.1_10, 0.2_10)", "1.0e4000_10", "real(digits(1.0_10), 10)", "0.1_16",
    "real(precision(1.0_10) + range(1.0_10) + maxexponent(1.0_10), 10)",
    "1 / 3.0_10", "0.1_10 / 0.3_10 - 1.0_10 / 3", "real(floor(-2.5_10), 10)",
)  # fmt: skip


def write_constants() -> str:
    """Return a Fortran module of `CONSTANTS`, and a function that returns them."""
    lines = ["module constants", "  implicit none"]
    for place, value in enumerate(CONSTANTS):
        lines.append(f"  real(10), parameter :: c{place} = {value}")
    lines += [
        "  complex(10), parameter :: both = (0.1_10, -0.2_10)",
        "  real(10), parameter :: many(3) = [0.1_10, 1.0_10 / 3, -2.0_10]",
        "  real(8), parameter :: less = 0.1_10 / 3",
        "contains",
        "  real(10) function compiled(place)",
        "    integer, intent(in) :: place",
        "    select case (place)",
    ]
    for place in range(len(CONSTANTS)):
        lines += [f"    case ({place})", f"      compiled = c{place}"]
    lines += ["    end select", "  end function", "end module", ""]
    return "\n".join(lines)


def changes_as_f2py(row: Row) -> bool:
    """Whether f2py's modules with a scalar of the type that is changed in place can be loaded."""
    return row.family != "integer" or row.dtype != "i1"


def passed_by_value(row: Row) -> bool:
    """Whether C has an argument of the type."""
    return row.family != "character"


def write_source(known: bool = False, compiler: str = "gfortran") -> str:
    """Return the Fortran source for a compiler; of the types that f2py knows alone if `known`."""
    texts = []
    for row in ROWS:
        if (known and not row.known) or row.compiler not in ("", compiler):
            continue
        change = CHANGES[row.family]
        whole = change.replace("x(", "x(:)(") if row.family == "character" else change
        parts = [_PROCEDURES]
        if not known or changes_as_f2py(row):
            parts.append(_CHANGE)
        if not known:
            parts.append(_DESCRIBED)
            if passed_by_value(row):
                parts.append(_OURS_ALONE)
        texts += [
            part.format(
                name=row.name,
                declaration=row.declaration,
                use=f"use {row.module}" if row.module else "",
                change=change,
                change_all=whole,
            )
            for part in parts
        ]
    return "".join(texts if known else [*texts, write_constants()])


if __name__ == "__main__":
    sys.stdout.write(write_source(sys.argv[1:] == ["f2py"]))

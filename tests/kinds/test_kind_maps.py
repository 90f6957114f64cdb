"""Kinds that the user's map explains, in signature files and in sources."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("f2pypy.pipeline", reason="f2pypy itself doesn't run here")

from f2pypy.diagnostics import Diagnostics
from f2pypy.options import BuildOptions, Options
from f2pypy.pipeline import generate_from_sources, generate_module, load_sources

KINDS = (
    ("real", "wp", "long_double"),
    ("complex", "wp", "complex_long_double"),
    ("integer", "short", "unsigned_short"),
    ("real", "rk", "double"),
    ("integer", "rk", "signed_char"),
)
ROUTINE = """\
    subroutine given(a, b, c, d, e)
      real(kind=wp), intent(in) :: a(3)
      complex(wp), intent(in) :: b(3)
      integer(short), intent(in) :: c(3)
      real(rk), intent(in) :: d(3)
      integer(rk), intent(in) :: e(3)
    end subroutine given
"""
EXPECTED = ("longdouble", "clongdouble", "uint16", "float64", "int8")


def _check(text: str, expected: tuple[str, ...] = EXPECTED) -> None:
    for name, dtype in zip("abcde", expected, strict=True):
        assert f"{name} = array({name}, {dtype}, (3,)" in " ".join(text.split()).replace("( ", "(")  # fmt: skip


def test_in_a_signature_file() -> None:
    text = f"python module made\n  interface\n{ROUTINE}  end interface\nend python module made\n"
    made = generate_module(text, "made.pyf", Options(kinds=KINDS))
    assert not made.skipped
    _check(made.text)


def test_in_a_source(tmp_path: Path) -> None:
    path = tmp_path / "made.f90"
    path.write_text(ROUTINE)
    diagnostics = Diagnostics()
    sources = load_sources([str(path)], BuildOptions())
    options = Options(module="made", kinds=KINDS)
    _check(generate_from_sources(sources, options, diagnostics).text)
    assert not diagnostics.found


def test_signature_files_know_intrinsic_kinds_without_use() -> None:
    text = """\
python module made
  interface
    subroutine given(a, b, c, d, e)
      real(kind=real64), intent(in) :: a(3)
      complex(c_long_double_complex), intent(in) :: b(3)
      integer(kind=C_INT16_T), intent(in) :: c(3)
      integer(c_int_fast16_t), intent(in) :: d(3)
      logical(c_bool), intent(in) :: e(3)
    end subroutine given
  end interface
end python module made
"""
    for compiler, fast in (("gfortran", "int64"), ("flang", "int16")):
        made = generate_module(text, "made.pyf", Options(compiler=compiler))
        assert not made.skipped
        _check(made.text, ("float64", "clongdouble", "int16", fast, "int8"))


def test_a_constant_of_the_source_wins(tmp_path: Path) -> None:
    path = tmp_path / "made.f90"
    path.write_text("""\
subroutine given(a)
  integer, parameter :: wp = 4
  real(wp), intent(in) :: a(3)
end subroutine given
""")
    sources = load_sources([str(path)], BuildOptions())
    options = Options(module="made", kinds=KINDS)
    text = generate_from_sources(sources, options, Diagnostics()).text
    assert "a = array(a, float32, (3,)" in text

"""Types that NumPy doesn't have: what has one is left out alone, with its place and a reason."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("f2pypy.pipeline", reason="f2pypy itself doesn't run here")

from f2pypy.diagnostics import Diagnostics
from f2pypy.options import BuildOptions, Options
from f2pypy.pipeline import generate_from_sources, generate_module, load_sources
from f2pypy.runtime import extended

REFUSED = {
    "real(16)": "NumPy has no 113-bit real(16)",
    "real*16": "NumPy has no 113-bit real(16)",
    "real(real128)": "NumPy has no 113-bit real(16)",
    "real(selected_real_kind(33))": "NumPy has no 113-bit real(16)",
    "complex(16)": "NumPy has no 113-bit complex(16)",
    "complex*32": "NumPy has no 113-bit complex(16)",
    "integer(16)": "NumPy has no integer of 16 bytes",
    "integer(selected_int_kind(38))": "NumPy has no integer of 16 bytes",
    "logical(16)": "NumPy has no logical of 16 bytes",
    "character(kind=4)": "characters of kind 4 can't be passed",
    "character(kind=selected_char_kind('ISO_10646'), len=5)": "characters of kind 4",
    "character(kind=unknown, len=5)": "the kind 'unknown' of character isn't known",
    "real(unknown)": "the kind 'unknown' of real isn't known",
    "real(3)": "there is no real of kind 3",
    "integer(selected_int_kind(39))": "there is no integer of kind",
    "real(selected_real_kind(34))": "there is no real of kind",
}
SOURCE = """\
subroutine right(x)
  real(8) :: x
end subroutine
subroutine bad_scalar(x)
  use iso_fortran_env
  {declaration} :: x
end subroutine
subroutine bad_array(n, x)
  use iso_fortran_env
  integer :: n
  {declaration}, intent(out) :: x(n)
end subroutine
function bad_result() result(x)
  use iso_fortran_env
  {declaration} :: x
end function
module data
  use iso_fortran_env
  {declaration} :: bad
  real(8) :: fine
end module
"""
# Where each begins, and where its declaration stands.
LINES = {
    "bad_scalar": (4, 6),
    "bad_array": (8, 11),
    "bad_result": (13, 15),
    "data.bad": (17, 19),
}


@pytest.mark.parametrize("declaration", REFUSED)
def test_what_has_such_a_type_is_left_out_alone(
    declaration: str, tmp_path: Path
) -> None:
    path = tmp_path / "made.f90"
    path.write_text(SOURCE.format(declaration=declaration))
    options, diagnostics = Options(module="made"), Diagnostics()
    sources = load_sources([str(path)], BuildOptions())
    made = generate_from_sources(sources, options, diagnostics)
    assert "\ndef right(" in made.text
    assert not any(f"\ndef {name}(" in made.text for name in LINES)
    assert " fine = " in made.text
    assert " bad = Variable(" not in made.text
    for name, lines in LINES.items():
        (skipped,) = (
            s for s in made.skipped if s.message.startswith(f"{name} is left")
        )
        assert REFUSED[declaration] in skipped.message
        assert skipped.span.line == lines[1]
        assert f"made.f90:{skipped.span.line}" in made.text


@pytest.mark.parametrize("declaration", ["real*16", "complex*32", "integer*16"])
def test_in_signature_files(declaration: str) -> None:
    text = f"""\
python module made
  interface
    subroutine good(x)
      real*8 :: x
    end subroutine good
    subroutine bad(x)
      {declaration} :: x
    end subroutine bad
  end interface
end python module made
"""
    made = generate_module(text, "made.pyf", Options())
    (skipped,) = made.skipped
    assert "bad is left out" in skipped.message
    assert "NumPy has no" in skipped.message
    assert "def good" in made.text


@pytest.mark.parametrize(
    "value",
    [
        "((1e4900_10**64)**64)**64",
        "1e4900_10 * 1e4900_10 * 1e4900_10",
        "1e-4900_10 / 1e4900_10",
        "1e99999999999_10",
        f"1e{'9' * 4200}_10",
        "sqrt(2.0_10)",
        "2.0_10**0.5_10",
        "1.0_10 / 0",
    ],
    ids=range(8),
)
def test_constants_without_a_value_cost_themselves_alone(
    value: str, tmp_path: Path
) -> None:
    path = tmp_path / "made.f90"
    path.write_text(f"""\
module data
  real(10), parameter :: bad = {value}
  real(10), parameter :: good = 0.1_10
end module
""")
    sources = load_sources([str(path)], BuildOptions())
    options, diagnostics = Options(module="made"), Diagnostics()
    made = generate_from_sources(sources, options, diagnostics)
    (skipped,) = made.skipped
    assert skipped.message.startswith("data.bad is left out: the value of 'bad'")
    assert 'good = Constant(longdouble, np.longdouble("0.1000' in made.text


@pytest.mark.parametrize("convert", ["long_double", "complex_long_double"])
def test_another_long_double_refuses_the_call(
    monkeypatch: pytest.MonkeyPatch, convert: str
) -> None:
    monkeypatch.setattr(extended, "longdouble", np.dtype("float64"))
    with pytest.raises(NotImplementedError, match=r"80 bits; here .* is a double"):
        getattr(extended, convert)(1)

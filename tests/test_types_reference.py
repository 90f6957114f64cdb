"""The page on types: compiled Fortran gives and takes what its tables say."""

from __future__ import annotations

import ctypes
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

import f2pypy
from f2pypy.abi.compilers import compiler_named
from f2pypy.resolve.names.intrinsic_modules import INTRINSIC_MODULES

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "types.md"
ROUTINES = """
subroutine give_{n}(x)
  use iso_c_binding
  {type}, intent(out) :: x
end subroutine
subroutine given_{n}(x)
  use iso_c_binding
  {type}, intent(in) :: x
end subroutine
subroutine array_{n}(x)
  use iso_c_binding
  {type}, intent(out) :: x(2)
end subroutine
"""
# columns of the table of constants, and what `--compiled-by` calls them
COMPILERS = (
    "x86_64-linux-gnu-gfortran",
    "x86_64-linux-gnu-flang-19",
    "aarch64-linux-gnu-gfortran",
    "arm64-darwin-gfortran",
    "x86_64-w64-mingw32-gfortran",
    "i686-linux-gnu-gfortran",
)


def table(heading: str) -> list[list[str]]:
    """The rows of the table that is the first one with this head."""
    text = PAGE.read_text(encoding="utf-8").partition(f"\n| {heading}")[2]
    rows = text.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip().strip("`") for cell in row.strip("| ").split("|")] for row in rows]  # fmt: skip


def ctypes_of(name: str) -> object:
    """The type of ctypes that the page calls `name`."""
    inner = re.fullmatch(r"POINTER\((\w+)\)", name)
    return ctypes.POINTER(getattr(ctypes, inner[1])) if inner else getattr(ctypes, name)


@pytest.mark.parametrize("compiler", ["gfortran", "flang-new-19"])
def test_compiled_routines_give_what_the_tables_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiler: str
) -> None:
    if shutil.which(compiler) is None:
        pytest.skip(f"needs {compiler}")
    monkeypatch.setenv("FC", compiler)
    rows = table("Fortran | Python | NumPy")
    assert len(rows) > 15
    parts = (ROUTINES.format(n=n, type=row[0]) for n, row in enumerate(rows))
    m = f2pypy.build("".join(parts), module="kinds", optimization=["-O0"], cache_dir=tmp_path)  # fmt: skip
    for n, (fortran, python, dtype, c_type) in enumerate(rows):
        scalar = getattr(m, f"give_{n}")()
        expected = getattr(np, python[6:]) if python.startswith("numpy.") else None
        assert type(scalar).__name__ == (expected or type(scalar)).__name__, fortran
        assert expected or type(scalar).__name__ == python, fortran
        assert getattr(m, f"array_{n}")().dtype == np.dtype(dtype), fortran
        assert getattr(m, f"given_{n}").ctypes.argtypes[0] == ctypes_of(c_type), fortran


def test_routines_without_a_counterpart_are_left_out_with_the_reason() -> None:
    for fortran, reason in table("Fortran | why"):
        source = f"subroutine s(x)\n{fortran}, intent(in) :: x\nend subroutine\n"
        with pytest.raises(f2pypy.F2pypyError) as refused:
            f2pypy.build(source, module="m")
        assert reason in str(refused.value), fortran


def test_kinds_of_intrinsic_modules() -> None:
    known = {**INTRINSIC_MODULES["iso_fortran_env"], **INTRINSIC_MODULES["iso_c_binding"]}  # fmt: skip
    for names, sizes in table("constant | bytes"):
        for name, size in zip(names.split("`, `"), sizes.split(", "), strict=True):
            assert known[name] == int(size), name
    for name, *sizes in table("constant | gfortran"):
        for compiler, size in zip(COMPILERS, sizes, strict=True):
            own = dict(compiler_named(compiler).kinds)
            assert own.get(name, known[name]) == int(size), (name, compiler)

"""The table of targets: what it says is what cross compilers say, for those that are installed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from f2pypy.abi.compilers import chosen_compiler, compiler_named, recognize
from f2pypy.abi.conventions import Compiler
from f2pypy.abi.targets import target_named, this_target
from f2pypy.build.library import Build
from f2pypy.command import cli
from f2pypy.options import BuildOptions
from f2pypy.resolve.names.scopes import INTRINSIC_MODULES

TRIPLETS = (
    *("i686-linux-gnu", "aarch64-linux-gnu", "s390x-linux-gnu", "x86_64-linux-gnu"),
    *("arm-linux-gnueabihf", "riscv64-linux-gnu", "x86_64-w64-mingw32"),
)


def constants(row: Compiler) -> dict[str, int | tuple[int, ...]]:
    own = dict(row.kinds)
    usual = {n: v for module in INTRINSIC_MODULES.values() for n, v in module.items()}
    return {name: own.get(name, value) for name, value in usual.items()}


@pytest.mark.parametrize("triplet", TRIPLETS)
def test_the_table_says_what_the_compiler_says(triplet: str, tmp_path: Path) -> None:
    command = f"{triplet}-gfortran"
    if shutil.which(command) is None:
        pytest.skip(f"{command} isn't installed")
    with Build(BuildOptions(fortran=command), tmp_path) as build:
        compiler = recognize(build.banner())
        told = chosen_compiler(compiler or "", build.ask())
    row = compiler_named(f"{triplet}-{compiler}")
    assert constants(row) == constants(told)
    assert dict(row.meant) == dict(told.meant)
    assert row.length_size == told.length_size


@pytest.mark.parametrize(
    ("triplet", "target"),
    [
        ("x86_64-linux-gnu", "x86_64"),
        ("amd64-win32", "win64"),
        ("x86_64-w64-mingw32", "win64"),
        ("i586-linux-gnu", "i386"),
        ("arm64-darwin", "darwin-arm64"),
        ("aarch64-apple-darwin23", "darwin-arm64"),
        ("aarch64-linux-gnu", "quad"),
        ("armv7l-linux", "arm"),
        ("vax-ultrix", None),
    ],
)
def test_names_of_targets(triplet: str, target: str | None) -> None:
    assert target_named(triplet) == target


def test_a_python_of_32_bits_is_its_own_target(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setattr("sys.platform", "linux")
    assert this_target() == "x86_64"
    monkeypatch.setattr("sys.maxsize", 2**31 - 1)
    assert this_target() == "i386"
    monkeypatch.setattr("platform.machine", lambda: "unheard-of")
    assert this_target() == "x86_64"


SIGNATURE = """
python module narrow
  interface
    subroutine sizes(a, b, c)
      integer(c_long) :: a
      integer(c_size_t) :: b
      real(c_double) :: c
    end subroutine
    subroutine wide(x)
      real(kind=10) :: x
    end subroutine
  end interface
end python module
"""


@pytest.mark.parametrize(
    ("compiler", "types", "has_wide"),
    [
        ("i686-linux-gnu-gfortran-12", "INT INT DOUBLE", True),
        ("x86_64-linux-gnu-gfortran", "LONG LONG DOUBLE", True),
        ("x86_64-w64-mingw32-gfortran-13", "INT LONG DOUBLE", True),
        ("aarch64-linux-gnu-gfortran-12", "LONG LONG DOUBLE", False),
        ("s390x-linux-gnu-flang-19", "LONG LONG DOUBLE", False),
    ],
)
def test_kinds_of_a_target(
    compiler: str, types: str, has_wide: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    path = tmp_path / "narrow.pyf"
    path.write_text(SIGNATURE)
    arguments = [str(path), "--compiled-by", compiler, "-o", "-", "--runtime", "import"]
    assert cli.run(arguments) == 0
    said = capsys.readouterr()
    a, b, c = types.split()
    assert f'"sizes", None, {{"a": {a}, "b": {b}, "c": {c}}}' in said.out
    assert ("def wide(" in said.out) is has_wide
    if not has_wide:
        assert "wide is left out: there is no real of kind 10" in said.err


def test_an_unknown_target(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["a.pyf", "--compiled-by", "vax-ultrix-gfortran-12"]) == 2
    assert "f2pypy doesn't know the machine 'vax-ultrix'" in capsys.readouterr().err


def test_flang_by_its_version() -> None:
    assert compiler_named("flang-19").arrays.version == 20180515
    assert compiler_named("flang-20").c_arrays.version == 20240719
    kinds = dict(compiler_named("flang-22").kinds)
    assert kinds["real_kinds"] == (2, 3, 4, 8, 10)
    assert kinds["c_intmax_t"] == 8

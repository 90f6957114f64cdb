"""The table of targets: what it says is what cross compilers say, for those that are installed."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from f2pypy.abi.compilers import chosen_compiler, compiler_named, recognize
from f2pypy.abi.conventions import Compiler
from f2pypy.abi.targets import target_named, this_machine
from f2pypy.building.library import Build
from f2pypy.command import cli
from f2pypy.options import BuildOptions
from f2pypy.resolve.names.intrinsic_modules import INTRINSIC_MODULES

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
    assert this_machine() == "x86_64-linux"
    monkeypatch.setattr("sys.maxsize", 2**31 - 1)
    assert this_machine() == "i686-linux"
    monkeypatch.setattr("platform.machine", lambda: "unheard-of")
    assert this_machine() == "unheard-of-linux"
    assert compiler_named("gfortran") == replace(
        compiler_named("x86_64-linux-gnu-gfortran"), target="unheard-of-linux"
    )


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
    assert f'"sizes", None, ({", ".join(types.split())})' in said.out
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


# Each depends on the size of one C type, by another way through the sources.
COUNTING = {
    "c_long": """
module narrow_kinds
  use iso_c_binding, only: word => c_long
  implicit none
  integer, parameter, private :: own = word
  integer(word) :: count
end module
subroutine s(x, n)
  use narrow_kinds
  integer(kind(count)) :: n
  integer(4) :: x(n)
end subroutine
""",
    "c_ptr": """
subroutine s(address)
  use, intrinsic :: iso_c_binding
  type(c_ptr), value :: address
end subroutine
""",
    "c_size_t": """
subroutine s(x, n) bind(c)
  use iso_c_binding
  integer(c_size_t), value :: n
  real(c_double) :: x(n)
end subroutine
""",
    "c_intptr_t": """
module narrow_values
  use iso_c_binding
  integer, parameter :: answer = c_intptr_t
end module
""",
    "c_int_fast32_t": """
function s() result(r)
  use iso_c_binding
  integer(c_int_fast32_t) :: r
end function
""",
}
LINE = re.compile(r"^check_target\(.*\)$", re.MULTILINE)


def generated(tmp_path: Path, text: str, *arguments: str, name: str = "f.f90") -> str:
    """Return the module for a source."""
    source, target = tmp_path / name, tmp_path / "narrow.py"
    source.write_text(text)
    given = [str(source), "-o", str(target), *arguments]
    if not name.endswith(".pyf"):
        given += ["-m", "narrow"]
    assert cli.run(given) == 0
    return target.read_text()


@pytest.mark.parametrize("constant", COUNTING)
def test_a_module_says_which_sizes_it_counts_on(constant: str, tmp_path: Path) -> None:
    for compiler, size in [("i686-linux-gnu-gfortran", 4), ("x86_64-linux-gnu-gfortran", 8)]:  # fmt: skip
        text = generated(tmp_path, COUNTING[constant], "--compiled-by", compiler)
        target = compiler.removesuffix("-gfortran")
        assert LINE.findall(text) == [f'check_target("narrow", "{target}", {constant}={size})']  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "arguments", "size"),
    [
        ("m.pyf", SIGNATURE, (), "c_long=8, c_size_t=8"),
        (
            "c.pyf",
            "python module narrow\ninterface\nsubroutine s(n)\nintent(c) s\ninteger, intent(in) :: n\n"
            "callstatement (*f2py_func)((long)n)\ncallprotoargument long\nend subroutine\nend interface\n"
            "end python module\n",
            (),
            "c_long=8",
        ),
        (
            "map.f90",
            "subroutine s(n)\ninteger(wide) :: n\nend subroutine\n",
            ("--f2cmap", "kinds"),
            "c_long=8",
        ),
        ("flang.f90", COUNTING["c_long"], ("--compiled-by", "flang-19"), "c_long=8"),
    ],
)
def test_signature_files_and_kind_maps_count_on_sizes(
    name: str, text: str, arguments: tuple[str, ...], size: str,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kinds").write_text("dict(integer=dict(wide='long'))")
    text = generated(tmp_path, text, *arguments, name=name)
    assert LINE.findall(text) == [f'check_target("narrow", "{this_machine()}", {size})']


def test_kinds_of_a_map_are_those_of_the_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kinds").write_text("dict(integer=dict(wide='long', bits='npy_int64'))")
    text = (
        "subroutine s(n, m)\ninteger(wide) :: n\ninteger(bits) :: m\nend subroutine\n"
    )
    arguments = ("--f2cmap", "kinds", "--compiled-by", "i686-linux-gnu-gfortran")
    assert '"s", None, (INT, LONG)' in generated(tmp_path, text, *arguments)


def test_most_modules_say_nothing_of_a_target(tmp_path: Path) -> None:
    source = "subroutine s(x, t, z)\nuse iso_c_binding\nreal(c_double) :: x\ncharacter(*) :: t\ncomplex :: z\nend\n"
    assert not LINE.search(generated(tmp_path, source))
    flang = COUNTING["c_int_fast32_t"]  # a kind of its own, whatever C has
    assert not LINE.search(generated(tmp_path, flang, "--compiled-by", "flang-19"))


@pytest.mark.parametrize("constant", COUNTING)
def test_a_module_for_another_machine_cannot_be_imported(constant: str, tmp_path: Path) -> None:  # fmt: skip
    """It says for which it was written and what differs; one whose C types have the same sizes can."""
    if this_machine() != "x86_64-linux":
        pytest.skip("written for x86-64 with Linux")
    text = generated(tmp_path, COUNTING[constant], "--compiled-by", "i686-linux-gnu-gfortran")  # fmt: skip
    expected = (
        f"narrow was written for i686-linux-gnu, where {constant} has 4 bytes; "
        "this Python is for x86_64-linux, where it has 8"
    )
    with pytest.raises(ImportError, match=expected):
        exec(compile(text, "narrow", "exec"), {"__name__": "narrow"})
    text = generated(tmp_path, COUNTING[constant], "--compiled-by", "aarch64-linux-gnu-gfortran")  # fmt: skip
    line = LINE.findall(text)[0]
    exec(f"from f2pypy.runtime.target import check_target\n{line}", {})


def test_flang_on_arm64() -> None:
    """Read, not run: from 21 on flang has reals of 113 bits where they are C's long double."""
    for version in (19, 22):
        kinds = dict(compiler_named(f"aarch64-linux-gnu-flang-{version}").kinds)
        assert kinds["real_kinds"] == (2, 3, 4, 8, 16)
        assert kinds["real128"] == kinds["c_long_double"] == 16
        assert kinds["c_int_fast16_t"] == 2

"""The table of compilers: which row is found, and whether the compilers that there are agree with theirs."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from f2pypy.abi.compilers import ROWS, chosen_compiler, compiler_named, names, recognize
from f2pypy.abi.conventions import AbsentValue, Compiler, Descriptor, HiddenOrder
from f2pypy.command import cli

# Debian's flang 16 comes without the libraries that it links with.
COMMANDS = (
    *("gfortran", *(f"gfortran-{version}" for version in range(9, 16))),
    *("flang", "flang-new", *(f"flang-new-{version}" for version in range(17, 22))),
)
# Several names may be of one compiler.
INSTALLED = {os.path.realpath(p): p for p in map(shutil.which, COMMANDS) if p}
PROBE = """
module shop
  implicit none
  integer :: till = 3
  character(len=:), allocatable :: sign
  real(8), allocatable :: goods(:, :)
  integer, allocatable :: price
contains
  subroutine open()
    if (.not. allocated(goods)) allocate (goods(2, 3))
    goods = 1.5d0
    sign = 'open'
    price = 7
  end subroutine
end module

subroutine is_true(flag, bits)
  logical, intent(out) :: flag
  integer, intent(in) :: bits
  flag = bits == 1
end subroutine

subroutine shapes(a, extents)
  integer, intent(in) :: a(:, :)
  integer, intent(out) :: extents(3)
  extents = [size(a, 1), size(a, 2), a(2, 3)]
end subroutine

subroutine order(name, x, n, found)
  character(len=*), intent(in) :: name
  real(8), optional, value :: x
  integer, intent(in) :: n
  integer, intent(out) :: found(2)
  found = [len(name), merge(1, 0, present(x))]
end subroutine

function counted(n) result(a)
  integer, intent(in) :: n
  integer :: a(n), i
  a = [(i, i = 1, n)]
end function

complex(8) function turned(z)
  complex(8), intent(in) :: z
  turned = (0, 1)*z
end function
"""


class Probe:
    """The library that one compiler made of the probe, and its row."""

    def __init__(self, command: str, folder: Path) -> None:
        banner = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)  # fmt: skip
        found = recognize(banner.stdout)
        assert found is not None, banner.stdout
        self.row = compiler_named(found)
        source = folder / "probe.f90"
        source.write_text(PROBE)
        library = folder / "probe.so"
        subprocess.run(
            [command, "-shared", "-fPIC", str(source), "-o", str(library)],
            check=True,
            cwd=folder,
        )
        self.library = ctypes.CDLL(str(library))

    def __getitem__(self, name: str) -> Callable[..., object]:
        return self.library[self.row.procedure.format(name=name)]

    def variable(self, name: str) -> int:
        symbol = self.row.module_variable.format(module="shop", name=name)
        return ctypes.addressof(ctypes.c_char.in_dll(self.library, symbol))

    def open(self) -> None:
        symbol = self.row.module_procedure.format(module="shop", name="open")
        self.library[symbol]()


@pytest.fixture(scope="module", params=INSTALLED.values())
def probe(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Probe:
    return Probe(request.param, tmp_path_factory.mktemp("probe"))


def described(layout: Descriptor, array: np.ndarray) -> ctypes.Array[ctypes.c_char]:
    """Return the descriptor of an array, made from the row alone."""
    values = {
        "base": array.ctypes.data,
        "offset": -sum(s // array.itemsize for s in array.strides) * layout.lower,
        "size": array.itemsize,
        "version": layout.version,
        "rank": array.ndim,
        "type": dict(layout.codes).get("i", dict(layout.codes).get("i4")),
        "attribute": layout.attributes[0],
        "span": array.itemsize,
        "other": 0,
    }
    words: list[int] = []
    for extent, distance in zip(array.shape, array.strides, strict=True):
        said = {
            "lower": layout.lower,
            "upper": layout.lower + extent - 1,
            "extent": extent,
            "stride": distance // array.itemsize,
            "distance": distance,
        }
        words += (said[name] for name in layout.dimension)
    code = "@" + "".join(code for _, code in layout.header) + f"{len(words)}n"
    header = [values[name] for name, _ in layout.header]
    return ctypes.create_string_buffer(struct.pack(code, *header, *words))


def header_at(layout: Descriptor, address: int) -> dict[str, int]:
    """Return the fields of the descriptor at an address."""
    code = "@" + "".join(code for _, code in layout.header)
    raw = ctypes.string_at(address, struct.calcsize(code))
    return dict(
        zip((n for n, _ in layout.header), struct.unpack(code, raw), strict=True)
    )


def test_symbols_of_module_variables(probe: Probe) -> None:
    assert ctypes.c_int.from_address(probe.variable("till")).value == 3


def test_allocated_arrays_look_as_the_row_says(probe: Probe) -> None:
    probe.open()
    layout = probe.row.arrays
    header = header_at(layout, probe.variable("goods"))
    codes = dict(layout.codes)
    assert ctypes.c_double.from_address(header["base"]).value == 1.5
    assert header["size"] == 8
    assert header["rank"] == 2
    assert header["version"] == layout.version
    assert header["type"] == codes.get("f", codes.get("f8"))
    assert header["attribute"] == layout.attributes[1]


def test_where_deferred_lengths_are(probe: Probe) -> None:
    probe.open()
    symbol = probe.row.length_variable
    if symbol is None:
        assert header_at(probe.row.arrays, probe.variable("sign"))["size"] == 4
    else:
        named = symbol.format(module="shop", name="sign")
        assert ctypes.c_size_t.in_dll(probe.library, named).value == 4


def test_whether_allocatable_scalars_have_descriptors(probe: Probe) -> None:
    probe.open()
    place = probe.variable("price")
    address = ctypes.c_void_p.from_address(place).value
    assert address is not None
    assert ctypes.c_int.from_address(address).value == 7
    if probe.row.described_scalars:
        assert header_at(probe.row.arrays, place)["size"] == 4


def test_what_true_is(probe: Probe) -> None:
    flag = ctypes.c_int(-5)
    probe["is_true"](ctypes.byref(flag), ctypes.byref(ctypes.c_int(1)))
    assert flag.value == probe.row.true


def test_descriptors_say_shapes_and_strides(probe: Probe) -> None:
    whole = np.arange(60, dtype="i4").reshape(6, 10)
    part = whole[::-2, 1::3]
    extents = (ctypes.c_int * 3)()
    probe["shapes"](described(probe.row.arrays, part), extents)
    assert list(extents) == [3, 3, part[1, 2]]


def test_hidden_arguments_stand_where_the_row_says(probe: Probe) -> None:
    found = (ctypes.c_int * 2)()
    text, one, length = b"four", ctypes.byref(ctypes.c_int(1)), ctypes.c_size_t(4)
    assert ctypes.sizeof(length) == probe.row.length_size
    order = probe["order"]
    if probe.row.absent_value is AbsentValue.NULL:
        order(text, None, one, found, length)
        assert list(found) == [4, 0]
        order(text, ctypes.byref(ctypes.c_double(1)), one, found, length)
        assert list(found) == [4, 1]
        return
    for present in (0, 1):
        flag = ctypes.c_int8(present)
        hidden = [length, flag]
        if probe.row.hidden_order is HiddenOrder.FLAGS_FIRST:
            hidden.reverse()
        order(text, ctypes.c_double(1), one, found, *hidden)
        assert list(found) == [4, present]


def test_how_array_results_come_back(probe: Probe) -> None:
    result = np.zeros(4, "i4")
    place = ctypes.c_void_p(result.ctypes.data)
    if probe.row.described_results:
        place = described(probe.row.arrays, result)
    probe["counted"](place, ctypes.byref(ctypes.c_int(4)))
    assert result.tolist() == [1, 2, 3, 4]


def test_complex_results_come_in_registers(probe: Probe) -> None:
    assert probe.row.complex_results == "registers"

    class Pair(ctypes.Structure):
        _fields_ = (("real", ctypes.c_double), ("imaginary", ctypes.c_double))

    turned = probe["turned"]
    turned.restype = Pair  # type: ignore[attr-defined]
    number = turned(ctypes.byref(Pair(3.0, 4.0)))
    assert isinstance(number, Pair)
    assert (number.real, number.imaginary) == (-4.0, 3.0)


@pytest.mark.parametrize(
    ("banner", "found"),
    [
        ("GNU Fortran (Debian 12.2.0-14+deb12u1) 12.2.0\nCopyright", "gfortran-12"),
        ("GNU Fortran (GCC) 9.5.0", "gfortran-9"),
        ("GNU Fortran (Homebrew GCC 14.2.0_1) 14.2.0", "gfortran-14"),
        ("GNU Fortran (GCC) 15.0.1 20250329 (Red Hat 15.0.1-0)", "gfortran-15"),
        ("Debian flang-new version 19.1.7 (3~deb12u1)\nTarget: x86_64", "flang-19"),
        ("flang version 20.1.0 (https://github.com/llvm/llvm-project)", "flang-20"),
        ("ifx (IFX) 2024.0.0 20231017", None),
        ("", None),
    ],
)
def test_compilers_are_recognized(banner: str, found: str | None) -> None:
    assert recognize(banner) == found


@pytest.mark.parametrize("version", range(9, 16))
def test_rows_of_gfortran(version: int) -> None:
    row = compiler_named(f"gfortran-{version}")
    expected = HiddenOrder.DECLARED if version < 13 else HiddenOrder.FLAGS_FIRST
    assert row.name == "gfortran"
    assert row.hidden_order is expected


def test_without_a_version_the_newest_row_counts() -> None:
    assert compiler_named("gfortran") == compiler_named("gfortran-15")
    assert chosen_compiler() == compiler_named("gfortran")
    assert names() == ("gfortran", "flang")


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ("gfortran-8", "f2pypy knows gfortran 9 and later; 'gfortran-8' was given"),
        ("ifx", "compiler is one of gfortran, flang"),
        ("gfortran-new", "'gfortran-new' was given"),
    ],
)
def test_other_compilers_are_refused(choice: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        compiler_named(choice)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name}-{row.first}")
def test_layouts_are_whole(row: Compiler) -> None:
    for layout in (row.arrays, row.c_arrays):
        fields = [name for name, _ in layout.header]
        assert fields[0] == "base"
        assert {"size", "rank", "type"} <= set(fields)
        kinds = {kind for kind, _ in layout.codes}
        for kind in ("i4", "l4", "f4", "f8", "c8", "c16", "S1"):
            assert {kind, kind[0]} & kinds


# The choice on the command line.


SOURCE = """
subroutine s(x)
  real(8), intent(inout) :: x(:)
  x = x + 1
end subroutine
"""


def compiler_that_says(banner: str, folder: Path) -> str:
    """Return the path of a gfortran that takes itself for another."""
    path = folder / "fortran"
    path.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo "{banner}" || exec gfortran "$@"\n'
    )
    path.chmod(0o755)
    return str(path)


def build(*words: str) -> tuple[int, str]:
    Path("s.f90").write_text(SOURCE)
    status = cli.run(["-c", "-m", "m", "s.f90", "--quiet", *words])
    text = Path("m.py").read_text() if status == 0 else ""
    said = re.search(r'^_compiler = Compiler\(\s*"(\w+)"', text, re.MULTILINE)
    return status, said.group(1) if said else ""


@pytest.mark.usefixtures("in_folder")
def test_the_compiler_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    banner = "flang version 19.1.7"
    monkeypatch.setenv("FC", compiler_that_says(banner, tmp_path))
    assert build() == (0, "flang")
    assert build("--compiled-by", "gfortran-12") == (0, "gfortran")


@pytest.mark.usefixtures("in_folder")
def test_an_unknown_compiler_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FC", compiler_that_says("nobody 1.0", tmp_path))
    Path("s.f90").write_text(SOURCE)
    assert cli.run(["-c", "-m", "m", "s.f90"]) == 0
    said = capsys.readouterr().err
    assert (
        "f2pypy doesn't know this compiler's conventions and assumes gfortran's" in said
    )
    assert "--compiled-by names another" in said


@pytest.mark.usefixtures("in_folder")
def test_a_compiler_that_is_too_old_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    banner = "GNU Fortran (GCC) 7.5.0"
    monkeypatch.setenv("FC", compiler_that_says(banner, tmp_path))
    assert build() == (1, "")
    assert "f2pypy knows gfortran 9 and later" in capsys.readouterr().err


def test_compiled_by_nobody_that_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--compiled-by", "ifx", "s.f90"]) == 2
    assert "compiler is one of gfortran, flang" in capsys.readouterr().err


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("gfortran") is None:
        pytest.skip("needs gfortran")
    monkeypatch.chdir(tmp_path)

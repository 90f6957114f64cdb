"""Static libraries with ``-c``: what the module calls is linked in, and what that needs."""

from __future__ import annotations

import importlib
import shutil
import struct
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from f2pypy.building.archives import read_index, static_library, wanted_members
from f2pypy.command import cli

pytestmark = pytest.mark.skipif(
    not shutil.which("gfortran") or not shutil.which("ar"),
    reason="needs gfortran and ar",
)
# Each file is a member of its own.
OUTER = """
subroutine outer(k)
  integer, intent(out) :: k
  integer :: common_k
  common /shared_block/ common_k
  call inner(k)
  common_k = k + 1
end subroutine
"""
INNER = """
subroutine inner(k)
  integer, intent(out) :: k
  k = 12
end subroutine
"""
SHOP = """
module shop
  implicit none
  integer :: till = 3
  integer, parameter :: most = 7
contains
  subroutine sell(n)
    integer, intent(in) :: n
    till = till + n
  end subroutine
end module
"""
BY_NAME = """
subroutine bound(k) bind(c, name='Bound_Symbol')
  use iso_c_binding
  integer(c_int), intent(out) :: k
  k = 44
end subroutine
"""
BACK = """
subroutine back(k)
  integer, intent(out) :: k
  call outer(k)
  k = -k
end subroutine
"""
SIGNATURE = """
python module {name}
  interface
    subroutine outer(k)
      integer, intent(out) :: k
      integer common_k
      common /shared_block/ common_k
    end subroutine
    subroutine back(k)
      integer, intent(out) :: k
    end subroutine
    subroutine bound(k) bind(c, name='Bound_Symbol')
      integer, intent(out) :: k
    end subroutine
    subroutine absent(k)
      integer, intent(out) :: k
    end subroutine
    module shop
      integer :: till
      contains
      subroutine sell(n)
        integer, intent(in) :: n
      end subroutine
    end module
  end interface
end python module
"""
MEMBERS = {
    "outer": OUTER,
    "inner": INNER,
    "shop": SHOP,
    "by_name": BY_NAME,
    "back": BACK,
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    for name, text in MEMBERS.items():
        Path(f"{name}.f90").write_text(text)
    files = [f"{name}.f90" for name in MEMBERS]
    subprocess.run(["gfortran", "-fPIC", "-c", *files], check=True)
    return tmp_path


def archive(path: str, *members: str, flags: str = "rcs") -> None:
    objects = [f"{member}.o" for member in members]
    subprocess.run(["ar", flags, path, *objects], check=True)


def build(name: str, *arguments: str) -> ModuleType:
    Path(f"{name}.pyf").write_text(SIGNATURE.format(name=name))
    assert cli.run(["-c", f"{name}.pyf", *arguments, "--quiet"]) == 0
    importlib.invalidate_caches()
    return importlib.import_module(name)


def check(built: ModuleType) -> None:
    assert built.outer() == 12
    assert built.shared_block.common_k == 13
    assert built.back() == -12
    assert built.bound() == 44
    assert built.shop.till == 3
    built.shop.sell(4)
    assert built.shop.till == 7
    with pytest.raises(AttributeError, match="no absent in"):
        built.absent()


def test_one_archive() -> None:
    archive("libx.a", *MEMBERS)
    check(build("one_archive", "libx.a"))


@pytest.mark.parametrize("order", [("liba.a", "libb.a"), ("libb.a", "liba.a")])
def test_archives_that_need_one_another(order: tuple[str, str]) -> None:
    archive("liba.a", "outer", "shop", "by_name")
    archive("libb.a", "inner", "back")
    check(build(f"archives_{order[0][3]}", *order))


def test_objects_and_an_archive() -> None:
    archive("libx.a", "inner", "shop", "by_name")
    check(build("objects_too", "outer.o", "libx.a", "back.o"))


def test_sources_and_an_archive() -> None:
    archive("libx.a", "inner", "shop", "by_name", "outer")
    check(build("sources_too", "back.f90", "libx.a"))


def test_a_name_that_only_an_archive_has(here: Path) -> None:
    folder = here / "lib"
    folder.mkdir()
    archive(str(folder / "libonly.a"), *MEMBERS)
    check(build("by_flag", "-L", str(folder), "-lonly"))
    (folder / "libonly.a").unlink()
    archive(str(folder / "libonly.a"), "inner", "shop", "by_name", "outer")
    check(build("by_flag_with_sources", "back.f90", "-L", str(folder), "-lonly"))


def test_a_shared_library_comes_first(here: Path) -> None:
    """What a linker takes stays what it takes: the archive beside a shared library isn't linked in."""
    archive("libboth.a", *MEMBERS)
    (here / "libboth.so").touch()
    assert static_library("both", ["."], lambda name: name) is None
    (here / "libboth.so").unlink()
    assert static_library("both", ["."], lambda name: name) == "libboth.a"
    assert static_library(":libboth.a", ["."], lambda name: name) == "libboth.a"
    assert static_library("none", ["."], lambda name: name) is None
    own = {"libown.a": "/usr/lib/libown.a"}
    assert static_library("own", [], lambda name: own.get(name, name)) == "/usr/lib/libown.a"  # fmt: skip
    own["libown.so"] = "/usr/lib/libown.so"
    assert static_library("own", [], lambda name: own.get(name, name)) is None


def test_a_static_library_without_c_is_a_warning(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The module that is written can't load it, and loads no other BLAS in its place."""
    archive("libonly.a", *MEMBERS)
    Path("only_blas.pyf").write_text(SIGNATURE.format(name="only_blas"))
    assert cli.run(["only_blas.pyf", "-L.", "-lonly"]) == 0
    assert capsys.readouterr().err == (
        "f2pypy: warning: -lonly is the static library libonly.a, which a module can't load; add -c to link it\n"
    )
    importlib.invalidate_caches()
    with pytest.raises(ImportError, match=r"says: .*libonly\.a: .*it is a static"):
        importlib.import_module("only_blas")
    assert cli.run(["back.f90", "-m", "scanned", "-L.", "-lonly"]) == 0
    assert "-lonly is the static library" in capsys.readouterr().err
    (here / "libonly.so").touch()
    assert cli.run(["only_blas.pyf", "-L.", "-lonly"]) == 0
    assert capsys.readouterr().err == ""


def member(name: bytes, content: bytes) -> bytes:
    header = b"%-16s%-12d%-6d%-6d%-8o%-10d`\n" % (name, 0, 0, 0, 0o644, len(content))
    return header + content


def test_every_form_of_index(here: Path) -> None:
    names = b"outer_\0inner_\0"
    bsd = struct.pack("<I", 16) + bytes(16) + struct.pack("<I", len(names)) + names
    forms = {
        "gnu": member(b"/", struct.pack(">3I", 2, 0, 0) + names),
        "wide": member(b"/SYM64/", struct.pack(">3Q", 2, 0, 0) + names),
        "bsd": member(b"__.SYMDEF SORTED", bsd),
        "long": member(b"#1/20", b"__.SYMDEF SORTED".ljust(20, b"\0") + bsd),
    }
    for form, content in forms.items():
        (here / f"{form}.a").write_bytes(b"!<arch>\n" + content)
        assert read_index(f"{form}.a") == {"outer_", "inner_"}, form
    archive("thin.a", *MEMBERS, flags="rcsT")
    assert {"outer_", "shared_block_"} <= read_index("thin.a")
    archive("bare.a", "outer", flags="rcS")
    (here / "text.a").write_text("no archive")
    (here / "short.a").write_bytes(b"!<arch>\n" + member(b"/", b"\0\0\0\7")[:50])
    for path in ("bare.a", "text.a", "short.a", "missing.a"):
        assert read_index(path) == frozenset(), path
    assert wanted_members(["gnu.a", "text.a"], ["x", "inner_", "inner_"]) == ["inner_"]

"""Procedure pointers in signature files: -h writes their interfaces, and reads them back to the same module."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from f2pypy.command.cli import run

SOURCE = Path(__file__).parents[1] / "fortran" / "pointers" / "procedure_pointers.f90"


@pytest.fixture
def read_back(compiled: Any, tmp_path: Path, monkeypatch: Any) -> Any:
    """The module of the signature file that -h writes, for a library that exists."""
    library = compiled(SOURCE.read_text())
    signature, path = tmp_path / "pointed.pyf", tmp_path / "pointed.py"
    assert run(["-h", str(signature), "-m", "pointed", str(SOURCE), "--quiet"]) == 0
    text = signature.read_text()
    assert "procedure(curve), pointer, protected :: fixed" in text
    assert "procedure(counting), pointer, intent(out) :: q" in text
    assert "__user__" not in text
    options = ["--compiled-by", "gfortran", "--strict", "--quiet", "-o", str(path)]
    assert run([str(signature), *options]) == 0
    monkeypatch.setenv("F2PYPY_POINTED_LIBRARY", str(library))
    spec = importlib.util.spec_from_file_location("pointed", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "pointed", module)
    spec.loader.exec_module(module)
    return module


def test_a_signature_file_says_what_pointers_point_to(read_back: Any) -> None:
    curves = read_back.curves
    assert curves.current is None
    assert curves.shape_of is curves.square
    curves.current = lambda x: x + 1
    assert curves.at(2.0) == 3
    assert curves.find("cube") is curves.cube
    assert curves.other(curves.square) is curves.cube
    assert [curves.presence(), curves.presence(curves.cube)] == [0, 2]
    assert read_back.handed_on(abs) is abs
    assert curves.chosen("cube") is curves.cube
    assert read_back.handed_back(abs) is abs
    with pytest.raises(AttributeError, match="protected"):
        curves.fixed = None


OPEN = """
module open
  abstract interface
    subroutine known(n)
      integer, intent(in) :: n
    end subroutine
  end interface
  procedure(), pointer :: p
  procedure(missing), pointer :: q
  integer :: n
contains
  subroutine take(f)
    procedure(missing), pointer :: f
  end subroutine
  function choose() result(f)
    procedure(missing), pointer :: f
  end function
end module
"""


def test_a_pointer_without_interface_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "open.f90").write_text(OPEN)
    module = tmp_path / "m.py"
    options = ["-m", "m", "-o", str(module), "--quiet"]
    assert run([str(tmp_path / "open.f90"), *options]) == 0
    text = module.read_text()
    for reason in (
        "the interface of the procedure pointer 'p' isn't known here",
        "the interface of the procedure pointer 'q' isn't known here",
        "take is left out: the interface 'missing' of the callback 'f' isn't known here",
        "choose is left out: the interface 'missing' of the callback 'f' isn't known here",
    ):
        assert reason in text


def test_components_are_read_back(tmp_path: Path) -> None:
    """-h writes what components point to: from its file comes the module that comes from the source."""
    source = SOURCE.parents[1] / "types" / "pointed.f90"
    signature, made = tmp_path / "pointed.pyf", []
    assert run(["-h", str(signature), "-m", "pointed", str(source), "--quiet"]) == 0
    text = signature.read_text()
    assert "procedure(shifting), pointer, pass(me) :: h => null()" in text
    assert "procedure(plain), pointer, nopass :: g => twice" in text
    assert "procedure(), pointer, nopass, private :: last => null()" in text
    assert text.count("subroutine clearing(me,n)") == 1
    for each in (source, signature):
        path = tmp_path / f"{each.suffix[1:]}.py"
        options = ["--compiled-by", "gfortran", "--quiet", "-o", str(path)]
        assert run([str(each), "-m", "pointed", *options]) == 0
        lines = path.read_text().splitlines()
        made.append([line for line in lines if "ProcedureComponent(" in line])
    assert made[0] == made[1]
    assert len(made[0]) == 5

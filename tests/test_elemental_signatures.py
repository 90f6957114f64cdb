"""Elemental procedures in signature files: the library has no loops, so Python or native code visits the elements."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import f2pypy
from f2pypy.command.cli import run

SOURCE = Path(__file__).parents[1] / "fortran" / "elemental" / "elementals.f90"
LLVM = importlib.util.find_spec("llvmlite") is not None


@pytest.fixture(scope="module")
def library(compiled: Any) -> Path:
    """The library of elementals.f90, compiled by its owner."""
    return Path(compiled(SOURCE.read_text()))


def load(path: Path, library: Path, patch: Any, native: str) -> Any:
    """Import the module at `path`, whose library is elsewhere."""
    patch.setenv(f"F2PYPY_{path.stem.upper()}_LIBRARY", str(library))
    patch.setenv("F2PYPY_NATIVE", native)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    patch.setitem(sys.modules, path.stem, module)
    spec.loader.exec_module(module)
    return module


def loop_of(module: Any, function: str) -> Any:
    """Return what runs the loop over elements for a function of a module."""
    return getattr(module, f"_{function}_elements").loop


@pytest.fixture(
    params=["0", pytest.param("1", marks=pytest.mark.skipif(not LLVM, reason="needs llvmlite"))]
)  # fmt: skip
def read_back(request: Any, library: Path, tmp_path: Path, monkeypatch: Any) -> Any:
    """The module of the signature file that -h writes, in Python alone and with native code."""
    signature, module = tmp_path / "signed.pyf", tmp_path / "signed.py"
    assert run(["-h", str(signature), "-m", "signed", str(SOURCE), "--quiet"]) == 0
    text = signature.read_text()
    assert "elemental function hypotenuse(x,y)" in text
    assert "impure elemental function ticket(i)" in text
    assert run([str(signature), "--compiled-by", "gfortran", "-o", str(module), "--quiet"]) == 0  # fmt: skip
    return load(module, library, monkeypatch, request.param)


def test_a_signature_file_says_what_is_elemental(read_back: Any) -> None:
    shapes, kinds = read_back.shapes_of_elements, read_back.kinds_of_elements
    x, y = np.arange(12.0).reshape(3, 4), np.arange(4.0)
    assert np.allclose(shapes.hypotenuse(x, y), np.hypot(x, y))
    assert shapes.hypotenuse(3, 4) == 5
    quotient, rest = shapes.divide([[7], [9]], [2, 4])
    assert (quotient.tolist(), rest.tolist()) == ([[3, 1], [4, 2]], [[1, 3], [1, 1]])
    assert shapes.scaled(y, offset=1).tolist() == [1, 2, 3, 4]
    total = np.zeros((3, 4))
    shapes.sum_of(x.T[::-1].T, total)
    assert (total == x[:, ::-1]).all()
    z = np.array([1, 2j])
    assert kinds.turned4(z).tolist() == kinds.turned8(z).tolist() == [1j, -2]
    assert kinds.half_extended([1, 3]).tolist() == [0.5, 1.5]
    assert kinds.next1([1, 2]).tolist() == kinds.next8([1, 2]).tolist() == [2, 3]
    assert kinds.half4([1, 3]).tolist() == [0.5, 1.5]
    assert kinds.not1([True, False]).tolist() == kinds.not8([1, 0]).tolist() == [0, 1]
    assert read_back.texts_of_elements.capital(["ab", "c"]).tolist() == [b"Ab", b"C "]
    assert read_back.values_of_elements.power([2, 3], 2, 1).tolist() == [5, 10]
    read_back.impure_elements.calls = 0
    assert read_back.impure_elements.ticket([5, 6]).tolist() == [501, 602]
    if read_back.__native__.mode == "1":
        refused = [n for n in read_back.__native__.refused if n.startswith("loop")]
        assert refused == ["loop over half_extended"]
        for name in ("hypotenuse", "divide", "sum_of"):
            assert loop_of(read_back, f"shapes_of_elements_{name}").compiled
        # native code has no long doubles
        assert not loop_of(read_back, "kinds_of_elements_half_extended").compiled
        shapes.hypotenuse(3.0, 4.0)
        assert "shapes_of_elements_hypotenuse" in read_back.__native__.compiled
        assert np.allclose(shapes.hypotenuse(x, 1), np.hypot(x, 1))


@pytest.mark.skipif(not LLVM, reason="needs llvmlite")
def test_native_code_takes_over_long_loops(library: Path, tmp_path: Path, monkeypatch: Any) -> None:  # fmt: skip
    (tmp_path / "long.pyf").write_text(SIGNATURE)
    module = tmp_path / "long.py"
    module.write_text(f2pypy.generate(tmp_path / "long.pyf"))
    monkeypatch.delenv("F2PYPY_NATIVE", raising=False)
    elements = load(module, library, monkeypatch, "")
    x = np.linspace(0, 1, 15_000, dtype="f4")
    assert np.allclose(elements.cube(x), x**3)
    assert not loop_of(elements, "cube").compiled
    assert np.allclose(elements.cube(x[::-1]), x[::-1] ** 3)
    assert loop_of(elements, "cube").compiled


SIGNATURE = """
python module long
  interface
    elemental function cube(x)
      real, intent(in) :: x
      real :: cube
    end function cube
    elemental subroutine count_down(n, left)
      integer, optional, intent(in), check(n >= 0) :: n = 4
      integer(8), intent(out) :: left
    end subroutine count_down
    elemental function plain(x)
      fortranname cube
      real :: x
      real :: plain
    end function plain
  end interface
end python module long
"""


def test_checks_and_defaults_are_those_of_each_element(
    library: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    (tmp_path / "long.pyf").write_text(SIGNATURE)
    module = tmp_path / "long.py"
    module.write_text(f2pypy.generate(tmp_path / "long.pyf"))
    elements = load(module, library, monkeypatch, "0")
    assert elements.count_down([1, 2]).tolist() == [9, 8]
    assert elements.count_down() == 6
    assert elements.count_down(np.zeros((0, 2))).shape == (0, 2)
    with pytest.raises(elements.error, match="n >= 0"):
        elements.count_down([1, -1])
    x = np.arange(3, dtype="f4")
    assert elements.plain(x).tolist() == [0, 1, 8]
    assert x.tolist() == [0, 1, 2]


def test_an_array_among_the_arguments_makes_a_procedure_no_elemental(tmp_path: Path) -> None:  # fmt: skip
    (tmp_path / "long.pyf").write_text(
        SIGNATURE.replace("real, intent(in) :: x", "real, intent(in) :: x(2)")
    )
    text = f2pypy.generate(tmp_path / "long.pyf")
    assert "_cube_elements" not in text
    assert "_plain_elements" in text

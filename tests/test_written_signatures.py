"""What -h writes for a source is a signature file that makes the same module."""

from __future__ import annotations

from pathlib import Path

import pytest

from f2pypy import cli

FORTRAN = Path(__file__).parent.parent / "fortran"
SOURCES = ("deferred", "deferred_length", "descriptors", "interoperable", "values")


def wrappers(path: Path) -> str:
    """Return a module from where its own code begins."""
    return path.read_text(encoding="utf-8").partition("\n_library = ")[2]


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("compiler", ["gfortran-12", "gfortran-14", "flang"])
def test_a_written_signature_makes_the_same_module(
    name: str, compiler: str, tmp_path: Path
) -> None:
    source, signature = str(FORTRAN / f"{name}.f90"), str(tmp_path / f"{name}.pyf")
    options = ["--quiet", "--no-native", "--compiled-by", compiler]
    direct, again = tmp_path / "direct.py", tmp_path / "again.py"
    assert cli.run([source, "-m", name, "-h", signature, "--quiet"]) == 0
    assert cli.run([source, "-m", name, "-o", str(direct), *options]) == 0
    assert cli.run([signature, "-o", str(again), *options]) == 0
    assert wrappers(direct)
    assert wrappers(again) == wrappers(direct)

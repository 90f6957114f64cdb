"""The signature file that -h writes for every type says all that the source does."""

from __future__ import annotations

from pathlib import Path

import kind_table
import pytest

pytest.importorskip("f2pypy.pipeline", reason="f2pypy itself doesn't run here")

from f2pypy.command.cli import run

WIDE = Path(__file__).parents[2] / "fortran" / "wide.pyf"


def _code(module: Path) -> str:
    """Return a module's text behind its docstring."""
    _, _, code = module.read_text().partition('"""')[2].partition('"""')
    return code


def _written(source: Path, folder: Path) -> Path:
    """Return the module made from the signature file that is written for a source."""
    signature, module = folder / "written.pyf", folder / "written.py"
    # by default -h writes lower case, as f2py does
    arguments = ["-h", str(signature), "-m", source.stem, str(source), "--quiet"]
    arguments.append("--no-lower")
    assert run(arguments) == 0
    assert run([str(signature), "-o", str(module), "--quiet"]) == 0
    return module


@pytest.mark.usefixtures("nothing_promised")
def test_every_type(tmp_path: Path) -> None:
    source, module = tmp_path / "kinds.f90", tmp_path / "kinds.py"
    source.write_text(kind_table.write_source())
    assert run(["-m", "kinds", str(source), "-o", str(module), "--quiet"]) == 0
    assert _code(_written(source, tmp_path)) == _code(module)


def test_a_signature_file(tmp_path: Path) -> None:
    # a routine whose callback is called by its name is left out without -c, and -h has no words for it
    text = WIDE.read_text()
    start, end = text.index("    subroutine ask(y)"), text.index("end subroutine ask\n")
    source, module = tmp_path / "wide.pyf", tmp_path / "wide.py"
    source.write_text(text[:start] + text[end:].partition("\n")[2])
    assert run([str(source), "-o", str(module), "--quiet"]) == 0
    assert _code(_written(source, tmp_path)) == _code(module)

"""The same uses of f2py's module and f2pypy's, made from the same sources: value and type, or exception and text."""

from __future__ import annotations

import importlib.util
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import source_uses

SOURCES = sorted((Path(__file__).parents[2] / "fortran" / "against_f2py").iterdir())
REQUIRED = os.environ.get("F2PYPY_REQUIRE_LIBRARIES", "") not in ("", "0")


@pytest.fixture(scope="module")
def both_outcomes(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the uses come to with f2pypy's module and with f2py's."""
    missing = [
        name
        for name, found in (
            ("f2pypy", importlib.util.find_spec("f2pypy")),
            ("meson", importlib.util.find_spec("mesonbuild")),
            ("gfortran", shutil.which("gfortran")),
        )
        if not found
    ]
    if missing:
        (pytest.fail if REQUIRED else pytest.skip)(f"needs {', '.join(missing)}")
    from f2pypy.command.cli import run

    ours, theirs = (tmp_path_factory.mktemp(name) for name in ("ours", "theirs"))
    output = str(ours / "against_f2py.py")
    files = [str(source) for source in SOURCES]
    assert run(["-c", "-m", "against_f2py", *files, "-o", output, "--quiet"]) == 0
    options = ["--backend", "meson", "-c", "-m", "against_f2py", *files]
    _run(["-m", "numpy.f2py", *options], theirs)
    return _outcomes(ours), _outcomes(theirs)


def _outcomes(folder: Path) -> dict[str, Any]:
    uses = Path(__file__).with_name("source_uses.py")
    _run([str(uses), str(folder), str(folder / "outcomes")], folder)
    found: dict[str, Any] = pickle.loads((folder / "outcomes").read_bytes())
    return found


def _run(arguments: list[str], folder: Path) -> None:
    scripts = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": scripts + os.pathsep + os.environ["PATH"]}
    subprocess.run(
        [sys.executable, *arguments],
        check=True,
        capture_output=True,
        cwd=folder,
        env=environment,
    )


@pytest.mark.parametrize(
    "use", [f"{place}-{use}" for place, use in enumerate(source_uses.SAME_AS_F2PY)]
)
def test_outcome(use: str, both_outcomes: Any) -> None:
    ours, theirs = both_outcomes
    assert ours[use] == theirs[use]


def test_generic_names_are_f2pypys_alone(both_outcomes: Any) -> None:
    ours, theirs = both_outcomes
    assert [ours[use] for use in source_uses.GENERIC] == [
        ("int", 2),
        ("float", "2.0"),
        ("int", 2),
    ]
    assert {theirs[use][0] for use in source_uses.GENERIC} == {"AttributeError"}


def test_names_of_other_modules_are_f2pypys_alone(both_outcomes: Any) -> None:
    ours, theirs = both_outcomes
    *variables, names = source_uses.SHOWN
    assert [ours[use][-1] for use in variables] == [1, 4, 4]
    assert {theirs[use][0] for use in variables} == {"AttributeError"}
    assert {*ours[names]} - {*theirs[names]} == {
        ("str", name) for name in ("renamed", "shown_p", "visible")
    }


@pytest.mark.parametrize("name", source_uses.DOCUMENTED)
def test_docstring(name: str, both_outcomes: Any) -> None:
    """They are the same, but for double backticks around a line that Sphinx would take for markup."""
    ours, theirs = both_outcomes
    assert ours[name].replace("``", "") == theirs[name].replace("``", "")

"""The pages of docs/ with an example are true: the example is built, and gives what the page shows."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Each page with the name of its source, the packages that its example needs, and how much of Python it has at least.
PAGES = [
    pytest.param("callbacks.md", "ode.f90", ("numba", "scipy"), 20, id="callbacks"),
    pytest.param("stops.md", "solvers.f90", (), 3, id="stops"),
    pytest.param("types.md", "particles.f90", (), 20, id="types"),
]


def blocks(page: str, kind: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.M | re.S)


@pytest.mark.skipif(shutil.which("gfortran") is None, reason="needs gfortran")
@pytest.mark.parametrize(("page", "file", "packages", "least"), PAGES)
def test_the_examples(
    tmp_path: Path, page: str, file: str, packages: tuple[str, ...], least: int
) -> None:
    for package in packages:
        pytest.importorskip(package, reason=f"needs {package}")
    (source,) = blocks(page, "fortran")
    (tmp_path / file).write_text(source)
    (console,) = blocks(page, "console")
    command, _, shown = console.removeprefix("$ f2pypy ").partition("\n")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "f2pypy", *command.split()],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == shown
    test = doctest.DocTestParser().get_doctest(
        "\n".join(blocks(page, "python")), {}, page, None, 0
    )
    assert len(test.examples) > least
    told: list[str] = []
    before = set(sys.modules)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(tmp_path)
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
        runner.run(test, out=told.append)
    made = {each.stem for each in tmp_path.glob("*.py")}
    for name in (set(sys.modules) - before) & made:
        del sys.modules[name]
    assert "".join(told) == ""

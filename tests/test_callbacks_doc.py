"""docs/callbacks.md is true: its file is built and its examples give what it shows."""

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
TEXT = (ROOT / "docs" / "callbacks.md").read_text(encoding="utf-8")

pytest.importorskip("numba", reason="needs numba")
pytest.importorskip("scipy", reason="needs SciPy")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", TEXT, re.M | re.S)


@pytest.mark.skipif(shutil.which("gfortran") is None, reason="needs gfortran")
def test_the_examples(tmp_path: Path) -> None:
    (source,) = blocks("fortran")
    (tmp_path / "ode.f90").write_text(source)
    (console,) = blocks("console")
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
        "\n".join(blocks("python")), {}, "callbacks.md", None, 0
    )
    assert len(test.examples) > 20
    told: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(tmp_path)
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
        runner.run(test, out=told.append)
    sys.modules.pop("solvers", None)
    assert "".join(told) == ""

"""The example of the BLAS signature file: what its README and its script show is true."""

from __future__ import annotations

import doctest
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import blas_libraries
import pytest

EXAMPLE = blas_libraries.SIGNATURE_FILE.parent


@pytest.fixture(scope="module")
def module(load_blas: Any) -> ModuleType:
    return load_blas(blas_libraries.fullest())


def test_readme(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "blas", module)
    results = doctest.testfile(
        str(EXAMPLE / "README.md"), module_relative=False, encoding="utf-8"
    )
    assert results.attempted > 5
    assert results.failed == 0


def test_script(module: ModuleType) -> None:
    folder = str(Path(module.__file__).parent)
    library = blas_libraries.fullest().find()
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([folder, os.environ.get("PYTHONPATH", "")]),
    }
    shown = subprocess.run(
        [sys.executable, str(EXAMPLE / "demo.py")],
        env={**environment, "F2PYPY_BLAS_LIBRARY": library},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert shown.returncode == 0, shown.stderr
    assert "ddot" in shown.stdout
    assert "140.0" in shown.stdout

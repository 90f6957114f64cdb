"""Modules generated from the LAPACK signature file, one for each library.

F2PYPY_LAPACK_MODULE names a module that was generated before, for interpreters on which f2pypy itself doesn't run.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

# Results must not depend on how many threads share the work; read when a library is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# How calls are made, spoiled and compared is the same as for BLAS.
sys.path.append(str(Path(__file__).parents[1] / "blas"))

import blas_libraries
import lapack_libraries

LoadLapack = Callable[[blas_libraries.LibraryKind], ModuleType]


@pytest.fixture(scope="session")
def load_lapack(tmp_path_factory: pytest.TempPathFactory) -> LoadLapack:
    """A function that gives the module for a kind of library, or skips (fails, where libraries are required)."""
    loaded: dict = {}

    def module_for(kind: blas_libraries.LibraryKind) -> ModuleType:
        if "path" not in loaded:
            loaded["path"] = _generated(tmp_path_factory)
        if kind not in loaded:
            loaded[kind] = lapack_libraries.load(loaded["path"], _path(kind))
        return loaded[kind]

    return module_for


def _path(kind: blas_libraries.LibraryKind) -> str:
    library = kind.find()
    if library is None:
        missing = f"the LAPACK library {kind.name} is not installed"
        if blas_libraries.REQUIRED:
            pytest.fail(f"{missing}, and F2PYPY_REQUIRE_LIBRARIES is set")
        pytest.skip(missing)
    return library


def _generated(factory: pytest.TempPathFactory) -> Path:
    if "F2PYPY_LAPACK_MODULE" in os.environ:
        return Path(os.environ["F2PYPY_LAPACK_MODULE"])
    if sys.version_info < (3, 10) or importlib.util.find_spec("f2pypy") is None:
        pytest.skip("f2pypy doesn't run here and F2PYPY_LAPACK_MODULE is not set")
    import f2pypy

    path = factory.mktemp("lapack") / "lapack.py"
    path.write_text(
        f2pypy.generate(lapack_libraries.SIGNATURE_FILE, strict=True), encoding="utf-8"
    )
    return path

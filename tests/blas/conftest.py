"""Modules generated from the BLAS signature file, one for each library.

F2PYPY_BLAS_MODULE and F2PYPY_BLAS_MODULE_INT64 name modules that were generated before, for interpreters on which
f2pypy itself doesn't run. F2PYPY_TEST_MODULE names any module to test in place of the first, f2py's for instance.
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

import blas_libraries

LoadBlas = Callable[[blas_libraries.LibraryKind], ModuleType]


@pytest.fixture(scope="session")
def load_blas(tmp_path_factory: pytest.TempPathFactory) -> LoadBlas:
    """A function that gives the module for a kind of library, or skips (fails, where libraries are required)."""
    loaded: dict = {}

    def module_for(kind: blas_libraries.LibraryKind) -> ModuleType:
        if kind not in loaded:
            loaded[kind] = _load(kind, tmp_path_factory)
        return loaded[kind]

    return module_for


def _load(
    kind: blas_libraries.LibraryKind, factory: pytest.TempPathFactory
) -> ModuleType:
    stand_in = os.environ.get("F2PYPY_TEST_MODULE")
    if stand_in:
        if kind is not blas_libraries.OPENBLAS32:
            pytest.skip("F2PYPY_TEST_MODULE has a library of its own")
        return blas_libraries.load(Path(stand_in), None)
    library = kind.find()
    if library is None:
        missing = f"the BLAS library {kind.name} is not installed"
        if blas_libraries.REQUIRED:
            pytest.fail(f"{missing}, and F2PYPY_REQUIRE_LIBRARIES is set")
        pytest.skip(missing)
    return blas_libraries.load(_generated(kind.int64, factory), library)


def _generated(int64: bool, factory: pytest.TempPathFactory) -> Path:
    variable = "F2PYPY_BLAS_MODULE_INT64" if int64 else "F2PYPY_BLAS_MODULE"
    given = os.environ.get(variable)
    if given:
        return Path(given)
    if sys.version_info < (3, 10) or importlib.util.find_spec("f2pypy") is None:
        pytest.skip(f"f2pypy doesn't run here and {variable} is not set")
    import f2pypy

    path = factory.mktemp("int64" if int64 else "int32") / "blas.py"
    path.write_text(
        f2pypy.generate(blas_libraries.SIGNATURE_FILE, int64=int64, strict=True),
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="session")
def new_blas(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], ModuleType]:
    """A function that imports the module anew under a value of F2PYPY_NATIVE."""
    kind = blas_libraries.fullest()
    library = kind.find()
    if library is None:
        pytest.skip("no BLAS library is installed")

    def load(native: str) -> ModuleType:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("F2PYPY_NATIVE", native)
            return blas_libraries.load(
                _generated(kind.int64, tmp_path_factory), library
            )

    return load

"""The LAPACK libraries that are tested, and modules generated for them."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import blas_libraries
from blas_libraries import LibraryKind

SIGNATURE_FILE = Path(__file__).parents[2] / "examples" / "lapack" / "lapack.pyf"
WHEEL = blas_libraries.OPENBLAS32
OPENBLAS = blas_libraries.OPENBLAS


def _reference() -> str | None:
    found = sorted(Path("/usr/lib").glob("*-linux-gnu*/lapack/liblapack.so.3"))
    return str(found[0]) if found else None


def _of_scipy() -> str | None:
    """The library inside SciPy's wheel: on both sides of a comparison it rounds in the same way."""
    spec = importlib.util.find_spec("scipy")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parents[1] / "scipy.libs"
    found = sorted(folder.glob("libscipy_openblas*"))
    return str(found[0]) if found else None


REFERENCE = LibraryKind("liblapack3", _reference)
OF_SCIPY = LibraryKind("the library in SciPy's wheel", _of_scipy)
KINDS = (WHEEL, REFERENCE, OPENBLAS)


def load(path: Path, library: str) -> ModuleType:
    """Import the generated module at `path` with `library` behind it."""
    spec = importlib.util.spec_from_file_location("lapack", str(path))
    module = importlib.util.module_from_spec(spec)
    previous = os.environ.get("F2PYPY_LAPACK_LIBRARY")
    os.environ["F2PYPY_LAPACK_LIBRARY"] = library
    try:
        spec.loader.exec_module(module)
    finally:
        os.environ.pop("F2PYPY_LAPACK_LIBRARY", None)
        if previous is not None:
            os.environ["F2PYPY_LAPACK_LIBRARY"] = previous
    return module

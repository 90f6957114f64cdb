"""The BLAS libraries that are tested, and modules generated for them."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

SIGNATURE_FILE = Path(__file__).parents[2] / "examples" / "blas" / "blas.pyf"
REQUIRED = os.environ.get("F2PYPY_REQUIRE_LIBRARIES", "") not in ("", "0")


@dataclass(frozen=True)
class LibraryKind:
    """A BLAS library: how it is called here, how it is found, and how wide its integers are."""

    name: str
    find: Callable[[], str | None]
    int64: bool = False


def _installed(*names: str) -> Callable[[], str | None]:
    """Finds a library of the system, in the directories that update-alternatives chooses from first."""

    def find() -> str | None:
        for name in names:
            for directory in sorted(Path("/usr/lib").glob("*-linux-gnu*")):
                if (directory / name).exists():
                    return str(directory / name)
        return None

    return find


def _of_package(package: str) -> Callable[[], str | None]:
    """Finds the library in a wheel such as scipy-openblas32 without importing it, which would load it."""

    def find() -> str | None:
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            return None
        found = sorted(Path(spec.origin).parent.glob("lib/*openblas*"))
        return str(found[0]) if found else None

    return find


OPENBLAS32 = LibraryKind("scipy-openblas32", _of_package("scipy_openblas32"))
OPENBLAS64 = LibraryKind(
    "scipy-openblas64", _of_package("scipy_openblas64"), int64=True
)
REFERENCE = LibraryKind("libblas3", _installed("blas/libblas.so.3"))
OPENBLAS = LibraryKind("libopenblas", _installed("libopenblas.so.0"))
KINDS = (OPENBLAS32, OPENBLAS64, REFERENCE, OPENBLAS)


def fullest() -> LibraryKind:
    """The kind on which all calls are made: the first that is installed, since time is short for all of them."""
    return next(
        (kind for kind in KINDS if not kind.int64 and kind.find() is not None),
        OPENBLAS32,
    )


def load(path: Path, library: str | None) -> ModuleType:
    """Import the generated module at `path` with `library` behind it."""
    spec = importlib.util.spec_from_file_location("blas", str(path))
    module = importlib.util.module_from_spec(spec)
    previous = os.environ.get("F2PYPY_BLAS_LIBRARY")
    if library is not None:
        os.environ["F2PYPY_BLAS_LIBRARY"] = library
    try:
        spec.loader.exec_module(module)
    finally:
        os.environ.pop("F2PYPY_BLAS_LIBRARY", None)
        if previous is not None:
            os.environ["F2PYPY_BLAS_LIBRARY"] = previous
    return module

"""Python packages that carry a BLAS."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Iterator

from f2pypy.runtime.libraries import Library, names_in

_PROVIDERS_32 = ("scipy_openblas32", "mkl")
_PROVIDERS_64 = ("scipy_openblas64", "mkl")
_SUFFIXES = (".so", ".dylib", ".dll")


def blas_packages(library: Library) -> Iterator[str]:
    """Yield the BLAS libraries in Python packages, for integers as wide as the library's."""
    for package in _PROVIDERS_64 if library.int64 else _PROVIDERS_32:
        try:
            yield from _package_libraries(package)
        except ImportError as failure:
            library.tried.append(f"Python package {package}: {failure}")


def _package_libraries(package: str) -> Iterator[str]:
    """Yield the shared libraries in a Python package; ImportError if there is none.

    The package is found, not imported: importing it would cost more than all the rest.
    """
    if package == "mkl":
        directory, wanted = _mkl_directory(), "mkl_rt"
    else:
        found = find_spec(package)
        if found is None:
            raise ImportError("not installed")
        directory = Path(next(iter(found.submodule_search_locations or ()))) / "lib"
        wanted = "openblas"
    names = names_in(directory)
    files = [directory / name for name in names if wanted in name and (name.endswith(_SUFFIXES) or ".so." in name)]
    if not files:
        raise ImportError(f"no shared library in {directory}")
    yield from map(str, files)


def _mkl_directory() -> Path:
    """Return where MKL lies; ImportError if it is not installed.

    The package has no module of its own (the module ``mkl`` is that of mkl-service): the record of its installation
    tells, or it is in the environment's folder of libraries, as with conda.
    """
    from importlib import metadata  # slow, like the providers a last resort

    parts = ["Library", "bin"] if sys.platform == "win32" else ["lib"]
    directory = Path(sys.prefix, *parts)
    try:
        distribution = metadata.distribution("mkl")
    except metadata.PackageNotFoundError:
        if not any("mkl_rt" in name for name in names_in(directory)):
            raise ImportError("not installed") from None
        return directory
    for file in distribution.files or ():
        if "mkl_rt" in file.name and file.suffix != ".lib":
            return Path(str(distribution.locate_file(file))).resolve().parent
    return directory

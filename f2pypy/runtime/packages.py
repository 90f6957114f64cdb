"""The BLAS that Python packages carry, or the system has."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from typing import Iterator

from f2pypy.runtime.libraries import Library

_PROVIDERS_32 = ("scipy_openblas32", "mkl")
_PROVIDERS_64 = ("scipy_openblas64", "mkl")
# What a loader finds without development packages, those with LAPACK first: FlexiBLAS is what Fedora links with,
# liblapack and libblas are what Debian's administrator chose.
_SYSTEM_32 = ("flexiblas.so.3", "openblas.so.0", "mkl_rt.so.3", "mkl_rt.so.2", "lapack.so.3", "blas.so.3")
_SYSTEM_64 = (
    "flexiblas64.so.3",
    "openblas64_.so.0",
    "openblas64.so.0",
    *_SYSTEM_32[2:4],
    "lapack64.so.3",
    "blas64.so.3",
)
_SUFFIXES = (".so", ".dylib", ".dll")


def blas_packages(library: Library) -> Iterator[str]:
    """Yield the BLAS libraries in Python packages, then the system's, for integers as wide as the library's."""
    for package in _PROVIDERS_64 if library.bits == 64 else _PROVIDERS_32:
        try:
            yield from _package_libraries(package)
        except ImportError as failure:
            library.tried.append(f"Python package {package}: {failure}")
    yield from _system_libraries(library.bits)


def _system_libraries(bits: int) -> Iterator[str]:
    """Yield what the system's loader may find; by no name that macOS or Windows might take from the current folder."""
    if sys.platform == "darwin":
        yield "/System/Library/Frameworks/Accelerate.framework/Accelerate"
    elif sys.platform != "win32":
        yield from map("lib{}".format, _SYSTEM_64 if bits == 64 else _SYSTEM_32)


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
        directory = os.path.join(next(iter(found.submodule_search_locations or ())), "lib")
        wanted = "openblas"
    names = _names_in(directory)
    names = [name for name in names if wanted in name and (name.endswith(_SUFFIXES) or ".so." in name)]
    if not names:
        raise ImportError(f"no shared library in {directory}")
    yield from (os.path.join(directory, name) for name in names)


def _names_in(directory: str) -> list[str]:
    """Return the names in a folder, sorted; none where there is no such folder."""
    try:
        return sorted(os.listdir(directory))
    except OSError:
        return []


def _mkl_directory() -> str:
    """Return where MKL lies; ImportError if it is not installed.

    The package has no module of its own (the module ``mkl`` is that of mkl-service): the record of its installation
    tells, or it is in the environment's folder of libraries, as with conda.
    """
    from importlib import metadata  # slow, like the providers a last resort

    parts = ["Library", "bin"] if sys.platform == "win32" else ["lib"]
    directory = os.path.join(sys.prefix, *parts)
    try:
        distribution = metadata.distribution("mkl")
    except metadata.PackageNotFoundError:
        if not any("mkl_rt" in name for name in _names_in(directory)):
            raise ImportError("not installed") from None
        return directory
    for file in distribution.files or ():
        if "mkl_rt" in file.name and file.suffix != ".lib":
            return os.path.dirname(os.path.realpath(str(distribution.locate_file(file))))
    return directory

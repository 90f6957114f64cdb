"""Finding the shared library that holds the Fortran procedures, and the symbols in it."""

from __future__ import annotations

import ctypes
import importlib
import os
import sys
import threading
from pathlib import Path
from typing import Any, Iterator, Sequence

_SUFFIXES = (".so", ".dylib", ".dll")
_SONAME_VERSIONS = range(9, -1, -1)
_LINEAR_ALGEBRA = ("blas", "lapack", "mkl")
_PROVIDERS_32 = ("scipy_openblas32", "mkl")
_PROVIDERS_64 = ("scipy_openblas64", "mkl")
_ERROR_LENGTH = 200


class MissingSymbol(AttributeError):
    """A procedure that the library does not have, or has only for integers of another width."""


class Library:
    """The shared library (or libraries) behind one generated module.

    `module` is the name of the generated module; `links` and `directories` are what ``-l`` and ``-L`` gave; `path` is
    a file to take first of all; `symbol` is a pattern such as "scipy_{name}_64_" for symbols that follow none of the
    usual manglings; `int64` says that default integers have 64 bits; `abi` says how complex functions return their
    result: "registers", "hidden" (through a first argument) or "auto" (tried out on first use).

    The search order is: `path`; the environment variable F2PYPY_<MODULE>_LIBRARY; a library beside the module; the
    names in `links`; Python packages that carry a BLAS. Raises ImportError with all that was tried.
    """

    __slots__ = (
        "abi",
        "directory",
        "handles",
        "int64",
        "lock",
        "module",
        "paths",
        "symbol",
        "tried",
    )

    def __init__(
        self,
        module: str,
        links: Sequence[str] = (),
        directories: Sequence[str] = (),
        path: str | None = None,
        symbol: str | None = None,
        int64: bool = False,
        abi: str = "auto",
    ) -> None:
        self.module = module
        self.symbol = symbol
        self.int64 = int64
        self.abi = os.environ.get(f"{self._environment_prefix}_ABI") or abi
        if self.abi not in ("auto", "registers", "hidden"):
            raise ImportError(
                f"{module}: abi is {self.abi!r}, expected 'auto', 'registers' or 'hidden'"
            )
        self.directory = _caller_directory()
        self.lock = threading.RLock()
        self.handles: list[ctypes.CDLL] = []
        self.paths: list[str] = []
        self.tried: list[str] = []
        self._load(links, directories, path)

    @property
    def _environment_prefix(self) -> str:
        name = self.module.rpartition(".")[2].upper()
        return "F2PYPY_" + "".join(
            letter if letter.isalnum() else "_" for letter in name
        )

    def _load(
        self, links: Sequence[str], directories: Sequence[str], path: str | None
    ) -> None:
        variable = f"{self._environment_prefix}_LIBRARY"
        if path is not None and self._open(str(self.directory / path)):
            return
        chosen = os.environ.get(variable)
        if chosen:
            if self._open(chosen):
                return
            raise ImportError(self._not_found(variable))
        self.tried.append(f"{variable}: not set")
        if any(
            self._open(beside, must_exist=True)
            for beside in self._beside(self.module.rpartition(".")[2])
        ):
            return
        for link in links:
            any(
                self._open(name, must_exist)
                for name, must_exist in self._linked(link, directories)
            )
        if not self.handles and self._wants_linear_algebra(links):
            any(self._open(provided) for provided in self._provided())
        if not self.handles:
            raise ImportError(self._not_found(variable))

    def _beside(self, name: str) -> Iterator[str]:
        for suffix in _SUFFIXES:
            for prefix in ("lib", ""):
                yield str(self.directory / (prefix + name + suffix))

    def _linked(
        self, link: str, directories: Sequence[str]
    ) -> Iterator[tuple[str, bool]]:
        """File names to try for ``-l link``, each with whether to try it only if it exists."""
        for directory in (*directories, str(self.directory)):
            for name in (
                f"lib{link}.so",
                f"lib{link}.dylib",
                f"{link}.dll",
                f"lib{link}.dll",
            ):
                yield str(Path(directory, name)), True
            yield from (
                (versioned, True)
                for versioned in _versions(directory, f"lib{link}.so.")
            )
        if sys.platform == "win32":
            yield from ((name, False) for name in (f"{link}.dll", f"lib{link}.dll"))
        elif sys.platform == "darwin":
            yield f"lib{link}.dylib", False
        else:
            yield f"lib{link}.so", False
            # Systems without development packages have the run-time names only: libblas.so.3, libopenblas.so.0.
            yield from (
                (f"lib{link}.so.{version}", False) for version in _SONAME_VERSIONS
            )
        found = _find_library(link)
        if found:
            yield found, False

    def _wants_linear_algebra(self, links: Sequence[str]) -> bool:
        return any(
            word in name for name in (self.module, *links) for word in _LINEAR_ALGEBRA
        )

    def _provided(self) -> Iterator[str]:
        for package in _PROVIDERS_64 if self.int64 else _PROVIDERS_32:
            try:
                yield from _package_libraries(package)
            except ImportError as failure:
                self.tried.append(f"Python package {package}: {failure}")

    def _open(self, path: str, must_exist: bool = False) -> bool:
        if must_exist and not Path(path).exists():
            self.tried.append(f"{path}: no such file")
            return False
        try:
            handle = (getattr(ctypes, "PyDLL", None) or ctypes.CDLL)(path)
        except OSError as failure:
            self.tried.append(f"{path}: {str(failure)[:_ERROR_LENGTH]}")
            return False
        if hasattr(handle, f"PyInit_{self.module.rpartition('.')[2]}"):
            self.tried.append(
                f"{path}: is an extension module of Python, not a library"
            )
            return False
        self.handles.append(handle)
        self.paths.append(path)
        return True

    def _not_found(self, variable: str) -> str:
        tried = "".join(f"\n  {attempt}" for attempt in self.tried)
        return (
            f"{self.module}: found no shared library with its Fortran procedures. Tried:{tried}\n"
            f"Set the environment variable {variable} to the path of the library."
        )

    def find(self, name: str) -> tuple[ctypes.CDLL, str]:
        """Return the library that has the procedure `name`, and its symbol there.

        A module procedure is named "module.procedure".

        Raises MissingSymbol, an AttributeError, that says which libraries were searched for which symbols.
        """
        symbols = self._manglings(name)
        for symbol in symbols:
            for handle in self.handles:
                if hasattr(handle, symbol):
                    return handle, symbol
        self._refuse_other_width(name)
        raise MissingSymbol(
            f"{self.module}: {' and '.join(self.paths)} have no procedure {name}; tried the symbols {', '.join(symbols)}"
        )

    def _manglings(self, name: str) -> list[str]:
        if self.symbol is not None:
            return [self.symbol.format(name=name, NAME=name.upper())]
        module, _, procedure = name.rpartition(".")
        if module:
            return [
                f"__{module}_MOD_{procedure}",
                f"_QM{module}P{procedure}",
                f"{module}_mp_{procedure}_",
            ]
        plain = [
            f"{name}_",
            name,
            f"{name}__",
            name.upper(),
            f"{name.upper()}_",
            f"scipy_{name}_",
        ]
        return [*_wide_symbols(name), *plain] if self.int64 else plain

    def _refuse_other_width(self, name: str) -> None:
        if self.int64 or self.symbol is not None:
            return
        for handle, path in zip(self.handles, self.paths):
            for symbol in _wide_symbols(name):
                if hasattr(handle, symbol):
                    raise MissingSymbol(
                        f"{self.module}: {path} has {name} for 64-bit integers only ({symbol}), and this module was "
                        f"generated for 32-bit integers: use another library or generate the module for 64 bits"
                    )


def _wide_symbols(name: str) -> list[str]:
    return [f"scipy_{name}_64_", f"{name}_64_", f"{name}_64", f"{name}64_"]


def _caller_directory() -> Path:
    """Return the directory of the module that makes the library."""
    file = sys._getframe(2).f_globals.get("__file__")
    return Path(file).resolve().parent if file else Path.cwd()


def _versions(directory: str, prefix: str) -> list[str]:
    return sorted(map(str, Path(directory).glob(f"{prefix}*")), reverse=True)


def _find_library(link: str) -> str | None:
    # Slow (it may run a compiler), so it is the last resort and imported only then.
    from ctypes.util import find_library

    return find_library(link)


def _package_libraries(package: str) -> Iterator[str]:
    """Yield the shared libraries in a Python package; ImportError if there is none."""
    module: Any = importlib.import_module(package)
    if hasattr(module, "get_lib_dir"):
        directory = Path(module.get_lib_dir())
        wanted = "openblas"
    else:
        directory = Path(
            sys.prefix, "Library" if sys.platform == "win32" else "", "lib"
        )
        wanted = "mkl_rt"
    names = [
        str(file)
        for file in sorted(directory.glob(f"*{wanted}*"))
        if file.name.endswith(_SUFFIXES) or ".so." in file.name
    ]
    if not names:
        raise ImportError(f"no shared library in {directory}")
    yield from names

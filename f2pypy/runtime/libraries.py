"""Finding the shared library that holds the Fortran procedures, and the symbols in it."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator, Sequence

from f2pypy.runtime.conventions import hides_complex_result, integer_bits, returns_double_for_real
from f2pypy.runtime.turns import Turns

_FILE_NAMES = {
    "linux": ("lib{}.so", "{}.so"),
    "darwin": ("lib{}.dylib", "{}.dylib", "lib{}.so", "{}.so"),
    "win32": ("{}.dll", "lib{}.dll"),
}
_SONAME_VERSIONS = range(9, -1, -1)
_BLAS_MARKS = ("daxpy", "ddot", "dscal")
# What compilers call for OpenMP: in GNU's library, in Intel's and LLVM's.
_PARALLEL_MARKS = ("GOMP_parallel", "__kmpc_fork_call")
# Accelerate's names for 32-bit and for 64-bit integers, as its headers (vecLib/lapack.h) spell them.
_ACCELERATE = ("$NEWLAPACK", "$NEWLAPACK$ILP64")
_CONVENTIONS = ("auto", "registers", "hidden", "f2c")


class MissingSymbol(AttributeError):
    """A procedure that the library lacks, or has only for integers of another width."""


class Library:
    """The shared library, or libraries, behind one generated module.

    `module` is the name of the generated module; `links` and `directories` are what
    ``-l`` and ``-L`` gave; `path` is a file to take first of all, relative to the
    module; `symbol` is a pattern such as "scipy_{name}_64_" where the usual manglings
    don't serve; `int64` says that default integers have 64 bits; `abi` says where
    complex functions leave their result: in "registers", in a "hidden" first argument
    ("f2c" is that, with reals returned as doubles), or "auto", which finds out.
    `compiler` is what made it, a `Compiler`: None where nothing of Fortran modules or
    descriptors is needed. `packages` yields libraries that Python packages carry, `blas_packages` for one.

    Unless it is `needed`, the module works without any library.

    Searched are: `path`; the environment variable F2PYPY_<MODULE>_LIBRARY; the place beside the module, where it has a
    file; `links` in `directories` and where the system looks; `packages`. F2PYPY_<MODULE>_ABI overrides `abi`. Raises
    ImportError that lists what was tried.
    """

    def __init__(
        self,
        module: str,
        links: Sequence[str] = (),
        directories: Sequence[str] = (),
        path: str | None = None,
        symbol: str | None = None,
        int64: bool = False,
        abi: str = "auto",
        compiler: Any = None,
        needed: bool = True,
        packages: Callable[[Library], Iterator[str]] | None = None,
    ) -> None:
        self.module = module
        self.needed = needed
        self.compiler = compiler
        self.stem = module.rpartition(".")[2]
        self.symbol = symbol
        self.int64 = int64
        self.abi = os.environ.get(self._variable("ABI")) or abi
        if self.abi not in _CONVENTIONS:
            raise ImportError(f"{module}: abi is {self.abi!r}, expected one of {', '.join(_CONVENTIONS)}")
        self.native: Any = None  # a NativeTier, where calls are worth counting
        self.by_name: Any = None  # CallsByName, where Fortran calls Python by name
        self.directory = _caller_directory()
        self.tried: list[str] = []
        self.broken: list[str] = []  # of these, the files that are there
        self.handles = self._load(links, directories, path, packages)
        is_parallel = self.locate(_PARALLEL_MARKS) is not None
        self.turns = Turns(module, is_parallel)
        self.calls_python = False  # whether it is passed callbacks, or calls Python by name
        self.is_parallel = is_parallel
        self._width_checked = False
        # Looking for symbols that aren't there is what takes time.
        self._is_prefixed = any("scipy_" in handle._name for handle in self.handles)

    def _variable(self, purpose: str) -> str:
        name = "".join(letter if letter.isalnum() else "_" for letter in self.stem.upper())
        return f"F2PYPY_{name}_{purpose}"

    def _load(
        self,
        links: Sequence[str],
        directories: Sequence[str],
        path: str | None,
        packages: Callable[[Library], Iterator[str]] | None,
    ) -> list[ctypes.CDLL]:
        for directory in map(Path, directories):
            # Windows looks for what a library needs beside it and in folders that it is told; Python took PATH from it.
            place = directory if self.directory is None else self.directory / directory
            if hasattr(os, "add_dll_directory") and place.is_absolute() and place.is_dir():
                os.add_dll_directory(str(place))
        chosen = os.environ.get(self._variable("LIBRARY"))
        # A path without a directory may also be a name for the system's loader.
        found = [] if path is None else self._first(self._given(path))
        if found:
            return found
        if chosen:
            # Somebody asked for this one: another in its place would be a surprise.
            return self._first([chosen]) or self._give_up()
        self.tried.append(f"{self._variable('LIBRARY')}: not set")
        return (
            self._first(self._beside(self.stem))
            or [handle for link in links for handle in self._first(self._linked(link, directories))]
            or self._first(packages(self) if packages else ())
            or self._give_up()
        )

    def _first(self, names: Iterable[str]) -> list[ctypes.CDLL]:
        """Return the first library that loads, in a list; an empty list if none does."""
        for name in names:
            try:
                handle = _load_current(name)
            except OSError as failure:
                said = str(failure) if name in str(failure) else f"{name}: {failure}"
                self.tried.append(said)
                if Path(name).is_file():
                    self.broken.append(said)
                continue
            if hasattr(handle, f"PyInit_{self.stem}"):
                self.tried.append(f"{name}: is an extension module of Python")
                continue
            return [handle]
        return []

    def _given(self, path: str) -> Iterator[str]:
        """Yield what a path that the generator was given may mean: a file beside the module, a name for the loader."""
        if self.directory is not None:
            yield str(self.directory / path)
        if Path(path).is_absolute() or path == Path(path).name:
            yield path

    def _beside(self, name: str) -> Iterator[str]:
        """Yield the files beside the module that may be the library `name`."""
        if self.directory is None:
            self.tried.append(f"beside the module: {self.module} has no __file__")
        else:
            yield from self._files(self.directory, name)

    def _files(self, directory: Path, name: str) -> Iterator[str]:
        """Yield the files in `directory` that may be the library `name`."""
        patterns = _FILE_NAMES.get(sys.platform, _FILE_NAMES["linux"])
        names = [pattern.format(name) for pattern in patterns]
        files = [directory / name for name in names if (directory / name).is_file()]
        versions = [each for each in names_in(directory) if each.startswith(f"lib{name}.so.")]
        files += [directory / each for each in reversed(versions)]
        if not files:
            self.tried.append(f"{directory}: no {' or '.join(names)}")
        yield from map(str, files)

    def _linked(self, link: str, directories: Sequence[str]) -> Iterator[str]:
        """Yield what ``-l link`` may mean, for the system's loader to try."""
        for name in self._named(link, directories):
            # macOS looks for a bare name in the current folder, too, which anybody may have filled.
            if sys.platform == "darwin" and name == Path(name).name:
                if Path(name).exists():
                    self.tried.append(f"{name}: not taken from the current folder")
                    continue
            yield name

    def _named(self, link: str, directories: Sequence[str]) -> Iterator[str]:
        for directory in map(Path, directories):
            # A relative folder is one beside the module, never one of the current folder.
            if self.directory is not None:
                yield from self._files(self.directory / directory, link)
            elif directory.is_absolute():
                yield from self._files(directory, link)
        yield from self._beside(link)
        yield from (pattern.format(link) for pattern in _FILE_NAMES.get(sys.platform, _FILE_NAMES["linux"])[:2])
        if sys.platform.startswith("linux"):
            # Without development packages a system has run-time names only: libblas.so.3
            yield from (f"lib{link}.so.{version}" for version in _SONAME_VERSIONS)
        found = _find_library(link)
        if found:
            yield found

    def _give_up(self) -> list[ctypes.CDLL]:
        if not self.needed and not os.environ.get(self._variable("LIBRARY")):
            return []
        tried = "".join(f"\n  {attempt}" for attempt in self.tried)
        failure = "no shared library with its Fortran procedures was found"
        if self.broken:
            failure = f"its library can't be loaded, the loader says: {self.broken[0]}"
        raise ImportError(
            f"{self.module}: {failure}. Tried:{tried}\n"
            f"Set the environment variable {self._variable('LIBRARY')} to the path of the library."
        )

    def find(self, name: str, fortran_module: str = "", exact: bool = False) -> tuple[ctypes.CDLL, str]:
        """Return the library that has the procedure `name`, and its symbol there.

        `fortran_module` is the module that contains the procedure, `exact` says that its
        symbol is its name as it stands. Raises MissingSymbol, which says what was
        searched, or that the library's integers have the wrong width.
        """
        self._check_width()
        symbols = self._manglings(name, fortran_module, exact)
        found = self._search(symbols, name if exact else "")
        if found is not None:
            return found
        paths = self.paths
        wide = None if self.int64 else self._search(_wide_symbols(name))
        if wide is not None:
            raise MissingSymbol(f"{self.module}: {paths} has {name} only as {wide[1]}, {self._wrong_width(64)}")
        spelled = f", as {self.compiler.name} spells it" if fortran_module else ""
        raise MissingSymbol(f"{self.module}: no {name} in {paths}; tried the symbols {', '.join(symbols)}{spelled}")

    @property
    def lends_interpreter(self) -> bool:
        """Whether other threads must be able to run Python while Fortran runs: its own may call it."""
        return self.calls_python and self.is_parallel

    @property
    def paths(self) -> str:
        """The libraries as messages call them."""
        return " and ".join(handle._name for handle in self.handles) or "no library"

    def address_of(self, name: str, fortran_module: str = "", exact: bool = False) -> int | None:
        """Return the address of a procedure, None if no library has it; see `find`."""
        symbols = self._manglings(name, fortran_module, exact)
        found = self._search(symbols, name if exact else "")
        return None if found is None else _address_in(*found)

    def locate(self, symbols: Iterable[str]) -> int | None:
        """Return the address of the first of `symbols` that a library has, None if none does."""
        for symbol in symbols:
            for handle in self.handles:
                address = _address_in(handle, symbol)
                if address is not None:
                    return address
        return None

    def _search(self, symbols: Sequence[str], exact: str = "") -> tuple[ctypes.CDLL, str] | None:
        """Return the first library and symbol of `symbols` that there is.

        Unless it is `exact`, a plain name that the interpreter itself has is none: the
        C library's ``exit`` and ``pow`` are no Fortran procedures.
        """
        for symbol in symbols:
            is_plain = not symbol.endswith(("_", *_ACCELERATE)) and symbol != exact
            for handle in self.handles:
                address = _address_in(handle, symbol)
                if address is None:
                    continue
                if not is_plain or address != _address_in(_process(), symbol):
                    return handle, symbol
        return None

    def _manglings(self, name: str, fortran_module: str = "", exact: bool = False) -> list[str]:
        if exact:
            return [name]
        if fortran_module:
            # Fortran's names are lower case to every compiler, whatever a signature file says.
            module, name = fortran_module.lower(), name.lower()
            return [self.compiler.procedure.format(module=module, name=name)]
        if self.symbol is not None:
            return [self.symbol.format(name=name)]
        upper = name.upper()
        plain = [f"{name}_", name, f"{name}__", upper, f"{upper}_", f"scipy_{name}_"]
        if self._is_prefixed:
            plain.insert(0, plain.pop())
        if self.int64:
            plain = [*_wide_symbols(name), *plain]
        if sys.platform == "darwin":
            # Accelerate's LAPACK of today; what it has by plain names is LAPACK 3.2 with f2c's conventions.
            plain.insert(0, name + _ACCELERATE[self.int64])
        return plain

    def _check_width(self) -> None:
        """Refuse a BLAS whose integers are wider or narrower than the module's."""
        if self._width_checked:
            return
        if self._is_blas():
            bits = integer_bits(self._blas("ddot"))
            if bits != (64 if self.int64 else 32):
                raise MissingSymbol(f"{self.module}: {self.paths} is {self._wrong_width(bits)}")
        self._width_checked = True

    def _wrong_width(self, bits: int) -> str:
        return (
            f"for {bits}-bit integers, and this module was generated for {64 if self.int64 else 32}-bit ones: "
            f"give it another library, or generate it for {bits} bits"
        )

    def _is_blas(self) -> bool:
        return all(self._search(self._manglings(name)) for name in _BLAS_MARKS)

    def _blas(self, name: str) -> Any:
        found = self._search(self._manglings(name))
        return None if found is None else found[0][found[1]]

    def hides_complex_results(self) -> bool:
        """Say whether complex functions take a hidden first argument for their result."""
        if self.abi == "auto":
            hidden = None
            for name, part in (("zdotu", ctypes.c_double), ("cdotu", ctypes.c_float)):
                function = self._blas(name)
                if hidden is None and function is not None and self._is_blas():
                    hidden = hides_complex_result(function, part, 64 if self.int64 else 32)
            self.abi = "hidden" if hidden else "registers"
        return self.abi in ("hidden", "f2c")

    def returns_double_for_real(self) -> bool:
        """Say whether REAL functions return a double, as f2c's do."""
        if self.abi == "f2c":
            return True
        sdot = self._blas("sdot")
        if sdot is None or not self._is_blas():
            return False
        return returns_double_for_real(sdot, 64 if self.int64 else 32)


def _wide_symbols(name: str) -> list[str]:
    return [f"scipy_{name}_64_", f"{name}_64_", f"{name}_64", f"{name}64_"]


def _caller_directory() -> Path | None:
    """Return the directory of the module that makes the library, None where it comes from no file."""
    file = sys._getframe(2).f_globals.get("__file__")
    return Path(file).resolve().parent if file else None


def _find_library(link: str) -> str | None:
    # Slow, as it may run a compiler: the last resort, imported when it is needed.
    from ctypes.util import find_library

    return find_library(link)


def names_in(directory: Path) -> list[str]:
    """Return the names in a folder, sorted; none where there is no such folder."""
    # Not by patterns: a path may have brackets in it, and PyPy 3.11's glob doesn't find those that begin with a star.
    try:
        return sorted(entry.name for entry in os.scandir(directory))
    except OSError:
        return []


def _load_current(name: str) -> ctypes.CDLL:
    """Load the library `name`; where it is a path, the file that is there now.

    A loader that has a library of that path gives it again, though the file was replaced since: a module that is
    reloaded would call what it no longer describes. Another spelling of the path makes the loader look at the file.
    """
    # PyDLL keeps the interpreter lock, as f2py does: a Fortran library with common
    # blocks can't be entered twice. PyPy has no PyDLL.
    load: Callable[[str], ctypes.CDLL] = getattr(ctypes, "PyDLL", ctypes.CDLL)
    handle = load(name)
    directory, slash, file = name.rpartition("/")
    while slash and _is_replaced(handle, name):
        directory += "/."
        other = load(f"{directory}/{file}")
        if other._handle == handle._handle:
            break  # a file system that numbers its files in two ways
        handle = other
    return handle


def _is_replaced(handle: ctypes.CDLL, path: str) -> bool:
    """Tell whether `path` is another file than the one that was loaded; False where the system doesn't say."""
    # PyPy's handles are objects.
    if not sys.platform.startswith("linux") or not isinstance(handle._handle, int):
        return False
    # A handle is the address of the loader's link_map (link.h), which begins with the base address.
    base = f"{ctypes.c_size_t.from_address(handle._handle).value:x}-"
    try:
        number = Path(path).stat().st_ino
        with Path("/proc/self/maps").open(errors="replace") as mappings:
            found = [line.split()[4] for line in mappings if line.startswith(base)]
    except OSError:
        return False
    return bool(found) and found[0] != str(number)


def _address_in(handle: ctypes.CDLL | None, symbol: str) -> int | None:
    """Return the address of a symbol in a library, None if it has none such."""
    if handle is None:
        return None
    try:
        return ctypes.addressof(ctypes.c_char.in_dll(handle, symbol))
    except ValueError:
        return None


def _process() -> ctypes.CDLL | None:
    """Return the running interpreter as a library, None where the system can't say."""
    return None if sys.platform == "win32" else ctypes.CDLL(None)

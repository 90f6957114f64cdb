"""Finding the shared library that holds the Fortran procedures, and the symbols in it.

`f2pypy.runtime.links` has the search for what ``-l`` names, `f2pypy.runtime.conventions` how a library was compiled.
"""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cached_property
from typing import Any, Callable, Iterable, Iterator

from f2pypy.runtime.conventions import hides_complex_result, integer_bits, returns_double_for_real
from f2pypy.runtime.interpreter import PROCESS
from f2pypy.runtime.process_end import report_process_end
from f2pypy.runtime.turns import Turns

_FILE_NAMES = {"darwin": "lib{0}.dylib {0}.dylib lib{0}.so {0}.so", "win32": "{0}.dll lib{0}.dll"}
FILE_NAMES = _FILE_NAMES.get(sys.platform, "lib{0}.so {0}.so").split()
# How compilers and libraries spell the procedure {0}, which is {1} in upper case; and those with integers of 64 bits.
_SYMBOLS = ["{0}_", "{0}", "{0}__", "{1}", "{1}_", "scipy_{0}_"]
_WIDE_SYMBOLS = ["scipy_{0}_64_", "{0}_64_", "{0}_64", "{0}64_"]
# Accelerate's LAPACK of today (vecLib/lapack.h); what it has by plain names is LAPACK 3.2 with f2c's conventions.
_ACCELERATE = ("{0}$NEWLAPACK", "{0}$NEWLAPACK$ILP64")
_STATIC = "; it is a static library: link it into a shared one, as f2pypy -c does"
_CONVENTIONS = ("auto", "registers", "hidden", "f2c")


class MissingSymbol(AttributeError):
    """A procedure that the library lacks, or has only for integers of another width."""


class Library:
    """The shared library, or libraries, that one generated module calls.

    `module` is the name of the generated module; `path` is a file to take first of all, relative to the module;
    `symbol` is a pattern such as "scipy_{name}_64_" where the usual manglings don't serve; `int64` says that default
    integers have 64 bits; `abi` says where complex functions leave their result: in "registers", in a "hidden" first
    argument ("f2c" is that, with reals returned as doubles), or "auto", which finds out. `compiler` is what made it, a
    `Compiler`: None where nothing of Fortran modules or descriptors is needed. `linked` is what ``-l`` and ``-L`` gave,
    a `Links`. `packages` yields libraries that Python packages carry, `blas_packages` for one.
    `stops` makes what turns stops into exceptions, see `raising`; F2PYPY_STOP_RAISES=1 asks for it, 0 does without.

    Unless it is `needed`, the module works without any library.

    Searched are: `path`; the environment variable F2PYPY_<MODULE>_LIBRARY; the place beside the module, where it has a
    file; what is `linked`; `packages`. F2PYPY_<MODULE>_ABI overrides `abi`. MODULE is the name under which Python
    imports the module or else `module`: a signature file's module may be written to a file of another name. Raises
    ImportError that lists what was tried.
    """

    native: Any = None  # a NativeTier, where calls are worth counting
    by_name: Any = None  # CallsByName, where Fortran calls Python by name
    has_threadsafe = False  # whether other threads run during calls of some routines
    lends_interpreter = False  # whether Fortran's own threads may call Python

    def __init__(
        self,
        module: str,
        path: str | None = None,
        symbol: str | None = None,
        int64: bool = False,
        abi: str = "auto",
        compiler: Any = None,
        needed: bool = True,
        linked: Any = None,
        packages: Callable[[Library], Iterator[str]] | None = None,
        stops: Callable[[Library], Any] | None = None,
    ) -> None:
        self.namespace = namespace = sys._getframe(1).f_globals
        if "__all__" in namespace:  # of a generated module: what `dir` shows, and pytest hides
            namespace["__dir__"] = lambda: [*namespace["__all__"], *(name for name in namespace if name[:2] == "__")]
            namespace["__tracebackhide__"] = True
        self.directory = os.path.dirname(os.path.realpath(namespace["__file__"])) if namespace.get("__file__") else ""
        self.module, self.compiler = module, compiler
        names = (namespace.get("__name__") or module, module)
        self.stems = list(dict.fromkeys(name.rpartition(".")[2] for name in names))
        self.symbol, self.bits = symbol, 64 if int64 else 32
        usual = _WIDE_SYMBOLS + _SYMBOLS if int64 else _SYMBOLS
        self.patterns = [symbol] if symbol else [_ACCELERATE[int64], *usual] if sys.platform == "darwin" else usual
        self.variables = [f"F2PYPY_{''.join(c if c.isalnum() else '_' for c in each.upper())}" for each in self.stems]
        self.abi = self._chosen("ABI") or abi
        if self.abi not in _CONVENTIONS:
            raise ImportError(f"{module}: abi is {self.abi!r}, expected one of {', '.join(_CONVENTIONS)}")
        self.turns = Turns(module)
        self.tried: list[str] = []
        self.broken: list[str] = []  # of these, the files that are there
        self.handles = self._load(path, linked, packages, needed)
        self.paths = " and ".join(handle._name for handle in self.handles) or "no library"  # as messages call them
        # Looking for symbols that aren't there is what takes time.
        if any("scipy_" in handle._name for handle in self.handles):
            self.patterns = sorted(self.patterns, key=lambda pattern: "scipy_" not in pattern)
        if self.handles:
            report_process_end()
        chosen = os.environ.get("F2PYPY_STOP_RAISES")
        if chosen == "1" and stops is None:
            from f2pypy.runtime.guarded_calls import stops_raise as stops  # the module may not carry it
        self.guard: Any = None if chosen == "0" or stops is None else stops(self)

    def _chosen(self, what: str) -> str | None:
        return next(filter(None, (os.environ.get(f"{each}_{what}") for each in self.variables)), None)

    def _load(self, path: str | None, linked: Any, packages: Any, needed: bool) -> list[ctypes.CDLL]:
        # A path without a directory may also be a name for the system's loader.
        places = {} if path is None else dict.fromkeys((os.path.join(self.directory, path), path))
        found = self.first(each for each in places if os.path.isabs(each) or os.path.basename(each) == each)
        chosen = self._chosen("LIBRARY")
        if chosen:
            # Somebody asked for this one: another in its place would be a surprise.
            found = found or self.first([chosen])
        elif path is None:
            self.tried += [f"{each}_LIBRARY: not set" for each in self.variables]
            beside = (file for stem in self.stems for file in self.files(self.directory, stem))
            found = self.first(beside) or (linked.load(self) if linked else [])
            # What is there and can't be loaded isn't replaced by another, as that would be a surprise, too.
            found = found or (self.first(packages(self)) if packages and not self.broken else [])
        elif not found and not self.directory:
            self.tried.append(f"beside the module: {self.module} has no __file__")
        if found or not (needed or chosen):
            return found
        failure = "no shared library with its Fortran procedures was found"
        if self.broken:
            failure = f"its library can't be loaded, the loader says: {self.broken[0]}"
        tried = "\n  ".join([f"{self.module}: {failure}. Tried:", *self.tried])
        variable = f"{self.variables[-1]}_LIBRARY"
        raise ImportError(f"{tried}\nSet the environment variable {variable} to the path of the library.")

    def first(self, names: Iterable[str]) -> list[ctypes.CDLL]:
        """Return the first library that loads, in a list; an empty list if none does."""
        for name in names:
            try:
                handle = _load_current(name)
            except OSError as failure:
                said = str(failure) if name in str(failure) else f"{name}: {failure}"
                self.tried.append(said + _STATIC * name.endswith((".a", ".lib")))
                self.broken += self.tried[-1:] if os.path.isfile(name) else []
                continue
            if not any(hasattr(handle, f"PyInit_{stem}") for stem in self.stems):
                return [handle]
            self.tried.append(f"{name}: is an extension module of Python")
        return []

    def files(self, directory: str, name: str) -> list[str]:
        """Return the files in `directory`, "" for none, that may be the library `name`."""
        names = [pattern.format(name) for pattern in FILE_NAMES]
        # without an error where there is no such folder
        there = next(os.walk(directory), ("", [], []))[2] if directory else []
        versions = [each for each in sorted(there, reverse=True) if each.startswith(f"lib{name}.so.")]
        found = [os.path.join(directory, each) for each in (*names, *versions) if each in there]
        if not found:
            missing = f"{directory}: no {' or '.join(names)}"
            self.tried.append(missing if directory else f"beside the module: {self.module} has no __file__")
        return found

    def find(self, name: str, fortran_module: str = "", exact: bool = False) -> tuple[ctypes.CDLL, str]:
        """Return the library that has the procedure `name`, and its symbol there.

        `fortran_module` is the module that contains the procedure, `exact` says that its symbol is its name as it
        stands. Raises MissingSymbol, which says what was searched, or that the library's integers have the wrong width.
        """
        symbols = self.symbols(name, fortran_module, exact)
        found = self.search(symbols, exact, self.fitting)
        if found is not None:
            return found
        failure = f"no {name} in {self.paths}; tried the symbols {', '.join(symbols)}"
        if fortran_module:
            failure += f", as {self.compiler.name} spells it"
        misfit, bits = self.search(symbols, exact), 96 - self.bits
        wide = None if misfit or bits == 32 else self.search([each.format(name) for each in _WIDE_SYMBOLS])
        if misfit or wide:
            failure = f"{misfit[0]._name} is" if misfit else f"{self.paths} has {name} only as {wide and wide[1]},"
            failure += f" for {bits}-bit integers, and this module was generated for {self.bits}-bit ones: "
            failure += f"give it another library, or generate it {'with' if bits == 64 else 'without'} --int64"
        raise MissingSymbol(f"{self.module}: {failure}")

    def symbols(self, name: str, fortran_module: str = "", exact: bool = False) -> list[str]:
        """Return the symbols that the procedure may have, see `find`."""
        if fortran_module and not exact:
            # Fortran's names are lower case to every compiler, whatever a signature file says.
            return [self.compiler.procedure.format(module=fortran_module.lower(), name=name.lower())]
        return [name] if exact else [each.format(name, name.upper(), name=name) for each in self.patterns]

    def search(self, symbols: Iterable[str], exact: bool = False, among: Any = None) -> tuple[ctypes.CDLL, str] | None:
        """Return the first library, of all or `among` some of them, and symbol of `symbols` that there is.

        Unless it is `exact`, a plain name that the interpreter itself has is none: the C library's ``exit`` and ``pow``
        are no Fortran procedures.
        """
        for symbol in symbols:
            is_plain = not exact and symbol[-1] != "_" and "$" not in symbol
            for handle in self.handles if among is None else among:
                address = address_in(handle, symbol)
                if address is not None and not (is_plain and PROCESS and _is_borrowed(handle, symbol, address)):
                    return handle, symbol
        return None

    def address_of(self, name: str, fortran_module: str = "", exact: bool = False) -> int | None:
        """Return the address of a procedure, None if no library has it; see `find`."""
        found = self.search(self.symbols(name, fortran_module, exact), exact)
        return None if found is None else address_in(*found)

    def locate(self, symbols: Iterable[str]) -> int | None:
        """Return the address of the first of `symbols` that a library has, None if none does."""
        found = (address_in(handle, symbol) for symbol in symbols for handle in self.handles)
        return next((address for address in found if address is not None), None)

    @cached_property
    def fitting(self) -> list[ctypes.CDLL]:
        """Those of the libraries whose integers are the module's, as far as a BLAS in them tells."""
        blas = [(handle, self.blas("ddot", [handle])) for handle in self.handles]
        return [handle for handle, ddot in blas if ddot is None or integer_bits(ddot) == self.bits]

    def blas(self, name: str, among: Any = None) -> Any:
        """Return a function of BLAS in one of the libraries, None where they have no BLAS."""
        found: Any = None
        for each in ("daxpy", "dscal", "ddot", name):
            found = self.search(self.symbols(each), among=self.fitting if among is None else among)
            if found is None:
                return None
        return found[0][found[1]]

    def hides_complex_results(self) -> bool:
        """Say whether complex functions take a hidden first argument for their result."""
        if self.abi == "auto":
            probed = (("zdotu", ctypes.c_double), ("cdotu", ctypes.c_float))
            functions = [(self.blas(name), part) for name, part in probed]
            answers = [hides_complex_result(each, part, self.bits) for each, part in functions if each is not None]
            known = [answer for answer in answers if answer is not None]
            self.abi = "hidden" if known[:1] == [True] else "registers"
        return self.abi in ("hidden", "f2c")

    def returns_double_for_real(self) -> bool:
        """Say whether REAL functions return a double, as f2c's do."""
        sdot = self.blas("sdot")
        return self.abi == "f2c" or (sdot is not None and returns_double_for_real(sdot, self.bits))


def _load_current(name: str) -> ctypes.CDLL:
    """Load the library `name`; where it is a path, the file that is there now.

    A loader that has a library of that path gives it again, though the file was replaced since: a module that is
    reloaded would call what it no longer describes. Another spelling of the path makes the loader look at the file. It
    is used from the first time on where others have loaded a library of that path, be it this file or a former one.
    PyDLL keeps the interpreter lock, as f2py does: Fortran with common blocks can't be entered twice. PyPy has none.
    """
    known = sys.__dict__.setdefault("_f2pypy_loaded", {}).setdefault(name, [])  # the files that had this path
    directory, slash, file = name.rpartition("/")
    number = os.stat(name).st_ino if slash and os.path.isfile(name) else 0
    if number not in known:
        mode = getattr(os, "RTLD_NOLOAD", 0) if number and not known else 0
        known += [-1, number] if mode and PROCESS.dlopen(os.fsencode(name), mode | os.RTLD_LAZY) else [number]
    load: Callable[[str], ctypes.CDLL] = getattr(ctypes, "PyDLL", ctypes.CDLL)
    return load(f"{directory}{'/.' * known.index(number)}{slash}{file}")


def address_in(handle: ctypes.CDLL | None, symbol: str) -> int | None:
    """Return the address of a symbol in a library, None if it has none such."""
    try:
        return None if handle is None else ctypes.addressof(ctypes.c_char.in_dll(handle, symbol))
    except ValueError:
        return None


def _is_borrowed(handle: ctypes.CDLL, symbol: str, address: int) -> bool:
    """Say whether a symbol is the C library's, or the interpreter's by way of another library that both need.

    A library's own symbols are the interpreter's, too, if it is preloaded or was loaded with RTLD_GLOBAL.
    """
    files = []
    # An executable has addresses of its own for what it calls: `cos`, not so `csqrt`.
    for each in (address, address_in(PROCESS, "labs"), address_in(PROCESS, "csqrt")):
        place = (ctypes.c_char_p * 4)()  # C's Dl_info, which begins with the file's name
        PROCESS.dladdr(ctypes.c_void_p(each), place)
        files.append(os.fsdecode(place[0] or b""))
    is_own = os.path.realpath(handle._name) == os.path.realpath(files[0]) or handle._name == os.path.basename(files[0])
    return files[0] in files[1:] or (not is_own and address == address_in(PROCESS, symbol))

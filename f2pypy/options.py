"""What a user may choose about the module that is written, checked once and for all."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from typing import Any

RUNTIMES = ("embedded", "import")
ABIS = ("auto", "registers", "hidden", "f2c")
COMPILER = re.compile(r"([a-z0-9_.]+-)*[a-z]+(-[0-9]+)?( -[a-z0-9-]+)*")
NAME_PLACEHOLDER = "{name}"


@dataclass(frozen=True)
class Options:
    """The choices of one run; every value is valid once the object exists.

    Raises `ValueError` with a sentence for the user when one is not. Routine names in
    `only` and `skip` are lower-cased, because Fortran has no case.
    """

    module: str | None = None
    """Name of the module; None takes the name that the source gives."""
    libraries: tuple[str, ...] = ()
    """Libraries as in ``-lopenblas``, in order of search."""
    directories: tuple[str, ...] = ()
    """Folders in which `libraries` are looked for before the system's loader is asked."""
    library_path: str | None = None
    """One shared library by its path: nothing else is searched."""
    symbol: str | None = None
    """How the library spells a routine, e.g. ``scipy_{name}_64_``; None tries the usual manglings."""
    only: tuple[str, ...] | None = None
    """Wrap these routines alone; None wraps all."""
    skip: tuple[str, ...] = ()
    """Leave these routines out."""
    runtime: str = "embedded"
    """``embedded`` writes one file that needs NumPy alone, ``import`` uses the installed ``f2pypy.runtime``."""
    runtime_module: str = ""
    """The module with the whole runtime that is imported instead of either: ``package._f2pypy``, ``._f2pypy``."""
    int64: bool = False
    """The library's default integers and logicals have 64 bits (ILP64)."""
    abi: str = "auto"
    """Where a complex result comes back: ``registers``, a ``hidden`` first argument, or found out at load.

    ``f2c`` is ``hidden``, with reals that functions return as doubles.
    """
    compiler: str = ""
    """What compiled the library: ``gfortran``, ``gfortran-12``, ``flang``; empty, ``-c`` asks its compiler.

    Flags that change kinds, symbols or results may follow: ``gfortran -fdefault-real-8``.
    """
    answers: tuple[tuple[str, Any], ...] = ()
    """What the compiler of ``-c`` told about its flags and its target: fields of its row, and their values."""
    native: bool = True
    """The module carries what it takes to compile its routines to native code, for CPython with llvmlite."""
    stop_raises: bool = False
    """Where Fortran would end the process, the call raises ``FortranStop``."""
    isolated: bool = False
    """The module's calls run in a process of their own."""
    strict: bool = False
    """A routine that can't be wrapped is an error, not a routine less."""
    include_dirs: tuple[str, ...] = ()
    """Folders in which ``include`` files are looked for."""
    compiles: bool = False
    """The library is built with the module, usercode's C too."""
    computes: bool = False
    """Fortran modules are compiled with the module, so that the compiler can compute their constants."""
    asks: bool = False
    """Functions may be compiled with the sources that compute what the module can't."""
    lower: bool | None = None
    """Names in lower case, or as they are spelled; None: sources lower, signature files as they are."""
    kinds: tuple[tuple[str, str, str], ...] = ()
    """What an f2cmap says: a type, the text of a kind, and the C type that it is."""

    def __post_init__(self) -> None:
        if self.module is not None:
            check_module_name(self.module)
        if self.symbol is not None:
            _check_symbol(self.symbol)
        _check_choice("runtime", self.runtime, RUNTIMES)
        _check_choice("abi", self.abi, ABIS)
        if self.compiler and not COMPILER.fullmatch(self.compiler):
            raise ValueError(
                "expected a compiler, optionally with a version and flags, as in 'gfortran-12 -fdefault-real-8'; "
                f"{self.compiler!r} was given"
            )
        for name in (
            *self.libraries,
            *self.directories,
            *self.include_dirs,
            self.library_path,
        ):
            if name is not None and (not name or "\0" in name):
                raise ValueError(f"a library or folder needs a name, {name!r} is none")
        for name in (*(self.only or ()), *self.skip):
            if not name.isidentifier():
                raise ValueError(f"{name!r} can't be the name of a routine")
        if self.only is not None:
            object.__setattr__(self, "only", tuple(name.lower() for name in self.only))
        object.__setattr__(self, "skip", tuple(name.lower() for name in self.skip))

    def wraps(self, name: str, *generics: str) -> bool:
        """Whether `only` and `skip` leave the routine in; `name` is as the source's reader spells it.

        Who wants one of the generic names that stand for it wants the routine, too.
        """
        if self.only is not None and {name, *generics}.isdisjoint(self.only):
            return False
        return name not in self.skip

    @property
    def default_integer(self) -> int:
        """The bytes of the library's default integers and logicals."""
        return 8 if self.int64 else 4


@dataclass(frozen=True)
class BuildOptions:
    """What a user may choose about the compilation of Fortran and C sources."""

    flags: tuple[str, ...] = ()
    """Flags for every Fortran file, from ``--f77flags`` and ``--f90flags``."""
    optimization: tuple[str, ...] = ("-O3",)
    """Flags that ``--opt`` replaces."""
    debug: bool = False
    """Add debugging information, optimize nothing."""
    include_dirs: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    """``-D`` and ``-U`` flags as they are, in their order."""
    directories: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    dependencies: tuple[str, ...] = ()
    """Packages that ``pkg-config`` knows."""
    build_dir: str | None = None
    """Folder for intermediate files, which is kept; None takes one that is removed."""
    fortran: str | None = None
    """The Fortran compiler's command; None leaves it to FC."""
    static_runtime: bool = False
    """Fortran's own libraries are linked into the module's."""


# A module with one of these names, in the folder it is imported from, would be taken for what it needs itself.
IMPORTED = frozenset(
    {
        "_thread", "atexit", "cffi", "collections", "contextlib", "contextvars", "ctypes", "f2pypy", "faulthandler",
        "functools", "importlib", "inspect", "itertools", "keyword", "llvmlite", "multiprocessing", "numpy",
        "operator", "os", "pathlib", "pickle", "reprlib", "signal", "socket", "struct", "subprocess", "sys",
        "threading", "time", "traceback", "types", "typing", "warnings", "weakref",
    }
)  # fmt: skip


def check_module_name(name: str) -> None:
    """Raise `ValueError` with a sentence for the user if a module can't have the name."""
    if not name.isidentifier() or keyword.iskeyword(name):
        raise ValueError(f"{name!r} can't be the name of a Python module")
    if name in IMPORTED:
        raise ValueError(
            f"a module can't be named {name!r}: it imports {name} and would find itself"
        )


def _check_symbol(pattern: str) -> None:
    if pattern.count(NAME_PLACEHOLDER) != 1:
        raise ValueError(
            f"a symbol pattern has {NAME_PLACEHOLDER} once, as in scipy_{{name}}_64_; {pattern!r} was given"
        )
    around = pattern.replace(NAME_PLACEHOLDER, "")
    if not all(c.isascii() and (c.isalnum() or c in "_.$@") for c in around):
        raise ValueError(
            f"a symbol pattern may have only letters, digits, '_', '.', '$' and '@' beside {NAME_PLACEHOLDER}; "
            f"{pattern!r} was given"
        )


def _check_choice(name: str, given: str, choices: tuple[str, ...]) -> None:
    if given not in choices:
        raise ValueError(f"{name} is one of {', '.join(choices)}; {given!r} was given")

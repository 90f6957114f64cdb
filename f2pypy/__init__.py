"""f2pypy: signature files and Fortran sources in, one pure-Python ctypes module out.

`build` compiles sources and imports their module, `generate` returns the text of a module,
`install_import_hook` lets ``import`` find Fortran sources, and ``%load_ext f2pypy`` adds
``%%fortran`` to IPython. On the command line it is ``f2pypy`` or ``python -m f2pypy``.
Importing this package costs next to nothing: the parsers and the templates are loaded by the
first call.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from types import ModuleType

    from f2pypy.diagnostics import F2pypyError
    from f2pypy.options import Options

__version__ = "0.1.0"
__all__ = [
    "F2pypyError",
    "Options",
    "__version__",
    "build",
    "generate",
    "install_import_hook",
    "load_ipython_extension",
]


def generate(
    source: str | os.PathLike[str],
    *more: str | os.PathLike[str],
    module: str | None = None,
    libraries: Sequence[str] = (),
    directories: Sequence[str] = (),
    library_path: str | os.PathLike[str] | None = None,
    symbol: str | None = None,
    only: Sequence[str] | None = None,
    skip: Sequence[str] = (),
    runtime: str = "embedded",
    int64: bool = False,
    abi: str = "auto",
    compiler: str = "",
    native: bool = True,
    stop_raises: bool = False,
    isolated: bool = False,
    strict: bool = False,
    include_dirs: Sequence[str] = (),
) -> str:
    """Return the text of the Python module that wraps what `source` declares.

    Parameters
    ----------
    source
        A signature file (``.pyf``), a template (``.pyf.src``): its path, or its text. A ``str`` with a
        line break is a text, any other ``str`` is a path. Or the path of a Fortran source; somebody else
        compiles it.
    more
        More Fortran sources of the same library.
    module
        Name of the module; by default the name that `source` gives.
    libraries, directories
        What ``-l`` and ``-L`` say to a linker: ``libraries=["openblas"]``.
    library_path
        The shared library itself; nothing else is searched then.
    symbol
        How the library spells a routine, e.g. ``"scipy_{name}_64_"``; by default the usual manglings are tried.
    only, skip
        Names of the routines to wrap, or to leave out.
    runtime
        ``"embedded"``: the text needs NumPy alone; ``"import"``: it imports ``f2pypy.runtime``.
    int64
        The library's default integers have 64 bits (ILP64).
    abi
        How complex functions return: ``"registers"``, ``"hidden"`` (a first argument), ``"f2c"``, ``"auto"``.
    compiler
        What compiled the library: ``"gfortran"``, ``"gfortran-12"``, ``"flang"``; by default a gfortran, from 13 on.
        Flags that change kinds, symbols or results may follow: ``"gfortran-12 -fdefault-real-8"``.
    native
        The module carries what it takes to compile its routines to native code, where llvmlite is installed.
    stop_raises
        Where Fortran would end the process, the call raises the module's ``FortranStop``.
    isolated
        Calls run in a process of their own; the module's ``WorkerDied`` says that it ended.
    strict
        A routine that can't be wrapped is an error; otherwise it is left out with a `UserWarning`.
    include_dirs
        Folders in which ``include`` files are looked for.

    Raises
    ------
    F2pypyError
        The source can't be wrapped; ``diagnostics`` has every place and reason.
    ValueError
        A parameter has no such value.
    OSError
        The file can't be read.

    """
    from f2pypy.options import Options
    from f2pypy.session.texts import generate_any

    options = Options(
        module=module,
        libraries=_names("libraries", libraries),
        directories=_names("directories", directories),
        library_path=None if library_path is None else str(library_path),
        symbol=symbol,
        only=None if only is None else _names("only", only),
        skip=_names("skip", skip),
        runtime=runtime,
        int64=int64,
        abi=abi,
        compiler=compiler,
        native=native,
        stop_raises=stop_raises,
        isolated=isolated,
        strict=strict,
        include_dirs=_names("include_dirs", include_dirs),
    )
    generated = generate_any((source, *more), options)
    for diagnostic in (*generated.warnings, *generated.skipped):
        import warnings

        warnings.warn(diagnostic.format(caret=False), stacklevel=2)
    return generated.text


def build(
    *sources: str | os.PathLike[str],
    module: str | None = None,
    flags: Sequence[str] = (),
    optimization: Sequence[str] = ("-O3",),
    debug: bool = False,
    definitions: Sequence[str] = (),
    include_dirs: Sequence[str] = (),
    libraries: Sequence[str] = (),
    directories: Sequence[str] = (),
    dependencies: Sequence[str] = (),
    f2cmap: str | os.PathLike[str] | None = None,
    symbol: str | None = None,
    only: Sequence[str] | None = None,
    skip: Sequence[str] = (),
    int64: bool = False,
    native: bool = True,
    stop_raises: bool = False,
    isolated: bool = False,
    strict: bool = False,
    cache_dir: str | os.PathLike[str] | None = None,
) -> ModuleType:
    """Compile sources and return their module, imported.

    The module is kept in a cache: the next call returns it at once, in this process or another, unless a source, a
    file that it includes, an option or the compiler has changed. Several processes may build the same module at once.

    Parameters
    ----------
    sources
        Fortran and C sources, at most one signature file, objects and libraries to link: their paths. One
        of them may be the text of a Fortran source in free form: a ``str`` with a line break.
    module
        Name of the module; by default that of the first file or of the signature file.
    flags
        Flags for the Fortran compiler: ``["-fopenmp"]``.
    optimization
        Flags instead of ``-O3``.
    debug
        Compile with ``-g -O0``.
    definitions
        Macros for the preprocessor: ``["N=3"]``.
    include_dirs
        Folders of included files and of ``.mod`` files.
    libraries, directories
        What ``-l`` and ``-L`` say to a linker.
    dependencies
        Packages that pkg-config knows.
    f2cmap
        A kind map, as in f2py.
    symbol, only, skip, int64, native, stop_raises, isolated, strict
        As for `generate`.
    cache_dir
        The folder of the cache; by default what the environment variable F2PYPY_CACHE_DIR says, else
        ``~/.cache/f2pypy`` (macOS: ``~/Library/Caches``, Windows: ``%LOCALAPPDATA%``).

    Raises
    ------
    F2pypyError
        The sources can't be compiled or wrapped; ``diagnostics`` has every place and reason.
    ValueError
        A parameter has no such value, or the sources don't go together.
    OSError
        A file can't be read, or the cache can't be written.

    """
    from f2pypy.options import BuildOptions, Options
    from f2pypy.session.modules import build_and_import
    from f2pypy.session.requests import Request

    named = _names("libraries", libraries)
    folders = _folders("directories", directories)
    included = _folders("include_dirs", include_dirs)
    options = Options(
        module=module,
        libraries=named,
        directories=folders,
        symbol=symbol,
        only=None if only is None else _names("only", only),
        skip=_names("skip", skip),
        int64=int64,
        native=native,
        stop_raises=stop_raises,
        isolated=isolated,
        strict=strict,
        include_dirs=included,
    )
    compilers = BuildOptions(
        flags=_names("flags", flags),
        optimization=_names("optimization", optimization),
        debug=debug,
        definitions=tuple(f"-D{each}" for each in _names("definitions", definitions)),
        include_dirs=included,
        libraries=named,
        directories=folders,
        dependencies=_names("dependencies", dependencies),
    )
    kinds = None if f2cmap is None else str(f2cmap)
    request = Request((), options, compilers, kinds)
    return build_and_import(sources, request, cache_dir)


def install_import_hook(folders: Sequence[str] | None = None) -> None:
    """Let ``import smooth`` find a Fortran source ``smooth.f90`` and build it, as `build` does.

    A Python module of the name comes first. Where the source uses the Fortran module ``kinds``, and ``kinds.f90`` lies
    beside it, that is compiled too. A second call changes the folders.

    Parameters
    ----------
    folders
        Where sources are looked for; by default where Python looks for modules.

    """
    from f2pypy.session.finder import install

    install(None if folders is None else _folders("folders", folders))


def load_ipython_extension(shell: object) -> None:
    """Add ``%%fortran`` and ``%f2pypy`` to IPython; ``%load_ext f2pypy`` calls this."""
    from f2pypy.session.notebook import add_magics

    add_magics(shell)


def _folders(parameter: str, folders: Sequence[str]) -> tuple[str, ...]:
    from pathlib import Path

    return tuple(str(Path(name).resolve()) for name in _names(parameter, folders))


def _names(parameter: str, names: Sequence[str]) -> tuple[str, ...]:
    # a lone string is a sequence too: of its letters
    if isinstance(names, str):
        raise ValueError(
            f"{parameter} is a list of names, {names!r} was given: write [{names!r}]"
        )
    return tuple(str(name) for name in names)


def __getattr__(name: str) -> object:
    if name == "Options":
        from f2pypy.options import Options

        return Options
    if name == "F2pypyError":
        from f2pypy.diagnostics import F2pypyError

        return F2pypyError
    raise AttributeError(f"module 'f2pypy' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), "F2pypyError", "Options"])

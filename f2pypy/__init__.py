"""f2pypy: signature files and Fortran sources in, one pure-Python ctypes module out.

`generate` is the whole of it for a program; on the command line it is ``f2pypy`` or
``python -m f2pypy``. Importing this package costs next to nothing: the parsers and the
templates are loaded by the first call.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from f2pypy.diagnostics import F2pypyError
    from f2pypy.options import Options

__version__ = "0.1.0"
__all__ = ["F2pypyError", "Options", "__version__", "generate"]


def generate(
    source: str | os.PathLike[str],
    *,
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
        line break is a text, any other ``str`` is a path.
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
    from f2pypy.files.access import read_text
    from f2pypy.options import Options
    from f2pypy.pipeline import generate_module

    if isinstance(source, str) and ("\n" in source or "\r" in source):
        text, path = source, "<text>"
    else:
        text, path = read_text(source)
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
    generated = generate_module(text, path, options)
    for diagnostic in (*generated.warnings, *generated.skipped):
        import warnings

        warnings.warn(diagnostic.format(caret=False), stacklevel=2)
    return generated.text


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

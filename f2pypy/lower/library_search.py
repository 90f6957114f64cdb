"""How a generated module finds its library."""

from __future__ import annotations

from collections.abc import Sequence

from f2pypy import plan
from f2pypy.abi.conventions import Compiler
from f2pypy.options import Options

# Words in names of libraries that Python packages carry as well.
LINEAR_ALGEBRA = ("blas", "lapack", "mkl")


def search_for(
    module: str,
    options: Options,
    row: Compiler,
    planned: Sequence[plan.Procedure],
    objects: Sequence[plan.CommonBlock | plan.FortranModule],
) -> plan.LibrarySearch | None:
    """Return how the module finds its library; None where it holds nothing.

    A common block that no library has lies in memory of its own, so the module may do without a library unless
    somebody names one.
    """
    if not planned and not objects:
        return None
    has_storage = any(isinstance(made, plan.FortranModule) for made in objects)
    is_named = bool(options.libraries or options.library_path)
    return plan.LibrarySearch(
        module,
        options.libraries,
        options.directories,
        options.library_path,
        options.symbol or symbol_pattern(row),
        options.int64,
        abi_of(row, options),
        needed=bool(planned) or has_storage or is_named,
        packages=any(
            w in n for n in (module, *options.libraries) for w in LINEAR_ALGEBRA
        ),
        stop_raises=options.stop_raises,
    )


def symbol_pattern(row: Compiler) -> str | None:
    """Return how symbols are spelled where that is unusual; None where the usual spellings are tried."""
    return "{name}" if row.procedure == "{name}" else None


def abi_of(row: Compiler, options: Options) -> str:
    """Return where complex results are: found out at load unless the user or an unusual compiler says it."""
    if options.abi != "auto" or row.complex_results == "registers":
        return options.abi
    return "f2c" if row.real_results == "double" else row.complex_results

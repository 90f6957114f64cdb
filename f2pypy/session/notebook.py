"""IPython's ``%%fortran`` and ``%f2pypy``."""

from __future__ import annotations

import shlex
import sys
from typing import Any

from f2pypy.command.arguments import parse
from f2pypy.command.cli import run
from f2pypy.command.usage import UsageError
from f2pypy.diagnostics import F2pypyError
from f2pypy.session.cache import Cache, cache_folder
from f2pypy.session.modules import build_text, load
from f2pypy.session.requests import Request

# What messages call the cell.
CELL = "cell"


class CellError(F2pypyError):
    """A cell that can't be built: IPython shows the messages alone, without a traceback of f2pypy's."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


class MagicError(Exception):
    """A line that can't be understood, or a command that failed; IPython shows the message alone."""

    def _render_traceback_(self) -> list[str]:
        return [f"f2pypy: {self}"]


def fortran(shell: Any, line: str, cell: str) -> None:
    """Compile the cell, Fortran in free form, and put the names of its module into the notebook.

    What follows ``%%fortran`` are words of f2pypy's command line, files to compile with the cell among them:
    ``%%fortran -m smoothing --f90flags=-fopenmp -lblas only: smooth :``. With ``-m`` the module gets a name in the
    notebook too. The module of a cell that hasn't changed is taken from the cache.
    """
    try:
        command = parse(["-c", *shlex.split(line), "cell.f90"])
    except (UsageError, ValueError) as error:
        raise MagicError(str(error)) from None
    others = (command.source, *command.sources, *command.extras)
    files = tuple(path for path in others if path and path != "cell.f90")
    request = Request(files, command.options, command.build, command.f2cmap)
    try:
        # messages count the lines of the cell from the line of the magic
        entry = build_text("\n" + cell, request, Cache(cache_folder()), CELL)
    except F2pypyError as error:
        raise CellError(error.diagnostics) from None
    except (OSError, ValueError) as error:
        raise MagicError(str(error)) from None
    for text in filter(None, (entry.printed, entry.remarks)):
        sys.stderr.write(f"{text}\n")
    module = load(entry.module)
    names = {name: getattr(module, name) for name in module.__all__}
    if command.options.module is not None:
        names[module.__name__] = module
    shell.push(names)


def command_line(line: str) -> None:
    """Run f2pypy's command line: ``%f2pypy -c -m smooth smooth.f90``."""
    if run(shlex.split(line)):
        raise MagicError(f"f2pypy {line} wrote no module")


def add_magics(shell: Any) -> None:
    """Register the magics with IPython's shell."""

    def cell_magic(line: str, cell: str) -> None:
        fortran(shell, line, cell)

    cell_magic.__doc__ = fortran.__doc__
    shell.register_magic_function(cell_magic, "cell", "fortran")
    shell.register_magic_function(command_line, "line", "f2pypy")

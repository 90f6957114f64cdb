"""Finds Fortran sources for ``import``."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from f2pypy.building.order import find_modules
from f2pypy.building.sources import load_source
from f2pypy.diagnostics import F2pypyError
from f2pypy.files.suffixes import FORTRAN_SUFFIXES
from f2pypy.options import Options
from f2pypy.session.cache import Cache, cache_folder
from f2pypy.session.requests import Request, find_or_build

# The usual one first; of two sources of one name the others are found in the order of their suffixes.
SUFFIXES = (".f90", *sorted(FORTRAN_SUFFIXES - {".f90"}))


@dataclass
class FortranFinder(MetaPathFinder):
    """Builds the module of a name from the source of that name; `folders` None are those of Python's own search."""

    folders: tuple[str, ...] | None = None

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,  # noqa: ARG002 - importlib passes it
    ) -> ModuleSpec | None:
        """Return where the module of a Fortran source is, built if it has to be; ImportError where it can't be."""
        name = fullname.rpartition(".")[2]
        within = path if path is not None else self.folders or sys.path
        source = find_source(name, within)
        if source is None:
            return None
        try:
            request = Request(tuple(companions(source)), Options(module=name))
            entry = find_or_build(request, Cache(cache_folder()))
        except F2pypyError as error:
            raise ImportError(f"{source} can't be built:\n{error}", name=fullname) from error  # fmt: skip
        return importlib.util.spec_from_file_location(fullname, entry.module)


def find_source(name: str, folders: Sequence[str]) -> str | None:
    """Return the Fortran source of a name in the first folder that has one."""
    for folder in folders:
        for suffix in SUFFIXES:
            for spelled in (suffix, suffix.upper()):
                path = os.path.join(folder or ".", name + spelled)  # noqa: PTH118 - importlib's folders are strings
                if os.path.isfile(path):  # noqa: PTH113
                    return path
    return None


def companions(source: str) -> Iterator[str]:
    """Yield a source, and those beside it that have the names of the Fortran modules that it uses."""
    folder = str(Path(source).parent)
    ahead, seen = [source], {source}
    while ahead:
        path = ahead.pop()
        yield path
        # macros don't matter for the names of modules, as a rule
        modules = find_modules(load_source(path, lambda each: Path(each).read_text("utf-8", "replace")))  # fmt: skip
        for name in sorted(modules.used - modules.defined):
            found = find_source(name, [folder])
            if found is not None and found not in seen:
                seen.add(found)
                ahead.append(found)


def install(folders: tuple[str, ...] | None) -> None:
    """Append the finder to Python's, or change the folders of the one that is there."""
    there = next((f for f in sys.meta_path if isinstance(f, FortranFinder)), None)
    if there is None:
        sys.meta_path.append(FortranFinder(folders))
    else:
        there.folders = folders

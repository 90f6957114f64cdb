"""The modules of a package, as its configuration names them, and how one is built: the same for every build backend."""

from __future__ import annotations

import os
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from f2pypy.building.library import library_name
from f2pypy.command.arguments import parse
from f2pypy.command.cli import run
from f2pypy.command.inspection import inputs
from f2pypy.files.access import read_text

# What the table of a module may have.
KEYS = frozenset({"module", "sources", "flags"})


@dataclass(frozen=True)
class Module:
    """A module of a package: its name with dots, patterns of its sources, and words of the command line."""

    module: str
    sources: tuple[str, ...]
    flags: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name inside of the package."""
        return self.module.rpartition(".")[2]

    @property
    def package(self) -> Path:
        """The folder of the package, below that of all packages."""
        return Path(*self.module.split(".")[:-1])

    @property
    def files(self) -> tuple[str, str]:
        """The names of what is built: the module and its library."""
        return f"{self.name}.py", library_name(self.name)

    def found(self, root: Path) -> list[str]:
        """Return the sources, as seen from here; FileNotFoundError where a pattern means none."""
        return list(found(root, self.sources))

    def words(self, root: Path) -> list[str]:
        """Return the words of the command line that builds the module, but for where it goes."""
        return ["-c", "-m", self.name, *self.flags, *self.found(root)]

    def inputs(self, root: Path) -> list[str]:
        """Return the files that a build reads: the sources and what they include; F2pypyError where none can tell."""
        command = parse(self.words(root))
        return inputs(command, read_text(command.source) if command.source else None)

    def build(self, root: Path, folder: Path) -> None:
        """Write the module and its library into a folder; RuntimeError if a source has errors."""
        folder.mkdir(parents=True, exist_ok=True)
        if run([*self.words(root), "-o", str(folder / f"{self.name}.py")]):
            raise RuntimeError(f"f2pypy couldn't build {self.module}; its messages stand above")  # fmt: skip


def platform_tag() -> str:
    """Return the tag of this platform; every Python of it can import the module."""
    # PEP 425; auditwheel and delocate rename Linux's and macOS's
    return sysconfig.get_platform().replace("-", "_").replace(".", "_")


def modules_of(
    config: Mapping[str, Any], others: frozenset[str] = frozenset()
) -> Iterator[Module]:
    """Yield the modules of a configuration; ValueError for what can't be one.

    It is the table of one module, or has a list of them under ``modules``. `others` are keys that the backend reads.
    """
    own = {key: value for key, value in config.items() if key not in others}
    if "modules" in own and len(own) > 1:
        raise ValueError(f"f2pypy: modules stands alone, {sorted(own)} were given")
    tables = own.get("modules", [own])
    if not isinstance(tables, list) or not all(isinstance(each, Mapping) for each in tables):  # fmt: skip
        raise ValueError(f"f2pypy: modules is a list of tables, {tables!r} was given")
    for table in tables:
        unknown = set(table) - KEYS
        if unknown:
            raise ValueError(f"f2pypy: expected {sorted(KEYS)}, {sorted(unknown)} were given")  # fmt: skip
        for key, kind in (("module", str), ("sources", list)):
            if not isinstance(table.get(key), kind) or not table[key]:
                raise ValueError(f"f2pypy: {key} is a {kind.__name__}, {table.get(key)!r} was given")  # fmt: skip
        flags = table.get("flags", [])
        if not isinstance(flags, list):
            raise ValueError(f"f2pypy: flags is a list, {flags!r} was given")
        yield Module(table["module"], tuple(table["sources"]), tuple(flags))


def found(root: Path, patterns: tuple[str, ...]) -> Iterator[str]:
    """Yield the files that glob patterns mean, as seen from here; FileNotFoundError where a pattern means none."""
    for pattern in patterns:
        paths = sorted(root.glob(pattern))
        if not paths:
            raise FileNotFoundError(f"f2pypy: no source is {pattern} in {root}")
        yield from (os.path.relpath(path) for path in paths)

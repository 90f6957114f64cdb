"""Puts the libraries of generated modules into frozen programs, beside their modules.

The hook is that of ctypes, which every generated module imports: their own names are their users' choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

# The mark of a generated module, in its docstring; compiled modules hold that as it is.
MARK = b"is auto-generated with f2pypy"
SUFFIXES = (".so", ".dylib", ".dll")


def hook(api: Any) -> None:
    """Add the library of every generated module that the program imports."""
    api.add_binaries(list(libraries(api.graph.nodes())))


def libraries(nodes: Any) -> Iterator[tuple[str, str]]:
    """Yield the path of each library and the folder, as seen from the program's, that its module is in."""
    for node in nodes:
        path = Path(getattr(node, "filename", None) or "")
        if path.suffix not in (".py", ".pyc"):
            continue
        *package, name = node.identifier.split(".")
        for suffix in SUFFIXES:
            library = path.with_name(f"lib{name}{suffix}")
            if library.is_file() and is_generated(path):
                yield str(library), str(Path(*package)) if package else "."


def is_generated(path: Path) -> bool:
    """Whether f2pypy wrote a module, which may be a ``.pyc`` file."""
    return MARK in path.read_bytes()

"""Writes a page for Sphinx about each generated module in this folder, with all that it has."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path


def page_about(name: str) -> Iterator[str]:
    """Yield the lines of the page about a module."""
    module = importlib.import_module(name)
    yield f"{name}\n{'=' * len(name)}\n\n.. autosummary::\n"
    yield from (f"   ~{name}.{public}" for public in module.__all__)
    yield f"\n.. automodule:: {name}\n   :members:\n   :undoc-members:\n   :inherited-members:\n"
    for public in module.__all__:
        for attribute in vars(type(getattr(module, public))).values():
            if type(attribute).__name__ == "Entity":
                yield directive(f"{name}.{public}.{attribute.name}", attribute.value)


def directive(path: str, value: object) -> str:
    """Return what documents a routine, a type or an enumeration."""
    if isinstance(value, type):
        inherited = "" if issubclass(value, Enum) else "   :inherited-members:\n"
        return f".. autoclass:: {path}\n   :members:\n   :undoc-members:\n{inherited}"
    return f".. autofunction:: {path}\n" if callable(value) else ""


sys.path.insert(0, ".")
names = sorted(file.stem for file in Path().glob("doc_*.py"))
for name in names:
    Path(f"{name}.rst").write_text("\n".join(page_about(name)), encoding="utf-8")
entries = "".join(f"   {name}\n" for name in names)
Path("index.rst").write_text(f"Pages\n=====\n\n.. toctree::\n\n{entries}")

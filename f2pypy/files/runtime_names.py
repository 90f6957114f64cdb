"""The runtime's files and the names in them, which are one namespace: a name means one thing in all of them."""

from __future__ import annotations

import symtable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

RUNTIME = Path(__file__).parent.parent / "runtime"


@cache
def runtime_files() -> dict[str, Path]:
    """Return the file of every part by the part's name."""
    return {p.stem: p for p in sorted(RUNTIME.glob("*.py")) if p.stem != "__init__"}


@dataclass(frozen=True)
class Names:
    """The module-level names of the runtime: the part that defines each, and all that are bound, by imports too."""

    definers: dict[str, str]
    bound: frozenset[str]


@cache
def runtime_names() -> Names:
    """Return the names in every part; a symbol table has them, so that only what is embedded is parsed."""
    definers: dict[str, str] = {}
    bound: set[str] = set()
    for part, file in runtime_files().items():
        table = symtable.symtable(file.read_text("utf-8"), file.name, "exec")
        for symbol in table.get_symbols():
            if symbol.is_imported():
                bound.add(symbol.get_name())
            elif symbol.is_assigned():
                definers.setdefault(symbol.get_name(), part)
    # what `from __future__ import annotations` binds nobody uses
    return Names(definers, frozenset(bound - {"annotations"} | set(definers)))

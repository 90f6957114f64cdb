"""The runtime's sources: which names they define, and their text for a module that carries them along."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

RUNTIME = Path(__file__).parent / "runtime"
PACKAGE = "f2pypy.runtime"


@dataclass(frozen=True)
class Import:
    """``import module`` (no names) or ``from module import names``; a name may be ``a as b``."""

    module: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """One file of the runtime: which other parts it needs, its imports, and the rest of its text."""

    name: str
    needs: tuple[str, ...]
    imports: tuple[Import, ...]
    docstring: str
    body: str


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


@cache
def runtime_part(name: str) -> Part:
    """Return a part by its name."""
    return read_part(name, runtime_files()[name].read_text("utf-8"))


def read_part(name: str, text: str) -> Part:
    """Split one file into its imports and its body."""
    tree = ast.parse(text)
    lines = text.splitlines(keepends=True)
    needs: list[str] = []
    imports: list[Import] = []
    dropped: set[int] = set()
    for position, node in enumerate(tree.body):
        match node:
            case ast.ImportFrom(module=str(module)):
                dropped |= set(range(node.lineno, (node.end_lineno or 0) + 1))
                if module.startswith(PACKAGE + "."):
                    needs.append(module.removeprefix(PACKAGE + "."))
                elif module != "__future__":
                    imports.append(Import(module, tuple(map(spell_alias, node.names))))
            case ast.Import():
                dropped |= set(range(node.lineno, (node.end_lineno or 0) + 1))
                imports += [Import(spell_alias(alias), ()) for alias in node.names]
            case ast.Expr(value=ast.Constant(value=str())) if position == 0:
                dropped |= set(range(node.lineno, (node.end_lineno or 0) + 1))
            case _:
                pass
    body = "".join(
        line for number, line in enumerate(lines, 1) if number not in dropped
    )
    return Part(
        name,
        tuple(needs),
        tuple(imports),
        ast.get_docstring(tree) or "",
        body.strip("\n") + "\n",
    )


def spell_alias(alias: ast.alias) -> str:
    """Return an imported name as it stands in the import."""
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def part_defining(name: str) -> str:
    """Return the part that defines `name`; KeyError if none does."""
    return runtime_names().definers[name]


def needed_parts(names: Iterable[str]) -> tuple[Part, ...]:
    """Return the parts behind `names` and all that they need, in order of dependence."""
    ordered: dict[str, Part] = {}

    def visit(name: str) -> None:
        if name not in ordered:
            part = runtime_part(name)
            for need in part.needs:
                visit(need)
            ordered[name] = part

    for name in sorted({part_defining(name) for name in names}):
        visit(name)
    return tuple(ordered.values())


def merge_imports(imports: Iterable[Import]) -> tuple[Import, ...]:
    """Return the imports with one line a module: plain ones first, each group sorted by its section."""
    plain: set[str] = set()
    named: dict[str, set[str]] = {}
    for item in imports:
        if item.names:
            named.setdefault(item.module, set()).update(item.names)
        else:
            plain.add(item.module)
    found = [Import(module, ()) for module in plain]
    found += [
        Import(module, tuple(sorted(names, key=import_key)))
        for module, names in named.items()
    ]
    return tuple(
        sorted(
            found, key=lambda i: (is_third_party(i), bool(i.names), i.module.lower())
        )
    )


def import_key(name: str) -> tuple[int, str]:
    """Sort as isort does: CONSTANTS, Classes, functions."""
    if name.isupper() and len(name) > 1:
        return 0, name
    return (1 if name[:1].isupper() else 2), name


def is_third_party(item: Import) -> bool:
    """Whether the import belongs below the standard library's."""
    return item.module.partition(" ")[0].partition(".")[0] in ("numpy", "f2pypy")

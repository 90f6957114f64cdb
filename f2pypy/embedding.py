"""The runtime's sources: which names they define, and their text for a module that carries them along."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
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
    """One file of the runtime: what it defines, which other parts it needs, its imports, and the rest of its text."""

    name: str
    defines: frozenset[str]
    needs: tuple[str, ...]
    imports: tuple[Import, ...]
    docstring: str
    body: str


@cache
def runtime_parts() -> dict[str, Part]:
    """Return every part by its name."""
    files = sorted(p for p in RUNTIME.glob("*.py") if p.stem != "__init__")
    return {p.stem: read_part(p.stem, p.read_text("utf-8")) for p in files}


def read_part(name: str, text: str) -> Part:
    """Split one file into its imports and its body."""
    tree = ast.parse(text)
    lines = text.splitlines(keepends=True)
    defines: set[str] = set()
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
                defines |= set(names_bound(node))
    body = "".join(
        line for number, line in enumerate(lines, 1) if number not in dropped
    )
    return Part(
        name,
        frozenset(defines),
        tuple(needs),
        tuple(imports),
        ast.get_docstring(tree) or "",
        body.strip("\n") + "\n",
    )


def spell_alias(alias: ast.alias) -> str:
    """Return an imported name as it stands in the import."""
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def names_bound(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a module-level statement defines, inside ``if`` and ``try`` too."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            for target in targets:
                yield from (n.id for n in ast.walk(target) if isinstance(n, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.If() | ast.Try():
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.stmt):
                    yield from names_bound(child)
                elif isinstance(child, ast.ExceptHandler):
                    for statement in child.body:
                        yield from names_bound(statement)
        case _:
            pass


def part_defining(name: str) -> str:
    """Return the part that defines `name`; KeyError if none does."""
    for part in runtime_parts().values():
        if name in part.defines:
            return part.name
    raise KeyError(name)


def needed_parts(names: Iterable[str]) -> tuple[Part, ...]:
    """Return the parts behind `names` and all that they need, in order of dependence."""
    parts = runtime_parts()
    ordered: dict[str, Part] = {}

    def visit(name: str) -> None:
        if name not in ordered:
            for need in parts[name].needs:
                visit(need)
            ordered[name] = parts[name]

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

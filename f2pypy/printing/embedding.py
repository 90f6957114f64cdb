"""What is embedded: the definitions that a text needs of the runtime.

All files of the runtime are one namespace: a name means one thing in all of them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from f2pypy.files.runtime_names import runtime_files, runtime_names
from f2pypy.printing.global_names import bound_name, global_names, stored

PACKAGE = "f2pypy.runtime"


@dataclass(frozen=True)
class Import:
    """``import module`` (no names) or ``from module import names``; a name may be ``a as b``."""

    module: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Definition:
    """A statement at the top of a file of the runtime, with the comments above it.

    It binds `names`, or serves the objects `about` (``about[0].update(...)``, ``about[0][about[1]] = ...``) and is
    needed where all of them are; `uses` are the global names in it. `spaced` says that a blank line stands before it.
    """

    text: str
    names: frozenset[str]
    about: frozenset[str]
    uses: frozenset[str]
    spaced: bool


@dataclass(frozen=True)
class Part:
    """One file of the runtime: which other parts it imports, where its other names come from, and its statements."""

    name: str
    docstring: str
    needs: tuple[str, ...]
    imports: dict[str, Import]
    definitions: tuple[Definition, ...]


@dataclass(frozen=True)
class Excerpt:
    """The definitions of one file that something needs; `docstring` is the file's."""

    name: str
    docstring: str
    definitions: tuple[Definition, ...]

    @property
    def text(self) -> str:
        """The definitions with as many blank lines between them as the file has."""
        found = ""
        for definition in self.definitions:
            apart = is_block(definition.text) or (found and is_block_end(found))
            gap = "\n\n" if apart else "\n" if definition.spaced else ""
            found += (gap if found else "") + definition.text
        return found


def is_block(text: str) -> bool:
    """Whether a definition is that of a function or class."""
    first = next(line for line in text.splitlines() if not line.startswith("#"))
    return first.startswith(("def ", "class ", "@"))


def is_block_end(text: str) -> bool:
    """Whether the last statement of a text is a function, a class or another block."""
    return text.rstrip("\n").rpartition("\n")[2].startswith(" ")


@cache
def runtime_part(name: str) -> Part:
    """Return a part by its name."""
    return read_part(name, runtime_files()[name].read_text("utf-8"))


def read_part(name: str, text: str) -> Part:
    """Split one file into its imports and its definitions."""
    tree = ast.parse(text)
    lines = text.splitlines(keepends=True)
    needs: list[str] = []
    imports: dict[str, Import] = {}
    definitions: list[Definition] = []
    end = 0
    for position, node in enumerate(tree.body):
        match node:
            case ast.ImportFrom(module=str(module)) if module.startswith(PACKAGE + "."):
                needs.append(module.removeprefix(PACKAGE + "."))
            case ast.ImportFrom(module=str(module)):
                for alias in node.names:
                    item = Import(module, (spell_alias(alias),))
                    imports[bound_name(alias)] = item
            case ast.Import():
                for alias in node.names:
                    imports[bound_name(alias)] = Import(spell_alias(alias), ())
            case ast.Expr(value=ast.Constant(value=str())) if position == 0:
                pass
            case _:
                definitions.append(read_definition(node, lines, end))
        end = node.end_lineno or end
    return Part(
        name,
        ast.get_docstring(tree) or "",
        tuple(needs),
        imports,
        tuple(definitions),
    )


def read_definition(node: ast.stmt, lines: list[str], end: int) -> Definition:
    """Return one statement of a file whose statement before it ends in line `end`."""
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(each.lineno for each in decorators)]) - 1
    while first > end and lines[first - 1].startswith("#"):
        first -= 1
    text = "".join(lines[first : node.end_lineno])
    names = frozenset(stored(node))
    about = frozenset() if names else frozenset(subjects(node))
    spaced = first > end
    return Definition(text, names, about, frozenset(global_names(text)), spaced)


def subjects(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement is about which binds none: its target's, with those of the place in it."""
    match node:
        case ast.Assign(targets=[ast.Subscript(value, place)]):
            for part in (*ast.walk(value), *ast.walk(place)):
                if isinstance(part, ast.Name):
                    yield part.id
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            yield name
        case _:
            raise ValueError(f"nothing says what {ast.unparse(node)} is about")


def spell_alias(alias: ast.alias) -> str:
    """Return an imported name as it stands in the import."""
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


@dataclass
class Closure:
    """The definitions that names need, with what those need, and so on; `found` are their names so far."""

    found: set[str] = field(default_factory=set)
    taken: set[int] = field(default_factory=set)
    parts: dict[str, Part] = field(default_factory=dict)

    def add(self, names: Iterable[str]) -> None:
        """Add the definitions of `names`, and what is about them."""
        waiting = list(names)
        while waiting:
            self.find(waiting)
            waiting = [n for part in self.parts.values() for n in self.attached(part)]

    def find(self, waiting: list[str]) -> None:
        """Add the definitions of the names `waiting`, which is empty then."""
        definers = runtime_names().definers
        while waiting:
            name = waiting.pop()
            if name in self.found or name not in definers:
                self.found.add(name)
                continue
            self.found.add(name)
            part = self.parts.setdefault(definers[name], runtime_part(definers[name]))
            for definition in part.definitions:
                if name in definition.names and id(definition) not in self.taken:
                    self.taken.add(id(definition))
                    waiting += [*definition.uses, *definition.names]

    def attached(self, part: Part) -> Iterator[str]:
        """Yield the names in statements about what was found, which are taken with it."""
        for definition in part.definitions:
            is_new = definition.about and id(definition) not in self.taken
            if is_new and definition.about <= self.found:
                self.taken.add(id(definition))
                yield from definition.uses

    def excerpts(self) -> tuple[Excerpt, ...]:
        """Return what was found, each file's part behind those that it imports."""
        ordered: dict[str, Part] = {}

        def visit(name: str) -> None:
            if name in ordered or name not in self.parts:
                return
            for need in self.parts[name].needs:
                visit(need)
            ordered[name] = self.parts[name]

        for name in sorted(self.parts):
            visit(name)
        return tuple(
            Excerpt(
                part.name,
                part.docstring,
                tuple(d for d in part.definitions if id(d) in self.taken),
            )
            for part in ordered.values()
        )

    def imports(self) -> Iterator[Import]:
        """Yield the imports of what was found."""
        for part in self.parts.values():
            used = {n for d in part.definitions if id(d) in self.taken for n in d.uses}
            for name, item in part.imports.items():
                if name in used:
                    yield item


def needed(names: Iterable[str]) -> Closure:
    """Return the definitions that `names` need; names that the runtime doesn't define are left out."""
    closure = Closure()
    closure.add(names)
    return closure


def merge_imports(imports: Iterable[Import]) -> tuple[Import, ...]:
    """Return the imports with one line a module: plain ones first, each group sorted by its section."""
    plain: set[str] = set()
    named: dict[str, set[str]] = {}
    for item in imports:
        if item.names:
            named.setdefault(item.module, set()).update(item.names)
        else:
            plain.add(item.module)
    # typing has some names of collections.abc too, for the runtime
    named.get("collections.abc", set()).difference_update(named.get("typing", ()))
    found = [Import(module, ()) for module in plain]
    found += [
        Import(module, tuple(sorted(names, key=import_key)))
        for module, names in named.items()
        if names
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

"""What is embedded: the definitions that a text needs of the runtime.

All files of the runtime are one namespace: a name means one thing in all of them.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import cast

from f2pypy.dataclass import dataclass, field
from f2pypy.files.kept import kept_for
from f2pypy.files.runtime_names import runtime_files, runtime_names
from f2pypy.files.scopes import bound_name, global_names, stored
from f2pypy.printing.shortening import shortened_lines

PACKAGE = "f2pypy.runtime"
# Methods that users call: ``__native__.compile()``, ``m.point.array(5)``.
PUBLIC = ("array", "compile")
# The files that decide what is read in a file of the runtime.
READERS = tuple(
    Path(__file__).with_name(f"{name}.py")
    for name in ("embedding", "filling", "global_names", "shortening")
)


@dataclass(frozen=True)
class Import:
    """``import module`` (no names) or ``from module import names``; a name may be ``a as b``."""

    module: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Piece:
    """A part of a definition's text, which is parsed when something needs it.

    `method` is the name of the method that it is, "" for the rest of a class and for everything else.
    """

    text: str
    method: str = ""

    @cached_property
    def uses(self) -> frozenset[str]:
        """The global names in it."""
        return frozenset(global_names(textwrap.dedent(self.text)))

    @cached_property
    def attributes(self) -> frozenset[str]:
        """What it asks of objects."""
        return frozenset(asked(ast.parse(textwrap.dedent(self.text))))


@dataclass(frozen=True)
class Definition:
    """A statement at the top of a file of the runtime, with the comments above it.

    It binds `names`, or serves the objects `about` (``about[0].update(...)``, ``about[0][about[1]] = ...``) and is
    needed where all of them are. `spaced` says that a blank line stands before it. A class has a piece for each method.
    """

    pieces: tuple[Piece, ...]
    names: frozenset[str]
    about: frozenset[str]
    spaced: bool

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Part:
    """One file of the runtime: which other parts it imports, where its other names come from, and its statements."""

    name: str
    needs: tuple[str, ...]
    imports: dict[str, Import]
    definitions: tuple[Definition, ...]

    def parsed(self) -> Part:
        """Return the part itself after all of its pieces are parsed."""
        for definition in self.definitions:
            for piece in definition.pieces:
                _ = piece.uses, piece.attributes
        return self


@dataclass(frozen=True)
class Excerpt:
    """The texts of the definitions of one file that something needs; a blank line stands before those `spaced`."""

    name: str
    texts: tuple[str, ...]
    spaced: tuple[bool, ...]

    @property
    def text(self) -> str:
        """The definitions with as many blank lines between them as the file has."""
        return joined(zip(self.texts, self.spaced, strict=True))


def joined(texts: Iterable[tuple[str, bool]]) -> str:
    """Return some texts with two blank lines around functions and classes, and one before others that are `spaced`."""
    found = ""
    for text, spaced in texts:
        apart = is_block(text) or (found and is_block_end(found))
        gap = "\n\n" if apart else "\n" if spaced else ""
        found += (gap if found else "") + text
    return found


def is_block(text: str) -> bool:
    """Whether a definition is that of a function or class."""
    first = next((line for line in text.splitlines() if not line.startswith("#")), "")
    return first.startswith(("def ", "class ", "@"))


def is_block_end(text: str) -> bool:
    """Whether the last statement of a text is a function, a class or another block."""
    return text.rstrip("\n").rpartition("\n")[2].startswith(" ")


@cache
def runtime_part(name: str) -> Part:
    """Return the part that f2pypy/runtime/<name>.py is, as an earlier process has read it where it could keep it."""
    path = runtime_files()[name]
    kept = kept_for(path, "embedded", READERS)
    part = kept.value() if kept else None
    if part is None:
        part = read_part(name, path.read_text("utf-8"))
        if kept and kept.is_writable:
            kept.put(part.parsed())
    return cast(Part, part)


def read_part(name: str, text: str) -> Part:
    """Split one file into its imports and its definitions."""
    tree = ast.parse(text)
    lines = shortened_lines(tree, text)
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
        tuple(needs),
        imports,
        tuple(definitions),
    )


def read_definition(node: ast.stmt, lines: list[str], end: int) -> Definition:
    """Return one statement of a file whose statement before it ends in line `end`."""
    first = first_line(node, lines, end)
    names = frozenset(stored(node))
    about = frozenset() if names else frozenset(subjects(node))
    pieces = tuple(read_pieces(node, lines, first))
    return Definition(pieces, names, about, spaced=first > end)


def read_pieces(node: ast.stmt, lines: list[str], first: int) -> Iterator[Piece]:
    """Yield the pieces of a statement that begins in line `first`, counted from 0."""
    end = first
    methods = node.body[1:] if isinstance(node, ast.ClassDef) else []
    for inner in [each for each in methods if isinstance(each, ast.FunctionDef)]:
        start = first_line(inner, lines, end)
        while not lines[start - 1].strip():
            start -= 1
        if start > end:
            yield Piece("".join(lines[end:start]))
        end = inner.end_lineno or end
        yield Piece("".join(lines[start:end]), inner.name)
    if node.end_lineno is not None and node.end_lineno > end:
        yield Piece("".join(lines[end : node.end_lineno]))


def asked(tree: ast.AST) -> Iterator[str]:
    """Yield the attributes that a text asks for, those among them that strings name."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name):
                yield name
            case ast.Constant(value=str(text)) if text.isidentifier():
                yield text
            case _:
                pass


def first_line(node: ast.stmt, lines: list[str], end: int) -> int:
    """Return the line, counted from 0, where a statement begins with its decorators and the comments above it."""
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(each.lineno for each in decorators)]) - 1
    while first > end and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    return int(first)


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
    """What names need of the runtime, and what that needs, and so on.

    `names` are the global names in it, `attributes` what it asks of objects: a class has those of its methods that
    something asks for, and those that Python itself calls.
    """

    names: set[str]
    attributes: set[str]
    parts: dict[str, Part] = field(default_factory=dict)
    taken: dict[int, Piece] = field(default_factory=dict)

    def complete(self) -> None:
        """Take pieces until everything that they name is there."""
        before = -1
        while len(self.taken) > before:
            before = len(self.taken)
            for name in self.names & runtime_names().definers.keys():
                part = runtime_names().definers[name]
                self.parts.setdefault(part, runtime_part(part))
            for file in self.parts.values():
                for definition in file.definitions:
                    if self.needs(definition):
                        self.take(definition)

    def needs(self, definition: Definition) -> bool:
        """Whether something names a definition, or everything that it is about was taken."""
        if definition.names:
            return not self.names.isdisjoint(definition.names)
        return definition.about <= self.names

    def take(self, definition: Definition) -> None:
        """Take the pieces of a definition that something needs."""
        self.names |= definition.names
        for piece in definition.pieces:
            name = piece.method
            if id(piece) in self.taken or not (
                not name or name in self.attributes or name.startswith("__")
            ):
                continue
            self.taken[id(piece)] = piece
            self.names |= piece.uses
            self.attributes |= piece.attributes

    def excerpts(self) -> tuple[Excerpt, ...]:
        """Return what was found, each file's part after those that it imports."""
        ordered: dict[str, Part] = {}

        def visit(name: str) -> None:
            if name in ordered or name not in self.parts:
                return
            for need in self.parts[name].needs:
                visit(need)
            ordered[name] = self.parts[name]

        for name in sorted(self.parts):
            visit(name)
        return tuple(self.excerpt(part) for part in ordered.values())

    def excerpt(self, part: Part) -> Excerpt:
        """Return what was found in one file."""
        texts, spaced = [], []
        for definition in part.definitions:
            found = [piece for piece in definition.pieces if id(piece) in self.taken]
            if found:
                texts.append("".join(piece.text for piece in found))
                spaced.append(definition.spaced)
        return Excerpt(part.name, tuple(texts), tuple(spaced))

    def imports(self) -> Iterator[Import]:
        """Yield the imports of what was found."""
        for part in self.parts.values():
            pieces = [p for each in part.definitions for p in each.pieces]
            used = {n for p in pieces if id(p) in self.taken for n in p.uses}
            for name, item in part.imports.items():
                if name in used:
                    yield item


def needed(names: Iterable[str], attributes: Iterable[str] = ()) -> Closure:
    """Return the definitions that `names` need where `attributes` are asked for.

    Names that the runtime doesn't define are left out.
    """
    closure = Closure(set(names), {*attributes, *PUBLIC})
    closure.complete()
    return closure


def everything() -> Closure:
    """Return the whole runtime with every method, for modules to share."""
    every = {name: runtime_part(name) for name in runtime_files()}
    methods = (
        piece.method
        for part in every.values()
        for definition in part.definitions
        for piece in definition.pieces
    )
    return needed(runtime_names().definers, methods)


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

"""The global names of a module's text, and the text with some of them renamed."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator, Mapping

from f2pypy.dataclass import dataclass
from f2pypy.expressions.identifiers import free_name
from f2pypy.files.scopes import Hidden, bound_name, scoped_children

WORD = re.compile(r"\w+")
FUTURE = "from __future__ import annotations\n\n"


@dataclass(frozen=True)
class Edit:
    """What stands from byte `start` to byte `end` of a line, counted from 0, becomes `text`."""

    line: int
    start: int
    end: int
    text: str


def give_way(text: str, claimed: Iterable[tuple[str, str]]) -> str:
    """Return the module `text` in which users' objects have the names that they claim.

    Each of `claimed` is a name and the identifier that the user's object has in the text, "" where it has none. What
    the text itself calls by that name, an object of its own or of Python's, gets a name that no other has.
    """
    wanted = dict(claimed)
    if not wanted:
        return text
    taken = {*WORD.findall(text), *wanted}
    renames = {}
    for name, identifier in wanted.items():
        renames[name] = free_name(f"{name}_", taken)
        taken.add(renames[name])
        if identifier:
            renames[identifier] = name
    text = rename_globals(text, renames)
    used = set(WORD.findall(text))
    builtin = sorted(n for n in wanted if hasattr(builtins, n) and renames[n] in used)
    names = ", ".join(f"{name} as {renames[name]}" for name in builtin)
    line = f"from builtins import {names}\n" if builtin else ""
    return text.replace(FUTURE, FUTURE + line, 1)


def rename_globals(text: str, renames: Mapping[str, str]) -> str:
    """Return the module `text` in which the global names `renames` have their new names everywhere.

    Built-in names are global ones. Attributes, keywords, strings and the local names of functions stay as they are. No
    function may have a local of a new name: it would hide the global one. Raises ValueError for an import that binds
    such a name in a form that has no place for another.
    """
    lines = text.encode().splitlines(keepends=True)
    edits = set(edits_of(ast.parse(text), Hidden(), lines, renames))
    for edit in sorted(edits, key=lambda e: (e.line, e.start), reverse=True):
        line = lines[edit.line]
        lines[edit.line] = line[: edit.start] + edit.text.encode() + line[edit.end :]
    return b"".join(lines).decode()


def edits_of(
    node: ast.AST, hidden: Hidden, lines: list[bytes], renames: Mapping[str, str]
) -> Iterator[Edit]:
    """Yield the edits inside a node where the names `hidden` are no global ones."""
    match node:
        case ast.Name(id=name) if name in renames and name not in hidden:
            end = node.col_offset + len(name)
            yield Edit(node.lineno - 1, node.col_offset, end, renames[name])
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) if (
            name in renames and name not in hidden
        ):
            yield edit_of_definition(node, lines, renames[name])
        case ast.alias() if bound_name(node) in renames and (
            bound_name(node) not in hidden
        ):
            yield edit_of_import(node, renames[bound_name(node)])
        case ast.Call(func=ast.Name(id="super"), args=[]) if (
            "super" in renames and "super" not in hidden
        ):
            # only under its own name does it know where it is
            end = node.col_offset + len("super()")
            new = f"{renames['super']}(__class__, self)"
            yield Edit(node.lineno - 1, node.col_offset, end, new)
            return
        case ast.ImportFrom(module="__future__"):
            return  # nobody reads what it binds
        case _:
            pass
    for child, seen in scoped_children(node, hidden):
        yield from edits_of(child, seen, lines, renames)


def edit_of_definition(
    node: ast.FunctionDef | ast.ClassDef, lines: list[bytes], new: str
) -> Edit:
    """Return the edit that gives a function or class its new name."""
    line = lines[node.lineno - 1]
    keyword = b"class" if isinstance(node, ast.ClassDef) else b"def"
    start = line.index(keyword, node.col_offset) + len(keyword) + 1
    return Edit(node.lineno - 1, start, start + len(node.name), new)


def edit_of_import(node: ast.alias, new: str) -> Edit:
    """Return the edit that lets an import bind a new name."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    if node.asname is None and "." in node.name:
        raise ValueError(f"import {node.name} binds a part of its name")
    end = node.end_col_offset
    if node.asname is None:
        return Edit(node.end_lineno - 1, end, end, f" as {new}")
    return Edit(node.end_lineno - 1, end - len(node.asname), end, new)

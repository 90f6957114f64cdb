"""Which names a Python text binds and uses, and where.

CPython's symbol tables say so at once. PyPy's `symtable` lacks the half that is written in C: there the same is read
off the syntax tree, which takes several times as long.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Union

from f2pypy.dataclass import dataclass

symtable: Any
try:
    import symtable
except ModuleNotFoundError:
    symtable = None

Function = Union[ast.FunctionDef, ast.Lambda]
FUNCTIONS = (ast.FunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def global_names(text: str) -> set[str]:
    """Return the global and built-in names that a module's text uses, in annotations too; SyntaxError for no Python."""
    if symtable is None:
        return set(global_names_in(ast.parse(text), Hidden()))
    found: set[str] = set()
    waiting = [symtable.symtable(text, "<text>", "exec")]
    while waiting:
        table = waiting.pop()
        for symbol in table.get_symbols():
            if symbol.is_referenced() and symbol.is_global():
                found.add(symbol.get_name())
        waiting += table.get_children()
    return found


def names_inside(text: str) -> set[str]:
    """Return the names that a function's body has: global ones, its own, and those of functions inside of it."""
    if symtable is None:
        tree = ast.parse(text)
        return {n for f in tree.body if isinstance(f, FUNCTIONS) for n in names_of(f)}
    table = symtable.symtable(text, "<text>", "exec")
    waiting = [each for each in table.get_children() if each.get_type() == "function"]
    found: set[str] = set()
    while waiting:
        table = waiting.pop()
        found.update(symbol.get_name() for symbol in table.get_symbols())
        waiting += table.get_children()
    return found


def symbols_in(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the module-level names that a text binds, and whether an import does."""
    if symtable is None:
        yield from bound_at_once(ast.parse(text))
        return
    for symbol in symtable.symtable(text, "<runtime>", "exec").get_symbols():
        if symbol.is_imported() or symbol.is_assigned():
            yield symbol.get_name(), symbol.is_imported()


def global_names_in(node: ast.AST, hidden: Hidden) -> Iterator[str]:
    """Yield what `global_names` returns, for a part of a text in which the names `hidden` are no global ones."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        if node.id not in hidden:
            yield node.id
        return
    for child, seen in scoped_children(node, hidden):
        yield from global_names_in(child, seen)


def names_of(function: Function) -> Iterator[str]:
    """Yield what `names_inside` returns, for a syntax tree."""
    yield from bound_by(function)
    for part in body_of(function):
        for node in ast.walk(part):
            if isinstance(node, ast.Name):
                yield node.id
            elif isinstance(node, FUNCTIONS):
                yield from bound_by(node)


def bound_at_once(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """Yield what `symbols_in` does, for a syntax tree."""
    imported = {
        bound_name(alias)
        for part in tree.body
        for node in ast.walk(part)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    for name in {name for part in tree.body for name in stored(part)}:
        yield name, name in imported


@dataclass(frozen=True)
class Hidden:
    """The names that mean something else where a node stands: to functions inside of it as well, or not."""

    deep: frozenset[str] = frozenset()
    shallow: frozenset[str] = frozenset()

    def __contains__(self, name: str) -> bool:
        return name in self.deep or name in self.shallow


def bound_name(node: ast.alias) -> str:
    """Return the name that an import binds: ``a`` for ``import a.b``."""
    return node.asname or node.name.partition(".")[0]


def scoped_children(node: ast.AST, hidden: Hidden) -> Iterator[tuple[ast.AST, Hidden]]:
    """Yield the parts of a node with the names that are hidden in each."""
    inner, inside = hidden, set[int]()
    if isinstance(node, FUNCTIONS):
        inner = Hidden(hidden.deep | bound_by(node))
        # defaults, annotations and decorators belong to what is around it
        inside = {id(part) for part in body_of(node)}
    elif isinstance(node, ast.ClassDef):
        bound = frozenset(name for part in node.body for name in stored(part))
        inner = Hidden(hidden.deep, bound)
        inside = {id(part) for part in node.body}
    elif isinstance(node, COMPREHENSIONS):
        targets = frozenset(n for each in node.generators for n in stored(each.target))
        inner = Hidden(hidden.deep | targets, hidden.shallow)
        inside = {id(part) for part in ast.iter_child_nodes(node)}
    for child in ast.iter_child_nodes(node):
        yield child, inner if id(child) in inside else hidden


def body_of(function: Function) -> list[ast.AST]:
    """Return the statements of a function, or a lambda's expression."""
    body = function.body
    return list(body) if isinstance(body, list) else [body]


def bound_by(function: Function) -> frozenset[str]:
    """Return the names of a function's parameters and local variables."""
    given = function.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    every += [each for each in (given.vararg, given.kwarg) if each is not None]
    found = {each.arg for each in every}
    for part in body_of(function):
        found |= set(stored(part))
    return frozenset(found)


def stored(node: ast.AST) -> Iterator[str]:
    """Yield the names that a part of a function binds in it, not those that functions inside of it bind."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
            return
        case ast.ExceptHandler(name=str(name)):
            yield name
        case ast.alias():
            yield bound_name(node)
        case ast.Lambda():
            return
        case _ if isinstance(node, COMPREHENSIONS):
            # only its first iterable and assignment expressions are the function's
            for inside in ast.walk(node):
                if isinstance(inside, ast.NamedExpr):
                    yield inside.target.id
            return
    for child in ast.iter_child_nodes(node):
        yield from stored(child)

"""Walks over every kind of node, and the questions that need nothing else.

The walks read the fields of the node classes, so a new node needs no line here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from operator import is_
from typing import Any, TypeVar, Union, cast, get_args

from f2pypy.dataclass import values_of
from f2pypy.diagnostics import Span
from f2pypy.expressions.nodes import (
    Absent,
    Assignment,
    Binary,
    Call,
    Dereference,
    Expression,
    Extent,
    Increment,
    ItemSize,
    Member,
    Name,
    Part,
    Rank,
    Size,
    StringLength,
    Subscript,
)
from f2pypy.expressions.statements import Declaration, FunctionDefinition, Statement

Node = Union[Expression, Statement, FunctionDefinition]

NODE_TYPES: tuple[type, ...] = (
    *get_args(Expression),
    *get_args(Statement),
    FunctionDefinition,
)

# Asking for a type's membership costs less than isinstance with so many of them.
_NODE_TYPES: frozenset[type] = frozenset(NODE_TYPES)
_EXPRESSION_TYPES: frozenset[type] = frozenset(get_args(Expression))

_N = TypeVar("_N", bound=Node)


@cache
def _names_of(kind: Hashable) -> tuple[str, ...]:
    """Return the fields of a node that may hold others."""
    return tuple(f.name for f in fields(cast(Any, kind)) if f.name != "at")


@cache
def _values_of(kind: Hashable) -> Callable[[Any], tuple[object, ...]]:
    """Return what takes the values of these fields."""
    return values_of(_names_of(kind))


def children(node: Node) -> list[Node]:
    """Return the nodes directly below `node`, in the order of the source."""
    found: list[Any] = []
    for value in _values_of(cast(Hashable, type(node)))(node):
        kind: type = type(value)
        if kind in _NODE_TYPES:
            found.append(value)
        elif kind is tuple:
            for item in cast("tuple[object, ...]", value):
                if type(item) in _NODE_TYPES:
                    found.append(item)
                elif isinstance(item, tuple) and len(item) == 2:  # a keyword argument
                    found.append(item[1])
    return found


def walk(node: Node) -> Iterator[Node]:
    """Yield `node` and every node below it, parents before children, left to right."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting += children(current)[::-1]


def parts(described: object) -> Iterator[object]:
    """Yield every dataclass with fields in a description, in no order; places in files are left out."""
    waiting = [described]
    while waiting:
        current = waiting.pop()
        kind: type = type(current)
        if kind in _LEAVES:
            continue
        if kind is tuple:
            waiting += cast("tuple[object, ...]", current)
        elif below := _parts_of(kind):
            yield current
            waiting += below(current)


# What most fields hold, and nothing is in.
_LEAVES = frozenset({str, int, bool, type(None), Span})


@cache
def _parts_of(kind: Hashable) -> Callable[[Any], tuple[object, ...]] | None:
    """Return what takes the values of a dataclass's fields, None for what has none."""
    names = [f.name for f in fields(cast(Any, kind))] if is_dataclass(kind) else []
    return values_of(names) if names else None


def map_children(node: _N, change: Callable[[Any], Node]) -> _N:
    """Return `node` with `change` applied to every node right below it; the node itself where nothing changes."""
    changed: dict[str, object] = {}
    for name in _names_of(cast(Hashable, type(node))):
        old = getattr(node, name)
        kind = type(old)
        if kind in _NODE_TYPES:
            new: object = change(old)
        elif kind is tuple:
            new = _map_tuple(old, change)
        else:
            continue
        if new is not old:
            changed[name] = new
    return replace(cast(Any, node), **changed) if changed else node


def _map_tuple(
    values: tuple[object, ...], change: Callable[[Any], Node]
) -> tuple[object, ...]:
    """Return a tuple of nodes, or of tuples of them, with `change` applied; the tuple itself where nothing changes."""
    items: list[object] = []
    for item in values:
        if type(item) in _NODE_TYPES:
            items.append(change(item))
        else:
            items.append(_map_tuple(item, change) if isinstance(item, tuple) else item)
    return values if all(map(is_, items, values)) else tuple(items)


def rewrite(node: _N, change: Callable[[Expression], Expression]) -> _N:
    """Return `node` with `change` applied to every expression in it, children before parents.

    `change` returns its argument where there is nothing to change; untouched subtrees are shared.
    """
    # a function that called itself would be garbage that only the collector finds, which doesn't run
    result = map_children(node, lambda child: rewrite(child, change))
    if type(result) in _EXPRESSION_TYPES:
        return cast(_N, change(cast(Expression, result)))
    return result


# The field of a node that names a variable or an argument.
MENTIONS: dict[type, str] = {
    Name: "name",
    Part: "owner",
    Extent: "array",
    Rank: "array",
    Size: "array",
    ItemSize: "array",
    StringLength: "string",
    Absent: "argument",
}


def used_names(node: Node) -> frozenset[str]:
    """Return every variable that `node` mentions, questions about arguments included, functions called left out."""
    return frozenset(
        getattr(part, MENTIONS[type(part)])
        for part in walk(node)
        if type(part) in MENTIONS
    )


def renamed(node: Expression, names: Mapping[str, str]) -> Expression:
    """Return one node with the variable or argument that it mentions under its name in `names`, if it has one there."""
    field = MENTIONS.get(type(node), "")
    new = names.get(getattr(node, field)) if field else None
    return node if new is None else replace(cast(Any, node), **{field: new})


def called_functions(node: Node) -> frozenset[str]:
    """Return the name of every function that `node` calls by name."""
    return frozenset(part.function for part in walk(node) if isinstance(part, Call))


def assigned_names(node: Node) -> frozenset[str]:
    """Return every variable that `node` assigns, increments, or changes an element of; declared locals included."""
    owners = (
        owner_of(part.target)
        for part in walk(node)
        if isinstance(part, (Assignment, Increment))
    )
    declared = (part.name for part in walk(node) if isinstance(part, Declaration))
    return frozenset(owner for owner in owners if owner is not None).union(declared)


def owner_of(target: Expression) -> str | None:
    """Return the variable whose storage `target` is part of: ``a`` for ``a[i]``, ``*(a + k)``, ``(a + k)->r``."""
    while True:
        match target:
            case Name(name):
                return name
            case Subscript(base) | Member(base):
                target = base
            case Dereference(operand):
                target = operand
            case Binary("+" | "-", left):
                target = left  # pointer arithmetic: the pointer stands first
            case _:
                return None


def declared_names(node: Node) -> frozenset[str]:
    """Return the local variables that `node` declares."""
    return frozenset(part.name for part in walk(node) if isinstance(part, Declaration))

"""Walks over every kind of node, and the questions that need nothing else.

The walks read the fields of the node classes, so a new node needs no line here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args

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
def _field_names(node_type: Hashable) -> tuple[str, ...]:
    return tuple(f.name for f in fields(cast(Any, node_type)) if f.name != "at")


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below `node`, in the order of the source."""
    for name in _field_names(cast(Hashable, type(node))):
        value = getattr(node, name)
        if type(value) in _NODE_TYPES:
            yield cast(Node, value)
        elif isinstance(value, tuple):
            for item in value:
                if type(item) in _NODE_TYPES:
                    yield cast(Node, item)
                elif isinstance(item, tuple) and len(item) == 2:  # a keyword argument
                    yield cast(Node, item[1])


def walk(node: Node) -> Iterator[Node]:
    """Yield `node` and every node below it, parents before children, left to right."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(list(children(current))))


def parts(described: object) -> Iterator[object]:
    """Yield every dataclass with fields in a description, in no order; places in files are left out."""
    waiting = [described]
    while waiting:
        current = waiting.pop()
        if type(current) is tuple:
            waiting += current
        elif names := _part_names(cast(Hashable, type(current))):
            yield current
            waiting += [getattr(current, name) for name in names]


@cache
def _part_names(kind: Hashable) -> tuple[str, ...]:
    is_part = is_dataclass(kind) and kind is not Span
    return tuple(f.name for f in fields(cast(Any, kind))) if is_part else ()


def map_children(node: _N, change: Callable[[Any], Node]) -> _N:
    """Return `node` with `change` applied to every node right below it; the node itself where nothing changes."""
    changed: dict[str, object] = {}
    for name in _field_names(cast(Hashable, type(node))):
        old = getattr(node, name)
        new = _map_field(old, change)
        if new is not old:
            changed[name] = new
    return replace(cast(Any, node), **changed) if changed else node


def _map_field(value: object, change: Callable[[Any], Node]) -> object:
    if type(value) in _NODE_TYPES:
        return change(value)
    if isinstance(value, tuple):
        items = tuple(_map_field(item, change) for item in value)
        return (
            items
            if any(new is not old for new, old in zip(items, value, strict=True))
            else value
        )
    return value


def rewrite(node: _N, change: Callable[[Expression], Expression]) -> _N:
    """Return `node` with `change` applied to every expression in it, children before parents.

    `change` returns its argument where there is nothing to change; untouched subtrees are shared.
    """
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

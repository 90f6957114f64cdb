"""Takes side effects out of C expressions: ``a[i++] = b`` is ``a[i] = b`` and then ``i++``."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import (
    Assignment,
    Binary,
    Conditional,
    Expression,
    ExpressionError,
    Increment,
    Name,
    Sequence,
)
from f2pypy.expressions.walk import Node, owner_of, rewrite, used_names, walk


@dataclass(frozen=True)
class Lifted:
    """An expression's value, with the effects that come before and after it is taken."""

    before: tuple[Expression, ...]
    value: Expression
    after: tuple[Expression, ...]


def has_effects(expression: Expression) -> bool:
    """Whether evaluating the expression changes something."""
    return any(isinstance(n, (Assignment, Increment)) for n in walk(expression))


def lift(expression: Expression) -> Lifted:
    """Take the increments and assignments out of an expression.

    Raises ExpressionError if C doesn't define the order, and if an operand may not be evaluated at all.
    """
    if not has_effects(expression):
        return Lifted((), expression, ())
    if isinstance(expression, Sequence):
        last = lift(expression.items[-1])
        return replace(last, before=(*expression.items[:-1], *last.before))
    refuse_open_order(expression)
    refuse_lazy_effects(expression)
    before: list[Expression] = []
    after: list[Expression] = []

    def take(node: Expression) -> Expression:
        match node:
            case Increment(target, prefix=True) | Assignment(target):
                before.append(node)
                return target
            case Increment(target):
                after.insert(0, node)  # what its index does in passing comes later
                return target
            case _:
                return node

    value = rewrite(expression, take)
    return Lifted(tuple(before), value, tuple(after))


def refuse_lazy_effects(expression: Expression) -> None:
    """Raise ExpressionError for effects in operands that C evaluates only sometimes."""
    for node in walk(expression):
        match node:
            case Binary("&&" | "||", _, right) if has_effects(right):
                raise unsure(node)
            case Conditional(_, then, otherwise):
                if has_effects(then) or has_effects(otherwise):
                    raise unsure(node)
            case Sequence() as inner if inner is not expression:
                raise unsure(node)
            case _:  # C evaluates all other operands
                pass


def unsure(node: Node) -> ExpressionError:
    """Return the error for an effect that happens only sometimes."""
    return ExpressionError(
        "a side effect inside an operand that isn't always evaluated",
        max(getattr(node, "at", 0), 0),
    )


def refuse_shared(target: Expression, value: Expression) -> None:
    """Raise ExpressionError if one side of an assignment changes a variable that the other side uses."""
    for side, other in ((target, value), (value, target)):
        used = used_names(other)
        for node in walk(side):
            if isinstance(node, (Assignment, Increment)):
                owner = owner_of(node.target)
                if owner in used:
                    raise open_order(owner or "", node)


def open_order(name: str, node: Expression) -> ExpressionError:
    """Return the error for a variable whose value depends on C's undefined order."""
    return ExpressionError(
        f"{name} is changed and used in one expression: C doesn't define the order",
        max(node.at, 0),
    )


def refuse_open_order(expression: Expression) -> None:
    """Raise ExpressionError if a changed variable appears a second time in the expression."""
    mentions = Counter(n.name for n in walk(expression) if isinstance(n, Name))
    for node in walk(expression):
        match node:
            case Increment(target) | Assignment(target):
                owner = owner_of(target)
                if owner is not None and mentions[owner] > 1:
                    raise open_order(owner, node)
            case _:  # no other expression changes a variable
                pass


def innermost(assignment: Assignment) -> Expression:
    """Return the value that a chained assignment begins with."""
    value: Expression = assignment
    while isinstance(value, Assignment):
        value = value.value
    return value


def replace_node(tree: Expression, old: object, new: Expression) -> Expression:
    """Return the tree with the node `old` (by identity) replaced."""
    return rewrite(tree, lambda node: new if node is old else node)

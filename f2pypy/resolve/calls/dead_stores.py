"""Which assignments to local variables nothing needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from f2pypy.expressions.exhaustive import assert_never
from f2pypy.expressions.walk import used_names
from f2pypy.model import (
    Action,
    Assign,
    AssignElement,
    AssignElements,
    Break,
    CallRoutine,
    Choose,
    Continue,
    FillTriangle,
    Loop,
    Raise,
)
from f2pypy.resolve.calls.flow import changed_names, names_read


def without_dead_stores(
    actions: tuple[Action, ...], local: frozenset[str]
) -> tuple[Action, ...]:
    """Return the actions without assignments to local variables that nothing reads."""
    read = frozenset().union(*map(names_read, actions))
    return drop_stores(actions, frozenset(local - read), local)


def drop_stores(
    actions: Sequence[Action], unread: frozenset[str], local: frozenset[str]
) -> tuple[Action, ...]:
    """Drop assignments of `unread` locals, and those that the next mention of the local overwrites."""
    found: list[Action] = []
    for position, action in enumerate(actions):
        match action:
            case Assign(target) if target in unread:
                continue
            case Assign(target) if target in local and overwritten(
                target, actions[position + 1 :]
            ):
                continue
            case Choose(test, then, otherwise):
                branches = (
                    drop_stores(then, unread, local),
                    drop_stores(otherwise, unread, local),
                )
                found.append(Choose(test, *branches))
            case Loop(initial, test, body, step):
                found.append(
                    Loop(
                        drop_stores(initial, unread, local),
                        test,
                        drop_stores(body, unread, local),
                        drop_stores(step, unread, local),
                    )
                )
            case CallRoutine() | Assign() | AssignElement() | AssignElements():
                found.append(action)
            case FillTriangle() | Break() | Continue() | Raise():
                found.append(action)
            case _:
                assert_never(action)
    return tuple(found)


def overwritten(name: str, actions: Iterable[Action]) -> bool:
    """Whether the first action that mentions the variable assigns it."""
    for action in actions:
        match action:
            case Assign(target, value) if target == name:
                return name not in used_names(value)
            case Loop(initial=(_, *_) as initial) if any(
                isinstance(a, Assign) and a.target == name for a in initial
            ):
                return overwritten(name, initial)
            case _ if name in names_read(action) or name in changed_names(action):
                return False
            case _:
                pass
    return False

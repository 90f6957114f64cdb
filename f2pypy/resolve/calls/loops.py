"""Replaces loops over elements by operations on whole arrays, and removes locals that become useless.

The form of a loop doesn't matter: it is recognised if it counts and its body assigns elements whose indexes are linear
in the counter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from f2pypy.expressions.exhaustive import assert_never
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
    Local,
    Loop,
    Raise,
)
from f2pypy.resolve.calls.array_operations import elementwise
from f2pypy.resolve.calls.counted_loops import read_counted
from f2pypy.resolve.calls.dead_stores import without_dead_stores
from f2pypy.resolve.calls.flow import names_read
from f2pypy.resolve.calls.triangles import triangle


def tidy_actions(
    actions: Iterable[Action], local_variables: Mapping[str, Local]
) -> tuple[Action, ...]:
    """Return the actions with array operations in place of loops, and without useless locals."""
    found = recognise_loops(tuple(actions), frozenset(), frozenset(local_variables))
    while True:
        kept = without_dead_stores(found, frozenset(local_variables))
        if kept == found:
            return kept
        found = kept


def recognise_loops(
    actions: Sequence[Action], later: frozenset[str], local: frozenset[str]
) -> tuple[Action, ...]:
    """Return the actions with every loop replaced that an array operation can express.

    `later` are the variables read after the actions, `local` those that are invisible after the call.
    """
    found: list[Action] = []
    for position, action in enumerate(actions):
        after = later.union(*map(names_read, actions[position + 1 :]))
        match action:
            case Choose(test, then, otherwise):
                branches = (
                    recognise_loops(then, after, local),
                    recognise_loops(otherwise, after, local),
                )
                found.append(Choose(test, *branches))
            case Loop(initial=()) if found and isinstance(found[-1], Assign):
                begun = replace(action, initial=(found[-1],))
                operations = recognise_loop(begun, after, local)
                if isinstance(operations[-1], Loop):
                    found += recognise_loop(action, after, local)
                else:
                    found[-1:] = operations
            case Loop():
                found += recognise_loop(action, after, local)
            case CallRoutine() | Assign() | AssignElement() | AssignElements():
                found.append(action)
            case FillTriangle() | Break() | Continue() | Raise():
                found.append(action)
            case _:
                assert_never(action)
    return tuple(found)


def recognise_loop(
    loop: Loop, later: frozenset[str], local: frozenset[str]
) -> tuple[Action, ...]:
    """Return array operations that do what the loop does, or the loop itself."""
    counted = read_counted(loop)
    if counted is not None:
        temporaries = counted.temporaries()
        operations = triangle(counted) or elementwise(counted)
        if operations and temporaries <= local and not temporaries & later:
            unneeded = counted.name in local and counted.name not in later
            ending = () if unneeded else (counted.final(),)
            return (*counted.before, *operations, *ending)
    again = later | names_read(loop)
    body = recognise_loops(loop.body, again, local)
    return (replace(loop, body=body),)

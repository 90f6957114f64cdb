"""The order in which arguments are converted and checked."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence


def order_by_dependency(
    names: Sequence[str], depends: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return `names` so that each comes after those it depends on, and the names of a cycle.

    Names that depend on nothing come first, in the given order; the others follow as soon as nothing they depend
    on is still waiting. This is the order in which f2py's wrappers work, so that the same argument is blamed when
    several are wrong. On a cycle the rest keeps its order.
    """
    ordered = [name for name in names if not depends.get(name)]
    waiting = deque(name for name in names if depends.get(name))
    unknown = set(waiting)
    delayed = 0
    while waiting:
        name = waiting.popleft()
        unknown.remove(name)
        if unknown.isdisjoint(depends[name]):
            ordered.append(name)
            delayed = 0
            continue
        waiting.append(name)
        unknown.add(name)
        delayed += 1
        if delayed > len(waiting):
            return (*ordered, *waiting), tuple(waiting)
    return tuple(ordered), ()


def is_in_order(names: Sequence[str], depends: Mapping[str, Sequence[str]]) -> bool:
    """Whether each of `names` comes after those it depends on, itself aside."""
    seen: set[str] = set()
    for name in names:
        seen.add(name)
        if not seen.issuperset(depends.get(name, ())):
            return False
    return True


def reaches(depends: Mapping[str, tuple[str, ...]], start: str, goal: str) -> bool:
    """Whether `start` depends on `goal`, directly or not."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            waiting.extend(depends.get(name, ()))
    return False

"""The order in which arguments are converted and checked."""

from __future__ import annotations

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
    waiting = [name for name in names if depends.get(name)]
    delayed = 0
    while waiting:
        name, *others = waiting
        if any(other in depends[name] for other in others):
            waiting = [*others, name]
            delayed += 1
            if delayed > len(waiting):
                return (*ordered, *waiting), tuple(waiting)
        else:
            ordered.append(name)
            waiting = others
            delayed = 0
    return tuple(ordered), ()


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

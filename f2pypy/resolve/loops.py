"""C loops over arrays, recognised as the array operations they are."""

from __future__ import annotations

from f2pypy.model import Action, Loop


def recognise_loop(loop: Loop) -> tuple[Action, ...]:
    """Return array operations that do what the loop does, or the loop itself."""
    return (*loop.initial, loop)

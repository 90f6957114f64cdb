"""Routines with their entries, each of which is a routine of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from f2pypy import syntax


def with_entries(unit: syntax.Procedure) -> Iterator[syntax.Procedure]:
    """Yield a routine and each of its entries."""
    entries = [item for item in unit.items if isinstance(item, syntax.Entry)]
    if not entries:
        yield unit
        return
    items = tuple(i for i in unit.items if not isinstance(i, syntax.Entry))
    yield replace(unit, items=items)
    for entry in entries:
        yield as_routine(unit, entry)


def as_routine(owner: syntax.Procedure, entry: syntax.Entry) -> syntax.Procedure:
    """Return an entry as a routine with its owner's declarations, called by its own name."""
    items = tuple(
        item
        for item in owner.items
        if not isinstance(item, (syntax.FortranName, syntax.Entry))
    )
    return replace(
        owner,
        name=entry.name,
        arguments=entry.arguments,
        result=entry.result,
        items=items,
        span=entry.span,
    )

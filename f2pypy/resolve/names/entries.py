"""Turns entries into routines of their own, and alternate returns into a result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from f2pypy import syntax

# The result of a subroutine with alternate returns: 0, or the number k of ``return k``.
RETURN_CODE = "alternate_return"


def with_entries(unit: syntax.Procedure) -> Iterator[syntax.Procedure]:
    """Yield a routine and each of its entries."""
    entries = [item for item in unit.items if isinstance(item, syntax.Entry)]
    if not entries:
        yield with_return_code(unit)
        return
    items = tuple(i for i in unit.items if not isinstance(i, syntax.Entry))
    yield with_return_code(replace(unit, items=items))
    for entry in entries:
        yield with_return_code(as_routine(unit, entry))


def with_return_code(unit: syntax.Procedure) -> syntax.Procedure:
    """Return a subroutine with alternate returns as compilers translate it: a function that returns a C int."""
    if unit.kind != "subroutine" or "*" not in unit.arguments:
        return unit
    declared = syntax.TypeDeclaration(
        syntax.TypeSpec("integer", syntax.Text("4", unit.span)),
        (),
        (syntax.Entity(RETURN_CODE, unit.span),),
        unit.span,
    )
    return replace(
        unit,
        kind="function",
        arguments=tuple(a for a in unit.arguments if a != "*"),
        result=RETURN_CODE,
        items=(*unit.items, declared),
    )


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

"""The dummy procedures of a routine, and what it calls by name: how Fortran calls what Python provides for them."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace

from f2pypy import syntax
from f2pypy.expressions.nodes import ExpressionError
from f2pypy.model import Callback
from f2pypy.resolve.arguments.drafts import Draft
from f2pypy.resolve.arguments.intents import is_hidden, keys_of
from f2pypy.resolve.callbacks.prototypes import PrototypeFinder, unused
from f2pypy.resolve.callbacks.signature import CallbackReader
from f2pypy.resolve.faults import TypeProblem
from f2pypy.resolve.names.declarations import result_of
from f2pypy.resolve.names.places import Place, Places
from f2pypy.resolve.names.scopes import Scopes
from f2pypy.resolve.procedures.drafts import draft_in
from f2pypy.resolve.procedures.routine import Routine


def note_callbacks(routine: Routine) -> None:
    """Gather the procedures that the routine calls by name, whatever else becomes of it: its code calls them."""
    gathered = routine.around.by_name
    for unit in (routine.unit, *routine.unit.contained):
        inner = replace(routine, unit=unit)
        for name in called_by_name(unit.items):
            known = gathered.get(name)
            if name not in unit.arguments and not (known and known.described):
                gathered[name] = callback_by_name(inner, name)


def callback_by_name(routine: Routine, name: str) -> Callback:
    """Return the signature of a procedure that Python provides, an empty one where it can't be decided."""
    with contextlib.suppress(TypeProblem, ExpressionError):
        return signature_of_callback(routine, draft_in(routine, name))
    module = f"{routine.unit.name}__user__routines"
    return Callback(name, module, (), None, (), described=False)


def callback_of(routine: Routine, draft: Draft) -> Callback | None:
    """Return the signature of a dummy procedure, None for any other argument."""
    if not draft.declaration.is_callback:
        return None
    span = draft.declaration.span
    if "pointer" in draft.declaration.flags:
        raise TypeProblem(span, f"{draft.name!r} is a procedure pointer")
    hidden = is_hidden(draft.declaration.intents)
    given = draft.name in routine.unit.arguments
    if not given and routine.around.compiles:
        return signature_of_callback(routine, draft)
    if hidden or not given:
        kind = "hidden" if hidden else "no argument"
        raise TypeProblem(
            span,
            f"callback {draft.name!r} is {kind}: Fortran can only find it through glue in the library (-c)",
        )
    return signature_of_callback(routine, draft)


def signature_of_callback(routine: Routine, draft: Draft) -> Callback:
    """Return the signature that a ``__user__`` module or the routine itself gives."""
    for use in (*routine.declared.of(syntax.Use), *routine.around.uses):
        assert isinstance(use, syntax.Use)
        known = routine.around.callbacks.get(use.module)
        if known is None:
            continue
        renamed = dict(use.renames).get(draft.name, draft.name)
        if renamed in known:
            return known[renamed]
    return described_callback(routine, draft)


def described_callback(routine: Routine, draft: Draft) -> Callback:
    """Return the signature of a dummy procedure that the routine itself describes."""
    around = routine.around
    places = around.places or Places(Scopes({}, routine.diagnostics), {})
    finder = PrototypeFinder(places, around.default_integer, routine.diagnostics)
    prototype = finder.find(routine.unit, draft.name, routine.host)
    if prototype is None:
        refuse_undescribed(routine, draft)
        place = Place(around.constants, routine.implicit)
        prototype = unused(draft.declaration, place)
    reader = CallbackReader(
        f"{routine.unit.name}__user__routines",
        around.dialect,
        around.default_integer,
        prototype.place.constants,
        routine.diagnostics,
        prototype.place.implicit,
        places.scopes,
        around.compiler,
    )
    unit = prototype.unit
    callback = reader.decide(replace(unit, name=draft.name, result=result_of(unit)))
    if callback.result is None or unit.result is not None:
        return callback
    return replace(callback, result=replace(callback.result, name=draft.name))


def refuse_undescribed(routine: Routine, draft: Draft) -> None:
    """Raise TypeProblem for a dummy procedure that may be called with unknown arguments."""
    takers = [
        item.callee
        for owner in (routine.unit, *routine.unit.contained)
        for item in owner.items
        if isinstance(item, syntax.PassedProcedure) and item.name == draft.name
    ]
    if not takers and routine.around.dialect is syntax.Dialect.FORTRAN:
        return
    reason = "there is no '__user__' module, no interface and no call"
    if takers:
        reason += (
            f", and {takers[0]!r}, to which it is passed on, isn't among the files"
        )
    raise TypeProblem(
        draft.declaration.span,
        f"f2pypy can't find the arguments of the callback {draft.name!r}: {reason}",
    )


def calls_by_name(unit: syntax.Procedure) -> bool:
    """Whether a routine, or one inside of it, calls what Python provides by its name."""
    return any(called_by_name(each.items) for each in (unit, *unit.contained))


def called_by_name(items: Sequence[syntax.Item]) -> list[str]:
    """Return the procedures that statements give ``intent(callback)``."""
    found: list[str] = []
    for item in items:
        match item:
            case syntax.AttributeStatement(attribute=attribute):
                attributes: tuple[syntax.Attribute, ...] = (attribute,)
            case syntax.TypeDeclaration(attributes=attributes):
                pass
            case _:
                continue
        if any("callback" in keys_of(attribute) for attribute in attributes):
            found += [entity.name for entity in item.entities]
    return list(dict.fromkeys(found))

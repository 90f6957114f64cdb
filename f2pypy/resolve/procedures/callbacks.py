"""The dummy procedures of a routine, and what it calls by name: how Fortran calls what Python provides for them."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from f2pypy import syntax
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions.nodes import ExpressionError
from f2pypy.model import Callback
from f2pypy.resolve.arguments.drafts import Draft
from f2pypy.resolve.arguments.intents import is_hidden
from f2pypy.resolve.callbacks.prototypes import PrototypeFinder, unused
from f2pypy.resolve.callbacks.signature import CallbackReader
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.names.declarations import result_of
from f2pypy.resolve.names.derived_types import TypesSeen
from f2pypy.resolve.names.places import Place, Places, Prototype
from f2pypy.resolve.names.scopes import Scopes
from f2pypy.resolve.procedures.drafts import draft_in
from f2pypy.resolve.procedures.routine import Routine, Surroundings, called_by_name


def note_callbacks(routine: Routine) -> None:
    """Gather the procedures that the routine calls by name, whatever else becomes of it: its code calls them."""
    gathered = routine.around.by_name
    for unit in (routine.unit, *routine.unit.contained):
        inner = replace(routine, unit=unit)
        for name in called_by_name(unit.items):
            known = gathered.get(name)
            if name not in inner.passed and not (known and known.described):
                gathered[name] = callback_by_name(inner, name)


def callback_by_name(routine: Routine, name: str) -> Callback:
    """Return the signature of a procedure that Python provides, an empty one where it can't be decided."""
    with contextlib.suppress(DeclarationError, ExpressionError):
        return signature_of_callback(routine, draft_in(routine, name))
    module = f"{routine.unit.name}__user__routines"
    return Callback(name, module, (), None, (), described=False)


def callback_of(routine: Routine, draft: Draft) -> Callback | None:
    """Return the signature of a dummy procedure, None for any other argument."""
    if not draft.declaration.is_callback:
        return None
    span = draft.declaration.span
    if "pointer" in draft.declaration.flags:
        return callback_of_pointer(routine, draft)
    hidden = is_hidden(draft.declaration.intents)
    given = draft.name in routine.passed
    if not given and routine.around.compiles:
        return signature_of_callback(routine, draft)
    if hidden or not given:
        kind = "hidden" if hidden else "no argument"
        raise DeclarationError(
            span,
            f"callback {draft.name!r} is {kind}: Fortran can only find it through compiled glue, which needs -c",
        )
    return signature_of_callback(routine, draft)


def callback_of_pointer(routine: Routine, draft: Draft) -> Callback:
    """Return the signature of a dummy procedure pointer; DeclarationError where its interface isn't known."""
    prototype = prototype_of_pointer(routine, draft.name)
    if prototype is None:
        raise DeclarationError(
            draft.declaration.span,
            f"{draft.name!r} is a procedure pointer without an interface",
        )
    module = f"{routine.unit.name}__user__routines"
    around = replace(routine.around, types=routine.types)
    return callback_like(prototype, draft.name, module, around, routine.diagnostics)


def prototype_of_pointer(routine: Routine, name: str) -> Prototype | None:
    """Return the prototype of a dummy procedure pointer, None where nothing shows it."""
    around, diagnostics = routine.around, routine.diagnostics
    places = described_places(around, diagnostics)
    host = routine.host
    if around.places is None:
        module = places.scopes.modules.get(around.fortran_module)
        host = places.top() if module is None else places.module(module)
    finder = PrototypeFinder(places, around.default_integer, diagnostics)
    return finder.find(routine.unit, name, host)


def described_places(around: Surroundings, diagnostics: Diagnostics) -> Places:
    """Return what the units of the sources, or of a signature file, see."""
    return around.places or around.described or places_of(around, diagnostics)


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
    prototype = prototype_of(routine, draft.name)
    if prototype is None:
        refuse_undescribed(routine, draft)
        place = Place(routine.around.constants, routine.implicit)
        prototype = unused(draft.declaration, place)
    module = f"{routine.unit.name}__user__routines"
    around = replace(routine.around, types=routine.types)
    return callback_like(prototype, draft.name, module, around, routine.diagnostics)


def prototype_of(routine: Routine, name: str) -> Prototype | None:
    """Return the prototype of a dummy procedure, None where the sources show none."""
    around = routine.around
    places = places_of(around, routine.diagnostics)
    finder = PrototypeFinder(places, around.default_integer, routine.diagnostics)
    return finder.find(routine.unit, name, routine.host)


def places_of(around: Surroundings, diagnostics: Diagnostics) -> Places:
    """Return what the units of the sources see; nothing without sources."""
    return around.places or Places(Scopes({}, diagnostics), {})


def callback_like(
    prototype: Prototype,
    name: str,
    module: str,
    around: Surroundings,
    diagnostics: Diagnostics,
) -> Callback:
    """Return the signature of what Fortran calls by `name` as a prototype says; `module` is where it is described."""
    scopes = described_places(around, diagnostics).scopes
    reader = CallbackReader(
        module,
        around.dialect,
        around.default_integer,
        prototype.place.constants,
        diagnostics,
        prototype.place.implicit,
        scopes,
        around.compiler,
        scopes.types.seen(prototype.unit.items, types_around(prototype, around)),
    )
    unit = prototype.unit
    callback = reader.decide(replace(unit, name=name, result=result_of(unit)))
    if callback.result is None or unit.result is not None:
        return callback
    return replace(callback, result=replace(callback.result, name=name))


def types_around(prototype: Prototype, around: Surroundings) -> TypesSeen:
    """Return the derived types that a prototype sees; signature files have interface bodies without IMPORT."""
    return {**around.types, **prototype.place.types}


def refuse_undescribed(routine: Routine, draft: Draft) -> None:
    """Raise DeclarationError for a dummy procedure that may be called with unknown arguments."""
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
    raise DeclarationError(
        draft.declaration.span,
        f"f2pypy can't find the arguments of the callback {draft.name!r}: {reason}",
    )


def calls_by_name(unit: syntax.Procedure) -> bool:
    """Whether a routine, or one inside of it, calls what Python provides by its name."""
    return any(called_by_name(each.items) for each in (unit, *unit.contained))

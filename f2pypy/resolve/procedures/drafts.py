"""The variables of a routine with their texts read, and what f2py makes of their declarations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from f2pypy import syntax
from f2pypy.expressions.f2py_texts import without_pointers
from f2pypy.expressions.nodes import Expression, Integer, Kind, Name, Subscript
from f2pypy.expressions.walk import rewrite
from f2pypy.model import Form, Intent
from f2pypy.resolve.arguments.drafts import Draft, draft_of, draft_of_procedure
from f2pypy.resolve.arguments.dummies import declared_form
from f2pypy.resolve.arguments.intents import combine_intents, is_hidden
from f2pypy.resolve.faults import DeclarationError, decide_each
from f2pypy.resolve.names.texts import ReadText
from f2pypy.resolve.procedures.routine import Routine


def read_drafts(routine: Routine) -> dict[str, Draft]:
    """Return all variables of the routine; DeclarationError with what is wrong in any of their declarations."""
    drafts = with_f2py_texts(
        decide_each(routine.names, lambda name: draft_in(routine, name))
    )
    for name in routine.dummies:
        draft = any_length(drafts[name], drafts, routine)
        drafts[name] = with_intents_in_effect(draft)
    return drafts


def draft_in(routine: Routine, name: str) -> Draft:
    """Return one variable with its type decided and its texts read; DeclarationError for what Python can't pass."""
    declaration = routine.declaration(name)
    if declaration.is_callback:
        return draft_of_procedure(declaration)
    return draft_of(declaration, routine.reading)


def any_length(draft: Draft, drafts: Mapping[str, Draft], routine: Routine) -> Draft:
    """Return the draft; ``x(1)`` beside an integer is how old sources write ``x(*)``, which a warning says."""
    if routine.around.dialect is not syntax.Dialect.FORTRAN:
        return draft
    last = draft.extents[-1] if draft.extents else None
    if last is None or last.text != "1" or is_hidden(draft.declaration.intents):
        return draft
    given = routine.unit.arguments
    counts = [n for n in given if n in drafts and is_count(drafts[n])]
    if not counts:
        return draft
    routine.diagnostics.warn(
        draft.declaration.span,
        f"{draft.name!r} is declared with one element, beside the integer {counts[0]!r}: "
        "f2pypy treats it as an array of any length, like (*)",
    )
    extents = (*(draft.extents or ())[:-1], None)
    return replace(draft, extents=extents)


def with_intents_in_effect(draft: Draft) -> Draft:
    """Return the draft with its effective intents; DeclarationError for output that nobody can say the length of.

    An allocatable or pointer argument is returned unless a source says that it only goes in. Output of unknown size
    needs the caller's memory, which is filled in place and returned.
    """
    keys = draft.declaration.intents
    intent = combine_intents(keys)
    if draft.declaration.is_callback or "hide" in keys:
        return draft
    added: tuple[str, ...] = ()
    if declared_form(draft) in (Form.ALLOCATABLE, Form.POINTER):
        if not draft.states_direction:
            added = ("in", "out")
        elif is_hidden(keys) and has_callers_length(draft):
            raise DeclarationError(
                draft.declaration.span,
                f"Fortran allocates {draft.name!r} with the length that the caller's variable has (len=*), "
                "and Python gives none: declare it with len=:",
            )
        elif intent & Intent.INOUT:
            added = ("out",)
    elif is_hidden(keys) and is_open(draft):
        added = ("inout",)
    keys = tuple(dict.fromkeys((*keys, *added)))
    return replace(draft, declaration=replace(draft.declaration, intents=keys))


def is_open(draft: Draft) -> bool:
    """Whether only the actual argument gives the extents or the length: ``(:)``, ``(*)``, ``(..)``, ``len=*``."""
    return has_callers_length(draft) or None in (draft.extents or ())


def has_callers_length(draft: Draft) -> bool:
    """Whether it consists of strings that are as long as those of the actual argument: ``len=*``."""
    type_ = draft.type
    return type_.is_string and type_.length is None and not type_.deferred


def is_count(draft: Draft) -> bool:
    """Whether it is an integer that may say how long an array is."""
    is_integer = draft.type.kind is Kind.INTEGER and draft.extents is None
    return is_integer and not draft.declaration.is_callback


def with_f2py_texts(drafts: dict[str, Draft]) -> dict[str, Draft]:
    """Return the drafts with ``*c`` and ``c[0]`` as ``c`` for single characters, as f2py shows them."""
    characters = [
        name
        for name, draft in drafts.items()
        if draft.type.kind is Kind.CHARACTER
        and not draft.type.is_string
        and draft.extents is None
    ]
    if not characters:
        return drafts

    def shown(text: ReadText | None) -> ReadText | None:
        if text is None:
            return None
        expression = rewrite(text.expression, without_index)
        shown_text = without_pointers(text.text, characters)
        return replace(text, expression=expression, text=shown_text)

    def without_index(node: Expression) -> Expression:
        match node:
            case Subscript(Name(name) as whole, Integer(0)) if name in characters:
                return whole
            case _:
                return node

    return {
        name: replace(
            draft,
            extents=draft.extents and tuple(map(shown, draft.extents)),
            initial=shown(draft.initial),
            checks=tuple(text for text in map(shown, draft.checks) if text),
        )
        for name, draft in drafts.items()
    }

"""From a routine as it is declared to a procedure of which nothing is left to decide."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from f2pypy import model, syntax
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions.nodes import ExpressionError
from f2pypy.model import Direction
from f2pypy.resolve.arguments.dummies import Owner
from f2pypy.resolve.faults import DeclarationError, joined, left_out_if_faulty
from f2pypy.resolve.names.identifiers import check_attribute, check_name
from f2pypy.resolve.names.origins import origin_of
from f2pypy.resolve.procedures.arguments import arguments_of, result_of
from f2pypy.resolve.procedures.asked_extents import ask_compiled_code
from f2pypy.resolve.procedures.call import called_usercode, decide_call
from f2pypy.resolve.procedures.callbacks import calls_by_name, note_callbacks
from f2pypy.resolve.procedures.drafts import read_drafts
from f2pypy.resolve.procedures.elementals import elemental_of
from f2pypy.resolve.procedures.evaluation import evaluation_order
from f2pypy.resolve.procedures.pointers import with_pointed
from f2pypy.resolve.procedures.routine import Routine, Surroundings
from f2pypy.resolve.procedures.scope import scope_in
from f2pypy.resolve.procedures.symbol import symbol_of
from f2pypy.resolve.shapes.inference import infer_extents, without_questions_to_outputs

WORD = re.compile(r"\w+")


def add_procedure(
    found: dict[str, model.Procedure],
    unit: syntax.Procedure,
    seen: Callable[[syntax.Procedure], Surroundings],
    diagnostics: Diagnostics,
    subject: str = "",
    *,
    is_wanted: bool,
) -> None:
    """Add a routine to those `found` by name, unless it isn't wanted or is left out after reporting why.

    What it calls by name is noted in both cases. `seen` returns what a routine sees around it; `subject` is as in
    `Diagnostic`.
    """
    if not (is_wanted or calls_by_name(unit)):
        return
    with left_out_if_faulty(unit.name, unit.span, diagnostics, subject):
        routine = Routine(unit, seen(unit), diagnostics)
        note_callbacks(routine)
        procedure = read_procedure(routine) if is_wanted else None
        if procedure is not None:
            found[unit.name] = procedure


def read_procedure(routine: Routine) -> model.Procedure | None:
    """Return the routine, or None after reporting why it can't be wrapped."""
    name = routine.unit.name
    subject = f"{routine.around.fortran_module}.{name}"
    with left_out_if_faulty(
        name,
        routine.unit.span,
        routine.diagnostics,
        subject,
        lambda message: origin_in(routine, message),
    ):
        try:
            return decide(routine)
        except DeclarationError as problem:
            raise joined(all_faults(routine, problem)) from None
    return None


def all_faults(routine: Routine, first: DeclarationError) -> list[DeclarationError]:
    """Return what is wrong with a routine, beginning with what was found first.

    It is decided again without the variables that are known to be faulty; what is said of those is left out.
    """
    found, faulty = list(first.all), frozenset[str]()
    around = replace(routine.around, questions=None)
    while new := {each.variable for each in found} - faulty - {""}:
        faulty |= new
        unit = without_calls_of(routine.unit, faulty)
        rest = replace(routine, unit=unit, around=around, faulty=faulty)
        try:
            decide(rest)
        except ExpressionError:
            break
        except DeclarationError as problem:
            known = {(each.span, each.message) for each in found}
            found += [
                each
                for each in problem.all
                if (each.span, each.message) not in known
                and faulty.isdisjoint(WORD.findall(each.message))
            ]
    return found


def without_calls_of(
    unit: syntax.Procedure, faulty: frozenset[str]
) -> syntax.Procedure:
    """Return a routine without the C of its call, unless that does without the faulty variables."""
    codes = [item for item in unit.items if isinstance(item, syntax.Code)]
    words = {word for item in codes for word in WORD.findall(item.text.text)}
    if faulty.isdisjoint(words) and any(c.keyword == "callstatement" for c in codes):
        return unit
    kept = (item for item in unit.items if not isinstance(item, syntax.Code))
    return replace(unit, items=tuple(kept))


def decide(routine: Routine) -> model.Procedure:
    """Return the routine with every question answered; DeclarationError with all that can't be."""
    unit, around = routine.unit, routine.around
    check_names(routine)
    drafts, asked = ask_compiled_code(routine, read_drafts(routine))
    drafts = infer_extents(without_questions_to_outputs(drafts), routine.dummies)
    order = evaluation_order(routine, drafts)
    scope = scope_in(routine, drafts, asked)
    owner = Owner(
        unit,
        Direction.TO_FORTRAN,
        around.dialect,
        scope,
        order,
        around.compiler,
    )
    arguments = arguments_of(routine, drafts, owner)
    arguments, pointed = with_pointed(routine, arguments, decide)
    result = result_of(routine, drafts, owner)
    if result is not None:
        [result], returned = with_pointed(routine, [result], decide)
        pointed += returned
    symbol, exact = symbol_of(routine)
    actions, local_variables = decide_call(routine, symbol, arguments, result, scope)
    codes = routine.codes()
    return model.Procedure(
        unit.name,
        symbol,
        tuple(arguments),
        order,
        result,
        local_variables,
        actions,
        unit.span,
        fortran_module=around.fortran_module,
        exact_symbol=exact,
        threadsafe=bool(routine.declared.of(syntax.ThreadSafe)),
        functions=called_usercode(routine, arguments, actions),
        externals=external_names(routine),
        codes=tuple((item.keyword, item.text.text) for item in codes),
        elemental=elemental_of(unit, arguments, result, actions, codes),
        pointed=pointed,
        description=unit.description,
    )


def check_names(routine: Routine) -> None:
    """Raise DeclarationError for a name that the generated module can't have."""
    unit = routine.unit
    check_attribute(unit.name, unit.span)
    given = Counter(name for name in unit.arguments if name != "*")
    for name in (name for name, times in given.items() if times > 1):
        raise DeclarationError(unit.span, f"its argument {name!r} is repeated")
    for name in routine.names:
        check_name(name, routine.declaration(name).span)


def external_names(routine: Routine) -> tuple[str, ...]:
    """Return the procedures that the routine declares external and that are no dummies."""
    own = routine.names
    return tuple(
        name
        for name, declaration in routine.declared.names.items()
        if "external" in declaration.flags and name not in own
    )


def origin_in(routine: Routine, message: str) -> str:
    """Return a hint for the end of a message at the module that an unknown name may come from."""
    places = routine.around.places
    modules = {} if places is None else places.scopes.modules
    host = modules.get(routine.around.fortran_module)
    outer = () if host is None else host.items
    return origin_of(message, (*routine.unit.items, *outer), modules)

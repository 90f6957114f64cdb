"""Procedure pointers: how Python calls what they point to.

How Fortran calls what Python points them to is the same as for dummy procedures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from f2pypy import model, syntax
from f2pypy.diagnostics import Diagnostics
from f2pypy.model import Argument, Intent, Presence
from f2pypy.resolve.callbacks.prototypes import is_interface
from f2pypy.resolve.faults import DeclarationError, left_out_if_faulty
from f2pypy.resolve.names.association import is_accessible
from f2pypy.resolve.names.declarations import Declaration, Declarations
from f2pypy.resolve.names.identifiers import check_attribute
from f2pypy.resolve.names.places import Prototype
from f2pypy.resolve.procedures.callbacks import (
    callback_like,
    described_places,
    prototype_of_pointer,
    types_around,
)
from f2pypy.resolve.procedures.routine import Routine, Surroundings

# Decides a routine: what stands on top of this file.
Decide = Callable[[Routine], model.Procedure]


def module_pointers(
    unit: syntax.Module,
    declared: Declarations,
    around: Surroundings,
    diagnostics: Diagnostics,
    decide: Decide,
) -> tuple[model.ProcedurePointer, ...]:
    """Return the public procedure pointers of a module; those that can't be called are reported and left out."""
    found = []
    for name, declaration in declared.names.items():
        is_pointer = declaration.is_callback and "pointer" in declaration.flags
        if is_pointer and is_accessible(name, declared):
            what = f"{unit.name}.{name}"
            with left_out_if_faulty(what, declaration.span, diagnostics, what):
                check_attribute(name, declaration.span)
                found.append(
                    module_pointer(declaration, unit, around, diagnostics, decide)
                )
    return tuple(found)


def module_pointer(
    declaration: Declaration,
    unit: syntax.Module,
    around: Surroundings,
    diagnostics: Diagnostics,
    decide: Decide,
) -> model.ProcedurePointer:
    """Return a procedure pointer of a module; DeclarationError where its interface isn't known or can't be called."""
    name, spec = declaration.name, declaration.type
    interface = spec.derived if spec is not None and is_interface(spec) else ""
    known = interface_in_module(interface, unit, around, diagnostics)
    if known is None:
        raise DeclarationError(
            declaration.span,
            f"the interface of the procedure pointer {name!r} isn't known here",
        )
    callback, procedure = interface_like(*known, diagnostics, decide)
    return model.ProcedurePointer(
        name,
        callback,
        procedure,
        declaration.span,
        protected="protected" in declaration.flags,
    )


def interface_in_module(
    name: str, unit: syntax.Module, around: Surroundings, diagnostics: Diagnostics
) -> tuple[Prototype, Surroundings] | None:
    """Return what a module knows as procedure `name` and what is around it, None where that isn't one procedure."""
    place = described_places(around, diagnostics).module(unit)
    known = place.procedures.get(name, ())
    if len(known) != 1:
        return None
    prototype = Prototype(known[0].unit, known[0].place)
    return prototype, replace(around, fortran_module=unit.name, types=place.types)


def interface_like(
    prototype: Prototype,
    around: Surroundings,
    diagnostics: Diagnostics,
    decide: Decide,
) -> tuple[model.Callback, model.Procedure]:
    """Return how Fortran and how Python call what a pointer of this prototype points to."""
    unit, place = prototype.unit, prototype.place
    module = f"{around.fortran_module or 'external'}_pointers"
    callback = callback_like(prototype, unit.name, module, around, diagnostics)
    scopes = described_places(around, diagnostics).scopes
    seen = replace(
        around,
        constants=scopes.constants(unit.items, place.constants, unit.arguments),
        implicit=place.implicit,
        host=place,
        questions=None,
        types=types_around(prototype, around),
    )
    return callback, decide(Routine(unit, seen, diagnostics))


Pointed = tuple[tuple[str, model.Procedure], ...]


def with_pointed(
    routine: Routine, arguments: list[Argument], decide: Decide
) -> tuple[list[Argument], Pointed]:
    """Return a routine's arguments, and what is called through those that are procedure pointers.

    A pointer that Fortran may change comes back.
    """
    found, called = [], []
    for argument in arguments:
        if argument.is_procedure_pointer:
            argument, procedure = pointed(routine, argument, decide)
            called.append((argument.name, procedure))
        found.append(argument)
    return found, tuple(called)


def pointed(
    routine: Routine, argument: Argument, decide: Decide
) -> tuple[Argument, model.Procedure]:
    """Return a dummy procedure pointer and what is called through it."""
    prototype = prototype_of_pointer(routine, argument.name)
    assert prototype is not None
    result_name, intent = argument.result_name, argument.intent
    if intent & Intent.INOUT:
        # Python's variable can't be changed
        intent = Intent.IN | Intent.OUT
        result_name = result_name or argument.name
    elif argument.presence is not Presence.HIDDEN:
        intent |= Intent.IN
    around = replace(routine.around, types=routine.types)
    diagnostics = routine.diagnostics
    callback, procedure = interface_like(prototype, around, diagnostics, decide)
    argument = replace(
        argument, intent=intent, result_name=result_name, callback=callback
    )
    return argument, procedure

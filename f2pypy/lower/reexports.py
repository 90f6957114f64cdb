"""What Fortran modules show of others: the objects that the other modules show, under the names that they have here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from f2pypy import model, plan
from f2pypy.model.generics import function_name

# the specific procedures of a generic name
Procedures = frozenset[model.Specific]
Made = plan.CommonBlock | plan.FortranModule


def joined_generics(
    modules: Iterable[model.FortranModule],
) -> dict[str, list[model.Generic]]:
    """Return the generic names whose procedures lie in several modules, with the module that has each.

    All that show the same procedures as one have one function for it, that of the first module.
    """
    found: dict[str, list[model.Generic]] = {}
    for (module, _), generic in owners_of_joined(modules).values():
        found.setdefault(module, []).append(generic)
    return found


def owners_of_joined(
    modules: Iterable[model.FortranModule],
) -> dict[Procedures, tuple[tuple[str, str], model.Generic]]:
    """Return for each set of procedures which module shows it first, under which name, and the generic name."""
    found: dict[Procedures, tuple[tuple[str, str], model.Generic]] = {}
    for module in modules:
        for each in module.reexports:
            if each.generic is not None:
                name = function_name(each.name)
                place, generic = (module.name, name), replace(each.generic, name=name)
                found.setdefault(frozenset(generic.specifics), (place, generic))
    return found


def with_reexports(
    made: Iterable[Made], modules: Sequence[model.FortranModule]
) -> tuple[Made, ...]:
    """Return the objects with what `modules` show of others, each module after those whose variables it shows.

    What another module couldn't show either is missing here for the same reason.
    """
    found = list(made)
    own = {m.name: m for m in found if isinstance(m, plan.FortranModule)}
    joined = owners_of_joined(modules)
    planned = dict(own)
    for module in modules:
        if module.name in own and module.reexports:
            sources = [(function_name(each.name), source_of(each, joined)) for each in module.reexports]  # fmt: skip
            planned[module.name] = completed(own[module.name], sources, own)
    waiting = [planned[m.name] if isinstance(m, plan.FortranModule) else m for m in found]  # fmt: skip
    return tuple(in_order(waiting))


def source_of(
    shown: model.Reexport,
    joined: Mapping[Procedures, tuple[tuple[str, str], model.Generic]],
) -> tuple[str, str]:
    """Return the module that has what is shown, and its name there."""
    if shown.generic is not None:
        return joined[frozenset(shown.generic.specifics)][0]
    return shown.entities[0].module, function_name(shown.entities[0].name)


def completed(
    facade: plan.FortranModule,
    sources: Iterable[tuple[str, tuple[str, str]]],
    own: Mapping[str, plan.FortranModule],
) -> plan.FortranModule:
    """Return the plan of a module with what it shows of others; `sources` are where each of the names comes from."""
    shown: list[plan.Reexport | plan.SharedVariable] = []
    missing: list[tuple[str, str]] = []
    for name, (module, there) in sources:
        owner = own.get(module)
        if owner is None or owner is facade:
            continue
        found = reexport(name, there, owner)
        if found is not None:
            shown.append(found)
        missing += ((name, why) for known, why in owner.left_out if known == there)
    return replace(
        facade, reexports=tuple(shown), left_out=(*facade.left_out, *missing)
    )


def reexport(
    name: str, there: str, owner: plan.FortranModule
) -> plan.Reexport | plan.SharedVariable | None:
    """Return what shows as `name` what `owner` calls `there`; None where Python has nothing of it."""
    place = (owner.name, there)
    for known in (owner.types, owner.routines):
        if there in dict(known):
            return plan.Reexport(name, *place, dict(known)[there])
    for enumeration in owner.enumerations:
        if there == enumeration.name:
            return plan.Reexport(name, *place, enumeration.identifier)
        if there in dict(enumeration.members):
            return plan.Reexport(name, *place, enumeration.identifier, there)
    if any(there == variable.name for variable in owner.variables):
        return plan.SharedVariable(name, *place, owner.identifier)
    return None


def in_order(made: Iterable[Made]) -> list[Made]:
    """Return the objects so that each stands after those whose variables it shows; else their order stays."""
    waiting = {each.identifier: each for each in made}
    found: list[Made] = []

    def take(identifier: str) -> None:
        each = waiting.pop(identifier, None)
        if isinstance(each, plan.FortranModule):
            for shared in each.reexports:
                if isinstance(shared, plan.SharedVariable):
                    take(shared.identifier)
        if each is not None:
            found.append(each)

    for identifier in list(waiting):
        take(identifier)
    return found

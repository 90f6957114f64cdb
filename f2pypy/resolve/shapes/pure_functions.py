"""Functions of the user's modules in specification expressions: Python calls them for an extent as Fortran does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from f2pypy import syntax
from f2pypy.expressions.nodes import OWNED_FUNCTION, Kind
from f2pypy.expressions.statements import Block, FunctionDefinition, Parameter
from f2pypy.resolve.arguments.drafts import Reading, declared_type
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.names.declarations import Declaration
from f2pypy.resolve.names.places import Described, Place, Places
from f2pypy.resolve.types.declared import implicit_types

# The types of Fortran's functions for the typing of expressions, which knows only C's.
C_TYPES = {
    Kind.INTEGER: "long",
    Kind.LOGICAL: "int",
    Kind.REAL: "double",
    Kind.COMPLEX: "complex_double",
}


def pure_functions(
    names: Iterable[str],
    place: Place,
    places: Places,
    default_integer: int,
    *,
    says_pure: bool = True,
) -> dict[str, FunctionDefinition]:
    """Return those of the names that a specification expression at `place` may call, as the generated module has them.

    They are public pure functions of modules with scalar arguments; any other name stays unknown. `says_pure` tells
    whether the language says which functions are pure.
    """
    found: dict[str, FunctionDefinition] = {}
    for name in names:
        described = place.procedures.get(name.lower(), ())
        if len(described) == 1:
            definition = definition_of(
                described[0], places, default_integer, says_pure=says_pure
            )
            if definition is not None:
                found[name] = found[definition.name] = definition
    return found


def definition_of(
    described: Described, places: Places, default_integer: int, *, says_pure: bool
) -> FunctionDefinition | None:
    """Return a module's function as the typing of expressions takes it, None for one that can't be called."""
    unit, owner = described.unit, places.owner_of(described)
    is_pure = not says_pure or {"pure", "elemental", "simple"} & set(unit.prefixes)
    if unit.kind != "function" or owner is None or not is_pure:
        return None
    if not places.scopes.is_public(owner, unit.name):
        return None
    constants = places.scopes.constants(
        unit.items, described.place.constants, unit.arguments
    )
    reading = Reading(
        syntax.Dialect.FORTRAN,
        constants,
        implicit_types(unit.items, described.place.implicit),
        default_integer,
    )
    declared = places.scopes.declared(unit.items).names

    def c_type(name: str, own: syntax.TypeSpec | None = None) -> str | None:
        known = declared.get(name) or Declaration(name, unit.span)
        if not is_plain(known):
            return None
        try:
            decided = declared_type(replace(known, type=known.type or own), reading)
        except DeclarationError:
            return None
        return C_TYPES.get(decided.kind)

    types = {name: c_type(name) for name in unit.arguments}
    result = c_type(unit.result or unit.name, unit.type)
    if result is None or None in types.values():
        return None
    parameters = tuple(Parameter(type_ or "", name) for name, type_ in types.items())
    qualified = f"{owner.name}{OWNED_FUNCTION}{unit.name}"
    return FunctionDefinition(qualified, result, parameters, Block(()))


def is_plain(declaration: Declaration) -> bool:
    """Whether a dummy argument or a result is a scalar that is always there."""
    special = {"optional", "allocatable", "pointer"} & declaration.flags
    return (
        declaration.dimensions is None and not special and not declaration.is_callback
    )

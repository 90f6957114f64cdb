"""Constants of derived type: which value each component of one has."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from f2pypy.expressions import fold, fortran
from f2pypy.expressions.nodes import Call, Expression, ExpressionError
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.names.constants import NOT_WRAPPED, in_type
from f2pypy.resolve.names.declarations import Declaration
from f2pypy.resolve.types.compiler_kinds import as_compiled


def whole_structure(
    made: Call, components: Iterable[Declaration], known: Mapping[str, Expression]
) -> Call:
    """Return the value of a constant with all components by their names, those with defaults too.

    `made` is what the source calls the constructor with, `components` are those of its type, and `known` the constants
    where this is defined. Components that are arrays or objects are left out, and those without a known value.
    """
    components = list(components)
    given = dict(zip((c.name for c in components), made.arguments, strict=False))
    given.update({name.lower(): value for name, value in made.keywords})
    found = []
    for component in components:
        if component.type is None or component.type.name in NOT_WRAPPED:
            continue
        if component.dimensions is not None or "pointer" in component.flags:
            continue
        with contextlib.suppress(ExpressionError, DeclarationError, OverflowError):
            value = given.get(component.name) or default_of(component, known)
            if value is not None:
                found.append((component.name, in_type(value, component, known)))
    return replace(made, arguments=(), keywords=tuple(found))


def default_of(
    component: Declaration, known: Mapping[str, Expression]
) -> Expression | None:
    """Return the value that a component has without a given one, None where it has none."""
    if component.initial is None:
        return None
    read = fortran.read_expression(component.initial.text)
    return fold.fold(as_compiled(read, known), known)

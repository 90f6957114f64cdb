"""In which order Python converts and checks the arguments of a routine."""

from __future__ import annotations

from collections.abc import Mapping

from f2pypy.resolve.arguments.before_conversion import without_waiting_arrays
from f2pypy.resolve.arguments.dependences import complete_dependences
from f2pypy.resolve.arguments.drafts import Draft
from f2pypy.resolve.arguments.order import is_in_order, order_by_dependency
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.procedures.routine import Routine


def evaluation_order(routine: Routine, drafts: Mapping[str, Draft]) -> tuple[str, ...]:
    """Return the dummies so that each comes after those that it needs; DeclarationError where they go in a circle."""
    known = frozenset(routine.dummies)
    declared = [name for name in routine.declared.names if name in known]
    names = list(dict.fromkeys((*declared, *routine.dummies)))
    functions = (routine.unit.name,) if routine.unit.kind == "function" else ()
    others = frozenset((*routine.declared.names, *functions)) - known
    depends = complete_dependences(drafts, names, others)
    order, cycle = order_by_dependency(names, depends)
    if cycle:
        depends = without_waiting_arrays(drafts, depends)
        if is_in_order(order, depends):
            return order
        order, cycle = order_by_dependency(names, depends)
    if cycle:
        raise DeclarationError(
            routine.unit.span,
            "these arguments depend on each other in a circle: " + ", ".join(cycle),
        )
    return order

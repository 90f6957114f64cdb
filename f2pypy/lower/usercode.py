"""The private functions of a module that stand for the C functions of usercode."""

from __future__ import annotations

from collections.abc import Iterable

from f2pypy import model, plan
from f2pypy.expressions.identifiers import free_name
from f2pypy.expressions.walk import called_functions
from f2pypy.resolve.calls.usercode import needed_functions


def name_functions(library: model.Library, taken: frozenset[str]) -> dict[str, str]:
    """Return a private name for each C function: none of `taken`, nor one that a routine's own objects have."""
    used = set(taken)
    for module, procedures in (
        ("", library.procedures),
        *((m.name + "_", m.procedures) for m in library.modules),
    ):
        used |= {f"_{module}{p.name}" for p in procedures}
        used |= {f"{module}{p.name}" for p in procedures}
    names: dict[str, str] = {}
    for function in library.functions:
        names[function.name] = free_name(f"_{function.name}", used)
        used.add(names[function.name])
    return names


def plan_functions(
    library: model.Library, names: dict[str, str], called: Iterable[str]
) -> tuple[plan.Function, ...]:
    """Return the functions that are `called` and those that they call, in order of dependence."""
    known = {function.name: function for function in library.functions}
    needed = needed_functions(called, known)
    found = []
    for name, definition in known.items():
        if name not in needed:
            continue
        callees = sorted((called_functions(definition) & known.keys()) | {name})
        found.append(
            plan.Function(
                definition,
                tuple(known[callee] for callee in callees),
                tuple((callee, names[callee]) for callee in callees),
            )
        )
    return tuple(found)

"""Why nothing of a source can be called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from f2pypy import model, syntax
from f2pypy.diagnostics import Diagnostics, Span
from f2pypy.resolve.library.blocks import routines_of


def warn_if_empty(
    library: model.Library,
    units: Iterable[syntax.Item],
    is_wanted: Callable[..., bool],
    diagnostics: Diagnostics,
) -> None:
    """Warn that a library has no routine, with the reason that its program units give."""
    if library.procedures or any(module.procedures for module in library.modules):
        return
    units = tuple(units)
    names = {procedure.name for procedure in procedures_in(units)}
    lost = {s.rpartition(".")[2] for d in diagnostics.found for s in d.subjects}
    if names & lost:
        reason = "every routine is left out, and there is a message about each"
    elif not all(map(is_wanted, names)):
        reason = "only: and skip: leave out every routine"
    elif names:
        reason = "every routine is private"
    else:
        there = described(library, units)
        reason = f"the sources have {there}, but no subroutine or function to call"
    place = units[0].span.path if units else library.path
    diagnostics.warn(Span(place, 0), f"0 routines wrapped: {reason}")


def procedures_in(items: Iterable[syntax.Item]) -> Iterator[syntax.Procedure]:
    """Yield the procedures that a library may show, those of modules too."""
    for item in items:
        match item:
            case syntax.Procedure():
                if item.kind != "program":
                    yield item
            case syntax.Module() if not item.submodule_of:
                yield from routines_of(item)
            case syntax.PythonModule() | syntax.Interface():
                yield from procedures_in(item.items)
            case _:
                pass


def described(library: model.Library, units: Iterable[syntax.Item]) -> str:
    """Return what there is instead of routines."""
    programs = (u for u in units if isinstance(u, syntax.Procedure))
    parts = {
        "a main program": any(unit.kind == "program" for unit in programs),
        "common blocks": any(library.commons),
        "variables": any(module.variables for module in library.modules),
        "derived types": any(module.types for module in library.modules),
        "enumerators": any(module.enumerations for module in library.modules),
    }
    there = [name for name, is_there in parts.items() if is_there]
    return " and ".join(filter(None, [", ".join(there[:-1]), *there[-1:]])) or "nothing"

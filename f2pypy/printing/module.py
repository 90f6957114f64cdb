"""The statements of a generated module besides its functions and classes."""

from __future__ import annotations

from collections.abc import Iterator

from f2pypy import plan
from f2pypy.printing.data import data, names_by_text, texts
from f2pypy.printing.filling import fill
from f2pypy.printing.objects import object_text
from f2pypy.printing.spelling import identifier, names_list, routine


def directives(_module: plan.Module) -> str:
    """Return what tools are told of the whole file.

    Pyright takes what is computed, of type Any, for None wherever a parameter may be None.
    """
    return (
        "# fmt: off\n# pyright: reportArgumentType=false, reportOptionalOperand=false"
    )


def public_names(module: plan.Module) -> str:
    """Return the list of the names that users may import."""
    return fill(f"__all__ = {names_list(module.public)}")


def error_names(module: plan.Module) -> str:
    """Return the exception's other name; an exception that gives up its name still calls itself ``error``."""
    names = [f"{identifier(f'_{module.name}_error')} = error"]
    if module.error_is_claimed:
        names.append('error.__name__ = "error"')
    return "\n".join(names)


def foundations(module: plan.Module) -> list[str]:
    """Return the statements for what all routines need: the machine, the compiler's conventions, the library."""
    found = [] if module.target is None else [data(module.target)]
    if module.compiler is not None:
        found.append(f"_compiler = {data(module.compiler)}")
    if module.library is not None:
        found.append(f"_library = {data(module.library)}")
    return list(map(fill, found))


def routines(module: plan.Module) -> list[str]:
    """Return the assignments to the module's names: routines with what they call, generic names, Fortran modules."""
    found = [text for each in module.procedures for text in bindings(each)]
    for generic in module.generics:
        made = routine(generic, "generic_name")
        found.append(f"{identifier(generic.function)} = {made}")
    found = list(map(fill, found))
    return found + [f"\n\n{object_text(each)}" for each in module.objects]


def bindings(procedure: plan.Procedure) -> Iterator[str]:
    """Yield the assignments to what a routine calls, and to the routine as users get it."""
    for named in procedure.called:
        yield f"{identifier(named.variable)} = {data(named)}"
    yield f"{identifier(procedure.function)} = {routine(procedure, 'wrapper')}"
    for interface in procedure.interfaces:
        # classes above name it, and type checkers read these first
        kind = type(interface).__name__
        yield f"{identifier(interface.variable)}: {kind} = {data(interface)}"


def last_statements(module: plan.Module) -> list[str]:
    """Return the statements that need all others: names that Python reserves, missing ones, ways to run."""
    found = []
    if module.exported:
        found.append(f"export(globals(), {names_by_text(module.exported)})")
    if module.left_out:
        found.append(f"leave_out(globals(), {texts(module.left_out)})")
    if module.native:
        found.append("__native__ = NativeTier(globals(), _library)")
    if module.isolated:
        names = names_list(module.public)
        found.append(f"__worker__ = Worker(globals(), {names}, WorkerDied)")
    return list(map(fill, found))

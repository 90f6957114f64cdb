"""What stands for a deferred binding in the chains of generic names: its interface, which methods implement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from f2pypy import model, plan
from f2pypy.lower.asked import returned_by
from f2pypy.lower.candidates import Candidate
from f2pypy.lower.procedure import plan_procedure
from f2pypy.lower.unsupported import Unsupported
from f2pypy.lower.wrapper import Wrapper
from f2pypy.model import Binding, TypeName

# The interfaces of deferred bindings as procedures, by their modules and names.
DeferredBindings = Mapping[tuple[str, str], Candidate]


def deferred_bindings(
    library: model.Library,
    records: Mapping[TypeName, plan.RecordClass],
    wrapper: Callable[[model.Procedure, str, str], Wrapper],
) -> DeferredBindings:
    """Return the deferred bindings of a library that Python could call; `wrapper` is what a wrapper is planned in.

    The wrappers themselves are never printed: they say which parameters a method has.
    """
    found = {}
    for type_ in (t for m in library.modules for t in m.types if t.name in records):
        for binding in type_.bindings:
            interface = binding.interface
            if interface is None:
                continue
            function = f"{type_.name.module}_{interface.name}"
            try:
                planned = plan_procedure(wrapper(interface, library.name, function))
            except Unsupported:
                continue  # the types that extend this one say why a binding is left out
            # the class declares nothing of what Python's methods return
            planned = replace(planned, returns="Any")
            shown = replace(interface, name=binding.name)
            returned = returned_by(interface, records)
            found[key_of(interface)] = Candidate(shown, planned, returned)
    return found


def deferred_binding(binding: Binding, known: DeferredBindings) -> Candidate | None:
    """Return what stands for a deferred binding, None where there is nothing."""
    interface = binding.interface
    return None if interface is None else known.get(key_of(interface))


def key_of(interface: model.Procedure) -> tuple[str, str]:
    """Return what tells the interfaces of deferred bindings apart."""
    return interface.fortran_module, interface.name

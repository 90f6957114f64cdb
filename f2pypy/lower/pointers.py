"""Procedure pointers: the functions that call what they point to, and the cells of dummy arguments."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace

from f2pypy import model, plan
from f2pypy.dataclass import dataclass
from f2pypy.lower.callbacks import plan_signature
from f2pypy.lower.unsupported import Unsupported
from f2pypy.lower.wrapper import Wrapper
from f2pypy.model import Argument, Callback, Presence, TypeName


@dataclass(frozen=True)
class Interface:
    """How Fortran and Python call what procedure pointers point to; `module` is the Fortran module that says it."""

    module: str
    callback: Callback
    procedure: model.Procedure

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others."""
        return (self.callback.module, self.callback.name)


# The constants of interfaces, by their callbacks' modules and names.
Interfaces = dict[tuple[str, str], plan.ProcedureInterface]


def interfaces_of(
    library: model.Library, types: Container[TypeName]
) -> Iterator[Interface]:
    """Yield the interfaces of procedure pointers, once each, with those of components of the `types`."""
    found: dict[tuple[str, str], Interface] = {}
    for module in library.modules:
        for pointer in module.pointers:
            interface = Interface(module.name, pointer.callback, pointer.procedure)
            found.setdefault(interface.key, interface)
        shown = (type_ for type_ in module.types if type_.name in types)
        for component in (c for type_ in shown for c in type_.components):
            if component.callback is not None and component.pointed is not None:
                interface = Interface(
                    module.name, component.callback, component.pointed
                )
                found.setdefault(interface.key, interface)
    for procedure in library.all_procedures():
        for name, called in procedure.pointed:
            callback = procedure.argument(name).callback
            assert callback is not None
            interface = Interface(procedure.fortran_module, callback, called)
            found.setdefault(interface.key, interface)
    yield from found.values()


def with_interface(
    planned: plan.Procedure,
    interface: Interface,
    own: frozenset[str],
    records: Mapping[TypeName, plan.RecordClass],
) -> tuple[plan.Procedure, frozenset[str]]:
    """Return the function that calls what pointers point to, with the constant that makes one for each address.

    The names of both come with it.
    """
    signatures: tuple[plan.CallbackSignature, ...] = ()
    signature = reason = ""
    try:
        signatures = (plan_signature(interface.callback, own, records),)
        signature = signatures[0].variable
    except Unsupported as problem:
        reason = str(problem)
    made = plan.ProcedureInterface(
        f"_{planned.function}_interface", planned.function, signature, reason
    )
    callbacks = (*planned.callbacks, *signatures)
    planned = replace(planned, callbacks=callbacks, interfaces=(made,))
    return planned, frozenset({made.function, made.variable})


def functions_of(interfaces: Interfaces) -> frozenset[str]:
    """Return the functions that call what pointers point to."""
    return frozenset(each.function for each in interfaces.values())


def convert_pointer(wrapper: Wrapper, argument: Argument) -> None:
    """Add the cell of a dummy procedure pointer."""
    constant = interface_of(wrapper, argument).variable
    cell = wrapper.names.fresh(f"{argument.name}_pointer")
    wrapper.cells[argument.name] = cell
    if argument.presence is Presence.HIDDEN:
        wrapper.steps.append(plan.PointerCell(cell, constant))
        return
    what = wrapper.label(argument)
    name = wrapper.names.add(argument.name)
    optional = argument.absent_as_null
    wrapper.steps.append(plan.PointerCell(cell, constant, name, what, optional))


def interface_of(wrapper: Wrapper, argument: Argument) -> plan.ProcedureInterface:
    """Return the interface of a procedure pointer; Unsupported where nothing can call what it points to."""
    callback = argument.callback
    assert callback is not None
    interface = wrapper.interfaces.get((callback.module, callback.name))
    if interface is None:
        raise Unsupported(
            f"{argument.name!r}: f2pypy can't call what it points to", argument.span
        )
    return interface

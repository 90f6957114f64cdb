"""How Fortran and Python call what procedure pointers among the components of types point to."""

from __future__ import annotations

from dataclasses import replace

from f2pypy import model, syntax
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions.nodes import ExpressionError
from f2pypy.resolve.callbacks.prototypes import is_interface
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.library.bindings import with_object_in_place
from f2pypy.resolve.names.declarations import Declaration, gather
from f2pypy.resolve.names.derived_types import definitions
from f2pypy.resolve.procedures.pointers import interface_in_module, interface_like
from f2pypy.resolve.procedures.procedure import decide
from f2pypy.resolve.procedures.routine import Surroundings


@dataclass(frozen=True)
class PointerReader:
    """Finds the interfaces of procedure pointers in a module's types; `around` is what the module sees."""

    unit: syntax.Module
    around: Surroundings

    def completed(self, type_: model.DerivedType) -> model.DerivedType:
        """Return a type whose procedure pointers say how they are called, or why they can't be."""
        if all(c.storage is not model.Storage.PROCEDURE for c in type_.components):
            return type_
        item = definitions(self.unit.items)[type_.name.name]
        # what is wrong with an interface is said of each component
        declared = gather(item.components, Diagnostics()).names
        passed = passed_arguments(item)
        components = (
            self.component(c, declared[c.name], passed.get(c.name, ""), type_.name)
            if c.storage is model.Storage.PROCEDURE and not c.hidden
            else c
            for c in type_.components
        )
        return replace(type_, components=tuple(components))

    def component(
        self,
        component: model.Component,
        declaration: Declaration,
        passed: str,
        owner: model.TypeName,
    ) -> model.Component:
        """Return one procedure pointer, complete."""
        try:
            return self.called(component, declaration, passed, owner)
        except (DeclarationError, ExpressionError) as problem:
            return replace(component, refusal=str(problem))

    def called(
        self,
        component: model.Component,
        declaration: Declaration,
        passed: str,
        owner: model.TypeName,
    ) -> model.Component:
        """Return one that is called as its interface says; DeclarationError where that isn't known."""
        unheard, spec = Diagnostics(), declaration.type
        if spec is None or not is_interface(spec):
            raise DeclarationError(
                component.span, "it is a procedure pointer without an interface"
            )
        name = spec.derived
        known = interface_in_module(name, self.unit, self.around, unheard)
        if known is None:
            raise DeclarationError(
                component.span, f"the interface {name!r} isn't known here"
            )
        prototype, around = known
        callback, procedure = interface_like(prototype, around, unheard, decide)
        if "nopass" in declaration.flags:
            return replace(component, callback=callback, pointed=procedure)
        passed = passed or next(iter(prototype.unit.arguments), "")
        in_place = with_object_in_place(prototype.unit, passed)
        if in_place != prototype.unit:
            # the object that Python gives is made anew where it is
            changed = replace(prototype, unit=in_place)
            _, procedure = interface_like(changed, around, unheard, decide)
            module = f"{callback.module}_of_{owner.name}"
            callback = replace(callback, module=module)
        return replace(component, callback=callback, pointed=procedure, passed=passed)


def passed_arguments(unit: syntax.DerivedType) -> dict[str, str]:
    """Return the arguments that ``pass(argument)`` names, by the components."""
    return {
        entity.name: attribute.arguments[0].text.strip().lower()
        for item in unit.components
        for attribute in item.attributes
        if attribute.name == "pass" and attribute.arguments
        for entity in item.entities
    }

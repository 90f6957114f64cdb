"""How Fortran calls what types bind: so that methods of Python classes can stand in place of it."""

from __future__ import annotations

from dataclasses import replace

from f2pypy import model, syntax
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions.nodes import ExpressionError
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.names.derived_types import definitions
from f2pypy.resolve.procedures.callbacks import callback_like
from f2pypy.resolve.procedures.pointers import interface_in_module, interface_like
from f2pypy.resolve.procedures.procedure import decide
from f2pypy.resolve.procedures.routine import Surroundings


@dataclass(frozen=True)
class OverridingReader:
    """Finds how Fortran calls the bindings of a module's types; `around` is what the module sees."""

    unit: syntax.Module
    around: Surroundings

    def completed(self, type_: model.DerivedType) -> model.DerivedType:
        """Return a type whose bindings say how Fortran calls them, or why Python can't override them."""
        items = {b.name: b for b in definitions(self.unit.items)[type_.name.name].bindings}  # fmt: skip
        bindings = (self.binding(b, items[b.name], type_) for b in type_.bindings)
        return replace(type_, bindings=tuple(bindings))

    def binding(
        self, binding: model.Binding, item: syntax.Binding, type_: model.DerivedType
    ) -> model.Binding:
        """Return one binding, complete."""
        if binding.specifics or (binding.hidden and not binding.deferred):
            return binding
        if item.non_overridable:
            return replace(binding, reason="it is non_overridable")
        try:
            return self.called(binding, item, type_)
        except (DeclarationError, ExpressionError) as problem:
            return replace(binding, reason=str(problem))

    def called(
        self, binding: model.Binding, item: syntax.Binding, type_: model.DerivedType
    ) -> model.Binding:
        """Return a binding with its callback; DeclarationError where Python can't be called so."""
        # whoever calls Python tells why it can't be, and only if a class wants to be called
        unheard = Diagnostics()
        name = item.interface or item.targets[0]
        known = interface_in_module(name, self.unit, self.around, unheard)
        if known is None:
            raise DeclarationError(
                item.span, f"the interface {name!r} isn't known here"
            )
        prototype, around = known
        if not binding.deferred:
            module = f"{self.unit.name}_{type_.name.name}"
            callback = callback_like(prototype, binding.name, module, around, unheard)
            return replace(binding, callback=callback)
        callback, procedure = interface_like(prototype, around, unheard, decide)
        passed = None
        if not item.nopass:
            passed = item.passed or next(iter(prototype.unit.arguments), None)
        name = f"{type_.name.name}_{binding.name}"
        return replace(
            binding,
            passed=passed,
            callback=callback,
            interface=replace(procedure, name=name),
        )

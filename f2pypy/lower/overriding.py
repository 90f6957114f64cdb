"""What a class says of the bindings of its type, so that classes of Python may override them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from f2pypy import model, plan
from f2pypy.dataclass import dataclass
from f2pypy.lower.callbacks import plan_signature
from f2pypy.lower.names import attribute_of
from f2pypy.lower.unsupported import Unsupported
from f2pypy.model import Binding, DerivedType, Specific, TypeName


@dataclass(frozen=True)
class OverridingPlanner:
    """Plans the bindings of types; `records` are the classes, `own` the names of the module that nothing may hide."""

    library: model.Library
    types: Mapping[TypeName, DerivedType]
    records: Mapping[TypeName, plan.RecordClass]
    own: frozenset[str]

    def bindings(self, type_: DerivedType) -> Iterator[plan.TypeBinding]:
        """Yield the specific bindings that a type has of its own."""
        for binding in type_.bindings:
            if not binding.specifics:
                yield self.binding(binding, type_)

    def binding(self, binding: Binding, type_: DerivedType) -> plan.TypeBinding:
        """Return one binding; a parent type's of the same name says how Fortran calls it."""
        signature, passed, reason = None, "", binding.reason
        if binding.callback is not None and not self.is_said(binding.name, type_):
            try:
                signature = plan_signature(binding.callback, self.own, self.records)
            except Unsupported as problem:
                reason = str(problem)
            else:
                names = [argument.name for argument in binding.callback.arguments]
                if binding.passed is not None:
                    passed = signature.arguments[names.index(binding.passed)].name
                where = (self.library.name, type_.name.module, type_.name.name)
                name = ".".join((*where, binding.name))
                # nothing but Python is behind it
                signature = replace(signature, name=name, prototype=None)
        symbol, module, exact = self.symbol(binding.procedure)
        return plan.TypeBinding(
            binding.name,
            "" if binding.hidden else attribute_of(binding.name),
            symbol,
            module,
            exact,
            passed,
            signature,
            f"_{self.library.name}_error",
            "" if signature else reason,
            binding.slot,
        )

    def is_said(self, name: str, type_: DerivedType) -> bool:
        """Whether a parent of a type says how Fortran calls a binding."""
        parent = self.types.get(type_.parent) if type_.parent is not None else None
        if parent is None:
            return False
        own = any(b.name == name and b.callback is not None for b in parent.bindings)
        return own or self.is_said(name, parent)

    def symbol(self, procedure: Specific | None) -> tuple[str, str, bool]:
        """Return the name for a procedure's symbol, its module, and whether the name is the symbol."""
        if procedure is None:
            return "", "", False
        known = self.procedures.get(procedure)
        if known is None:
            return procedure.name, procedure.module, False
        return known.symbol, known.fortran_module, known.exact_symbol

    @cached_property
    def procedures(self) -> dict[Specific, model.Procedure]:
        """The procedures of the library."""
        found = {Specific("", p.name): p for p in self.library.procedures}
        for module in self.library.modules:
            found |= {Specific(module.name, p.name): p for p in module.procedures}
        return found

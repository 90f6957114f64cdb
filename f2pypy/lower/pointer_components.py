"""Procedure pointers among the components of classes: what calls what they point to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from f2pypy import plan
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions.nodes import Kind
from f2pypy.lower.pointers import Interfaces
from f2pypy.lower.record_docs import docstring_of
from f2pypy.lower.records import report_component
from f2pypy.model import Argument, Component, DerivedType, Presence, TypeName
from f2pypy.plan import ComponentForm, RecordClass, RecordComponent

Records = Mapping[TypeName, RecordClass]


@dataclass(frozen=True)
class PointerComponents:
    """Gives procedure pointers of classes their interfaces, of which `planned` has the wrappers."""

    types: Mapping[TypeName, DerivedType]
    interfaces: Interfaces
    planned: Iterable[plan.Procedure]
    diagnostics: Diagnostics

    def completed(self, records: Records) -> Records:
        """Return the classes without those procedure pointers that nobody can call, which are reported."""
        found: dict[TypeName, RecordClass] = {}
        lost: dict[TypeName, set[str]] = {}
        for name, record in records.items():
            type_ = self.types[name]
            of_parent = lost[type_.parent] if type_.parent is not None else set()
            parent = None if type_.parent is None else found[type_.parent]
            components = self.components(type_, record)
            kept = {each.name for each in components}
            own = {
                each.attribute for each in record.components if each.name not in kept
            }
            lost[name] = of_parent | own
            found[name] = replace(
                record,
                components=components,
                parameters=tuple(
                    p for p in record.parameters if p.name not in lost[name]
                ),
                docstring=docstring_of(type_, parent, components)
                if own
                else record.docstring,
            )
        return found

    def components(
        self, type_: DerivedType, record: RecordClass
    ) -> tuple[RecordComponent, ...]:
        """Return the components of a class, complete."""
        declared = {each.name: each for each in type_.components}
        found = []
        for planned in record.components:
            if planned.form is not ComponentForm.PROCEDURE:
                found.append(planned)
                continue
            component = declared[planned.name]
            complete = self.component(planned, component)
            if complete is None:
                reason = "f2pypy can't call what it points to"
                report_component(type_, component, reason, self.diagnostics)
            else:
                found.append(complete)
        return tuple(found)

    def component(
        self, planned: RecordComponent, component: Component
    ) -> RecordComponent | None:
        """Return a procedure pointer with its interface, None where that couldn't be planned."""
        callback = component.callback
        assert callback is not None
        interface = self.interfaces.get((callback.module, callback.name))
        if interface is None:
            return None
        if component.passed is None:
            return replace(planned, element=interface.variable)
        wrapper = next(p for p in self.planned if p.function == interface.function)
        renamed = dict(wrapper.renamed)
        names = [renamed.get(p.name, p.name) for p in wrapper.parameters]
        called = [a.name for a in callback.arguments if is_given(a)]
        if component.passed not in names or component.passed not in called:
            return None
        passed = (names.index(component.passed), called.index(component.passed))
        return replace(planned, element=interface.variable, passed=passed)


def is_given(argument: Argument) -> bool:
    """Whether a Python function that Fortran calls gets an argument in any case: objects are never hidden."""
    is_object = argument.type.kind is Kind.DERIVED
    return argument.presence is Presence.REQUIRED or (
        is_object and argument.presence is not Presence.OPTIONAL
    )

"""What belongs to derived types: bindings, constructors and operators (Fortran 2018, 7.5.5 and 15.4.3.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from f2pypy import model, syntax
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Span
from f2pypy.resolve.library.blocks import routines_of
from f2pypy.resolve.library.generics import GenericReader
from f2pypy.resolve.names.association import is_accessible
from f2pypy.resolve.names.declarations import Declarations
from f2pypy.resolve.names.derived_types import definitions
from f2pypy.resolve.names.entries import with_entries

# Generic bindings of statements that Python has no use for.
_INPUT_OUTPUT = ("read(", "write(")
_OPERATORS = ("operator(", "assignment(")


@dataclass(frozen=True)
class Bound:
    """Procedures that belong to types: the `names` of types and operators by which a user wants each of them.

    `objects` are the dummy arguments that get the object of a call, `generic` the procedures of generic names.
    """

    names: Mapping[model.Specific, list[str]]
    objects: Mapping[model.Specific, str]
    generic: frozenset[model.Specific]


@dataclass(frozen=True)
class BindingReader:
    """Finds what belongs to the types of Fortran modules; `generics` finds procedures by their names in a module."""

    generics: GenericReader

    def completed(
        self, type_: model.DerivedType, unit: syntax.Module
    ) -> model.DerivedType:
        """Return a type of module `unit` with its bindings and constructors."""
        item = definitions(unit.items)[type_.name.name]
        return replace(
            type_,
            bindings=tuple(self.bindings(item, unit)),
            constructors=tuple(self.constructors(item, unit)),
        )

    def bindings(
        self, item: syntax.DerivedType, unit: syntax.Module
    ) -> Iterator[model.Binding]:
        """Yield the bindings of a type in their order, without those that read or write files."""
        for bound in item.bindings:
            hidden = (bound.access or usual_access(item)) == "private"
            match bound.kind:
                case "generic" if not bound.name.startswith(_INPUT_OUTPUT):
                    yield model.Binding(
                        bound.name, bound.span, specifics=bound.targets, hidden=hidden
                    )
                case "procedure":
                    procedure, passed = None, None
                    if bound.targets:
                        procedure = self.generics.procedure(bound.targets[0], unit)
                    if procedure is not None and not bound.nopass:
                        passed = bound.passed or self.first_dummy(procedure)
                    yield model.Binding(
                        bound.name,
                        bound.span,
                        procedure,
                        passed,
                        deferred=bool(bound.interface),
                        hidden=hidden,
                    )
                case _:
                    pass

    def bound(
        self, units: Iterable[syntax.Module], generics: Iterable[model.Generic]
    ) -> Bound:
        """Return what is known of the procedures of modules from the types, operators and generics they belong to."""
        names: dict[model.Specific, list[str]] = {}
        objects = {}
        for unit in units:
            for name, item in definitions(unit.items).items():
                for binding in self.bindings(item, unit):
                    if binding.procedure is not None:
                        names.setdefault(binding.procedure, []).append(name)
                        if binding.passed is not None:
                            objects[binding.procedure] = binding.passed
                for procedure in self.constructors(item, unit):
                    names.setdefault(procedure, []).append(name)
            for operator in self.operators(unit):
                for procedure in operator.specifics:
                    names.setdefault(procedure, []).append(operator.name)
        specifics: set[model.Specific] = set()
        for generic in generics:
            for specific in generic.specifics:
                names.setdefault(specific, []).append(generic.name)
                specifics.add(specific)
        return Bound(names, objects, frozenset(specifics))

    def first_dummy(self, procedure: model.Specific) -> str | None:
        """Return the first dummy argument of a procedure, None where it has none or isn't among the files."""
        unit = self.generics.scopes.modules.get(procedure.module)
        for routine in () if unit is None else routines_of(unit):
            for entry in with_entries(routine):
                if entry.name == procedure.name:
                    return next(iter(entry.arguments), None)
        return None

    def constructors(
        self, item: syntax.DerivedType, unit: syntax.Module
    ) -> Iterator[model.Specific]:
        """Yield the functions of the interface that has the name of a type."""
        yield from self.generics.specifics(unit, item.name, frozenset())

    def operators(self, unit: syntax.Module) -> tuple[model.Generic, ...]:
        """Return the public operators that a module defines by interfaces, assignment among them."""
        declared = self.generics.scopes.declared(unit.items)
        found: dict[str, model.Generic] = {}
        for block in operator_blocks(unit.items):
            if not is_accessible(block.name, declared):
                continue
            specifics = tuple(self.generics.specifics_in(block, unit))
            if block.name in found:
                known = found[block.name]
                found[block.name] = replace(known, specifics=known.specifics + specifics)  # fmt: skip
            else:
                found[block.name] = model.Generic(block.name, specifics, block.span)
        return tuple(found.values())


def input_output(unit: syntax.Module, declared: Declarations) -> Iterator[tuple[str, Span]]:  # fmt: skip
    """Yield the public names by which statements read and write objects, those of types with the type's, and places."""
    for item in unit.items:
        match item:
            case syntax.Interface(name=name) if name.startswith(_INPUT_OUTPUT):
                if is_accessible(name, declared):
                    yield f"{unit.name}.{name}", item.span
            case syntax.DerivedType(name=name) if is_accessible(name, declared):
                for bound in item.bindings:
                    is_public = (bound.access or usual_access(item)) == "public"
                    if is_public and bound.name.startswith(_INPUT_OUTPUT):
                        yield f"{unit.name}.{name}.{bound.name}", bound.span
            case _:
                pass


def usual_access(item: syntax.DerivedType) -> str:
    """Return who may access the bindings of a type that don't say it themselves."""
    return "private" if item.private_bindings else "public"


def operator_blocks(items: Iterable[syntax.Item]) -> Iterator[syntax.Interface]:
    """Yield the interface blocks of operators and of assignment."""
    for item in items:
        match item:
            case syntax.Interface(name=name) if name.startswith(_OPERATORS):
                yield item
            case _:
                pass


def with_object_in_place(unit: syntax.Procedure, name: str) -> syntax.Procedure:
    """Return a routine that changes the object which its dummy argument `name` gets, where it says ``intent(out)``.

    A call through the object has one to give; Fortran makes it anew in its place.
    """
    items = tuple(each for item in unit.items for each in changed_in_place(item, name))
    return replace(unit, items=items)


def changed_in_place(item: syntax.Item, name: str) -> Iterator[syntax.Item]:
    """Yield a declaration with ``intent(inout)`` for ``intent(out)`` of a dummy argument `name`, then of the others."""
    changed: syntax.TypeDeclaration | syntax.AttributeStatement
    match item:
        case syntax.TypeDeclaration(entities=entities, attributes=attributes):
            changed = replace(item, attributes=tuple(map(intent_in_place, attributes)))
        case syntax.AttributeStatement(entities=entities, attribute=attribute):
            changed = replace(item, attribute=intent_in_place(attribute))
        case _:
            yield item
            return
    meant = tuple(each for each in entities if each.name == name)
    others = tuple(each for each in entities if each.name != name)
    if meant:
        yield replace(changed, entities=meant)
    # a statement without entities is about all arguments
    if others or not meant:
        yield replace(item, entities=others)


def intent_in_place(attribute: syntax.Attribute) -> syntax.Attribute:
    """Return ``intent(inout)`` for ``intent(out)``, and any other attribute as it is."""
    arguments = attribute.arguments or ()
    if attribute.name != "intent" or [a.text for a in arguments] != ["out"]:
        return attribute
    return replace(attribute, arguments=(replace(arguments[0], text="inout"),))

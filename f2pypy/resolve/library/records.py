"""Resolves the derived types of Fortran modules to their components."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from f2pypy import syntax
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions.nodes import Expression, ExpressionError, Integer, Kind
from f2pypy.model import Component, DataType, DerivedType, Storage, TypeName
from f2pypy.resolve.arguments.drafts import Reading, declared_type
from f2pypy.resolve.faults import DeclarationError, left_out_if_faulty
from f2pypy.resolve.library.blocks import Block
from f2pypy.resolve.library.variables import (
    constant_extents,
    flatten,
    is_literal,
    stored,
)
from f2pypy.resolve.names.association import is_accessible
from f2pypy.resolve.names.declarations import (
    CODIMENSION,
    Declaration,
    Declarations,
    gather,
    refuse_deferred_length,
)
from f2pypy.resolve.names.identifiers import check_name
from f2pypy.resolve.procedures.routine import Surroundings
from f2pypy.resolve.types.declared import read_constant


@dataclass(frozen=True)
class TypeReader:
    """Resolves the types of one module."""

    block: Block
    declared: Declarations
    around: Surroundings
    diagnostics: Diagnostics

    def types(self) -> tuple[DerivedType, ...]:
        """Return the types of the module in the order of their definitions, without those of unknown layout."""
        found = []
        for item in self.block.items:
            if isinstance(item, syntax.DerivedType):
                subject = f"{self.block.name}.{item.name}"
                with left_out_if_faulty(
                    f"type {item.name}", item.span, self.diagnostics, subject
                ):
                    found.append(self.type(item))
        return tuple(found)

    def type(self, unit: syntax.DerivedType) -> DerivedType:
        """Return one type; DeclarationError where nobody can tell how its objects lie in memory."""
        attributes = {each.name: each for each in unit.attributes}
        parameters = attributes.get("parameters")
        if parameters is not None:
            names = ", ".join(text.text for text in parameters.arguments or ())
            raise DeclarationError(
                unit.span,
                f"it has parameters ({names}): f2pypy can't lay it out",
            )
        said = {"public", "private"} & attributes.keys()
        shown = "public" in said if said else is_accessible(unit.name, self.declared)
        return DerivedType(
            TypeName(self.block.name, unit.name),
            self.parent(attributes.get("extends")),
            tuple(self.components(unit)),
            unit.span,
            abstract="abstract" in attributes,
            interoperable="bind" in attributes,
            sequence="sequence" in attributes,
            finals=final_procedures(unit),
            hidden=not shown,
            description=unit.description,
        )

    def parent(self, extends: syntax.Attribute | None) -> TypeName | None:
        """Return the type that ``extends(name)`` names."""
        if extends is None:
            return None
        text = (extends.arguments or ())[0]
        name = text.text.lower()
        if name not in self.block.types:
            raise DeclarationError(
                text.span, f"its parent type {name!r} isn't known here"
            )
        return self.block.types[name]

    def components(self, unit: syntax.DerivedType) -> Iterator[Component]:
        """Yield the components in their order."""
        private = unit.private_components
        for declaration in gather(unit.components, self.diagnostics).names.values():
            component = self.component(declaration)
            flags = declaration.flags
            hidden = "private" in flags or (private and "public" not in flags)
            yield replace(component, hidden=hidden)

    def component(self, declaration: Declaration) -> Component:
        """Return one component; DeclarationError where its size isn't known."""
        name, flags, span = declaration.name, declaration.flags, declaration.span
        storage = storage_of(declaration)
        if storage is Storage.PROCEDURE:
            nothing = DataType(Kind.DERIVED, 0)
            text = "" if declaration.initial is None else declaration.initial.text
            return Component(name, nothing, (), storage, span, initial_text=text)
        if CODIMENSION in flags:
            raise DeclarationError(span, f"its component {name!r} is a coarray")
        reading = Reading(
            self.around.dialect,
            self.block.constants,
            self.block.implicit,
            self.around.default_integer,
            types=self.block.types,
        )
        type_ = component_type(declaration, storage, reading)
        refuse_deferred_length(declaration, type_)
        extents = constant_extents(declaration, self.block, self.around.dialect)
        initial = declaration.initial
        check_layout(declaration, type_, extents, storage)
        check_name(name, span)
        return Component(
            name,
            type_,
            extents,
            storage,
            span,
            self.initial_values(initial),
            "" if initial is None else initial.text,
        )

    def initial_values(self, text: syntax.Text | None) -> tuple[Expression, ...]:
        """Return the literals of a default initialisation in the order of storage, none where they aren't constant."""
        if text is None:
            return ()
        try:
            value = read_constant(text, self.block.constants)
        except (DeclarationError, ExpressionError):
            return ()
        values = tuple(flatten(value))
        return tuple(map(stored, values)) if all(map(is_literal, values)) else ()


def component_type(
    declaration: Declaration, storage: Storage, reading: Reading
) -> DataType:
    """Return the type of a component, which may be unknown where an object has an address or a descriptor for it."""
    spec = declaration.type
    is_object = spec is not None and spec.name in ("type", "class")
    if storage is Storage.INLINE or not (spec and is_object and spec.derived != "*"):
        return declared_type(declaration, reading)
    unknown = TypeName("", spec.derived.lower())
    name = reading.types.get(unknown.name, unknown)
    return DataType(Kind.DERIVED, 0, derived=name, polymorphic=spec.name == "class")


def storage_of(declaration: Declaration) -> Storage:
    """Return how a component lies in its object."""
    if declaration.is_callback:
        return Storage.PROCEDURE
    if "allocatable" in declaration.flags:
        return Storage.ALLOCATABLE
    return Storage.POINTER if "pointer" in declaration.flags else Storage.INLINE


def check_layout(
    declaration: Declaration,
    type_: DataType,
    extents: tuple[int, ...],
    storage: Storage,
) -> None:
    """Raise DeclarationError for a component of which the size isn't known."""
    name, span = declaration.name, declaration.span
    if storage is Storage.INLINE:
        if -1 in extents:
            raise DeclarationError(span, f"the extents of {name!r} aren't constant")
        if type_.is_string and not isinstance(type_.length, Integer):
            raise DeclarationError(span, f"the length of {name!r} isn't constant")
        if type_.polymorphic:
            raise DeclarationError(
                span, f"{name!r}, which is of CLASS, must be allocatable or a pointer"
            )
    elif any(extent >= 0 for extent in extents):
        raise DeclarationError(span, f"the extents of {name!r} must be deferred (':')")


def final_procedures(unit: syntax.DerivedType) -> tuple[str, ...]:
    """Return the names of the procedures that finalize objects of a type."""
    finals = (each for each in unit.bindings if each.kind == "final")
    return tuple(name for each in finals for name in each.targets)

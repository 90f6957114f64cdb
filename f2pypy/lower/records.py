"""From derived types to the classes of the generated module."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import replace
from struct import calcsize

from f2pypy import model
from f2pypy.abi.conventions import Compiler
from f2pypy.abi.layout import Layout, UnknownLayout, lay_out
from f2pypy.dataclass import dataclass, field
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions.identifiers import free_name
from f2pypy.expressions.nodes import Kind
from f2pypy.lower.by_value import fields_of
from f2pypy.lower.ctypes_map import mapping_of, missing_type
from f2pypy.lower.held_procedures import places_of_procedures
from f2pypy.lower.names import RESERVED_WORDS, attribute_of
from f2pypy.lower.needed_types import mentions, needs
from f2pypy.lower.record_docs import ANNOTATIONS, FORMS, docstring_of
from f2pypy.model import Component, DataType, DerivedType, Storage, TypeName
from f2pypy.plan import ComponentForm, Parameter, RecordClass, RecordComponent

BASE = "FortranType"
# Defaults that are zeros wherever they are stored.
ALL_ZEROS = ("null()", "c_null_ptr", "c_null_funptr")
# The forms of allocatable and pointer components that are objects, by whether they are pointers and arrays.
OBJECT_FORMS = {
    (False, False): ComponentForm.ALLOCATED_OBJECT,
    (True, False): ComponentForm.POINTED_OBJECT,
    (False, True): ComponentForm.ALLOCATED_OBJECTS,
    (True, True): ComponentForm.POINTED_OBJECTS,
}
# Those of CLASS, by whether they are pointers.
CLASS_FORMS = {
    False: ComponentForm.ALLOCATED_CLASS,
    True: ComponentForm.POINTED_CLASS,
}


@dataclass
class RecordPlanner:
    """Plans the classes for the types of a library; `identifier` returns a free name of the module.

    The library is `glued` if it gets procedures that make objects for Python.
    """

    library: model.Library
    compiler: Compiler
    diagnostics: Diagnostics
    identifier: Callable[[str], str]
    glued: bool = False
    types: dict[TypeName, DerivedType] = field(init=False)
    planned: dict[TypeName, RecordClass] = field(default_factory=dict)
    names: dict[TypeName, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        modules = self.library.modules
        self.types = {type_.name: type_ for m in modules for type_ in m.types}

    def plan(self) -> Mapping[TypeName, RecordClass]:
        """Return the classes, each after those that it needs; types that can't have one are reported."""
        for type_, layout in self.laid_out():
            self.planned[type_.name] = self.record(type_, layout)
        return self.planned

    def laid_out(self) -> list[tuple[DerivedType, Layout]]:
        """Return the types that Python sees with their layouts, and choose the names of their classes."""
        found = []
        for type_ in self.wanted():
            try:
                self.refuse_unknown_default(type_)
                found.append((type_, lay_out(type_, self.types, self.compiler)))
            except UnknownLayout as problem:
                self.leave_out(type_, str(problem))
                continue
            wanted = f"{type_.name.module}_{type_.name.name}"
            self.names[type_.name] = self.identifier(wanted)
        return found

    def refuse_unknown_default(self, type_: DerivedType) -> None:
        """Raise UnknownLayout for a default that only the library knows, where it has no image of a new object."""
        if self.tells_defaults:
            return
        parent = self.types.get(type_.parent) if type_.parent is not None else None
        if parent is not None:
            self.refuse_unknown_default(parent)
        for component in type_.components:
            inner = component.type.derived
            if component.storage is Storage.INLINE and inner in self.types:
                self.refuse_unknown_default(self.types[inner])
        problem = self.unknown_default(type_)
        if problem:
            raise UnknownLayout(problem)

    @property
    def tells_defaults(self) -> bool:
        """Whether the library has the bytes of new objects."""
        return bool(self.compiler.types.image_at) or self.glued

    def unknown_default(self, type_: DerivedType) -> str:
        """Return what messages say of a type's own default that only the library knows, "" where there is none."""
        for component in type_.components:
            text = component.initial_word
            if text and not component.initial and text not in ALL_ZEROS:
                what = f"the default {component.initial_text} of {component.name!r}"
                name = self.compiler.name
                return f"{what} isn't a literal, and {name} doesn't record its value"
        return ""

    def unknown_inherited(self, type_: DerivedType | None) -> str:
        """Return such a default of an abstract type, of which the library has no object, or of one that it extends."""
        if type_ is None:
            return ""
        parent = self.types.get(type_.parent) if type_.parent is not None else None
        return self.unknown_default(type_) or self.unknown_inherited(parent)

    def leave_out(self, type_: DerivedType, problem: str) -> None:
        """Say why a type has no class."""
        name = type_.name
        message = f"type {name.name} is left out: {problem}"
        self.diagnostics.skip(type_.span, message, f"{name.module}.{name.name}")

    def wanted(self) -> Iterator[DerivedType]:
        """Yield the types that Python sees, each after those that it needs."""
        seen: set[TypeName] = set()

        def visit(name: TypeName) -> Iterator[DerivedType]:
            type_ = self.types.get(name)
            if type_ is None or name in seen:
                return
            seen.add(name)
            for needed in needs(type_):
                yield from visit(needed)
            yield type_

        queue = [t.name for t in self.types.values() if not t.hidden]
        queue += self.library.named_types()
        for name in queue:
            for type_ in visit(name):
                # a type may point to one that extends what needs it: mentioned types come after all needs
                queue += mentions(type_)
                yield type_

    def record(self, type_: DerivedType, layout: Layout) -> RecordClass:
        """Return the class for one type."""
        parent = None if type_.parent is None else self.planned[type_.parent]
        components, left_out = [], []
        taken = {p.name for p in (parent.parameters if parent is not None else ())}
        taken |= {each.name for each in type_.components}
        for component in type_.components:
            if component.hidden:
                continue
            try:
                refuse_taken(component, taken)
                components.append(self.component(component, layout))
            except ValueError as problem:
                left_out.append((component.name, str(problem)))
                self.report(type_, component, str(problem))
        private = tuple(self.private(type_, layout))
        copied = {each.name for each in (*components, *private)}
        parameters = () if parent is None else parent.parameters
        parameters += tuple(map(parameter_of, components))
        name = type_.name
        itself = free_name("self", {parameter.name for parameter in parameters})
        return RecordClass(
            self.names[name],
            BASE if parent is None else parent.identifier,
            name.module,
            name.name,
            docstring_of(type_, parent, components),
            layout.size,
            tuple(components),
            parameters,
            itself,
            type_.abstract,
            not type_.hidden,
            tuple(left_out),
            fields_of(type_, self.types, self.compiler),
            managed=self.is_managed(type_),
            opaque=self.is_opaque(type_, parent, copied),
            private=private,
            concealed=tuple(self.concealed(type_, layout)),
            procedures=places_of_procedures(type_.name, self.types),
            part=self.parent_part(type_),
            unknown=self.unknown_inherited(type_) if type_.abstract else "",
        )

    def parent_part(self, type_: DerivedType) -> str:
        """Return the attribute for the part that is of the parent type, whose name that has; "" without one."""
        parent = None if type_.parent is None else self.types[type_.parent]
        if parent is None or parent.hidden:
            return ""
        return attribute_of(parent.name.name)

    def concealed(
        self, type_: DerivedType, layout: Layout
    ) -> Iterator[RecordComponent]:
        """Yield the private components that Python could read."""
        for component in type_.components:
            if component.hidden:
                with suppress(ValueError):
                    found = self.component(component, layout)
                    if found.is_open_text and found.length_at < 0:
                        # CFI_cdesc_t: the length of an element comes after the address
                        found = replace(found, length_at=found.offset + calcsize("P"))
                    yield found

    def private(self, type_: DerivedType, layout: Layout) -> Iterator[RecordComponent]:
        """Yield the private components that Python must know: those that hold memory, and those with a default.

        Some libraries have the bytes of a new object, and tell the defaults by that.
        """
        tells = self.tells_defaults and not type_.abstract
        for component in type_.components:
            holds = component.storage is Storage.ALLOCATABLE
            holds |= self.types_managed(component.type.derived)
            begins = component.initial or component.type.kind is Kind.DERIVED
            # copies share what a procedure pointer points to, and new objects have none
            is_told = component.storage is Storage.PROCEDURE or not component.hidden
            if not is_told and (holds or (begins and not tells)):
                with suppress(ValueError):
                    yield self.component(component, layout)

    def report(self, type_: DerivedType, component: Component, reason: str) -> None:
        """Say that a component has no attribute."""
        report_component(type_, component, reason, self.diagnostics)

    def component(self, component: Component, layout: Layout) -> RecordComponent:
        """Return the attribute of a component; ValueError, with the reason, where there can be none."""
        if component.refusal:
            raise ValueError(component.refusal)
        if component.storage is not Storage.INLINE:
            return self.deferred(component, layout)
        name, type_ = component.name, component.type
        attribute = attribute_of(name)
        offset = layout.offsets[name]
        if type_.kind is Kind.DERIVED:
            return self.nested(component, attribute, offset)
        form, element = inline_form(component)
        return RecordComponent(
            name,
            attribute,
            form,
            element,
            offset,
            component.extents,
            type_.characters if form is ComponentForm.TEXT else 0,
            component.initial,
        )

    def is_managed(self, type_: DerivedType) -> bool:
        """Whether objects hold memory or are finalized, or have pointers to what Python must keep."""
        if type_.finalized or any(
            c.storage is not Storage.INLINE or self.types_managed(c.type.derived)
            for c in type_.components
        ):
            return True
        return self.types_managed(type_.parent)

    def types_managed(self, name: TypeName | None) -> bool:
        """Whether a type is managed; one that isn't known may be."""
        if name is None:
            return False
        return name not in self.planned or self.planned[name].managed

    def is_opaque(
        self, type_: DerivedType, parent: RecordClass | None, copied: Set[str]
    ) -> bool:
        """Whether objects hold what only the library can copy: Python copies the components `copied`."""
        if parent is not None and parent.opaque:
            return True
        return any(self.is_unknown(each, copied) for each in type_.components)

    def is_unknown(self, component: Component, copied: Set[str]) -> bool:
        """Whether nobody here can copy what a component holds, as for an allocatable of class or one that is left out.

        Nothing is lost with a pointer: the copy points to the same, whatever that is.
        """
        if component.storage is Storage.INLINE:
            name = component.type.derived
            return name in self.planned and self.planned[name].opaque
        if component.storage is not Storage.ALLOCATABLE:
            return False
        return component.type.polymorphic or component.name not in copied

    def deferred(self, component: Component, layout: Layout) -> RecordComponent:
        """Return the attribute of an allocatable or pointer; ValueError, with the reason, where there can be none."""
        name, type_, extents = component.name, component.type, component.extents
        is_pointer = component.storage is Storage.POINTER
        attribute = attribute_of(name)
        offset = layout.offsets[name]
        if component.storage is Storage.PROCEDURE:
            form = ComponentForm.PROCEDURE
            return RecordComponent(name, attribute, form, "", offset)
        if type_.unlimited:
            form = (
                ComponentForm.POINTED_ANY if is_pointer else ComponentForm.ALLOCATED_ANY
            )
            return RecordComponent(name, attribute, form, "", offset, extents)
        if type_.kind is Kind.DERIVED:
            form = OBJECT_FORMS[is_pointer, bool(extents)]
            if type_.polymorphic:
                form = CLASS_FORMS[is_pointer]
            element = self.names.get(type_.derived, "") if type_.derived else ""
            if not element:
                is_known = type_.derived is not None and type_.derived.module
                raise ValueError(
                    f"its type {'is left out' if is_known else 'is unknown here'}"
                )
            return RecordComponent(name, attribute, form, element, offset, extents)
        form = ComponentForm.POINTER if is_pointer else ComponentForm.ALLOCATABLE
        element = array_element(type_)
        return RecordComponent(
            name,
            attribute,
            form,
            element,
            offset,
            extents,
            logical=type_.kind is Kind.LOGICAL,
            length_at=layout.lengths.get(name, -1),
        )

    def nested(
        self, component: Component, attribute: str, offset: int
    ) -> RecordComponent:
        """Return the attribute for an object inside an object."""
        name = component.type.derived
        inner = None if name is None else self.planned.get(name)
        if inner is None:
            raise ValueError(f"its type {name.name if name else '*'!r} is left out")
        form = ComponentForm.NESTED_ARRAY if component.extents else ComponentForm.NESTED
        return RecordComponent(
            component.name,
            attribute,
            form,
            inner.identifier,
            offset,
            component.extents,
        )


def inline_form(component: Component) -> tuple[ComponentForm, str]:
    """Return what a component in the object itself is, with its element; ValueError where NumPy has no type for it."""
    type_ = component.type
    if type_.kind is Kind.CHARACTER and not component.extents:
        return ComponentForm.TEXT, ""
    mapping = mapping_of(type_)
    if component.extents or (mapping is not None and mapping.in_array):
        return ComponentForm.ARRAY, array_element(type_)
    if mapping is None:
        raise ValueError(missing_type(type_))
    return FORMS[type_.kind], letter_of(mapping.char)


def array_element(type_: DataType) -> str:
    """Return the type of an array's elements; ValueError where NumPy has none."""
    if type_.kind is Kind.CHARACTER:
        return f"bytes_type({type_.characters})"
    mapping = mapping_of(type_)
    if mapping is None:
        raise ValueError(missing_type(type_))
    return mapping.dtype


def letter_of(char: str) -> str:
    """Return the struct module's letter of a number, for complex numbers that of a part."""
    return char.lower() if char in "FDG" else char


def report_component(
    type_: DerivedType, component: Component, reason: str, diagnostics: Diagnostics
) -> None:
    """Say that a component of a type has no attribute."""
    what = f"{type_.name.name}%{component.name}"
    message = f"{what} is left out: {reason}"
    diagnostics.skip(component.span, message, f"{type_.name.module}.{what}")


def refuse_taken(component: Component, taken: set[str]) -> None:
    """Raise ValueError for a component that Python can't have by its name, nor with an underscore after it."""
    name = component.name
    if name in RESERVED_WORDS and f"{name}_" in taken:
        raise ValueError(f"Python reserves {name!r}, and there is a component {name}_")


def parameter_of(component: RecordComponent) -> Parameter:
    """Return the parameter of ``__init__`` for a component; None leaves the default."""
    known = ANNOTATIONS.get(component.form, component.element)
    return Parameter(component.attribute, known, None, True)

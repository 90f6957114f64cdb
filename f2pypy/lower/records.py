"""From derived types to the classes of the generated module."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from f2pypy import model
from f2pypy.abi.conventions import Compiler
from f2pypy.abi.layout import Layout, UnknownLayout, lay_out
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions.nodes import Integer, Kind
from f2pypy.lower.by_value import fields_of
from f2pypy.lower.ctypes_map import mapping_of, missing_type
from f2pypy.lower.names import RESERVED_WORDS
from f2pypy.model import Component, DerivedType, Storage, TypeName
from f2pypy.plan import ComponentForm, Parameter, RecordClass, RecordComponent

FORMS = {
    Kind.INTEGER: ComponentForm.INTEGER,
    Kind.REAL: ComponentForm.REAL,
    Kind.COMPLEX: ComponentForm.COMPLEX,
    Kind.LOGICAL: ComponentForm.LOGICAL,
}
ANNOTATIONS = {
    ComponentForm.INTEGER: "int",
    ComponentForm.REAL: "float",
    ComponentForm.COMPLEX: "complex",
    ComponentForm.LOGICAL: "bool",
    ComponentForm.TEXT: "bytes | str",
    ComponentForm.ARRAY: "ArrayLike",
}
BASE = "Record"


@dataclass
class RecordPlanner:
    """Plans the classes for the types of a library; `identifier` returns a free name of the module."""

    library: model.Library
    compiler: Compiler
    diagnostics: Diagnostics
    identifier: Callable[[str], str]
    types: dict[TypeName, DerivedType] = field(init=False)
    planned: dict[TypeName, RecordClass] = field(default_factory=dict)

    def __post_init__(self) -> None:
        modules = self.library.modules
        self.types = {type_.name: type_ for m in modules for type_ in m.types}

    def plan(self) -> Mapping[TypeName, RecordClass]:
        """Return the classes, each after those that it needs; types that can't have one are reported."""
        for type_ in self.wanted():
            subject = f"{type_.name.module}.{type_.name.name}"
            message = f"type {type_.name.name} is left out: "
            try:
                layout = lay_out(type_, self.types, self.compiler)
            except UnknownLayout as problem:
                self.diagnostics.skip(type_.span, f"{message}{problem}", subject)
                continue
            if type_.parent is not None and type_.parent not in self.planned:
                parent = f"its parent type {type_.parent.name!r} is left out"
                self.diagnostics.skip(type_.span, message + parent, subject)
                continue
            self.planned[type_.name] = self.record(type_, layout)
        return self.planned

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

        for type_ in self.types.values():
            if not type_.hidden:
                yield from visit(type_.name)
        for name in named_types(self.library):
            yield from visit(name)

    def record(self, type_: DerivedType, layout: Layout) -> RecordClass:
        """Return the class for one type."""
        parent = None if type_.parent is None else self.planned[type_.parent]
        components, left_out = [], []
        for component in type_.components:
            if component.hidden:
                continue
            try:
                components.append(self.component(component, layout))
            except ValueError as problem:
                left_out.append((component.name, str(problem)))
                self.report(type_, component, str(problem))
        parameters = () if parent is None else parent.parameters
        parameters += tuple(map(parameter_of, components))
        name = type_.name
        itself = "self"
        while any(parameter.name == itself for parameter in parameters):
            itself = f"_{itself}"
        return RecordClass(
            self.identifier(f"{name.module}_{name.name}"),
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
            private=tuple(self.private(type_, layout)),
        )

    def private(self, type_: DerivedType, layout: Layout) -> Iterator[RecordComponent]:
        """Yield the private components with a default, unless the library has the bytes of a new object."""
        if self.compiler.types.image_at:
            return
        for component in type_.components:
            nested = component.type.kind is Kind.DERIVED
            if component.hidden and (component.initial or nested):
                with suppress(ValueError):
                    yield self.component(component, layout)

    def report(self, type_: DerivedType, component: Component, reason: str) -> None:
        """Say that a component has no attribute."""
        what = f"{type_.name.name}%{component.name}"
        self.diagnostics.skip(
            component.span,
            f"{what} is left out: {reason}",
            f"{type_.name.module}.{what}",
        )

    def component(self, component: Component, layout: Layout) -> RecordComponent:
        """Return the attribute of a component; ValueError, with the reason, where there can be none."""
        if component.refusal:
            raise ValueError(component.refusal)
        if component.storage is not Storage.INLINE:
            raise ValueError(f"it is {component.storage.value}")
        name, type_ = component.name, component.type
        attribute = f"{name}_" if name in RESERVED_WORDS else name
        offset = layout.offsets[name]
        initial = component.initial
        if type_.kind is Kind.DERIVED:
            return self.nested(component, attribute, offset)
        if type_.kind is Kind.CHARACTER:
            length = type_.length.value if isinstance(type_.length, Integer) else 1
            if component.extents:
                element = f"bytes_type({length})"
                form = ComponentForm.ARRAY
            else:
                element, form = "", ComponentForm.TEXT
            return RecordComponent(
                name,
                attribute,
                form,
                element,
                offset,
                component.extents,
                max(length, 0),
                initial,
            )
        mapping = mapping_of(type_)
        if mapping is None:
            raise ValueError(missing_type(type_))
        if component.extents or mapping.in_array:
            form, element = ComponentForm.ARRAY, mapping.dtype
        else:
            form, element = FORMS[type_.kind], letter_of(mapping.char)
        return RecordComponent(
            name,
            attribute,
            form,
            element,
            offset,
            component.extents,
            initial=initial,
        )

    def nested(
        self, component: Component, attribute: str, offset: int
    ) -> RecordComponent:
        """Return the attribute for an object inside an object."""
        name = component.type.derived
        inner = None if name is None else self.planned.get(name)
        if inner is None:
            raise ValueError(f"its type {name.name if name else '*'!r} is left out")
        if component.extents:
            raise ValueError("it is an array of derived type")
        return RecordComponent(
            component.name, attribute, ComponentForm.NESTED, inner.identifier, offset
        )


def named_types(library: model.Library) -> Iterator[TypeName]:
    """Yield the types of variables, arguments and results, private ones too."""
    inner = (p for module in library.modules for p in module.procedures)
    for procedure in (*library.procedures, *inner):
        result = () if procedure.result is None else (procedure.result,)
        for argument in (*procedure.arguments, *result):
            if argument.type.derived is not None:
                yield argument.type.derived
    for module in library.modules:
        for variable in module.variables:
            if variable.type.derived is not None:
                yield variable.type.derived


def needs(type_: DerivedType) -> Iterator[TypeName]:
    """Yield the types that must have their classes before a type has its own: its parent and those inside it."""
    if type_.parent is not None:
        yield type_.parent
    for component in type_.components:
        if component.type.derived is not None and component.storage is Storage.INLINE:
            yield component.type.derived


def letter_of(char: str) -> str:
    """Return the struct module's letter of a number, for complex numbers that of a part."""
    return char.lower() if char in "FDG" else char


def parameter_of(component: RecordComponent) -> Parameter:
    """Return the parameter of ``__init__`` for a component; None leaves the default."""
    known = ANNOTATIONS.get(component.form, component.element)
    return Parameter(component.attribute, known, None, True)


def docstring_of(
    type_: DerivedType,
    parent: RecordClass | None,
    components: Iterable[RecordComponent],
) -> str:
    """Return the text of ``help(cls)``: the components with their types and defaults."""
    name = type_.name
    extends = "" if parent is None else f", which extends {parent.name}"
    lines = [f"Fortran's type {name.name} of module {name.module}{extends}."]
    texts = {each.name: each for each in type_.components}
    described = [line for c in components for line in lines_of(texts[c.name], c)]
    if described:
        lines += ["", "Parameters", "----------", *described]
    return "\n".join(lines)


def lines_of(component: Component, planned: RecordComponent) -> Iterator[str]:
    """Yield the lines of the documentation about one component."""
    type_ = component.type
    if planned.form is ComponentForm.NESTED:
        word = type_.derived.name if type_.derived else ""
    elif planned.form is ComponentForm.TEXT:
        word = f"string(len={planned.length})"
    elif planned.form is ComponentForm.ARRAY:
        mapping = mapping_of(type_)
        char = "S" if type_.is_string or mapping is None else mapping.char
        extents = ",".join(map(str, component.extents))
        word = f"rank-{len(component.extents)} array('{char}') with bounds ({extents})"
    else:
        word = ANNOTATIONS[planned.form]
    yield f"{component.name} : {word}, optional"
    if component.initial_text:
        yield f"    Default: {component.initial_text}"
    elif planned.form is not ComponentForm.NESTED:
        yield "    Without a default in Fortran: zeros here"

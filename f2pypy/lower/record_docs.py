"""What ``help(cls)`` says of the classes for derived types, and how Python calls the types of components."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from f2pypy.expressions.nodes import Kind
from f2pypy.lower.ctypes_map import mapping_of
from f2pypy.lower.docstring import described, literal_if_marked, with_text
from f2pypy.lower.markup import inert, prose
from f2pypy.model import Component, DerivedType, Storage
from f2pypy.plan import ComponentForm, RecordClass, RecordComponent

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
    ComponentForm.NESTED_ARRAY: "Any",
    ComponentForm.ALLOCATED_OBJECTS: "Any",
    ComponentForm.POINTED_OBJECTS: "Any",
    ComponentForm.ALLOCATED_CLASS: "Any",
    ComponentForm.POINTED_CLASS: "Any",
    ComponentForm.ALLOCATABLE: "ArrayLike",
    ComponentForm.POINTER: "ArrayLike",
    ComponentForm.ALLOCATED_ANY: "Any",
    ComponentForm.POINTED_ANY: "Any",
    ComponentForm.PROCEDURE: "Callable[..., Any]",
}
# Forms of components that hold values of their own
VALUES = frozenset({*FORMS.values(), ComponentForm.TEXT, ComponentForm.ARRAY})


def docstring_of(
    type_: DerivedType,
    parent: RecordClass | None,
    components: Iterable[RecordComponent],
) -> str:
    """Return the text of ``help(cls)``: the components with their types and defaults."""
    name = type_.name
    extends = "" if parent is None else f", which extends {parent.name}"
    lines = [inert(f"Fortran's type {name.name} of module {name.module}{extends}.")]
    said = type_.description
    lines += ["", prose(said.text)] if said.text else []
    texts = {each.name: each for each in type_.components}
    parameters = [
        with_text("\n".join(lines_of(texts[c.name], c)), said.of(c.name))
        for c in components
    ]
    if parameters:
        lines += ["", "Parameters", "----------", *parameters]
    return "\n".join(lines)


def lines_of(component: Component, planned: RecordComponent) -> Iterator[str]:
    """Yield the lines of the documentation about one component."""
    word = word_of(component, planned)
    yield described(f"{component.name} : {word}, optional")
    if component.initial_text:
        yield f"    Default: {literal_if_marked(component.initial_text)}"
    elif planned.form in VALUES:
        yield "    Without a default in Fortran: zeros here"


def word_of(component: Component, planned: RecordComponent) -> str:
    """Return the type of a component as documentation shows it."""
    type_ = component.type
    if component.callback is not None:
        return f"procedure pointer => {component.callback.name}"
    extents = ",".join(":" if e < 0 else str(e) for e in component.extents)
    if type_.kind is Kind.DERIVED:
        word = type_.derived.name if type_.derived else "*"
        word = f"class({word})" if type_.polymorphic else word
        if component.extents:
            word = f"array of {word} with bounds ({extents})"
    elif planned.form is ComponentForm.TEXT:
        word = f"string(len={planned.length})"
    elif component.extents:
        mapping = mapping_of(type_)
        char = "S" if type_.is_string or mapping is None else mapping.char
        word = f"rank-{len(component.extents)} array('{char}') with bounds ({extents})"
    elif planned.form in ANNOTATIONS and planned.form in VALUES:
        word = ANNOTATIONS[planned.form]
    else:
        mapping = mapping_of(type_)
        word = "string" if type_.is_string or mapping is None else mapping.word
    is_deferred = component.storage is not Storage.INLINE
    return f"{component.storage.value} {word}" if is_deferred else word

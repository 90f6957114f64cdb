"""The classes for derived types as Python: their components, structures and variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from f2pypy import plan
from f2pypy.printing.python import format_python
from f2pypy.printing.spelling import (
    call,
    element_type,
    identifier,
    maybe,
    quote,
    quoted_tuple,
    tuple_of,
)

# The runtime's classes of components.
COMPONENT_CLASSES = {
    plan.ComponentForm.INTEGER: "IntegerComponent",
    plan.ComponentForm.REAL: "RealComponent",
    plan.ComponentForm.COMPLEX: "ComplexComponent",
    plan.ComponentForm.LOGICAL: "LogicalComponent",
    plan.ComponentForm.TEXT: "TextComponent",
    plan.ComponentForm.ARRAY: "ArrayComponent",
    plan.ComponentForm.NESTED: "NestedComponent",
    plan.ComponentForm.NESTED_ARRAY: "NestedArray",
    plan.ComponentForm.ALLOCATABLE: "AllocatableComponent",
    plan.ComponentForm.POINTER: "PointerComponent",
    plan.ComponentForm.ALLOCATED_OBJECT: "AllocatedObject",
    plan.ComponentForm.POINTED_OBJECT: "PointedObject",
    plan.ComponentForm.ALLOCATED_OBJECTS: "AllocatedObjects",
    plan.ComponentForm.POINTED_OBJECTS: "PointedObjects",
    plan.ComponentForm.ALLOCATED_CLASS: "AllocatedClass",
    plan.ComponentForm.POINTED_CLASS: "PointedClass",
    plan.ComponentForm.PROCEDURE: "ProcedureComponent",
    plan.ComponentForm.ALLOCATED_ANY: "AllocatedAny",
    plan.ComponentForm.POINTED_ANY: "PointedAny",
}


DEFERRED = (plan.ComponentForm.ALLOCATABLE, plan.ComponentForm.POINTER)
NESTED = (plan.ComponentForm.NESTED, plan.ComponentForm.NESTED_ARRAY)
ARRAYS = (plan.ComponentForm.ARRAY, plan.ComponentForm.NESTED_ARRAY)
CLASSES = (
    plan.ComponentForm.ALLOCATED_CLASS,
    plan.ComponentForm.POINTED_CLASS,
)
OF_ANY_TYPE = (plan.ComponentForm.ALLOCATED_ANY, plan.ComponentForm.POINTED_ANY)
OBJECTS = (
    plan.ComponentForm.ALLOCATED_OBJECT,
    plan.ComponentForm.POINTED_OBJECT,
    plan.ComponentForm.ALLOCATED_OBJECTS,
    plan.ComponentForm.POINTED_OBJECTS,
    *CLASSES,
)


def _deferred(component: plan.RecordComponent) -> str:
    return call(
        COMPONENT_CLASSES[component.form],
        element_type(component.element),
        *(str(len(component.extents)), str(component.offset)),
        logical=component.logical,
        length=str(component.length_at) if component.length_at >= 0 else "",
    )


def _object(component: plan.RecordComponent) -> str:
    # a class may stand further down, or be the one that this is a part of
    record = f"lambda: {identifier(component.element)}"
    rank = [str(len(component.extents))] if component.extents else []
    place = str(component.offset)
    order = [place, *rank] if component.form in CLASSES else [*rank, place]
    return call(COMPONENT_CLASSES[component.form], record, *order)


def _procedure(component: plan.RecordComponent) -> str:
    passed = component.passed
    places = [] if passed is None else [str(place) for place in dict.fromkeys(passed)]
    # what calls it stands further down
    interface = f"lambda: {identifier(component.element)}"
    return call(
        COMPONENT_CLASSES[component.form], interface, str(component.offset), *places
    )


def _component(component: plan.RecordComponent) -> str:
    text = _component_itself(component)
    if component.seems_renamed:
        return f"{text}.called({quote(component.name)})"
    return text


def _component_itself(component: plan.RecordComponent) -> str:
    form = component.form
    if form in DEFERRED:
        return _deferred(component)
    if form in OBJECTS:
        return _object(component)
    if form in OF_ANY_TYPE:
        rank = [str(len(component.extents))] if component.extents else []
        return call(COMPONENT_CLASSES[form], str(component.offset), *rank)
    if form is plan.ComponentForm.PROCEDURE:
        return _procedure(component)
    element = quote(component.element)
    if form is plan.ComponentForm.TEXT:
        element = str(component.length)
    elif form in NESTED:
        element = identifier(component.element)
    elif form is plan.ComponentForm.ARRAY:
        element = element_type(component.element)
    shape = [repr(component.extents)] if form in ARRAYS else []
    values = list(map(format_python, component.initial))
    initial = values if len(values) == 1 else [tuple_of(values)] if values else []
    return call(
        COMPONENT_CLASSES[form], element, *shape, str(component.offset), *initial
    )


def constructors(record: plan.RecordClass) -> list[tuple[str, str]]:
    """Return the object's name and the function that is tried first when the class is called, where there is one."""
    if not record.constructor:
        return []
    return [(identifier(record.itself), identifier(record.constructor))]


def initializer(record: plan.RecordClass) -> str:
    """Return the method that takes the components: ``__init__``, unless that tries a constructor first."""
    return "_take_components" if record.constructor else "__init__"


def initialization(record: plan.RecordClass) -> str:
    """Return the statement that makes an object, of an abstract type only for Python classes that extend it."""
    names = (identifier(parameter.name) for parameter in record.parameters)
    method = "_extend" if record.abstract else "_create"
    return call(f"{identifier(record.itself)}.{method}", *names)


def _structure(structure: plan.RecordStructure) -> str:
    return call("StructureType", quote(structure.fields))


def _record_variable(variable: plan.RecordVariable) -> str:
    extents = [repr(variable.extents)] if variable.extents else []
    return call(
        "RecordArrayVariable" if extents else "RecordVariable",
        *(identifier(variable.record), *extents),
        symbol=maybe(quote, variable.symbol),
        exact=variable.exact,
        protected=variable.protected,
        parameter=variable.parameter,
        common=maybe(identifier, variable.common),
        alignment=str(variable.alignment) if variable.alignment else "",
    )


def _deferred_variable(variable: plan.DeferredRecordVariable) -> str:
    return call(
        "DeferredRecordVariable" if variable.record else "AnyVariable",
        *([identifier(variable.record)] if variable.record else []),
        *([str(variable.rank)] if variable.rank else []),
        symbol=maybe(quote, variable.symbol),
        exact=variable.exact,
        protected=variable.protected,
        pointer=variable.pointer,
        polymorphic=bool(variable.record) and variable.polymorphic,
    )


def _type_tables(tables: plan.TypeTables) -> str:
    return call(
        "TypeTables",
        *(quoted_tuple(tables.names), str(tables.size)),
        image=maybe(str, tables.image),
        hashed=maybe(quote, tables.hashed),
        longest=maybe(str, tables.longest),
        code=maybe(str, tables.code),
        copy=maybe(str, tables.copy),
        final=maybe(str, tables.final),
        described=tables.described,
        parent=maybe(str, tables.parent),
        glue=maybe(quote, tables.glue),
        bindings=maybe(str, tables.bindings),
        category=maybe(str, tables.category),
    )


RECORD_SPELLINGS: Mapping[type, Callable[[Any], str]] = {
    plan.RecordComponent: _component,
    plan.RecordStructure: _structure,
    plan.RecordVariable: _record_variable,
    plan.DeferredRecordVariable: _deferred_variable,
    plan.TypeTables: _type_tables,
}

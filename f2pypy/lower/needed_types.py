"""Which derived types a library's procedures, variables and other types name."""

from __future__ import annotations

from collections.abc import Iterator

from f2pypy import model
from f2pypy.model import DerivedType, Storage, TypeName


def named_types(library: model.Library) -> Iterator[TypeName]:
    """Yield the types of variables, arguments and results, private ones too."""
    inner = (p for module in library.modules for p in module.procedures)
    for procedure in (*library.procedures, *inner):
        yield from types_of(procedure)
    for module in library.modules:
        for variable in module.variables:
            if variable.type.derived is not None:
                yield variable.type.derived


def types_of(procedure: model.Procedure) -> Iterator[TypeName]:
    """Yield the types of the arguments and the result of a procedure."""
    result = () if procedure.result is None else (procedure.result,)
    for argument in (*procedure.arguments, *result):
        if argument.type.derived is not None:
            yield argument.type.derived


def needs(type_: DerivedType) -> Iterator[TypeName]:
    """Yield the types that must have their classes before a type has its own: its parent and those inside it."""
    if type_.parent is not None:
        yield type_.parent
    for component in type_.components:
        if component.type.derived is not None and component.storage is Storage.INLINE:
            yield component.type.derived


def mentions(type_: DerivedType) -> Iterator[TypeName]:
    """Yield the types of allocatable and pointer components, and those in interfaces of procedure pointers."""
    for component in type_.components:
        if component.pointed is not None:
            yield from types_of(component.pointed)
        if (
            component.type.derived is not None
            and component.storage is not Storage.INLINE
        ):
            yield component.type.derived

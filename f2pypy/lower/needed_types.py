"""Which derived types another one names."""

from __future__ import annotations

from collections.abc import Iterator

from f2pypy.model import DerivedType, Storage, TypeName


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
            yield from component.pointed.named_types()
        if (
            component.type.derived is not None
            and component.storage is not Storage.INLINE
        ):
            yield component.type.derived

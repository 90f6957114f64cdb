"""Which types hold procedure pointers, in which Fortran may keep the procedures that it is passed."""

from __future__ import annotations

from collections.abc import Mapping

from f2pypy.model import Component, DerivedType, Storage, TypeName
from f2pypy.plan import Holding

Types = Mapping[TypeName, DerivedType]


def places_of_procedures(name: TypeName, types: Types) -> frozenset[Holding]:
    """Return where objects of a type, and of those that extend it, hold procedure pointers; private ones count."""
    return frozenset(_Search(types).places(name))


class _Search:
    """Looks into each of the `types` once."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.seen: set[TypeName] = set()

    def places(self, name: TypeName) -> set[Holding]:
        """Return where objects of a type hold pointers."""
        type_ = self.types.get(name)
        if type_ is None or name in self.seen:
            return set()
        self.seen.add(name)
        found: set[Holding] = set()
        for component in type_.components:
            found |= self.of_component(component)
        related = [each.name for each in self.types.values() if each.parent == name]
        for each in (*related, *([type_.parent] if type_.parent is not None else ())):
            found |= self.places(each)
        return found

    def of_component(self, component: Component) -> set[Holding]:
        """Return where a component holds pointers."""
        if component.storage is Storage.PROCEDURE:
            return {Holding.INSIDE}
        inner = component.type.derived
        found = self.places(inner) if inner is not None else set()
        if component.storage is Storage.INLINE or not found:
            return found
        return {Holding.BEHIND_POINTERS}

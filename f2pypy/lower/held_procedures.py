"""Which types hold procedure pointers, in which Fortran may keep the procedures that it is passed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from f2pypy.model import DerivedType, Storage, TypeName
from f2pypy.plan import Holding

Types = Mapping[TypeName, DerivedType]
# A type, with where its objects lie as seen from the object that is asked for.
Place = tuple[TypeName, Holding]


def places_of_procedures(name: TypeName, types: Types) -> frozenset[Holding]:
    """Return where objects of a type, and of those that extend it, hold procedure pointers; private ones count."""
    found = set()
    seen: set[Place] = set()
    queue: list[Place] = [(name, Holding.INSIDE)]
    while queue:
        place = queue.pop()
        type_, where = types.get(place[0]), place[1]
        if type_ is None or place in seen:
            continue
        seen.add(place)
        if any(c.storage is Storage.PROCEDURE for c in type_.components):
            found.add(where)
        queue += reached(type_, where)
        queue += [(e.name, where) for e in types.values() if e.parent == type_.name]
    return frozenset(found)


def reached(type_: DerivedType, where: Holding) -> Iterator[Place]:
    """Yield the places of the parent's part and of the components in objects that lie at `where`."""
    if type_.parent is not None:
        yield type_.parent, where
    for component in type_.components:
        if component.type.derived is not None:
            is_inside = component.storage is Storage.INLINE
            yield (
                component.type.derived,
                where if is_inside else Holding.BEHIND_POINTERS,
            )

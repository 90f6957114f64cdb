"""The order of type-bound procedures in gfortran's tables, where nothing in the library would tell it.

A generated module finds the place of a binding by the procedure that stands there. That fails for deferred bindings
which no type implements, and for those that always have the same procedure. The compiled module files have the order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from f2pypy.model import DerivedType, FortranModule, Library, Specific, TypeName
from f2pypy.reading.module_files import binding_orders

Types = dict[TypeName, DerivedType]


def has_unsettled(library: Library) -> bool:
    """Whether some types have bindings that the procedures in tables don't tell apart."""
    types = {type_.name: type_ for module in library.modules for type_ in module.types}
    return any(is_unsettled(type_, types) for type_ in types.values())


def is_unsettled(type_: DerivedType, types: Types) -> bool:
    """Whether a type adds bindings of which several have the same procedures in all types that extend it."""
    own = [b.name for b in type_.bindings if not b.specifics]
    rows = [bound(each, types) for each in types.values() if extends(each, type_, types)]  # fmt: skip
    counted = Counter(tuple(row.get(name) for row in rows) for name in own)
    return any(count > 1 for count in counted.values())


def bound(type_: DerivedType, types: Types) -> dict[str, Specific | None]:
    """Return the procedures of a type's bindings, inherited ones too."""
    found: dict[str, Specific | None] = {}
    for each in lineage(type_, types):
        for binding in each.bindings:
            if not binding.specifics:
                found.setdefault(binding.name, binding.procedure)
    return found


def lineage(type_: DerivedType, types: Types) -> Iterator[DerivedType]:
    """Yield a type and its parents."""
    known: DerivedType | None = type_
    while known is not None:
        yield known
        known = types.get(known.parent) if known.parent is not None else None


def extends(type_: DerivedType, parent: DerivedType, types: Types) -> bool:
    """Whether a type is another one, or extends it."""
    return any(each.name == parent.name for each in lineage(type_, types))


def with_orders(library: Library, folder: Path) -> Library:
    """Return a library whose bindings have their places, as the module files in a folder say."""
    modules = tuple(with_places(module, folder) for module in library.modules)
    return replace(library, modules=modules)


def with_places(module: FortranModule, folder: Path) -> FortranModule:
    """Return a module whose types' bindings have their places, where its compiled file says them."""
    path = folder / f"{module.name}.mod"
    orders = binding_orders(path.read_bytes()) if path.is_file() else {}

    def placed(type_: DerivedType) -> DerivedType:
        order = orders.get(f"{module.name}_{type_.name.name.capitalize()}", ())
        bindings = tuple(
            replace(b, slot=order.index(b.name)) if b.name in order else b
            for b in type_.bindings
        )
        return replace(type_, bindings=bindings)

    return replace(module, types=tuple(map(placed, module.types)))

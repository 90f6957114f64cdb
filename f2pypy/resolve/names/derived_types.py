"""Which derived type a name means: that of a module, or what a unit gets by USE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from f2pypy import syntax
from f2pypy.dataclass import dataclass, field
from f2pypy.model import TypeName
from f2pypy.resolve.names.association import Association

TypesSeen = Mapping[str, TypeName]


@dataclass
class DerivedTypes:
    """The derived types of the Fortran modules of a build; each module is looked into once."""

    modules: Mapping[str, syntax.Module]
    association: Association
    _defined: dict[str, Mapping[str, syntax.DerivedType]] = field(default_factory=dict)
    _inside: dict[str, TypesSeen] = field(default_factory=dict)

    def defined(self, module: str) -> Mapping[str, syntax.DerivedType]:
        """Return the definitions in a module by name, none for a module that no file has."""
        if module not in self._defined:
            unit = self.modules.get(module)
            items = () if unit is None else unit.items
            self._defined[module] = definitions(items)
        return self._defined[module]

    def inside(self, module: str) -> TypesSeen:
        """Return the types that a module's declarations and procedures see, by their names there."""
        if module not in self._inside:
            unit = self.modules.get(module)
            items = () if unit is None else unit.items
            own = {name: TypeName(module, name) for name in self.defined(module)}
            self._inside[module] = {**self.seen(items, {}), **own}
        return self._inside[module]

    def seen(self, items: Sequence[syntax.Item], around: TypesSeen) -> TypesSeen:
        """Return the types that a unit with these items sees; `around` are those of its host.

        Types that the unit defines itself are no module's: their names mean nothing to its callers.
        """
        associated = self.association.associated(items)
        own = {i.name for i in items if isinstance(i, syntax.DerivedType)}
        if not associated and not own:
            return around
        found = {
            name: type_
            for name, type_ in around.items()
            if name not in associated and name not in own
        }
        for local, entities in associated.items():
            for entity in entities:
                known = () if entity.intrinsic else self.defined(entity.module)
                if entity.name in known:
                    found[local] = TypeName(entity.module, entity.name)
                    break
        return found


def definitions(items: Sequence[syntax.Item]) -> Mapping[str, syntax.DerivedType]:
    """Return the derived types that are defined among the items of a unit, by name; none with parameters."""
    return {
        item.name: item
        for item in items
        if isinstance(item, syntax.DerivedType)
        and not any(each.name == "parameters" for each in item.attributes)
    }

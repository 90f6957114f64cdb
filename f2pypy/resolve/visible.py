"""The procedures that a Fortran unit can name: of its interface blocks, of its module, of the modules it uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from f2pypy import syntax
from f2pypy.expressions.nodes import Expression
from f2pypy.resolve.scopes import Scopes


@dataclass(frozen=True)
class KnownProcedure:
    """A procedure or interface body, and the Fortran module that it stands in: "" for none."""

    unit: syntax.Procedure
    module: str = ""


@dataclass
class VisibleProcedures:
    """Looks procedures up in the files of a build; `externals` are those outside of modules."""

    scopes: Scopes
    externals: Mapping[str, syntax.Procedure] = field(default_factory=dict)
    _exported: dict[str, dict[str, KnownProcedure]] = field(default_factory=dict)

    def find(
        self, name: str, unit: syntax.Procedure, module: str
    ) -> KnownProcedure | None:
        """Return what `name` means in a unit of `module`; None where nothing of that name is known."""
        own = self.named_in(unit.items, module)
        if name in own:
            return own[name]
        if module in self.scopes.modules:
            inner = self.of_module(self.scopes.modules[module])
            if name in inner:
                return inner[name]
        external = self.externals.get(name)
        return None if external is None else KnownProcedure(external)

    def named_in(
        self, items: Iterable[syntax.Item], module: str
    ) -> dict[str, KnownProcedure]:
        """Return what the ``use`` statements and interface blocks of a unit name; the blocks win."""
        found: dict[str, KnownProcedure] = {}
        items = tuple(items)
        for item in items:
            if isinstance(item, syntax.Use):
                found.update(self.imported(item))
        for body in interface_bodies(items):
            found[body.name] = KnownProcedure(body, module)
        return found

    def of_module(self, module: syntax.Module) -> dict[str, KnownProcedure]:
        """Return the procedures and interface bodies that a module's units see."""
        name = module.name
        return {
            **self.named_in(module.items, name),
            **{unit.name: KnownProcedure(unit, name) for unit in module.procedures},
        }

    def imported(self, use: syntax.Use) -> dict[str, KnownProcedure]:
        """Return what a ``use`` statement brings, under its local names."""
        exported = self.exported(use.module.lower())
        if use.only:
            return {
                local: exported[name] for local, name in use.renames if name in exported
            }
        renamed = {name: local for local, name in use.renames}
        return {renamed.get(name, name): known for name, known in exported.items()}

    def exported(self, name: str) -> Mapping[str, KnownProcedure]:
        """Return the public procedures and interface bodies of a module; none where the module isn't known."""
        module = self.scopes.modules.get(name)
        if module is None:
            return {}
        if name not in self._exported:
            self._exported[name] = {}  # two modules that use each other export nothing
            self._exported[name] = {
                known_as: known
                for known_as, known in self.of_module(module).items()
                if self.scopes.is_public(module, known_as)
            }
        return self._exported[name]

    def constants(self, known: KnownProcedure) -> Mapping[str, Expression]:
        """Return the named constants that a procedure sees."""
        module = self.scopes.modules.get(known.module)
        around = self.scopes.constants(module.items if module is not None else ())
        return self.scopes.constants(known.unit.items, around)

    def implicit(self, known: KnownProcedure) -> syntax.Implicit | None:
        """Return the implicit types of a procedure's host, None where it has none."""
        module = self.scopes.modules.get(known.module)
        found = [
            item
            for item in (module.items if module is not None else ())
            if isinstance(item, syntax.Implicit)
        ]
        return found[-1] if found else None


def interface_bodies(items: Iterable[syntax.Item]) -> Iterator[syntax.Procedure]:
    """Yield the procedures that the interface blocks of a unit describe."""
    for item in items:
        if isinstance(item, syntax.Interface):
            for body in item.items:
                if isinstance(body, syntax.Procedure):
                    yield body

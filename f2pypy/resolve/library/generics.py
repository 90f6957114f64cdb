"""Which procedures each generic name stands for: Fortran 2018, 15.4.3.4 and 14.2.2."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from f2pypy import model, syntax
from f2pypy.dataclass import dataclass, field
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions.nodes import Expression
from f2pypy.resolve.library.blocks import routines_of
from f2pypy.resolve.names.association import is_accessible
from f2pypy.resolve.names.entries import with_entries
from f2pypy.resolve.names.scopes import Scopes, asked_of


@dataclass(frozen=True)
class GenericReader:
    """Finds the generic names of Fortran modules; what can't be found goes to `diagnostics`."""

    scopes: Scopes
    diagnostics: Diagnostics
    names: dict[int, frozenset[str]] = field(default_factory=dict)

    def of_module(self, unit: syntax.Module) -> tuple[model.Generic, ...]:
        """Return the public generic names of a module, without operators and constructors of derived types."""
        declared = self.scopes.declared(unit.items)
        found = {}
        for block in generic_blocks(unit.items):
            name = block.name
            if name in found or not is_accessible(name, declared):
                continue
            specifics = tuple(self.specifics(unit, name, frozenset()))
            if specifics:
                found[name] = model.Generic(name, specifics, block.span)
        types = {i.name for i in unit.items if isinstance(i, syntax.DerivedType)}
        return tuple(generic for name, generic in found.items() if name not in types)

    def specifics(
        self, unit: syntax.Module, name: str, entered: frozenset[str]
    ) -> Iterator[model.Specific]:
        """Yield the procedures of a generic name or operator, those of other modules last; `entered` are modules."""
        found: dict[model.Specific, None] = {}
        for block in unit.items:
            if isinstance(block, syntax.Interface) and block.name == name:
                found.update(dict.fromkeys(self.specifics_in(block, unit)))
        entered |= {unit.name}
        for entity in self.scopes.association.associated(unit.items).get(name, ()):
            other = self.scopes.modules.get(entity.module)
            if other is not None and not entity.intrinsic and other.name not in entered:
                others = self.specifics(other, entity.name, entered)
                found.update(dict.fromkeys(others))
        yield from found

    def specifics_in(
        self, block: syntax.Interface, unit: syntax.Module
    ) -> Iterator[model.Specific]:
        """Yield the procedures that one interface block lists."""
        for item in block.items:
            match item:
                case syntax.Procedure(name=name, prefixes=prefixes):
                    owner = unit.name if "module" in prefixes else ""
                    yield model.Specific(owner, name)
                case syntax.ModuleProcedure(names=names):
                    for name in names:
                        specific = self.procedure(name, unit)
                        if specific is not None:
                            yield specific
                            continue
                        self.diagnostics.skip(
                            item.span,
                            f"{name} of the generic name {block.name} is left out: it comes from a module that isn't "
                            "among the files",
                            f"{unit.name}.{name}",
                        )
                case _:
                    pass

    def procedure(self, name: str, unit: syntax.Module) -> model.Specific | None:
        """Return the procedure that a module means by a name; None where it comes from a module that isn't there."""
        if name in self.procedures_of(unit):
            return model.Specific(unit.name, name)
        associated = self.scopes.association.associated(unit.items)
        if name not in associated:
            return model.Specific("", name)
        for entity in associated[name]:
            other = self.scopes.modules.get(entity.module)
            if other is not None and not entity.intrinsic:
                is_own = entity.name in self.procedures_of(other)
                return model.Specific(other.name if is_own else "", entity.name)
        return None

    def procedures_of(self, unit: syntax.Module) -> frozenset[str]:
        """Return what `procedure_names` does, looked up once for each of the modules, which stay as long as this."""
        found = self.names.get(id(unit))
        if found is None:
            found = self.names[id(unit)] = procedure_names(unit)
        return found


def outer_generics(
    items: Iterable[syntax.Item], *hosts: str
) -> Iterator[model.Generic]:
    """Yield the generic names that a signature file has outside of Fortran modules; `hosts` are names around them."""
    for block in items:
        if not isinstance(block, syntax.Interface):
            continue
        specifics: list[model.Specific] = []
        for item in block.items:
            match item:
                case syntax.Procedure(name=name):
                    specifics.append(model.Specific("", name))
                case syntax.ModuleProcedure(names=names):
                    specifics += (model.Specific("", name) for name in names)
                case _:
                    pass
        taken = {*hosts, *(specific.name for specific in specifics)}
        # f2py takes any name after INTERFACE for a comment
        if block.name.isidentifier() and specifics and block.name not in taken:
            yield model.Generic(block.name, tuple(specifics), block.span)
        yield from outer_generics(block.items, *hosts)


def generic_blocks(items: Iterable[syntax.Item]) -> Iterator[syntax.Interface]:
    """Yield the interface blocks of generic names; those of operators have other names than Python's functions."""
    for item in items:
        if isinstance(item, syntax.Interface) and item.name.isidentifier():
            yield item


def procedure_names(unit: syntax.Module) -> frozenset[str]:
    """Return the names of a module's procedures, those of ENTRY statements too."""
    return frozenset(r.name for p in routines_of(unit) for r in with_entries(p))


def external_bodies(
    items: Iterable[syntax.Item], generics: Iterable[model.Generic]
) -> Iterator[syntax.Procedure]:
    """Yield the interface bodies of external procedures that the generic names of a module stand for."""
    wanted = {s.name for g in generics for s in g.specifics if not s.module}
    for item in items:
        if isinstance(item, syntax.Interface) and not item.abstract:
            for body in item.items:
                if isinstance(body, syntax.Procedure) and body.name in wanted:
                    yield body


def imported_constants(
    body: syntax.Procedure, host: Mapping[str, Expression]
) -> dict[str, Expression]:
    """Return those of its host's constants that an interface body imports."""
    imports = [item for item in body.items if isinstance(item, syntax.Import)]
    if any(item.names is None for item in imports):
        return dict(host)
    names = {name for item in imports for name in item.names or ()}
    return {known: value for known, value in host.items() if asked_of(known) in names}

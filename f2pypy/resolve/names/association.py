"""Which entity a name means: use association and accessibility as in Fortran 2018, 14.2.2, 8.6.1 and 19.5.1.

A name is followed through renames and modules in between to the module that declares it. Two names are the same
entity where they lead to the same declaration, however they are spelled on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

from f2pypy import syntax
from f2pypy.dataclass import dataclass, field
from f2pypy.expressions.exhaustive import assert_never
from f2pypy.resolve.names.declarations import Declaration, Declarations
from f2pypy.resolve.names.entries import with_entries


@dataclass(frozen=True)
class Entity:
    """What a module declares under a name; an intrinsic module may have the name of one of the user's."""

    module: str
    name: str
    intrinsic: bool = False


# Several entities of one name are the parts of a generic; otherwise the name must not be used.
Entities = tuple[Entity, ...]
Names = dict[str, Entities]


@dataclass(frozen=True)
class Uses:
    """All ``use`` statements of a unit for one module, which count together.

    `renames` are (local, name) pairs; `everything` tells whether one of the statements has no ONLY.
    """

    module: str
    intrinsic: bool
    everything: bool
    renames: tuple[tuple[str, str], ...]

    def associated(self, exported: Mapping[str, Entities]) -> Names:
        """Return what the statements bring of a module's public names, by their local names."""
        if self.everything and not self.renames:
            return dict(exported)
        renamed = {name for _, name in self.renames}
        found = {
            local: exported[name] for local, name in self.renames if name in exported
        }
        if self.everything:
            for name, entities in exported.items():
                if name not in renamed:
                    found[name] = joined(found.get(name, ()), entities)
        return found

    def hidden(self) -> Iterator[str]:
        """Yield the local names that the statements list, whether or not the module is known."""
        return (local for local, _ in self.renames)


@dataclass
class Association:
    """The names of the Fortran modules of a build.

    `intrinsic` are the names in intrinsic modules; `declared` gathers the declarations of a unit.
    """

    modules: Mapping[str, syntax.Module]
    intrinsic: Mapping[str, Iterable[str]]
    declared: Callable[[Sequence[syntax.Item]], Declarations]
    _exported: dict[str, Names] = field(default_factory=dict)
    # by the identity of a unit's items, which live as long as the entry
    _brought: dict[int, tuple[Sequence[syntax.Item], Mapping[str, Entities]]] = field(
        default_factory=dict
    )
    _looked_into: set[str] = field(default_factory=set)  # whose names aren't all known

    def associated(self, items: Sequence[syntax.Item]) -> Mapping[str, Entities]:
        """Return what the ``use`` statements of a unit bring; nothing for a listed name of an unknown module.

        The statements of each unit are followed once: a chain of modules hands on ever more names.
        """
        known = self._brought.get(id(items))
        if known is not None and known[0] is items:
            return known[1]
        found: Names = {}
        used = uses_in(items)
        for uses in used:
            found.update({name: () for name in uses.hidden() if name not in found})
            associated = uses.associated(self.exported(uses))
            if not found:
                found = associated
                continue
            for name, entities in associated.items():
                found[name] = joined(found.get(name, ()), entities)
        if self._looked_into.isdisjoint(uses.module for uses in used):
            self._brought[id(items)] = (items, found)
        return found

    def exported(self, uses: Uses) -> Names:
        """Return the accessible names of the module that is used; none where no file has the module."""
        name = uses.module
        if uses.intrinsic or name not in self.modules:
            return {n: (Entity(name, n, True),) for n in self.intrinsic.get(name, ())}  # fmt: skip
        if name not in self._exported:
            for each in self.order_of_use(name, self._exported):
                self._exported[each] = {}  # modules that use each other export nothing
                self._looked_into.add(each)
                self._exported[each] = self.public_names(self.modules[each])
                self._looked_into.discard(each)
        return self._exported[name]

    def order_of_use(self, name: str, known: Container[str]) -> list[str]:
        """Return a module after those that it uses and that aren't `known`: chains of them may be hundreds long."""
        ordered: list[str] = []
        entered = {name}
        path = [(name, self.used_modules(name))]
        while path:
            current, used = path[-1]
            missing = (m for m in used if m not in entered and m not in known)
            following = next(missing, None)
            if following is None:
                ordered.append(current)
                path.pop()
            else:
                entered.add(following)
                path.append((following, self.used_modules(following)))
        return ordered

    def used_modules(self, name: str) -> Iterator[str]:
        """Yield the modules among the files that a module uses."""
        for uses in uses_in(self.modules[name].items):
            if uses.module in self.modules and not uses.intrinsic:
                yield uses.module

    def public_names(self, module: syntax.Module) -> Names:
        """Return the entities that are accessible to those who use a module, by the names that it has for them."""
        found = dict(self.associated(module.items))
        sources = self.sources(module.items)
        declared = self.declared(module.items)
        generics = {i.name for i in module.items if isinstance(i, syntax.Interface)}
        for name in own_names(module.items, module.procedures, declared):
            # a generic name may go on with what the module got by USE under the same name
            others = found.get(name, ()) if name in generics else ()
            found[name] = joined((Entity(module.name, name),), others)
        return {
            name: entities
            for name, entities in found.items()
            if is_accessible(name, declared, sources.get(name, ()))
        }

    def sources(self, items: Sequence[syntax.Item]) -> dict[str, list[str]]:
        """Return the modules that each name is got from, where a unit says who may see all of a module at once."""
        found: dict[str, list[str]] = {}
        said, used = self.declared(items), uses_in(items)
        if not any(flags_of(uses.module, said) for uses in used):
            return found
        for uses in used:
            for name in uses.associated(self.exported(uses)):
                found.setdefault(name, []).append(uses.module)
        return found


def joined(one: Entities, other: Entities) -> Entities:
    """Return the entities of both, each once: together they are the parts of a generic."""
    return tuple(dict.fromkeys((*one, *other)))


def uses_in(items: Iterable[syntax.Item]) -> tuple[Uses, ...]:
    """Return the modules that a unit uses, each with all its statements."""
    found: dict[str, list[syntax.Use]] = {}
    for item in items:
        if isinstance(item, syntax.Use):
            found.setdefault(item.module.lower(), []).append(item)
    return tuple(
        Uses(
            module,
            any(item.nature == "intrinsic" for item in used),
            any(not item.only for item in used),
            tuple(pair for item in used for pair in item.renames),
        )
        for module, used in found.items()
    )


def own_names(
    items: Iterable[syntax.Item],
    procedures: Iterable[syntax.Procedure],
    declared: Declarations,
) -> Iterator[str]:
    """Yield the names that a unit declares itself, some several times."""
    yield from (d.name for d in declared.names.values() if declares(d))
    for item in items:
        match item:
            case syntax.Interface(name=name, items=bodies):
                if name:
                    yield name
                yield from (b.name for b in bodies if isinstance(b, syntax.Procedure))
            case syntax.DerivedType(name=name):
                yield name
            case syntax.Associate(names=names):
                yield from (name for name, _ in names)
            case syntax.Enumeration(enumerators=enumerators):
                yield from (name for name, _ in enumerators)
            case syntax.Procedure():
                # signature files may leave CONTAINS out
                yield from (routine.name for routine in with_entries(item))
            case (
                # `declared` has these names
                syntax.TypeDeclaration()
                | syntax.AttributeStatement()
                | syntax.ParameterStatement()
                | syntax.Common()
                # `with_entries` and the interface have these
                | syntax.Entry()
                | syntax.ModuleProcedure()
                # names and rules from elsewhere; values and storage
                | syntax.Use()
                | syntax.Import()
                | syntax.Implicit()
                | syntax.Data()
                | syntax.Equivalence()
                # units that are global, or stand around this one
                | syntax.Module()
                | syntax.BlockData()
                | syntax.PythonModule()
                # what is about the whole routine, or its calls
                | syntax.Code()
                | syntax.FortranName()
                | syntax.ThreadSafe()
                | syntax.Documentation()
                | syntax.CallSite()
                | syntax.PassedProcedure()
            ):
                pass
            case _:
                assert_never(item)
    for procedure in procedures:
        yield from (routine.name for routine in with_entries(procedure))


def declares(declaration: Declaration) -> bool:
    """Whether a unit declares an entity of this name, and doesn't only say who may access it."""
    return (
        declaration.type is not None
        or declaration.dimensions is not None
        or declaration.is_parameter
        or declaration.is_callback
        or bool({"intrinsic", "allocatable", "pointer"} & declaration.flags)
    )


def is_accessible(
    name: str, declared: Declarations, sources: Iterable[str] = ()
) -> bool:
    """Whether a module shows a name to those who use it; `sources` are the modules that it got the name from.

    Fortran 2018 lets a module say ``private :: other`` of all that it got from another one.
    """
    said = flags_of(name, declared)
    if said:
        return "public" in said
    of_modules = [flags for each in sources if (flags := flags_of(each, declared))]
    if of_modules:
        return any("public" in flags for flags in of_modules)
    return declared.accessibility != "private"


def flags_of(name: str, declared: Declarations) -> frozenset[str]:
    """Return what is said of the access to a name: public or private."""
    declaration = declared.names.get(name)
    flags = declaration.flags if declaration is not None else frozenset()
    return flags & {"public", "private"}

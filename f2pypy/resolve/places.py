"""Which procedures a Fortran unit sees, with what their declarations mean where they stand."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from f2pypy import syntax
from f2pypy.expressions.nodes import Expression
from f2pypy.resolve.declarations import Declaration
from f2pypy.resolve.entries import with_entries
from f2pypy.resolve.scopes import Scopes
from f2pypy.resolve.types import ImplicitTypes, implicit_types

_Meant = TypeVar("_Meant")


@dataclass(frozen=True)
class Described:
    """A procedure, or the interface body of one, and the place that it stands in."""

    unit: syntax.Procedure
    place: Place


# By their local names; a generic name has several procedures.
Procedures = Mapping[str, tuple[Described, ...]]
Variables = Mapping[str, Declaration]


@dataclass(frozen=True)
class Place:
    """What stands around a unit or in it: named constants, implicit types, procedures and variables."""

    constants: Mapping[str, Expression] = field(default_factory=dict)
    implicit: ImplicitTypes | None = None
    procedures: Procedures = field(default_factory=dict)
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True)
class Prototype:
    """How a dummy procedure is called, and the place that its description stands in."""

    unit: syntax.Procedure
    place: Place


# What tells one question for a prototype from another: the routine, its dummy, and the procedures given for others.
Question = tuple[int, str, tuple[tuple[object, ...], ...]]


@dataclass(frozen=True)
class Asked:
    """A dummy procedure whose prototype is asked for.

    `around` is where its routine stands, `given` are the procedures that the caller passes for other dummies.
    """

    unit: syntax.Procedure
    name: str
    around: Place
    given: Procedures

    def question(self) -> Question:
        """Return what tells this question from others of the build."""
        given = tuple(
            (dummy, *(id(each.unit) for each in described))
            for dummy, described in sorted(self.given.items())
        )
        return id(self.unit), self.name, given


@dataclass
class Places:
    """The places of one build; each module is looked into once."""

    scopes: Scopes
    external: Mapping[str, syntax.Procedure]
    # with the question, whose routines must live as long as their identities are compared
    prototypes: dict[Question, tuple[Asked, Prototype]] = field(default_factory=dict)
    _modules: dict[str, Place] = field(default_factory=dict)
    _exported: dict[str, Place] = field(default_factory=dict)
    _top: list[Place] = field(default_factory=list)

    def top(self) -> Place:
        """Return what program units see: the external procedures."""
        if not self._top:
            procedures: dict[str, tuple[Described, ...]] = {}
            place = Place(self.scopes.kinds, procedures=ChainMap(procedures))
            for name, unit in self.external.items():
                procedures[name] = (Described(unit, place),)
            self._top.append(place)
        return self._top[0]

    def module(self, unit: syntax.Module) -> Place:
        """Return what the procedures of a module see."""
        if unit.name not in self._modules:
            place = self.inside(unit.items, unit.procedures, self.top(), ())
            self._modules[unit.name] = place
        return self._modules[unit.name]

    def procedure(self, unit: syntax.Procedure, around: Place) -> Place:
        """Return what the declarations and statements of a procedure see."""
        items = (*unit.items, *result_declaration(unit))
        return self.inside(items, unit.contained, around, unit.arguments)

    def inside(
        self,
        items: Sequence[syntax.Item],
        contained: Iterable[syntax.Procedure],
        around: Place,
        arguments: tuple[str, ...],
    ) -> Place:
        """Return what a unit with these items, procedures and arguments sees."""
        own: dict[str, tuple[Described, ...]] = {}
        variables: dict[str, Declaration] = {}
        constants = self.scopes.constants(items, around.constants, arguments)
        for item in items:
            if isinstance(item, syntax.Use):
                brought = self.imported(item)
                own.update(brought.procedures)
                variables.update(brought.variables)
                # those that declare the variables may have stayed behind
                constants = {**brought.constants, **constants}
        variables.update(self.scopes.declared(items).names)
        place = Place(
            constants,
            implicit_types(items, around.implicit),
            layered(own, around.procedures),
            layered(variables, around.variables),
        )
        for routine in contained:
            for entry in with_entries(routine):
                own[entry.name] = (Described(entry, place),)
        for item in items:
            if isinstance(item, syntax.Interface):
                own.update(described_by(item, place))
        return place

    def imported(self, use: syntax.Use) -> Place:
        """Return what a ``use`` statement brings, under its local names."""
        exported = self.exported(use.module.lower())
        return Place(
            exported.constants,
            None,
            renamed(exported.procedures, use),
            renamed(exported.variables, use),
        )

    def exported(self, name: str) -> Place:
        """Return a module's public procedures, interfaces and variables; nothing where the module isn't known."""
        if name in self._exported:
            return self._exported[name]
        if name not in self.scopes.modules:
            return Place()
        for each in self.scopes.order_of_use(name, self._exported):
            # two modules that use each other export nothing
            self._exported[each] = Place()
            self._exported[each] = self.shown(self.scopes.modules[each])
        return self._exported[name]

    def shown(self, module: syntax.Module) -> Place:
        """Return what a module shows of what its procedures see."""
        own = self.module(module)
        procedures, variables = innermost(own.procedures), innermost(own.variables)
        return Place(
            own.constants,
            None,
            {k: v for k, v in procedures.items() if self.scopes.is_public(module, k)},
            {k: v for k, v in variables.items() if self.scopes.is_public(module, k)},
        )


def result_declaration(unit: syntax.Procedure) -> tuple[syntax.TypeDeclaration, ...]:
    """Return the declaration that the prefix of a function is for its result."""
    if unit.kind != "function" or unit.type is None:
        return ()
    result = syntax.Entity(unit.result or unit.name, unit.span)
    return (syntax.TypeDeclaration(unit.type, (), (result,), unit.span),)


def renamed(exported: Mapping[str, _Meant], use: syntax.Use) -> dict[str, _Meant]:
    """Return what a ``use`` statement brings of a module's names, with what they mean."""
    if use.only:
        return {
            local: exported[name] for local, name in use.renames if name in exported
        }
    local = {name: local for local, name in use.renames}
    return {local.get(name, name): meant for name, meant in exported.items()}


def layered(
    own: dict[str, _Meant], around: Mapping[str, _Meant]
) -> ChainMap[str, _Meant]:
    """Return a mapping that looks into `own` first, and then into what is around; nothing is copied."""
    maps = around.maps if isinstance(around, ChainMap) else [dict(around)]
    return ChainMap(own, *maps)


def innermost(names: Mapping[str, _Meant]) -> Mapping[str, _Meant]:
    """Return the innermost names of a layered mapping."""
    return names.maps[0] if isinstance(names, ChainMap) else names


def described_by(
    interface: syntax.Interface, place: Place
) -> dict[str, tuple[Described, ...]]:
    """Return the procedures that an interface block describes, and those of its generic name."""
    # an interface body has no implicit rules but its own; constants are there if it says IMPORT, as it mostly does
    around = replace(place, implicit=None)
    found: dict[str, tuple[Described, ...]] = {}
    specific: list[Described] = []
    for item in interface.items:
        match item:
            case syntax.Procedure():
                found[item.name] = (Described(item, around),)
                specific += found[item.name]
            case syntax.ModuleProcedure(names=names):
                for name in names:
                    specific += place.procedures.get(name, ())
            case _:
                pass
    if interface.name and specific:
        found[interface.name] = tuple(specific)
    return found

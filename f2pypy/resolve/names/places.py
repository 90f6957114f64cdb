"""Finds the procedures and variables that a Fortran unit sees, and what their declarations mean in their own scope."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from f2pypy import syntax
from f2pypy.dataclass import dataclass, field
from f2pypy.diagnostics import Span
from f2pypy.expressions.nodes import Expression, Integer
from f2pypy.expressions.walk import used_names
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.names.association import Entities, declares, own_names
from f2pypy.resolve.names.declarations import Declaration
from f2pypy.resolve.names.derived_types import TypesSeen
from f2pypy.resolve.names.entries import with_entries
from f2pypy.resolve.names.scopes import Scopes, asked_of
from f2pypy.resolve.names.texts import lower_bound, read_extent
from f2pypy.resolve.types.declared import (
    ImplicitTypes,
    constant_integer,
    implicit_type,
    implicit_types,
    read_constant,
)

_Meant = TypeVar("_Meant")


@dataclass(frozen=True, eq=False)
class Described:
    """A procedure, or the interface body of one, and the place that it stands in."""

    unit: syntax.Procedure
    place: Place


@dataclass(frozen=True, eq=False)
class Variable:
    """A declaration and the place in which its texts are read."""

    declaration: Declaration
    place: Place = field(repr=False)


# By their local names; a generic name has several procedures. A name that means something else has none.
Procedures = Mapping[str, tuple[Described, ...]]
# None for what is no variable.
Variables = Mapping[str, "Variable | None"]


@dataclass(frozen=True, eq=False)
class Place:
    """What stands around a unit or in it: named constants, implicit types, procedures, variables and derived types."""

    constants: Mapping[str, Expression] = field(default_factory=dict)
    implicit: ImplicitTypes | None = None
    procedures: Procedures = field(default_factory=dict)
    variables: Variables = field(default_factory=dict)
    types: TypesSeen = field(default_factory=dict)

    def variable(self, name: str) -> Declaration | None:
        """Return the declaration of a variable, None where there is none, as a declaration in this place says it.

        Raises DeclarationError if its kind or an extent can't be expressed here.
        """
        found = self.variables.get(name)
        if found is None:
            return None
        if found.place is self:
            return found.declaration
        return self.said_here(found)

    def said_here(self, found: Variable) -> Declaration:
        """Return a declaration of another place with constants in place of their names."""
        declaration = found.declaration
        spec = declaration.type or implicit_type(
            declaration.name, found.place.implicit or ImplicitTypes()
        )
        if spec is not None:
            spec = replace(
                spec,
                kind=self.constant_here(spec.kind, found),
                length=self.constant_here(spec.length, found),
            )
        dimensions = declaration.dimensions
        if dimensions is not None:
            dimensions = tuple(self.extent_here(text, found) for text in dimensions)
        return replace(
            declaration,
            type=spec,
            dimensions=dimensions,
            length=self.constant_here(declaration.length, found),
        )

    def constant_here(
        self, text: syntax.Text | None, found: Variable
    ) -> syntax.Text | None:
        """Return a kind or a length of another place as a number, or as it is where its names mean the same here."""
        if text is None or text.text.strip("() ") in ("*", ":"):
            return text
        value = constant_integer(text, found.place.constants)
        if value is not None:
            return syntax.Text(str(value), text.span)
        self.refuse_strange(
            read_constant(text, found.place.constants), text.span, found
        )
        return text

    def extent_here(self, text: syntax.Text, found: Variable) -> syntax.Text:
        """Return an extent of another place as a number, or as it is where its names mean the same here."""
        extent = read_extent(text, syntax.Dialect.FORTRAN, found.place.constants)
        if extent is None:
            return text if ":" not in text.text else syntax.Text(":", text.span)
        if isinstance(extent.expression, Integer):
            count = extent.expression.value
            match lower_bound(text, found.place.constants):
                case Integer(first) if first != 1:
                    return syntax.Text(f"{first}:{first + count - 1}", text.span)
                case _:
                    return syntax.Text(str(count), text.span)
        self.refuse_strange(extent.expression, text.span, found)
        return text

    def refuse_strange(
        self, expression: Expression, span: Span, found: Variable
    ) -> None:
        """Raise DeclarationError for an expression with names that mean something else here than where it stands."""
        for name in used_names(expression):
            if self.variables.get(name) is not found.place.variables.get(name):
                raise DeclarationError(
                    span,
                    f"{name!r} means something else here than where "
                    f"{found.declaration.name!r} is declared",
                )


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
        """Return a key: the same routine, dummy and given procedures have the same prototype."""
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
    _top: list[Place] = field(default_factory=list)
    # what each place sees of its own, which knows the place
    _own: list[dict[str, Any]] = field(default_factory=list)

    def top(self) -> Place:
        """Return the place of program units: they see the external procedures."""
        if not self._top:
            procedures: dict[str, tuple[Described, ...]] = {}
            self._own.append(procedures)
            place = Place(self.scopes.kinds, procedures=ChainMap(procedures))
            for name, unit in self.external.items():
                procedures[name] = (Described(unit, place),)
            self._top.append(place)
        return self._top[0]

    def module(self, unit: syntax.Module) -> Place:
        """Return the place of a module's procedures."""
        if unit.name in self._modules:
            return self._modules[unit.name]
        for name in self.scopes.association.order_of_use(unit.name, self._modules):
            # two modules that use each other see nothing of each other
            self._modules[name] = self.top()
            module = self.scopes.modules[name]
            items, procedures = module.items, module.procedures
            types = self.scopes.types.inside(name)
            self._modules[name] = self.inside(items, procedures, self.top(), (), types)
        return self._modules[unit.name]

    def owner_of(self, described: Described) -> syntax.Module | None:
        """Return the module whose procedure it is, None for any other procedure."""
        for name, place in self._modules.items():
            if place is described.place:
                return self.scopes.modules[name]
        return None

    def procedure(self, unit: syntax.Procedure, around: Place) -> Place:
        """Return the place of a procedure's declarations and statements."""
        items = (*unit.items, *result_declaration(unit))
        return self.inside(items, unit.contained, around, unit.arguments)

    def inside(
        self,
        items: Sequence[syntax.Item],
        contained: Sequence[syntax.Procedure],
        around: Place,
        arguments: tuple[str, ...],
        types: TypesSeen | None = None,
    ) -> Place:
        """Return the place inside a unit with these items, procedures and arguments; `types` are those of a module."""
        procedures: dict[str, tuple[Described, ...]] = {}
        variables: dict[str, Variable | None] = {}
        self._own += procedures, variables
        place = Place(
            self.scopes.constants(items, around.constants, arguments),
            implicit_types(items, around.implicit),
            layered(procedures, around.procedures),
            layered(variables, around.variables),
            self.scopes.types.seen(items, around.types) if types is None else types,
        )
        declarations = self.scopes.declared(items)
        associated = self.scopes.association.associated(items)
        for local, entities in associated.items():
            procedures[local], variables[local] = self.meant_by(entities)
        for name in own_names(items, contained, declarations):
            # whatever it is, it is not what the host means by that name
            procedures[name], variables[name] = (), None
        for name in arguments:
            procedures[name], variables[name] = (), None
        for name, declaration in declarations.names.items():
            said = declares(declaration) or says_something(declaration)
            if name in arguments or (said and name not in associated):
                variables[name] = Variable(declaration, place)
            if name not in arguments and may_be_external(declaration):
                procedures[name] = self.top().procedures.get(name, ())
        for routine in contained:
            for entry in with_entries(routine):
                procedures[entry.name] = (Described(entry, place),)
        for item in items:
            if isinstance(item, syntax.Interface):
                described = self.described_by(item, place)
                generic = self.meant_by(associated.get(item.name, ()))[0]
                if generic and item.name in described:
                    described[item.name] = (*described[item.name], *generic)
                procedures.update(described)
        return place

    def meant_by(
        self, entities: Entities
    ) -> tuple[tuple[Described, ...], Variable | None]:
        """Return the procedures that a name of a module means, or the variable."""
        procedures: tuple[Described, ...] = ()
        variable = None
        for entity in entities:
            if not entity.intrinsic:
                place = self.module(self.scopes.modules[entity.module])
                procedures += place.procedures.get(entity.name, ())
                if len(entities) == 1:
                    variable = place.variables.get(entity.name)
        return procedures, variable

    def described_by(
        self, interface: syntax.Interface, place: Place
    ) -> dict[str, tuple[Described, ...]]:
        """Return the procedures that an interface block describes, and those of its generic name."""
        found: dict[str, tuple[Described, ...]] = {}
        specific: list[Described] = []
        for item in interface.items:
            match item:
                case syntax.Procedure():
                    around = self.host_of_body(item, place)
                    found[item.name] = (Described(item, around),)
                    specific += found[item.name]
                case syntax.ModuleProcedure(names=names):
                    for name in names:
                        specific += place.procedures.get(name, ())
                case _:  # an interface holds no other procedures
                    pass
        if interface.name and specific:
            found[interface.name] = tuple(specific)
        return found

    def host_of_body(self, body: syntax.Procedure, place: Place) -> Place:
        """Return what an interface body sees of what is around it: what it imports; the body of a module's own all."""
        if "module" in body.prefixes:
            return place
        names: set[str] = set()
        for item in body.items:
            if isinstance(item, syntax.Import):
                if item.names is None:
                    # implicit rules are the body's own
                    return replace(place, implicit=None)
                names.update(item.names)
        top = self.top()
        if not names:
            return top
        imported = {k: v for k, v in place.constants.items() if asked_of(k) in names}
        return Place(
            {**top.constants, **imported},
            None,
            layered({k: place.procedures.get(k, ()) for k in names}, top.procedures),
            {k: place.variables.get(k) for k in names},
            {k: place.types[k] for k in names if k in place.types},
        )

    def let_go(self) -> None:
        """Empty all places: each knows itself, so that only the garbage collector would free it, which doesn't run."""
        for own in self._own:
            own.clear()


def may_be_external(declaration: Declaration) -> bool:
    """Whether a name that is no dummy argument may be an external procedure's: it has a type, or EXTERNAL says so."""
    is_data = declaration.dimensions is not None or declaration.is_parameter
    described = declaration.type is not None and bool(declaration.type.derived)
    return not is_data and not described and declares(declaration)


def says_something(declaration: Declaration) -> bool:
    """Whether a declaration describes a variable, beyond making it public or private."""
    return bool(
        declaration.intents or declaration.flags - {"public", "private", "protected"}
    )


def result_declaration(unit: syntax.Procedure) -> tuple[syntax.TypeDeclaration, ...]:
    """Return the declaration that the prefix of a function is for its result."""
    if unit.kind != "function" or unit.type is None:
        return ()
    result = syntax.Entity(unit.result or unit.name, unit.span)
    return (syntax.TypeDeclaration(unit.type, (), (result,), unit.span),)


def layered(
    own: dict[str, _Meant], around: Mapping[str, _Meant]
) -> ChainMap[str, _Meant]:
    """Return a mapping that looks into `own` first, and then into what is around; nothing is copied."""
    maps = around.maps if isinstance(around, ChainMap) else [dict(around)]
    return ChainMap(own, *maps)

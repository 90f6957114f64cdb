"""A routine and what it sees: the names around it, and what is declared of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from f2pypy import model, syntax
from f2pypy.abi.compilers import chosen_compiler
from f2pypy.abi.conventions import Compiler
from f2pypy.dataclass import dataclass, field
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions.c_tokens import taken_by_c
from f2pypy.expressions.nodes import Expression
from f2pypy.expressions.statements import FunctionDefinition
from f2pypy.model import Callback
from f2pypy.resolve.arguments.drafts import Reading
from f2pypy.resolve.arguments.intents import keys_of
from f2pypy.resolve.calls.usercode import Usercode
from f2pypy.resolve.names.declarations import (
    Declaration,
    Declarations,
    declaration_of_result,
    gather,
    result_of,
)
from f2pypy.resolve.names.derived_types import TypesSeen
from f2pypy.resolve.names.places import Place, Places
from f2pypy.resolve.types.declared import ImplicitTypes, implicit_types


@dataclass(frozen=True)
class Surroundings:
    """What a routine sees around it: constants, types, callback signatures, C functions, the library's integer."""

    dialect: syntax.Dialect
    default_integer: int
    constants: Mapping[str, Expression]
    functions: Mapping[str, FunctionDefinition]
    callbacks: Mapping[str, Mapping[str, Callback]]
    implicit: ImplicitTypes | None
    fortran_module: str = ""
    usercode: Usercode = field(default_factory=Usercode)
    compiles: bool = False
    computes: bool = False
    compiler: Compiler = field(default_factory=chosen_compiler)
    host: Place = field(default_factory=Place)
    places: Places | None = None
    uses: tuple[syntax.Use, ...] = ()
    # gathers what all routines call by name and Python provides
    by_name: dict[str, Callback] = field(default_factory=dict)
    # gathers what compiled functions are to compute; None where nothing can be compiled
    questions: list[model.Question] | None = None
    # the modules that a signature file describes, and what finds its routines in the sources; None without sources
    described: Places | None = None
    sources: Callable[[], Places] | None = None
    types: TypesSeen = field(default_factory=dict)


@dataclass(frozen=True)
class Routine:
    """One routine of a library; everything about it is looked up once, when it is first asked for.

    `faulty` are variables to do without, as nothing can be made of their declarations.
    """

    unit: syntax.Procedure
    around: Surroundings
    diagnostics: Diagnostics
    faulty: frozenset[str] = frozenset()

    @cached_property
    def declared(self) -> Declarations:
        """What the routine declares."""
        if self.around.places is None:
            return gather(self.unit.items, self.diagnostics)
        return self.around.places.scopes.declared(self.unit.items)

    @cached_property
    def implicit(self) -> ImplicitTypes:
        """The types of what it doesn't declare."""
        return implicit_types(self.unit.items, self.around.implicit)

    @cached_property
    def reading(self) -> Reading:
        """What its declarations are read with."""
        return Reading(
            self.around.dialect,
            self.around.constants,
            self.implicit,
            self.around.default_integer,
            self.keywords_of_c,
            self.types,
        )

    @cached_property
    def types(self) -> TypesSeen:
        """The derived types that its declarations may name."""
        places = self.around.places or self.around.described
        if places is None:
            return self.around.types
        return places.scopes.types.seen(self.unit.items, self.around.types)

    @cached_property
    def keywords_of_c(self) -> frozenset[str]:
        """Its names that are C keywords, such as ``short``."""
        return taken_by_c({*self.unit.arguments, *self.declared.names})

    @property
    def result(self) -> str | None:
        """The variable that holds a function's result."""
        name = result_of(self.unit)
        return None if name in self.faulty else name

    @cached_property
    def dummies(self) -> list[str]:
        """Auxiliary variables and dummy arguments, in this order."""
        given = [name for name in self.unit.arguments if name != "*"]
        auxiliary = [
            name
            for name, declaration in self.declared.names.items()
            if {"aux", "callback"} & set(declaration.intents) and name not in given
        ]
        left_out = {self.result, *self.faulty}
        return [n for n in dict.fromkeys([*auxiliary, *given]) if n not in left_out]

    @cached_property
    def passed(self) -> list[str]:
        """The dummy arguments that Fortran has.

        As f2py, signature files may have what Fortran calls by name among a routine's arguments. In a source that
        would not be what the compiler reads.
        """
        by_name: list[str] = []
        if self.around.dialect is not syntax.Dialect.FORTRAN:
            by_name = called_by_name(self.unit.items)
        return [name for name in self.unit.arguments if name not in by_name]

    @cached_property
    def names(self) -> list[str]:
        """The dummies and the result."""
        return [*self.dummies, *([self.result] if self.result else [])]

    @cached_property
    def called_dummies(self) -> frozenset[str]:
        """The dummy arguments that calls or interface blocks show to be procedures."""
        return called_names(self.unit) & frozenset(self.unit.arguments)

    @property
    def own_intents(self) -> tuple[str, ...]:
        """The intents of the routine's own name."""
        declaration = self.declared.names.get(self.unit.name)
        return declaration.intents if declaration is not None else ()

    @property
    def host(self) -> Place:
        """The place around the routine."""
        if self.around.places is not None:
            return self.around.host
        return Place(self.around.constants, self.around.implicit)

    def declaration(self, name: str) -> Declaration:
        """Return a variable's declaration; for a result, together with that of the function's name."""
        if name == self.result:
            known = declaration_of_result(name, self.unit, self.declared)
        else:
            known = self.declared.names.get(name) or Declaration(name, self.unit.span)
        called = name in self.called_dummies
        if called or "callback" in known.intents:
            known = replace(known, flags=known.flags | {"external"})
        if "c" in self.declared.block_intents and "c" not in known.intents:
            known = replace(known, intents=(*known.intents, "c"))
        return known

    def codes(self) -> Sequence[syntax.Code]:
        """Return its callstatement, callprotoargument and usercode."""
        found = self.declared.of(syntax.Code)
        return [item for item in found if isinstance(item, syntax.Code)]


def called_by_name(items: Sequence[syntax.Item]) -> list[str]:
    """Return the procedures that statements give ``intent(callback)``."""
    found: list[str] = []
    for item in items:
        match item:
            case syntax.AttributeStatement(attribute=attribute):
                attributes: tuple[syntax.Attribute, ...] = (attribute,)
            case syntax.TypeDeclaration(attributes=attributes):
                pass
            case _:
                continue
        if any("callback" in keys_of(attribute) for attribute in attributes):
            found += [entity.name for entity in item.entities]
    return list(dict.fromkeys(found))


def called_names(unit: syntax.Procedure) -> frozenset[str]:
    """Return the names that a routine's calls or interface blocks show to be procedures."""
    found: set[str] = set()
    for item in unit.items:
        match item:
            case syntax.CallSite():
                found.add(item.name)
            case syntax.Interface():
                bodies = (i for i in item.items if isinstance(i, syntax.Procedure))
                found |= {body.name for body in bodies}
            case _:
                pass
    return frozenset(found)

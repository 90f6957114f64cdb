"""The prototype of a dummy procedure from what a routine says of it.

The prototype comes from an interface block, an interface that the declaration names, the calls, or else the routine to
which it is passed on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from f2pypy import syntax
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Diagnostics
from f2pypy.resolve.callbacks.components import Components
from f2pypy.resolve.callbacks.prototype_of_call import PrototypeWriter
from f2pypy.resolve.callbacks.types_of_actuals import ActualTypes
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.names.declarations import Declaration
from f2pypy.resolve.names.places import (
    Asked,
    Described,
    Place,
    Places,
    Procedures,
    Prototype,
    Question,
)


@dataclass(frozen=True)
class Caller:
    """A routine, or an internal procedure of it, that passes procedures on; `given` are those that it got itself."""

    unit: syntax.Procedure
    place: Place
    given: Procedures

    def gives(self, taker: syntax.Procedure, callee: str) -> Procedures:
        """Return the known procedures that its calls of `callee` pass for the dummies of `taker`."""
        found = {}
        for item in self.unit.items:
            if isinstance(item, syntax.PassedProcedure) and item.callee == callee:
                known = self.given.get(item.name)
                if known is None and item.name not in self.unit.arguments:
                    known = self.place.procedures.get(item.name)
                dummy = dummy_for(item, taker)
                if known and dummy:
                    found[dummy] = known
        return found


@dataclass(frozen=True)
class PrototypeFinder:
    """Finds the prototypes of dummy procedures in the files of a build."""

    places: Places
    default_integer: int
    diagnostics: Diagnostics

    def find(
        self, unit: syntax.Procedure, name: str, around: Place
    ) -> Prototype | None:
        """Return the prototype of a routine's dummy procedure `name`, None if nothing shows it.

        `around` is where the routine stands. Raises DeclarationError for an interface that isn't known
        and for a call with an argument of unknown type.
        """
        # A dummy procedure may be handed on as often as there are routines: no recursion.
        known = self.places.prototypes
        asked: dict[Question, Asked] = {}
        path: list[tuple[Asked, Iterator[Prototype | Asked]]] = []
        found: Prototype | Asked | None = Asked(unit, name, around, {})
        while True:
            if isinstance(found, Asked):
                question = found.question()
                if question in known:
                    found = known[question][1]
                elif question not in asked:
                    asked[question] = found
                    path.append((found, self.answers(found)))
            if isinstance(found, Prototype):
                for step, _ in path:
                    known[step.question()] = (step, found)
                return found
            if found is None:
                path.pop()
            if not path:
                return None
            found = next(path[-1][1], None)

    def answers(self, asked: Asked) -> Iterator[Prototype | Asked]:
        """Yield a dummy procedure's prototypes, or the routines to look into next."""
        unit, name, given = asked.unit, asked.name, asked.given
        place = self.places.procedure(unit, asked.around)
        said = self.described(unit, name, place)
        if said is not None:
            yield said
            return
        # internal procedures see the dummies of their host
        inner = [each for each in unit.contained if not self.redeclares(each, name)]
        scopes = [(each, self.places.procedure(each, place)) for each in inner]
        scopes.insert(0, (unit, place))
        components = Components(self.places)
        for owner, within in scopes:
            for item in owner.items:
                if isinstance(item, syntax.CallSite) and item.name == name:
                    around_call = within
                    for items in item.blocks:
                        around_call = self.places.inside(items, (), around_call, ())
                    types = ActualTypes(around_call, self.default_integer, components)
                    called = PrototypeWriter(owner.items, around_call, types)
                    yield Prototype(called.read(item), around_call)
                    return
        for owner, within in scopes:
            for item in owner.items:
                if isinstance(item, syntax.PassedProcedure) and item.name == name:
                    known = given.get(item.callee, ()) or within.procedures.get(
                        item.callee, ()
                    )
                    yield from handed_on(item, known, Caller(owner, within, given))

    def redeclares(self, unit: syntax.Procedure, name: str) -> bool:
        """Whether a name means something else in an internal procedure than in its host."""
        declared = self.places.scopes.declared(unit.items).names
        return name in unit.arguments or name in declared

    def described(
        self, unit: syntax.Procedure, name: str, place: Place
    ) -> Prototype | None:
        """Return the prototype from an interface with the dummy's name, or from the one that it is declared with.

        Raises DeclarationError where that isn't known.
        """
        for item in unit.items:
            if isinstance(item, syntax.Interface):
                for body in self.places.described_by(item, place).get(name, ()):
                    return Prototype(body.unit, body.place)
        declaration = place.variable(name)
        spec = declaration.type if declaration is not None else None
        if declaration is None or spec is None or not is_interface(spec):
            return None
        for known in place.procedures.get(spec.derived, ()):
            return Prototype(known.unit, known.place)
        raise DeclarationError(
            declaration.span,
            f"the interface {spec.derived!r} of the callback {name!r} isn't known here",
        )


def handed_on(
    passed: syntax.PassedProcedure, takers: Iterable[Described], caller: Caller
) -> Iterator[Asked]:
    """Yield the routines to which a dummy procedure is passed on, each with its own name for it."""
    for known in takers:
        name = dummy_for(passed, known.unit)
        if name:
            given = caller.gives(known.unit, passed.callee)
            yield Asked(known.unit, name, known.place, given)


def dummy_for(passed: syntax.PassedProcedure, unit: syntax.Procedure) -> str:
    """Return the dummy argument of `unit` that takes a procedure, "" if none does."""
    dummies = unit.arguments
    if passed.keyword:
        return passed.keyword if passed.keyword in dummies else ""
    return dummies[passed.position] if passed.position < len(dummies) else ""


def is_interface(spec: syntax.TypeSpec) -> bool:
    """Whether a declaration names an interface: ``procedure(interface)``."""
    return spec.name == "procedure" and bool(spec.derived)


def unused(declaration: Declaration, place: Place) -> Prototype:
    """Return the prototype of a dummy procedure that is never called: it has no arguments."""
    kind = "function" if declaration.type is not None else "subroutine"
    spec = declaration.type
    unit = syntax.Procedure(kind, declaration.name, (), declaration.span, type=spec)
    return Prototype(unit, place)

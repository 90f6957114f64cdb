"""How a component of an object is declared that a call passes to a dummy procedure: ``call f(self%x)``."""

from __future__ import annotations

from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions.nodes import Call, Expression, Member, Name, Subscript
from f2pypy.model import TypeName
from f2pypy.resolve.names.declarations import Declaration, gather
from f2pypy.resolve.names.places import Place, Places, Variable


@dataclass(frozen=True)
class Components:
    """Finds the declarations of components in the types that the modules of a build define."""

    places: Places

    def declaration(self, part: Member, place: Place) -> Declaration | None:
        """Return the declaration of ``object%component``, said in `place`; None where no module shows it.

        Raises DeclarationError if a kind or an extent of it can't be expressed there.
        """
        type_ = self.type_of(part.base, place)
        found = None if type_ is None else self.component(type_, part.name.lower())
        return None if found is None else place.said_here(found)

    def type_of(self, base: Expression, place: Place) -> TypeName | None:
        """Return the derived type of an object, of an element of an array of objects, or of a component."""
        known = self.variable(base, place)
        spec = None if known is None else known.declaration.type
        if known is None or spec is None or spec.name not in ("type", "class"):
            return None
        return known.place.types.get(spec.derived)

    def variable(self, base: Expression, place: Place) -> Variable | None:
        """Return the variable or component that an object is, or is an element of."""
        match base:
            case Name(name) | Call(name):
                return place.variables.get(name)
            case Subscript(inner, _):
                return self.variable(inner, place)
            case Member(inner, name):
                outer = self.type_of(inner, place)
                return None if outer is None else self.component(outer, name.lower())
            case _:
                return None

    def is_of_many(self, base: Expression, place: Place) -> bool:
        """Whether `base` is a whole array or lies in one: ``several%x`` has an element for each of its objects."""
        known = self.variable(base, place)
        is_array = known is not None and bool(known.declaration.dimensions)
        match base:
            case Member(inner, _):
                return is_array or self.is_of_many(inner, place)
            case Subscript(Member(inner, _), _):
                return self.is_of_many(inner, place)
            case Name():
                return is_array
            case _:
                return False

    def component(self, type_: TypeName, name: str) -> Variable | None:
        """Return a component, own or inherited, with the place where its type is defined."""
        scopes = self.places.scopes
        definition = scopes.types.defined(type_.module).get(type_.name)
        if definition is None:
            return None
        place = self.places.module(scopes.modules[type_.module])
        own = gather(definition.components, Diagnostics()).names.get(name)
        if own is not None:
            return Variable(own, place)
        for attribute in definition.attributes:
            if attribute.name == "extends" and attribute.arguments:
                parent = place.types.get(attribute.arguments[0].text.lower())
                return None if parent is None else self.component(parent, name)
        return None

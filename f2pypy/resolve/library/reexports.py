"""Which names of other modules a Fortran module shows as its own: those of a facade, and what PUBLIC names.

Every module without PRIVATE shows what it uses (Fortran 2018, 8.6.1). Most don't mean to: kinds and helpers would be
attributes of all modules of a library. A module means to where a PUBLIC statement names them, where it has a PUBLIC
statement for all names, and where it shows nothing else.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from f2pypy import model, syntax
from f2pypy.dataclass import dataclass
from f2pypy.model.generics import function_name
from f2pypy.resolve.library.generics import GenericReader
from f2pypy.resolve.names.association import (
    Entities,
    flags_of,
    is_accessible,
    own_names,
)
from f2pypy.resolve.names.declarations import Declarations


@dataclass(frozen=True)
class ReexportReader:
    """Finds what modules hand on; `is_wanted` selects the generic names that several modules make up."""

    generics: GenericReader
    is_wanted: Callable[..., bool]

    def of_module(
        self, unit: syntax.Module, declared: Declarations
    ) -> tuple[model.Reexport, ...]:
        """Return the names that a module shows of others, those of one module together."""
        own = set(own_names(unit.items, unit.procedures, declared))
        shows_all = declared.accessibility == "public" or not any(
            is_accessible(name, declared) for name in own
        )
        association = self.generics.scopes.association
        found: dict[str, list[model.Reexport]] = {}
        public = association.public_names(unit)
        for name, entities in public.items():
            said = shows_all or "public" in flags_of(name, declared)
            shown = function_name(name)
            hidden = name in own or (shown != name and shown in {*own, *public})
            if said and not hidden and shown.isidentifier():
                for each in self.reexport(unit, name, entities):
                    found.setdefault(each.entities[0].module, []).append(each)
        return tuple(itertools.chain(*found.values()))

    def reexport(
        self, unit: syntax.Module, name: str, entities: Entities
    ) -> Iterator[model.Reexport]:
        """Yield what a name stands for, if that is something of modules among the files."""
        known = tuple(model.Specific(e.module, e.name) for e in entities if not e.intrinsic)  # fmt: skip
        defined = self.generics.scopes.types.defined
        types = [each for each in known if each.name in defined(each.module)]
        if types or len(known) == 1:
            # an interface with the name of a type has its constructors
            yield model.Reexport(name, (*types, *known)[:1])
            return
        specifics = tuple(self.generics.specifics(unit, name, frozenset()))
        if specifics and self.is_wanted(name):
            generic = model.Generic(name, specifics, unit.span)
            yield model.Reexport(name, known, generic)

"""What the classes for derived types have besides components: methods, operators, constructors, assignment."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from f2pypy import model, plan
from f2pypy.dataclass import dataclass, field
from f2pypy.diagnostics import Diagnostics
from f2pypy.lower.candidates import Candidate
from f2pypy.lower.deferred_bindings import DeferredBindings
from f2pypy.lower.generics import plan_generic
from f2pypy.lower.methods import MethodPlanner
from f2pypy.lower.operators import (
    Operator,
    assignments_of,
    defined_operators,
    operator_methods,
    operators_of,
    plan_operator,
    positions_of,
    symbol_of,
)
from f2pypy.lower.overriding import OverridingPlanner
from f2pypy.model import DerivedType, Specific, TypeName


@dataclass
class MemberPlanner:
    """Plans what belongs to the types of a library, and the functions for it: `generics`.

    `candidates` are the procedures that have wrappers, `deferred` what stands for deferred bindings, `own` the names of
    the generated module that no function may hide; `identifier` returns a free name of it.
    """

    library: model.Library
    types: Mapping[TypeName, DerivedType]
    candidates: Mapping[Specific, Candidate]
    deferred: DeferredBindings
    own: frozenset[str]
    identifier: Callable[[str], str]
    diagnostics: Diagnostics
    generics: list[plan.Generic] = field(default_factory=list)

    @cached_property
    def methods(self) -> MethodPlanner:
        """What plans the methods for bindings."""
        return MethodPlanner(
            self.library.name,
            self.types,
            self.candidates,
            self.deferred,
            self.own,
            self.diagnostics,
        )

    def classes(
        self, records: Mapping[TypeName, plan.RecordClass], structures: Container[str]
    ) -> tuple[plan.RecordClass, ...]:
        """Return the classes with all that belongs to them; `structures` are those of objects that go by value."""
        overriding = OverridingPlanner(self.library, self.types, records, self.own)
        return tuple(
            replace(
                record,
                bindings=tuple(overriding.bindings(self.types[name])),
                structure=plan.RecordStructure(record.fields)
                if record.identifier in structures
                else None,
                methods=tuple(self.members(self.types[name], record.identifier)),
                constructor=self.constructor(self.types[name]),
            )
            for name, record in records.items()
        )

    def members(self, type_: DerivedType, record: str) -> Iterator[plan.AnyMethod]:
        """Yield the methods of a type's class `record`."""
        taken = self.methods.attributes(type_)
        yield from self.methods.methods(type_)
        yield from operator_methods(self.operators, type_.name, taken)
        if "assign" not in taken:
            yield from self.assignment(type_.name, record)

    # --- operators

    @cached_property
    def defined(self) -> list[tuple[str, Candidate]]:
        """The operators that the library defines, assignment among them, each with what it calls."""
        modules = self.library.modules
        return list(defined_operators(modules, self.candidates, self.methods))

    @cached_property
    def operators(self) -> list[tuple[Operator, str]]:
        """The operators of the library with their functions."""
        found = []
        for operator in operators_of(self.defined):
            function = self.identifier(f"operator_{operator.word}")
            planned = plan_operator(
                operator, self.library.name, function, self.own, self.types
            )
            if planned is not None:
                self.generics.append(planned)
                found.append((operator, function))
        return found

    def functions(self, module: model.FortranModule) -> dict[str, str]:
        """Return the functions of a module for operators that Python has none for, by their names.

        A type, variable or enumerator of such a name is what the module shows instead.
        """
        public = {symbol_of(generic.name) for generic in module.operators}
        taken = module.described.union(
            t.name.name for t in module.types if not t.hidden
        )
        return {
            operator.word: function
            for operator, function in self.operators
            if operator.is_named
            and operator.word not in taken
            and (
                operator.symbol in public
                or any(self.binds_second(t, operator) for t in module.types)
            )
        }

    def binds_second(self, type_: DerivedType, operator: Operator) -> bool:
        """Whether an operator bound to a type takes its objects second, after what has no methods."""
        bound = {
            symbol_of(b.name) for b in self.methods.bindings_of(type_) if not b.hidden
        }
        return operator.symbol in bound and True in positions_of(type_.name, operator)

    # --- constructors and assignment

    def constructor(self, type_: DerivedType) -> str:
        """Return the function for the interface that has a type's name, "" where there is none."""
        name = type_.name
        found = [self.candidates[s] for s in type_.constructors if s in self.candidates]
        makers = [each for each in found if makes(each, name)]
        return self.chooser(makers, f"{name.module}_{name.name}_of", name, name.name)

    @cached_property
    def assigning(self) -> list[Candidate]:
        """The procedures that define assignment."""
        return assignments_of(self.defined)

    def assignment(self, name: TypeName, record: str) -> Iterator[plan.AssignMethod]:
        """Yield the method for defined assignment to objects of a type, if there is one."""
        changing = [c for c in self.assigning if changes(c, name)]
        making = [c for c in self.assigning if makes(c, name)]
        if changing or making:
            stem = f"{name.module}_{name.name}_assign"
            yield plan.AssignMethod(
                "assign",
                self.chooser(changing, stem, name, "assign"),
                self.chooser(making, f"{stem}_new", name, "assign"),
                record,
            )

    def chooser(
        self, candidates: list[Candidate], wanted: str, owner: TypeName, word: str
    ) -> str:
        """Return the function that chooses among procedures and refuses what none of them takes; "" without any."""
        if not candidates:
            return ""
        label = f"{self.library.name}.{owner.module}.{owner.name}"
        if word != owner.name:
            label += f".{word}"
        span = candidates[0].procedure.span
        planned = plan_generic(
            model.Generic(word, (), span),
            candidates,
            self.identifier(wanted),
            label,
            self.own,
            self.types,
            is_strict=True,
            is_packed=True,
        )
        if planned is None:
            return ""
        self.generics.append(planned)
        return planned.function


def makes(candidate: Candidate, name: TypeName) -> bool:
    """Whether a procedure returns a new object of a type, and nothing else."""
    procedure = candidate.procedure
    given = () if procedure.result is None else (procedure.result,)
    returned = [a for a in (*given, *procedure.arguments) if a.result_name is not None]
    is_one = len(returned) == 1 and returned[0].type.derived == name
    return is_one and not returned[0].is_array


def changes(candidate: Candidate, name: TypeName) -> bool:
    """Whether a procedure changes an object of a type that it gets as its first argument."""
    first = candidate.arguments[0] if candidate.arguments else None
    is_given = first is not None and first.type.derived == name
    return is_given and len(candidate.arguments) == 2

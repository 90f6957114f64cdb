"""From a generic name to the chain of tests that tells its procedures apart."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from f2pypy import model, plan
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions.nodes import Kind
from f2pypy.lower.candidates import (
    IN_PLACE,
    Candidate,
    code_of,
    describe_generic,
    interface_text,
    rank_of,
)
from f2pypy.lower.ctypes_map import mapping_of
from f2pypy.lower.names import Names
from f2pypy.model import Argument, DerivedType, Presence, TypeName

# The order in which procedures are tried where a value fits several: a number without a kind is a default one first.
PREFERENCE = (
    *("i4", "i8", "i2", "i1", "f8", "f4", "f10", "c16", "c8", "c20"),
    *("b4", "b1", "b2", "b8", "S", "F", "p", "*"),
)
# What is said of a generic name that has nothing to call.
NO_WRAPPER = "none of its specific procedures ({}) has a wrapper"


def plan_generics(
    generics: Iterable[model.Generic],
    owners: tuple[str, str],
    candidates: Mapping[model.Specific, Candidate],
    own: frozenset[str],
    types: Mapping[TypeName, DerivedType],
    identifier: Callable[[str], str],
    diagnostics: Diagnostics,
) -> list[plan.Generic]:
    """Return the plans of generic names; those that can't be told apart are reported and left out.

    `owners` are the generated module and the Fortran module, "" outside of one; `candidates` are the wrapped procedures
    of the library, `own` the names of the generated module that a function may not hide, `types` the derived types;
    `identifier` returns a free name of it.
    """
    found = []
    for generic in generics:
        there = [candidates[s] for s in generic.specifics if s in candidates]
        names = names_of(generic)
        planned = None
        if there:
            reason = f"no argument that Python gives tells its specific procedures apart ({names})"
            function = identifier("_".join(filter(None, (owners[1], generic.name))))
            label = ".".join(filter(None, (*owners, generic.name)))
            planned = plan_generic(generic, there, function, label, own, types)
        else:
            reason = NO_WRAPPER.format(names)
        if planned is None:
            leave_out(generic, owners[1], reason, diagnostics)
        else:
            found.append(planned)
    return found


def report_operators(
    module: model.FortranModule,
    candidates: Container[model.Specific],
    diagnostics: Diagnostics,
) -> None:
    """Report the operators of a Fortran module, and its assignment, of which no procedure has a wrapper."""
    for operator in module.operators:
        if not any(specific in candidates for specific in operator.specifics):
            reason = NO_WRAPPER.format(names_of(operator))
            leave_out(operator, module.name, reason, diagnostics)


def names_of(generic: model.Generic) -> str:
    """Return the names of the procedures as messages list them."""
    return ", ".join(specific.name for specific in generic.specifics)


def leave_out(
    generic: model.Generic, owner: str, reason: str, diagnostics: Diagnostics
) -> None:
    """Report why a generic name of a Fortran module, "" outside of one, isn't there."""
    message = f"{generic.name} is left out: {reason}"
    # a defined operator is a function of its name
    name = generic.name.removeprefix("operator(.").removesuffix(".)")
    diagnostics.skip(generic.span, message, f"{owner}.{name}")


def plan_enumerations(
    module: model.FortranModule, identifier: Callable[[str], str]
) -> list[plan.Enumeration]:
    """Return the plans of the classes for a Fortran module's ENUM blocks; `identifier` is as above."""
    found = []
    for each in module.enumerations:
        listed = ", ".join(f"{name} = {value}" for name, value in each.members)
        docstring = f"Enumerators of the Fortran module {module.name}: {listed}."
        name = identifier(f"{module.name}_{each.name}")
        found.append(plan.Enumeration(name, each.name, each.members, docstring))
    return found


def plan_generic(
    generic: model.Generic,
    candidates: Sequence[Candidate],
    function: str,
    label: str,
    own: frozenset[str],
    types: Mapping[TypeName, DerivedType],
    *,
    itself: str = "",
    is_strict: bool = False,
    is_packed: bool = False,
) -> plan.Generic | None:
    """Return the plan of a generic name; None where no argument tells its procedures apart.

    `own` are the names of the module that its function may not hide, `types` the derived types of the library. A method
    gets the object as `itself`. A strict one looks at all arguments, so that it refuses those that only a conversion
    would refuse, and a packed one also at their number.
    """
    groups = grouped(candidates)
    if len(groups) == 1 and len(candidates) > 1:
        return None
    first = candidates[0]
    is_packed |= any(each.interface != first.interface for each in candidates)
    names = Names(own | {each.wrapper.function for each in candidates})
    packed = (names.fresh("arguments"), names.fresh("keywords"))
    parameters = None if is_packed else common_parameters(candidates)
    for parameter in parameters or ():
        names.add(parameter.name)
    chain = Chain(groups, names, is_packed, types, is_strict)
    values = chain.values()
    cases = tuple(chain.cases(values))
    judged = {w.local for case in cases for w in case.wanted if not w.record}
    looked_at = {w.local for case in cases for w in case.wanted if is_plain(w)}
    return plan.Generic(
        generic.name,
        function,
        label,
        parameters,
        same(each.wrapper.returns for each in candidates),
        describe_generic(generic.name, candidates, is_packed=is_packed),
        values,
        cases,
        tuple(map(interface_text, candidates)),
        is_packed and chain.counts_differ,
        () if is_packed else first.wrapper.renamed,
        tuple((n, names.fresh(f"kind_of_{n}")) for n in sorted(looked_at)),
        tuple((n, names.fresh(f"{n}_nature")) for n in sorted(judged)),
        names.fresh("level"),
        packed,
        itself,
    )


def is_plain(wanted: plan.Wanted) -> bool:
    """Whether a look at a value's Python type may tell that a procedure takes it."""
    return wanted.rank == 0 and not wanted.written and wanted.code[0] in "ifcbS"


def grouped(candidates: Iterable[Candidate]) -> list[list[Candidate]]:
    """Return the procedures, those together that no required argument tells apart."""
    found: dict[tuple[object, ...], list[Candidate]] = {}
    for each in candidates:
        found.setdefault(each.key, []).append(each)
    return list(found.values())


def common_parameters(candidates: Sequence[Candidate]) -> tuple[plan.Parameter, ...]:
    """Return the parameters of procedures that differ only in the types of theirs."""
    columns = zip(*(each.wrapper.parameters for each in candidates), strict=True)
    return tuple(
        replace(column[0], annotation=same(p.annotation for p in column), record="")
        for column in columns
    )


def same(annotations: Iterable[str]) -> str:
    """Return the annotation that all have, or that of anything."""
    found = set(annotations)
    return found.pop() if len(found) == 1 else "Any"


@dataclass(frozen=True)
class Chain:
    """The tests of one generic name; procedures of one group can't be told apart."""

    groups: Sequence[Sequence[Candidate]]
    names: Names
    is_packed: bool
    types: Mapping[TypeName, DerivedType]
    is_strict: bool

    @property
    def firsts(self) -> list[Candidate]:
        """One procedure of each group."""
        return [group[0] for group in self.groups]

    def arguments_at(self, position: int) -> list[Argument]:
        """Return the arguments at a position, of the procedures that have so many."""
        wide = (each for each in self.firsts if position < len(each.arguments))
        return [each.arguments[position] for each in wide]

    @cached_property
    def positions(self) -> dict[int, tuple[bool, bool]]:
        """The arguments that tell procedures apart, with whether their types differ and whether their ranks do."""
        found = {}
        for position in range(max(len(each.arguments) for each in self.firsts)):
            there = self.arguments_at(position)
            by_type = self.is_strict or len({code_of(a) for a in there}) > 1
            by_rank = self.is_strict or len({rank_of(a) for a in there}) > 1
            if by_type or by_rank:
                found[position] = (by_type, by_rank)
        return found

    @cached_property
    def counts_differ(self) -> bool:
        """Whether the numbers of arguments differ, or names of arguments that nothing else tells apart."""
        if self.is_strict and self.is_packed:
            return True
        shapes = {
            (
                each.required,
                tuple(
                    "" if position in self.positions else keyword
                    for position, keyword in enumerate(each.keywords)
                ),
            )
            for each in self.firsts
        }
        return len(shapes) > 1

    def values(self) -> tuple[plan.Value, ...]:
        """Return the arguments to look at, those of other names apart where they are packed."""
        found: dict[tuple[int, str], plan.Value] = {}
        for position in self.positions:
            for each in self.firsts:
                if position >= len(each.arguments):
                    continue
                keyword = each.keywords[position]
                if not self.is_packed:
                    name = each.wrapper.parameters[position].name
                    found[position, ""] = plan.Value(name, position, keyword)
                elif (position, keyword) not in found:
                    local = self.names.fresh(each.wrapper.parameters[position].name)
                    value = plan.Value(local, position, keyword)
                    found[position, keyword] = value
        return tuple(found.values())

    def cases(self, values: Sequence[plan.Value]) -> list[plan.Case]:
        """Return the procedures in the order in which they are tried."""
        locals_ = {(v.position, v.keyword): v.local for v in values}
        ordered = sorted(self.groups, key=lambda group: self.preference(group[0]))
        return [
            plan.Case(
                tuple(each.wrapper.function for each in group),
                tuple(each.procedure.name for each in group),
                tuple(self.wanted(group[0], locals_)),
                group[0].keywords,
                group[0].required,
            )
            for group in ordered
        ]

    def preference(self, candidate: Candidate) -> tuple[tuple[int, bool], ...]:
        """Return what sorts procedures: by the types of what tells them apart, those for every rank last.

        Fortran, too, takes an elemental procedure only where no other fits (15.5.5.2).
        """
        return tuple(
            (
                self.preferred(argument),
                candidate.is_elemental or rank_of(argument) is None,
            )
            for position in self.positions
            if position < len(candidate.arguments)
            for argument in (candidate.arguments[position],)
        )

    def preferred(self, argument: Argument) -> int:
        """Return what sorts arguments by their types: those that extend others come before them."""
        if code_of(argument) in PREFERENCE:
            return PREFERENCE.index(code_of(argument))
        name, place = argument.type.derived, 0
        while name is not None:
            known = self.types.get(name)
            name, place = known.parent if known else None, place - 1
        return place

    def wanted(
        self, candidate: Candidate, locals_: Mapping[tuple[int, str], str]
    ) -> Iterable[plan.Wanted]:
        """Yield what a procedure wants of the arguments that are looked at."""
        for position, (by_type, by_rank) in self.positions.items():
            if position >= len(candidate.arguments):
                continue
            argument = candidate.arguments[position]
            code, rank = code_of(argument), rank_of(argument)
            rivals = self.codes_like(position, code)
            is_record = argument.type.kind is Kind.DERIVED and code != "*"
            mapping = None if is_record else mapping_of(argument.type)
            yield plan.Wanted(
                locals_[position, candidate.keywords[position]],
                code,
                mapping.dtype if mapping is not None else "",
                rank,
                by_type and code != "*",
                by_rank,
                argument.presence is Presence.OPTIONAL,
                bool(argument.intent & IN_PLACE),
                is_first=is_record or code == min(rivals, key=PREFERENCE.index),
                is_only=len(rivals) == 1,
                elemental=candidate.is_elemental,
                record=candidate.wrapper.parameters[position].record,
                polymorphic=argument.type.polymorphic,
            )

    def codes_like(self, position: int, code: str) -> set[str]:
        """Return the codes of an argument's types that are of one letter."""
        found = map(code_of, self.arguments_at(position))
        return {each for each in found if each[0] == code[0]}

"""The chain of tests that tells the procedures of a generic name apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from f2pypy import plan
from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import Kind
from f2pypy.lower.asked import PREFERENCE, Rivals
from f2pypy.lower.candidates import IN_PLACE, Candidate, code_of, rank_of
from f2pypy.lower.ctypes_map import mapping_of
from f2pypy.lower.names import Names
from f2pypy.model import Argument, DerivedType, Presence, TypeName


@dataclass(frozen=True)
class Chain:
    """The tests of one generic name, of whose results a caller may ask for those called `asks`."""

    rivals: Sequence[Rivals]
    names: Names
    is_packed: bool
    types: Mapping[TypeName, DerivedType]
    is_strict: bool
    asks: Sequence[str]

    @property
    def firsts(self) -> list[Candidate]:
        """One of those procedures that nothing tells apart."""
        return [first for each in self.rivals for first in each.firsts]

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
                if position < len(each.arguments):
                    self.add_value(found, each, position)
        for rivals in self.rivals:
            for each in rivals.firsts:
                for position, by_name in rivals.telling(each):
                    self.add_value(found, each, position, by_name=by_name)
        return tuple(found.values())

    def add_value(
        self,
        found: dict[tuple[int, str], plan.Value],
        candidate: Candidate,
        position: int,
        *,
        by_name: bool = False,
    ) -> None:
        """Add an argument to look at to those that are `found`, unless it is there."""
        keyword = candidate.keywords[position]
        name = candidate.wrapper.parameters[position].name
        if not self.is_packed:
            found[position, ""] = plan.Value(name, position, keyword)
            return
        place = -1 if by_name else position
        if (place, keyword) not in found:
            value = plan.Value(self.names.fresh(name), place, keyword)
            found[place, keyword] = value

    def cases(self, values: Sequence[plan.Value]) -> list[plan.Case]:
        """Return the procedures in the order in which they are tried."""
        locals_ = {(v.position, v.keyword): v.local for v in values}
        found = [pair for r in self.rivals for pair in self.cases_of(r, locals_)]
        return [case for _, case in sorted(found, key=lambda pair: pair[0])]

    def cases_of(
        self, rivals: Rivals, locals_: Mapping[tuple[int, str], str]
    ) -> Iterator[tuple[tuple[object, ...], plan.Case]]:
        """Yield the cases of procedures that take the same arguments, each with what sorts them.

        The last one stands for a call that says nothing of what tells them apart: it means the only procedure that
        returns nothing to ask for, if there is one.
        """
        told: dict[str, tuple[str, ...]] = {}
        for part in rivals.parts:
            first = part[0]
            told[first.wrapper.function] = tuple(
                locals_[-1 if by_name else place, first.keywords[place]]
                for place, by_name in rivals.telling(first)
            )
            asked = tuple(r for r in first.returned if r.name in self.asks)
            case = plan.Case(
                tuple(each.wrapper.function for each in part),
                tuple(each.procedure.name for each in part),
                tuple(self.wanted(first, locals_)),
                first.keywords,
                first.required,
                asked,
                rival=len(rivals.parts) > 1,
                told_by=told[first.wrapper.function],
            )
            yield self.order(first, asked), case
        if len(rivals.parts) > 1:
            meant = rivals.meant_without_asking
            first = max(meant, key=lambda each: len(each.keywords))
            wanted = self.wanted(first, locals_, first.required)
            case = plan.Case(
                tuple(each.wrapper.function for each in meant),
                tuple(each.procedure.name for each in meant),
                tuple(wanted),
                first.keywords,
                first.required,
                told_by=tuple(dict.fromkeys(sum(told.values(), ()))),
                open=True,
            )
            yield (self.preference(first, first.required), True), case

    def order(
        self, candidate: Candidate, asked: Sequence[plan.Asked]
    ) -> tuple[object, ...]:
        """Return what sorts procedures; of those that take the same, one that returns less comes before others.

        One that returns characters of a length that its caller knows comes after all: Python doesn't know it.
        """
        return (
            self.preference(candidate, candidate.required),
            False,
            any(map(has_unknown_length, candidate.procedure.arguments)),
            len(asked),
            [(result.rank, code_order(result.code)) for result in asked],
            self.preference(candidate),
        )

    def preference(
        self, candidate: Candidate, count: int | None = None
    ) -> tuple[tuple[int, bool], ...]:
        """Return what sorts procedures: by the types of what tells them apart, those for every rank last.

        Fortran, too, takes an elemental procedure only where no other fits (15.5.5.2). With a `count`, only so many
        arguments decide.
        """
        arguments = candidate.arguments[:count]
        return tuple(
            (
                self.preferred(argument),
                candidate.is_elemental or rank_of(argument) is None,
            )
            for position in self.positions
            if position < len(arguments)
            for argument in (arguments[position],)
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
        self,
        candidate: Candidate,
        locals_: Mapping[tuple[int, str], str],
        count: int | None = None,
    ) -> Iterator[plan.Wanted]:
        """Yield what a procedure wants of the arguments that are looked at, of the first `count` if one is given."""
        arguments = candidate.arguments[:count]
        for position, (by_type, by_rank) in self.positions.items():
            if position >= len(arguments):
                continue
            argument = arguments[position]
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


def code_order(code: str) -> int:
    """Return what sorts types: numbers without a kind are default ones, objects come after all else."""
    return PREFERENCE.index(code) if code in PREFERENCE else len(PREFERENCE)


def has_unknown_length(argument: Argument) -> bool:
    """Whether characters come back whose length is assumed."""
    is_hidden = (
        argument.presence is Presence.HIDDEN and argument.result_name is not None
    )
    type_ = argument.type
    return is_hidden and type_.is_string and type_.length is None and not type_.deferred

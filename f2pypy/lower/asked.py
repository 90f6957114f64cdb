"""Results by whose types a caller chooses a procedure, where the arguments alone don't tell procedures apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from f2pypy import model, plan
from f2pypy.dataclass import dataclass
from f2pypy.lower.candidates import Candidate, code_of, rank_of
from f2pypy.model import DerivedType, Presence, TypeName

# The letters of types in the order in which type checkers take each for one of the next.
NARROWEST_FIRST = "bifcS"
Option = tuple[str, str, "int | None"]
# The order in which procedures are tried where a value fits several: a number without a kind is a default one first.
PREFERENCE = (
    *("i4", "i8", "i2", "i1", "f8", "f4", "f10", "c16", "c8", "c20"),
    *("b4", "b1", "b2", "b8", "S", "F", "p", "*"),
)
# The types of Python that ask for a result, by the letters of codes, and those of NumPy that ask for one kind.
PYTHON_NAMES = {
    "i": ("int",),
    "f": ("float",),
    "c": ("complex",),
    "b": ("bool",),
    "S": ("str", "bytes"),
}
NUMPY_NAMES = {
    **{f"i{size}": f"int{8 * size}" for size in (1, 2, 4, 8)},
    "f4": "float32",
    "f8": "float64",
    "f10": "longdouble",
    "c8": "complex64",
    "c16": "complex128",
    "c20": "clongdouble",
}


def returned_by(
    procedure: model.Procedure, records: Mapping[TypeName, plan.RecordClass]
) -> tuple[plan.Asked, ...]:
    """Return the arguments that only come back, as a caller may ask for them; `records` are the classes of types."""
    found = []
    for argument in procedure.arguments:
        name, code, rank = argument.result_name, code_of(argument), rank_of(argument)
        is_given = argument.presence is not Presence.HIDDEN
        if name is None or is_given or rank is None or code[0] in "F*":
            continue
        record = ""
        if argument.type.derived is not None:
            if argument.type.derived not in records:
                continue
            record = records[argument.type.derived].identifier
        # an address is a number to Python
        code = "i8" if code == "p" else code
        found.append(plan.Asked(name, code, rank, record))
    return tuple(found)


@dataclass(frozen=True)
class Rivals:
    """Procedures that no required argument tells apart, in `parts`; nothing at all tells those of one part apart."""

    parts: tuple[tuple[Candidate, ...], ...]

    @property
    def firsts(self) -> list[Candidate]:
        """One procedure of each part."""
        return [part[0] for part in self.parts]

    @property
    def asks(self) -> tuple[str, ...]:
        """The names of results that tell the parts apart: some part has none of the name, type and rank."""
        common = set.intersection(*(set(each.returned) for each in self.firsts))
        found = (r.name for c in self.firsts for r in c.returned if r not in common)
        return tuple(dict.fromkeys(found)) if len(self.parts) > 1 else ()

    @property
    def meant_without_asking(self) -> list[Candidate]:
        """What a call may mean that asks for nothing: the only procedure without a result to ask for, or any."""
        unasked = [
            part
            for part in self.parts
            if not any(result.name in self.asks for result in part[0].returned)
        ]
        if self.asks and len(unasked) == 1 and len(unasked[0]) == 1:
            return list(unasked[0])
        return self.firsts

    def telling(self, candidate: Candidate) -> Iterator[tuple[int, bool]]:
        """Yield the positions of optional arguments that no other procedure has: if one is given, it is this one.

        With each comes whether it does so by its name alone.
        """
        if len(self.parts) == 1:
            return
        others = [options_of(c) for c in self.firsts if c is not candidate]
        for place, option in options_of(candidate).items():
            if not any(option in each.values() for each in others):
                alike = (o[place][1:] == option[1:] for o in others if place in o)
                yield place, any(alike)


def options_of(candidate: Candidate) -> dict[int, Option]:
    """Return the optional arguments of a procedure by their places: name, type and rank."""
    return {
        place: (candidate.keywords[place], code_of(argument), rank_of(argument))
        for place, argument in enumerate(candidate.arguments)
        if argument.presence is Presence.OPTIONAL
    }


def rivals_among(candidates: Iterable[Candidate]) -> list[Rivals]:
    """Return the procedures, those together that no required argument tells apart."""
    found: dict[tuple[object, ...], list[Candidate]] = {}
    for each in candidates:
        found.setdefault(each.key, []).append(each)
    return [Rivals(parts_of(group)) for group in found.values()]


def undivided(rivals: Rivals) -> Rivals:
    """Return the same procedures without what only results or optional arguments tell apart."""
    return Rivals((tuple(c for part in rivals.parts for c in part),))


def parts_of(group: Sequence[Candidate]) -> tuple[tuple[Candidate, ...], ...]:
    """Return those together that have the same results and optional arguments."""
    found: dict[object, list[Candidate]] = {}
    for each in group:
        key = (frozenset(each.returned), tuple(options_of(each).items()))
        found.setdefault(key, []).append(each)
    return tuple(map(tuple, found.values()))


@dataclass(frozen=True)
class Wording:
    """How callers ask for results of one generic name; `results` are all that they may ask for."""

    results: Sequence[plan.Asked]

    def text(self, asked: plan.Asked) -> str:
        """Return what a caller writes, as messages show it: ``value=[float]``."""
        name = asked.code.partition("%")[2]
        if not asked.record:
            python, numpy = self.names(asked)
            name = python[0] if python else f"numpy.{numpy}"
        return f"{asked.name}={'[' * asked.rank}{name}{']' * asked.rank}"

    def annotation(self, asked: plan.Asked) -> str:
        """Return the type of what a caller writes."""
        names = [asked.record]
        if not asked.record:
            python, numpy = self.names(asked)
            names = [*python, *([f"np.{numpy}"] if numpy else [])]
        inner = " | ".join(f"type[{name}]" for name in names)
        return "list[" * asked.rank + inner + "]" * asked.rank

    def names(self, asked: plan.Asked) -> tuple[tuple[str, ...], str]:
        """Return the types of Python that ask for a result, and that of NumPy, "" where there is none."""
        like = {r.code for r in self.results if r.name == asked.name}
        first = min((c for c in like if c[0] == asked.code[0]), key=PREFERENCE.index)
        numpy = NUMPY_NAMES.get(asked.code, "")
        is_first = asked.code == first or not numpy
        return PYTHON_NAMES[asked.code[0]] if is_first else (), numpy


def ways_to_ask(
    rivals: Iterable[Rivals], wording: Wording, types: Mapping[TypeName, DerivedType]
) -> tuple[plan.Overload, ...]:
    """Return how type checkers see the calls that ask for results; those that they would take for one another not.

    To them an integer is a real number as well, and an object one of its parent types: what is less comes first.
    """
    found: dict[tuple[plan.Parameter, ...], list[plan.Overload]] = {}
    for each in rivals:
        for candidate in sorted(each.firsts, key=lambda c: narrowness(c, types)):
            asked = tuple(
                plan.Parameter(r.name, wording.annotation(r), None, optional=False)
                for r in candidate.returned
                if r.name in each.asks and r.name.isidentifier()
            )
            wrapper = candidate.wrapper
            way = plan.Overload(wrapper.parameters, wrapper.returns, asked)
            found.setdefault(asked, []).append(way)
    return tuple(
        way
        for asked, ways in found.items()
        for way in ways
        if asked and not any(may_be(way, each) for each in ways if each is not way)
    )


def narrowness(
    candidate: Candidate, types: Mapping[TypeName, DerivedType]
) -> list[int]:
    """Return what sorts procedures by what they return, those with the narrowest types first."""
    return [
        NARROWEST_FIRST.find(result.code[0]) - ancestors(result, types)
        for result in candidate.returned
    ]


def ancestors(asked: plan.Asked, types: Mapping[TypeName, DerivedType]) -> int:
    """Return how many types the type of an object extends."""
    module, _, name = asked.code[1:].partition("%")
    type_, count = types.get(TypeName(module, name)), 0
    while type_ is not None and type_.parent is not None:
        type_, count = types.get(type_.parent), count + 1
    return count


def may_be(way: plan.Overload, other: plan.Overload) -> bool:
    """Whether a call may be both, with different answers, as far as the number of its arguments tells."""
    counts = [
        (
            sum(p.default is None and not p.optional for p in each.parameters),
            len(each.parameters),
        )
        for each in (way, other)
    ]
    is_apart = counts[0][1] < counts[1][0] or counts[1][1] < counts[0][0]
    return way.returns != other.returns and not is_apart

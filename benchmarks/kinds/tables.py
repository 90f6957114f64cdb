"""From slices to medians of ratios, and from them to groups beside their goals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.figures import (
    BASE,
    Spread,
    digits,
    geometric_mean,
    ratios,
    spread,
    spreads,
)
from benchmarks.kinds.table import GROUPS, Goal, Group, nanoseconds_text

WRONG = "WrongAnswer"


@dataclass(frozen=True)
class KindFigures:
    """One kind: nanoseconds by contender, times over f2py's; `reasons` say why a contender has none.

    `native` tells whether machine code did it in the tier that has some.
    """

    group: str
    name: str
    nanoseconds: dict[str, Spread]
    ratios: dict[str, Spread]
    reasons: dict[str, str]
    native: bool | None = None


@dataclass(frozen=True)
class Kinds:
    """All kinds on one interpreter, and the functions that stay Python with the reasons."""

    interpreter: str
    numpy: str
    kinds: tuple[KindFigures, ...]
    refused: dict[str, str]

    @property
    def contenders(self) -> list[str]:
        names = dict.fromkeys(name for each in self.kinds for name in each.nanoseconds)
        return sorted(names, key=lambda name: name != BASE)


@dataclass(frozen=True)
class GroupFigures:
    """A group through one contender: the geometric mean, the dearest kind and the goal for that one.

    All are times over f2py's, or nanoseconds if the goal is absolute.
    """

    group: str
    contender: str
    mean: float
    dearest: float
    kind: str
    goal: Goal | None


def read(raw: dict[str, Any]) -> Kinds:
    """Return the figures of what `clock` measured on one interpreter."""
    kinds = tuple(read_kind(each) for each in raw["kinds"])
    return Kinds(raw["interpreter"], raw["numpy"], kinds, raw["refused"])


def load(plain: dict[str, Any]) -> Kinds:
    """Return the figures of one interpreter from ``results.json``."""
    kinds = tuple(
        KindFigures(
            **{
                **each,
                "nanoseconds": spreads(each["nanoseconds"]),
                "ratios": spreads(each["ratios"]),
            }
        )
        for each in plain["kinds"]
    )
    return Kinds(**{**plain, "kinds": kinds})


def read_kind(raw: dict[str, Any]) -> KindFigures:
    slices = raw["slices"]
    times = {name: spread(values) for name, values in slices.items()}
    return KindFigures(raw["group"], raw["name"], times, ratios(slices), raw["reasons"], raw.get("native"))  # fmt: skip


def group_figures(measured: Kinds) -> Iterator[GroupFigures]:
    """Yield the figures of every group that was measured, through all but f2py."""
    for group in GROUPS:
        for contender in measured.contenders:
            if contender == BASE:
                continue
            goal = group.goals.get(contender)
            absolute = goal is not None and goal.absolute
            figures = {
                each.name: each.nanoseconds if absolute else each.ratios
                for each in measured.kinds
                if each.group == group.name
            }
            found = {
                kind: by[contender].median
                for kind, by in figures.items()
                if contender in by
            }
            if found:
                kind = max(found, key=lambda name: found[name])
                mean = geometric_mean(found.values())
                yield GroupFigures(group.name, contender, mean, found[kind], kind, goal)


def lines(measured: Kinds) -> Iterator[str]:
    """Yield the table of kinds, that of groups, what stays Python and what failed."""
    yield f"{measured.interpreter}, NumPy {measured.numpy}: processor time, medians"
    for group in GROUPS:
        if any(each.group == group.name for each in measured.kinds):
            yield from kind_lines(measured, group)
    yield ""
    yield from group_lines(measured)
    yield from native_lines(measured)
    yield from reason_lines(measured)


def kind_lines(measured: Kinds, group: Group) -> Iterator[str]:
    names = measured.contenders
    others = [name for name in names if name != BASE]
    heads = "".join(f"{name:>10}" for name in names)
    ratios = "".join(f"{f'{name} / f2py':>24}" for name in others)
    yield f"{group.title:32}{heads}{ratios}"
    for each in measured.kinds:
        if each.group == group.name:
            times = "".join(
                f"{nanoseconds_text(each.nanoseconds[name].median) if name in each.nanoseconds else '-':>10}"
                for name in names
            )
            over = "".join(f"{each.ratios.get(name, '-')!s:>24}" for name in others)  # fmt: skip
            yield f"  {each.name:30}{times}{over}"


def figure_text(value: float, goal: Goal | None) -> str:
    absolute = goal is not None and goal.absolute
    return nanoseconds_text(value) if absolute else digits(value)


def group_lines(measured: Kinds) -> Iterator[str]:
    """Yield the groups: geometric mean, dearest kind, and its goal; without a unit they are times over f2py's."""
    yield f"{'group':46}{'':8}{'mean':>10}{'dearest':>10}{'goal':>10}"
    titles = {group.name: group.title for group in GROUPS}
    for each in group_figures(measured):
        figures = "".join(
            f"{text:>10}"
            for text in (
                figure_text(each.mean, each.goal),
                figure_text(each.dearest, each.goal),
                str(each.goal or "-"),
            )
        )
        met = each.goal is None or each.dearest <= each.goal.most
        missed = "" if met else "  missed"
        yield f"{titles[each.group]:46}{each.contender:8}{figures}  {each.kind}{missed}"


def native_share(measured: Kinds) -> tuple[int, int]:
    """Return how many kinds machine code does, and how many were measured where there is some."""
    told = [each.native for each in measured.kinds if each.native is not None]
    return sum(told), len(told)


def native_lines(measured: Kinds) -> Iterator[str]:
    native, every = native_share(measured)
    if every:
        yield ""
        yield f"native: {native} of {every} kinds ({native / every:.0%})"
        for function, reason in sorted(measured.refused.items()):
            yield f"  {function}: {reason[:160]}"


def reason_lines(measured: Kinds) -> Iterator[str]:
    told = [
        f"  {contender}, {each.group}, {each.name}: {reason}"
        for each in measured.kinds
        for contender, reason in each.reasons.items()
    ]
    if told:
        yield ""
        yield "not measured:"
        yield from told


def wrong_answers(measured: Kinds) -> list[str]:
    """Return what f2pypy answered wrongly; what f2py does is no fault of ours."""
    return [
        f"{contender}: {reason}"
        for each in measured.kinds
        for contender, reason in each.reasons.items()
        if contender != BASE and reason.startswith(WRONG)
    ]

"""Medians with quartiles, geometric means, and how figures are printed."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

BASE = "f2py"


@dataclass(frozen=True)
class Spread:
    """A median with the quartiles round it."""

    median: float
    lower: float
    upper: float

    def __str__(self) -> str:
        median, lower, upper = map(digits, (self.median, self.lower, self.upper))
        return f"{median} [{lower} .. {upper}]"


def spread(values: Sequence[float]) -> Spread:
    if len(values) < 2:
        return Spread(values[0], values[0], values[0])
    lower, middle, upper = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(middle, lower, upper)


def spreads(plain: Mapping[str, Mapping[str, float]]) -> dict[str, Spread]:
    """Return the spreads that ``results.json`` has, by contender."""
    return {name: Spread(**each) for name, each in plain.items()}


def ratios(slices: Mapping[str, Sequence[float]]) -> dict[str, Spread]:
    """Return the time of each contender over f2py's: the median of the ratios within the rounds."""
    return {
        name: spread([one / base for one, base in zip(values, slices[BASE], strict=True)])
        for name, values in slices.items()
        if name != BASE and BASE in slices
    }  # fmt: skip


def geometric_mean(values: Iterable[float]) -> float:
    return math.exp(statistics.fmean(map(math.log, values)))


def digits(value: float) -> str:
    """Return two or three digits, without an exponent."""
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"  # fmt: skip

"""From pytest-benchmark's figures to medians of ratios: what `make bench` prints and writes."""

from __future__ import annotations

import json
import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Spread:
    """A median with the quartiles round it."""

    median: float
    lower: float
    upper: float

    def __str__(self) -> str:
        return f"{self.median:6.2f} [{self.lower:.2f} .. {self.upper:.2f}]"


@dataclass(frozen=True)
class CallFigures:
    """One call: seconds of each contender (median over the turns), and f2pypy's time over the others'."""

    routine: str
    size: int
    seconds: dict[str, float]
    ratios: dict[str, Spread]


@dataclass(frozen=True)
class Results:
    """One run of the benchmark, on one interpreter; `processes` has the seconds of every turn."""

    machine: dict[str, str]
    calls: tuple[CallFigures, ...]
    processes: dict[str, list[float]]
    hidden_bytes: dict[str, int]
    preparation: dict[str, float]


def spread(values: Sequence[float]) -> Spread:
    if len(values) < 2:
        return Spread(values[0], values[0], values[0])
    lower, middle, upper = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(middle, lower, upper)


def read_calls(benchmarks: Iterable[dict[str, Any]]) -> tuple[CallFigures, ...]:
    """Group the measurements by call and size; a ratio is taken within each turn, then the median of them."""
    turns: dict[tuple[str, int], dict[str, dict[int, float]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for each in benchmarks:
        info = each["extra_info"]
        if info["kind"] == "call":
            seconds = each["stats"]["min"] / info["repeats"]
            turns[info["routine"], info["size"]][info["contender"]][info["turn"]] = (
                seconds
            )
    return tuple(
        CallFigures(
            routine,
            size,
            {
                name: statistics.median(measured.values())
                for name, measured in contenders.items()
            },
            {
                name: spread(
                    [contenders["f2pypy"][turn] / measured[turn] for turn in measured]
                )
                for name, measured in contenders.items()
                if name != "f2pypy"
            },
        )
        for (routine, size), contenders in turns.items()
    )


def read(raw: dict[str, Any], preparation: dict[str, float]) -> Results:
    processes: dict[str, list[float]] = defaultdict(list)
    copies = {}
    for each in raw["benchmarks"]:
        info = each["extra_info"]
        if info["kind"] == "process":
            processes[info["what"]].append(each["stats"]["min"])
        elif info["kind"] == "copies":
            copies[info["routine"]] = info["bytes"]
    about = raw["machine_info"]
    machine = {
        "cpu": about.get("cpu", {}).get("brand_raw", "unknown"),
        "system": f"{about['system']} {about['release']}",
        "python": f"{about['python_implementation']} {about['python_version']}",
    }
    return Results(
        machine, read_calls(raw["benchmarks"]), dict(processes), copies, preparation
    )


def geometric_mean(values: Sequence[float]) -> float:
    return math.exp(statistics.fmean(math.log(each) for each in values))


def extremes(results: Results, other: str, choose: Any) -> list[float]:
    """Return f2pypy's ratios to `other` at each routine's smallest or largest size."""
    chosen: dict[str, CallFigures] = {}
    for each in results.calls:
        known = chosen.get(each.routine)
        chosen[each.routine] = (
            each if known is None else choose(known, each, key=lambda call: call.size)
        )
    # a routine with a single size has no largest one
    several = {each.routine for each in results.calls if each.size > 3}
    return [
        each.ratios[other].median
        for each in chosen.values()
        if choose is min or each.routine in several
    ]


def lines(results: Results) -> Iterable[str]:
    others = list(results.calls[0].ratios)
    yield ", ".join(results.machine.values())
    yield ""
    heads = "".join(f"{f'f2pypy / {name}':>28}" for name in others)
    yield f"{'call':8}{'size':>9}{'f2py us':>12}{'f2pypy us':>12}{heads}"
    for each in results.calls:
        times = "".join(
            f"{each.seconds[name] * 1e6:12.3f}" for name in ("f2py", "f2pypy")
        )
        yield f"{each.routine:8}{each.size:>9}{times}" + "".join(
            f"{each.ratios[name]!s:>28}" for name in others
        )
    yield ""
    for name in others:
        smallest, largest = extremes(results, name, min), extremes(results, name, max)
        yield (
            f"f2pypy / {name}, geometric means: {geometric_mean(smallest):.2f} at the smallest sizes "
            f"(worst {max(smallest):.2f}), {geometric_mean(largest):.3f} at the largest (worst {max(largest):.3f})"
        )
    yield ""
    yield from cost_lines(results)


def cost_lines(results: Results) -> Iterable[str]:
    def total(what: str) -> float:
        return statistics.median(results.processes[what])

    def above(what: str, base: str) -> float:
        # within each turn: what the machine does beside it changes slowly
        pairs = zip(results.processes[what], results.processes[base], strict=True)
        return statistics.median(one - other for one, other in pairs)

    yield f"f2pypy blas.pyf, all of BLAS, with the interpreter's start: {total('f2pypy blas.pyf'):.3f} s"
    if not math.isnan(results.preparation["f2py"]):
        yield f"f2py and the compiler, only the routines above: {results.preparation['f2py']:.1f} s"
    yield f"f2pypy --help: {total('f2pypy --help') * 1e3:.0f} ms"
    yield f"import f2pypy: {above('import f2pypy', 'python') * 1e3:.1f} ms"
    for name in ("f2pypy", "f2py"):
        added = above(f"import numpy and {name}'s module", "import numpy")
        yield f"importing {name}'s module adds to NumPy's import: {added * 1e3:.1f} ms"
    worst = max(results.hidden_bytes, key=lambda routine: results.hidden_bytes[routine])
    yield f"memory beside the result at the largest size: at most {results.hidden_bytes[worst]} bytes ({worst})"


def write(results: Results, path: Path) -> None:
    path.write_text(json.dumps(asdict(results), indent=1) + "\n", encoding="utf-8")

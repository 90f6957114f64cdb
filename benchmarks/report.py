"""From pytest-benchmark's figures to medians of ratios: what `make bench` prints and writes."""

from __future__ import annotations

import json
import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import Any

from benchmarks.building import Building
from benchmarks.kinds import tables
from benchmarks.reading import Reading
from benchmarks.scale import Scale
from benchmarks.size import Size

BASE = "f2py"


@dataclass(frozen=True)
class Spread:
    """A median with the quartiles round it."""

    median: float
    lower: float
    upper: float

    def __str__(self) -> str:
        return f"{self.median:.2f} [{self.lower:.2f} .. {self.upper:.2f}]"


@dataclass(frozen=True)
class CallFigures:
    """One call: seconds of each contender (median over the turns), and their time over f2py's."""

    routine: str
    size: int
    seconds: dict[str, float]
    ratios: dict[str, Spread]


@dataclass(frozen=True)
class Run:
    """The calls on one interpreter; `processes` has the seconds of every turn, where they were measured."""

    machine: dict[str, str]
    calls: tuple[CallFigures, ...]
    processes: dict[str, list[float]]
    hidden_bytes: dict[str, int]

    @property
    def contenders(self) -> list[str]:
        return list(dict.fromkeys(name for call in self.calls for name in call.seconds))


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
                    [measured[turn] / contenders[BASE][turn] for turn in measured]
                )
                for name, measured in contenders.items()
                if name != BASE
            },
        )
        for (routine, size), contenders in turns.items()
    )


def read_run(raw: dict[str, Any]) -> Run:
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
        "interpreter": f"{about['python_implementation']} {about['python_version']}",
        "numpy": f"NumPy {about['numpy']}",
        "cpu": about.get("cpu", {}).get("brand_raw", "unknown"),
        "system": f"{about['system']} {about['release']}",
    }
    return Run(machine, read_calls(raw["benchmarks"]), dict(processes), copies)


def geometric_mean(values: Sequence[float]) -> float:
    return math.exp(statistics.fmean(math.log(each) for each in values))


def extremes(
    run: Run, contender: str, choose: Callable[..., CallFigures]
) -> dict[str, float]:
    """Return the ratios at each routine's smallest or largest size, by routine."""
    chosen: dict[str, CallFigures] = {}
    for each in run.calls:
        known = chosen.get(each.routine)
        chosen[each.routine] = (
            each if known is None else choose(known, each, key=lambda call: call.size)
        )
    # a routine with a single size has no largest one
    several = {each.routine for each in run.calls if each.size > 3}
    return {
        name: each.ratios[contender].median
        for name, each in chosen.items()
        if contender in each.ratios and (choose is min or name in several)
    }


def lines(measured: Mapping[str, Any]) -> Iterator[str]:
    """Yield the tables of what was measured: runs with their costs and scales, builds, reading."""
    for each in measured.get("kinds", ()):
        yield from tables.lines(each)
        yield ""
    if "runs" in measured:
        for run in measured["runs"]:
            yield from call_lines(run)
            yield ""
        yield from cost_lines(measured["runs"][0], measured["preparation"])
        yield ""
        yield from scale_lines(measured["scale"])
        yield ""
    if "builds" in measured:
        yield from build_lines(measured["builds"])
        yield ""
    if "reading" in measured:
        yield from reading_lines(measured["reading"])
        yield ""
    if "size" in measured:
        yield from size_lines(measured["size"])


def build_lines(measured: Iterable[Building]) -> Iterator[str]:
    for each in measured:
        compiler = statistics.median(each.seconds["compiler"])
        yield f"{each.sources}: the compiler alone {compiler:.2f} s"
        for name in each.seconds:
            if name != "compiler":
                total = statistics.median(each.seconds[name])
                yield (
                    f"  {name}: {total:.2f} s, the compiler and {each.above_compiler(name):+.2f} s "
                    f"({each.over_compiler(name):.1f} times as long)"
                )


def reading_lines(measured: Reading) -> Iterator[str]:
    yield (
        f"Fortran read: {measured.lines_per_second:,.0f} lines per second and core "
        f"({measured.files} files, {measured.lines} lines)"
    )


def call_lines(run: Run) -> Iterator[str]:
    names = run.contenders
    others = [name for name in names if name != BASE]
    yield ", ".join(run.machine.values())
    yield "microseconds; times over f2py's [quartiles]"
    heads = "".join(f"{name:>14}" for name in names)
    yield f"{'call':8}{'size':>9}{heads}" + "".join(
        f"{f'{name} / f2py':>26}" for name in others
    )
    for each in run.calls:
        times = "".join(
            f"{each.seconds[name] * 1e6:14.3f}"
            if name in each.seconds
            else f"{'-':>14}"
            for name in names
        )
        ratios = "".join(f"{each.ratios.get(name, '-')!s:>26}" for name in others)
        yield f"{each.routine:8}{each.size:>9}{times}{ratios}"
    for name in others:
        smallest, largest = extremes(run, name, min), extremes(run, name, max)
        worst = max(smallest, key=lambda routine: smallest[routine])
        yield (
            f"{name} / f2py, geometric means: {geometric_mean([*smallest.values()]):.2f} at the smallest sizes "
            f"(worst {smallest[worst]:.2f}, {worst}), {geometric_mean([*largest.values()]):.3f} at the largest"
        )


def cost_lines(run: Run, preparation: Mapping[str, float]) -> Iterator[str]:
    def total(what: str) -> float:
        return statistics.median(run.processes[what])

    def above(what: str, base: str) -> float:
        # within each turn: what the machine does beside it changes slowly
        pairs = zip(run.processes[what], run.processes[base], strict=True)
        return statistics.median(one - other for one, other in pairs)

    yield f"f2pypy blas.pyf, all of BLAS, with the interpreter's start: {total('f2pypy blas.pyf'):.3f} s"
    if not math.isnan(preparation["f2py"]):
        yield f"f2py and the compiler, only the routines above: {preparation['f2py']:.1f} s"
    yield f"f2pypy --help: {total('f2pypy --help') * 1e3:.0f} ms"
    yield f"import f2pypy: {above('import f2pypy', 'python') * 1e3:.1f} ms"
    for name in ("f2pypy", "f2py"):
        added = above(f"import numpy and {name}'s module", "import numpy")
        yield f"importing {name}'s module adds to NumPy's import: {added * 1e3:.1f} ms"
    worst = max(run.hidden_bytes, key=lambda routine: run.hidden_bytes[routine])
    yield f"memory beside the result at the largest size: at most {run.hidden_bytes[worst]} bytes ({worst})"


def scale_lines(measured: Iterable[Scale]) -> Iterator[str]:
    yield f"{'routines':>8}{'generate s':>12}{'module kB':>11}{'import ms':>11}{'memory MB':>11}"
    for each in measured:
        yield (
            f"{each.routines:>8}{each.generate:>12.2f}{each.text_bytes / 1e3:>11.0f}"
            f"{each.load * 1e3:>11.1f}{each.memory_bytes / 1e6:>11.1f}"
        )


def size_lines(measured: Iterable[Size]) -> Iterator[str]:
    yield f"{'module':8}{'lines':>9}{'kB':>8}{'first import s':>16}{'MB':>8}{'later ms':>10}{'MB':>8}"
    for each in measured:
        yield (
            f"{each.module:8}{each.lines:>9}{each.text_bytes / 1e3:>8.0f}"
            f"{each.first.seconds:>16.2f}{each.first.memory_bytes / 1e6:>8.0f}"
            f"{each.later.seconds * 1e3:>10.1f}{each.later.memory_bytes / 1e6:>8.1f}"
        )


def write(measured: Mapping[str, Any], path: Path) -> None:
    """Put what was measured into the file; what else it has stays."""
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    known |= {part: plain(figures) for part, figures in measured.items()}
    path.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def plain(figures: Any) -> Any:
    """Return dataclasses as dictionaries, at any depth."""
    if isinstance(figures, (tuple, list)):
        return [plain(each) for each in figures]
    return asdict(figures) if is_dataclass(figures) else figures

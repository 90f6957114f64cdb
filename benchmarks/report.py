"""From slices to medians of ratios: what `make bench` prints and writes."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import Any

from benchmarks import objects
from benchmarks.building import Building
from benchmarks.costs import Costs, Usage
from benchmarks.figures import BASE, Spread, geometric_mean, ratios, spreads
from benchmarks.kinds import tables
from benchmarks.reading import Reading
from benchmarks.scale import GOALS, Import, Scale
from benchmarks.size import Size
from benchmarks.stops import stop_rows


@dataclass(frozen=True)
class CallFigures:
    """One call: seconds of each contender (median over the turns), and their time over f2py's."""

    routine: str
    size: int
    seconds: dict[str, float]
    ratios: dict[str, Spread]


@dataclass(frozen=True)
class Run:
    """The calls of BLAS on one interpreter."""

    machine: dict[str, str]
    calls: tuple[CallFigures, ...]
    hidden_bytes: dict[str, int]

    @property
    def contenders(self) -> list[str]:
        return list(dict.fromkeys(name for call in self.calls for name in call.seconds))


def read_run(raw: Mapping[str, Any]) -> Run:
    """Return the figures of what `blas` measured on one interpreter."""
    calls = tuple(
        CallFigures(
            each["routine"],
            each["size"],
            {
                name: statistics.median(values)
                for name, values in each["slices"].items()
            },
            ratios(each["slices"]),
        )
        for each in raw["calls"]
    )
    return Run(raw["machine"], calls, raw["hidden_bytes"])


def load_run(plain: Mapping[str, Any]) -> Run:
    """Return the calls on one interpreter from ``results.json``."""
    calls = tuple(
        CallFigures(**{**each, "ratios": spreads(each["ratios"])})
        for each in plain["calls"]
    )
    return Run(plain["machine"], calls, plain["hidden_bytes"])


def load_scale(plain: Mapping[str, Any]) -> Scale:
    """Return the figures of a module of some size from ``results.json``."""
    build = {
        name: [Usage(**each) for each in used] for name, used in plain["build"].items()
    }
    imports = {name: Import(**each) for name, each in plain["imports"].items()}
    return Scale(**{**plain, "build": build, "imports": imports})


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
    if "objects" in measured:
        yield from objects.lines(measured["objects"])
        yield ""
    if "runs" in measured:
        for run in measured["runs"]:
            yield from call_lines(run)
            yield ""
        yield from cost_lines(
            measured["costs"], measured["runs"][0], measured["preparation"]
        )
        yield ""
    if "scale" in measured:
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
    if "stops" in measured:
        yield from map(" | ".join, stop_rows(measured["stops"]))


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
    yield "microseconds of processor time; times over f2py's [quartiles]"
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
            f"{name} / f2py, geometric means: {geometric_mean(smallest.values()):.2f} at the smallest sizes "
            f"(worst {smallest[worst]:.2f}, {worst}), {geometric_mean(largest.values()):.3f} at the largest"
        )


def cost_lines(
    costs: Costs, run: Run, preparation: Mapping[str, float]
) -> Iterator[str]:
    generate = costs.total("f2pypy blas.pyf")
    yield f"f2pypy blas.pyf, all of BLAS, with the interpreter's start: {generate:.3f} s"
    if not math.isnan(preparation["f2py"]):
        yield f"f2py and the compiler, only the routines above: {preparation['f2py']:.1f} s"
    yield f"f2pypy --help: {costs.total('f2pypy --help') * 1e3:.0f} ms"
    yield f"import f2pypy: {costs.above('import f2pypy', 'python') * 1e3:.1f} ms"
    for name in ("f2pypy", "f2py"):
        added = costs.above(f"import numpy and {name}'s module", "import numpy")
        yield f"importing {name}'s module adds to NumPy's import: {added * 1e3:.1f} ms"
    worst = max(run.hidden_bytes, key=lambda routine: run.hidden_bytes[routine])
    yield f"memory beside the result at the largest size: at most {run.hidden_bytes[worst]} bytes ({worst})"


def scale_lines(measured: Sequence[Scale]) -> Iterator[str]:
    """Yield a row for each measurement, with a column for each count of routines and those of its goals."""
    yield (
        f"{'':44}"
        + "".join(f"{f'{each.routines} routines':>16}" for each in measured)
        + f"{'goals':>18}"
    )
    for label, goal, cells in scale_rows(measured):
        yield f"{label:44}" + "".join(f"{cell:>16}" for cell in cells) + f"{goal:>18}"


def scale_rows(measured: Sequence[Scale]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the label of each row, its goals and its cells."""

    def row(
        label: str, cell: Callable[[Scale], str], goal: str = ""
    ) -> tuple[str, str, list[str]]:
        return label, goal, [cell(each) for each in measured]

    yield row("size of the module, kB", lambda each: f"{each.text_bytes / 1e3:.0f}")
    for name in names_of(each.generate for each in measured):
        yield row(
            f"generating alone, {name}, s",
            lambda each, name=name: text_of(each.generate.get(name)),
        )
    for name in names_of(each.build for each in measured):
        yield row(
            f"-c, {name}, s (of the processor)",
            lambda each, name=name: usage_text(each.build.get(name)),
        )
    for clock, title in (("wall", "s"), ("processor", "s of the processor")):
        yield row(
            f"-c, f2pypy beyond the compiler, {title}",
            lambda each, clock=clock: text_of(each.above_compiler("f2pypy", clock)),
            goals_text("build", 1),
        )
    for name in names_of(each.imports for each in measured):
        imports = [each.imports.get(name) for each in measured]
        seconds = [text_of(each and each.seconds, 1e3) for each in imports]
        memory = [text_of(each and each.memory_bytes, 2**-20) for each in imports]
        goal = goals_text(name.replace("f2pypy", "import"), 1e3)
        yield f"import, {name}, ms", goal, seconds
        goal = goals_text("memory" if name == "f2pypy" else "", 2**-20)
        yield f"memory, {name}, MiB", goal, memory


def names_of(found: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for each in found for name in each))


def usage_text(used: Sequence[Usage] | None) -> str:
    """Return the medians: seconds on the clock, and in brackets those of the processor."""
    if used is None:
        return "-"
    wall = statistics.median(each.wall for each in used)
    return f"{wall:.3g} ({statistics.median(each.processor for each in used):.3g})"


def text_of(value: float | None, factor: float = 1) -> str:
    return "-" if value is None else f"{value * factor:.3g}"


def goals_text(name: str, factor: float) -> str:
    return " / ".join(f"{most * factor:g}" for most in GOALS.get(name, {}).values())


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
    """Return dataclasses as dictionaries and numbers with six digits, at any depth."""
    if is_dataclass(figures) and not isinstance(figures, type):
        return plain(asdict(figures))
    if isinstance(figures, (tuple, list)):
        return [plain(each) for each in figures]
    if isinstance(figures, dict):
        return {name: plain(each) for name, each in figures.items()}
    return float(f"{figures:.6g}") if isinstance(figures, float) else figures

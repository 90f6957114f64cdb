"""What a call costs that survives STOP, or runs in a process of its own, for nothing and for 8 MB in and out.

Seconds on the clock: other threads and processes do part of the work.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.kinds.table import nanoseconds_text
from benchmarks.prepare import run

ROUNDS = int(os.environ.get("F2PYPY_BENCH_STOPS", "15"))
SOURCE = """\
subroutine small(n)
  integer, intent(in) :: n
  if (n < 0) stop
end subroutine small
subroutine large(x)
  double precision, intent(inout) :: x(1000000)
  if (x(1) < 0) stop
  x(1) = x(1) + 1
end subroutine large
"""
# Each way to call: what f2pypy is told, and F2PYPY_NATIVE.
WAYS = {
    "off": ((), "0"),
    "off, native": ((), "1"),
    "--stop-raises, thread": (("--stop-raises",), "0"),
    "--stop-raises, native": (("--stop-raises",), "1"),
    "--isolated": (("--isolated",), "0"),
}
# What a call may take longer than without the option, in seconds; of 8 MB a process has copies to make as well.
GOALS = {
    "--stop-raises, thread": ("off", 15e-6),
    "--stop-raises, native": ("off, native", 50e-9),
    "--isolated": ("off", 60e-6),
}
CALLS = {"small": "m.small(3)", "8 MB": "m.large(x)"}
# What a process does: it writes the seconds of a call, the least of some turns, into a file.
PROGRAM = """
import json, sys, timeit
import numpy as np
import {module} as m
x = np.ones(1000000)
if {native} and "__native__" in vars(m):
    m.__native__.compile()
found = {{}}
for name, statement in {calls}.items():
    timer = timeit.Timer(statement, globals=dict(m=m, x=x))
    runs, taken = timer.autorange(lambda *_: None)
    runs = max(1, runs // 10)
    found[name] = min(timer.repeat(5, runs)) / runs
with open("found.json", "w") as file:
    json.dump(found, file)
"""


@dataclass(frozen=True)
class StopCosts:
    """Seconds of a call one way, the least of several processes, by what it is passed."""

    way: str
    seconds: dict[str, float]


def measure(folder: Path) -> tuple[StopCosts, ...]:
    """Build a module for each way and measure them in turns."""
    folder.mkdir(parents=True)
    source = folder / "stopping.f90"
    source.write_text(SOURCE)
    modules = {}
    for way, (flags, _) in WAYS.items():
        module = modules[way] = f"way{len(modules)}"
        words = ("-m", "f2pypy", "-c", "-m", module, str(source), *flags, "--quiet")
        run(sys.executable, *words, "-o", f"{module}.py", folder=folder)
    found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    for _ in range(ROUNDS):
        for way, (_, native) in WAYS.items():
            found[way].append(_seconds(folder, modules[way], native))
    return tuple(
        StopCosts(
            way,
            {name: min(each[name] for each in turns) for name in CALLS},
        )
        for way, turns in found.items()
    )


def _seconds(folder: Path, module: str, native: str) -> dict[str, float]:
    program = PROGRAM.format(module=module, native=native, calls=CALLS)
    environment = {"F2PYPY_NATIVE": native}
    run(sys.executable, "-c", program, folder=folder, environment=environment)
    return dict(json.loads((folder / "found.json").read_text()))


def stop_rows(measured: Iterable[StopCosts]) -> Iterator[tuple[str, ...]]:
    """Yield for each way the time of a call of each kind, what it adds and the goal for that."""
    known = {each.way: each.seconds for each in measured}
    for way, seconds in known.items():
        base, goal = GOALS.get(way, ("", 0.0))
        figures = [seconds[name] for name in CALLS]
        if base:
            figures += [seconds["small"] - known[base]["small"], goal]
        times = [nanoseconds_text(each * 1e9) for each in figures]
        yield (way, *times, *[""] * (4 - len(times)))

"""How the time to generate and to import grows with the number of routines."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.prepare import ROOT, run

SIGNATURES = ROOT / "examples" / "lapack" / "lapack.pyf"
COUNTS = (75, 150, 300, 600, 1500)
ROUNDS = 5
# What a fresh interpreter prints: the seconds that importing took, and the memory that it added.
IMPORT = """
import pathlib, time
import numpy
def resident():
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1])
before = resident()
start = time.perf_counter()
import {module}
print(time.perf_counter() - start, resident() - before)
"""
ROUTINE = re.compile(
    r"^[ \t]*(?:subroutine|function)\s+(\w+).*?^[ \t]*end (?:subroutine|function) \1\s*?\n",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True)
class Scale:
    """A module of so many routines: seconds to generate and to import with cached bytecode, its size, its memory."""

    routines: int
    generate: float
    text_bytes: int
    load: float
    memory_bytes: int


def measure(folder: Path, library: str) -> tuple[Scale, ...]:
    """Measure in `folder`, with a library that can be loaded; none of the routines is called."""
    folder.mkdir()
    return tuple(measure_count(folder, library, count) for count in COUNTS)


def measure_count(folder: Path, library: str, count: int) -> Scale:
    """Generate a module of `count` routines and import it, each in processes of its own."""
    name = f"lapack{count}"
    (folder / f"{name}.pyf").write_text(signatures(name, count))
    options = ("--quiet", "--library", library, "-o", f"{name}.py")
    generate = min(
        run(sys.executable, "-m", "f2pypy", f"{name}.pyf", *options, folder=folder)
        for _ in range(3)
    )
    run(sys.executable, "-m", "compileall", "-q", f"{name}.py", folder=folder)
    loads = [import_cost(folder, name) for _ in range(ROUNDS)]
    return Scale(
        count,
        generate,
        (folder / f"{name}.py").stat().st_size,
        statistics.median(seconds for seconds, _ in loads),
        statistics.median_low([memory for _, memory in loads]),
    )


def signatures(module: str, count: int) -> str:
    """Return a signature file of `count` routines: those of LAPACK, as often as it takes, under new names."""
    text = SIGNATURES.read_text("utf-8")
    interface = text.index("interface", text.index("python module lapack"))
    head = text[: text.index("python module lapack")]
    found = list(ROUTINE.finditer(text, interface))
    routines = []
    for place in range(count):
        again, which = divmod(place, len(found))
        name, routine = found[which][1], found[which][0]
        routines.append(re.sub(rf"\b{name}\b", f"{name}_{again}", routine))
    body = "\n".join(routines)
    return f"{head}python module {module}\ninterface\n\n{body}\nend interface\nend python module {module}\n"


def import_cost(folder: Path, module: str) -> tuple[float, int]:
    """Return the seconds and the bytes that importing `module` adds to an interpreter that has NumPy."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORT.format(module=module)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, pages = done.stdout.split()
    return float(seconds), int(pages) * os.sysconf("SC_PAGE_SIZE")

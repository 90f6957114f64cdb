"""What importing a generated module costs: its lines, its first import, which compiles it, and later ones."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.prepare import ROOT, run

EXAMPLES = ROOT / "examples"
SIGNATURES = EXAMPLES / "lapack" / "lapack.pyf"
ROUTINE = re.compile(
    r"^[ \t]*(?:subroutine|function)\s+(\w+).*?^[ \t]*end (?:subroutine|function) \1\s*?\n",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
# the module's name, its signature file, and the routines that are wrapped: all where none is named
MODULES = (
    ("dot", EXAMPLES / "blas" / "blas.pyf", ("ddot",)),
    ("blas", EXAMPLES / "blas" / "blas.pyf", ()),
    ("lapack", EXAMPLES / "lapack" / "lapack.pyf", ()),
)
# As many as LAPACK has.
LARGE = ("large", 1500)
ROUNDS = 3
# What a fresh interpreter prints: the seconds that importing took, and by how much the peak of its memory grew (kB).
IMPORT = """
import resource, time
import numpy
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = peak()
start = time.perf_counter()
import {module}
print(time.perf_counter() - start, peak() - before)
"""


@dataclass(frozen=True)
class Import:
    """The cost of an import: seconds, and bytes that the interpreter's peak of memory grew by."""

    seconds: float
    memory_bytes: int


@dataclass(frozen=True)
class Size:
    """A module: its lines and bytes, its first import, without bytecode, and those after it."""

    module: str
    lines: int
    text_bytes: int
    first: Import
    later: Import


def measure(folder: Path, library: str) -> tuple[Size, ...]:
    """Generate and import every module in `folder`; none of its routines is called."""
    folder.mkdir()
    name, count = LARGE
    large = folder / f"{name}.pyf"
    large.write_text(signatures(name, count))
    return tuple(
        measure_module(folder, library, *module)
        for module in (*MODULES, (name, large, ()))
    )


def measure_module(
    folder: Path, library: str, name: str, source: Path, routines: tuple[str, ...]
) -> Size:
    """Return the sizes and costs of one module."""
    only = ("only:", *routines, ":") if routines else ()
    options = ("--quiet", "--library", library, "-o", f"{name}.py", *only)
    run(sys.executable, "-m", "f2pypy", str(source), *options, folder=folder)
    text = (folder / f"{name}.py").read_bytes()
    first = import_cost(folder, name, cached=False)
    run(sys.executable, "-m", "compileall", "-q", f"{name}.py", folder=folder)
    later = import_cost(folder, name, cached=True)
    return Size(name, text.count(b"\n"), len(text), first, later)


def import_cost(folder: Path, module: str, *, cached: bool) -> Import:
    """Return what importing `module` adds to an interpreter that has NumPy: the medians of some."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    if not cached:
        environment["PYTHONPYCACHEPREFIX"] = str(folder / "none")
    found = []
    for _ in range(ROUNDS):
        done = subprocess.run(
            [sys.executable, "-c", IMPORT.format(module=module)],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, kilobytes = done.stdout.split()
        found.append((float(seconds), int(kilobytes) * 1024))
    seconds, memory = zip(*found, strict=True)
    return Import(statistics.median(seconds), statistics.median_low(memory))


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

"""Objects of derived type: f2pypy's classes beside f90wrap's and a ctypes.Structure written by hand."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.kinds.table import nanoseconds_text
from benchmarks.objects.statements import KINDS
from benchmarks.prepare import Failed, run

SOURCE = Path(__file__).parent / "particles.f90"
Times = dict[str, dict[str, float]]
HEADS = {
    "structure": "ctypes.Structure",
    "f90wrap": "f90wrap",
    "f2pypy": "f2pypy",
    "pypy": "f2pypy on PyPy",
}


def measure(folder: Path, pypy: str | None) -> Times:
    """Return the nanoseconds of each kind by contender, measured on this interpreter and on PyPy."""
    folder.mkdir(parents=True)
    shutil.copy(SOURCE, folder)
    words = ("-c", "--quiet", "-m", "bodies", SOURCE.name)
    run(sys.executable, "-m", "f2pypy", *words, folder=folder)
    build_f90wrap(folder)
    times = clocked(sys.executable, folder)
    if pypy is not None:
        times["pypy"] = clocked(pypy, folder)["f2pypy"]
    return times


def build_f90wrap(folder: Path) -> None:
    """Make f90wrap's module; without f90wrap, or where it fails, there is none."""
    if not importlib.util.find_spec("f90wrap"):
        return
    programs = Path(sys.executable).parent
    code = str(folder / "particles.o")
    words = ("-c", "-m", "_wrapped", "f90wrap_particles.f90", code, f"-I{folder}")
    try:
        run("gfortran", "-O3", "-fPIC", "-c", SOURCE.name, folder=folder)
        run(str(programs / "f90wrap"), "-m", "wrapped", SOURCE.name, folder=folder)
        run(str(programs / "f2py-f90wrap"), *words, folder=folder)
    except Failed as failure:
        last = "\n".join(str(failure).splitlines()[-4:])
        print(f"f90wrap builds no module:\n{last}", file=sys.stderr)


def clocked(python: str, folder: Path) -> Times:
    """Return the times on one interpreter."""
    output = folder / "times.json"
    words = ("-m", "benchmarks.objects.clock", str(folder), str(output))
    run(python, *words, folder=folder)
    found: Times = json.loads(output.read_text())
    return found


def rows(times: Mapping[str, Mapping[str, float]]) -> Iterator[list[str]]:
    """Yield the head of a table of the times, and a row for each kind."""
    shown = [name for name in HEADS if name in times]
    yield ["", *(HEADS[name] for name in shown)]
    for kind in KINDS:
        figures = [times[name].get(kind) for name in shown]
        yield [kind, *(nanoseconds_text(f) if f else "" for f in figures)]


def lines(times: Mapping[str, Any]) -> Iterator[str]:
    """Yield the table as text."""
    for head, *cells in rows(times):
        yield f"{head:34}" + "".join(f"{cell:>18}" for cell in cells)

"""Build the modules of the kinds, let each interpreter measure, return the figures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.kinds.build import build_f2py, build_f2pypy
from benchmarks.kinds.clock import Specification
from benchmarks.kinds.tables import Kinds, read
from benchmarks.prepare import ROOT, Failed
from benchmarks.timing import ROUNDS, SLICE_SECONDS


@dataclass(frozen=True)
class Wanted:
    """What to measure: groups (all where none is named), how often, and on which interpreters."""

    groups: tuple[str, ...] = ()
    rounds: int = ROUNDS
    slice_seconds: float = SLICE_SECONDS
    cpython: bool = True
    pypy: str | None = None


def measure(folder: Path, wanted: Wanted) -> tuple[Kinds, ...]:
    """Measure in `folder` on this interpreter and on PyPy, as `wanted`."""
    build_f2pypy(folder / "made", ("ctypes", "native", "pypy"))
    measured = []
    if wanted.cpython:
        tiers = {name: str(folder / name) for name in ("ctypes", "native")}
        measured.append(measure_on(sys.executable, tiers, folder, wanted))
    if wanted.pypy is not None:
        tiers = {"pypy": str(folder / "pypy")}
        measured.append(measure_on(wanted.pypy, tiers, folder, wanted))
    return tuple(measured)


def f2py_folder(python: str) -> dict[str, str]:
    """Return the folder of f2py's modules; none where they can't be built, and f2pypy's are measured alone."""
    try:
        return {"f2py": str(build_f2py(python))}
    except Failed as failure:
        last = "\n".join(str(failure).splitlines()[-4:])
        print(f"f2py builds no module for {python}:\n{last}", file=sys.stderr)
        return {}


def measure_on(python: str, tiers: dict[str, str], folder: Path, wanted: Wanted) -> Kinds:  # fmt: skip
    """Run `clock` under `python` with f2py's modules and those of the `tiers`."""
    folders = {**f2py_folder(python), **tiers}
    specification = Specification(
        folders, wanted.rounds, wanted.slice_seconds, list(wanted.groups)
    )
    asked, answered = folder / "asked.json", folder / "answered.json"
    asked.write_text(json.dumps(asdict(specification)))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [python, "-m", "benchmarks.kinds.clock", str(asked), str(answered)]
    # f2py's modules print the exceptions of callbacks
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, check=False
    )  # fmt: skip
    if done.returncode:
        sys.exit(
            f"{' '.join(command)}\nended with {done.returncode}\n{done.stdout}{done.stderr[-4000:]}"
        )
    return read(json.loads(answered.read_text()))

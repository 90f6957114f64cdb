"""`make bench`: prepare, measure, report."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import building, reading, report, scale, size
from benchmarks.kinds import run as kinds
from benchmarks.kinds import tables
from benchmarks.kinds.table import GROUPS
from benchmarks.prepare import (
    ROOT,
    Failed,
    Prepared,
    prepare,
    system_openblas,
    wheel_openblas,
)

FOLDER = Path(__file__).parent
PARTS = ("kinds", "calls", "builds", "reading", "size")
PICTURE = ROOT / "docs" / "img" / "call_cost.svg"


def measure(prepared: Prepared, python: str, *files: str) -> dict[str, Any]:
    """Let pytest-benchmark time the `files` of this folder with interpreter `python`; return what it found."""
    raw = Path(prepared.folder, "raw.json")
    command = (
        python,
        "-m",
        "pytest",
        *(str(FOLDER / file) for file in files),
        "-q",
        "--benchmark-only",
        f"--benchmark-json={raw}",
    )
    # pytest's own progress would be a line per measurement
    options = (
        "-o",
        "python_files=bench_*.py",
        "-o",
        "python_functions=bench_*",
        "--benchmark-quiet",
        "-p",
        "no:cacheprovider",
        "-r",
        "N",
    )
    environment = {
        **os.environ,
        "F2PYPY_BENCH_FOLDER": prepared.folder,
        "PYTHONPATH": os.pathsep.join(
            filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])
        ),
        "OPENBLAS_NUM_THREADS": "1",  # what is compared is the way to the library, not the library
    }
    subprocess.run([*command, *options], env=environment, cwd=ROOT, check=True)
    found: dict[str, Any] = json.loads(raw.read_text())
    return found


def measure_calls(folder: Path, pypy: str | None) -> dict[str, Any]:
    """Measure the calls on this interpreter and on PyPy, the costs on this one, and how generating scales."""
    from benchmarks import picture  # matplotlib, which the other parts have no need of

    prepared = prepare(folder)
    assert prepared is not None
    runs = [
        report.read_run(
            measure(prepared, sys.executable, "bench_calls.py", "bench_costs.py")
        )
    ]
    if pypy is not None:
        other = folder / "pypy"
        other.mkdir()
        prepared_there = prepare(other, pypy)
        if prepared_there is None:
            print("no system OpenBLAS that f2py could link with for PyPy")
        else:
            runs.append(
                report.read_run(measure(prepared_there, pypy, "bench_calls.py"))
            )
    picture.draw(tuple(runs), PICTURE)
    return {
        "runs": tuple(runs),
        "preparation": {"f2py": prepared.f2py_seconds, "f2pypy": prepared.f2pypy_seconds},
        "scale": scale.measure(folder / "scale", prepared.library),
    }  # fmt: skip


def read_options() -> argparse.Namespace:
    """Return what the command line asks for; an unknown part or group ends the program."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--pypy", help="a PyPy with NumPy and pytest-benchmark")
    options.add_argument(
        "--no-cpython", action="store_true", help="measure kinds on PyPy alone"
    )
    options.add_argument(
        "--only",
        action="append",
        metavar="GROUP",
        choices=[group.name for group in GROUPS],
        help="measure this group of kinds; may be repeated",
    )
    options.add_argument("--rounds", type=int, help="how often each kind is measured")
    options.add_argument(
        "--slice", type=float, help="seconds of one measurement of a kind"
    )
    options.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="where to put the figures; results.json unless a part is measured",
    )
    options.add_argument(
        "parts",
        nargs="*",
        help=f"what to measure, of {', '.join(PARTS)}; without any, all",
    )
    given = options.parse_args()
    unknown = set(given.parts) - {*PARTS}
    if unknown:
        options.error(f"no such part: {', '.join(sorted(unknown))}")
    given.pypy = given.pypy and str(Path(given.pypy).absolute())
    partly = given.only or given.rounds or given.slice or given.no_cpython
    if given.output is None and not partly:
        given.output = FOLDER / "results.json"
    return given


def wanted_kinds(given: argparse.Namespace) -> kinds.Wanted:
    return kinds.Wanted(
        tuple(given.only or ()),
        given.rounds or kinds.ROUNDS,
        given.slice or kinds.SLICE_SECONDS,
        cpython=not given.no_cpython,
        pypy=given.pypy,
    )


def main() -> None:
    """Measure what is asked for, print it, and put it in the place of what ``results.json`` had of it."""
    given = read_options()
    measured: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="f2pypy-bench-") as name:
        folder = Path(name)
        for part in given.parts or PARTS:
            match part:
                case "kinds":
                    measured["kinds"] = kinds.measure(
                        folder / "kinds", wanted_kinds(given)
                    )
                case "calls":
                    measured |= measure_calls(folder, given.pypy)
                case "builds":
                    measured["builds"] = building.measure(folder / "builds")
                case "reading":
                    measured["reading"] = reading.measure(folder / "reading")
                case "size":
                    measured["size"] = size.measure(
                        folder / "size", system_openblas() or wheel_openblas()
                    )
    if given.output is not None:
        report.write(measured, given.output)
    print("\n".join(report.lines(measured)))
    wrong = [each for run in measured.get("kinds", ()) for each in tables.wrong_answers(run)]  # fmt: skip
    if wrong:
        sys.exit("\n".join(["wrong answers:", *wrong]))


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(str(failure))

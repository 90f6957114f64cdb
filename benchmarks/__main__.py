"""`make bench`: prepare, measure, report."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import (
    building,
    costs,
    objects,
    pages,
    reading,
    report,
    scale,
    size,
    stops,
)
from benchmarks.kinds import run as kinds
from benchmarks.kinds import tables
from benchmarks.kinds.table import GROUPS
from benchmarks.prepare import (
    Failed,
    Prepared,
    prepare,
    run,
    system_openblas,
    wheel_openblas,
)

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.json"
PARTS = ("kinds", "objects", "calls", "scale", "builds", "reading", "size", "stops")


def measure_blas(prepared: Prepared, python: str) -> report.Run:
    """Let interpreter `python` time the calls of BLAS."""
    output = Path(prepared.folder, "raw.json")
    environment = {
        "OPENBLAS_NUM_THREADS": "1",  # what is compared is the way to the library, not the library
    }
    words = ("-m", "benchmarks.blas", prepared.folder, str(output))
    run(python, *words, folder=Path(prepared.folder), environment=environment)
    return report.read_run(json.loads(output.read_text()))


def measure_calls(folder: Path, pypy: str | None) -> dict[str, Any]:
    """Measure the calls of BLAS on this interpreter and on PyPy, the costs on this one."""
    prepared = prepare(folder)
    assert prepared is not None
    runs = [measure_blas(prepared, sys.executable)]
    if pypy is not None:
        other = folder / "pypy"
        other.mkdir()
        prepared_there = prepare(other, pypy)
        if prepared_there is None:
            print("no system OpenBLAS that f2py could link with for PyPy")
        else:
            runs.append(measure_blas(prepared_there, pypy))
    return {
        "runs": tuple(runs),
        "preparation": {"f2py": prepared.f2py_seconds, "f2pypy": prepared.f2pypy_seconds},
        "costs": costs.measure(prepared),
    }  # fmt: skip


def read_options() -> argparse.Namespace:
    """Return what the command line asks for; an unknown part or group ends the program."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--pypy", help="a PyPy with NumPy")
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
        help=f"what to measure, of {', '.join(PARTS)}; all without any; 'pages' only fills the documents",
    )
    given = options.parse_args()
    unknown = set(given.parts) - {*PARTS, "pages"}
    if unknown:
        options.error(f"no such part: {', '.join(sorted(unknown))}")
    given.pypy = given.pypy and str(Path(given.pypy).absolute())
    partly = given.only or given.rounds or given.slice or given.no_cpython
    if given.output is None and not partly:
        given.output = RESULTS
    return given


def wanted_kinds(given: argparse.Namespace) -> kinds.Wanted:
    return kinds.Wanted(
        tuple(given.only or ()),
        given.rounds or kinds.ROUNDS,
        given.slice or kinds.SLICE_SECONDS,
        cpython=not given.no_cpython,
        pypy=given.pypy,
    )


def measure_part(part: str, folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of a part of PARTS; none of 'pages'."""
    match part:
        case "kinds":
            return {"kinds": kinds.measure(folder / "kinds", wanted_kinds(given))}
        case "objects":
            return {"objects": objects.measure(folder / "objects", given.pypy)}
        case "calls":
            return measure_calls(folder, given.pypy)
        case "scale":
            return {"scale": scale.measure(folder / "scale", given.pypy)}
        case "builds":
            return {"builds": building.measure(folder / "builds")}
        case "reading":
            return {"reading": reading.measure(folder / "reading")}
        case "size":
            library = system_openblas() or wheel_openblas()
            return {"size": size.measure(folder / "size", library)}
        case "stops":
            return {"stops": stops.measure(folder / "stops")}
    return {}


def main() -> None:
    """Measure what is asked for, print it, and put it in the place of what ``results.json`` had of it."""
    given = read_options()
    measured: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="f2pypy-bench-") as name:
        folder = Path(name)
        for part in given.parts or PARTS:
            found = measure_part(part, folder, given)
            measured |= found
            # at once, since another part may fail
            if given.output is not None:
                report.write(found, given.output)
    if given.output == RESULTS:
        pages.fill(RESULTS)
    print("\n".join(report.lines(measured)))
    wrong = [each for run in measured.get("kinds", ()) for each in tables.wrong_answers(run)]  # fmt: skip
    if wrong:
        sys.exit("\n".join(["wrong answers:", *wrong]))


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(str(failure))

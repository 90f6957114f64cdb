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
from benchmarks.prepare import ROOT, Prepared, prepare, system_openblas, wheel_openblas

FOLDER = Path(__file__).parent
PARTS = ("calls", "builds", "reading", "size")
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


def main() -> None:
    """Measure what is asked for, print it, and put it in the place of what ``results.json`` had of it."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--pypy", help="a PyPy with NumPy and pytest-benchmark")
    options.add_argument(
        "parts",
        nargs="*",
        help=f"what to measure, of {', '.join(PARTS)}; without any, all",
    )
    given = options.parse_args()
    unknown = set(given.parts) - {*PARTS}
    if unknown:
        options.error(f"no such part: {', '.join(sorted(unknown))}")
    pypy = given.pypy and str(Path(given.pypy).absolute())
    measured: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="f2pypy-bench-") as name:
        folder = Path(name)
        for part in given.parts or PARTS:
            match part:
                case "calls":
                    measured |= measure_calls(folder, pypy)
                case "builds":
                    measured["builds"] = building.measure(folder / "builds")
                case "reading":
                    measured["reading"] = reading.measure(folder / "reading")
                case "size":
                    measured["size"] = size.measure(
                        folder / "size", system_openblas() or wheel_openblas()
                    )
    report.write(measured, FOLDER / "results.json")
    print()
    print("\n".join(report.lines(measured)))


if __name__ == "__main__":
    main()

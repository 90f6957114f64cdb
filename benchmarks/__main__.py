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

from benchmarks import picture, report, scale
from benchmarks.prepare import ROOT, Prepared, prepare

FOLDER = Path(__file__).parent
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


def measure_all(folder: Path, pypy: str | None) -> report.Results:
    """Measure the calls on this interpreter and on PyPy, the costs on this one, and how generating scales."""
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
    seconds = {"f2py": prepared.f2py_seconds, "f2pypy": prepared.f2pypy_seconds}
    return report.Results(
        tuple(runs), seconds, scale.measure(folder / "scale", prepared.library)
    )


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--pypy", help="a PyPy with NumPy and pytest-benchmark")
    pypy = options.parse_args().pypy
    with tempfile.TemporaryDirectory(prefix="f2pypy-bench-") as folder:
        results = measure_all(Path(folder), pypy and str(Path(pypy).absolute()))
    report.write(results, FOLDER / "results.json")
    picture.draw(results.runs, PICTURE)
    print()
    print("\n".join(report.lines(results)))


if __name__ == "__main__":
    main()

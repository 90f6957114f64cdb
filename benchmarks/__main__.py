"""`make bench`: prepare, measure, report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import report
from benchmarks.prepare import ROOT, Prepared, prepare

FOLDER = Path(__file__).parent


def measure(prepared: Prepared) -> dict[str, object]:
    """Let pytest-benchmark time everything and return what it found."""
    raw = Path(prepared.folder, "raw.json")
    command = (
        sys.executable,
        "-m",
        "pytest",
        str(FOLDER),
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
        "no:xdist",
    )
    environment = {
        **os.environ,
        "F2PYPY_BENCH_FOLDER": prepared.folder,
        "PYTHONPATH": str(ROOT),
        "OPENBLAS_NUM_THREADS": "1",  # what is compared is the way to the library, not the library
    }
    subprocess.run([*command, *options], env=environment, cwd=ROOT, check=True)
    found: dict[str, object] = json.loads(raw.read_text())
    return found


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="f2pypy-bench-") as folder:
        prepared = prepare(Path(folder))
        raw = measure(prepared)
    results = report.read(
        raw, {"f2py": prepared.f2py_seconds, "f2pypy": prepared.f2pypy_seconds}
    )
    report.write(results, FOLDER / "results.json")
    print()
    print("\n".join(report.lines(results)))


if __name__ == "__main__":
    main()

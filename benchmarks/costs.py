"""The processor time of processes: starting, generating all of BLAS, importing it."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.prepare import ROOT, SIGNATURES, Failed, Prepared

TURNS = 7
# What a process runs; a cost is the difference to the one it is `above`.
PROCESSES = {
    "python": ("-c", ""),
    "import f2pypy": ("-c", "import f2pypy"),
    "f2pypy --help": ("-m", "f2pypy", "--help"),
    "f2pypy blas.pyf": ("-m", "f2pypy", str(SIGNATURES), "--quiet", "-o", "again.py"),
    "import numpy": ("-c", "import numpy"),
    "import numpy and f2pypy's module": ("-c", "import numpy, blas_f2pypy"),
    "import numpy and f2py's module": ("-c", "import numpy, {f2py_module}"),
}


@dataclass(frozen=True)
class Costs:
    """Seconds of processor time that each process took, turn by turn."""

    processes: dict[str, list[float]]

    def total(self, what: str) -> float:
        return statistics.median(self.processes[what])

    def above(self, what: str, base: str) -> float:
        pairs = zip(self.processes[what], self.processes[base], strict=True)
        return statistics.median(one - other for one, other in pairs)


def measure(prepared: Prepared) -> Costs:
    processes: dict[str, list[float]] = {what: [] for what in PROCESSES}
    for _ in range(TURNS):
        for what, words in PROCESSES.items():
            given = [
                word.replace("{f2py_module}", prepared.f2py_module) for word in words
            ]
            command = (sys.executable, *given)
            processes[what].append(usage_of(command, prepared.folder).processor)
    return Costs(processes)


@dataclass(frozen=True)
class Usage:
    """Seconds that a command took: on the clock, and of the processor with all that it started."""

    wall: float
    processor: float


def usage_of(command: tuple[str, ...], folder: str | Path) -> Usage:
    """Run a command that may use the programs beside it; Failed has what it said if it fails.

    Its Python keeps bytecode, as a user's does.
    """
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=said, stderr=said
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise Failed(f"{' '.join(command)}\n{said.read().decode()}")
    return Usage(wall, usage.ru_utime + usage.ru_stime)

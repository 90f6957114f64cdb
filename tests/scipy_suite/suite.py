"""Run the tests of one SciPy with the wheel's modules and with f2pypy's, side by side, and read what they gave."""

from __future__ import annotations

import concurrent.futures
import os
import statistics
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from release import SWAPPED, WHEEL, Release

CTYPES, NATIVE = "ctypes", "native"
CONTENDERS = (WHEEL, CTYPES, NATIVE)


@dataclass(frozen=True)
class Result:
    """What the tests of a subpackage gave: outcomes by name, and the CPU seconds of all processes in each round."""

    outcomes: dict[str, str]
    seconds: tuple[float, ...]

    def count(self, outcome: str) -> int:
        return sum(each == outcome for each in self.outcomes.values())


Results = Mapping[str, Result]


def run_side_by_side(
    release: Release, subpackage: str, contenders: Sequence[str], rounds: int
) -> dict[str, Result]:
    """Run the tests of a subpackage with all contenders at once, `rounds` times.

    Whatever else the machine does then slows all of them alike. A test that fails in one of the rounds has failed.
    """
    runs: dict[str, list[Result]] = {contender: [] for contender in contenders}
    for _ in range(rounds):
        with concurrent.futures.ThreadPoolExecutor(len(contenders)) as pool:
            results = pool.map(lambda each: run_tests(release, subpackage, each), contenders)  # fmt: skip
            for contender, result in zip(contenders, results, strict=True):
                runs[contender].append(result)
    return {contender: joined(each) for contender, each in runs.items()}


def run_tests(release: Release, subpackage: str, contender: str) -> Result:
    """Run the tests of a subpackage once, in one process."""
    folder = release.folder / "results" / contender
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / f"{subpackage}.xml"
    report.unlink(missing_ok=True)
    which = WHEEL if contender == WHEEL else SWAPPED
    command = [release.python, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["-c", release.folder / which / "pytest.ini", "--timeout=1800"]
    command += [f"--junit-xml={report}", "--pyargs", f"scipy.{subpackage}"]
    with report.with_suffix(".log").open("w") as log:
        process = subprocess.Popen(
            list(map(str, command)),
            cwd=folder,
            env={**os.environ, **environment(release, contender)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if not report.exists():
        raise SystemExit(f"pytest ended with {process.returncode}: {log.name}")
    return Result(read_outcomes(report), (used.ru_utime + used.ru_stime,))


def environment(release: Release, contender: str) -> dict[str, str]:
    """Return the variables under which a contender is found, with one thread for its BLAS."""
    folders = [release.folder / (WHEEL if contender == WHEEL else SWAPPED)]
    if contender == NATIVE:
        folders.append(release.compiler)
    return {
        "PYTHONPATH": os.pathsep.join(map(str, folders)),
        "PYTHONDONTWRITEBYTECODE": "",
        "F2PYPY_NATIVE": "",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


def read_outcomes(report: Path) -> dict[str, str]:
    """Return passed, failed, expected (to fail, and it did) or skipped for every test in a report of pytest's."""
    outcomes: dict[str, str] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        kinds = {child.get("type") or child.tag for child in case}
        if {child.tag for child in case} & {"failure", "error"}:
            outcomes[name] = "failed"
        elif "pytest.xfail" in kinds:
            outcomes.setdefault(name, "expected")
        else:
            skipped = any(child.tag == "skipped" for child in case)
            outcomes.setdefault(name, "skipped" if skipped else "passed")
    return outcomes


def joined(rounds: Sequence[Result]) -> Result:
    """Return one result of several rounds: a test that failed once has failed."""
    outcomes: dict[str, str] = {}
    for each in rounds:
        for name, outcome in each.outcomes.items():
            if outcomes.get(name) != "failed":
                outcomes[name] = outcome
    return Result(outcomes, tuple(used for each in rounds for used in each.seconds))


def summed(subpackages: Sequence[Results], contender: str) -> Result:
    """Return the result of all subpackages together."""
    results = [each[contender] for each in subpackages]
    outcomes = {name: each for one in results for name, each in one.outcomes.items()}
    rounds = zip(*(one.seconds for one in results), strict=True)
    return Result(outcomes, tuple(map(sum, rounds)))


def ratio(results: Results, contender: str) -> float:
    """Return the CPU time of a contender beside the wheel's: the median over the rounds."""
    pairs = zip(results[contender].seconds, results[WHEEL].seconds, strict=True)
    return statistics.median(used / wheel for used, wheel in pairs)


def lost(results: Results, contender: str) -> Iterator[str]:
    """Yield the names of the tests that pass with the wheel and not with a contender, nor fail as SciPy expects."""
    outcomes = results[contender].outcomes
    for name, outcome in results[WHEEL].outcomes.items():
        if outcome == "passed" and outcomes.get(name) not in ("passed", "expected"):
            yield name

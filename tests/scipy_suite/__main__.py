"""Runs SciPy's own tests with modules of f2pypy's in place of the ones that f2py made, and compares.

    python tests/scipy_suite [--python PYTHON] [--workers N] [--rounds N] [--only SUBPACKAGE]... [--tier TIER]...
        VERSION...

A version is a release such as 1.11.4, or `newest`. Everything is in build/scipy: what pip downloads, and for each
version an environment with the wheel's requirements, the folder `wheel` with SciPy as it is shipped, the folder
`f2pypy` with the same files but for the modules that f2py made, and the folder `compiler` with what native code needs:
f2pypy makes those modules from SciPy's signature files, and gfortran their libraries. All are tested in the same
environment: the wheel, the modules on ctypes alone, and the modules with llvmlite. Libraries are kept, modules are made
anew.

The three run side by side, a process each, so that whatever else a machine does costs all of them alike. For each
subpackage a row of a Markdown table is printed: the version, the subpackage, how many tests pass with each, the
wheel's CPU seconds (all processes, from start to end), and what the other two take beside it.

The exit status is 0 if every test that passes with the wheel passes with the modules, or fails as SciPy expects it to.
"""

from __future__ import annotations

import argparse
import sys

import modules
from release import WHEEL, Release, offer_native_code, prepare, replace_modules
from suite import (
    CONTENDERS,
    CTYPES,
    NATIVE,
    Results,
    lost,
    ratio,
    run_side_by_side,
    summed,
)


def main() -> int:
    arguments = read_arguments()
    print_headings(arguments.tier)
    found: list[str] = []
    for version in arguments.versions:
        release = prepare(version, arguments.python)
        offer_native_code(release)
        replace_modules(release, arguments.workers)
        found += compare(release, arguments)
    for line in found:
        print(line)
    return 1 if found else 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("versions", nargs="+")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", action="append", choices=modules.SUBPACKAGES)
    parser.add_argument("--tier", action="append", choices=(CTYPES, NATIVE))
    arguments = parser.parse_args()
    arguments.only = arguments.only or modules.SUBPACKAGES
    arguments.tier = arguments.tier or [CTYPES, NATIVE]
    return arguments


def compare(release: Release, arguments: argparse.Namespace) -> list[str]:
    """Test one SciPy, print the rows, and return a line for each test that passes with the wheel alone."""
    contenders = [each for each in CONTENDERS if each in (WHEEL, *arguments.tier)]
    every: list[Results] = []
    found = []
    for subpackage in arguments.only:
        results = run_side_by_side(release, subpackage, contenders, arguments.rounds)
        every.append(results)
        print_row(release.version, subpackage, results)
        found += [
            f"{release.version}, {tier}: {name}"
            for tier in arguments.tier
            for name in lost(results, tier)
        ]
    together = {contender: summed(every, contender) for contender in contenders}
    print_row(release.version, "all", together)
    return found


def print_headings(tiers: list[str]) -> None:
    columns = ["SciPy", "subpackage", "pass with the wheel"]
    columns += [f"pass, {tier}" for tier in tiers] + ["CPU of the wheel, s"]
    columns += [f"CPU, {tier}" for tier in tiers]
    print("|", " | ".join(columns), "|")
    print("|" + "---|" * len(columns), flush=True)


def print_row(version: str, subpackage: str, results: Results) -> None:
    seconds = sum(results[WHEEL].seconds) / len(results[WHEEL].seconds)
    row = [version, subpackage, *(each.count("passed") for each in results.values())]
    row += [f"{seconds:.0f}"]
    row += [f"{ratio(results, each):.2f}" for each in results if each != WHEEL]
    print("|", " | ".join(map(str, row)), "|", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())

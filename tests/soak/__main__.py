"""Calls every kind of the benchmark a million times, and shows that memory stays as it is.

    python tests/soak [--calls N] [--exceptions N] [--pypy PYTHON] [--only GROUP]... [--tier TIER]...

f2pypy builds the modules of `benchmarks/kinds`; each tier (ctypes alone, native code, PyPy) calls all of their kinds in
a process of its own. A callback is a call, and so is an element of an elemental function; a kind with a million numbers
is called a thousandth as often. `--exceptions` says how many callbacks raise an exception. For each group and tier a
row of a Markdown table is printed: how many kinds and calls, the most that one of its kinds left (blocks of Python's
memory, bytes of it on PyPy; bytes of the C library's heap; kB of the process), the largest change of a reference count
of what was given and of what came back, and the seconds of the calls.

The exit status is 1 if a kind leaves more than caches do; the rows after the table say which.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[1:1] = [str(ROOT), str(ROOT / "tests")]

from growth import Growth, Specification  # noqa: E402

from benchmarks.kinds.build import build_f2pypy  # noqa: E402
from benchmarks.kinds.table import GROUPS  # noqa: E402

COLUMNS = ("tier", "group", "kinds", "calls", "Python", "heap, bytes", "process, kB", "references", "s")  # fmt: skip


def main() -> int:
    arguments = read_arguments()
    tiers = arguments.tier or ["ctypes", "native", *(["pypy"] if arguments.pypy else [])]  # fmt: skip
    print("|", " | ".join(COLUMNS), "|")
    print("|" + "---|" * len(COLUMNS), flush=True)
    faults: list[str] = []
    with (
        tempfile.TemporaryDirectory(prefix="f2pypy-soak-") as name,
        concurrent.futures.ThreadPoolExecutor(arguments.workers) as pool,
    ):
        folder = Path(name)
        build_f2pypy(folder / "made", tiers)
        soaks = [pool.submit(soak_tier, folder, tier, arguments) for tier in tiers]
        for tier, soak in zip(tiers, soaks, strict=True):
            for row in rows(tier, soak.result()):
                print("|", " | ".join(row), "|", flush=True)
            faults += faults_of(tier, soak.result())
    for line in faults:
        print(line)
    return 1 if faults else 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--exceptions", type=int, default=100_000)
    parser.add_argument("--pypy", help="a PyPy with NumPy")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", action="append", choices=[each.name for each in GROUPS])  # fmt: skip
    parser.add_argument("--tier", action="append", choices=("ctypes", "native", "pypy"))
    return parser.parse_args()


def soak_tier(folder: Path, tier: str, arguments: argparse.Namespace) -> list[Growth]:
    """Call the kinds in a process of their own."""
    asked, answered = folder / f"{tier}-asked.json", folder / f"{tier}-answered.json"
    specification = Specification(
        tier, str(folder / tier), arguments.calls, arguments.exceptions, arguments.only or []
    )  # fmt: skip
    asked.write_text(json.dumps(asdict(specification)))
    python = Path(arguments.pypy).absolute() if tier == "pypy" else sys.executable
    paths = (ROOT, ROOT / "tests", os.environ.get("PYTHONPATH", ""))
    path = os.pathsep.join(str(each) for each in paths if each)
    command = [python, Path(__file__).with_name("growth.py"), asked, answered]
    done = subprocess.run(
        list(map(str, command)),
        env={**os.environ, "PYTHONPATH": path},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{tier} ended with {done.returncode}\n{done.stdout}{done.stderr[-4000:]}")  # fmt: skip
    return [Growth(**each) for each in json.loads(answered.read_text())]


def rows(tier: str, found: list[Growth]) -> Iterator[list[str]]:
    """Yield the rows of a tier: by group, of the kinds that could be called."""
    called = [each for each in found if not each.reason]
    for group, members in itertools.groupby(called, lambda each: each.group):
        yield row(tier, group, list(members))
    yield row(tier, "all", called)


def row(tier: str, group: str, found: list[Growth]) -> list[str]:
    counts = [count for each in found for count in each.references.values()]
    return [
        tier,
        group,
        str(len(found)),
        f"{sum(each.calls for each in found):,}",
        str(max((each.blocks for each in found), default=0)),
        str(max((each.heap for each in found), default=0)),
        f"{max((each.resident for each in found), default=0) / 1000:.0f}",
        str(max(counts, key=abs)) if counts else "-",
        f"{sum(each.seconds for each in found):.0f}",
    ]


def faults_of(tier: str, found: list[Growth]) -> Iterator[str]:
    """Yield a line for each kind that left something behind, and print those that could not be called."""
    for each in found:
        if each.reason:
            print(f"{tier}, {each.group}: {each.kind}: not called: {each.reason}")
        for fault in each.faults:
            yield f"{tier}, {each.group}: {each.kind}: {fault} after {each.calls} calls"


if __name__ == "__main__":
    raise SystemExit(main())

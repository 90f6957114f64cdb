"""Call the kinds very often under one interpreter: `python growth.py SPECIFICATION OUTPUT`.

Neither memory may grow, nor the reference counts of what is given and of what comes back. Runs on Python 3.9 as well.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from heap import bytes_in_use, resident_bytes

from benchmarks.kinds.clock import Contender, prepared
from benchmarks.kinds.table import GROUPS, Group, Kind
from benchmarks.timing import PYPY

# What may be left when everything has been collected: Python's and NumPy's caches fill as they go, and PyPy, which goes
# on compiling, takes half a megabyte at a time.
MOST_BLOCKS, MOST_HEAP = (4_000_000, 4_000_000) if PYPY else (100, 100_000)
MOST_RESIDENT = 8_000_000
MOST_REFERENCES = 2
LARGE = 1000  # a call with a million numbers takes as long as so many others


@dataclass(frozen=True)
class Specification:
    """What to do: the tier and the folder of its modules; how many calls; groups by name, all where empty."""

    tier: str
    folder: str
    calls: int
    exceptions: int
    groups: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Usage:
    """What a process uses when nothing is left to collect.

    `blocks` are Python's allocated blocks on CPython, bytes of its heap on PyPy; `heap` is the C library's and
    `resident` the system's count of bytes.
    """

    blocks: int
    heap: int
    resident: int


@dataclass(frozen=True)
class Growth:
    """What so many calls of a kind left behind; `references` by the name of what was given, or `answer`.

    `reason` says why the kind can't be called here, `faults` what has grown too much. Seconds are those of the thread.
    """

    group: str
    kind: str
    calls: int = 0
    blocks: int = 0
    heap: int = 0
    resident: int = 0
    references: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    reason: str = ""
    faults: list[str] = field(default_factory=list)


def usage() -> Usage:
    """Collect garbage, let Python forget the names by which it found attributes, and count."""
    for _ in range(3):  # PyPy's finalizers run between collections
        gc.collect()
    if PYPY:
        blocks = gc.get_stats()._s.total_gc_memory  # type: ignore[attr-defined]
    else:
        if sys.version_info < (3, 13):
            sys._clear_type_cache()
        blocks = sys.getallocatedblocks()
    return Usage(blocks, bytes_in_use(), resident_bytes())


def times(kind: Kind, given: Specification, group: str) -> int:
    """Return how often to run the statement of `kind`: callbacks and elements are calls too."""
    if group == "exceptions":
        return given.exceptions
    if group == "large":
        return max(1, given.calls // LARGE)
    return max(1, given.calls // min(kind.calls, 100))


def loop_over(kind: Kind, names: Mapping[str, Any]) -> Callable[[int], Any]:
    """Return what runs the statement of `kind` again and again, and returns the last answer of an expression."""
    try:
        compile(kind.statement, "kind", "eval")
        lines = [f"answer = {kind.statement}"]
    except SyntaxError:
        lines = kind.statement.splitlines()
    body = "".join(f"\n        {line}" for line in lines)
    text = f"def loop(times):\n    answer = None\n    for _ in range(times):{body}\n    return answer"  # fmt: skip
    made: dict[str, Any] = dict(names)
    exec(compile(text, kind.name, "exec"), made)
    return made["loop"]  # type: ignore[no-any-return]


def references(watched: Mapping[str, Any], answer: Any) -> dict[str, int]:
    """Return the reference counts of what is given and of an answer; none on PyPy, which has no such counts."""
    if PYPY:
        return {}
    counts = {name: sys.getrefcount(each) for name, each in watched.items()}
    if answer is None:  # everything refers to it
        return counts
    return {**counts, "the answer": sys.getrefcount(answer)}


def soak(kind: Kind, contender: Contender, count: int, group: str = "") -> Growth:
    """Call `kind` `count` times and say what that left behind; its answers are looked at before and after."""
    prepared(kind, contender)
    names = contender.names(kind)
    watched = {
        name: each
        for name, each in names.items()
        if name in compile(kind.statement, "kind", "exec").co_names
    }
    loop = loop_over(kind, names)
    for _ in range(5):
        answer = loop(max(4, count // 50))
    held = references(watched, answer)
    before, start = usage(), time.thread_time()
    answer = loop(count)
    seconds, after = time.thread_time() - start, usage()
    kept = references(watched, answer)
    prepared(kind, contender)
    counts = {name: kept[name] - held[name] for name in held}
    grown = (
        after.blocks - before.blocks,
        after.heap - before.heap,
        after.resident - before.resident,
    )
    return Growth(
        group, kind.name, count * kind.calls, *grown, counts, seconds,
        faults=faults(grown, counts),
    )  # fmt: skip


def faults(grown: tuple[int, int, int], counts: Mapping[str, int]) -> list[str]:
    """Say what has grown: the three sizes of `Usage`, and reference counts by name."""
    unit = "bytes" if PYPY else "blocks"
    blocks, heap, resident = grown
    limits = (
        (blocks, MOST_BLOCKS, f"{unit} of Python"),
        (heap, MOST_HEAP, "bytes of the heap"),
        (resident, MOST_RESIDENT, "bytes of the process"),
    )
    found = [f"{size} {what}" for size, most, what in limits if size > most]
    return found + [
        f"{count} references to {name}"
        for name, count in counts.items()
        if abs(count) > MOST_REFERENCES
    ]


def soak_group(group: Group, contender: Contender, given: Specification) -> list[Growth]:  # fmt: skip
    found = []
    for kind in group.kinds:
        try:
            found.append(soak(kind, contender, times(kind, given, group.name), group.name))  # fmt: skip
        except ImportError as failure:
            found.append(Growth(group.name, kind.name, reason=str(failure)))
    return found


def measure(given: Specification) -> list[Growth]:
    contender = Contender(given.tier, given.folder)
    return [
        growth
        for group in GROUPS
        if group.name in given.groups or not given.groups
        for growth in soak_group(group, contender, given)
    ]


if __name__ == "__main__":
    specification = Specification(**json.loads(Path(sys.argv[1]).read_text()))
    found = [asdict(each) for each in measure(specification)]
    Path(sys.argv[2]).write_text(json.dumps(found))

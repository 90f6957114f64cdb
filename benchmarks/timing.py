"""Time statements side by side, by the processor time of the thread; runs on Python 3.9 as well.

What other processes do to the wall clock is then not in the figures. A slice is so many runs of a statement that they
take half a millisecond. Contenders take turns, slice by slice, so that a ratio is of slices that follow one another.
"""

from __future__ import annotations

import sys
import time
import timeit
from collections.abc import Mapping
from typing import Any

PYPY = sys.implementation.name == "pypy"
SLICE_SECONDS = 5e-4
ROUNDS = 25
WARM_SECONDS = 0.25  # until PyPy's compiler has done what it will
MOST_RUNS = 1 << 20


def timer(statement: str, names: Mapping[str, Any]) -> timeit.Timer:
    """Return what times `statement`, whose names are `names`."""
    # timeit turns the collector off, after which PyPy frees no array: memory grows by gigabytes
    setup = "import gc; gc.enable()" if PYPY else "pass"
    return timeit.Timer(statement, setup, globals=dict(names), timer=time.thread_time)


def runs_of(timer: timeit.Timer, slice_seconds: float = SLICE_SECONDS) -> int:
    """Return how many runs take a slice, with the code as warm as it gets."""
    warm = WARM_SECONDS if PYPY else slice_seconds
    timer.timeit(1)  # the first run may find the routine and compile what calls it
    runs = 1
    spent = 0.0
    while True:
        taken = timer.timeit(runs)
        spent += taken
        if (taken >= slice_seconds and spent >= warm) or runs >= MOST_RUNS:
            return max(1, round(runs * min(1.0, slice_seconds / taken)))
        if taken < slice_seconds:
            runs *= 2 if taken > slice_seconds / 3 else 4


def slices_in_turn(
    timers: Mapping[str, timeit.Timer], runs: Mapping[str, int], rounds: int
) -> dict[str, list[float]]:
    """Return the seconds that a run took in each of `rounds` slices, by the contenders of `timers`."""
    slices: dict[str, list[float]] = {name: [] for name in timers}
    for turn in range(rounds):
        # backwards every other time: who comes second finds the arrays in the cache
        for name in [*timers][:: -1 if turn % 2 else 1]:
            slices[name].append(timers[name].timeit(runs[name]) / runs[name])
    return slices

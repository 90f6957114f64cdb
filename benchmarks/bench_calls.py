"""Time every call of the table, contender after contender, round after round."""

from __future__ import annotations

import functools
import itertools
import os
import timeit
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.calls import CALLS, REPEATS, Call, arguments
from benchmarks.contenders import CONTENDERS, PYPY, contenders_here
from benchmarks.prepare import Prepared

TURNS = int(os.environ.get("F2PYPY_BENCH_TURNS", "15"))
SAMPLES = 5  # within one turn, of which the smallest is kept
WARM_CALLS = 20_000  # after which PyPy has compiled what it ever will


def interleaved() -> Iterator[tuple[Call, int, int, str]]:
    """Yield call, size, turn and contender, so that what is compared is measured side by side."""
    names = contenders_here()
    for call in CALLS:
        for size, turn in itertools.product(call.sizes, range(TURNS)):
            # backwards every other time: who comes second finds the arrays in the cache
            for contender in names[:: -1 if turn % 2 else 1]:
                yield call, size, turn, contender


@functools.lru_cache(maxsize=1)
def shared_arguments(call: Call, size: int) -> dict[str, Any]:
    return arguments(call, size)


@functools.lru_cache(maxsize=2 * len(CONTENDERS))
def warm_timer(
    prepared: Prepared, call: Call, size: int, contender: str
) -> timeit.Timer | None:
    """Return the timer of all turns, as PyPy compiles each one's loop anew; None where there is nothing to call."""
    arrays = shared_arguments(call, size)
    statement = CONTENDERS[contender].state(prepared, call, arrays)
    if statement is None:
        return None
    timer = timeit.Timer(statement.source, globals=statement.names)
    if PYPY and REPEATS[size] >= 100:
        timer.timeit(WARM_CALLS)
    return timer


@pytest.mark.parametrize(
    ("call", "size", "turn", "contender"),
    [
        pytest.param(*each, id=f"{each[0].routine}-{each[1]}-{each[2]}-{each[3]}")
        for each in interleaved()
    ],
)
def bench_call(
    call: Call,
    size: int,
    turn: int,
    contender: str,
    prepared: Prepared,
    benchmark: BenchmarkFixture,
) -> None:
    timer = warm_timer(prepared, call, size, contender)
    if timer is None:
        pytest.skip(f"{contender} has no {call.routine}")
    repeats = REPEATS[size]
    benchmark.extra_info.update(
        kind="call",
        routine=call.routine,
        size=size,
        turn=turn,
        contender=contender,
        repeats=repeats,
    )
    # pytest-benchmark's own loop calls with *args, **kwargs, which costs as much as the fastest call does
    slow = size == max(call.sizes) and len(call.sizes) > 1
    benchmark.pedantic(
        timer.timeit,
        args=(repeats,),
        rounds=2 if slow else SAMPLES,
        iterations=1,
        warmup_rounds=1,
    )

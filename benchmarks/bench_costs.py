"""Time what surrounds the calls: starting, generating, importing; and look for hidden copies."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.calls import CALLS, Call, arguments, result_bytes
from benchmarks.contenders import f2pypy
from benchmarks.prepare import ROOT, SIGNATURES, Prepared

TURNS = int(os.environ.get("F2PYPY_BENCH_TURNS", "15"))
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


@pytest.mark.parametrize(
    ("turn", "what"),
    [
        pytest.param(turn, what, id=f"{turn}-{what}")
        for turn in range(TURNS)
        for what in PROCESSES
    ],
)
def bench_process(
    turn: int, what: str, prepared: Prepared, benchmark: BenchmarkFixture
) -> None:
    words = [
        word.replace("{f2py_module}", prepared.f2py_module) for word in PROCESSES[what]
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    benchmark.extra_info.update(kind="process", what=what, turn=turn)
    benchmark.pedantic(
        subprocess.run,
        args=([sys.executable, *words],),
        kwargs={
            "cwd": prepared.folder,
            "env": environment,
            "check": True,
            "stdout": subprocess.DEVNULL,
        },
        rounds=1,
        iterations=1,
    )


@pytest.mark.parametrize(
    "call", [pytest.param(each, id=each.routine) for each in CALLS]
)
def bench_hidden_copies(
    call: Call, prepared: Prepared, benchmark: BenchmarkFixture
) -> None:
    """Record how many bytes a call of the largest size has at once beyond its result."""
    size = max(call.sizes)
    statement = f2pypy(prepared, call, arguments(call, size))
    code = compile(statement.source, "call", "eval")
    eval(code, statement.names)  # the first call binds the symbol
    tracemalloc.start()
    eval(code, statement.names)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    beyond = peak - result_bytes(call, size)
    benchmark.extra_info.update(
        kind="copies", routine=call.routine, size=size, bytes=beyond
    )
    benchmark.pedantic(eval, args=(code, statement.names), rounds=1, iterations=1)

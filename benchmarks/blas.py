"""Time the calls of BLAS under one interpreter: `python -m benchmarks.blas FOLDER OUTPUT`."""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.calls import CALLS, Call, arguments, result_bytes
from benchmarks.contenders import CONTENDERS, contenders_here, f2pypy
from benchmarks.prepare import Prepared, load
from benchmarks.timing import PYPY, ROUNDS, runs_of, slices_in_turn, timer

FEWER_ROUNDS = 5  # of what takes milliseconds
SLOW_SECONDS = 5e-3
GENERATED = ("f2py", "f2pypy", "native")  # whose results must be the same


def time_call(prepared: Prepared, call: Call, size: int) -> dict[str, Any]:
    """Return the seconds of every slice, by contender."""
    check_answers(prepared, call, size)
    arrays = arguments(call, size)
    timers = {}
    for name in contenders_here():
        statement = CONTENDERS[name].state(prepared, call, arrays)
        if statement is not None:
            timers[name] = timer(statement.source, statement.names)
    runs = {name: runs_of(each) for name, each in timers.items()}
    slow = max(each.timeit(1) for each in timers.values()) > SLOW_SECONDS
    slices = slices_in_turn(timers, runs, FEWER_ROUNDS if slow else ROUNDS)
    return {"routine": call.routine, "size": size, "slices": slices}


def check_answers(prepared: Prepared, call: Call, size: int) -> None:
    """Compare what the modules return for the same arguments, each with its own copy of them."""
    answers = {}
    for name in GENERATED:
        if name in contenders_here():
            statement = CONTENDERS[name].state(prepared, call, arguments(call, size))
            if statement is not None:
                answers[name] = eval(statement.source, dict(statement.names))
    expected = answers["f2py"]
    for name, answer in answers.items():
        if not np.allclose(answer, expected, rtol=1e-12):
            raise AssertionError(
                f"{call.routine} of size {size}: {name} gives {answer}, f2py {expected}"
            )


def hidden_bytes(prepared: Prepared, call: Call) -> int:
    """Return how many bytes a call of the largest size has at once beyond its result."""
    import tracemalloc  # which PyPy lacks

    size = max(call.sizes)
    statement = f2pypy(prepared, call, arguments(call, size))
    code = compile(statement.source, "call", "eval")
    eval(code, statement.names)  # the first call binds the symbol
    tracemalloc.start()
    eval(code, statement.names)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak - result_bytes(call, size)


def processor() -> str:
    """Return the name that the system gives the processor."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def measure(prepared: Prepared) -> dict[str, Any]:
    calls = []
    for call in CALLS:
        for size in call.sizes:
            calls.append(time_call(prepared, call, size))
            print(".", end="", flush=True, file=sys.stderr)
    print(file=sys.stderr)
    return {
        "machine": {
            "interpreter": f"{platform.python_implementation()} {platform.python_version()}",
            "numpy": f"NumPy {np.__version__}",
            "cpu": processor(),
            "system": f"{platform.system()} {platform.release()}",
        },
        "calls": calls,
        "hidden_bytes": {}
        if PYPY
        else {call.routine: hidden_bytes(prepared, call) for call in CALLS},
    }


if __name__ == "__main__":
    folder, output = sys.argv[1:]
    sys.path.insert(0, folder)
    os.chdir(folder)
    Path(output).write_text(json.dumps(measure(load(folder))))

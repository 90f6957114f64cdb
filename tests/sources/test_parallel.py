"""Threads that Fortran starts, as OpenMP does, and that call Python; threads that are left behind by a fork."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import warnings
from typing import Any

import pytest

PATIENCE = 60


def test_threads_of_openmp_call_python(parallel: Any) -> None:
    seen = set()

    def f(k: int) -> float:
        seen.add(threading.get_ident())
        return float(k)

    assert parallel.parallel_sum(f, 200) == 20100
    assert threading.get_ident() in seen


def test_arguments_that_only_openmp_has(parallel: Any) -> None:
    assert parallel.conditional(4) == (8, 3)


def test_what_they_raise_arrives(parallel: Any) -> None:
    def fail(k: int) -> float:
        raise KeyError(int(k))

    for _ in range(3):
        with pytest.raises(KeyError):
            parallel.parallel_sum(fail, 100)
    assert parallel.parallel_sum(lambda k: 1.0, 100) == 100


def test_an_interrupt_before_python_is_called(
    parallel: Any, interrupting: list[Any]
) -> None:
    for _ in range(10):
        with pytest.raises(KeyboardInterrupt):
            parallel.interrupted_call(interrupting.append)
    assert parallel.parallel_sum(lambda k: 1.0, 10) == 10


def test_they_call_python_by_name(parallel: Any) -> None:
    with pytest.raises(parallel.error, match=r"^cb: Callback report not defined"):
        parallel.report_all(8)
    seen: list[int] = []
    parallel.report = lambda k: seen.append(int(k))
    try:
        parallel.report_all(40)
        assert sorted(seen) == list(range(1, 41))
        parallel.report = lambda k: {}[int(k)]
        with pytest.raises(KeyError):
            parallel.report_all(40)
    finally:
        del parallel.report


def test_they_do_not_wait_for_the_call_that_waits_for_them(parallel: Any) -> None:
    outcomes = set()

    def call_the_library(k: int) -> float:
        try:
            outcomes.add(parallel.twice(k) == 2 * k)
        except RuntimeError as failure:
            outcomes.add("started, as OpenMP does, can't call" in str(failure))
        return 1.0

    assert parallel.parallel_sum(call_the_library, 100) == 100
    assert outcomes == {True}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system doesn't fork")
def test_a_fork_while_another_thread_is_in_fortran(threads: Any) -> None:
    worker = threading.Thread(target=threads.run_for, args=(1.0,), daemon=True)
    worker.start()
    time.sleep(0.3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        right = threads.shared_state.fill_and_add(2.0) == 128
        threads.shared_state.series = [1.0, 2.0]
        os._exit(0 if right else 1)
    end = time.monotonic() + PATIENCE
    done, status = os.waitpid(child, os.WNOHANG)
    while not done and time.monotonic() < end:
        time.sleep(0.05)
        done, status = os.waitpid(child, os.WNOHANG)
    if not done:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert done, "the child waits for the library"
    assert status == 0
    worker.join(PATIENCE)
    assert threads.shared_state.fill_and_add(1.0) == 64


def test_a_fork_in_a_callback(threads: Any) -> None:
    """The thread that forks is the one that the child has: it goes on in both."""
    if not hasattr(os, "fork"):
        pytest.skip("this system doesn't fork")

    def fork(x: float) -> float:
        child = os.fork() if x == 2 else 1
        if not child:
            assert threads.shared_state.fill_and_add(2.0) == 128
            children.append(os.getpid())
        elif x == 2:
            children.append(os.waitpid(child, 0)[1])
        return x

    children: list[int] = []
    parent = os.getpid()
    sys.stdout.flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            total = threads.sum_of(fork, 4)
        finally:
            if os.getpid() != parent:
                os._exit(0 if total == 10 else 1)
    assert total == 10
    assert children == [0]

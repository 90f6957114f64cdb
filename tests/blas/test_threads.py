"""Calls at the same time, and calls within calls: no argument of one may get into another."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import blas_libraries
import numpy as np
import pytest

THREADS = 8
ROUNDS = 150


@pytest.fixture(scope="module")
def module(load_blas: Any) -> ModuleType:
    return load_blas(blas_libraries.fullest())


def test_threads_do_not_mix(module: ModuleType) -> None:
    start = threading.Barrier(THREADS)

    def work(number: int) -> None:
        n = number + 2
        x, y = np.arange(1.0, n + 1), np.full(n, float(number))
        a = np.asfortranarray(np.arange(float(n * n)).reshape(n, n))
        start.wait(60)
        for _ in range(ROUNDS):
            assert module.ddot(x, y) == number * n * (n + 1) / 2
            assert module.zdotc(1j * x, y) == -1j * number * n * (n + 1) / 2
            assert np.array_equal(
                module.dgemm(1.0, a, a, trans_a=number % 3),
                (a.T if number % 3 else a) @ a,
            )
            assert np.array_equal(
                module.dgemv(number, a, x, trans=1), number * (a.T @ x)
            )
            assert np.array_equal(module.daxpy(x, np.zeros(n), a=number), number * x)
            assert module.idamax(x) == n - 1

    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work, number) for number in range(THREADS)]:
            done.result(120)


def test_first_call_in_every_thread(load_blas: Any) -> None:
    """Symbols are bound on first use: by many threads at once."""
    path = Path(load_blas(blas_libraries.fullest()).__file__)
    fresh = blas_libraries.load(path, blas_libraries.fullest().find())
    start = threading.Barrier(THREADS)

    def first() -> float:
        start.wait(60)
        return fresh.dnrm2(np.array([3.0, 4.0]))

    with ThreadPoolExecutor(THREADS) as pool:
        assert {
            done.result(120) for done in [pool.submit(first) for _ in range(THREADS)]
        } == {5.0}


class Calling:
    """A sequence that calls BLAS while it is being converted to an argument of BLAS."""

    def __init__(self, module: ModuleType, depth: int) -> None:
        self.module, self.depth = module, depth

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        inner = [1.0, 2.0] if self.depth == 0 else Calling(self.module, self.depth - 1)
        return np.array([self.module.ddot(inner, [1.0, 1.0]), 1.0], dtype)


class Count:
    """An integer that calls BLAS while it is being converted."""

    def __init__(self, module: ModuleType) -> None:
        self.module = module

    def __int__(self) -> int:
        return (
            int(self.module.ddot([1.0, 1.0, 1.0], [5.0, 5.0, 5.0], n=1, offx=2, offy=1))
            - 3
        )

    __index__ = __int__


def test_calls_within_conversions(module: ModuleType) -> None:
    assert module.ddot(Calling(module, 3), [1.0, 10.0]) == 6 + 10
    assert module.ddot([1.0, 10.0, 100.0], [1.0, 1.0, 1.0], n=Count(module)) == 11.0


def test_failed_calls_leave_nothing_behind(module: ModuleType) -> None:
    x = np.ones(3)
    for _ in range(50):
        for fault in (
            {"n": 4},
            {"incx": 0},
            {"offx": 9},
            {"n": 2**40},
            {"incx": 2**40, "n": 1},
        ):
            with pytest.raises(
                (OverflowError, getattr(module, "error", OverflowError))
            ):
                module.ddot(x, x, **fault)
        assert module.ddot(x, x) == 3.0

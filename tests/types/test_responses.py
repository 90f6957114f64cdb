"""What Python functions return to Fortran as results: complex numbers, logicals, characters and arrays."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest

Load = Callable[[str], ModuleType]


def test_complex_results(types_module: Load) -> None:
    m = types_module("responses").responses
    assert m.twice(lambda w: w + 1j, 1.5) == 4.5 + 2j
    assert m.twice(lambda _: 3, 1.5) == 6
    assert m.twice(lambda _: np.float32(0.5), 1.5) == 1
    assert m.twice(lambda _: np.array(1 - 2j), 1.5) == 2 - 4j
    assert m.old(lambda w: w - 2j, 1.0) == 1 - 2j
    assert m.valued(lambda a, z: z - a) == 1 + 3j
    numbers = np.array([1 + 2j, 3 + 4j], "complex64")
    assert m.total(lambda w: w.sum(), numbers) == 8 + 12j
    # other calls and threads don't disturb a result
    assert m.twice(lambda w: m.twice(lambda v: v * 1j, w), 1.0) == 9j
    for i in range(2000):
        assert m.twice(lambda w, i=i: complex(w, i), 1.0) == 3 + 2j * i


def test_complex_results_that_are_none(types_module: Load) -> None:
    m = types_module("responses").responses
    with pytest.raises(TypeError, match="failed in converting return_value"):
        m.twice(lambda _: "a", 1.0)
    with pytest.raises(ZeroDivisionError):
        m.twice(lambda _: 1 / 0, 1.0)
    with pytest.warns(RuntimeWarning, match="did not provide return value"):
        assert m.old(lambda _: None, 1.0) == 0
    with pytest.raises(
        Exception,
        match="returns a complex number and has 7 arguments: Python can return one from at most 6",
    ):
        m.manies(lambda *given: sum(given))
    refusal = "has arguments by value that don't lie in registers: Python can't"
    with pytest.raises(Exception, match=refusal):
        m.wides(lambda _a, _b, _c, _d, e: e)
    with pytest.raises(Exception, match=refusal):
        m.extendeds(lambda a: complex(a))
    assert m.fulls(lambda a, _b, _c, d: a + d) == 8 + 10j


def test_as_many_arguments_as_there_are_registers(types_module: Load) -> None:
    """Python leaves a complex result in memory, whose address is one argument more."""
    m = types_module("responses").responses
    assert m.sixes(lambda a, b, c, d, e, p: complex(a + b + c + d + e, p)) == 15 + 6j
    assert (
        m.mixtures(lambda i, a, j, k, z, last: z * (i + a + j + k + last)) == 85 + 102j
    )


def test_an_exception_ends_complex_callbacks(types_module: Load) -> None:
    """Fortran goes on with zeros; the next call has nothing to do with it."""
    m = types_module("responses").responses
    called = []

    def fail_at_3(w: float) -> complex:
        called.append(w)
        if w == 3:
            raise LookupError(w)
        return w * 1j

    for _ in range(100):
        with pytest.raises(LookupError, match=r"3\.0"):
            m.summed(fail_at_3, 50)
        assert called == [1, 2, 3]
        called.clear()
        assert m.summed(lambda w: w + 2j, 4) == 10 + 8j


def test_an_interrupt_before_a_complex_result(types_module: Load) -> None:
    """What the signal handler raises is raised by the call, whatever lies in the registers."""
    m = types_module("responses").responses
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        for _ in range(20):
            with pytest.raises(KeyboardInterrupt):
                m.interrupted(lambda w: w + 1j)
            assert m.twice(lambda w: w + 1j, 1.5) == 4.5 + 2j
    finally:
        signal.signal(signal.SIGINT, handler)


def test_a_component_that_points_to_a_complex_function(types_module: Load) -> None:
    m = types_module("responses").responses
    filtered = m.filter()
    filtered.h = lambda w: 3 + 4j * w
    assert filtered.gain(1.0) == 5
    assert filtered.h(2.0) == 3 + 8j


def test_other_results(types_module: Load) -> None:
    m = types_module("responses").responses
    assert m.count_true(lambda x: x > 2, 4) == 2
    assert m.count_true(lambda _: np.True_, 4) == 4
    assert m.labels(lambda i: f"a{i}", 7) == b"a7"
    assert m.spectra(lambda n, w: np.array([1j, w, n]), 3).tolist() == [1j, 2, 3]
    assert m.bigs(lambda _: 2**40) == 2**40

"""ARPACK by reverse communication: eigenvalues against NumPy's, on CPython and PyPy, and against SciPy's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

N, COUNT = 60, 4


def matrix(kind: str) -> np.ndarray:
    random = np.random.RandomState(7)
    a = random.standard_normal((N, N))
    if kind == "symmetric":
        return a + a.T
    if kind == "complex":
        return a + 1j * random.standard_normal((N, N))
    return a


def largest(values: np.ndarray, count: int) -> np.ndarray:
    return values[np.argsort(-np.abs(values))][:count]


@pytest.mark.parametrize("which", ["LM", "LA", "SA", "BE"])
def test_symmetric(arpack: Any, demo: Any, which: str) -> None:
    a = matrix("symmetric")
    values, vectors = demo.symmetric(arpack, lambda x: a @ x, N, COUNT, which)
    every = np.linalg.eigvalsh(a)
    expected = {
        "LM": np.sort(largest(every, COUNT)),
        "LA": every[-COUNT:],
        "SA": every[:COUNT],
        "BE": np.concatenate([every[: COUNT // 2], every[-COUNT // 2 :]]),
    }[which]
    assert np.allclose(values, expected, rtol=1e-10, atol=1e-10)
    assert np.allclose(a @ vectors, vectors * values, atol=1e-9)
    assert np.allclose(vectors.T @ vectors, np.eye(COUNT), atol=1e-9)


@pytest.mark.parametrize("which", ["LM", "LR", "SR"])
def test_general(arpack: Any, demo: Any, which: str) -> None:
    a = matrix("general")
    values, vectors = demo.general(arpack, lambda x: a @ x, N, COUNT, which)
    every = np.linalg.eigvals(a)
    measure = {"LM": -np.abs(every), "LR": -every.real, "SR": every.real}[which]
    extreme = every[np.argsort(measure)][: len(values) + 1]
    assert len(values) >= COUNT
    assert all(np.abs(extreme - value).min() < 1e-9 for value in values)
    assert np.allclose(a @ vectors, vectors * values, atol=1e-8)


@pytest.mark.parametrize("which", ["LM", "LI"])
def test_complex(arpack: Any, demo: Any, which: str) -> None:
    a = matrix("complex")
    values, vectors = demo.complex_general(arpack, lambda x: a @ x, N, COUNT, which)
    every = np.linalg.eigvals(a)
    measure = {"LM": -np.abs(every), "LI": -np.abs(every.imag)}[which]
    extreme = every[np.argsort(measure)][: COUNT + 1]
    assert all(np.abs(every - value).min() < 1e-9 for value in values)
    if which == "LM":
        assert np.allclose(
            np.sort(np.abs(values)), np.sort(np.abs(extreme[:COUNT])), atol=1e-9
        )
    assert np.allclose(a @ vectors, vectors * values, atol=1e-8)


def test_against_scipy(arpack: Any, demo: Any) -> None:
    linalg = pytest.importorskip("scipy.sparse.linalg", reason="scipy is the oracle")
    a = matrix("symmetric")
    values, _ = demo.symmetric(arpack, lambda x: a @ x, N, COUNT, "LM")
    expected = linalg.eigsh(a, COUNT, which="LM", return_eigenvectors=False)
    assert np.allclose(values, np.sort(expected), rtol=1e-10)


def test_one_iteration_after_the_other(arpack: Any, demo: Any) -> None:
    """What ARPACK keeps for itself between calls belongs to the iteration that began last."""
    a, b = matrix("symmetric"), matrix("general")
    first = demo.symmetric(arpack, lambda x: a @ x, N, COUNT)[0]
    demo.general(arpack, lambda x: b @ x, N, COUNT)
    again = demo.symmetric(arpack, lambda x: a @ x, N, COUNT)[0]
    assert np.allclose(again, first, rtol=1e-10)


def step(demo: Any, **replaced: Any) -> list[Any]:
    """The arguments of a first call of dsaupd, some of them replaced."""
    state = demo.Iteration(N, COUNT, np.float64, lambda ncv: ncv * (ncv + 8), 11)
    names = ("v", "iparam", "ipntr", "workd", "workl")
    given = {
        "ido": 0, "bmat": "I", "which": "LM", "nev": COUNT, "tol": 0.0,
        "resid": state.resid, **dict(zip(names, state.arrays)), "info": 0,  # noqa: B905
    }  # fmt: skip
    return list({**given, **replaced}.values())


REFUSED = {
    "wrong type": ({"resid": np.zeros(N, np.float32)}, "expected elsize=8 but got 4"),
    "rows first": ({"v": np.zeros((N, 20))}, "input not fortran contiguous"),
    "a list": ({"iparam": [0] * 11}, "input 'list' object is not an array"),
    "too many": ({"nev": N}, "0<nev && nev<n"),
    "no problem of this kind": ({"bmat": "X"}, "bmat"),
    "too few columns": ({"v": np.zeros((N, COUNT), order="F")}, "nev<ncv && ncv<=n"),
    "workspace": ({"workl": np.zeros(30)}, "lworkl>=ncv*(ncv+8)"),
    "pointers": (
        {"ipntr": np.zeros(10, np.intc)},
        "0-th dimension must be fixed to 11",
    ),
    "stage": ({"ido": 7}, "ido==99"),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_refused(arpack: Any, demo: Any, case: str) -> None:
    replaced, text = REFUSED[case]
    with pytest.raises((ValueError, TypeError, arpack.error)) as refusal:
        arpack.dsaupd(*step(demo, **replaced))
    assert text in str(refusal.value)


def test_failure_is_reported_by_info(arpack: Any, demo: Any) -> None:
    iparam = np.zeros(11, np.intc)
    iparam[[0, 2, 6]] = 1, 0, 1  # no iteration allowed
    ido, _, info = arpack.dsaupd(*step(demo, iparam=iparam))
    assert (ido, info) == (99, -4)
    ido, _, info = arpack.dsaupd(*step(demo, which="??"))
    assert (ido, info) == (99, -5)


def test_results_of_a_step(arpack: Any, demo: Any) -> None:
    arguments = step(demo)
    ido, tol, info = arpack.dsaupd(*arguments)
    resid, ipntr = arguments[5], arguments[8]
    assert (ido, info) == (-1, 0)
    assert 0 < tol < 1e-12
    assert ipntr[:2].tolist() == [1, N + 1]
    assert resid.any()

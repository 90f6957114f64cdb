"""The routines' work against NumPy's linear algebra: no SciPy, so that the same tests run on PyPy."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import blas_libraries
import lapack_libraries
import numpy as np
import pytest
from blas_routines import DTYPES
from lapack_calls import Matrices
from lapack_routines import BY_NAME

LETTERS = "sdcz"
TOLERANCE = {"s": 3e-4, "d": 1e-11, "c": 3e-4, "z": 1e-11}

each_kind = pytest.mark.parametrize(
    "kind", lapack_libraries.KINDS, ids=lambda kind: kind.name
)
each_letter = pytest.mark.parametrize("letter", LETTERS)


class Case:
    """The routines of one type in one library, matrices for them, and how close their answers must come."""

    def __init__(self, module: ModuleType, letter: str) -> None:
        self.module, self.letter = module, letter
        self.matrices = Matrices(DTYPES[letter], letter)
        self.hermitian = "he" if letter in "cz" else "sy"
        self.unitary = "un" if letter in "cz" else "or"

    def __call__(self, family: str, *arguments: Any, **named: Any) -> Any:
        """Call the routine; LAPACK must have succeeded. Returns its results without info."""
        *results, info = getattr(self.module, self.letter + family)(*arguments, **named)
        assert info == 0
        return results

    def same(self, got: Any, expected: Any) -> None:
        tolerance = TOLERANCE[self.letter]
        np.testing.assert_allclose(got, expected, rtol=tolerance, atol=tolerance)


@pytest.fixture
def case(load_lapack: Any, kind: blas_libraries.LibraryKind, letter: str) -> Case:
    return Case(load_lapack(kind), letter)


def of_factors(lu: np.ndarray, piv: np.ndarray) -> np.ndarray:
    """The matrix that getrf factored."""
    product = (np.tril(lu, -1) + np.eye(len(lu))) @ np.triu(lu)
    for row in reversed(range(len(piv))):
        product[[row, piv[row]]] = product[[piv[row], row]]
    return product


@each_kind
@each_letter
def test_general_systems(case: Case) -> None:
    a, b = case.matrices.general(5), case.matrices.array(5, 2)
    lu, piv, x = case("gesv", a, b)
    case.same(x, np.linalg.solve(a, b))
    case.same(of_factors(lu, piv), a)
    lu, piv = case("getrf", a)
    for trans, operand in enumerate((a, a.T, a.conj().T)):
        case.same(case("getrs", lu, piv, b, trans)[0], np.linalg.solve(operand, b))
    case.same(case("getri", lu, piv)[0], np.linalg.inv(a))
    norm = np.abs(a).sum(axis=0).max()
    (rcond,) = case("gecon", lu, norm)
    assert 0 < rcond <= 1.0001


@each_kind
@each_letter
def test_a_singular_matrix_is_reported(case: Case) -> None:
    gesv = getattr(case.module, case.letter + "gesv")
    assert gesv(case.matrices.ones(3, 3), case.matrices.ones(3, 1))[-1] == 2


@each_kind
@each_letter
def test_positive_definite_systems(case: Case) -> None:
    a, b = case.matrices.positive(5), case.matrices.array(5, 2)
    for lower in (0, 1):
        (c,) = case("potrf", a, lower)
        case.same(c @ c.conj().T if lower else c.conj().T @ c, a)
        other = np.triu(c, 1) if lower else np.tril(c, -1)
        assert not other.any()
        uncleaned = np.asarray(case("potrf", a, lower, 0)[0])
        triangle = np.triu if lower else np.tril
        k = 1 if lower else -1
        case.same(triangle(uncleaned, k), triangle(a, k))
        case.same(case("potrs", c, b, lower)[0], np.linalg.solve(a, b))
        case.same(case("posv", a, b, lower)[1], np.linalg.solve(a, b))
        (inverse,) = case("potri", c, lower)
        case.same(
            np.tril(inverse) if lower else np.triu(inverse),
            np.tril(np.linalg.inv(a)) if lower else np.triu(np.linalg.inv(a)),
        )


@each_kind
@each_letter
def test_symmetric_systems(case: Case) -> None:
    b = case.matrices.array(5, 2)
    for lower in (0, 1):
        a = (case.matrices.symmetric(5) + 9 * np.eye(5)).astype(case.matrices.dtype)
        case.same(case("sysv", a, b, lower=lower)[2], np.linalg.solve(a, b))
        h = (case.matrices.hermitian(5) + 9 * np.eye(5)).astype(case.matrices.dtype)
        *_, x = case(case.hermitian + "sv", h, b, lower=lower)
        case.same(x, np.linalg.solve(h, b))


@each_kind
@each_letter
def test_triangular_systems(case: Case) -> None:
    a, b = case.matrices.solvable(4), case.matrices.array(4, 3)
    for lower in (0, 1):
        triangle = np.tril(a) if lower else np.triu(a)
        for trans, operand in enumerate((triangle, triangle.T, triangle.conj().T)):
            (x,) = case("trtrs", a, b, lower, trans)
            case.same(x, np.linalg.solve(operand, b))
        (inverse,) = case("trtri", a, lower)
        case.same(
            np.tril(inverse) if lower else np.triu(inverse), np.linalg.inv(triangle)
        )


@each_kind
@each_letter
def test_band_systems(case: Case) -> None:
    n = 6
    b = case.matrices.array(n, 2)
    dl, d, du = (case.matrices.array(k) for k in (n - 1, n, n - 1))
    d = (d + 5).astype(d.dtype)
    full = np.diag(d) + np.diag(du, 1) + np.diag(dl, -1)
    case.same(case("gtsv", dl, d, du, b)[3], np.linalg.solve(full, b))
    ab = np.zeros((4, n), case.matrices.dtype, order="F")
    ab[1, 1:], ab[2], ab[3, :-1] = du, d, dl
    *_, x = case("gbsv", 1, 1, ab, b)
    case.same(x, np.linalg.solve(full, b))
    real = np.abs(d) + 4
    positive = np.diag(real).astype(d.dtype) + np.diag(dl, -1) + np.diag(dl.conj(), 1)
    case.same(case("ptsv", real, dl, b)[2], np.linalg.solve(positive, b))
    ab = np.zeros((2, n), case.matrices.dtype, order="F")
    ab[0], ab[1, :-1] = real, dl
    case.same(case("pbsv", ab, b, 1)[1], np.linalg.solve(positive, b))


@each_kind
@each_letter
def test_least_squares(case: Case) -> None:
    a, b = case.matrices.array(6, 3), case.matrices.array(6, 2)
    expected = np.linalg.lstsq(a, b, rcond=None)[0]
    case.same(case("gels", a, b)[1][:3], expected)
    case.same(case("gelss", a, b)[1][:3], expected)
    sizes = [int(np.real(size)) for size in case("gelsd_lwork", 6, 3, 2)]
    case.same(case("gelsd", a, b, *sizes)[0][:3], expected)


@each_kind
@each_letter
def test_orthogonal_factors(case: Case) -> None:
    a, c = case.matrices.array(5, 3), case.matrices.array(5, 4)
    qr, tau, _ = case("geqrf", a)
    r = np.triu(qr)[:3]
    q = case(case.unitary + "gqr", qr, tau)[0]
    case.same(q.conj().T @ q, np.eye(3))
    case.same(q @ r, a)
    trans = case.matrices.conjugation
    cq = case(case.unitary + "mqr", "L", trans, qr, tau, c, 100)[0]
    case.same(cq[:3], q.conj().T @ c)
    pivoted, jpvt, tau, _ = case("geqp3", a)
    q = case(case.unitary + "gqr", pivoted, tau)[0]
    case.same(q @ np.triu(pivoted)[:3], a[:, jpvt - 1])


@each_kind
@each_letter
def test_symmetric_eigenvalues(case: Case) -> None:
    a = case.matrices.hermitian(5)
    expected = np.linalg.eigvalsh(a)
    for family in ("ev", "evd", "evr"):
        for lower in (0, 1):
            w, v = case(case.hermitian + family, a, lower=lower)[:2]
            case.same(w, expected)
            case.same(a @ v, v * w)
            w = case(case.hermitian + family, a, 0, lower=lower)[0]
            case.same(w, expected)
    w, _, m, _ = case(case.hermitian + "evr", a, range="I", il=2, iu=3)
    assert m == 2
    case.same(w[:2], expected[1:3])
    b = case.matrices.positive(5)
    name = "hegv" if case.letter in "cz" else "sygv"
    w, v = case(name, a, b)
    case.same(a @ v, b @ v * w)


@each_kind
@each_letter
def test_general_eigenvalues(case: Case) -> None:
    a = case.matrices.array(5, 5)
    *w, _, _ = case("geev", a)
    values = w[0] if len(w) == 1 else w[0] + 1j * w[1]
    expected = np.linalg.eigvals(a)
    assert all(
        np.abs(expected - value).min() < 10 * TOLERANCE[case.letter] for value in values
    )
    lo, hi = case("gebal", a)[1:3]
    assert (lo, hi) == (0, 4)
    h, tau = case("gehrd", a)
    q = case(case.unitary + "ghr", h, tau)[0]
    case.same(q @ np.triu(h, -1) @ q.conj().T, a)


@each_kind
@each_letter
def test_schur_form_with_selection(case: Case) -> None:
    a = case.matrices.array(6, 6)
    seen = []

    def left(value: complex) -> bool:
        seen.append(value)
        return value.real < 0

    def left_of_two(real: float, imaginary: float) -> bool:
        return left(complex(real, imaginary))

    t, sdim, *_, vs, _ = case(
        "gees", left if case.letter in "cz" else left_of_two, a, 1, 1
    )
    case.same(vs @ t @ vs.conj().T, a)
    assert len(seen) >= 6
    assert sdim == sum(np.linalg.eigvals(a).real < 0)
    assert all(np.linalg.eigvals(t[:sdim, :sdim]).real < 0)


@each_kind
@each_letter
def test_an_exception_of_the_selection_arrives(case: Case) -> None:
    def broken(value: complex) -> bool:
        raise RuntimeError("no opinion")

    with pytest.raises(RuntimeError, match="no opinion"):
        case("gees", broken, case.matrices.array(4, 4), 1, 1)


@each_kind
@each_letter
def test_singular_values(case: Case) -> None:
    for m, n in ((5, 3), (3, 5), (4, 4)):
        a = case.matrices.array(m, n)
        expected = np.linalg.svd(a, compute_uv=False)
        for family in ("gesvd", "gesdd"):
            u, s, vt = case(family, a, full_matrices=0)
            case.same(s, expected)
            case.same(u * s @ vt, a)
            u, s, vt = case(family, a)
            assert (u.shape, vt.shape) == ((m, m), (n, n))
            case.same(case(family, a, compute_uv=0)[1], expected)


@each_kind
@each_letter
def test_norms_and_the_machine(case: Case) -> None:
    a = case.matrices.array(4, 3)
    lange = getattr(case.module, case.letter + "lange")
    sizes = np.abs(a)
    case.same(lange("M", a), sizes.max())
    case.same(lange("1", a), sizes.sum(axis=0).max())
    case.same(lange("I", a), sizes.sum(axis=1).max())
    case.same(lange("F", a), np.sqrt((sizes**2).sum()))
    if case.letter in "sd":
        machine = np.finfo(case.matrices.dtype)
        lamch = getattr(case.module, case.letter + "lamch")
        assert lamch("P") in (machine.eps, machine.eps / 2)
        assert lamch("B") == 2


@each_kind
@each_letter
def test_interchanges(case: Case) -> None:
    a = case.matrices.array(4, 3)
    piv = np.array([2, 1, 3, 3], np.intc)
    swapped = getattr(case.module, case.letter + "laswp")(a, piv)
    assert np.array_equal(swapped, a[[2, 1, 3, 0]])
    assert piv.tolist() == [2, 1, 3, 3]


def test_overwriting(load_lapack: Any) -> None:
    """What may be overwritten is, where it fits; all else is left alone."""
    module = load_lapack(lapack_libraries.WHEEL)
    matrices = Matrices(np.dtype(float), "overwriting")
    a, b = matrices.general(4), matrices.array(4, 2)
    before = a.copy(), b.copy()
    lu, _, x, _ = module.dgesv(a, b)
    assert not np.may_share_memory(lu, a)
    assert np.array_equal(a, before[0])
    assert np.array_equal(b, before[1])
    lu, _, x, _ = module.dgesv(a, b, overwrite_a=1, overwrite_b=1)
    assert lu is a
    assert x is b
    rows_first = np.ascontiguousarray(before[0])
    lu, _, _, _ = module.dgesv(rows_first, before[1], overwrite_a=1)
    assert not np.may_share_memory(lu, rows_first)
    assert np.array_equal(rows_first, before[0])


def test_the_table_and_the_module_agree(load_lapack: Any) -> None:
    module = load_lapack(lapack_libraries.WHEEL)
    assert all(callable(getattr(module, name)) for name in BY_NAME)

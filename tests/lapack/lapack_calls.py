"""Calls that every LAPACK accepts, for each routine: over options, sizes, workspaces and orders of memory.

A call is a dictionary of arguments by name. `CALLS` maps a family of routines to the function that makes its calls.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from blas_routines import Routine
from blas_values import Values

Call = dict[str, Any]

SIZES = (1, 2, 5)
SHAPES = ((3, 3), (5, 3), (3, 5), (1, 4), (4, 1))
LOWER = (0, 1)
TRANS = (0, 1, 2)


class Matrices(Values):
    """Matrices of one dtype with the structure that a routine asks for."""

    @property
    def conjugation(self) -> str:
        """LAPACK's letter for the transpose under which its orthogonal factors are inverted."""
        return "C" if self.dtype.kind == "c" else "T"

    def general(self, n: int) -> np.ndarray:
        """A regular matrix whose pivots do not all lie on the diagonal."""
        return np.asfortranarray(self.solvable(n)[::-1])

    def symmetric(self, n: int) -> np.ndarray:
        a = self.array(n, n)
        return np.asfortranarray(a + a.T)

    def hermitian(self, n: int) -> np.ndarray:
        a = self.array(n, n)
        return np.asfortranarray(a + a.conj().T)

    def positive(self, n: int) -> np.ndarray:
        """A Hermitian positive definite matrix."""
        a = self.array(n, n)
        a = a @ a.conj().T + n * np.eye(n)
        return np.asfortranarray(a.astype(self.dtype))

    def real_array(self, *shape: int) -> np.ndarray:
        """An array of the real type that goes with the dtype."""
        return np.asfortranarray(self.array(*shape).real)

    def ones(self, *shape: int) -> np.ndarray:
        return np.ones(shape, self.dtype, order="F")


def calls(routine: Routine) -> list[Call]:
    """The systematic calls of a routine, the same in every run."""
    return list(CALLS[routine.family](routine, Matrices(routine.dtype, routine.name)))


def smallest(routine: Routine) -> Call:
    """A call of more than one element in every array with the fewest arguments."""
    return min(
        (
            call
            for call in calls(routine)
            if all(np.size(v) > 1 for v in call.values() if isinstance(v, np.ndarray))
        ),
        key=len,
    )


def combinations(**options: tuple) -> Iterator[Call]:
    """Every combination of the values of several options."""
    for chosen in itertools.product(*options.values()):
        yield dict(zip(options, chosen))  # noqa: B905 - not before Python 3.10


def _gesv(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n, nrhs in itertools.product(SIZES, (1, 3)):
        yield {"a": matrices.general(n), "b": matrices.array(n, nrhs)}
    yield {"a": matrices.ones(3, 3), "b": matrices.array(3, 2)}  # singular
    yield {"a": matrices.general(4), "b": matrices.array(4)}
    for flags in combinations(overwrite_a=(0, 1), overwrite_b=(0, 1)):
        yield {"a": matrices.general(4), "b": matrices.array(4, 2), **flags}


def _getrf(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for shape in SHAPES:
        for overwrite in (0, 1):
            yield {"a": matrices.array(*shape), "overwrite_a": overwrite}
    yield {"a": matrices.ones(3, 3)}


def _factored(matrices: Matrices, n: int) -> Call:
    """An LU factorisation as getrf gives it: the factors need not be those of a nice matrix."""
    piv = np.array([(i + n) // 2 for i in range(n)], np.intc)
    return {"lu": matrices.solvable(n), "piv": piv}


def _getrs(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n, nrhs, trans in itertools.product(SIZES, (1, 3), TRANS):
        yield {**_factored(matrices, n), "b": matrices.array(n, nrhs), "trans": trans}
    for overwrite in (0, 1):
        yield {
            **_factored(matrices, 4),
            "b": matrices.array(4, 2),
            "overwrite_b": overwrite,
        }


def _getri(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n in SIZES:
        yield _factored(matrices, n)
        yield {**_factored(matrices, n), "lwork": 64 * n}
        yield {**_factored(matrices, n), "overwrite_lu": 1, "lwork": n}


def _order(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n in (1, 5, 40):
        yield {"n": n}


def _order_lower(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    yield from _order(routine, matrices)
    for n, lower in itertools.product((1, 40), LOWER):
        yield {"n": n, "lower": lower}


def _gecon(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n, norm in itertools.product(SIZES, ("1", "O", "I", b"1", b"I")):
        yield {"a": matrices.solvable(n), "anorm": 3.5, "norm": norm}
    yield {"a": matrices.solvable(4), "anorm": 1}
    yield {"a": matrices.solvable(4), "anorm": 0.0}


def _gebal(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n in SIZES:
        for flags in combinations(scale=(0, 1), permute=(0, 1), overwrite_a=(0, 1)):
            a = matrices.array(n, n)
            a[1:, 0] = 0
            a[:, -1] *= 1024
            yield {"a": a, **flags}
    yield {"a": np.triu(matrices.array(4, 4)), "permute": 1}


def _gehrd(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n in SIZES:
        yield {"a": matrices.array(n, n)}
        yield {"a": matrices.array(n, n), "lwork": 33 * n, "overwrite_a": 1}
    yield {"a": matrices.array(5, 5), "lo": 1, "hi": 3}
    yield {"a": matrices.array(5, 5), "lo": 0, "hi": 4}


def _gehrd_lwork(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n in (1, 5, 40):
        yield {"n": n}
    yield {"n": 6, "lo": 1, "hi": 3}


def _orghr(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n in (2, 5):
        yield {"a": matrices.array(n, n), "tau": matrices.array(n - 1)}
        yield {
            "a": matrices.array(n, n),
            "tau": matrices.array(n - 1),
            "lwork": 32 * n,
            "overwrite_a": 1,
        }
    yield {"a": matrices.array(5, 5), "tau": matrices.array(4), "lo": 1, "hi": 3}


def _laswp(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    piv = np.array([2, 1, 3, 3], np.intc)
    for shape in ((4, 3), (5, 1), (4, 6)):
        for overwrite in (0, 1):
            yield {
                "a": matrices.array(*shape),
                "piv": piv,
                "overwrite_a": overwrite,
            }
        yield {"a": matrices.array(*shape), "piv": piv, "k1": 1, "k2": 2}
        yield {"a": matrices.array(*shape), "piv": piv[:2], "inc": -1}
    yield {"a": matrices.array(4, 2), "piv": np.array([1, 1], np.intc)}
    yield {"a": matrices.array(4, 2), "piv": piv, "k2": 1, "off": 2}


def _gels(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for (m, n), nrhs in itertools.product(SHAPES, (1, 2)):
        for trans in ("N", matrices.conjugation):
            yield {
                "a": matrices.array(m, n),
                "b": matrices.array(max(m, n), nrhs),
                "trans": trans,
            }
    for flags in combinations(overwrite_a=(0, 1), overwrite_b=(0, 1)):
        yield {
            "a": matrices.array(5, 3),
            "b": matrices.array(5, 2),
            "lwork": 100,
            **flags,
        }


def _shape_nrhs(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for (m, n), nrhs in itertools.product((*SHAPES, (30, 40)), (1, 2)):
        yield {"m": m, "n": n, "nrhs": nrhs}


def _gels_lwork(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    yield from _shape_nrhs(routine, matrices)
    yield {"m": 5, "n": 3, "nrhs": 1, "trans": matrices.conjugation}


def _gelsd_lwork(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    yield from _shape_nrhs(routine, matrices)
    yield {"m": 5, "n": 3, "nrhs": 1, "cond": 0.5}


def _gelsd(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    work = {"lwork": 2000, "size_iwork": 500}
    if routine.is_complex:
        work["size_rwork"] = 2000
    for m, n in SHAPES:
        yield {"a": matrices.array(m, n), "b": matrices.array(max(m, n), 2), **work}
    a, b = matrices.array(5, 3), matrices.array(5, 2)
    yield {"a": matrices.ones(5, 3), "b": b, "cond": 1e-3, **work}
    for flags in combinations(overwrite_a=(0, 1), overwrite_b=(0, 1)):
        yield {"a": a, "b": b, "cond": 0.125, **work, **flags}


def _gelss(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for m, n in SHAPES:
        yield {"a": matrices.array(m, n), "b": matrices.array(max(m, n), 2)}
    a, b = matrices.array(5, 3), matrices.array(5, 2)
    yield {"a": matrices.ones(5, 3), "b": b, "cond": 1e-3}
    for flags in combinations(overwrite_a=(0, 1), overwrite_b=(0, 1)):
        yield {"a": a, "b": b, "lwork": 300, **flags}


def _geqrf(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for shape in SHAPES:
        yield {"a": matrices.array(*shape)}
        yield {"a": matrices.array(*shape), "lwork": 99, "overwrite_a": 1}


def _shape(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for m, n in (*SHAPES, (30, 40)):
        yield {"m": m, "n": n}


def _orgqr(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for m, n in ((3, 3), (5, 3), (4, 1)):
        yield {"a": matrices.array(m, n), "tau": matrices.array(n)}
        yield {
            "a": matrices.array(m, n),
            "tau": matrices.array(max(n - 1, 1)),
            "lwork": 50,
            "overwrite_a": 1,
        }


def _ormqr(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for side, trans in itertools.product("LR", ("N", matrices.conjugation)):
        for overwrite in (0, 1):
            yield {
                "side": side,
                "trans": trans,
                "a": matrices.array(4, 3),
                "tau": matrices.array(3),
                "c": matrices.array(4, 6) if side == "L" else matrices.array(6, 4),
                "lwork": 60,
                "overwrite_c": overwrite,
            }


def _posv(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n, nrhs, lower in itertools.product(SIZES, (1, 3), LOWER):
        yield {
            "a": matrices.positive(n),
            "b": matrices.array(n, nrhs),
            "lower": lower,
        }
    yield {"a": -matrices.positive(3), "b": matrices.array(3, 1)}
    for flags in combinations(overwrite_a=(0, 1), overwrite_b=(0, 1)):
        yield {"a": matrices.positive(4), "b": matrices.array(4, 2), **flags}


def _potrf(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n in SIZES:
        for flags in combinations(lower=LOWER, clean=(0, 1), overwrite_a=(0, 1)):
            yield {"a": matrices.positive(n), **flags}
    yield {"a": -matrices.positive(3)}


def _potrs(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n, nrhs, lower in itertools.product(SIZES, (1, 3), LOWER):
        yield {
            "c": matrices.solvable(n),
            "b": matrices.array(n, nrhs),
            "lower": lower,
            "overwrite_b": nrhs % 2,
        }


def _potri(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n, lower, overwrite in itertools.product(SIZES, LOWER, (0, 1)):
        yield {"c": matrices.solvable(n), "lower": lower, "overwrite_c": overwrite}
    yield {"c": matrices.array(3, 3) * 0}


def _pocon(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n, uplo in itertools.product(SIZES, "UL"):
        yield {"a": matrices.positive(n), "anorm": 3.5, "uplo": uplo}
    yield {"a": matrices.positive(3), "anorm": 2}


def _sysv(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    kind = matrices.hermitian if routine.family == "hesv" else matrices.symmetric
    for n, nrhs, lower in itertools.product(SIZES, (1, 3), LOWER):
        yield {"a": kind(n), "b": matrices.array(n, nrhs), "lower": lower}
    for flags in combinations(overwrite_a=(0, 1), overwrite_b=(0, 1)):
        yield {"a": kind(4), "b": matrices.array(4, 2), "lwork": 99, **flags}


def _sytrf(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    kind = matrices.hermitian if routine.family == "hetrf" else matrices.symmetric
    for n, lower, overwrite in itertools.product(SIZES, LOWER, (0, 1)):
        yield {"a": kind(n), "lower": lower, "overwrite_a": overwrite}
    yield {"a": kind(4), "lwork": 99}


def _sytrs(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    kind = matrices.hermitian if routine.family == "hetrs" else matrices.symmetric
    for n, nrhs, lower in itertools.product(SIZES, (1, 3), LOWER):
        yield {
            "a": (kind(n) + 5 * np.eye(n)).astype(matrices.dtype, order="F"),
            "ipiv": np.arange(1, n + 1, dtype=np.intc),
            "b": matrices.array(n, nrhs),
            "lower": lower,
            "overwrite_b": nrhs % 2,
        }


def _syev(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n in SIZES:
        for flags in combinations(compute_v=(0, 1), lower=LOWER, overwrite_a=(0, 1)):
            yield {"a": matrices.hermitian(n), **flags}
    yield {"a": matrices.hermitian(4), "lwork": 200}


def _order_vectors_lower(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n in (1, 5, 40):
        yield {"n": n}
        for flags in combinations(compute_v=(0, 1), lower=LOWER):
            yield {"n": n, **flags}


def _syevr(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n in SIZES:
        for flags in combinations(compute_v=(0, 1), lower=LOWER, overwrite_a=(0, 1)):
            yield {"a": matrices.hermitian(n), **flags}
    for compute_v in (0, 1):
        a = matrices.hermitian(5)
        yield {
            "a": a,
            "compute_v": compute_v,
            "range": "V",
            "vl": -1.5,
            "vu": 2.5,
        }
        for il, iu in ((1, 2), (2, 4), (1, 5), (5, 5)):
            yield {"a": a, "compute_v": compute_v, "range": "I", "il": il, "iu": iu}
    yield {"a": matrices.hermitian(3), "range": b"A", "abstol": 1e-3, "lwork": 400}


def _sygv(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n in SIZES:
        for flags in combinations(itype=(1, 2, 3), jobz=("N", "V"), uplo=("U", "L")):
            yield {"a": matrices.hermitian(n), "b": matrices.positive(n), **flags}
    for flags in combinations(overwrite_a=(0, 1), overwrite_b=(0, 1)):
        yield {"a": matrices.hermitian(4), "b": matrices.positive(4), **flags}
    yield {"a": matrices.hermitian(4), "b": -matrices.positive(4)}


def _sygv_lwork(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n, uplo in itertools.product((1, 5, 40), "UL"):
        yield {"n": n, "uplo": uplo}
    yield {"n": 3}


def _sytrd(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n, lower, overwrite in itertools.product((2, 5), LOWER, (0, 1)):
        yield {"a": matrices.hermitian(n), "lower": lower, "overwrite_a": overwrite}
    yield {"a": matrices.hermitian(4), "lwork": 99}


def _geev(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n in SIZES:
        for flags in combinations(
            compute_vl=(0, 1), compute_vr=(0, 1), overwrite_a=(0, 1)
        ):
            yield {"a": matrices.array(n, n), **flags}
    yield {"a": matrices.array(4, 4), "lwork": 300}


def _geev_lwork(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n in (1, 5, 40):
        yield {"n": n}
        for flags in combinations(compute_vl=(0, 1), compute_vr=(0, 1)):
            yield {"n": n, **flags}


def of_two(real: float, imaginary: float) -> bool:
    """Selects the eigenvalues of negative real part."""
    return real < 0


def of_one(eigenvalue: complex) -> bool:
    return eigenvalue.real < 0


def _gees(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    name = f"{routine.letter}select"
    select = of_one if routine.is_complex else of_two
    for n in SIZES:
        for flags in combinations(compute_v=(0, 1), sort_t=(0, 1), overwrite_a=(0, 1)):
            yield {name: select, "a": matrices.array(n, n), **flags}
    yield {name: select, "a": matrices.array(4, 4), "lwork": 300}


def _ggev(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n in SIZES:
        for flags in combinations(
            compute_vl=(0, 1), compute_vr=(0, 1), overwrite_a=(0, 1), overwrite_b=(0, 1)
        ):
            yield {"a": matrices.array(n, n), "b": matrices.solvable(n), **flags}


def _gesvd(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for shape in SHAPES:
        for flags in combinations(compute_uv=(0, 1), full_matrices=(0, 1)):
            yield {"a": matrices.array(*shape), **flags}
        yield {"a": matrices.array(*shape), "overwrite_a": 1, "lwork": 900}


def _gesvd_lwork(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for m, n in (*SHAPES, (30, 40)):
        yield {"m": m, "n": n}
        for flags in combinations(compute_uv=(0, 1), full_matrices=(0, 1)):
            yield {"m": m, "n": n, **flags}


def _trtrs(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n in SIZES:
        for flags in combinations(
            lower=LOWER, trans=TRANS, unitdiag=(0, 1), overwrite_b=(0, 1)
        ):
            yield {"a": matrices.solvable(n), "b": matrices.array(n, 2), **flags}
    yield {"a": np.triu(matrices.ones(3, 3), 1), "b": matrices.array(3, 1)}


def _trtri(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n in SIZES:
        for flags in combinations(lower=LOWER, unitdiag=(0, 1), overwrite_c=(0, 1)):
            yield {"c": matrices.solvable(n), **flags}
    yield {"c": matrices.array(3, 3) * 0}


def _trcon(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n in SIZES:
        for flags in combinations(norm=("1", "I"), uplo=("U", "L"), diag=("N", "U")):
            yield {"a": matrices.solvable(n), **flags}


def _lauum(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n, lower, overwrite in itertools.product(SIZES, LOWER, (0, 1)):
        yield {"c": matrices.array(n, n), "lower": lower, "overwrite_c": overwrite}


def _diagonals(matrices: Matrices, n: int) -> Call:
    """The three diagonals of a matrix that can be factored."""
    four = np.full(n, 4, matrices.dtype)
    return {
        "dl": matrices.array(n - 1),
        "d": matrices.array(n) + four,
        "du": matrices.array(n - 1),
    }


def _gtsv(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n, nrhs in itertools.product((2, 3, 6), (1, 2)):
        yield {**_diagonals(matrices, n), "b": matrices.array(n, nrhs)}
        for name in ("dl", "d", "du", "b"):
            yield {
                **_diagonals(matrices, n),
                "b": matrices.array(n, nrhs),
                f"overwrite_{name}": 1,
            }


def _gttrf(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n in (3, 6):
        yield _diagonals(matrices, n)
        for name in ("dl", "d", "du"):
            yield {**_diagonals(matrices, n), f"overwrite_{name}": 1}


def _gttrs(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n, nrhs, trans in itertools.product((3, 6), (1, 2), "NTC"):
        yield {
            **_diagonals(matrices, n),
            "du2": matrices.array(n - 2),
            "ipiv": np.arange(1, n + 1, dtype=np.intc),
            "b": matrices.array(n, nrhs),
            "trans": trans,
            "overwrite_b": nrhs % 2,
        }


def _positive_diagonals(matrices: Matrices, n: int) -> Call:
    return {
        "d": np.abs(matrices.real_array(n))
        + np.full(n, 5, matrices.real_array(1).dtype),
        "e": matrices.array(n - 1),
    }


def _ptsv(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n, nrhs in itertools.product((2, 3, 6), (1, 2)):
        yield {**_positive_diagonals(matrices, n), "b": matrices.array(n, nrhs)}
        for name in "deb":
            yield {
                **_positive_diagonals(matrices, n),
                "b": matrices.array(n, nrhs),
                f"overwrite_{name}": 1,
            }


def _pttrf(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n in (2, 3, 6):
        yield _positive_diagonals(matrices, n)
        for name in "de":
            yield {**_positive_diagonals(matrices, n), f"overwrite_{name}": 1}


def _pttrs(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for n, nrhs in itertools.product((2, 3, 6), (1, 2)):
        given = {**_positive_diagonals(matrices, n), "b": matrices.array(n, nrhs)}
        if routine.is_complex:
            yield {**given, "lower": 0}
            yield {**given, "lower": 1}
        yield {**given, "overwrite_b": nrhs % 2}


def _gbsv(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for (kl, ku), n, nrhs in itertools.product(
        ((1, 1), (2, 1), (0, 2)), (3, 6), (1, 2)
    ):
        ab = matrices.array(2 * kl + ku + 1, n)
        ab[kl + ku] += 6
        given = {"kl": kl, "ku": ku, "ab": ab, "b": matrices.array(n, nrhs)}
        yield given
        yield {**given, "overwrite_ab": 1}
        yield {**given, "overwrite_b": 1}


def _gbtrf(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for (kl, ku), n in itertools.product(((1, 1), (2, 1), (0, 2)), (3, 6)):
        ab = matrices.array(2 * kl + ku + 1, n)
        ab[kl + ku] += 6
        yield {"ab": ab, "kl": kl, "ku": ku}
        yield {"ab": ab, "kl": kl, "ku": ku, "overwrite_ab": 1}
        yield {"ab": ab, "kl": kl, "ku": ku, "m": n, "n": n - 1}


def _gbtrs(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for trans, n, nrhs in itertools.product(TRANS, (3, 6), (1, 2)):
        kl, ku = 2, 1
        ab = matrices.array(2 * kl + ku + 1, n)
        ab[kl + ku] += 6
        yield {
            "ab": ab,
            "kl": kl,
            "ku": ku,
            "b": matrices.array(n, nrhs),
            "ipiv": np.arange(n, dtype=np.intc),
            "trans": trans,
            "overwrite_b": nrhs % 2,
        }


def _band(matrices: Matrices, kd: int, n: int, lower: int) -> np.ndarray:
    """One triangle of a positive definite band matrix of kd diagonals beside the main one."""
    ab = np.asfortranarray(matrices.array(kd + 1, n) / 2)
    ab[0 if lower else kd] = 6
    return ab


def _pbsv(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for kd, n, nrhs, lower in itertools.product((0, 1, 2), (3, 6), (1, 2), LOWER):
        for overwrite in (0, 1):
            yield {
                "ab": _band(matrices, kd, n, lower),
                "b": matrices.array(n, nrhs),
                "lower": lower,
                "overwrite_ab": overwrite,
                "overwrite_b": 1 - overwrite,
            }


def _pbtrf(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for kd, n, lower in itertools.product((0, 1, 2), (3, 6), LOWER):
        yield {"ab": _band(matrices, kd, n, lower), "lower": lower}
        yield {
            "ab": _band(matrices, kd, n, lower),
            "lower": lower,
            "overwrite_ab": 1,
        }


def _pbtrs(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for kd, n, nrhs, lower in itertools.product((0, 1, 2), (3, 6), (1, 2), LOWER):
        yield {
            "ab": _band(matrices, kd, n, lower),
            "b": matrices.array(n, nrhs),
            "lower": lower,
            "overwrite_b": nrhs % 2,
        }


def _lange(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for shape, norm in itertools.product(SHAPES, ("M", "m", "1", "O", "o", "I", "F")):
        yield {"norm": norm, "a": matrices.array(*shape)}
    yield {"norm": b"E", "a": matrices.array(3, 2)}


def _lantr(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for norm, uplo, diag in itertools.product("M1IF", "UL", "NU"):
        yield {
            "norm": norm,
            "a": matrices.array(4, 4),
            "uplo": uplo,
            "diag": diag,
        }
    yield {"norm": "1", "a": matrices.array(3, 3)}


def _lamch(routine: Routine, matrices: Matrices) -> Iterator[Call]:
    for cmach in "ESBPNRMULO":
        yield {"cmach": cmach}


MAKERS: dict[str, Callable[[Routine, Matrices], Iterator[Call]]] = {
    "gesv": _gesv,
    "getrf": _getrf,
    "getrs": _getrs,
    "getri": _getri,
    "getri_lwork": _order,
    "gecon": _gecon,
    "gebal": _gebal,
    "gehrd": _gehrd,
    "gehrd_lwork": _gehrd_lwork,
    "orghr": _orghr,
    "orghr_lwork": _gehrd_lwork,
    "laswp": _laswp,
    "gels": _gels,
    "gels_lwork": _gels_lwork,
    "gelsd": _gelsd,
    "gelsd_lwork": _gelsd_lwork,
    "gelss": _gelss,
    "gelss_lwork": _gelsd_lwork,
    "geqrf": _geqrf,
    "geqrf_lwork": _shape,
    "geqp3": _geqrf,
    "gerqf": _geqrf,
    "orgqr": _orgqr,
    "ormqr": _ormqr,
    "posv": _posv,
    "potrf": _potrf,
    "potrs": _potrs,
    "potri": _potri,
    "pocon": _pocon,
    "lauum": _lauum,
    "sysv": _sysv,
    "sysv_lwork": _order_lower,
    "sytrf": _sytrf,
    "sytrf_lwork": _order_lower,
    "sytrs": _sytrs,
    "syev": _syev,
    "syev_lwork": _order_lower,
    "syevd": _syev,
    "syevd_lwork": _order_vectors_lower,
    "syevr": _syevr,
    "syevr_lwork": _order_lower,
    "sygv": _sygv,
    "sygv_lwork": _sygv_lwork,
    "sygvd": _sygv,
    "sytrd": _sytrd,
    "sytrd_lwork": _order_lower,
    "geev": _geev,
    "geev_lwork": _geev_lwork,
    "gees": _gees,
    "ggev": _ggev,
    "gesvd": _gesvd,
    "gesvd_lwork": _gesvd_lwork,
    "gesdd": _gesvd,
    "gesdd_lwork": _gesvd_lwork,
    "trtrs": _trtrs,
    "trtri": _trtri,
    "trcon": _trcon,
    "gtsv": _gtsv,
    "gttrf": _gttrf,
    "gttrs": _gttrs,
    "ptsv": _ptsv,
    "pttrf": _pttrf,
    "pttrs": _pttrs,
    "gbsv": _gbsv,
    "gbtrf": _gbtrf,
    "gbtrs": _gbtrs,
    "pbsv": _pbsv,
    "pbtrf": _pbtrf,
    "pbtrs": _pbtrs,
    "lange": _lange,
    "lantr": _lantr,
    "lamch": _lamch,
}
# A Hermitian family takes the arguments of the symmetric one, a unitary family those of the orthogonal one.
CALLS = {
    **MAKERS,
    **{"he" + name[2:]: maker for name, maker in MAKERS.items() if name[:2] == "sy"},
    **{"un" + name[2:]: maker for name, maker in MAKERS.items() if name[:2] == "or"},
}

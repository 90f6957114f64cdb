"""What each family of routines computes, as formulas on NumPy arrays.

A formula takes the arguments of a call, with the defaults filled in, and gives the expected results as a tuple. It
computes in double precision; the test compares in the precision of the routine.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

Arguments = SimpleNamespace
Formula = Callable[[Arguments], tuple]

DEFAULTS = {
    "offx": 0,
    "incx": 1,
    "offy": 0,
    "incy": 1,
    "n": None,
    "beta": 0.0,
    "y": None,
    "c": None,
    "a": None,
    "trans": 0,
    "trans_a": 0,
    "trans_b": 0,
    "lower": 0,
    "diag": 0,
    "side": 0,
}


def answer(family: str, call: dict[str, Any]) -> tuple:
    """The results that `call` of a routine of `family` should have."""
    wide = {name: _wide(value) for name, value in call.items()}
    defaults = {**DEFAULTS, "a": 1.0} if family == "axpy" else DEFAULTS
    return FORMULAS[family](SimpleNamespace(**{**defaults, **wide}))


def _wide(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    return value.astype(np.complex128 if value.dtype.kind == "c" else np.float64)


def elements(x: np.ndarray, n: int, off: int, inc: int) -> np.ndarray:
    """A view of the `n` elements that BLAS takes from x, in its order."""
    chosen = x[off : off + max(n - 1, 0) * abs(inc) + 1 : abs(inc)][: max(n, 0)]
    return chosen[::-1] if inc < 0 else chosen


def op(a: np.ndarray, trans: int) -> np.ndarray:
    return (a, a.T, a.conj().T)[trans]


def from_triangle(a: np.ndarray, lower: int, hermitian: bool) -> np.ndarray:
    """The symmetric or Hermitian matrix of which one triangle is given."""
    strict = np.tril(a, -1) if lower else np.triu(a, 1)
    diagonal = np.diag(a).real if hermitian else np.diag(a)
    return strict + (strict.conj().T if hermitian else strict.T) + np.diag(diagonal)


def triangular(a: np.ndarray, lower: int, diag: int) -> np.ndarray:
    kept = np.tril(a) if lower else np.triu(a)
    return kept - np.diag(np.diag(kept)) + np.eye(len(a)) if diag else kept


def from_band(ab: np.ndarray, m: int, kl: int, ku: int) -> np.ndarray:
    """The m x n matrix whose diagonals are the rows of ab: element (i, j) stands in row ku + i - j."""
    a = np.zeros((m, ab.shape[1]), ab.dtype)
    for i, j in np.ndindex(*a.shape):
        if -ku <= i - j <= kl:
            a[i, j] = ab[ku + i - j, j]
    return a


def triangle_from_band(ab: np.ndarray, k: int, lower: int) -> np.ndarray:
    return from_band(ab, ab.shape[1], *((k, 0) if lower else (0, k)))


def from_packed(ap: np.ndarray, n: int, lower: int) -> np.ndarray:
    a = np.zeros((n, n), ap.dtype)
    a[_packed_places(n, lower)] = ap[: n * (n + 1) // 2]
    return a


def to_packed(ap: np.ndarray, a: np.ndarray, lower: int) -> np.ndarray:
    packed = ap.astype(np.result_type(ap, a))
    packed[: len(a) * (len(a) + 1) // 2] = a[_packed_places(len(a), lower)]
    return packed


def _packed_places(n: int, lower: int) -> tuple:
    # column after column
    columns, rows = np.triu_indices(n) if lower else np.tril_indices(n)
    return rows, columns


def in_triangle(c: np.ndarray, updated: np.ndarray, lower: int) -> np.ndarray:
    """`c` with one triangle taken from `updated`."""
    mask = np.tri(len(c), dtype=bool) if lower else np.tri(len(c), dtype=bool).T
    return np.where(mask, updated, c)


def _count(v: Arguments) -> int:
    if v.n is not None:
        return v.n
    return (len(v.x) - v.offx) // abs(v.incx)


def _x(v: Arguments, n: int | None = None) -> np.ndarray:
    return elements(v.x, _count(v) if n is None else n, v.offx, v.incx)


def _y(v: Arguments, n: int | None = None) -> np.ndarray:
    return elements(v.y, _count(v) if n is None else n, v.offy, v.incy)


def _stored(vector: np.ndarray, numbers: Any, n: int, off: int, inc: int) -> np.ndarray:
    """`vector` with the elements that BLAS takes set to `numbers`."""
    result = vector.astype(np.result_type(vector, numbers))
    elements(result, n, off, inc)[...] = numbers
    return result


def _rotg(v: Arguments) -> tuple:
    if v.a == 0:
        return (
            (1.0, 0.0)
            if v.b == 0
            else (0.0, 1.0 if isinstance(v.b, float) else np.conj(v.b) / abs(v.b))
        )
    norm = math.hypot(abs(v.a), abs(v.b))
    if not isinstance(v.a, complex):
        r = math.copysign(norm, v.a if abs(v.a) > abs(v.b) else v.b)
        return v.a / r, v.b / r
    return abs(v.a) / norm, v.a / abs(v.a) * np.conj(v.b) / norm


def _rotm_matrix(param: np.ndarray) -> np.ndarray:
    flag, h11, h21, h12, h22 = param
    return np.array(
        {
            -2: ((1, 0), (0, 1)),
            -1: ((h11, h12), (h21, h22)),
            0: ((1, h12), (h21, 1)),
            1: ((h11, 1), (-1, h22)),
        }[int(flag)]
    )


def _rotated(v: Arguments, h: Any) -> tuple:
    n = (
        (len(v.x) - 1 - v.offx) // abs(v.incx) + 1
        if v.n is None and not hasattr(v, "param")
        else _count(v)
    )
    x, y = _x(v, n), _y(v, n)
    return (
        _stored(v.x, h[0][0] * x + h[0][1] * y, n, v.offx, v.incx),
        _stored(v.y, h[1][0] * x + h[1][1] * y, n, v.offy, v.incy),
    )


def _swap(v: Arguments) -> tuple:
    n = _count(v)
    return _stored(v.x, _y(v), n, v.offx, v.incx), _stored(
        v.y, _x(v), n, v.offy, v.incy
    )


def _one_norm(x: Any) -> Any:
    return np.abs(np.real(x)) + np.abs(np.imag(x))


def _scal(v: Arguments) -> tuple:
    # the standard does nothing with a negative increment, where there is but one vector
    return (
        _stored(v.x, v.a * _x(v), _count(v), v.offx, v.incx) if v.incx > 0 else v.x,
    )


def _euclidean(x: np.ndarray) -> float:
    """The norm, without overflow of the squares."""
    largest = float(np.max(np.abs(x), initial=0.0))
    return (
        largest * float(np.linalg.norm(x / largest))
        if 0 < largest < np.inf
        else largest
    )


def _amax(v: Arguments) -> int:
    n = _count(v)
    if n < 1 or v.incx < 1:
        return -1
    return int(np.argmax(_one_norm(_x(v))))


def _updated_y(v: Arguments, product: np.ndarray) -> tuple:
    n = len(product)
    y = v.y
    if y is None:
        y = np.zeros(1 + v.offy + (n - 1) * abs(v.incy))
    scaled = v.beta * elements(y, n, v.offy, v.incy) if v.beta != 0 else 0
    return (_stored(y, v.alpha * product + scaled, n, v.offy, v.incy),)


def _times_x(v: Arguments, a: np.ndarray) -> tuple:
    return _updated_y(v, a @ _x(v, a.shape[1]))


def _gemv(v: Arguments) -> tuple:
    a = op(v.a, v.trans)
    if 0 in a.shape:
        # the standard returns at once: y is not even scaled
        return (np.zeros(1 + (len(a) - 1) * abs(v.incy)) if v.y is None else v.y,)
    return _times_x(v, a)


def _changed_x(v: Arguments, a: np.ndarray, solve: bool) -> tuple:
    full = op(triangular(a, v.lower, v.diag), v.trans)
    x = _x(v, len(a))
    return (
        _stored(
            v.x, np.linalg.solve(full, x) if solve else full @ x, len(a), v.offx, v.incx
        ),
    )


def _ger(v: Arguments, conjugated: bool) -> tuple:
    x, y = v.x[:: v.incx], v.y[:: v.incy]
    return (
        v.alpha * np.outer(x, y.conj() if conjugated else y)
        + (0 if v.a is None else v.a),
    )


def _rank_one(v: Arguments, hermitian: bool, packed: bool) -> tuple:
    n = v.n if v.n is not None else (len(v.x) - 1 - v.offx) // abs(v.incx) + 1
    x = _x(v, n)
    alpha = np.real(v.alpha) if hermitian else v.alpha
    return _accumulated(
        v, alpha * np.outer(x, x.conj() if hermitian else x), hermitian, packed
    )


def _rank_two(v: Arguments, hermitian: bool, packed: bool) -> tuple:
    lengths = (
        (len(v.x) - 1 - v.offx) // abs(v.incx) + 1,
        (len(v.y) - 1 - v.offy) // abs(v.incy) + 1,
    )
    n = v.n if v.n is not None else min(lengths)
    x, y = _x(v, n), _y(v, n)
    if hermitian:
        half = v.alpha * np.outer(x, y.conj())
        return _accumulated(v, half + half.conj().T, hermitian, packed)
    return _accumulated(
        v, v.alpha * (np.outer(x, y) + np.outer(y, x)), hermitian, packed
    )


def _accumulated(
    v: Arguments, update: np.ndarray, hermitian: bool, packed: bool
) -> tuple:
    """One triangle of the update added to a or ap; the diagonal of a Hermitian result is real."""
    if packed:
        before = from_packed(v.ap, len(update), v.lower)
        return (
            to_packed(
                v.ap,
                _with_real_diagonal(before + update, hermitian and v.alpha != 0),
                v.lower,
            ),
        )
    a = np.zeros(update.shape) if v.a is None else v.a
    return (
        in_triangle(
            a, _with_real_diagonal(a + update, hermitian and v.alpha != 0), v.lower
        ),
    )


def _with_real_diagonal(a: np.ndarray, hermitian: bool) -> np.ndarray:
    return a - 1j * np.diag(np.diag(a).imag) if hermitian else a


def _updated_c(v: Arguments, product: np.ndarray, beta: Any) -> np.ndarray:
    return product if v.c is None or beta == 0 else product + beta * v.c


def _gemm(v: Arguments) -> np.ndarray:
    return _updated_c(v, v.alpha * (op(v.a, v.trans_a) @ op(v.b, v.trans_b)), v.beta)


def _gemmtr(v: Arguments) -> tuple:
    updated = _gemm(v)
    return (
        in_triangle(np.zeros(updated.shape) if v.c is None else v.c, updated, v.lower),
    )


def _symm(v: Arguments, hermitian: bool) -> tuple:
    a = from_triangle(v.a, v.lower, hermitian)
    return (_updated_c(v, v.alpha * (v.b @ a if v.side else a @ v.b), v.beta),)


def _rank_k(v: Arguments, hermitian: bool, second: bool) -> tuple:
    """syrk, herk, and with a second matrix syr2k, her2k."""
    a = v.a.T if v.trans else v.a
    if hermitian and v.trans:
        a = a.conj()
    b = (op(v.b, v.trans) if hermitian else v.b.T if v.trans else v.b) if second else a
    alpha = np.real(v.alpha) if hermitian and not second else v.alpha
    beta = np.real(v.beta) if hermitian else v.beta
    product = alpha * (a @ (b.conj().T if hermitian else b.T))
    if second:
        product = product + (product.conj().T if hermitian else product.T)
    updated = _with_real_diagonal(_updated_c(v, product, beta), hermitian)
    return (
        in_triangle(np.zeros(updated.shape) if v.c is None else v.c, updated, v.lower),
    )


def _triangular_m(v: Arguments, solve: bool) -> tuple:
    a = op(triangular(v.a, v.lower, v.diag), v.trans_a)
    if solve:
        a = np.linalg.inv(a)
    return (v.alpha * (v.b @ a if v.side else a @ v.b),)


def _dot(v: Arguments) -> Any:
    return np.sum(_x(v) * _y(v))


FORMULAS: dict[str, Formula] = {
    "rotg": _rotg,
    "rot": lambda v: _rotated(v, ((v.c, v.s), (-v.s, v.c))),
    "rotm": lambda v: _rotated(v, _rotm_matrix(v.param)),
    "swap": _swap,
    "scal": _scal,
    "rscal": _scal,
    "copy": lambda v: (_stored(v.y, _x(v), _count(v), v.offy, v.incy),),
    "axpy": lambda v: (_stored(v.y, _y(v) + v.a * _x(v), _count(v), v.offy, v.incy),),
    "dot": lambda v: (_dot(v),),
    "dotu": lambda v: (_dot(v),),
    "dotc": lambda v: (np.sum(_x(v).conj() * _y(v)),),
    "sdsdot": lambda v: (v.sb + _dot(v),),
    "dsdot": lambda v: (_dot(v),),
    "nrm2": lambda v: (_euclidean(_x(v)),),
    "asum": lambda v: (float(np.sum(_one_norm(_x(v)))) if v.incx > 0 else 0.0,),
    "amax": lambda v: (_amax(v),),
    "cabs1": lambda v: (float(_one_norm(v.z)),),
    "gemv": _gemv,
    "gbmv": lambda v: _times_x(v, op(from_band(v.a, v.m, v.kl, v.ku), v.trans)),
    "symv": lambda v: _times_x(v, from_triangle(v.a, v.lower, False)),
    "hemv": lambda v: _times_x(v, from_triangle(v.a, v.lower, True)),
    "sbmv": lambda v: _times_x(
        v, from_triangle(triangle_from_band(v.a, v.k, v.lower), v.lower, False)
    ),
    "hbmv": lambda v: _times_x(
        v, from_triangle(triangle_from_band(v.a, v.k, v.lower), v.lower, True)
    ),
    "spmv": lambda v: _times_x(
        v, from_triangle(from_packed(v.ap, v.n, v.lower), v.lower, False)
    ),
    "hpmv": lambda v: _times_x(
        v, from_triangle(from_packed(v.ap, v.n, v.lower), v.lower, True)
    ),
    "trmv": lambda v: _changed_x(v, v.a, False),
    "trsv": lambda v: _changed_x(v, v.a, True),
    "tbmv": lambda v: _changed_x(v, triangle_from_band(v.a, v.k, v.lower), False),
    "tbsv": lambda v: _changed_x(v, triangle_from_band(v.a, v.k, v.lower), True),
    "tpmv": lambda v: _changed_x(v, from_packed(v.ap, v.n, v.lower), False),
    "tpsv": lambda v: _changed_x(v, from_packed(v.ap, v.n, v.lower), True),
    "ger": lambda v: _ger(v, False),
    "geru": lambda v: _ger(v, False),
    "gerc": lambda v: _ger(v, True),
    "syr": lambda v: _rank_one(v, False, False),
    "her": lambda v: _rank_one(v, True, False),
    "spr": lambda v: _rank_one(v, False, True),
    "hpr": lambda v: _rank_one(v, True, True),
    "syr2": lambda v: _rank_two(v, False, False),
    "her2": lambda v: _rank_two(v, True, False),
    "spr2": lambda v: _rank_two(v, False, True),
    "hpr2": lambda v: _rank_two(v, True, True),
    "gemm": lambda v: (_gemm(v),),
    "gemmtr": _gemmtr,
    "symm": lambda v: _symm(v, False),
    "hemm": lambda v: _symm(v, True),
    "syrk": lambda v: _rank_k(v, False, False),
    "herk": lambda v: _rank_k(v, True, False),
    "syr2k": lambda v: _rank_k(v, False, True),
    "her2k": lambda v: _rank_k(v, True, True),
    "trmm": lambda v: _triangular_m(v, False),
    "trsm": lambda v: _triangular_m(v, True),
}

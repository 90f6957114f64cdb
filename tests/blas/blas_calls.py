"""Calls that every BLAS accepts, for each routine: over flags, strides, offsets, sizes and orders of memory.

A call is a dictionary of arguments by name. `ACCEPTED` maps a family of routines to the function that makes its calls;
`layouts` makes more of them out of one, with arrays that must be converted.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from blas_routines import DTYPES, Routine
from blas_values import Values

Call = dict[str, Any]

SIZES = (1, 2, 5)
STRIDES = ((0, 1), (0, 2), (0, -1), (1, 1), (2, -2), (1, 3))
PAIRS = (
    ((0, 1), (0, 1)),
    ((0, 2), (0, -1)),
    ((1, -1), (0, 1)),
    ((2, -2), (1, 3)),
    ((0, 1), (2, 2)),
)
LOWER = (0, 1)
TRANS = (0, 1, 2)
SHAPES = ((1, 1), (3, 4), (4, 3), (1, 5), (5, 1))


def accepted(routine: Routine) -> list[Call]:
    """The systematic calls of a routine, the same in every run."""
    return list(ACCEPTED[routine.family](routine, Values(routine.dtype, routine.name)))


def _at(name: str, place: tuple) -> Call:
    # as keywords are that stand in a call; native code leaves others to Python
    return {sys.intern(f"off{name}"): place[0], sys.intern(f"inc{name}"): place[1]}


def _rotg(routine: Routine, values: Values) -> Iterator[Call]:
    if not routine.is_complex:
        # OpenBLAS before 0.3.22 gives c = 0 for complex ones, the standard c = 1
        yield {"a": 0.0, "b": 0.0}
    for a, b in ((3.0, 4.0), (4.0, -3.0), (-1.0, 0.0), (0.0, 2.0)):
        yield {"a": a, "b": b}
    for _ in range(6):
        yield {"a": values.scalar(), "b": values.scalar()}


def _rotmg(routine: Routine, values: Values) -> Iterator[Call]:
    for d1, d2, x1, y1 in (
        (1, 2, 3, 4),
        (2, 1, 4, 1),
        (-1, 2, 3, 4),
        (1, 0, 3, 4),
        (1, 1e-12, 1, 1),
        (1e9, 1e-9, 2, 3),
    ):
        yield {"d1": d1, "d2": d2, "x1": x1, "y1": y1}


def _one_vector(
    routine: Routine, values: Values, forward: bool = False
) -> Iterator[Call]:
    for n, place in itertools.product(SIZES, STRIDES):
        if forward and place[1] < 0:
            continue
        yield {"x": values.vector(n, *place), **_at("x", place)}
        yield {"x": values.vector(n, *place, spare=3), "n": n, **_at("x", place)}
    yield {"x": values.vector(4)}
    yield {"x": values.vector(4), "n": 0}
    yield {"x": values.vector(4), "n": -2}


def _nrm2(routine: Routine, values: Values) -> Iterator[Call]:
    yield from _one_vector(routine, values, forward=True)
    yield {
        "x": values.vector(4)
        * routine.dtype.type(1e30 if routine.letter in "sc" else 1e200)
    }
    yield {"x": np.array([1, np.nan, 2], routine.dtype)}
    yield {"x": np.array([1, np.inf, 2], routine.dtype)}


def _scaled(routine: Routine, values: Values) -> Iterator[Call]:
    real = routine.family == "rscal"
    for call in _one_vector(routine, values):
        yield {"a": values.real() if real else values.scalar(), **call}
    yield {"a": 0.0, "x": values.vector(3)}


def _two_vectors(routine: Routine, values: Values) -> Iterator[Call]:
    for n, (at_x, at_y) in itertools.product(
        (1, 2, 5), itertools.product(STRIDES, STRIDES)
    ):
        x, y = values.vector(n, *at_x), values.vector(n, *at_y, spare=n)
        yield {"x": x, "y": y, "n": n, **_at("x", at_x), **_at("y", at_y)}
    for at_x in STRIDES:
        yield {"x": values.vector(4, *at_x), "y": values.vector(9), **_at("x", at_x)}
    yield {"x": values.vector(4), "y": values.vector(4)}
    yield {"x": values.vector(4), "y": values.vector(4), "n": 0}


def _axpy(routine: Routine, values: Values) -> Iterator[Call]:
    for number, call in enumerate(_two_vectors(routine, values)):
        yield {**call, "a": values.scalar()} if number % 3 else call


def _rot(routine: Routine, values: Values) -> Iterator[Call]:
    for number, call in enumerate(_two_vectors(routine, values)):
        yield {
            **call,
            "c": values.real(),
            "s": values.real(),
            "overwrite_x": number % 2,
            "overwrite_y": number // 2 % 2,
        }


def _rotm(routine: Routine, values: Values) -> Iterator[Call]:
    for flag, (number, call) in zip(
        itertools.cycle((-2, -1, 0, 1)), enumerate(_two_vectors(routine, values))
    ):
        param = values.array(5)
        param[0] = flag
        yield {
            **call,
            "param": param,
            "overwrite_x": number % 2,
            "overwrite_y": number // 2 % 2,
        }


def _sdsdot(routine: Routine, values: Values) -> Iterator[Call]:
    for call in _two_vectors(routine, values):
        yield {"sb": values.scalar(), **call}


def _cabs1(routine: Routine, values: Values) -> Iterator[Call]:
    for z in (0, 3 - 4j, -1.5, 1e30j, values.scalar(), values.scalar()):
        yield {"z": z}


def _orders(*matrices: np.ndarray) -> Iterator[tuple]:
    yield matrices
    yield tuple(np.ascontiguousarray(matrix) for matrix in matrices)


def _product(
    values: Values,
    head: Call,
    x_length: int,
    y_length: int,
    places: tuple,
    overwrites: bool = True,
) -> Iterator[Call]:
    """Matrix times vector: `head` with alpha, x and every use of beta and y."""
    at_x, at_y = places
    call = {
        **head,
        "alpha": values.scalar(),
        "x": values.vector(x_length, *at_x),
        **_at("x", at_x),
        **_at("y", at_y),
    }
    yield call
    y = values.vector(y_length, *at_y, spare=1)
    yield {**call, "y": y, "beta": values.scalar(), "overwrite_y": 0}
    yield {**call, "y": y.copy(), "beta": 0.0, "overwrite_y": 1}
    yield {**call, "y": y.copy()}


def _gemv(routine: Routine, values: Values) -> Iterator[Call]:
    for (m, n), trans, places in itertools.product(SHAPES, TRANS, PAIRS):
        for (a,) in _orders(values.array(m, n)):
            lengths = (m, n) if trans else (n, m)
            yield from _product(values, {"a": a, "trans": trans}, *lengths, places)
    yield {"alpha": 2.0, "a": values.array(3, 0), "x": values.vector(2)}
    yield {"alpha": 2.0, "a": values.array(0, 3), "x": values.vector(2), "trans": 1}


def _gbmv(routine: Routine, values: Values) -> Iterator[Call]:
    bands = ((3, 4, 1, 1), (4, 3, 0, 2), (5, 5, 2, 1), (2, 3, 0, 0), (4, 2, 2, 1))
    for (m, n, kl, ku), trans, places in itertools.product(bands, TRANS, PAIRS):
        a = values.array(kl + ku + 1 + (m == n), n)
        lengths = (m, n) if trans else (n, m)
        yield from _product(
            values,
            {"m": m, "n": n, "kl": kl, "ku": ku, "a": a, "trans": trans},
            *lengths,
            places,
        )


def _symmetric_mv(routine: Routine, values: Values) -> Iterator[Call]:
    for n, lower, places in itertools.product(SIZES, LOWER, PAIRS):
        for (a,) in _orders(values.array(n, n)):
            yield from _product(values, {"a": a, "lower": lower}, n, n, places)


def _symmetric_band_mv(routine: Routine, values: Values) -> Iterator[Call]:
    for (n, k, rows), lower, places in itertools.product(
        ((1, 0, 1), (4, 1, 2), (5, 2, 4), (2, 3, 4)), LOWER, PAIRS
    ):
        yield from _product(
            values, {"k": k, "a": values.array(rows, n), "lower": lower}, n, n, places
        )


def _symmetric_packed_mv(routine: Routine, values: Values) -> Iterator[Call]:
    for n, lower, places in itertools.product(SIZES, LOWER, PAIRS):
        packed = values.array(n * (n + 1) // 2 + n % 2)
        yield from _product(
            values, {"n": n, "ap": packed, "lower": lower}, n, n, places
        )


def _triangular(values: Values, head: Call, n: int) -> Iterator[Call]:
    for lower, trans, diag, place in itertools.product(LOWER, TRANS, (0, 1), STRIDES):
        flags = {
            "lower": lower,
            "trans": trans,
            "diag": diag,
            "overwrite_x": (lower + trans + diag) % 2,
        }
        yield {
            **head,
            "x": values.vector(n, *place, spare=diag),
            **_at("x", place),
            **flags,
        }


def _triangular_v(routine: Routine, values: Values) -> Iterator[Call]:
    for n in SIZES:
        for (a,) in _orders(values.solvable(n)):
            yield from _triangular(values, {"a": a}, n)


def _triangular_band_v(routine: Routine, values: Values) -> Iterator[Call]:
    for n, k, rows in ((1, 0, 1), (4, 1, 2), (5, 2, 4), (2, 3, 4)):
        a = values.array(rows, n) / 8
        a[(0, k), :] += 3
        yield from _triangular(values, {"k": k, "a": a}, n)


def _triangular_packed_v(routine: Routine, values: Values) -> Iterator[Call]:
    for n in SIZES:
        packed = values.array(n * (n + 1) // 2 + n % 2) / 8
        ends = np.cumsum(np.arange(1, n + 1)) - 1
        packed[ends] += 3
        packed[len(packed) - n % 2 - 1 - ends] += 3
        yield from _triangular(values, {"n": n, "ap": packed}, n)


def _ger(routine: Routine, values: Values) -> Iterator[Call]:
    for (m, n), incx, incy in itertools.product(SHAPES, (1, -1), (1, -1)):
        call = {
            "alpha": values.scalar(),
            "x": values.array(m),
            "y": values.array(n),
            "incx": incx,
            "incy": incy,
        }
        yield call
        for (a,) in _orders(values.array(m, n)):
            yield {**call, "a": a}
            yield {
                **call,
                "a": a.copy(order="K"),
                "overwrite_a": 1,
                "overwrite_x": 0,
                "overwrite_y": 0,
            }


def _rank_one(routine: Routine, values: Values) -> Iterator[Call]:
    for n, lower, place in itertools.product(SIZES, LOWER, STRIDES):
        call = {
            "alpha": values.scalar(),
            "x": values.vector(n, *place),
            "lower": lower,
            **_at("x", place),
        }
        yield call
        yield {**call, "n": n, "overwrite_a": 1, "a": values.array(n, n)}
        yield {**call, "n": 1, "a": values.array(1, 1)}
        yield {**call, "a": np.ascontiguousarray(values.array(n, n))}


def _rank_two(routine: Routine, values: Values) -> Iterator[Call]:
    for n, lower, (at_x, at_y) in itertools.product(SIZES, LOWER, PAIRS):
        vectors = {
            "x": values.vector(n, *at_x),
            "y": values.vector(n, *at_y),
            **_at("x", at_x),
            **_at("y", at_y),
        }
        call = {"alpha": values.scalar(), **vectors, "lower": lower}
        yield call
        yield {**call, "n": n, "overwrite_a": 1, "a": values.array(n, n)}
        yield {**call, "a": np.ascontiguousarray(values.array(n, n))}


def _rank_one_packed(routine: Routine, values: Values) -> Iterator[Call]:
    for n, lower, place in itertools.product(SIZES, LOWER, STRIDES):
        alpha = values.real() if routine.family == "hpr" else values.scalar()
        call = {
            "n": n,
            "alpha": alpha,
            "x": values.vector(n, *place, spare=lower),
            "lower": lower,
            **_at("x", place),
        }
        yield {**call, "ap": values.array(n * (n + 1) // 2 + lower)}
        yield {**call, "ap": values.array(n * (n + 1) // 2), "overwrite_ap": 1}


def _rank_two_packed(routine: Routine, values: Values) -> Iterator[Call]:
    for n, lower, (at_x, at_y) in itertools.product(SIZES, LOWER, PAIRS):
        vectors = {
            "x": values.vector(n, *at_x),
            "y": values.vector(n, *at_y),
            **_at("x", at_x),
            **_at("y", at_y),
        }
        call = {"n": n, "alpha": values.scalar(), **vectors, "lower": lower}
        yield {**call, "ap": values.array(n * (n + 1) // 2 + lower)}
        yield {**call, "ap": values.array(n * (n + 1) // 2), "overwrite_ap": 1}


def _updates(values: Values, head: Call, m: int, n: int) -> Iterator[Call]:
    """Every use of beta and c in a product of matrices."""
    yield head
    if 0 in (m, n):
        # f2py takes no given array where an extent is 0
        return
    yield {**head, "beta": values.scalar(), "c": values.array(m, n)}
    yield {**head, "beta": values.scalar(), "c": values.array(m, n), "overwrite_c": 1}
    yield {**head, "beta": 0.0, "c": np.ascontiguousarray(values.array(m, n))}


def _gemm(routine: Routine, values: Values) -> Iterator[Call]:
    sizes = ((1, 1, 1), (3, 4, 2), (2, 3, 5), (5, 1, 3), (3, 3, 0), (0, 2, 3))
    for (m, n, k), trans_a, trans_b in itertools.product(sizes, TRANS, TRANS):
        a = values.array(*((k, m) if trans_a else (m, k)))
        b = values.array(*((n, k) if trans_b else (k, n)))
        for a_ordered, b_ordered in _orders(a, b):
            head = {
                "alpha": values.scalar(),
                "a": a_ordered,
                "b": b_ordered,
                "trans_a": trans_a,
                "trans_b": trans_b,
            }
            yield from _updates(values, head, m, n)


def _gemmtr(routine: Routine, values: Values) -> Iterator[Call]:
    for (n, k), trans_a, trans_b, lower in itertools.product(
        ((1, 1), (4, 2), (3, 5)), TRANS, TRANS, LOWER
    ):
        a = values.array(*((k, n) if trans_a else (n, k)))
        b = values.array(*((n, k) if trans_b else (k, n)))
        flags = {"trans_a": trans_a, "trans_b": trans_b, "lower": lower}
        yield from _updates(
            values, {"alpha": values.scalar(), "a": a, "b": b, **flags}, n, n
        )


def _symm(routine: Routine, values: Values) -> Iterator[Call]:
    for (m, n), side, lower in itertools.product((*SHAPES, (3, 0)), (0, 1), LOWER):
        order = n if side else m
        if order == 0:
            continue
        for a, b in _orders(values.array(order, order), values.array(m, n)):
            head = {
                "alpha": values.scalar(),
                "a": a,
                "b": b,
                "side": side,
                "lower": lower,
            }
            yield from _updates(values, head, m, n)


def _ranks(routine: Routine) -> tuple:
    """The transpositions that the standard gives to syrk, herk and their kin."""
    if not routine.is_complex:
        return (0, 1, 2)
    return (0, 2) if routine.family.startswith("he") else (0, 1)


def _syrk(routine: Routine, values: Values) -> Iterator[Call]:
    for (n, k), trans, lower in itertools.product(SHAPES, _ranks(routine), LOWER):
        for (a,) in _orders(values.array(*((k, n) if trans else (n, k)))):
            head = {"alpha": values.scalar(), "a": a, "trans": trans, "lower": lower}
            yield from _updates(values, head, n, n)


def _syr2k(routine: Routine, values: Values) -> Iterator[Call]:
    for (n, k), trans, lower in itertools.product(SHAPES, _ranks(routine), LOWER):
        shape = (k, n) if trans else (n, k)
        for a, b in _orders(values.array(*shape), values.array(*shape)):
            head = {
                "alpha": values.scalar(),
                "a": a,
                "b": b,
                "trans": trans,
                "lower": lower,
            }
            yield from _updates(values, head, n, n)


def _triangular_m(routine: Routine, values: Values) -> Iterator[Call]:
    flags = itertools.product((0, 1), LOWER, TRANS, (0, 1))
    for (m, n), (side, lower, trans, diag) in itertools.product(
        (*SHAPES, (3, 0)), flags
    ):
        for a, b in _orders(values.solvable(n if side else m), values.array(m, n)):
            named = {
                "side": side,
                "lower": lower,
                "trans_a": trans,
                "diag": diag,
                "overwrite_b": (side + lower) % 2,
            }
            yield {"alpha": values.scalar(), "a": a, "b": b, **named}


ACCEPTED: dict[str, Callable[[Routine, Values], Iterator[Call]]] = {
    "rotg": _rotg,
    "rotmg": _rotmg,
    "rot": _rot,
    "rotm": _rotm,
    "swap": _two_vectors,
    "scal": _scaled,
    "rscal": _scaled,
    "copy": _two_vectors,
    "axpy": _axpy,
    "dot": _two_vectors,
    "dotu": _two_vectors,
    "dotc": _two_vectors,
    "sdsdot": _sdsdot,
    "dsdot": _two_vectors,
    "nrm2": _nrm2,
    "asum": _one_vector,
    "amax": _one_vector,
    "cabs1": _cabs1,
    "gemv": _gemv,
    "gbmv": _gbmv,
    "symv": _symmetric_mv,
    "hemv": _symmetric_mv,
    "sbmv": _symmetric_band_mv,
    "hbmv": _symmetric_band_mv,
    "spmv": _symmetric_packed_mv,
    "hpmv": _symmetric_packed_mv,
    "trmv": _triangular_v,
    "tbmv": _triangular_band_v,
    "tpmv": _triangular_packed_v,
    "trsv": _triangular_v,
    "tbsv": _triangular_band_v,
    "tpsv": _triangular_packed_v,
    "ger": _ger,
    "geru": _ger,
    "gerc": _ger,
    "syr": _rank_one,
    "her": _rank_one,
    "syr2": _rank_two,
    "her2": _rank_two,
    "spr": _rank_one_packed,
    "hpr": _rank_one_packed,
    "spr2": _rank_two_packed,
    "hpr2": _rank_two_packed,
    "gemm": _gemm,
    "gemmtr": _gemmtr,
    "symm": _symm,
    "hemm": _symm,
    "syrk": _syrk,
    "herk": _syrk,
    "syr2k": _syr2k,
    "her2k": _syr2k,
    "trmm": _triangular_m,
    "trsm": _triangular_m,
}


def layouts(call: Call) -> Iterator[Call]:
    """The same call with one array after the other in a layout that may have to be converted."""
    for name, array in call.items():
        if isinstance(array, np.ndarray):
            for variant in _layouts_of(array):
                yield {**call, name: variant}
    arrays = [name for name, value in call.items() if isinstance(value, np.ndarray)]
    yield {**call, **{name: call[name].tolist() for name in arrays}}


def _layouts_of(array: np.ndarray) -> Iterator[Any]:
    yield array.tolist()
    yield tuple(array.tolist())
    for dtype in (
        *DTYPES.values(),
        np.dtype(np.int32),
        np.dtype(np.int64),
        np.dtype(bool),
        np.dtype(object),
    ):
        if dtype != array.dtype and not (
            array.dtype.kind == "c" and dtype.kind != "c" and dtype.kind != "O"
        ):
            yield array.astype(dtype)
    yield array.astype(array.dtype.newbyteorder())
    frozen = array.copy(order="K")
    frozen.flags.writeable = False
    yield frozen
    spread = np.zeros([2 * extent for extent in array.shape], array.dtype, order="F")[
        (slice(None, None, 2),) * array.ndim
    ]
    spread[...] = array
    yield spread
    yield array[(slice(None, None, -1),) * array.ndim]
    bytewise = (
        np.zeros(array.nbytes + 1, np.uint8)[1:]
        .view(array.dtype)
        .reshape(array.shape, order="F")
    )
    bytewise[...] = array
    yield bytewise
    yield array[..., np.newaxis]
    yield array[np.newaxis, ...]
    yield np.asfortranarray(array).view(type("Marked", (np.ndarray,), {}))


def overlapping(call: Call) -> Iterator[Call]:
    """The same call with two arguments in the same memory, wholly or partly: what then happens is the library's."""
    arrays = [name for name, value in call.items() if isinstance(value, np.ndarray)]
    for first, second in itertools.combinations(arrays, 2):
        if call[first].shape == call[second].shape:
            yield {**call, second: call[first]}
        if call[first].ndim == call[second].ndim == 1:
            together = np.concatenate([call[first], call[second]])
            shared = max(len(call[first]) - 1, 0)
            yield {
                **call,
                first: together[: len(call[first])],
                second: together[shared : shared + len(call[second])],
            }

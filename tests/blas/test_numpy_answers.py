"""Every routine against NumPy's answers: no SciPy, so that the same tests run on PyPy."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import blas_answers
import blas_libraries
import blas_outcomes
import numpy as np
import pytest
from blas_calls import accepted
from blas_routines import ALL, BY_NAME, OF_LAPACK, OF_NEW_LIBRARIES, Routine
from blas_values import Values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# Beside a library's own rounding the formulas have theirs, and solving has a condition.
FACTOR = 40.0
ROTMG_FREE = [routine for routine in ALL if routine.family != "rotmg"]
PACKED_UPDATE = ("cspr", "zspr")
FULLEST = blas_libraries.fullest()
MAY_LACK = OF_LAPACK | OF_NEW_LIBRARIES

each_kind = pytest.mark.parametrize(
    "kind", blas_libraries.KINDS, ids=lambda kind: kind.name
)
each_routine = pytest.mark.parametrize(
    "routine", ROTMG_FREE, ids=lambda routine: routine.name
)


def is_there(module: ModuleType, name: str) -> bool:
    """Whether the library has the routine; one that is missing says so, and is not merely absent."""
    call = accepted(BY_NAME[name])[0]
    try:
        getattr(module, name)(**call)
    except AttributeError as missing:
        assert name in str(missing)  # noqa: PT017 - a probe, not the expectation of a test
        return False
    return True


def check(module: ModuleType, routine: Routine, call: dict[str, Any]) -> None:
    outcome = blas_outcomes.call(getattr(module, routine.name), call)
    assert outcome.exception is None, (
        f"{routine.name}({call}) raised {outcome.exception!r}"
    )
    expected = blas_answers.answer(routine.family, call)
    assert len(outcome.results) == len(expected)
    for result, wanted in zip(outcome.results, expected):  # noqa: B905 - not before Python 3.10
        if isinstance(result, np.ndarray):
            assert result.dtype == routine.dtype
            assert result.shape == np.shape(wanted)
            assert np.iscomplexobj(result) or not np.iscomplexobj(wanted)
            wanted = np.asarray(wanted).astype(routine.dtype)
        elif routine.dtype.char in "fF" and routine.family != "dsdot":
            result = np.asarray(result).astype(
                np.complex64 if isinstance(result, complex) else np.float32
            )
        assert blas_outcomes.close(np.asarray(result), _like(wanted, result), FACTOR), (
            f"{routine.name}({call}) gave\n{result}, expected\n{wanted}"
        )


def _like(wanted: Any, result: Any) -> np.ndarray:
    return np.asarray(wanted).astype(np.asarray(result).dtype)


@each_kind
@each_routine
def test_answers(
    load_blas: Any, kind: blas_libraries.LibraryKind, routine: Routine
) -> None:
    """All calls on one library, a selection on the others."""
    module = load_blas(kind)
    if routine.name in MAY_LACK and not is_there(module, routine.name):
        pytest.skip(f"{kind.name} has no {routine.name}")
    step = 1 if kind is FULLEST else 5
    for call in accepted(routine)[::step]:
        if routine.name in PACKED_UPDATE and call["incx"] < 0:
            continue  # recent versions of OpenBLAS start at the wrong end
        check(module, routine, call)


@each_kind
@pytest.mark.parametrize("name", ["srotmg", "drotmg"])
def test_rotmg(load_blas: Any, kind: blas_libraries.LibraryKind, name: str) -> None:
    """The rotation takes (x1, y1) to (r, 0) and keeps d1*x1**2 + d2*y1**2."""
    module = load_blas(kind)
    routine = BY_NAME[name]
    rotm = getattr(module, f"{routine.letter}rotm")
    for d1, d2, x1, y1 in ((1, 2, 3, 4), (2, 1, 4, 1), (1, 1, 1, 0), (0.5, 3, -1, 2)):
        param = getattr(module, name)(d1, d2, x1, y1)
        assert param.shape == (5,)
        assert param.dtype == routine.dtype
        vector = rotm(
            np.array([x1], routine.dtype), np.array([y1], routine.dtype), param
        )
        assert blas_outcomes.close(np.zeros(1, routine.dtype), vector[1], FACTOR)


IN_PLACE = ("sswap", "dswap", "dscal", "zscal", "dcopy", "ccopy", "daxpy", "zaxpy")


@each_kind
@pytest.mark.parametrize("name", IN_PLACE)
def test_in_place(load_blas: Any, kind: blas_libraries.LibraryKind, name: str) -> None:
    """Arrays that fit are worked on where they are; others are copied and left alone."""
    module, routine = load_blas(kind), BY_NAME[name]
    changed = (
        ("x", "y")
        if routine.family == "swap"
        else ("x",)
        if routine.family == "scal"
        else ("y",)
    )
    call = next(call for call in accepted(routine) if np.size(call["x"]) > 2)
    outcome = blas_outcomes.call(getattr(module, name), call)
    for argument, result in zip(changed, outcome.results):  # noqa: B905
        assert result is outcome.arguments[argument]
    other = np.dtype(np.int64)
    foreign = {
        key: value.real.astype(other) if key in changed else value
        for key, value in call.items()
    }
    outcome = blas_outcomes.call(getattr(module, name), foreign)
    for argument, result in zip(changed, outcome.results):  # noqa: B905
        assert not np.may_share_memory(result, outcome.arguments[argument])
        assert np.array_equal(foreign[argument], outcome.arguments[argument])


OVERWRITES = {
    "drot": ("x", "y"),
    "zdscal": ("x",),
    "dgemv": ("y",),
    "zhemv": ("y",),
    "dtrmv": ("x",),
    "ctrsv": ("x",),
    "dger": ("a",),
    "zher2": ("a",),
    "dspr": ("ap",),
    "dgemm": ("c",),
    "zherk": ("c",),
    "strsm": ("b",),
}


@each_kind
@pytest.mark.parametrize("name", sorted(OVERWRITES))
def test_overwrite(load_blas: Any, kind: blas_libraries.LibraryKind, name: str) -> None:
    module, routine = load_blas(kind), BY_NAME[name]
    needed = OVERWRITES[name]
    call = next(
        call
        for call in accepted(routine)
        if all(
            np.size(call.get(one, ())) > 2
            and np.isfortran(np.atleast_2d(call[one]).T.T)
            for one in needed
        )
        or all(np.ndim(call.get(one)) == 1 and np.size(call[one]) > 2 for one in needed)
    )
    for overwrite in (0, 1):
        outcome = blas_outcomes.call(
            getattr(module, name),
            {**call, **{f"overwrite_{argument}": overwrite for argument in needed}},
        )
        for argument, result in zip(needed, outcome.results):  # noqa: B905
            assert np.may_share_memory(result, outcome.arguments[argument]) == bool(
                overwrite
            )
            if not overwrite:
                assert np.array_equal(outcome.arguments[argument], call[argument])


REFUSED = {
    "too short": (
        "ddot",
        {"x": np.ones(3), "y": np.ones(2)},
        "error",
        "len(y)-offy>(n-1)*abs(incy)",
    ),
    "zero increment": (
        "daxpy",
        {"x": np.ones(3), "y": np.ones(3), "incx": 0},
        "error",
        "incx>0||incx<0",
    ),
    "bad offset": (
        "dasum",
        {"x": np.ones(3), "offx": 3},
        "error",
        "offx>=0 && offx<len(x)",
    ),
    "bad flag": (
        "dgemv",
        {"alpha": 1, "a": np.eye(2), "x": np.ones(2), "trans": 3},
        "error",
        "trans <=2",
    ),
    "not square": (
        "dtrmv",
        {"a": np.ones((2, 3)), "x": np.ones(3)},
        "error",
        "shape(a,0)==shape(a,1)",
    ),
    "wrong rank": (
        "dsyrk",
        {"alpha": 1, "a": np.eye(2), "c": np.ones((2, 2, 2))},
        "ValueError",
        "too many axes: 3 (effrank=3), expected rank=2",
    ),
    "wrong size": (
        "dsyrk",
        {"alpha": 1, "a": np.eye(2), "c": np.eye(3)},
        "ValueError",
        "0-th dimension must be fixed to",
    ),
    "no number": (
        "dnrm2",
        {"x": ["a"]},
        "ValueError",
        "could not convert string to float",
    ),
    "missing": (
        "ddot",
        {"x": np.ones(3)},
        "TypeError",
        "'y'",
    ),
    "unknown": ("ddot", {"x": [1.0], "y": [1.0], "z": 1}, "TypeError", "z"),
    "overflow": ("ddot", {"x": [1.0], "y": [1.0], "n": 2**80}, "OverflowError", ""),
}


@each_kind
@pytest.mark.parametrize("case", sorted(REFUSED))
def test_refused(load_blas: Any, kind: blas_libraries.LibraryKind, case: str) -> None:
    name, call, exception, text = REFUSED[case]
    outcome = blas_outcomes.call(getattr(load_blas(kind), name), call)
    assert type(outcome.exception).__name__ == exception
    assert text in str(outcome.exception)


LEVEL_1 = [
    routine
    for routine in ROTMG_FREE
    if routine.family in ("axpy", "dot", "dotu", "dotc", "copy", "swap")
]
places = st.tuples(st.integers(0, 3), st.integers(-4, 4).filter(bool))


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@given(
    st.sampled_from(LEVEL_1),
    st.integers(1, 9),
    places,
    places,
    st.integers(0, 3),
    st.booleans(),
)
def test_any_stride(
    load_blas: Any,
    routine: Routine,
    n: int,
    at_x: Any,
    at_y: Any,
    spare: int,
    named: bool,
) -> None:
    values = Values(routine.dtype, repr((n, at_x, at_y)))
    call = {
        "x": values.vector(n, *at_x, spare=spare),
        "y": values.vector(n, *at_y, spare=spare),
    }
    call.update(
        {"n": n, "offx": at_x[0], "incx": at_x[1], "offy": at_y[0], "incy": at_y[1]}
    )
    if named and routine.family == "axpy":
        call["a"] = values.scalar()
    check(load_blas(FULLEST), routine, call)


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@given(
    st.sampled_from("sdcz"),
    st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(1, 6)),
    st.integers(0, 2),
    st.integers(0, 2),
    st.booleans(),
)
def test_any_product(
    load_blas: Any,
    letter: str,
    sizes: Any,
    trans_a: int,
    trans_b: int,
    rows_first: bool,
) -> None:
    routine = BY_NAME[f"{letter}gemm"]
    m, n, k = sizes
    values = Values(routine.dtype, repr(sizes))
    a = values.array(*((k, m) if trans_a else (m, k)))
    b = values.array(*((n, k) if trans_b else (k, n)))
    if rows_first:
        a, b = np.ascontiguousarray(a), np.ascontiguousarray(b)[:, ::1]
    call = {
        "alpha": values.scalar(),
        "a": a,
        "b": b,
        "trans_a": trans_a,
        "trans_b": trans_b,
    }
    check(
        load_blas(FULLEST),
        routine,
        {**call, "beta": values.scalar(), "c": values.array(m, n)},
    )

"""Random calls of random routines on scipy.linalg.blas and on the generated module: most are refused, by both."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import blas_libraries
import numpy as np
import pytest
from blas_refusals import signature
from blas_routines import DTYPES, Routine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_against_scipy import COMMON, blas, compare

pytestmark = pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning")

integers = st.one_of(st.integers(-3, 7), st.sampled_from([0, 1, 1, 1, 2]))
small = st.integers(0, 5)
dtypes = st.sampled_from(
    [*DTYPES.values(), np.dtype(np.int32), np.dtype(np.int64), np.dtype(bool)]
)
finite = st.one_of(st.integers(-3, 3), st.floats(-4, 4, width=16))
numbers = st.one_of(finite, st.sampled_from([float("nan"), float("inf")]))


@st.composite
def arrays(draw: Any, ndim: int, routine: Routine) -> np.ndarray:
    """An array of the wanted rank, more often than not of the wanted dtype, in any layout."""
    shape = draw(st.one_of(st.tuples(*[st.just(3)] * ndim), st.tuples(*[small] * ndim)))
    dtype = draw(st.one_of(st.just(routine.dtype), dtypes))
    if dtype.kind == "c" and not routine.is_complex:
        dtype = routine.dtype
    steps = draw(st.tuples(*[st.sampled_from([1, 1, 1, 2, -1])] * ndim))
    whole = np.zeros(
        [extent * abs(step) for extent, step in zip(shape, steps)],  # noqa: B905 - as everywhere here
        dtype,
        order=draw(st.sampled_from("FC")),
    )
    array = whole[tuple(slice(None, None, step) for step in steps)]
    array[...] = np.resize(np.array([1.5, -2, 0.25, 3, -1, 0.5, 2]), array.shape)
    array.flags.writeable = draw(st.sampled_from([True, True, True, False]))
    return array


@st.composite
def calls(draw: Any, routine: Routine) -> dict[str, Any]:
    """Arguments by name, each of the kind that the docstring gives; some of the optional ones."""
    documentation = getattr(blas, routine.name).__doc__
    required, optional = signature(documentation)
    chosen = (
        draw(st.lists(st.sampled_from(optional), unique=True, max_size=5))
        if optional
        else []
    )
    call: dict[str, Any] = {}
    for name in (*required, *chosen):
        kind = documentation.partition(f"\n{name} : input ")[2].split("\n", 1)[0]
        if kind.startswith("rank-"):
            call[name] = draw(arrays(int(kind[5]), routine))
        elif kind.startswith("int"):
            call[name] = draw(
                st.integers(0, 1) if name.startswith("overwrite") else integers
            )
        else:
            # rotmg scales an infinity down for ever
            call[name] = draw(finite if routine.family == "rotmg" else numbers)
    return call


@pytest.fixture(scope="module")
def module(load_blas: Any) -> ModuleType:
    return load_blas(blas_libraries.OPENBLAS32)


@settings(
    max_examples=1500,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@given(st.data())
def test_any_call(module: ModuleType, data: st.DataObject) -> None:
    routine = data.draw(st.sampled_from(COMMON))
    call = data.draw(calls(routine))
    if not differs_by_library(routine, call):
        compare(module, routine, [call])


def differs_by_library(routine: Routine, call: dict[str, Any]) -> bool:
    """Whether the result hangs on the version of the library, or SciPy's gets an illegal leading dimension."""
    if routine.family == "rotg":
        # OpenBLAS before 0.3.22 gives c = 0 for complex ones
        return routine.is_complex and call["a"] == call["b"] == 0
    emptied = any(
        isinstance(value, np.ndarray) and value.size == 0 for value in call.values()
    )
    return emptied and routine.family not in ("gemm", "ger", "geru", "gerc")

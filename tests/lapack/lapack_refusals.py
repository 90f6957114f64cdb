"""Calls that are refused, or that only a lenient conversion accepts: one argument after the other is spoiled.

Values for work sizes and limits are chosen such that no library overruns memory whatever it makes of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from blas_refusals import ARRAYS, FLAGS, signature

INTEGERS: tuple[Any, ...] = (
    0, -1, -2, 2, 3, True, 1.9, None, [], [2], {}, np.int8(2),
    np.float32(2.5), np.array(2), np.array([]), float("nan"), object,
)  # fmt: skip
REALS: tuple[Any, ...] = (
    2, True, None, [], [2.5], (), {}, np.float32(0.5), np.array(0.25), np.array([]),
    10**400, object, np.int16(3),
)  # fmt: skip
CHARACTERS: tuple[Any, ...] = (
    "X", "n", b"N", "No", 1, 1.5, None, [], ["N"], (), {}, np.array("N"), np.array(b"U"), object,
)  # fmt: skip

# What scipy.linalg.lapack lets through to LAPACK, which complains on standard output and returns, or, where it is
# the reference implementation, ends the process; some of it overruns memory first.
ADDED_CHECKS = (
    "lwork>=1)", "n>=0)", "anorm>=0", "norm=='1'||norm=='O'||norm=='I'", "uplo=='U'||uplo=='L'",
    "k1+(k2-k1)*abs(inc)<npiv-off", "lda>=max(1,n)", "ldb>=max(1,n)", "ldb>=1", "lwork>=1||lwork==-1", "kl>=0", "ku>=0",
    "n>=0&&n<=shape(ab,1)", "ldab>=2*kl+ku+1", "kd>=0", "lwork>=MIN(m,n)+MAX(MIN(m,n),nrhs)||lwork==-1",
    "m>=0)", "nrhs>=0)", "(lwork==-1)",
    "MIN(m,n)==0||", "n<=m", "k<=n", "k<=(side=='L'?m:n)", "lda>=max(1,(side=='L'?m:n))", "ldc>=1",
    "lwork==-1||lwork>=max(1,(side=='L'?n:m))", "lo>=0&&lo<max(1,n)", "hi>=min(lo,n-1)&&hi<n", "lwork==-1||lwork>=3*n",
    "liwork==-1||liwork>=", "lrwork==-1||lrwork>=", "range=='V'?vu>vl:1", "itype>0 && itype<4",
    "lwork>=3*n-1||lwork==-1", "lwork>=2*n-1||lwork==-1", "2>n||lwork==-1", "2>n||lrwork==-1", "2>n||liwork==-1",
    "lwork>0||lwork==-1", "lda>=1", "n==shape(a,1)", "n==shape(a,0)", "(shape(b,0)==n)", "size_iwork>=minmn",
    "size_rwork>=minmn",
)  # fmt: skip


def is_refused_here_alone(exception: BaseException | None) -> bool:
    """Whether a check refused that scipy.linalg.lapack doesn't make."""
    text = str(exception)
    return type(exception).__name__ == "error" and any(
        check in text for check in ADDED_CHECKS
    )


def spoiled(call: dict[str, Any], documentation: str) -> Iterator[dict[str, Any]]:
    """`call` with one argument replaced, for every argument that the routine has."""
    required, optional = signature(documentation)
    for name in (*required, *optional):
        for value in _replacements(name, call, documentation):
            yield {**call, name: value}
        if name in required:
            yield {other: value for other, value in call.items() if other != name}
    if optional:
        yield {**call, "nonsense": 1}
    if required:
        yield {}


def _replacements(name: str, call: dict[str, Any], documentation: str) -> Iterator[Any]:
    kind = documentation.partition(f"\n{name} : ")[2].split("\n", 1)[0]
    if name.startswith("overwrite_"):
        yield from FLAGS
    elif "rank-1 array('i')" in kind:
        yield from _misshapen(call[name])  # the contents are row numbers
    elif "rank-" in kind:
        yield from ARRAYS
        yield from _misshapen(call[name])
    elif "bytes" in kind:
        yield from CHARACTERS
    elif "input float" in kind or "input complex" in kind:
        yield from REALS
    elif "input int" in kind:
        yield from INTEGERS


def _misshapen(array: np.ndarray) -> Iterator[np.ndarray]:
    for axis, extent in enumerate(array.shape):
        for other in sorted({0, 1, max(extent - 1, 0), extent + 1, extent + 2}):
            yield np.resize(
                array, (*array.shape[:axis], other, *array.shape[axis + 1 :])
            )
    yield array[np.newaxis]
    yield array[..., np.newaxis, np.newaxis]
    yield array.ravel()
    yield np.resize(array, (2, 2, 2))
    yield np.resize(array, ())

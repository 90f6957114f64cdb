"""The calls that are timed: routine, statement, sizes, arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

VECTOR_SIZES = (3, 100, 10**4, 10**6)
MATRIX_SIZES = (3, 30, 300, 1000)


@dataclass(frozen=True)
class Call:
    """One routine: how Python calls it, and what Fortran takes.

    `statement` uses the names that `arguments` makes; `fortran` lists the same call's
    arguments for a bare call, by the names that `bare_arguments` makes.
    """

    routine: str
    statement: str
    fortran: tuple[str, ...]
    sizes: tuple[int, ...]
    result: str = ""
    allocates: str = ""


CALLS = (
    Call("drotg", "drotg(3.0, 4.0)", ("a", "b", "c", "s"), (3,)),
    Call(
        "ddot",
        "ddot(x, y)",
        ("n", "x", "one", "y", "one"),
        VECTOR_SIZES,
        result="double",
    ),
    Call(
        "daxpy",
        "daxpy(x, y, a=0.5)",
        ("n", "half", "x", "one", "y", "one"),
        VECTOR_SIZES,
    ),
    Call("dscal", "dscal(-1.0, x)", ("n", "minus", "x", "one"), VECTOR_SIZES),
    Call("dcopy", "dcopy(x, y)", ("n", "x", "one", "y", "one"), (3,)),
    Call("dnrm2", "dnrm2(x)", ("n", "x", "one"), (3,), result="double"),
    Call("idamax", "idamax(x)", ("n", "x", "one"), (3,), result="integer"),
    Call(
        "zdotc",
        "zdotc(zx, zy)",
        ("n", "zx", "one", "zy", "one"),
        VECTOR_SIZES,
        result="complex",
    ),
    Call(
        "dgemv",
        "dgemv(1.0, a2, x)",
        ("T", "n", "n", "unit", "a2", "n", "x", "one", "zero", "out1", "one", "length"),
        MATRIX_SIZES,
        allocates="vector",
    ),
    Call(
        "dgemm",
        "dgemm(1.0, a2, b2)",
        (
            "T",
            "T",
            "n",
            "n",
            "n",
            "unit",
            "a2",
            "n",
            "b2",
            "n",
            "zero",
            "out2",
            "n",
            "length",
            "length",
        ),
        MATRIX_SIZES,
        allocates="matrix",
    ),
    Call(
        "dsyrk",
        "dsyrk(1.0, a2)",
        (
            "U",
            "T",
            "n",
            "n",
            "unit",
            "a2",
            "n",
            "zero",
            "out2",
            "n",
            "length",
            "length",
        ),
        (3,),
        allocates="matrix",
    ),
    Call(
        "dger",
        "dger(1.0, x, y)",
        ("n", "n", "unit", "x", "one", "y", "one", "out2", "n"),
        (3,),
        allocates="matrix",
    ),
)


def arguments(call: Call, size: int) -> dict[str, Any]:
    """Return the arrays that `call` uses; matrices are in Fortran's order, so that nobody has to copy."""
    names = set(call.fortran)
    random = np.random.default_rng(size)
    made: dict[str, Any] = {}
    for name in ("x", "y", "out1"):
        if name in names:
            made[name] = random.random(size)
    for name in ("zx", "zy"):
        if name in names:
            made[name] = random.random(size) + 1j * random.random(size)
    for name in ("a2", "b2", "out2"):
        if name in names:
            made[name] = np.asfortranarray(random.random((size, size)))
    return made


def result_bytes(call: Call, size: int) -> int:
    """Return the size in bytes of the array that `call` has to allocate for its result."""
    return {"": 0, "vector": 8 * size, "matrix": 8 * size * size}[call.allocates]

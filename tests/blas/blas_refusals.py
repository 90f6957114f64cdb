"""Calls that are refused, or that only a lenient conversion accepts: one argument after the other is spoiled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

INTEGERS: tuple[Any, ...] = (
    0, -1, -2, 2, 3, 10, True, 1.9, -0.5, None, [], [2],
    (), {}, np.int8(2), np.int64(1), np.float32(2.5), np.array(2), np.array([2]), np.array([]),
    float("nan"), object,
)  # fmt: skip
BEYOND_C = (2**31, -(2**31) - 1, 10**30)
REALS: tuple[Any, ...] = (
    2, True, None, [], [2.5], [[1.5]], (), {}, np.float32(0.5), np.array(0.25),
    np.array([2.5]), np.array([]), 10**400, object, np.int16(3),
)  # fmt: skip
FLAGS: tuple[Any, ...] = (5, -1, True, None, 1.0, "1", [], [1], np.int64(1))
ARRAYS: tuple[Any, ...] = (
    None, 0, 1.5, "", "abc", b"abc", [], [[]], (), {}, object, [1, "a"], [None], [[1], [2, 3]], [[[1, 2], [3, 4]]], 2j,
    np.float64(3),
)  # fmt: skip


# What f2py takes a number from and f2pypy refuses.
TEXTS: tuple[Any, ...] = ("2", "two", b"1", "", np.array("1"))
COMPLEX: tuple[Any, ...] = (1j, 2 + 1j, np.complex64(1j))
SEVERAL: tuple[Any, ...] = ([2, 1], [[1], [2]], np.array([2, 1]))
TEXT_ARRAYS: tuple[Any, ...] = (np.array("1"), np.array(["1", "2"]))


def signature(documentation: str) -> tuple[list[str], list[str]]:
    """The required and the optional arguments that the first line of an f2py docstring names, in order."""
    inside = documentation.split("\n", 1)[0].partition("(")[2].rstrip(")")
    required, _, optional = inside.partition("[")
    return [name for name in required.strip(",").split(",") if name], [
        name for name in optional.rstrip("]").split(",") if name
    ]


def spoiled(call: dict[str, Any], documentation: str) -> Iterator[dict[str, Any]]:
    """`call` with one argument replaced, for every argument that the routine has."""
    required, optional = signature(documentation)
    for name in (*required, *optional):
        for value in _replacements(name, call, documentation):
            yield {**call, name: value}
        if name in required:
            yield {other: value for other, value in call.items() if other != name}
    yield {**call, "nonsense": 1}
    yield {}


def _replacements(name: str, call: dict[str, Any], documentation: str) -> Iterator[Any]:
    kind = documentation.partition(f"\n{name} : input ")[2].split("\n", 1)[0]
    if name.startswith("overwrite_"):
        yield from FLAGS
    elif kind.startswith("int"):
        yield from INTEGERS
        if name not in ("m", "incy", "offy") and not name.startswith("trans"):
            # What never reaches the library as an integer may have any size: a flag that chooses between letters, a
            # number that makes y as long as memory allows.
            yield from BEYOND_C
    elif kind.startswith("rank-"):
        yield from ARRAYS
        if isinstance(call.get(name), np.ndarray):
            yield from _misshapen(call[name])
    else:
        yield from REALS


def refused_here(
    call: dict[str, Any], documentation: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """`call` with one argument replaced by what f2pypy alone refuses, and that argument's name."""
    required, optional = signature(documentation)
    for name in (*required, *optional):
        kind = documentation.partition(f"\n{name} : input ")[2].split("\n", 1)[0]
        if name.startswith("overwrite_"):
            continue
        if kind.startswith("rank-"):
            odd = TEXT_ARRAYS
        elif kind.startswith("int") and name in optional:
            odd = (*TEXTS, *COMPLEX)  # of several elements f2pypy takes the first, too
        elif kind.startswith(("int", "float")):
            odd = (*TEXTS, *COMPLEX, *SEVERAL)
        elif kind.startswith("complex"):
            odd = (*TEXTS, *SEVERAL)
        else:
            odd = ()
        for value in odd:
            yield name, {**call, name: value}


def _misshapen(array: np.ndarray) -> Iterator[np.ndarray]:
    for axis, extent in enumerate(array.shape):
        for other in {0, 1, max(extent - 1, 0), extent + 1, extent + 2}:
            yield np.resize(
                array, (*array.shape[:axis], other, *array.shape[axis + 1 :])
            )
    yield array[np.newaxis]
    yield array[..., np.newaxis, np.newaxis]
    yield array.ravel()
    yield np.resize(array, (2, 2, 2))
    yield np.resize(array, ())


def positional_faults(
    call: dict[str, Any], documentation: str
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Positional and named arguments of calls with too many, too few or doubly given arguments."""
    required, optional = signature(documentation)
    given = [call[name] for name in required]
    yield tuple(given[:-1]), {}
    yield (), {}
    yield tuple(given + [0] * (len(optional) + 1)), {}
    yield tuple(given), {required[0]: given[0]}
    yield tuple(given), {"nonsense": 0}
    yield tuple(given[:-1]), {"nonsense": 0}
    if optional:
        yield (*given, 1), {optional[0]: 1}

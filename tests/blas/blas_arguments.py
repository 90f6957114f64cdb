"""Arguments that anybody might pass to a BLAS wrapper: what fits more often than not, and all that doesn't."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

DTYPES = tuple(map(np.dtype, ("f4", "f8", "c8", "c16", "i4", "i8", "?", ">f8", "S3")))
INTEGERS = (0, 1, 1, 1, 2, 3, -1, -2, 5)
# Smaller ones could make arrays that fill the memory.
HUGE = (2**45, -(2**45), 2**63 - 1, -(2**63), 2**63, 2**70)
REALS = (0.0, -0.0, 1.0, 1.5, -2.0, 1e300, -1e300, 1e-310, float("nan"), float("inf"))
ODD = (None, True, False, "1", b"1", "", [], (), [1.0], {}, object, 1j, np.float32(2.5))


class Vector(np.ndarray):
    """Somebody's own kind of array."""


@dataclass(frozen=True)
class Arguments:
    """One call: what is given by position and what by name."""

    positional: tuple[Any, ...]
    named: dict[str, Any]


@st.composite
def arrays(draw: Any, rank: int, dtype: np.dtype) -> np.ndarray:
    """An array that fits, or one of another rank, type, order, step or kind, read-only or badly aligned."""
    rank = draw(st.sampled_from([rank] * 12 + [0, 1, 2, 3]))
    kind = draw(st.sampled_from([dtype] * 12 + list(DTYPES)))
    extents = st.sampled_from([3] * 6 + [0, 1, 2, 4, 5])
    shape = tuple(draw(extents) for _ in range(rank))
    if draw(st.integers(0, 3)):
        shape = (3,) * rank
    steps = tuple(draw(st.sampled_from([1] * 9 + [2, -1])) for _ in shape)
    whole = np.zeros(
        [extent * abs(step) for extent, step in zip(shape, steps)],  # noqa: B905
        kind,
        order=draw(st.sampled_from("FFFC")),
    )
    array = whole[(*(slice(None, None, step) for step in steps), ...)]
    numbers = draw(st.sampled_from([(1.5, -2, 0.25, 3, -1), (0,), (1e300, np.nan, 1)]))
    with np.errstate(all="ignore"):
        array[...] = np.resize(np.array(numbers), array.shape).astype(kind)
    return _disguised(array, draw(st.sampled_from([""] * 12 + list(DISGUISES))))


DISGUISES: dict[str, Callable[[np.ndarray], Any]] = {
    "own class": lambda array: array.view(Vector),
    "list": lambda array: array.tolist(),
    "read-only": lambda array: _frozen(array),
    "misaligned": lambda array: _misaligned(array),
    "masked": lambda array: np.ma.array(array),
}


def _disguised(array: np.ndarray, how: str) -> Any:
    return DISGUISES[how](array) if how else array


def _frozen(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


def _misaligned(array: np.ndarray) -> np.ndarray:
    memory = np.zeros(array.nbytes + 1, np.uint8)
    moved = np.ndarray(array.shape, array.dtype, memory, 1, order="F")
    moved[...] = array
    return moved


def scalars(annotation: str) -> st.SearchStrategy[Any]:
    """A number of the kind that the annotation names, or anything else."""
    usual: list[Any] = list(INTEGERS)
    if "float" in annotation or "complex" in annotation:
        usual += REALS
    if "complex" in annotation:
        usual += [complex(one, -two) for one in REALS for two in REALS[:4]]
    rare = [*HUGE, *ODD, np.int32(1), np.float64(1.5), np.array(1), np.array([2])]
    return st.one_of(*[st.sampled_from(usual)] * 15, st.sampled_from(rare))


@st.composite
def calls(draw: Any, function: Callable[..., Any], dtype: np.dtype) -> Arguments:
    """Arguments for a function of the generated module, after its signature; sometimes too many or too few."""
    parameters = inspect.signature(function).parameters
    careful = draw(st.sampled_from([True, True, False]))
    values: dict[str, Any] = {}
    for name, parameter in parameters.items():
        required = parameter.default is inspect.Parameter.empty
        given = draw(st.integers(0, 60)) if required else draw(st.integers(-2, 1))
        if given > 0 or (careful and required):
            find = _fitting if careful else _argument
            values[name] = draw(find(name, str(parameter.annotation), dtype))
    names = list(values)
    count = draw(st.integers(0, len(values)))
    while names[:count] != list(parameters)[:count]:
        count -= 1
    positional = tuple(values.pop(name) for name in names[:count])
    if careful:
        return Arguments(positional, values)
    if not draw(st.integers(0, 40)):
        values[draw(st.sampled_from(["wrong", *parameters]))] = 1
    if not draw(st.integers(0, 60)):
        positional = (*positional, *([1] * len(parameters)))
    return Arguments(positional, values)


def _fitting(name: str, annotation: str, dtype: np.dtype) -> st.SearchStrategy[Any]:
    """What suits most calls: three rows, three columns, strides and flags of one."""
    if "ArrayLike" in annotation:
        shape = SHAPES.get(name, (3, 3))
        array = np.resize(np.array([1.5, -2, 0.25, 3, -1]), shape).astype(dtype)
        fortran = np.asfortranarray(array)
        return st.sampled_from([fortran, fortran, fortran, array, array.copy().T])
    if name in ("m", "n", "k"):
        return st.sampled_from([3, 3, 2, None] if name != "k" else [1, 0])
    if name.startswith("off"):
        return st.just(0)
    if "float" in annotation or "complex" in annotation:
        return st.sampled_from(
            [*REALS[:5], 2, -1] + [1 - 2j] * ("complex" in annotation)
        )
    return st.sampled_from([1, 1, 1, 0, -1, None, True])


SHAPES = {"x": (3,), "y": (3,), "ap": (6,), "param": (5,)}


def _argument(name: str, annotation: str, dtype: np.dtype) -> st.SearchStrategy[Any]:
    if "ArrayLike" not in annotation:
        return scalars(annotation)
    rank = 1 if name in ("x", "y", "ap", "param") else 2
    fitting = arrays(rank, dtype)
    return st.one_of(*[fitting] * 20, st.sampled_from([None, 1.0, "x", [], object()]))

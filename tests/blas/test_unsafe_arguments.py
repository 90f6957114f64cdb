"""Arguments that could make Fortran write to read-only memory, or read memory that is gone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

PYPY = sys.implementation.name == "pypy"


@pytest.fixture(scope="module", params=["0", "1"])
def module(request: pytest.FixtureRequest, new_blas: Any) -> ModuleType:
    """BLAS through ctypes (or PyPy's cffi), and as native code where there is any."""
    found: ModuleType = new_blas(request.param)
    return found


def read_only(path: Path, values: Any, shape: Any = None) -> Any:
    """Return an array over a file that the process may only read: writing to it would end the process."""
    array = np.asfortranarray(np.array(values, float).reshape(shape or -1))
    array.ravel("K").tofile(path)
    return np.memmap(path, float, "r", shape=array.shape, order="F")


def test_read_only_memory_is_copied_before_fortran_changes_it(
    module: ModuleType, tmp_path: Path
) -> None:
    x = read_only(tmp_path / "x", [1, 2])
    a = read_only(tmp_path / "a", [1, 0, 0, 1], (2, 2))
    for vector in (x, np.asarray(x)):
        # x of dscal and dswap is intent(in,out): it is changed where it lies
        assert module.dscal(2, vector).tolist() == [2, 4]
        assert module.daxpy(vector, vector).tolist() == [2, 4]
        for given in (0, 1):
            product = module.dgemv(1, a, vector, 1, vector, overwrite_y=given)
            assert product.tolist() == [2, 4]
        swapped = module.dswap(vector, vector)
        assert [each.tolist() for each in swapped] == [[1, 2], [1, 2]]
    for matrix in (a, np.asarray(a)):
        product = module.dgemm(1, matrix, matrix, 1, matrix, overwrite_c=1)
        assert product.tolist() == [[2, 0], [0, 2]]
        solved = module.dtrsm(1, matrix, matrix, overwrite_b=1)
        assert solved.tolist() == [[1, 0], [0, 1]]
    assert x.tolist() == [1, 2]
    assert a.tolist() == [[1, 0], [0, 1]]


def test_writable_memory_is_overwritten_as_before(module: ModuleType) -> None:
    x = np.array([1.0, 2.0])
    assert module.dscal(2, x) is x
    assert x.tolist() == [2, 4]
    a = np.asfortranarray(np.eye(2))
    assert module.dgemv(1, a, x, 1, x, overwrite_y=1) is x
    assert x.tolist() == [4, 8]


class Index:
    """An integer that does something first."""

    def __init__(self, value: int, action: Callable[[], object]) -> None:
        self.value = value
        self.action = action

    def __index__(self) -> int:
        self.action()
        return self.value


class Number(Index):
    def __float__(self) -> float:
        return float(self.__index__())


class Values(Index):
    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        self.action()
        return np.full(4, float(self.value))


def shrink(array: Any) -> Callable[[], object]:
    return lambda: array.resize(1, refcheck=False)


def reshape(array: Any) -> Callable[[], object]:
    def action() -> None:
        array.shape = (2, 2)

    return action


@pytest.mark.parametrize("change", [shrink, reshape])
@pytest.mark.parametrize(
    "call",
    [
        lambda m, x, change: m.ddot(x, np.ones(4), 4, 0, Index(1, change)),
        lambda m, x, change: m.ddot(x, Values(1, change)),
        lambda m, x, change: m.daxpy(x, np.ones(4), a=Number(2, change)),
        lambda m, x, change: m.ddot(x, [1.0, 2.0, 3.0, Number(2, change)]),
        lambda m, x, change: m.dgemv(1, np.eye(4), x, trans=Index(1, change)),
    ],
    ids=["index", "array", "float", "list", "keyword"],
)
def test_arrays_that_a_conversion_changes_are_refused(
    module: ModuleType, change: Any, call: Any
) -> None:
    x = np.arange(4.0)
    with pytest.raises(RuntimeError, match=r"d\w+\(\): the array 'x' changed its"):
        call(module, x, change(x))


def test_memory_under_a_view_counts_as_well(module: ModuleType) -> None:
    base = np.arange(100_000.0)
    view = base[:1000]
    with pytest.raises(RuntimeError, match="'x' changed its memory"):
        module.ddot(view, np.ones(1000), 1000, 0, Index(1, shrink(base)))


def test_a_conversion_may_do_everything_else(module: ModuleType) -> None:
    x, y = np.arange(4.0), np.ones(4)
    seen = []

    def call_again() -> None:
        seen.append(module.ddot(x, y))
        x[0] = 5

    assert module.ddot(x, y, 4, 0, Index(1, call_again)) == 11
    assert module.ddot(x, Values(1, call_again)) == 11
    assert module.daxpy(x, y, a=Number(2, call_again)).tolist() == [11, 3, 5, 7]
    assert len(seen) == 3
    with pytest.raises(KeyError):
        module.ddot(x, y, 4, 0, Index(1, lambda: {}[1]))


@pytest.mark.skipif(PYPY, reason="PyPy keeps the memory of a bytearray by itself")
def test_readable_memory_that_disappears_is_refused_by_its_owner(
    module: ModuleType,
) -> None:
    memory = bytearray(np.arange(4.0).tobytes())
    x = np.frombuffer(memory)
    with pytest.raises(BufferError):
        module.ddot(x, np.ones(4), 4, 0, Index(1, memory.clear))

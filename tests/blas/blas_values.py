"""Arguments of calls: random arrays in any layout, and their duplicates in the same layout."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np


class Values:
    """Random numbers of one dtype, the same in every run for the same `seed`."""

    def __init__(self, dtype: np.dtype, seed: str) -> None:
        self.dtype = dtype
        self.random = np.random.RandomState(zlib.crc32(seed.encode()))

    def scalar(self) -> Any:
        """A number of the dtype's kind, exact in single precision."""
        real = self.random.randint(-12, 13) / 8 + 0.0625
        return (
            complex(real, self.random.randint(-12, 13) / 8)
            if self.dtype.kind == "c"
            else real
        )

    def real(self) -> float:
        return float(np.real(self.scalar()))

    def array(self, *shape: int) -> np.ndarray:
        """Numbers between -2 and 2 in Fortran order; exact in single precision."""
        numbers = self.random.randint(-32, 33, shape) / 16
        if self.dtype.kind == "c":
            numbers = numbers + 1j * self.random.randint(-32, 33, shape) / 16
        return np.asfortranarray(np.asarray(numbers, self.dtype))

    def vector(self, n: int, off: int = 0, inc: int = 1, spare: int = 0) -> np.ndarray:
        """A vector that holds `n` elements `inc` apart after the first `off`, and `spare` ones behind them."""
        return self.array(1 + off + max(n - 1, 0) * abs(inc) + spare)

    def solvable(self, n: int) -> np.ndarray:
        """A matrix whose triangles are well conditioned."""
        return np.asfortranarray(self.array(n, n) / 4 + 3 * np.eye(n)).astype(
            self.dtype, order="F"
        )


def duplicate(arguments: dict[str, Any]) -> dict[str, Any]:
    """The same arguments in memory of their own; arrays keep strides, order, offsets, flags and overlaps."""
    buffers: dict[int, np.ndarray] = {}
    return {name: _duplicate(value, buffers) for name, value in arguments.items()}


def _duplicate(value: Any, buffers: dict[int, np.ndarray]) -> Any:
    if isinstance(value, list):
        return [_duplicate(element, buffers) for element in value]
    if not isinstance(value, np.ndarray) or value.dtype.hasobject:
        return value
    owner = value
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    start, _ = _bounds(owner)
    if id(owner) not in buffers:
        # one element more, so that an empty array has an address too
        flat = np.zeros(owner.nbytes + 16, np.uint8)
        flat[: owner.nbytes] = np.frombuffer(owner.tobytes(order="A"), np.uint8)
        buffers[id(owner)] = flat
    offset = value.__array_interface__["data"][0] - start if value.size else 0
    copy = np.ndarray(
        value.shape, value.dtype, buffers[id(owner)], offset, value.strides
    )
    copy.flags.writeable = value.flags.writeable
    return copy.view(type(value))


def _bounds(array: np.ndarray) -> tuple[int, int]:
    """First address and size in bytes of an array that is contiguous in some order."""
    if not (array.flags.c_contiguous or array.flags.f_contiguous):
        raise ValueError(
            f"an owner of memory is contiguous, strides {array.strides} were given"
        )
    return array.__array_interface__["data"][0], array.nbytes

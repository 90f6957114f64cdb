"""What came out of a call, to the last bit."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import numpy as np

FLAGS = ("c_contiguous", "f_contiguous", "writeable", "aligned", "owndata")


def bits_of(outcome: Any) -> list[Any]:
    """All that can be seen of a call, to the last bit."""
    if outcome.exception is not None:
        seen: list[Any] = [type(outcome.exception).__name__, str(outcome.exception)]
    else:
        seen = [outcome.is_tuple, outcome.warned, *map(_bits, outcome.results)]
        seen += _aliases(outcome)
    return [*seen, *(_bits(value) for value in outcome.arguments.values())]


def _bits(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        flags = [getattr(value.flags, flag) for flag in FLAGS]
        return (
            type(value),
            value.dtype,
            value.shape,
            value.strides,
            flags,
            value.tobytes(),
        )
    if isinstance(value, float):
        return type(value), struct.pack("d", value)
    if isinstance(value, complex):
        return type(value), struct.pack("dd", value.real, value.imag)
    return type(value), repr(value)


def _aliases(outcome: Any) -> Iterator[Any]:
    for number, result in enumerate(outcome.results):
        for name, argument in outcome.arguments.items():
            if isinstance(argument, np.ndarray) and isinstance(result, np.ndarray):
                yield (
                    number,
                    name,
                    result is argument,
                    np.may_share_memory(result, argument),
                )

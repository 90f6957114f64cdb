"""NumPy's tests that f2pypy doesn't pass, by name, with the reason; docs/conformance.md says what it does instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy

VERSION = tuple(int(part) for part in numpy.__version__.split(".")[:2])


@dataclass(frozen=True)
class Difference:
    """Tests whose names (file::class::test[parameters]) match `name`, with NumPy from `since` on and before `until`."""

    name: str
    reason: str
    since: tuple[int, int] = (0, 0)
    until: tuple[int, int] = (99, 0)


_CONVERSION = r"test_array_from_pyobj\.py::TestSharedMemory::"
_INTEGERS = "U?(SHORT|INT|LONG|LONGLONG)"
_NUMBERS = f"{_INTEGERS}|C?(FLOAT|DOUBLE|LONGDOUBLE)"
_FLAG = "asserts the C flag WRITEBACKIFCOPY of a copy, which Python can't set"
_SWAP = "asserts that the caller's array object takes another type, order and memory"

DIFFERENCES = (
    Difference(rf"{_CONVERSION}test_inplace\[\w+\]", _FLAG, since=(2, 5)),
    Difference(
        rf"{_CONVERSION}test_inplace_from_casttype\[{_INTEGERS}\]",
        _FLAG,
        since=(2, 5),
    ),
    Difference(rf"{_CONVERSION}test_inplace\[\w+\]", _SWAP, until=(2, 5)),
    Difference(
        rf"{_CONVERSION}test_inplace_from_casttype\[({_NUMBERS})\]",
        _SWAP,
        until=(2, 5),
    ),
)


def differences_of(name: str) -> Iterator[Difference]:
    """Yield what is known of a test."""
    for difference in DIFFERENCES:
        is_of_this_numpy = difference.since <= VERSION < difference.until
        if is_of_this_numpy and re.fullmatch(difference.name, name):
            yield difference

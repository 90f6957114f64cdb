"""Objects made, passed, copied and dropped in great numbers: each is finalized once, and memory stays as it is.

F2PYPY_OBJECTS is how many; `make soak` asks for 100,000.
"""

from __future__ import annotations

import copy
import gc
import os
from collections.abc import Callable
from typing import Any

import pytest

COUNT = int(os.environ.get("F2PYPY_OBJECTS", "3000"))
# A child, with its component and parent part, and what it holds: a parent object.
FINALS_OF_ONE = 4


def resident() -> int:
    """Return the most memory that the process has had, in kilobytes."""
    resource = pytest.importorskip("resource")
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def collect() -> None:
    """Let go of all objects that nobody sees; PyPy needs several rounds."""
    for _ in range(3):
        gc.collect()


def test_fortran_types(types_module: Callable[[str], Any]) -> None:
    finals = types_module("finals").finals

    def rounds(count: int) -> None:
        for number in range(count):
            c = finals.child()
            finals.fill(c, number, False)
            d = copy.copy(c)
            assert finals.replaced(d) == 21
            if number % 500 == 0:
                collect()
        del c, d
        collect()

    rounds(COUNT // 3)
    # what a copy is before it gets its value may be finalized, too
    finals.forget()
    before = resident()
    rounds(COUNT)
    known = finals.noted()
    assert known % COUNT == 0
    assert known // COUNT in (2 * FINALS_OF_ONE, 2 * FINALS_OF_ONE + 3)
    assert resident() < before + 20_000


def test_python_classes(types_module: Callable[[str], Any]) -> None:
    extended = types_module("extended").extended

    class Own(extended.square):
        def __init__(self, number: int) -> None:
            super().__init__(data=[1.0] * 50)
            self.number = number

        def area(self) -> float:
            return float(self.number)

    def rounds(count: int) -> None:
        for number in range(count):
            own = Own(number)
            assert extended.total(own) == number + 4
            other = copy.copy(own)
            assert other.number == number
            if number % 500 == 0:
                collect()
        del own, other
        collect()

    rounds(COUNT // 3)
    before, ended = resident(), int(extended.ended)
    rounds(COUNT)
    known = int(extended.ended) - ended
    assert known in (2 * COUNT, 3 * COUNT)
    assert resident() < before + 20_000

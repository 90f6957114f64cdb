"""Generic bindings and operators call what an object's own type binds, in Python as in Fortran."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def dispatched(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/dispatched.f90."""
    return types_module("dispatched").dispatched


def mine_of(dispatched: Any) -> Any:
    """Return a class that overrides bindings of `tally`."""

    class Mine(dispatched.tally):
        def add_whole(self, x: int) -> None:
            self.n += 7 * x

        def add_text(self, x: bytes) -> None:
            self.n += 70 * len(x)

        def plus(self, x: int) -> int:
            return -x

        def taken_from(self, x: int) -> int:
            return x - 1000

        @staticmethod
        def word(x: Any) -> int:
            return 5

    return Mine


def sorted_by_key(dispatched: Any) -> Any:
    """Return a class with methods for the deferred bindings of `ordered`."""

    class Sorted(dispatched.ordered):
        def of_whole(self, x: int) -> int:
            return 2 * x

        def of_real(self, x: float, scale: Any = None) -> int:
            return int(x) * (scale or 1)

        def before(self, other: Any) -> bool:
            return bool(self.key < other.key)

        def beside(self, other: Any) -> bool:
            return abs(self.key - other.key) < 2

        def become(self, other: Any) -> None:
            self.key = other.key

    return Sorted


@pytest.mark.parametrize(
    ("kind", "given", "n"), [(1, 1, 7), (2, 1.0, 10), (3, "a", 70)]
)
def test_a_generic_name_calls_methods_of_python(
    dispatched: Any, kind: int, given: Any, n: int
) -> None:
    for call in (
        lambda t: t.add(given),
        lambda t: dispatched.add_by_fortran(t, kind),
    ):
        mine = mine_of(dispatched)()
        call(mine)
        assert mine.n == n


def test_keywords_and_scalars_of_numpy(dispatched: Any) -> None:
    mine = mine_of(dispatched)(n=1)
    mine.add(x=2)
    assert mine.n == 15
    mine.add(np.float64(2))
    assert mine.n == 35


def test_types_of_fortran(dispatched: Any) -> None:
    for kind, n in ((dispatched.tally, 111), (dispatched.twofold, 1101)):
        found = kind()
        found.add(1)
        found.add(1.0)
        found.add("b")
        assert found.n == n
    assert dispatched.tally(n=2) + 3 == 5
    assert (dispatched.tally(n=2) - 3, 3 - dispatched.tally(n=2)) == (-1, 1)


def test_private_and_objectless_bindings(dispatched: Any) -> None:
    """Python can't override a private binding: its procedure is called."""
    plain, mine = dispatched.tally(n=1), mine_of(dispatched)(n=1)
    assert [plain.twice(1), plain.twice(1.0), plain.twice("abc")] == [3, 21, 3]
    assert [mine.twice(1), mine.twice(1.0), mine.twice("abc")] == [3, 21, 5]


def test_operators_call_methods_of_python(dispatched: Any) -> None:
    mine = mine_of(dispatched)(n=4)
    assert mine + 3 == dispatched.plus_by_fortran(mine, 3) == -3
    assert (mine - 1, 10 - mine) == (3, -990)
    with pytest.raises(TypeError, match="unsupported operand"):
        mine + "a"


def test_deferred_bindings_have_generic_names(dispatched: Any) -> None:
    found = sorted_by_key(dispatched)()
    assert (found.find(3), found.find(4.0), found.find(4.0, scale=2)) == (6, 4, 8)
    assert dispatched.looked_up(found) == 806
    number = dispatched.number()
    assert (number.find(3), number.find(4.0), number.find(4.0, 2)) == (4, -4, -8)
    with pytest.raises(TypeError, match=r"of_whole\(x: integer\(4\)\)"):
        found.find("a")


def test_deferred_bindings_have_operators(dispatched: Any) -> None:
    for kind in (sorted_by_key(dispatched), dispatched.number):
        one, three = kind(), kind(key=3)
        assert one < three
        assert not three < one
        assert three > one
        assert dispatched.is_less(one, three)
    one, three = (sorted_by_key(dispatched)(key=key) for key in (1, 3))
    assert dispatched.number(key=2) < three
    assert not one.near(three)
    one.assign(three)
    assert one.key == 3
    number = dispatched.number()
    number.assign(three)
    assert number.key == 103

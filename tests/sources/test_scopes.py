"""Each name means what it means where it stands: through USE, renames, hosts, interface bodies and BLOCKs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

THIRD = 1 / 3
SINGLE = float(np.float32(THIRD))


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("renamed", ([1.5, 2.5],), [1.5, 2.5]),
        ("argument", (4,), [4] * 4),
        ("own", (), [3] * 3),
        ("hosts", (), [2] * 2),
        ("together", (), [14] * 6),
        ("both", (), [7] * 7),
        ("element", (), [4] * 6),
        ("everything", (THIRD,), THIRD),
        ("kind_of", (THIRD,), SINGLE),
    ],
)
def test_extents_and_kinds(
    scopes: Any, name: str, given: tuple[Any, ...], expected: Any
) -> None:
    assert np.array(getattr(scopes.users, name)(*given)).tolist() == expected


def test_interfaces_of_one_name(scopes: Any) -> None:
    def same(x: Any) -> Any:
        return x

    assert scopes.one.apply(same, THIRD) == THIRD
    assert scopes.two.apply(same, THIRD) == SINGLE
    assert scopes.users.first_fun(same, THIRD) == THIRD
    assert scopes.users.second_fun(same, THIRD) == SINGLE
    assert scopes.users.interfaces(same, THIRD) == THIRD
    assert scopes.users.bodies(lambda x: x.sum(), [THIRD] * 3) == sum([THIRD] * 3)


class Seen:
    """Remembers what Fortran passed."""

    values: list[Any]

    def one(self, x: Any) -> None:
        self.values = [np.array(x).tolist()]

    def two(self, x: Any, y: Any) -> None:
        self.values = [np.array(x).tolist(), np.array(y).tolist()]


@pytest.mark.parametrize(
    ("name", "given", "passed"),
    [
        ("variable_one", (), [1.0]),
        ("variable_two", (), [2]),
        ("hosts_variable", (), [1.5]),
        ("in_block", (3,), [2.5]),
        ("in_nested", (), [[7, 7], 2]),
        ("in_associate", ([1, 2, 3],), [2.0]),
        ("handed_one", (np.array(THIRD),), [THIRD]),
        ("handed_two", (np.array(3, np.int64),), [3]),
    ],
)
def test_what_callbacks_are_passed(
    scopes: Any, name: str, given: tuple[Any, ...], passed: list[Any]
) -> None:
    seen = Seen()
    call: Callable[..., Any] = getattr(scopes.users, name)
    call(seen.two if len(passed) == 2 else seen.one, *given)
    assert seen.values == passed
    assert [type(x) for x in seen.values] == [type(x) for x in passed]


def test_routines_and_dummies_of_one_name(scopes: Any) -> None:
    seen = Seen()
    scopes.two.called(seen.one, np.array(3, np.int64))
    assert seen.values == [3]
    scopes.one.called(seen.one, np.array(THIRD))
    assert seen.values == [THIRD]
    scopes.one.combine_reals(seen.one, np.array([THIRD, 1]))
    assert seen.values == [[THIRD, 1]]
    scopes.two.combine_integers(seen.one, np.array(5, np.int32))
    assert seen.values == [5]

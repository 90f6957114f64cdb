"""Arrays passed by descriptor: in place whatever their strides, with NumPy's answer beside Fortran's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

VIEWS: dict[str, Callable[[Any], Any]] = {
    "whole": lambda a: a,
    "every other": lambda a: a[::2],
    "backwards": lambda a: a[::-1],
    "backwards with gaps": lambda a: a[-2::-3],
    "one": lambda a: a[3:4],
    "none": lambda a: a[4:4],
}
TABLES: dict[str, Callable[[Any], Any]] = {
    "C order": lambda a: a,
    "Fortran order": lambda a: a.T,
    "gaps": lambda a: a[::2, ::3],
    "backwards": lambda a: a[::-1, ::-2],
    "a row": lambda a: a[2:3],
    "a column": lambda a: a[:, 1:2],
    "repeated": lambda a: np.broadcast_to(a[0], a.shape),
    "no rows": lambda a: a[:0],
}


@pytest.fixture(params=VIEWS)
def view(request: pytest.FixtureRequest) -> Callable[[Any], Any]:
    return VIEWS[request.param]


@pytest.fixture(params=TABLES)
def table(request: pytest.FixtureRequest) -> Callable[[Any], Any]:
    return TABLES[request.param]


def test_integers_of_every_kind(view: Any, descriptors: Any) -> None:
    wholes = [np.arange(9, dtype=kind) for kind in ("i1", "i2", "i4", "i8")]
    descriptors.next_integers(*map(view, wholes))
    expected = np.arange(9)
    view(expected)[...] += 1
    for whole in wholes:
        assert whole.tolist() == expected.tolist()


def test_reals_of_two_axes(table: Any, descriptors: Any) -> None:
    wholes = [np.zeros((5, 6), kind) for kind in ("f4", "f8")]
    if not table(wholes[0]).flags.writeable:
        with pytest.raises(ValueError, match="not fortran contiguous"):
            descriptors.next_reals(*map(table, wholes))
        return
    descriptors.next_reals(*map(table, wholes))
    expected = np.zeros((5, 6))
    table(expected)[...] += 1
    for whole in wholes:
        assert (whole == expected).all()


def test_complex_numbers(view: Any, descriptors: Any) -> None:
    wholes = [np.arange(9).astype(kind) for kind in ("c8", "c16")]
    descriptors.turn(*map(view, wholes))
    expected = np.arange(9) + 0j
    view(expected)[...] *= 1j
    for whole in wholes:
        assert (whole == expected).all()


def test_logicals(view: Any, descriptors: Any) -> None:
    small = np.array([0, 1, 1, 0, 1, 0, 0, 0, 1], "i1")
    large = np.arange(30, dtype="i4").reshape(5, 6) % 2
    expected = small.copy(), large.copy()
    view(expected[0])[...] ^= 1
    expected[1][::2, ::-1] ^= 1
    counts = descriptors.invert(view(small), large[::2, ::-1])
    assert (small == expected[0]).all()
    assert (large == expected[1]).all()
    assert counts.tolist() == [view(small).sum(), large[::2].sum()]


def test_characters_of_assumed_length(view: Any, descriptors: Any) -> None:
    words = np.array([f"word{i}" for i in range(9)], "S6")
    expected = words.copy()
    view(expected)[...] = [b"<" + word[:5] for word in view(expected)]
    assert descriptors.surround(view(words)) == 6
    assert words.tolist() == expected.tolist()


def test_characters_of_fixed_length(descriptors: Any) -> None:
    words = np.full((2, 4), b"abc")
    descriptors.surround_three(words[:, ::-2])
    assert words.tolist() == [[b"abc", b"(ab"] * 2] * 2


def test_lower_bounds_of_dummies(view: Any, descriptors: Any) -> None:
    x, y = np.zeros(9), np.zeros((3, 4))
    descriptors.by_index(view(x), y)
    expected = np.zeros(9)
    view(expected)[...] = np.arange(len(view(x)))
    assert (x == expected).all()
    rows, columns = np.indices(y.shape)
    assert (y == 100 * (rows - 1) + columns + 5).all()


def test_reductions(table: Any, descriptors: Any) -> None:
    x = table(np.random.default_rng(3).random((5, 6)))
    if not x.size:
        assert descriptors.reductions(x)[0] == 0
        return
    row, column = np.unravel_index(x.T.argmax(), x.T.shape)[::-1]
    expected = [x.sum(), x.max(), row + 1, column + 1, (x @ x.T).sum(), x.size]
    assert descriptors.reductions(x) == pytest.approx(expected)


def test_a_copy_unless_the_caller_lends_the_array(view: Any, descriptors: Any) -> None:
    whole = np.arange(9.0)
    assert descriptors.drained(view(whole)) == view(whole).sum()
    assert whole.tolist() == list(range(9))
    expected = whole.copy()
    view(expected)[...] = 0
    descriptors.drained(view(whole), overwrite_x=1)
    assert whole.tolist() == expected.tolist()


def test_many_axes(descriptors: Any) -> None:
    whole = np.ones((2, 1, 3, 1, 2, 2, 6), "i4")
    descriptors.deep(whole[:, :, ::-2, :, ::-1, :, 1::2])
    assert whole.sum() == whole.size + 2 * (2 * 2 * 2 * 2 * 3)


@pytest.mark.parametrize("n", [0, 1, 4])
def test_allocated_arrays_of_every_type(n: int, descriptors: Any) -> None:
    i, z, mask, w, x = descriptors.allocate_all(n)
    counted = np.arange(1, n + 1)
    assert (i == counted).all()
    assert (z == counted - 1j * counted).all()
    assert (mask == (counted % 2 == 0)).all()
    assert w.tolist() == [b"w   "] * n
    assert x.shape == (n, n)
    assert (x[:, 1:] == np.arange(n)[:, None]).all()
    assert (x[:, :1] == -1).all()
    dtypes = [each.dtype.str[1:] for each in (i, z, mask, w, x)]
    assert dtypes == ["i2", "c8", "i4", "S4", "f8"]
    assert all(each.flags.owndata for each in (i, z, mask, w, x))


def test_lower_bounds_of_allocatables(descriptors: Any) -> None:
    x = np.arange(6.0)
    descriptors.shift_bounds(x[::2])
    assert x.tolist() == [0, 1, 3, 3, 5, 5]


GIVEN: dict[str, tuple[Any, int]] = {
    "shape": ([1.0, 2.0], 2),
    "deferred": (np.zeros(3), 3),
    "place": (np.zeros(8)[::-2], 4),
    "text": ("hello", 5),
    "texts": (["a", "bcd"], 23),
    "scalar": (17, 17),
}


@pytest.mark.parametrize("name", GIVEN)
def test_each_optional_argument(name: str, descriptors: Any) -> None:
    place = list(GIVEN).index(name)
    expected = [-1] * 6
    expected[place] = GIVEN[name][1]
    assert descriptors.is_there(**{name: GIVEN[name][0]}).tolist() == expected


def test_all_optional_arguments_and_none(descriptors: Any) -> None:
    everything = {name: value for name, (value, _) in GIVEN.items()}
    found = descriptors.is_there(**everything)
    assert found.tolist() == [number for _, number in GIVEN.values()]
    assert descriptors.is_there().tolist() == [-1] * 6


def test_scalar_results(descriptors: Any) -> None:
    assert descriptors.scalar_allocatable(5) == 5
    assert descriptors.scalar_allocatable(0) is None
    assert descriptors.scalar_pointer(2) == 2.5
    assert descriptors.scalar_pointer(0) is None


def test_array_results(descriptors: Any) -> None:
    assert descriptors.columns(3).tolist() == [
        [1 + 1j, 2 + 1j, 3 + 1j],
        [1 + 2j, 2 + 2j, 3 + 2j],
    ]
    assert descriptors.columns(0).shape == (2, 0)
    assert descriptors.masks(4).tolist() == [0, 0, 1, 0]
    part = descriptors.target_part(3)
    assert part.tolist() == [[4, 8, 12], [2, 6, 10]]
    part[...] = 0
    assert descriptors.target_part(1).tolist() == [[4], [2]]


def test_pointers_see_the_callers_array(table: Any, descriptors: Any) -> None:
    whole = np.arange(30.0).reshape(5, 6)
    seen = table(whole)
    expected = whole.copy()
    if seen.flags.writeable:
        table(expected)[...] *= -1
    # intent(in) says nothing of the target: what is read-only is copied
    descriptors.negate_seen(seen)
    assert (whole == expected).all()


def test_what_is_read_only_is_pointed_to_as_a_copy(descriptors: Any) -> None:
    constant = np.frombuffer(np.ones(4).tobytes()).reshape(2, 2)
    descriptors.negate_seen(constant)
    assert (constant == 1).all()


def test_variables_of_modules(descriptors: Any) -> None:
    tables = descriptors.tables
    tables.make(3)
    assert tables.grid.shape == (4, 3)
    assert tables.grid[0, 0] == 7
    assert tables.flags.tolist() == [0, 1, 1]
    assert tables.window.tolist() == [10, 7, 4, 1]
    assert tables.number[()] == 1 + 2j
    tables.window[1] = -7
    assert tables.store[6] == -7
    tables.grid = [[1.0, 2.0]]
    tables.flags = [True, True, False, True]
    assert tables.seen().tolist() == [1, 2, 1, 3, 3]
    tables.grid = None
    assert tables.seen().tolist() == [0, 0, 0, 3, 0]
    tables.make(2)
    assert tables.seen().tolist() == [3, 3, 0, 1, 15]

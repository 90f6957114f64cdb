"""Every type that Fortran and NumPy have in common, by each of its names: all ways in and out of a procedure."""

from __future__ import annotations

from typing import Any

import kind_table
import numpy as np
import pytest
from kind_table import Row

ROWS = pytest.mark.parametrize("row", kind_table.ROWS, ids=lambda row: row.name)
BY_VALUE = pytest.mark.parametrize(
    "row",
    [row for row in kind_table.ROWS if kind_table.passed_by_value(row)],
    ids=lambda row: row.name,
)
# What a scalar of NumPy's type is in Python.
PYTHON = {
    "i": int,
    "f": float,
    "c": complex,
    "S": bytes,
    "g": np.longdouble,
    "G": np.clongdouble,
}


def _found(kinds: Any, kind: str, row: Row) -> Any:
    """Return the procedure or module of a type."""
    if row.compiler not in ("", kinds.built_by):
        pytest.skip(f"to {kinds.built_by} it is another type")
    return getattr(kinds, f"{kind}_{row.name}")


def _python_type(row: Row) -> type:
    dtype = np.dtype(row.dtype)
    return PYTHON.get(dtype.char) or PYTHON[dtype.kind]


def _given(row: Row, value: Any) -> Any:
    """Return a value as a caller writes it."""
    return value if np.dtype(row.dtype).char in "gG" else value.item()


def _expected(row: Row) -> Any:
    return kind_table.SAME_CHANGES[row.family](kind_table.samples(row))


def _pairs(row: Row) -> Any:
    """Return the values with what a procedure makes of each."""
    return zip(kind_table.samples(row), _expected(row))  # noqa: B905 (Python 3.9)


def _same(found: Any, expected: Any) -> bool:
    """Compare a returned scalar with an element of an array; strings without blanks at the end."""
    if isinstance(found, bytes):
        return found == bytes(expected).rstrip(b" ")
    return bool(found == expected)


def _assert_pairs(row: Row, call: Any) -> None:
    for value, expected in _pairs(row):
        found = call(_given(row, value))
        assert type(found) is _python_type(row)
        assert _same(found, expected), (value, found, expected)


@ROWS
def test_scalar_in_and_out(row: Row, kinds: Any) -> None:
    _assert_pairs(row, _found(kinds, "copy", row))


@ROWS
def test_function_result(row: Row, kinds: Any) -> None:
    _assert_pairs(row, _found(kinds, "result", row))


@BY_VALUE
def test_by_value(row: Row, kinds: Any) -> None:
    _assert_pairs(row, _found(kinds, "by_value", row))


@ROWS
def test_callback(row: Row, kinds: Any) -> None:
    ask = _found(kinds, "ask", row)
    change = kind_table.SAME_CHANGES[row.family]

    def answer(value: Any) -> Any:
        if isinstance(value, str):
            value = value.encode()
        changed = change(np.array([value], row.dtype))[0]
        return bytes(changed) if row.family == "character" else changed

    _assert_pairs(row, lambda value: ask(answer, value))


@ROWS
def test_scalar_changed_in_place(row: Row, kinds: Any) -> None:
    change = _found(kinds, "change", row)
    for value, expected in _pairs(row):
        scalar = np.array(value)
        change(scalar)
        assert scalar.dtype == np.dtype(row.dtype)
        assert _same(scalar[()], expected), (value, scalar, expected)


@ROWS
def test_arrays(row: Row, kinds: Any) -> None:
    given = kind_table.samples(row)
    changed = given[::-1].copy()
    before = changed.copy()
    returned = _found(kinds, "arrays", row)(given, changed)
    assert returned.dtype == np.dtype(row.dtype)
    assert returned.tolist() == before.tolist()
    assert _texts(changed) == _texts(_expected(row))
    assert returned.flags.f_contiguous


@ROWS
def test_arrays_of_lists(row: Row, kinds: Any) -> None:
    given = kind_table.samples(row)
    changed = np.zeros(len(given), row.dtype)
    _found(kinds, "arrays", row)(list(given), changed)
    assert _texts(changed) == _texts(_expected(row))


@ROWS
def test_assumed_shape_with_strides(row: Row, kinds: Any) -> None:
    values = kind_table.samples(row)
    space = np.zeros(2 * len(values), row.dtype)
    space[::2] = values
    _found(kinds, "described", row)(space[::2])
    assert _texts(space[::2]) == _texts(_expected(row))
    assert space[1::2].tolist() == np.zeros(len(values), row.dtype).tolist()


@ROWS
def test_optional(row: Row, kinds: Any) -> None:
    maybe = _found(kinds, "maybe", row)
    assert maybe() == 0
    assert maybe(_given(row, kind_table.samples(row)[0])) == 1


@ROWS
def test_module_variables(row: Row, kinds: Any) -> None:
    data = _found(kinds, "data", row)
    values = kind_table.samples(row)
    data.one = values[1]
    data.many = np.resize(values, 3)
    assert data.one.dtype == data.many.dtype == np.dtype(row.dtype)
    assert _texts(data.one) == _texts(values[1])
    assert _texts(data.many) == _texts(np.resize(values, 3))
    data.many[1] = values[0]
    assert _texts(data.many[1]) == _texts(values[0])


@pytest.mark.parametrize("place", range(len(kind_table.CONSTANTS)))
def test_constants_have_the_digits_that_the_compiler_gives_them(
    place: int, kinds: Any
) -> None:
    constant = getattr(kinds.constants, f"c{place}")
    assert constant.dtype == np.longdouble
    assert constant == kinds.constants.compiled(place)


def test_other_constants_of_many_digits(kinds: Any) -> None:
    constants = kinds.constants
    tenth, third = (constants.compiled(place) for place in (0, 1))
    assert constants.many.tolist() == [tenth, third, -2]
    assert (constants.both.real, constants.both.imag) == (tenth, -2 * tenth)
    assert constants.less == float(tenth / 3)


def _texts(values: Any) -> list[Any]:
    """Return the values of an array; characters without what fills them up."""
    found = np.ravel(values)
    if found.dtype.kind != "S":
        return list(found)
    return [bytes(text).rstrip(b" \0") for text in found]

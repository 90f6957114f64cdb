"""Callers ask for a result by its type where procedures of a generic name take the same arguments."""

from __future__ import annotations

import inspect
import pickle
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def asked(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/asked.f90."""
    return types_module("asked").asked


def test_types_of_python(asked: Any) -> None:
    store = asked.store()
    expected = {int: 4, float: 4.5, bool: 0, str: b"abc!", bytes: b"abc!"}
    for kind, value in expected.items():
        answer, found = store.get("abc", value=kind)
        assert (answer, type(answer), found) == (value, type(value), 1)
    assert store.get("abc", name=int) == (104, 1)
    assert store.get(key="abc", value=float) == (4.5, 1)
    assert store.get().tolist() == [1.5, 1.5]


def test_types_of_numpy_ask_for_one_kind(asked: Any) -> None:
    store = asked.store()
    for kind, value in {
        "f4": -4.5,
        "f8": 4.5,
        "i4": 4,
        "?": 0,
        "S3": b"abc!",
        "U": b"abc!",
    }.items():
        assert store.get("abc", value=np.dtype(kind)) == (value, 1)
        assert store.get("abc", value=np.dtype(kind).type) == (value, 1)
    for kind in ("f2", "i8", "u4", "c8", "M8[s]", "V4"):
        with pytest.raises(TypeError, match=r"get\(\) has no specific"):
            store.get("abc", value=np.dtype(kind))


def test_classes_ask_for_objects(asked: Any) -> None:
    store = asked.store()
    item, _ = store.get("abc", value=asked.item)
    assert (type(item), item.number) == (asked.item, 3)
    parts, _ = store.get("abc", value=asked.parts)
    assert (type(parts), parts.number, parts.part) == (asked.parts, -3, 0.25)
    with pytest.raises(TypeError, match=re.escape("(str, value=store); it has")):
        store.get("abc", value=asked.store)


def test_lists_ask_for_arrays(asked: Any) -> None:
    store = asked.store()
    assert store.get("abc", value=[int])[0].tolist() == [3, 1]
    assert store.get("abc", value=[float])[0].tolist() == [1.5, 3, 4.5]
    assert store.get("abc", value=[np.float64])[0].tolist() == [1.5, 3, 4.5]
    table, _ = store.get("abc", value=[[complex]])
    assert (table.shape, table[1, 2]) == ((2, 3), 1.5 + 3j)
    # of one rank, it needs no brackets
    assert store.get("abc", value=complex)[0].shape == (2, 3)
    for wrong in ([bool], [[float]], [complex], [np.float32], [[[complex]]]):
        with pytest.raises(TypeError, match="no specific"):
            store.get("abc", value=wrong)


def test_arguments_choose_as_well(asked: Any) -> None:
    assert asked.split("abc") == asked.split("abc", part=int) == 3
    assert (asked.split(2.5, part=int), asked.split(2.5, part=float)) == (2, 0.5)
    assert (
        asked.split(np.float32(2.5), part=int) == asked.split(x=2.5, part=np.int32) == 2
    )
    assert asked.split(3, part=float) == 0
    assert (
        asked.split(2.5, rest=float)
        == asked.split(2.5, part=int, rest=float)
        == (20, 0.5)
    )
    for given, wanted in ((2.5, complex), ("abc", float)):
        with pytest.raises(TypeError, match="no specific"):
            asked.split(given, part=wanted)


def test_optional_arguments_tell_procedures_apart(asked: Any) -> None:
    store = asked.store()
    assert store.get("abc", default=7) == store.get("abc", 7) == (7, 0)
    assert store.get("abc", default=7.5) == store.get("abc", 7.5) == (7.5, 0)
    assert store.get("abc", default=np.float32(0.5)) == (-0.5, 0)
    assert store.get("abc", default="none") == (b"none", 1)
    assert (
        store.get("abc", default=7, value=float)
        == store.get("abc", 7, value=float)
        == (7.0, 0)
    )
    assert store.get("abc", default=None, value=int) == (4, 1)
    assert asked.missing(default=2) == 2
    assert asked.missing(2.5, 2) == 5
    assert asked.missing(text="abcd") == asked.missing("abcd") == b"abcd"
    assert asked.missing(value=float, **{"lambda": 2}) == 3
    assert asked.missing(value=complex) == 1 + 2j
    with pytest.raises(TypeError, match=r"choose one by the type of a result"):
        asked.missing(**{"lambda": 2})
    with pytest.raises(TypeError, match="no specific"):
        asked.missing(default=2, value=str)


def test_a_name_may_be_given_or_returned(asked: Any) -> None:
    given = np.zeros(2)
    assert asked.pick(3, given) is None
    asked.pick(3, value=given)
    assert given.tolist() == [3, 3]
    assert (asked.pick(3, value=int), asked.pick(3, value=float)) == (3, 3.5)
    with pytest.raises(TypeError, match="'str' object is not an array"):
        asked.pick(3, value="text")


def test_messages_say_how_to_choose(asked: Any) -> None:
    store = asked.store()
    for arguments in (("abc",), ("abc", None)):
        with pytest.raises(TypeError) as caught:
            store.get(*arguments)
        first, *listed = str(caught.value).splitlines()
        assert first == (
            "asked.asked.store.get(): several procedures take these arguments: "
            "choose one by the type of a result, such as value=int:"
        )
        assert (
            "    get_single(key: character, [default: real(4)], value=numpy.float32)"
            in listed
        )
        assert "    get_integers(key: character, value=[int])" in listed
        assert "    get_parts(key: character, value=parts)" in listed
        assert "    get_named(key: character, name=int)" in listed
        assert not any("get_all" in line for line in listed)
    with pytest.raises(
        TypeError, match=re.escape("for (str, value=[complex]); it has\n    get_")
    ):
        store.get("abc", value=[complex])
    for wrong in (1.5, "f8", None, [], [float, float]):
        with pytest.raises(
            TypeError,
            match=re.escape(
                f"value is returned: a type such as float is expected for it, got {wrong!r}"
            ),
        ):
            store.get("abc", value=wrong)
    with pytest.raises(TypeError, match="no specific"):
        store.get("abc", number=float)


def test_they_stay_generic_names(asked: Any) -> None:
    assert asked.whole_part(2.5) == 2
    assert asked.of_number(2.5) == 0.5
    assert pickle.loads(pickle.dumps(asked.split)) is asked.split
    assert list(inspect.signature(asked.split).parameters) == ["arguments", "keywords"]
    assert "    asked for by part=int, rest=float\n" in asked.split.__doc__
    assert "    asked for by value=[int]\n" in asked.store.get.__doc__


def test_nothing_asked_is_a_call_of_what_returns_least(asked: Any) -> None:
    assert asked.energy([1.5, 2]) == 7
    assert asked.energy([1.5, 2], fault=asked.item) == (3.5, None)
    energy, fault = asked.energy([-1.0], fault=asked.item)
    assert (energy, fault.number) == (-1, 7)

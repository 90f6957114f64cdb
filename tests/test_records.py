"""Records behave as frozen dataclasses do."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from f2pypy import records


def make(decorate: Callable[..., Any]) -> Any:
    """Return a class with a field of every sort, which one of the two decorators made."""

    @decorate(frozen=True)
    class Made:
        """What is compared."""

        name: str
        size: int = 3
        parts: list[int] = field(default_factory=lambda: [1])
        span: int = field(default=0, compare=False)

        def __post_init__(self) -> None:
            if self.size < 0:
                raise ValueError("negative")

        @property
        def twice(self) -> int:
            return 2 * self.size

    return Made


Standard, Record = make(dataclass), make(records.dataclass)


@records.dataclass(frozen=True)
class Alone:
    """A class that pickle finds."""

    only: tuple[int, ...]


@records.dataclass(frozen=True)
class Derived(Alone):
    more: str = "more"


@records.dataclass(frozen=True)
class Empty:
    pass


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (("a",), {}),
        (("a", 4, [], 7), {}),
        ((), {"name": "a"}),
        (("a",), {"parts": [2], "span": 1}),
        (("a",), {"span": 9}),
        ((), {}),
        (("a", 1, [], 2, 3), {}),
        (("a",), {"name": "b"}),
        (("a",), {"other": 1}),
        (("a", -1), {}),
    ],
)
def test_both_are_made_of_the_same_arguments(
    given: tuple[Any, ...], named: dict[str, Any]
) -> None:
    try:
        expected = Standard(*given, **named)
    except (TypeError, ValueError) as error:
        with pytest.raises(type(error)):
            Record(*given, **named)
        return
    made = Record(*given, **named)
    assert repr(made) == repr(expected)
    assert vars(made) == vars(expected)
    assert dataclasses.asdict(made) == dataclasses.asdict(expected)
    assert made == Record(*given, **named)
    assert made.twice == expected.twice


def test_they_are_compared_by_their_fields() -> None:
    assert Record("a", span=1) == Record("a", span=2)
    assert Record("a") != Record("b")
    assert Record("a") != Standard("a")
    assert Alone((1,)) == Alone((1,))
    assert Alone((1,)) != Derived((1,))
    assert len({Alone((1,)), Alone((1,)), Derived((1,)), Derived((1,), "x")}) == 3
    assert hash(Alone((1,))) == hash(((1,),))
    assert hash(Empty()) == hash(Empty()) == hash(())
    assert Empty() == Empty()
    with pytest.raises(TypeError, match="unhashable"):
        hash(Record("a"))


def test_factories_give_each_its_own() -> None:
    assert Record("a").parts is not Record("a").parts


def test_nothing_is_changed_afterwards() -> None:
    for made in (Standard("a"), Record("a")):
        with pytest.raises(dataclasses.FrozenInstanceError, match="'name'"):
            made.name = "b"
        with pytest.raises(dataclasses.FrozenInstanceError, match="'name'"):
            del made.name


def test_what_takes_dataclasses_takes_records() -> None:
    assert dataclasses.is_dataclass(Record)
    assert [f.name for f in dataclasses.fields(Record)] == [
        f.name for f in dataclasses.fields(Standard)
    ]
    assert dataclasses.replace(Derived((1,)), more="x") == Derived((1,), "x")
    assert pickle.loads(pickle.dumps(Derived((1,), "x"))) == Derived((1,), "x")
    match Derived((1,), "x"):
        case Derived(only, more):
            assert (only, more) == ((1,), "x")
        case _:
            pytest.fail("not matched")


def test_what_is_missing_is_named() -> None:
    with pytest.raises(TypeError, match="'name' is not given"):
        Record()
    with pytest.raises(TypeError, match=r"Made has no place for \['other'\]"):
        Record("a", other=1)


def test_other_sorts_of_fields_are_refused() -> None:
    with pytest.raises(TypeError, match="records are frozen"):
        records.dataclass(frozen=False)
    with pytest.raises(TypeError, match="a field of a record is an argument"):

        @records.dataclass(frozen=True)
        class Wrong:
            name: str = field(init=False)

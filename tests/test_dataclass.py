"""The dataclasses that write their methods late are those of the standard library to whoever uses objects."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import sys
import threading
from dataclasses import field

import pytest

from f2pypy.dataclass import dataclass


@dataclass(frozen=True)
class Place:
    row: int
    column: int = 1
    note: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True)
class Named(Place):
    names: tuple[str, ...] = ()


@dataclass
class Counter:
    counts: dict[str, int] = field(default_factory=dict)
    total: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.total = sum(self.counts.values())


@dataclass(frozen=True)
class Empty:
    pass


@dataclass(frozen=True, eq=False)
class Token:
    text: str


@dataclass(frozen=True, slots=True)
class Small:
    at: int


def test_objects_are_those_of_a_dataclass() -> None:
    place = Named(3, names=("x",), note="seen")
    assert repr(place) == "Named(row=3, column=1, names=('x',))"
    assert place == Named(3, names=("x",))
    assert hash(place) == hash(Named(3, names=("x",)))
    assert place != Named(3, 2, names=("x",))
    assert place != Place(3)
    assert [each.name for each in dataclasses.fields(place)] == [
        "row",
        "column",
        "note",
        "names",
    ]
    assert dataclasses.replace(place, row=4) == Named(4, 1, "seen", ("x",))
    assert dataclasses.asdict(Place(1)) == {"row": 1, "column": 1, "note": ""}
    assert pickle.loads(pickle.dumps(place)) == copy.copy(place) == place
    match place:
        case Place(row, 1):
            assert row == 3
        case _:
            pytest.fail("no pattern of the parent")


def test_wrong_arguments_are_refused_by_the_first_object_as_by_others() -> None:
    @dataclass(frozen=True)
    class Fresh:
        row: int

    for _ in range(2):
        with pytest.raises(TypeError, match="missing 1 required positional argument"):
            Fresh()  # type: ignore[call-arg]
    assert Fresh(row=1) == Fresh(1)


def test_the_options_hold() -> None:
    one = Counter({"a": 2})
    assert one.total == 2
    assert one == Counter({"a": 2})
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)
    assert Counter().counts is not Counter().counts
    assert Empty() == Empty()
    assert repr(Empty()) == "Empty()"
    assert Token("a") != Token("a")
    assert len({Token("a"), Token("a")}) == 2
    assert {Small(1)} == {Small(1)}
    assert not hasattr(Small(1), "__dict__")


def test_methods_that_a_class_has_stay() -> None:
    @dataclass(frozen=True)
    class Shown:
        row: int

        def __repr__(self) -> str:
            return "shown"

    assert repr(Shown(1)) == "shown"
    assert Shown(1) == Shown(1)


def test_the_first_object_may_come_from_a_pickle() -> None:
    @dataclass(frozen=True)
    class Fresh(Place):
        more: int = 0

    kept = object.__new__(Fresh)
    kept.__setstate__({"row": 1, "column": 1, "note": "", "more": 2})  # type: ignore[attr-defined]
    assert kept == Fresh(1, more=2)
    assert repr(kept) == repr(Fresh(1, more=2))


def test_parents_may_have_had_no_object() -> None:
    @dataclass(frozen=True)
    class Fresh:
        row: int

    class Doubled(Fresh):
        def __init__(self, row: int, factor: int) -> None:
            super().__init__(row * factor)

    @dataclass(frozen=True)
    class Other:
        row: int

    @dataclass(frozen=True, slots=True)
    class Both(Other):
        column: int = 1

    assert Doubled(3, factor=2).row == 6
    assert Both(2) == Both(2, column=1)


def test_threads_may_make_the_first_objects_at_any_time() -> None:
    failures: list[Exception] = []
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(100):

            @dataclass(frozen=True)
            class Fresh(Place):
                more: int = 0

            def make(kind: type[Fresh] = Fresh) -> None:
                for _ in range(20):
                    try:
                        made = kind(1, more=2)
                        assert made == kind(1, more=2)
                        assert made.more == 2
                    except Exception as failure:
                        failures.append(failure)

            threads = [threading.Thread(target=make) for _ in range(3)]
            for each in threads:
                each.start()
            for each in threads:
                each.join()
    finally:
        sys.setswitchinterval(interval)
    assert failures == []

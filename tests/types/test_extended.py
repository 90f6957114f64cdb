"""Python classes that extend Fortran types: Fortran calls their methods."""

from __future__ import annotations

import copy
import gc
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def extended(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/extended.f90."""
    return types_module("extended").extended


def collect() -> None:
    """Let go of all objects that nobody sees; PyPy needs several rounds."""
    for _ in range(3):
        gc.collect()


def disc_of(extended: Any) -> Any:
    """Return a class that extends an abstract type, with a value of its own."""

    class Disc(extended.shape):
        def __init__(self, radius: float, **components: Any) -> None:
            super().__init__(**components)
            self.radius = radius

        def area(self) -> float:
            return float(self.scale * self.radius**2 * 3)

    return Disc


def test_deferred_bindings(extended: Any) -> None:
    """Fortran finds the method, and the object with what Python has stored in it."""
    disc = disc_of(extended)(2.0, scale=0.5)
    assert (disc.scale, disc.calls, disc.area()) == (0.5, 0, 6)
    assert extended.total(disc) == 6 + 4
    disc.scale = 1
    disc.radius = 1
    assert extended.total(disc) == 3 + 4
    assert isinstance(disc, extended.shape)
    with pytest.raises(TypeError, match="the type shape is abstract"):
        extended.shape()


def test_what_python_lacks(extended: Any) -> None:
    class Incomplete(extended.quiet):
        def first(self, x: float) -> float:
            return x

    with pytest.raises(
        TypeError, match=r"Incomplete lacks methods .* quiet: second, third"
    ):
        Incomplete()

    class Sealed(extended.sealed):
        def work(self) -> int:
            return 1

    message = "deferred bindings of sealed are private .work., and only types in the module extended"
    with pytest.raises(TypeError, match=message):
        Sealed()

    class Complete(Incomplete):
        def third(self, x: float) -> float:
            return 3 * x

        def second(self, x: float) -> float:
            return 2 * x

    c = Complete(id=7)
    assert c.whole(2.0) == 2 + 40 + 600 + 7


def test_several_levels(extended: Any) -> None:
    """`super()` calls the procedure of the Fortran type, or the method of the class between."""

    class Big(extended.cube):
        def area(self) -> float:
            return float(super().area() + 0.5)

    class Bigger(Big):
        def area(self) -> float:
            return float(super().area() * 2)

        def sides(self) -> int:
            return int(super().sides() + 2)

    class Silent(Bigger):
        pass

    for kind, area, sides in ((Big, 54.5, 4), (Bigger, 109, 6), (Silent, 109, 6)):
        found = kind(side=3.0)
        assert found.area() == area
        assert extended.total(found) == area + sides
        assert found.volume() == 3 * area  # Fortran's, which calls Python's
    assert extended.total(extended.cube(side=3.0)) == 54 + 4
    assert extended.part_of(Big(side=2.0)) == 4  # a type(square) dummy has the parent's


def test_every_kind_of_argument(extended: Any) -> None:
    seen = []

    class Noisy(extended.square):
        def describe(self, text: Any) -> int:
            seen.append(bytes(text))
            text[:5] = [b"n", b"o", b"i", b"s", b"y"]
            return 5

        def corners(self, n: int, more: Any) -> Any:
            more += n
            return np.arange(n)

        def compare(self, other: Any) -> bool:
            seen.append(type(other))
            return True

        @staticmethod
        def version() -> int:
            return 12

        def update(self, by: float, times: Any = None) -> None:
            seen.append((by, times))
            super().update(10 * by, times)

        def spread(self, values: Any) -> float:
            return float(values.sum())

        def pass_(self, n: int) -> int:
            return n + 1

    found = extended.asked(Noisy())
    text, length, at, more, larger, release, width, number = found
    assert (text[:5], length, at.tolist()) == (b"noisy", 5, [0, 1, 2])
    assert (more.tolist(), bool(larger), release) == ([13, 13], True, 12)
    assert (width, number) == (8, 9)
    assert seen == [b"unknown     ", extended.square, (0.5, None), (0.5, 3)]
    plain = extended.square()
    text, length, at, more, larger, release, width, number = extended.asked(plain)
    assert (text.strip(), at.tolist(), release, width, number) == (
        b"plain",
        [1, 1, 1],
        1,
        4,
        8,
    )
    assert (more.tolist(), bool(larger), plain.scale) == ([11, 11], False, 2)


def test_what_fortran_knows_of_the_type(extended: Any) -> None:
    class Own(extended.square):
        def area(self) -> float:
            return 1.0

    class Box(extended.cube):
        def area(self) -> float:
            return 2.0

    class Other(Own):
        def area(self) -> float:
            return 3.0

    disc = disc_of(extended)
    kinds = [extended.square(), extended.cube(), Own(), Box(), Other(), disc(1.0)]
    assert [extended.kind_of(each) for each in kinds] == [1, 2, 10, 20, 10, 0]
    own, other = Own(), Other()
    assert extended.same(own, Own())
    assert not extended.same(own, extended.square())
    assert not extended.same(own, other)
    assert extended.relation(other, own)
    assert extended.relation(own, extended.square())
    assert not extended.relation(own, other)
    assert not extended.relation(own, extended.cube())


def test_exceptions(extended: Any) -> None:
    class Broken(extended.shape):
        broken = True

        def area(self) -> float:
            if self.broken:
                raise ZeroDivisionError("no area")
            return 1.0

    b = Broken()
    with pytest.raises(ZeroDivisionError, match="no area"):
        extended.total(b)
    b.broken = False
    assert extended.total(b) == 5

    class Wrong(extended.shape):
        def area(self) -> Any:
            return "wide"

    with pytest.raises(Exception, match=r"extended\.shape\.area"):
        extended.total(Wrong())


def test_calls_within_calls(extended: Any) -> None:
    disc = disc_of(extended)

    class Nested(extended.shape):
        depth = 3

        def area(self) -> float:
            if not self.depth:
                raise ArithmeticError("the bottom")
            inner = Nested()
            inner.depth = self.depth - 1
            try:
                return float(extended.total(inner))
            except ArithmeticError:
                return float(extended.widest(self.disc, extended.square()))

    Nested.disc = disc(4.0)
    assert extended.total(Nested()) == 48 + 3 * 4


def test_fortran_keeps_pointers_and_copies(extended: Any) -> None:
    disc = disc_of(extended)(3.0)
    extended.keep(disc)
    assert extended.kept_area() == 27
    disc.radius = 1.0
    assert extended.kept_area() == 3

    class Scaled(extended.square):
        kept = 7

        def area(self) -> float:
            return float(self.side * self.scale * self.kept)

    s = Scaled(side=2.0, scale=5.0, data=[1, 2])
    assert extended.copied(s) == 70  # an object of the same class, with the components
    s.kept = 1
    assert (extended.copied(s), s.data.tolist()) == (70, [1, 2])
    # what Python alone knows isn't copied
    with pytest.raises(AttributeError, match="radius"):
        extended.copied(disc)
    extended.forget_copy()


def test_components_of_class(extended: Any) -> None:
    class Scaled(extended.square):
        def area(self) -> float:
            return self.side + 1

    s, h = Scaled(side=2.0), extended.holder()
    extended.hold(h, s)
    s.side = 4.0
    assert extended.held_area(h) == 3 + 5000


def test_what_goes_out_is_made_anew(extended: Any) -> None:
    class Own(extended.square):
        def area(self) -> float:
            return 1.0

    s = Own(scale=9.0, calls=4)
    s.mark = 1
    extended.restart(s)
    assert (s.scale, s.calls, s.mark) == (1, -1, 1)


def test_objects_come_back_as_themselves(extended: Any) -> None:
    """Of types without procedures, too."""

    class Marked(extended.measured):
        mark = "none"

    m = Marked(2.0)
    m.mark = "mine"
    seen = []
    extended.visit(m, lambda each: seen.append(each is m and each.mark))
    assert (seen, m.value) == (["mine"], 3)
    plain = extended.measured()
    extended.visit(plain, lambda each: seen.append(type(each)))
    assert seen[1] is extended.measured


def test_copies_in_python(extended: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    disc = disc_of(extended)(2.0, scale=3.0)
    other = copy.copy(disc)
    other.radius = 1.0
    assert (disc.radius, other.scale, extended.total(other)) == (2, 3, 9 + 4)
    assert extended.total(disc) == 36 + 4
    disc.list = [1]
    assert copy.deepcopy(disc).list is not disc.list

    class Mixed:
        pass

    class Slotted(extended.square, Mixed):
        __slots__ = ("__secret", "note", "unset")

        def secret(self, *value: int) -> Any:
            if value:
                (self.__secret,) = value
            return self.__secret

    slotted = Slotted(2.0)
    slotted.note, _ = [1], slotted.secret(2)
    # pickles find classes by their names
    Slotted.__module__, Slotted.__qualname__ = __name__, "Slotted"
    monkeypatch.setitem(globals(), "Slotted", Slotted)
    for copied in (
        copy.copy,
        copy.deepcopy,
        lambda given: pickle.loads(pickle.dumps(given)),
    ):
        made = copied(slotted)
        assert (made.note, made.secret(), made.scale) == ([1], 2, 2)
        assert not hasattr(made, "unset")
        assert (made.note is slotted.note) == (copied is copy.copy)
        made.scale = 3
        assert slotted.scale == 2


def test_finalized_once(extended: Any) -> None:
    class Own(extended.square):
        def area(self) -> float:
            return 1.0

    collect()
    before = int(extended.ended)
    s = Own(data=[1, 2, 3])
    assert extended.total(s) == 5
    del s
    collect()
    assert extended.ended == before + 1


def test_many_objects(extended: Any) -> None:
    """Each is found by its own address as long as it lives, and not after that."""
    disc = disc_of(extended)
    for _ in range(3):
        many = [disc(float(n)) for n in range(200)]
        assert [extended.total(each) for each in many] == [
            3 * n * n + 4 for n in range(200)
        ]
        del many
        collect()


def test_what_cannot_be_overridden(extended: Any) -> None:
    with pytest.raises(
        TypeError, match=r"Own\.fixed can't override shape%fixed: it is non_overridable"
    ):
        type("Own", (extended.shape,), {"fixed": lambda self: 1})
    with pytest.raises(
        TypeError, match=r"Own\.linked can't override square%linked: .*allocatable"
    ):
        type("Own", (extended.square,), {"linked": lambda self: 1})
    own = type(
        "Own", (extended.square,), {"inner": lambda self: 1, "more": 2}
    )  # a private binding is Fortran's
    assert extended.total(own()) == 13

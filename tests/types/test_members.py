"""Components of CLASS: what they are of changes while the program runs."""

from __future__ import annotations

import copy
import gc
import pickle
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture
def members(types_module: Callable[[str], ModuleType]) -> Any:
    return types_module("members").members


def finalized(members: Any) -> int:
    # PyPy finalizes what keeps other things in one collection, and these in the next
    for _ in range(8):
        gc.collect()
    return int(members.finalized)


def test_what_fortran_allocates(members: Any) -> None:
    d = members.drawing()
    assert (d.main, d.other, d.all, d.some, members.sum_of(d)) == (
        None,
        None,
        None,
        None,
        0,
    )
    members.choose(d, "square")
    assert (type(d.main), d.main.side, d.main.area()) == (members.square, 2, 4)
    assert (len(d.all), d.all.side.tolist(), d.all[1]) == (2, [2, 2], members.square())
    d.main.side = 3
    d.all[1].side = 1
    assert members.sum_of(d) == 9 + 50000
    members.choose(d, "disc")
    d.main.radius = 1
    d.all[2].radius = 2
    assert (type(d.main), type(d.all[0]), members.sum_of(d)) == (
        members.disc,
        members.disc,
        3 + 120_000,
    )


def test_types_without_a_class_stay_what_they_are(members: Any) -> None:
    d = members.drawing()
    members.choose(d, "unseen")
    assert (d.main.label, members.area_of(d.main), members.sum_of(d)) == (1, 6, 6)
    d.main.label = 2
    assert (d.main.label, members.area_of(d.main)) == (2, 6)
    d.other = d.main
    assert members.sum_of(d) == 606


def test_what_python_assigns(members: Any) -> None:
    before = finalized(members)
    d = members.drawing()
    d.main = members.square(side=5)
    assert (type(d.main), members.sum_of(d)) == (members.square, 25)
    given = members.disc(radius=2)
    d.main = given
    given.radius = 1
    assert (d.main.radius, members.sum_of(d)) == (2, 12)
    d.main = d.main
    d.all = [members.square(side=1), members.square(side=2)]
    assert (d.all.side.tolist(), members.sum_of(d)) == ([1, 2], 50012)
    d.all = d.all[1:]
    assert d.all.side.tolist() == [2]
    d.all = None
    assert (d.all, members.sum_of(d), finalized(members) - before) == (None, 12, 0)
    d.main = None
    assert (d.main, finalized(members) - before) == (None, 1)
    for wrong in (3, members.drawing()):
        with pytest.raises(
            TypeError, match=r"value of members\.members\.drawing\.main: shape expected"
        ):
            d.main = wrong
    del given
    assert finalized(members) - before == 2


def test_a_part_that_begins_where_the_whole_does(members: Any) -> None:
    """The first elements of an array are another array; what is there itself stays, whatever its type is."""
    d = members.drawing()
    d.all = [members.disc(radius=r) for r in (1, 2, 3)]
    before = finalized(members)
    d.all = d.all[:2]
    assert ([each.radius for each in d.all], members.sum_of(d)) == ([1, 2], 150_000)
    d.all = d.all
    assert ([each.radius for each in d.all], members.sum_of(d)) == ([1, 2], 150_000)
    d.all = None
    assert finalized(members) - before == 3 + 2
    members.choose(d, "unseen")
    d.main = d.main
    assert members.area_of(d.main) == 6


def test_pointers(members: Any) -> None:
    d, disc = members.drawing(), members.disc(radius=1)
    d.other, d.some = disc, members.square.array(3)[::-1]
    gc.collect()
    assert (type(d.other), members.sum_of(d)) == (members.disc, 4_000_300)
    d.other.radius = 2
    assert (disc.radius, d.some.side.tolist()) == (2, [2, 2, 2])
    d.other, d.some = None, None
    assert (d.other, d.some, members.sum_of(d)) == (None, None, 0)


def test_copies(members: Any) -> None:
    before = finalized(members)
    d = members.drawing(n=4, main=members.disc(radius=2), frame=members.square(side=9))
    members.choose(d, "disc")
    d.main.radius = 5
    other = copy.copy(d)
    d.main.radius = 1
    assert (other.main.radius, d.main.radius, other.frame.side, len(other.all)) == (
        5,
        1,
        9,
        3,
    )
    again = pickle.loads(pickle.dumps(other))
    assert (again.main, again.main is other.main, again.n, again == other) == (
        other.main,
        False,
        4,
        True,
    )
    members.choose(d, "square")
    assert again != d
    many = members.drawing.array(2)
    many[1] = other
    assert many[1].main.radius == 5
    d = members.spoil()
    assert (d.n, d.main, d.all) == (1, None, None)
    del other, again, many, d
    # what was given and what choose() dropped, then main, three in all and secret of each object. A pickle has no
    # secret, and brings copies of the four; those of an array get their values by assignments, which finalize, too.
    pickled = 4 + 4 + 3 + 3
    assert finalized(members) - before == 2 + 3 * 5 + pickled


def test_what_python_drops_lives_as_long_as_somebody_sees_it(members: Any) -> None:
    before = finalized(members)
    d = members.drawing(main=members.disc(radius=2))
    d.all = members.disc.array(3)
    d.all.label = [1, 2, 3]
    main, last = d.main, d.all[2]
    assert finalized(members) - before == 4
    d.main, d.all = None, None
    others = [members.disc(radius=9) for _ in range(100)]
    assert (main.radius, last.label, finalized(members) - before) == (2, 3, 4)
    del main, last, others
    assert finalized(members) - before == 4 + 1 + 3 + 100

"""CLASS(*) dummies get what Python gives with its type, TYPE(*) dummies get it without."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def anything(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/any_type.f90."""
    return types_module("any_type").anything


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (1, "integer(4) 1"),
        (-(2**31), "integer(4) -2147483648"),
        (2**31, "integer(8) 2147483648"),
        (np.int8(3), "integer(1) 3"),
        (np.int16(4), "integer(2) 4"),
        (np.int64(5), "integer(8) 5"),
        (np.array(7, "i4"), "integer(4) 7"),
        (1.5, "real(8) 1.50"),
        (np.float32(2.5), "real(4) 2.50"),
        (np.array(2.0, ">f8"), "real(8) 2.00"),
        (1 + 2j, "complex(8)  1.00 2.00"),
        (np.complex64(3 + 4j), "complex(4)  3.00 4.00"),
        (True, "logical(4) T"),
        (np.bool_(False), "logical(4) F"),
        ("text", "character(4) [text]"),
        (b"at end  ", "character(8) [at end  ]"),
        (np.array("ab"), "character(2) [ab]"),
        (np.array(b"q", "S3"), "character(3) [q  ]"),
    ],
)
def test_scalars_have_their_types(anything: Any, value: Any, told: str) -> None:
    assert anything.named(value).decode() == told


def test_reals_of_ten_bytes(anything: Any) -> None:
    if np.finfo(np.longdouble).nmant != 63:
        pytest.skip("needs the x87's reals")
    assert anything.named(np.longdouble(3.5)) == b"real(10) 3.50"


def test_objects_have_their_types(anything: Any) -> None:
    assert anything.named(anything.point(3)) == b"point 3.00"
    assert anything.named(anything.circle(radius=5)) == b"circle 5.00"
    circles = anything.circle.array(3)
    circles.radius = [1, 2, 3]
    assert anything.described(circles) == b"circles   1.00   2.00   3.00"
    assert anything.described(circles[::2]) == b"circles   1.00   3.00"
    assert anything.described_many(circles[::-1], 2) == b"circles   3.00   2.00"
    assert (
        anything.described([anything.point(4), anything.point(5)])
        == b"points   4.00   5.00"
    )
    with pytest.raises(TypeError, match="element 1: circle expected, got point"):
        anything.described([anything.circle(), anything.point()])


def test_arrays_have_their_types(anything: Any) -> None:
    """In each form of the dummy, with gaps and without."""
    reals = np.arange(6.0)
    plain: Any = np.zeros(2, [("a", "i4"), ("b", "f8")])
    for value, told in (
        ([1, 2], "integers 1 2"),
        ((3, 4), "integers 3 4"),
        ([2**40, 1], "long integers 1099511627776 1"),
        ([np.int64(2)], "long integers 2"),
        (np.arange(3), "long integers 0 1 2"),
        (np.arange(3, dtype=">i4"), "integers 0 1 2"),
        (reals[::2], "reals   0.00   2.00   4.00"),
        (reals[::-1][:2], "reals   5.00   4.00"),
        (np.eye(3)[:, 1], "reals   0.00   1.00   0.00"),
        (plain["b"], "reals   0.00   0.00"),
        ([True, False], "logicals T F"),
        (np.array([False, True]), "logicals F T"),
        ([], "reals"),
    ):
        assert anything.described(value).decode() == told
        assert anything.described_known(value).decode() == told
        assert anything.described_many(value, len(value)).decode() == told
    rows = reals.reshape(2, 3)
    ranked = [
        anything.ranked(a)
        for a in (
            rows,
            np.asfortranarray(rows),
            rows.T,
            rows[:, ::-2],
            [[1, 2], [3, 4]],
        )
    ]
    assert ranked == [3, 3, 3, 2, 3]


def test_arrays_of_text(anything: Any) -> None:
    """As Fortran itself passes them; short elements have blanks."""
    for value in (["a", "bcd"], np.array(["a", "bcd"]), np.array([b"a", b"bcd"])):
        assert anything.described(value) == anything.texts_by_fortran()
        assert anything.described_known(value) == anything.texts_by_fortran()
    assert anything.texts_by_fortran().startswith(b"texts of 3 [a  ]")


def test_what_fortran_changes(anything: Any) -> None:
    """Arrays, also by way of a copy, and objects; INTENT(OUT) says no type, so that the caller gives what is filled."""
    number, text = np.array(3, "i4"), np.array(b"abcdefghi")
    circle = anything.circle(x=3)
    for each in (number, text, circle):
        anything.changed(each)
    assert (int(number), text.item(), circle.x) == (4, b"changed  ", -3)
    gaps = np.arange(6.0)
    for array, after in (
        (np.arange(3, dtype="i4"), [0, 2, 4]),
        (gaps[::2], [0, 4, 8]),
        (np.array([True, False]), [False, True]),
        (np.arange(3.0).astype(">f8"), [0, 2, 4]),
        (np.array(["abc"]), ["abc"]),
    ):
        anything.doubled(array)
        assert array.tolist() == after
    assert gaps.tolist() == [0, 1, 4, 3, 8, 5]
    points = [anything.point(1), anything.point(2)]
    anything.doubled(points)
    assert [each.x for each in points] == [2, 4]
    zero = np.array(5.0)
    anything.zeroed(zero)
    anything.zeroed(circle)
    assert (float(zero), circle.x) == (0, 0)


def test_numbers_have_a_place_for_a_table(
    types_module: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fortran reads what stands behind the description of any value, which flang leaves empty for numbers."""
    module = types_module("any_type")
    compiler = module._compiler
    monkeypatch.setattr(module, "characters", bytes)
    for array in (np.array(5.0), np.zeros((2, 3), "i4"), np.array(b"text")):
        passed = module.AnyValue(module._library, array, None, False)._class(0)
        described = array.ndim or compiler.types.described
        head = compiler.arrays.size(array.ndim) if described else 8
        assert len(passed) == head + 16
        assert (passed[head : head + 8] == bytes(8)) == compiler.types.described


def test_what_fortran_keeps(anything: Any) -> None:
    """ALLOCATE with SOURCE= copies values of every type."""
    for value, told in (
        (7, b"integer(4) 7"),
        (2.5, b"real(8) 2.50"),
        (1j, b"complex(8)  0.00 1.00"),
        (True, b"logical(4) T"),
        ("some text", b"character(9) [some text]"),
        (anything.circle(radius=6), b"circle 6.00"),
    ):
        anything.kept(value)
        assert anything.copied() == told


def test_what_is_refused(anything: Any) -> None:
    for value, name in (
        (None, "NoneType"),
        ({}, "dict"),
        (2**70, "int"),
        (np.uint8(1), "numpy.uint8"),
        (np.float16(1), "numpy.float16"),
        (np.array(1, "M8[D]"), "an array of datetime64"),
    ):
        with pytest.raises(TypeError, match=f"no type for {name}.* are accepted"):
            anything.named(value)
    with pytest.raises(
        ValueError, match=r"a scalar expected, got an array with shape \(1\)"
    ):
        anything.named([1])
    with pytest.raises(ValueError, match=r"shape \(:\) expected, got a scalar"):
        anything.described(3)
    with pytest.raises(TypeError):
        anything.described([[1, 2], [3]])
    for given in (3, "text", 2.0, [1]):
        with pytest.raises(TypeError, match=r"Fortran changes it.* got"):
            anything.changed(given)
    constant = np.zeros(3)
    constant.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        anything.doubled(constant)
    assert anything.described(constant[:1]) == b"reals   0.00"


def test_absent_ones_and_generic_names(anything: Any) -> None:
    assert [anything.given(), anything.given(None), anything.given(3)] == [0, 0, 1]
    points = anything.circle.array(2)
    told = [
        anything.tell(value)
        for value in (3, 2.5, "abc", anything.point(), [1, 2, 3], points)
    ]
    assert told == [10, 1, 1, 1, 6, 4]
    assert anything.tell([1, 2, 3], times=5) == 15
    with pytest.raises(TypeError, match="no specific procedure"):
        anything.tell(np.zeros((2, 2)))


def test_what_has_no_type(anything: Any) -> None:
    """TYPE(*): the memory of anything, and where it has a shape, that."""
    plain: Any = np.zeros(3, [("a", "u1"), ("b", "f8")])
    plain["a"] = 9
    bytes_of = [
        anything.bytes_first(v)
        for v in (7, b"A", plain, anything.point(), np.uint8([[5, 1], [3, 4]]))
    ]
    assert bytes_of == [7, 65, 9, 0, 5]
    assert anything.bytes_first(np.uint8([[1, 2], [3, 4]]), at=2) == 3
    circles = anything.circle.array(4)
    counts = [
        anything.count_of(v)
        for v in ([1, 2], circles, circles[::2], plain, np.zeros(9)[::2], ["a"])
    ]
    assert counts == [2, 4, 2, 3, 5, 1]
    assert anything.sum_of_column(np.zeros((2, 3))) == 23
    assert (anything.c_bytes(2.5), anything.c_bytes(anything.point(4))) == (2.5, 4)
    for memory in (np.zeros(2, "i4"), np.zeros((2, 2), "i2"), np.zeros(8, bool)[::1]):
        anything.filled(memory, 8)
        assert memory.tobytes() == b"\x01" * 8
    with pytest.raises(TypeError, match="no type for object"):
        anything.bytes_first(object())


def test_documentation(anything: Any) -> None:
    assert "v : input class(*)" in inspect.getdoc(anything.named)
    assert "v : in/output rank-1 array(class(*)) with bounds (:)" in inspect.getdoc(
        anything.doubled
    )
    assert "v : input rank-1 array(type(*)) with bounds (*)" in inspect.getdoc(
        anything.bytes_first
    )


def test_any_rank(
    types_module: Callable[[str], Any], request: pytest.FixtureRequest
) -> None:
    if request.node.callspec.params["types_module"] == "flang":
        pytest.skip(
            "flang 19 doesn't compile procedures with arguments of assumed rank"
        )
    ranks = types_module("any_rank").any_ranks
    points = ranks.point.array(3)
    points.x = [1, 2, 3]
    shapes = (
        5,
        np.arange(3, dtype="i4"),
        [1, 2],
        np.zeros((2, 2)),
        points,
        ranks.point(),
        "text",
    )
    assert [ranks.class_axes(value) for value in shapes] == [0, 13, 13, 20, 16, 0, 0]
    assert [ranks.axes(value) for value in shapes] == [0, 1, 1, 2, 1, 0, 0]
    assert [ranks.c_axes(value) for value in shapes[1:5]] == [103, 102, 204, 103]
    assert [ranks.given_axes(), ranks.given_axes(3), ranks.given_axes([[1]])] == [
        -1,
        0,
        2,
    ]
    check_objects_of_any_rank(ranks)


def check_objects_of_any_rank(ranks: Any) -> None:
    """Of type(t) and class(t): an object, arrays, lists, which are copied back, and structured arrays."""
    points, p = ranks.point.array((2, 3)), ranks.point(4.0)
    assert [ranks.type_axes(p), ranks.type_axes(points)] == [4, 200 + 6 + 2000]
    assert (p.x, points.x.sum()) == (14, 66)
    assert ranks.type_axes(points[:, ::2]) == 200 + 44 + 2000
    assert points.x.tolist() == [[21, 11, 21]] * 2
    row = [ranks.point(n) for n in (1, 2, 3)]
    assert ranks.type_axes(row) == 106
    assert [each.x for each in row] == [11, 12, 13]
    assert ranks.type_axes(np.ones(4, ranks.point.dtype)) == 104
    marked = ranks.marked(3.0, 5)
    assert [ranks.type_axes(marked), marked.x] == [3, 13]
    assert [ranks.object_axes(p), ranks.object_axes(marked)] == [1000, 2050]
    assert ranks.object_axes([marked, ranks.marked(1.0)]) == 2134
    assert ranks.object_axes(ranks.marked.array(3)) == 2123
    assert [ranks.maybe_axes(), ranks.maybe_axes(p), ranks.maybe_axes(points)] == [-1, 0, 2]  # fmt: skip
    pairs = ranks.pair.array(4)
    pairs.i = [1, 2, 3, 4]
    assert [ranks.c_type_axes(pairs), ranks.c_type_axes(pairs[::2])] == [110, 104]
    assert [ranks.c_type_axes(pairs[1]), ranks.c_type_axes(list(pairs))] == [2, 110]
    assert [ranks.describe(each) for each in (p, points, row, 5)] == [0, 2, 1, -5]
    for wrong in (3, [3], pairs):
        with pytest.raises(TypeError, match="point expected, got"):
            ranks.type_axes(wrong)

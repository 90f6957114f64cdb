"""Elemental procedures: arrays are broadcast as NumPy's functions do it, in compiled loops or call by call."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


@pytest.fixture(params=["compiled", "python"])
def elementals(request: Any, elemental_procedures: Any, monkeypatch: Any) -> Any:
    """The module of fortran/elemental/elementals.f90, with and without the loops that its library has."""
    is_compiled = request.param == "compiled"
    count = 0
    for each in vars(elemental_procedures).values():
        if type(each).__name__ == "Elemental" and each.loop is not None:
            assert each.loop.is_able()
            assert each.loop.compiled is not None, (
                f"the library has no {each.loop.symbol}"
            )
            count += 1
            if not is_compiled:
                monkeypatch.setattr(each.loop, "compiled", None)
                monkeypatch.setattr(each.loop, "left", 0)
    assert count > 20
    return elemental_procedures


@pytest.mark.parametrize(
    ("name", "kind", "function"),
    [
        ("next1", "i1", lambda i: i + 1),
        ("next2", "i2", lambda i: i + 1),
        ("next4", "i4", lambda i: i + 1),
        ("next8", "i8", lambda i: i + 1),
        ("half4", "f4", lambda x: x / 2),
        ("half8", "f8", lambda x: x / 2),
        ("half_extended", "longdouble", lambda x: x / 2),
        ("turned4", "c8", lambda z: z * 1j),
        ("turned8", "c16", lambda z: z * 1j),
        ("not1", "i1", lambda a: 1 - a),
        ("not2", "i2", lambda a: 1 - a),
        ("not4", "i4", lambda a: 1 - a),
        ("not8", "i8", lambda a: 1 - a),
    ],
)
def test_kinds(name: str, kind: str, function: Any, elementals: Any) -> None:
    call = getattr(elementals.kinds_of_elements, name, None)
    if call is None:
        pytest.skip(f"NumPy has no type for {name} here")
    values = np.array([[0, 1, 1], [1, 0, 0]], kind)
    found = call(values)
    assert found.dtype == values.dtype
    assert (found == function(values)).all()
    scalar = call(values[0, 1])
    assert not isinstance(scalar, np.ndarray)
    assert scalar == function(values[0, 1])
    assert call(values.tolist()).tolist() == found.tolist()


def test_shapes_are_broadcast(elementals: Any) -> None:
    call = elementals.shapes_of_elements.hypotenuse
    x, y = np.arange(4.0), np.arange(3.0)
    wide = np.arange(24.0).reshape(2, 3, 4)
    for one, other in [
        (x, x[::-1]),
        (x, 2),
        (2, x),
        (x[:, None], y),
        (x, y[:, None]),
        (wide, x),
        (wide.T, y[:, None]),
        (wide[:, ::2], wide[0, :2]),
        (wide[::-1, :, 1:3], wide[:, :, :1]),
        (np.asfortranarray(wide), 1),
        (wide.swapaxes(0, 1), 1),
        (np.broadcast_to(x, (3, 4)), np.broadcast_to(2.0, (3, 4))),
        (x[:1], y[1:2]),
        (x[:0], 1),
        (wide[:0], x),
        (x.tolist(), [[1], [2]]),
        (x.astype("f4"), y[:2, None].astype(int)),
        (x.astype(">f8"), np.array(3)),
        (np.frombuffer(b"\0" + x.tobytes(), "u1")[1:].view("f8"), 1),
    ]:
        found, expected = call(one, other), np.hypot(one, other)
        assert type(found) is np.ndarray
        assert found.dtype == "f8"
        assert found.shape == expected.shape
        assert np.allclose(found, expected)
    assert call(wide, 1).flags.c_contiguous
    assert call(np.asfortranarray(wide), 1).flags.f_contiguous


def test_scalars_stay_scalars(elementals: Any) -> None:
    call = elementals.shapes_of_elements.hypotenuse
    for one, other in [(3, 4), (3.0, np.float32(4)), (np.array(3), np.array(4.0))]:
        assert type(call(one, other)) is float
        assert call(one, other) == 5
    assert elementals.cube(2.0) == 8
    assert elementals.count_down(3) == 7
    assert elementals.shapes_of_elements.divide(7, 2) == (3, 1)


def test_read_only_arrays_are_inputs(elementals: Any) -> None:
    x = np.arange(4.0)
    x.flags.writeable = False
    assert (elementals.shapes_of_elements.hypotenuse(x, 0) == x).all()


def test_several_outputs(elementals: Any) -> None:
    quotient, rest = elementals.shapes_of_elements.divide([[7], [9]], [2, 4, 5])
    assert quotient.tolist() == [[3, 1, 1], [4, 2, 1]]
    assert rest.tolist() == [[1, 3, 2], [1, 1, 4]]
    assert quotient.dtype == rest.dtype == "i4"
    assert elementals.count_down(np.arange(3)).dtype == "i8"
    assert elementals.count_down(n=[1]).tolist() == [9]


def test_arrays_that_are_changed_in_place(elementals: Any) -> None:
    call = elementals.shapes_of_elements.exchange
    memory = np.arange(24.0)
    for view in (
        memory[:6],
        memory[::2],
        memory[::-3],
        memory.reshape(4, 6),
        memory.reshape(4, 6).T,
        memory.reshape(4, 6)[::2, 1::2],
        memory.reshape(2, 3, 4)[:, ::-1, ::2],
    ):
        memory[...] = np.arange(24.0)
        before, other = view.copy(), np.zeros(view.shape)
        assert call(view, other) is None
        assert (view == 0).all()
        assert (other == before).all()
        assert (memory != 0).sum() == 24 - view.size - (0 not in before)


def test_an_input_that_is_changed_through_another_array(elementals: Any) -> None:
    """As for NumPy's functions, all elements are what they were before the call."""
    total = np.arange(5.0)
    elementals.shapes_of_elements.sum_of(total[::-1], total)
    assert total.tolist() == [4, 4, 4, 4, 4]
    elementals.shapes_of_elements.sum_of(total[1], total)
    assert total.tolist() == [8, 8, 8, 8, 8]


def test_what_is_changed_in_place_must_fit(elementals: Any) -> None:
    call = elementals.shapes_of_elements.sum_of
    where = r"elementals.shapes_of_elements.sum_of\(\) 2nd argument \(total\)"
    total = np.zeros((2, 3))
    frozen = np.zeros((2, 3))
    frozen.flags.writeable = False
    for wrong, failure, message in [
        (
            np.zeros(3),
            ValueError,
            r"an array of shape \(2, 3\) is expected, got \(3,\)",
        ),
        (
            np.array(0.0),
            ValueError,
            r"an array of shape \(2, 3\) is expected, got \(\)",
        ),
        (np.zeros((2, 3), "f4"), ValueError, "of float64 is expected, got float32"),
        (np.zeros((2, 3), ">f8"), ValueError, "of float64 is expected, got >f8"),
        (0.0, TypeError, "an array is expected, got float"),
        ([[0.0]], TypeError, "an array is expected, got list"),
        (frozen, ValueError, "read-only"),
    ]:
        with pytest.raises(failure, match=f"{where} is changed in place.*{message}"):
            call(np.ones((2, 3)), wrong)
    with pytest.raises(ValueError, match="two arrays that are changed in place share"):
        elementals.shapes_of_elements.exchange(total, total[::-1])
    assert (total == 0).all()


def test_shapes_that_do_not_fit(elementals: Any) -> None:
    call = elementals.shapes_of_elements.hypotenuse
    told = r"hypotenuse\(\): arrays of these shapes can't be broadcast together: "
    with pytest.raises(ValueError, match=rf"{told}x \(3,\), y \(2, 2\)$"):
        call([1, 2, 3], [[1, 2], [3, 4]])
    for wrong in ([1, None, "x"], ["a", "b"], [[1], [1, 2]], np.zeros(2, "M8[s]")):
        with pytest.raises((TypeError, ValueError)):
            call(wrong, 1)
    with pytest.raises(TypeError, match=r"2nd argument \(y\) can't be converted"):
        call([1, 2], None)
    with pytest.raises(TypeError, match=r"2nd argument \(y\) can't be converted .* got complex 1j"):  # fmt: skip
        call([1, 2], 1j)


def test_optional_arguments(elementals: Any) -> None:
    call = elementals.shapes_of_elements.scaled
    x = np.array([1.0, 2.0])
    assert call(x).tolist() == [1, 2]
    assert call(x, 3).tolist() == [3, 6]
    assert call(x, offset=[[10], [20]]).tolist() == [[11, 12], [21, 22]]
    assert call(1.0, factor=x, offset=1).tolist() == [2, 3]
    assert call(1.0) == 1.0


def test_values(elementals: Any) -> None:
    found = elementals.values_of_elements.power([2.0, 3.0], [[2], [3]], 0.5)
    assert found.tolist() == [[4.5, 9.5], [8.5, 27.5]]
    found = elementals.values_of_elements.conjugate([1j, 2.0], [[True], [False]])
    assert found.tolist() == [[1j, -2], [-1j, 2]]


def test_private_procedures_behind_public_names(elementals: Any) -> None:
    assert elementals.shapes_of_elements.behind([1, -2]).tolist() == [-1, 2]


def test_logicals(elementals: Any) -> None:
    kinds = elementals.kinds_of_elements
    truths = np.array([True, False, True])
    for name in ("not1", "not2", "not4", "not8"):
        assert getattr(kinds, name)(truths).tolist() == [0, 1, 0]
    kinds.flip(truths)
    assert truths.tolist() == [False, True, False]


def test_characters(elementals: Any) -> None:
    texts = elementals.texts_of_elements
    words = np.array([[b"ab", b"cdef"], [b"x", b""]])
    found = texts.capital(words)
    assert found.dtype == "S4"
    assert found.tolist() == [[b"Ab  ", b"Cdef"], [b"X   ", b"    "]]
    assert texts.capital(["eins", "zwo"]).tolist() == [b"Eins", b"Zwo "]
    assert texts.capital("eins") == b"Eins"
    assert texts.length(words.T, ["b", "f"]).tolist() == [[202, 100], [400, 0]]
    assert texts.length("ab", [b"a", b"b"]).tolist() == [201, 202]
    assert texts.initial(words).tolist() == [[b"a", b"c"], [b"x", b" "]]
    assert texts.initial("ab") == b"a"
    names, full = texts.name_of([1, 1234])
    assert (names.tolist(), full.tolist()) == ([b"1   ", b"1234"], [0, 1])
    assert texts.capital(np.zeros((0, 2), "S3")).shape == (0, 2)


def test_characters_whose_length_only_a_call_tells(elementals: Any) -> None:
    assert elementals.texts_of_elements.twice(["ab", "c"]).tolist() == [b"abab", b"cc  "]  # fmt: skip
    assert elementals.texts_of_elements.twice("ab") == b"abab"


def test_characters_that_are_changed_in_place(elementals: Any) -> None:
    words = np.array([b"abcd", b"xy"])
    assert elementals.texts_of_elements.stars(words, [1, 2]) is None
    assert words.tolist() == [b"*abc", b"**xy"]


def test_impure_procedures_see_elements_in_the_order_of_fortran(
    elementals: Any,
) -> None:
    elementals.impure_elements.calls = 0
    found = elementals.impure_elements.ticket(np.array([[1, 2, 3], [4, 5, 6]]))
    assert found.tolist() == [[101, 203, 305], [402, 504, 606]]


def test_external_procedures(elementals: Any) -> None:
    assert elementals.cube(np.array([1, 2, 3], "f4")).tolist() == [1, 8, 27]
    assert "Elemental: arrays are broadcast together" in elementals.cube.__doc__


def test_a_generic_name_prefers_what_is_not_elemental(elementals: Any) -> None:
    square = elementals.generics_of_elements.square
    assert square(3) == 9
    assert type(square(3)) is int
    assert square(1.5) == 2.25
    assert square([[1, 2]]).tolist() == [[1, 4]]
    assert square(np.array([1, 2], "i4")).dtype == "i4"
    assert square([1.0, 2.0]) == 5
    assert square(np.array([1.0, 2.0])) == 5
    assert square(np.array([[1.0, 2.0]])).tolist() == [[1, 4]]
    assert square(np.zeros((0, 2))).shape == (0, 2)
    with pytest.raises(TypeError, match=r"square_real\(x: real\(8\) of any rank\)"):
        square("x")

"""Generic names choose one of their procedures by the arguments; enumerators are Python's."""

from __future__ import annotations

import copy
import inspect
import pickle
import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

KINDS = {
    "int8": 1, "int16": 2, "int32": 4, "int64": 8, "float32": 40, "float64": 80, "complex64": 400, "complex128": 800,
}  # fmt: skip


@pytest.fixture
def apart(told_apart: Any) -> Any:
    return told_apart.told_apart


@pytest.mark.parametrize(("name", "answer"), KINDS.items())
def test_numpy_values_choose_their_own_kind(apart: Any, name: str, answer: int) -> None:
    kind = np.dtype(name)
    assert apart.kind_of(kind.type(3)) == answer
    assert apart.kind_of(np.array(3, kind)) == answer
    assert apart.kind_of(x=kind.type(3)) == answer
    assert apart.kind_of(np.array(3, kind.newbyteorder())) == answer


def test_python_numbers_choose_default_kinds_that_hold_them(apart: Any) -> None:
    class Whole(int):
        pass

    defaults = [3, -(2**31), True, Whole(2)]
    expected = [(3.0, 80), (3j, 800), (2**31, 8), *((each, 4) for each in defaults)]
    for value, answer in expected:
        assert apart.kind_of(value) == answer
    assert apart.kind_of(2**63) == 80
    assert apart.kind_of(Fraction(1, 2)) == 80


def test_ranks(apart: Any) -> None:
    assert apart.rank_of(2) == apart.rank_of(np.float32(2)) == 2
    assert apart.rank_of(np.array(2)) == 2
    assert apart.rank_of([1, 2]) == apart.rank_of((1, 2)) == 103
    assert apart.rank_of(np.arange(3, dtype="f4")) == 103
    assert apart.rank_of(np.ones((2, 3))[:, ::2]) == 2004
    assert apart.rank_of([[1, 2]]) == 1003
    assert apart.rank_of([]) == 100
    message = "has no specific procedure for (float64 array of rank 3)"
    with pytest.raises(TypeError, match=re.escape(message)):
        apart.rank_of(np.ones((1, 1, 1)))


def test_arrays_changed_in_place_are_never_converted(apart: Any) -> None:
    expected = {"f4": 2, "f8": 3, "i4": 4}
    for name, factor in expected.items():
        value = np.ones(3, name)
        assert apart.change(value) is None
        assert value.tolist() == [factor] * 3
    scalar = np.array(1.5)
    apart.change(scalar)
    assert scalar == -1.5
    for value in (np.ones(3, "i8"), np.ones((2, 2)), [1.0, 2.0]):
        with pytest.raises(TypeError, match="no specific procedure"):
            apart.change(value)


def test_numbers_of_arguments(apart: Any) -> None:
    assert apart.count_of(1) == 1
    assert apart.count_of(1, 2) == apart.count_of(1, b=2) == apart.count_of(b=2, a=1) == 12  # fmt: skip
    assert apart.count_of(1, 2, 3) == apart.count_of(c=3, b=2, a=1) == 123
    assert apart.count_of(1, 2, 3, 4) == apart.count_of(1, 2, 3, d=4) == 1234
    calls: list[tuple[Any, Any]] = [
        *(((), {}), ((1, 2, 3, 4, 5), {})),
        *(((1,), {name: 2}) for name in "ace"),
    ]
    listed = "three_given(a: integer(4), b: integer(4), c: integer(4), [d: integer(4)])"
    for arguments, keywords in calls:
        with pytest.raises(TypeError, match=re.escape(listed)):
            apart.count_of(*arguments, **keywords)


def test_optional_arguments(apart: Any) -> None:
    assert apart.given(3) == 3
    assert apart.given(3.0) == 3.5
    assert apart.given(3, 2) == apart.given(3, scale=2) == apart.given(x=3, scale=2) == 6  # fmt: skip
    assert apart.given(3.0, 2) == apart.given(scale=2, x=3.0) == 7
    assert apart.given(3, None) == 3
    with pytest.raises(TypeError):
        apart.given()


def test_text_and_logicals(apart: Any) -> None:
    assert apart.text_or_number("abc") == apart.text_or_number(b"abc") == 3
    assert apart.text_or_number(np.str_("ab")) == 2
    assert apart.text_or_number(5) == 105
    assert apart.text_or_number(["ab", "c"]) == 2002
    assert apart.flag_or_number(True) == apart.flag_or_number(np.bool_(True)) == 1
    assert apart.flag_or_number(1) == 101
    assert apart.flag_or_number([True, False, True]) == 1002
    assert apart.flag_or_number(np.array([True, False])) == 1001


def test_procedures_and_numbers(apart: Any) -> None:
    assert apart.apply(lambda x: x + 1, 2.0) == 3
    assert apart.apply(3, 2) == 6
    assert apart.apply(np.float32(3), 2) == 6
    assert apart.apply(apart.rank_of, 7) == 7


def test_all_arguments_count(apart: Any) -> None:
    for name, answer in {"f4": 4, "f8": 8}.items():
        y = np.ones(2, name)
        assert apart.mixed(2, [1, 2], y) == answer
        assert apart.mixed(np.float64(2), np.arange(2), y) == answer
        assert y.tolist() == [3, 7]
    with pytest.raises(TypeError, match="changed in place"):
        apart.mixed(2, [1, 2], np.ones(2, "i4"))


def test_names_of_their_own_procedures(apart: Any) -> None:
    assert apart.alone(1) == 2
    assert apart.same_name(4) == 4
    assert apart.same_name(4.0) == 2
    assert apart.same_name_real(4) == 2


def test_keywords_of_python(apart: Any) -> None:
    assert apart.keywords(2) == 2
    assert apart.keywords(2.0) == -2
    assert apart.keywords(**{"lambda": 2, "in": 3}) == 5
    assert apart.keywords(2.0, **{"in": 3}) == -5


def test_what_only_results_tell_apart(apart: Any) -> None:
    assert apart.hidden_out(2.0) == apart.hidden_out(2.0, value=int) == -2
    assert (apart.hidden_out(2, value=int), apart.hidden_out(2, value=float)) == (
        2,
        2.5,
    )
    assert apart.hidden_out(np.float32(2), value=np.int32) == -2
    message = "choose one by the type of a result, such as value=int:"
    with pytest.raises(TypeError, match=message) as caught:
        apart.hidden_out(2)
    listed = str(caught.value).splitlines()[1:]
    assert listed == [
        "    out_integer(key: integer(4), value=int)",
        "    out_real(key: integer(4), value=float)",
    ]
    with pytest.raises(TypeError, match="no specific"):
        apart.hidden_out(2.0, value=float)
    assert apart.out_integer(2) == 2
    assert apart.out_real(2) == 2.5


@pytest.mark.parametrize("value", [None, "text", object(), [[1], [2, 3]], {}, np.datetime64("2001-01-01")])  # fmt: skip
def test_what_fits_nothing(apart: Any, value: Any) -> None:
    said = "told_apart.told_apart.kind_of() has no specific procedure for"
    with pytest.raises(TypeError, match=re.escape(said)) as caught:
        apart.kind_of(value)
    assert "of_real64(x: real(8))" in str(caught.value)


def test_a_specific_says_what_is_wrong_with_its_argument(apart: Any) -> None:
    with pytest.raises(ValueError, match=r"two_given\(\) 1st argument \(a\)"):
        apart.count_of("a", 2)


def test_they_are_routines(told_apart: Any) -> None:
    generic = told_apart.told_apart.kind_of
    assert repr(generic) == "<fortran function kind_of>"
    assert pickle.loads(pickle.dumps(generic)) is generic
    assert copy.deepcopy(generic) is generic
    assert "    of_int8 = of_int8(x)\n        x : input int\n" in generic.__doc__
    assert "kind_of()" in told_apart.__doc__
    assert list(inspect.signature(generic).parameters) == ["x"]
    assert "kind_of" in dir(told_apart.told_apart)
    with pytest.raises(AttributeError, match="over-writing fortran routine"):
        told_apart.told_apart.kind_of = 1


def test_native_code_leaves_them_alone(told_apart: Any) -> None:
    tier = told_apart.__native__
    if not tier.reason:
        tier.compile()
        assert "told_apart_kind_of" not in {*tier.compiled, *tier.refused}
        assert told_apart.told_apart.kind_of(3.0) == 80


def test_procedures_of_several_modules(gathered: Any) -> None:
    assert gathered.first_part.solve(2) == 20
    assert gathered.first_part.solve("abc") == 3
    both = gathered.second_part.solve
    assert both(2) == 20
    assert both(3.0) == 1.5
    assert both("abc") == 3
    assert gathered.second_part.compute(2) == 20
    assert gathered.second_part.compute(2.0) == 1
    assert gathered.second_part.compute(b"ab") == 1002
    assert gathered.second_part.of_submodule(2) == 3
    assert gathered.second_part.of_submodule(2.0) == -2


def test_enumerators(enumerators: Any) -> None:
    module = enumerators.enumerators_of
    assert module.color is type(module.color_red)
    assert [int(each) for each in module.color] == [1, 2, 10]
    assert module.color_blue == 10
    assert module.color(2) is module.color_green
    assert (module.north, module.south, module.east) == (0, -5, -4)
    assert type(module.north).__name__ == "enumerators"
    assert type(module.single_one).__name__ == "enumerators_2"
    # a variable has the name that these have in common
    assert type(module.mode_a).__name__ == "enumerators_3"
    assert module.mode == 3
    assert [each.name for each in module.level] == ["level_low", "level_high"]
    assert not hasattr(module, "level_secret")


def test_enumerators_are_numbers_for_fortran(enumerators: Any) -> None:
    module = enumerators.enumerators_of
    assert module.current == module.color_green
    module.current = module.color_blue
    assert module.next(module.current) == 11
    assert module.weight(module.level_high) == 10
    assert module.weight(99) == -1


def test_enumerators_are_constants_with_names(enumerators: Any) -> None:
    module = enumerators.enumerators_of
    assert pickle.loads(pickle.dumps(module.color_red)) is module.color_red
    assert pickle.loads(pickle.dumps(module.color)) is module.color
    assert "color_green" in dir(module)
    assert "color_green : 2 (color)" in module.__doc__
    assert "color_red = 1" in module.color.__doc__
    for name in ("color_red", "color"):
        with pytest.raises(AttributeError, match=f"{name} is an enumerator's name"):
            setattr(module, name, 5)
        with pytest.raises(AttributeError, match=f"{name} is an enumerator's name"):
            delattr(module, name)
    with pytest.raises(AttributeError, match="did you mean 'color_red'"):
        module.color_rad  # noqa: B018

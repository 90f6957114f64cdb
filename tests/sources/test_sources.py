"""What modules made from Fortran sources do, with NumPy's answer beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


def test_a_typed_prefix_gives_a_result_its_kind(arguments: Any) -> None:
    assert arguments.doubled(1 + 2j) == 2 + 4j
    assert arguments.doubled(1e300) == 2e300


def test_character_results(arguments: Any) -> None:
    assert arguments.label(3) == b"no 3"


def test_kinds_come_from_constants_and_intrinsic_modules(arguments: Any) -> None:
    x = np.zeros(3)
    assert arguments.kinds(x, 2**40) == 2**40 + 1
    assert x.tolist() == [1, 1, 1]


def test_a_missing_optional_scalar_is_not_changed(arguments: Any) -> None:
    assert arguments.change_given() == 0
    assert arguments.change_given(None, 2.0, c=None) == 2
    given = {
        "i": np.array(1, "i"),
        "r": np.array([1.5], "f"),
        "z": np.array(1j),
        "l": np.array(0, "i"),
        "c": np.array(b"a"),
    }
    for at, (name, array) in enumerate(given.items()):
        assert arguments.change_given(**{name: array}) == 2**at
    assert [array.flat[0] for array in given.values()] == [2, 3, -1j, 1, b"c"]
    with pytest.raises(ValueError, match=r"1st keyword \(i\) can't be converted"):
        arguments.change_given("2")


def test_a_missing_optional_is_not_present(arguments: Any) -> None:
    assert arguments.plus(1) == 1
    assert arguments.plus(1, 2) == 3
    assert arguments.plus(1, b=None) == 1


@pytest.mark.parametrize(
    ("given", "added"),
    [
        ({}, [0, 0]),
        ({"v": [1, 2]}, [1, 2]),
        ({"w": [2, 3]}, [50, 50]),
        ({"s": "abc"}, [300, 300]),
        ({"c": 2j}, [2000, 2000]),
        ({"v": [1, 2], "w": [1], "s": "a", "c": 1j}, [1111, 1112]),
    ],
)
def test_every_type_may_be_missing(
    given: dict[str, Any], added: list[float], arguments: Any
) -> None:
    x = np.zeros(2)
    arguments.add_given(x, **given)
    assert x.tolist() == added


@pytest.mark.parametrize(
    "view",
    [
        lambda a: a,
        lambda a: a.T,
        lambda a: a[::2, ::3],
        lambda a: a[::-1, 1:],
        lambda a: a[1:2],
        lambda a: a[:0],
    ],
)
def test_assumed_shape_arrays_change_in_place(view: Any, arguments: Any) -> None:
    whole = np.zeros((4, 6))
    expected = np.zeros((4, 6))
    view(expected)[...] += 1
    arguments.increment(view(whole))
    assert (whole == expected).all()


def test_assumed_shape_inputs_are_converted(arguments: Any) -> None:
    x = np.arange(6).reshape(2, 3)
    assert (arguments.transposed(x) == x.T).all()
    assert (arguments.transposed(x[:, ::2].astype("f")) == x[:, ::2].T).all()


def test_assumed_shape_inout_wants_an_array(arguments: Any) -> None:
    with pytest.raises(TypeError, match="'list' object is not an array"):
        arguments.increment([[1.0]])
    with pytest.raises(ValueError, match="not compatible to 'd'"):
        arguments.increment(np.zeros((2, 2), "i8"))


def test_bind_c_takes_the_standards_descriptor(arguments: Any) -> None:
    x = np.zeros(6)
    arguments.increment_c(x[::-2])
    assert x.tolist() == [0, 1, 0, 1, 0, 1]


def test_contiguous_dummies_want_arrays_without_gaps(arguments: Any) -> None:
    x = np.zeros(6)
    arguments.without_gaps(x[2:4])
    assert x.tolist() == [0, 0, 1, 1, 0, 0]
    with pytest.raises(ValueError, match="not fortran contiguous"):
        arguments.without_gaps(x[::2])


def test_extents_with_powers_remainders_and_choices(arguments: Any) -> None:
    assert arguments.powers(3).tolist() == list(range(1, 9))
    assert arguments.halves(5).tolist() == [5, 5, 5]
    assert arguments.chosen(3, 1).tolist() == [1, 1, 1]
    assert arguments.chosen(3, 0).tolist() == [0]


def test_one_extent_cannot_tell_two_bounds(arguments: Any) -> None:
    assert arguments.between(-1, 1, [1, 2, 3]) == 6
    with pytest.raises(ValueError, match="must be fixed to 3 but got 2"):
        arguments.between(-1, 1, [1, 2])


def test_entries_are_routines(arguments: Any) -> None:
    a = np.zeros(2, "i4")
    arguments.twice_entered(a)
    assert a.tolist() == [1, 1]
    arguments.entered(a)
    assert a.tolist() == [2, 2]


def test_values_are_passed_by_value(arguments: Any) -> None:
    assert arguments.weighted(3, 0.5) == 1.5
    with pytest.raises(OverflowError, match="too large to convert to C int"):
        arguments.weighted(2**32 + 3, 0.5)


def test_directives_add_to_declarations(arguments: Any) -> None:
    assert arguments.directed([1.0, 2.0]).tolist() == [3, 4]
    with pytest.raises(arguments.error, match=r"\(n < 5\) failed"):
        arguments.directed(np.zeros(6), 6)


def test_what_cannot_be_wrapped_is_left_out_alone(arguments: Any) -> None:
    assert not hasattr(arguments, "point_to")
    reason = "point_to is left out: 'p' is of derived type 'point'"
    assert "Left out::\n\n    arguments.f90:" in arguments.__doc__
    assert reason in arguments.__doc__


def test_allocated_results_are_arrays_of_their_own(deferred: Any) -> None:
    first = deferred.count_up(3)
    second = deferred.count_up(2)
    assert first.tolist() == [1, 2, 3]
    assert second.tolist() == [1, 2]
    assert first.flags.owndata
    assert deferred.count_up(-1) is None


def test_allocatable_arguments_may_change_their_extents(deferred: Any) -> None:
    assert deferred.grow([4, 5]).tolist() == [4, 5, 7]
    assert deferred.grow(None).tolist() == [1]
    assert deferred.total([1, 2, 3]) == 6
    assert deferred.total(None) == -1


def test_allocatable_arrays_are_given_back(deferred: Any) -> None:
    a = np.zeros((2, 3), "i4", order="F")
    deferred.add_one(a)
    assert (a == 1).all()
    assert deferred.add_one(a) is a
    with pytest.raises(ValueError, match=r"of shape \(1,\)"):
        deferred.shrink(np.zeros(3, "i4"))
    assert deferred.shrink(np.ones(1, "i4")).tolist() == [1]
    for lost in ([[1, 2]], 3, b"ab"):
        with pytest.raises(TypeError, match=r"intent\(inout.* is not an array"):
            deferred.add_one(lost)
    a.flags.writeable = False
    with pytest.raises(ValueError, match="not fortran contiguous"):
        deferred.add_one(a)


def test_array_valued_functions(deferred: Any) -> None:
    assert deferred.table(3).tolist() == [[3, 1], [3, 2], [3, 3]]
    assert deferred.filled(2).tolist() == [2, 2, 2, 2]
    assert deferred.words(2).tolist() == [b"ab ", b"ab "]


def test_allocatable_arguments_that_only_go_in_are_contiguous(deferred: Any) -> None:
    whole = np.arange(12, dtype="i4")
    shared = whole[::2]
    shared.flags.writeable = False
    for given in (whole[::2], shared, whole[::2].astype("f8"), whole[::2].tolist()):
        assert deferred.total(given) == 30
    assert deferred.total(whole[::-1]) == 66
    assert deferred.total(whole[:0]) == 0
    assert deferred.total(7) == 7
    assert deferred.total(None) == -1
    assert whole.tolist() == list(range(12))
    with pytest.raises(ValueError, match="total"):
        deferred.total(np.array(["a", "b"]))


def test_a_descriptor_is_used_again_after_an_exception(deferred: Any) -> None:
    for _ in range(3):
        with pytest.raises(ValueError, match=r"shape \(1,\)"):
            deferred.shrink(np.array([1, 2, 3], "i4"))
        kept = [deferred.filled(n) for n in (2, 0, 3)]
        assert [each.tolist() for each in kept] == [[2] * 4, [], [3] * 6]
        assert all(each.flags.owndata for each in kept)


def test_pointers_and_scalars(deferred: Any) -> None:
    assert deferred.every_third().tolist() == [1, 4, 7, 10]
    assert deferred.answer() == 42


def test_extents_ask_what_is_converted_for_an_allocatable_or_pointer(
    deferred: Any,
) -> None:
    for given in ([1, 2], (1.0, 2.0), np.array([1, 2]), np.array([1.0, 9, 2])[::2]):
        assert deferred.doubled(given).tolist() == [2, 4, 0]
    assert deferred.doubled(5).tolist() == [10, 0]
    assert deferred.doubled(None).tolist() == [0]
    assert deferred.bordered([[1, 2], [3, 4]]).tolist() == [[1, 2, 0], [3, 4, 0]]
    x = np.array([1.0, 2.0])
    after, before = deferred.advanced(x)
    assert after is x
    assert (x.tolist(), before.tolist()) == ([2, 3], [1, 2])
    deferred.replaced([5, 6], x)
    assert x.tolist() == [5, 6]
    with pytest.raises(ValueError, match="must be fixed to 3 but got 2"):
        deferred.replaced([5, 6, 7], x)


def test_fortran_calls_python_by_name(by_name: Any) -> None:
    assert by_name.call_given(lambda: 5) == 5
    assert by_name.call_given(lambda: by_name.call_given(lambda: 7) + 1) == 8


def test_a_hidden_callback_is_an_attribute(by_name: Any) -> None:
    with pytest.raises(Exception, match=r"^Callback attribute not defined"):
        by_name.call_attribute(1)
    by_name.attribute = lambda n: n + 1
    try:
        assert by_name.call_attribute(1) == 2
    finally:
        del by_name.attribute


def test_an_exception_passes_through_a_procedure_called_by_name(by_name: Any) -> None:
    def fail() -> int:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        by_name.call_given(fail)
    assert by_name.call_given(lambda: 3) == 3


def test_modules_of_several_files(several: Any) -> None:
    several.solver.state = [1, 2, 3]
    several.solver.advance(0.5)
    assert several.solver.state.tolist() == [2.5, 3.5, 4.5]
    assert several.solver.steps == 6
    assert several.precision.order == 3
    assert several.old([1.0, 2.0]).tolist() == [2, 2]
    assert not hasattr(several.solver, "hidden")


def test_deferred_arguments_of_which_nothing_is_said_are_returned(
    deferred: Any,
) -> None:
    unstated = deferred.unstated
    given = np.array([1, 2], np.int32)
    for array in (given, [1, 2], np.array([1.0, 2])):
        assert unstated.grow(array).tolist() == [1, 2, 7]
    assert given.tolist() == [1, 2]
    assert unstated.grow(None).tolist() == [7]
    assert unstated.cut(np.zeros((2, 3))) is None
    assert unstated.doubled([1j, 2]).tolist() == [2j, 4]
    pointed_to = np.array([1j, 2])
    unstated.doubled(pointed_to)
    assert pointed_to.tolist() == [2j, 4]
    assert unstated.longer("ab ") == b"ab !"
    assert unstated.next(1) == 2
    changed, count = unstated.perhaps([True, False])
    assert np.asarray(changed, bool).tolist() == [False, True]
    assert count == 2
    assert unstated.perhaps() == (None, 0)
    assert unstated.of_c([1, 2, 3]).tolist() == [2, 3]
    assert unstated.only_in([1, 2]) == 2
    assert unstated.grow.__doc__.startswith("a = grow(a)")

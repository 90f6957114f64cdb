"""Python functions in place of Fortran's dummy procedures, whichever way the source describes those."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


def test_abstract_interfaces_of_used_modules(dummy_procedures: Any) -> None:
    calling = dummy_procedures.calling
    assert calling.midpoint(lambda x: x * x, 0, 3) == pytest.approx(9, rel=1e-4)
    assert calling.midpoint(lambda x: x * x, 0, 3, 3) == 8.75
    assert calling.midpoint(lambda x, k: k * x, 0, 2, f_extra_args=(3,)) == (
        pytest.approx(6)
    )


def test_an_interface_under_another_name(dummy_procedures: Any) -> None:
    y = np.array([1.0, 2.0])
    dummy_procedures.calling.euler(lambda t, y: -y, y, 0.5, 2)
    assert y.tolist() == [0.25, 0.5]


def test_a_procedure_as_interface(dummy_procedures: Any) -> None:
    assert dummy_procedures.calling.at_three(lambda x: x + 1) == 4
    assert dummy_procedures.calling.at_three(dummy_procedures.shapes.square) == 9


def test_interface_blocks_with_their_own_use(dummy_procedures: Any) -> None:
    assert dummy_procedures.calling.best(lambda a, b: a > b, [1, 3, 2]) == 2


def test_optional_procedures_may_be_missing(dummy_procedures: Any) -> None:
    calling = dummy_procedures.calling
    assert calling.maybe() == -1
    assert calling.maybe(None) == -1
    assert calling.maybe(lambda x: x + 1) == 3
    assert calling.both(lambda x: x, 3) == 3
    assert calling.both(lambda x: x, 3, lambda x: 2 * x) == 9
    with pytest.raises(dummy_procedures.error, match="call-back g"):
        calling.both(lambda x: x, 3, g=4)


def test_what_hands_on_a_procedure_tells_its_arguments(dummy_procedures: Any) -> None:
    assert dummy_procedures.calling.handed_on(lambda x: x) == pytest.approx(0.5)
    fvec, info = dummy_procedures.driver(lambda x, f: f.fill(x.sum()), [1, 2, 4])
    assert fvec.tolist() == [7, 7, 7]
    assert info == 7
    assert dummy_procedures.calling.inside(lambda x: x + 1) == 6


def test_strings(dummy_procedures: Any) -> None:
    texts = dummy_procedures.calling.texts
    assert texts(lambda given: given[:3].upper().encode()) == b"HEL"
    assert texts(lambda given: b"too long a text") == b"too l"


def test_scalars_and_arrays_in_place(dummy_procedures: Any) -> None:
    def change(i: Any, x: Any) -> None:
        i[...] = 10
        x[1] = 7

    assert dummy_procedures.calling.in_place(change) == 19


def test_shapes_of_answers_are_checked(dummy_procedures: Any) -> None:
    fill = dummy_procedures.calling.fill
    assert fill(lambda n: np.arange(n * n).reshape(n, n), 2).tolist() == [
        [0, 1],
        [2, 3],
    ]
    with pytest.raises(ValueError, match="must be fixed to 2 but got 3"):
        fill(lambda n: np.zeros((3, 3)), 2)


def test_recursion_through_fortran(dummy_procedures: Any) -> None:
    counted = dummy_procedures.calling.counted

    def factorial(n: int) -> int:
        return 1 if n < 2 else n * counted(factorial, n - 1)

    assert counted(factorial, 10) == 3628800


def test_exceptions_pass_through_fortran(dummy_procedures: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        dummy_procedures.calling.midpoint(lambda x: 1 / 0, 0, 1)
    with pytest.raises(ZeroDivisionError):
        dummy_procedures.driver(lambda x: 1 / 0, [1.0])
    with pytest.raises(dummy_procedures.error, match="call-back f"):
        dummy_procedures.calling.midpoint(3, 0, 1)


def test_assumed_shape_arrays_are_views(dummy_procedures: Any) -> None:
    step = dummy_procedures.calling.step
    y = np.array([1.0, 2.0, 3.0])
    step(lambda t, y: -y, y, 0.5)
    assert y.tolist() == [0.5, 1, 1.5]
    step(lambda t, y: [1, 2, 3], y[::-1], 1)
    assert y.tolist() == [3.5, 3, 2.5]
    with pytest.raises(ValueError, match="must be fixed to 3 but got 2"):
        step(lambda t, y: y[:2], y, 1)


def test_array_results_of_callbacks(dummy_procedures: Any) -> None:
    vector_sum = dummy_procedures.calling.vector_sum
    assert vector_sum(lambda n: np.arange(2 * n).reshape(n, 2), 3) == 15
    with pytest.raises(ZeroDivisionError):
        vector_sum(lambda n: 1 / 0, 3)
    with pytest.raises(ValueError, match="must be fixed to 3 but got 2"):
        vector_sum(lambda n: np.zeros((2, 2)), 3)


def test_arrays_of_strings_in_place(dummy_procedures: Any) -> None:
    names = np.array([b"ghi", b"abc", b"def"])
    dummy_procedures.calling.sorted(lambda names: names.sort(), names)
    assert names.tolist() == [b"abc", b"def", b"ghi"]


def test_the_standards_descriptors(dummy_procedures: Any) -> None:
    def double(x: Any) -> None:
        x *= 2

    x = np.ones((2, 3))
    dummy_procedures.calling.interoperable(double, x)
    assert x.tolist() == [[2, 1, 2], [2, 1, 2]]


def test_procedures_that_fortran_keeps(dummy_procedures: Any) -> None:
    calling = dummy_procedures.calling
    calling.keep(lambda x: x + 1)
    with pytest.warns(RuntimeWarning, match="after the call that it was passed to"):
        assert calling.call_kept(2) == 0


def test_procedure_pointers_take_functions(dummy_procedures: Any) -> None:
    assert dummy_procedures.calling.call_pointer(lambda x: x + 1) == 2


def test_types_of_expressions_that_are_passed(dummy_procedures: Any) -> None:
    seen: list[Any] = []
    dummy_procedures.calling.expressions(lambda *a: None, 3, 2.5, 3 + 4j)
    dummy_procedures.calling.expressions(
        lambda a, b, c, d, e, f, g, h, i, j, k, m: seen.extend(
            (a, b, c, d, e, f, g, h, i, j, k, m)
        ),
        4,
        2.5,
        3 + 4j,
    )
    assert seen == [
        5, 5.0, 3.5, 4.0, 7.5 + 10j, 5.0, 2.5**0.5, 0.5, 4.0, 6.0, 1, "ab",
    ]  # fmt: skip


def test_a_functions_type_is_its_own(dummy_procedures: Any) -> None:
    third = dummy_procedures.rounded(lambda x: 1 / x, 3.0)
    assert third == float(np.float32(1 / 3)) != 1 / 3


def test_procedures_among_the_arguments_of_a_function(dummy_procedures: Any) -> None:
    """Python gets no procedure, also of one that an interface block describes."""
    assert dummy_procedures.described(lambda x: 3 * x, 2.0) == 6.0
    assert "def f(x)" in dummy_procedures.described.__doc__

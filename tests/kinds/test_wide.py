"""Reals of 80 bits and unsigned integers in signature files: every digit, every way in and out."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pytest

Long = np.longdouble
THIRD = Long(1) / 3
Z = np.clongdouble(THIRD) + np.clongdouble(1j) * (Long(2) / 7)
# One more than a double can tell.
EPSILON = np.finfo(Long).eps


def test_all_digits_come_and_go(wide: Any) -> None:
    total = wide.sums(1, EPSILON)
    assert type(total) is Long
    assert total - 1 == EPSILON


def test_a_default_is_computed_with_all_digits(wide: Any) -> None:
    assert wide.sums(Long(1)) == 1 + THIRD
    assert wide.sums(1, None) == 1 + THIRD


def test_defaults_have_the_digits_that_they_are_written_with(wide: Any) -> None:
    assert wide.scaled(1) == Long("0.1")
    assert wide.scaled(1, 0.1) == Long(0.1) != Long("0.1")
    assert wide.scaled(Long("0.1"), 1) == Long("0.1")


def test_variables_of_a_callstatement(wide: Any) -> None:
    n = 5
    x = Long(n / 3.0)  # as in C, whose 3.0 is a double
    assert wide.thirds(n) == x + x * 2 / 3 + n


def test_a_check(wide: Any) -> None:
    with pytest.raises(
        wide.error, match=r"\(x >= 0\) failed for 1st argument x: sums:x=-1.0842e-19"
    ):
        wide.sums(-EPSILON)


def test_complex(wide: Any) -> None:
    turned = wide.turned(Z)
    assert type(turned) is np.clongdouble
    assert (turned.real, turned.imag) == (-Z.imag, Z.real)
    assert wide.turned() == 2 + 0.5j
    assert wide.turned([THIRD]).imag == THIRD
    with pytest.raises(TypeError, match="complex_long_double"):
        wide.turned("1")


def test_results_many_times(wide: Any) -> None:
    # whatever a call left in the processor's registers would add up
    for _ in range(1000):
        assert wide.turned(Z).real == -Z.imag
        assert wide.scaled(THIRD, 3) == THIRD * 3


def test_in_and_out(wide: Any) -> None:
    assert wide.halve(THIRD) == THIRD / 2
    scalar = np.array(THIRD)
    wide.halve_in_place(scalar)
    assert scalar == THIRD / 2
    double = np.array(3.0)
    wide.halve_in_place(double)
    assert double == 1.5


def test_arrays(wide: Any) -> None:
    given = np.array([THIRD, 1, -2])
    a, b = wide.fill(given)
    assert a.dtype == Long
    assert b.dtype == np.clongdouble
    assert (a == np.array([THIRD, 1, -2]) / Long(3)).all()
    assert (b.real == a).all()
    assert (b.imag == -a).all()
    assert given[0] == THIRD
    a, _ = wide.fill([1, 2.5])
    assert a[0] == THIRD


def test_inplace_converts_and_writes_back(wide: Any) -> None:
    singles = np.array([3, 6], "f4")
    wide.fill_in_place(singles)
    assert singles.tolist() == [1, 2]
    longs = np.array([Long(1), 2])[::-1]
    wide.fill_in_place(longs)
    assert longs[1] == THIRD


def test_callbacks(wide: Any) -> None:
    seen = []

    def answer(x: Any) -> Any:
        seen.append(x)
        return x * x

    for _ in range(100):
        assert wide.asked(answer, THIRD) == THIRD * THIRD / 3
    assert type(seen[0]) is Long
    assert wide.asked(lambda x: 3, 0) == 1
    assert wide.asked(lambda x: Long("0.1"), 0) == Long("0.1") / 3
    with pytest.raises(ValueError, match="long_double_from_pyobj failed"):
        wide.asked(lambda x: "0.1", 0)
    with pytest.raises(TypeError, match="long_double_from_pyobj failed"):
        wide.asked(lambda x: {}, 0)
    with pytest.raises(ZeroDivisionError):
        wide.asked(lambda x: 1 / 0, 0)
    with pytest.warns(RuntimeWarning, match="did not provide"):
        assert wide.asked(lambda x: None, 0) == 0


def test_a_callback_by_name(wide: Any) -> None:
    assert wide.ask(lambda x: x * x) == THIRD * THIRD / 7
    with pytest.raises(ZeroDivisionError):
        wide.ask(lambda x: 1 / 0)
    address = ctypes.cast(ctypes.CDLL(None)["getpid"], ctypes.c_void_p)
    with pytest.raises(wide.error, match="returns a long double"):
        wide.ask(address)
    assert wide.ask(lambda x: 7) == 1


def test_allocatable_arguments(wide_deferred: Any) -> None:
    both = np.array([1, 2], "G")
    made, both_back = wide_deferred.allocate_both(4, both)
    assert both_back is both
    assert made.dtype == Long
    assert made.tolist() == [Long(1) / i for i in range(1, 5)]
    assert both.tolist() == [np.clongdouble(THIRD), np.clongdouble(2 * THIRD)]
    assert wide_deferred.allocate_one() == THIRD


def test_an_array_result(wide_deferred: Any) -> None:
    assert wide_deferred.thirds(3).tolist() == [THIRD] * 3


def test_values_that_may_be_missing(wide_deferred: Any) -> None:
    assert wide_deferred.given() == 0
    assert wide_deferred.given(THIRD) == THIRD
    assert wide_deferred.given(z=2 + 3j) == 32
    assert wide_deferred.given(THIRD, 1j) == THIRD + 10


def test_allocatable_variables_and_pointers(wide_deferred: Any) -> None:
    storage = wide_deferred.storage
    storage.work = [THIRD, 2 * THIRD, 1]
    assert storage.work.tolist() == [THIRD, 2 * THIRD, 1]
    storage.one = THIRD
    assert storage.one == THIRD
    storage.point()
    assert storage.here.dtype == np.clongdouble
    assert storage.here[1].real == Long("0.1")
    storage.there[1] = Z
    assert storage.here[1] == Z


def test_common_block(wide: Any) -> None:
    wide.wide.count = 7
    wide.keep(THIRD)
    assert wide.wide.count == 8
    assert wide.wide.kept == THIRD
    assert wide.wide.pair.tolist() == [THIRD, -THIRD]
    wide.wide.kept = EPSILON
    assert wide.wide.kept[()] == EPSILON


def test_by_value(wide: Any) -> None:
    product = wide.by_value(2, Z)
    assert type(product) is np.clongdouble
    assert product == Z * 2


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (10**30, Long(10) ** 30),
        (2**63 + 1, Long(2) ** 63 + 1),
        (True, 1),
        (np.int64(2**63 - 1), Long(2) ** 63 - 1),
        (np.array(THIRD), THIRD),
        (np.array([THIRD]), THIRD),
        (Long("1e-4000"), Long("1e-4000")),
    ],
)
def test_what_is_taken_for_a_real(given: Any, found: Any, wide: Any) -> None:
    assert wide.scaled(given, 1) == found


@pytest.mark.parametrize(
    ("given", "exception"),
    [
        ("abc", ValueError),
        ("0.1", ValueError),
        ([], IndexError),
        (None, TypeError),
        ({}, TypeError),
        (1 << 20000, OverflowError),
        ([THIRD, 5], TypeError),
        (2 + 1j, TypeError),
        (Z, TypeError),
        (np.datetime64(3, "s"), TypeError),
    ],
    ids=[
        "text",
        "digits",
        "empty",
        "None",
        "dict",
        "huge",
        "list",
        "complex",
        "wide complex",
        "date",
    ],
)
def test_what_is_no_real(given: Any, exception: type[Exception], wide: Any) -> None:
    with pytest.raises(exception, match="to long_double"):
        wide.scaled(given, 1)


@pytest.mark.parametrize("bits", [8, 16, 32, 64])
def test_unsigned_integers(bits: int, wide: Any) -> None:
    call = getattr(wide, f"bits_{bits}")
    most = 2**bits - 1
    for value in (0, 1, most, most // 2 + 1):
        assert call(value) == most - value
    unsigned = np.dtype(f"u{bits // 8}").type
    assert call(unsigned(most)) == 0
    with pytest.raises(ValueError, match="expected a number, got str '12'"):
        call("12")
    for outside in (-1, most + 1, np.int64(-1), -(10**30)):
        with pytest.raises(OverflowError, match="to unsigned"):
            call(outside)


def test_defaults_and_checks_of_unsigned_integers(wide: Any) -> None:
    assert wide.bits_32() == 2**32 - 8
    with pytest.raises(wide.error, match="bits_64:x=3"):
        wide.bits_64(3)


def test_unsigned_arrays(wide: Any) -> None:
    found = wide.all_bits([1, 2], [3, 4], [5, 6], [2**63, 0])
    assert [a.dtype.str[1:] for a in found] == ["u1", "u2", "u4", "u8"]
    assert [a[0] for a in found] == [254, 65532, 2**32 - 6, 2**63 - 1]


def test_unsigned_results_and_values(wide: Any) -> None:
    assert wide.turned_bits(0) == 2**32 - 1
    assert wide.turned_bits(2**31) == 2**31 - 1


def test_an_unsigned_scalar_changed_in_place(wide: Any) -> None:
    scalar = np.array(0, "u8")
    wide.flip(scalar)
    assert scalar == 2**64 - 1

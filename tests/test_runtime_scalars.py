"""Scalar arguments: what converts to what, and the classes and texts of the refusals.

The expectations were taken from modules built by f2py of NumPy 2.4.
"""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from f2pypy.runtime import scalars

WHAT = "m.f() 1st argument (n)"


class Index:
    def __index__(self):
        return 5


class Failing:
    def __int__(self):
        raise KeyError("inner")

    __float__ = __int__


def text_of(failure):
    return failure.value.args[0]


INTEGERS = [
    (1.9, 1),
    (-1.9, -1),
    ([7], 7),
    ([[8.5]], 8),
    ((9,), 9),
    (range(3, 4), 3),
    (np.array([[[4]]]), 4),
    (True, 1),
    (np.int64(5), 5),
    (np.float32(2.5), 2),
    (np.array(3), 3),
    (np.bool_(True), 1),
    (Fraction(5, 2), 2),
    (Decimal("2.5"), 2),
    (Index(), 5),
]
# What f2py makes numbers of, or refuses without a word about what was given.
REFUSED = [
    ("abc", ValueError, "number, got str 'abc'"),
    (b"12", ValueError, "number, got bytes b'12'"),
    (np.str_("7"), ValueError, "number, got str_ "),
    (["x"], ValueError, "number, got str 'x'"),
    (np.array(["7"]), ValueError, "number, got str_ "),
    (bytearray(b"5"), ValueError, r"number, got bytearray bytearray\(b'5'\)"),
    (3 + 4j, TypeError, r"real number, got complex \(3\+4j\)"),
    (np.complex64(3), TypeError, "real number, got complex64 "),
    (np.array([3j]), TypeError, "real number, got complex128 "),
    ([1, 2], TypeError, r"single number, got list \[1, 2\]$"),
    ([[1, 2]], TypeError, r"single number, got list \[1, 2\]$"),
    (range(3, 5), TypeError, r"single number, got range range\(3, 5\)$"),
    (range(10**9), TypeError, r"single number, got range range\(0, 1000000000\)$"),
    ([5] * 7, TypeError, r"single number, got list \[5, 5, 5, 5, 5, 5, \.\.\.\]$"),
    (np.array([4, 5]), TypeError, r"single number, got ndarray array\(\[4, 5\]\)$"),
    (np.ones((2, 1)), TypeError, r"got ndarray array\(\[\[1.\], \[1.\]\]\)$"),
    (np.datetime64(3, "s"), TypeError, "number, got datetime64 "),
    (np.datetime64(3, "ns"), TypeError, "number, got datetime64 "),
    (np.array([3], "m8[ns]"), TypeError, "number, got timedelta64 "),
    (np.zeros(1, [("a", "i4")]), TypeError, "number, got void "),
    (np.zeros(1, [("a", "i4"), ("b", "f8")])[0], TypeError, "number, got void "),
    (np.void(b"12"), TypeError, "number, got void "),
]
NOT_NUMBERS = [
    ([], IndexError),
    (np.array([]), IndexError),
    ({}, TypeError),
    ({1: 2}, TypeError),
    (set(), TypeError),
    (None, TypeError),
    (object(), TypeError),
    ([None], TypeError),
    (Failing(), KeyError),
]


@pytest.mark.parametrize(
    "convert", [scalars.integer, scalars.integer64, scalars.integer16, scalars.integer8]
)
class TestIntegers:
    @pytest.mark.parametrize(("value", "expected"), INTEGERS)
    def test_value(self, convert, value, expected):
        result = convert(value, WHAT)
        assert type(result) is int
        assert result == expected

    @pytest.mark.parametrize(
        ("value", "failure"),
        [*NOT_NUMBERS, (math.nan, ValueError), (math.inf, OverflowError)],
    )
    def test_refusal(self, convert, value, failure):
        c_type = {
            "integer": "int",
            "integer64": "long_long",
            "integer16": "short",
            "integer8": "signed_char",
        }
        with pytest.raises(failure) as refused:
            convert(value, WHAT)
        assert type(refused.value) is failure
        assert (
            text_of(refused)
            == f"{WHAT} can't be converted to {c_type[convert.__name__]}"
        )


def test_lists_that_contain_themselves_are_no_scalars():
    endless: list = []
    endless.append(endless)
    for convert in (
        scalars.integer,
        scalars.real,
        scalars.complex_number,
        scalars.integer_or_first,
    ):
        with pytest.raises(TypeError, match=r"expected a number, got list \[\["):
            convert(endless, WHAT)


@pytest.mark.parametrize(("value", "failure", "text"), REFUSED, ids=repr)
def test_what_is_no_scalar(value, failure, text):
    for convert in (
        *(scalars.integer, scalars.integer64, scalars.integer16, scalars.integer8),
        *(scalars.unsigned, scalars.unsigned8, scalars.unsigned16, scalars.unsigned64),
        *(scalars.real, scalars.single),
    ):
        with pytest.raises(failure, match=f"{text}") as refused:
            convert(value, WHAT)
        assert text_of(refused).startswith(f"{WHAT} can't be converted to ")


@pytest.mark.parametrize("convert", [scalars.integer])
@pytest.mark.parametrize("value", [2**31, -(2**31) - 1, 2**70, 1e10, 1e300])
def test_integer_beyond_c_int(convert, value):
    with pytest.raises(
        OverflowError, match=r"^Python int too large to convert to C int$"
    ):
        convert(value, WHAT)


def test_integer_limits():
    assert scalars.integer(np.int64(2**31 - 1), WHAT) == 2**31 - 1
    assert scalars.integer64(np.uint64(2**63 - 1), WHAT) == 2**63 - 1
    with pytest.raises(OverflowError, match=r"^int too big to convert$"):
        scalars.integer64(2**63, WHAT)
    with pytest.raises(OverflowError, match="int too large"):
        scalars.integer([2**40], WHAT)


def test_narrow_integers():
    assert scalars.integer16(-(2**15), WHAT) == -(2**15)
    assert scalars.integer8(127.9, WHAT) == 127
    for convert, outside in (
        (scalars.integer16, 70000),
        (scalars.integer16, np.int64(2**15)),
        (scalars.integer8, 300),
        (scalars.integer8, -129.0),
    ):
        with pytest.raises(
            OverflowError, match=f"{int(outside)} is outside the range -"
        ):
            convert(outside, WHAT)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1.0),
        ([7], 7.0),
        (np.float32(2.5), 2.5),
        (np.array([[8.5]]), 8.5),
        (2**70, 2.0**70),
        (np.longdouble(2.5), 2.5),
        (Index(), 5.0),
        (True, 1.0),
    ],
)
def test_real(value, expected):
    result = scalars.real(value, WHAT)
    assert type(result) is float
    assert result == expected


@pytest.mark.parametrize(("value", "failure"), [*NOT_NUMBERS, (10**400, OverflowError)])
@pytest.mark.parametrize(
    ("convert", "c_type"), [(scalars.real, "double"), (scalars.single, "float")]
)
def test_real_refusal(value, failure, convert, c_type):
    with pytest.raises(failure) as refused:
        convert(value, WHAT)
    assert text_of(refused) == f"{WHAT} can't be converted to {c_type}"


def test_single_rounds_as_c_does():
    assert scalars.single(1.9, WHAT) == float(np.float32(1.9))
    assert scalars.single(1e300, WHAT) == math.inf
    assert scalars.single(-1e39, WHAT) == -math.inf
    assert math.isnan(scalars.single(math.nan, WHAT))
    assert scalars.single_complex(1.9 - 1e300j, WHAT) == complex(
        float(np.float32(1.9)), -math.inf
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.9, 1.9),
        (3 + 4j, 3 + 4j),
        ([7], 7),
        (np.complex64(1 + 2j), 1 + 2j),
        (np.array(3), 3),
        (2**70, 2.0**70),
        (np.bool_(True), 1),
    ],
)
def test_complex(value, expected):
    result = scalars.complex_number(value, WHAT)
    assert type(result) is complex
    assert result == expected


@pytest.mark.parametrize(
    ("value", "failure"),
    [
        ([], IndexError),
        ({}, TypeError),
        (None, TypeError),
        ([None], TypeError),
        (Fraction(5, 2), TypeError),
        (Index(), TypeError),
    ],
)
def test_complex_refusal(value, failure):
    for convert, c_type in (
        (scalars.complex_number, "complex_double"),
        (scalars.single_complex, "complex_float"),
    ):
        with pytest.raises(failure) as refused:
            convert(value, WHAT)
        assert text_of(refused) == f"{WHAT} can't be converted to {c_type}"


@pytest.mark.parametrize("value", ["12", ["x"], [1j, 2], np.ones(2), np.timedelta64(3)])
def test_what_is_no_complex_number(value):
    for convert in (scalars.complex_number, scalars.single_complex):
        with pytest.raises(TypeError, match=r" -- expected a (single )?number, got "):
            convert(value, WHAT)


@pytest.mark.parametrize("value", [1, 2.5, "a", [0], object(), math.nan, np.array(3)])
def test_true(value):
    assert scalars.logical(value) == 1


@pytest.mark.parametrize("value", [0, 0.0, "", [], {}, None, np.array(0)])
def test_false(value):
    assert scalars.logical(value) == 0


def test_truth_of_an_array_is_ambiguous():
    with pytest.raises(ValueError, match="ambiguous"):
        scalars.logical(np.array([4, 5]))
    with pytest.raises(TypeError, match="expected a single value, got list "):
        scalars.logical([4, 5], WHAT)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("abc", b"a"),
        (b"\xff", b"\xff"),
        ("", b"\0"),
        (b"", b"\0"),
        (["x"], b"x"),
        ([b""], b"\0"),
        (np.array(b"abc"), b"a"),
        (np.array([b"abc"]), b"a"),
        (np.array("abc"), b"a"),
        (np.array([b"a", b"b"])[::-1], b"b"),
        (np.array([65, 66], "u1"), b"A"),
        (np.str_("4"), b"4"),
    ],
)
def test_character(value, expected):
    assert scalars.character(value, WHAT) == expected


@pytest.mark.parametrize(
    ("value", "failure", "got"),
    [
        (1.9, TypeError, "float instance"),
        (5, TypeError, "int instance"),
        (None, TypeError, "NoneType instance"),
        ({}, TypeError, "dict instance"),
        (set(), TypeError, "set instance"),
        (Index(), TypeError, "Index instance"),
        ([], IndexError, "0-list"),
        ([7], TypeError, "1-list"),
        (("a", "b"), TypeError, "2-tuple"),
        (np.array([["x", "y"]]), TypeError, "(1, 2,)-U4-numpy.ndarray"),
        ((9,), TypeError, "1-tuple"),
        (range(3, 5), TypeError, "2-range"),
        (bytearray(b"5"), TypeError, "1-bytearray"),
        (np.array(3), TypeError, "i8-numpy.ndarray-scalar"),
        (np.array([4, 5]), TypeError, "(2,)-i8-numpy.ndarray"),
        (np.zeros((2, 2)), TypeError, "(2, 2,)-f8-numpy.ndarray"),
        (np.array(None), TypeError, "O8-numpy.ndarray-scalar"),
        (np.float32(1), TypeError, "numpy.float32 instance"),
    ],
)
def test_character_refusal(value, failure, got):
    with pytest.raises(failure) as refused:
        scalars.character(value, WHAT)
    assert text_of(refused) == (
        f"{WHAT} can't be converted to character -- expected str|bytes|sequence-of-str-or-bytes, got {got}"
    )


def test_character_beyond_ascii():
    with pytest.raises(UnicodeEncodeError):
        scalars.character("\xe9", WHAT)


class TestWriteScalar:
    @pytest.mark.parametrize(
        ("target", "value", "expected"),
        [
            (np.array(5), 6, 6),
            (np.array([1, 2, 3]), 6, [6, 2, 3]),
            (np.array([[1.0, 2.0], [3.0, 4.0]]).T, 6, [[6, 3], [2, 4]]),
            (np.arange(4)[::2], 6, [6, 2]),
            (np.array(5, "i1"), 128, -128),
            (np.array(5, ">i4"), 6, 6),
            (np.array(5.5), 6, 6.0),
            (np.array(True), 0, False),
            (np.array(1j), 2 + 3j, 2 + 3j),
            (np.array(1.0), 2 + 3j, 2.0),
            (np.array(5, "O"), 6, 6),
        ],
    )
    def test_first_element(self, target, value, expected):
        scalars.write_scalar(target, value)
        assert target.tolist() == expected

    def test_what_is_no_array_is_left_alone(self):
        target = [5]
        scalars.write_scalar(target, 6)
        scalars.write_scalar(5, 6)
        assert target == [5]

    def test_read_only(self):
        target = np.array(5)
        target.flags.writeable = False
        with pytest.raises(ValueError, match="read-only"):
            scalars.write_scalar(target, 6)


class TestWriteCharacter:
    @pytest.mark.parametrize(
        ("target", "expected"),
        [
            (np.array(b"a"), b"Z"),
            (np.array([b"abc", b"d"]), [b"Zbc", b"d"]),
            (np.array(b"abc"), b"Zbc"),
            (np.array([65, 66], "u1"), [90, 66]),
        ],
    )
    def test_first_byte(self, target, expected):
        scalars.write_character(target, b"Z")
        assert target.tolist() == expected

    @pytest.mark.parametrize(
        ("target", "got"),
        [
            ("a", "1-str"),
            (np.array("a"), "U4-numpy.ndarray-scalar"),
            (b"ab", "2-bytes"),
        ],
    )
    def test_refusal(self, target, got):
        with pytest.raises(ValueError) as refused:
            scalars.write_character(target, b"Z")
        assert str(refused.value) == (
            f"try_pyarr_from_character failed -- expected bytes array-scalar|array, got {got}"
        )

    def test_read_only(self):
        target = np.array(b"a")
        target.flags.writeable = False
        with pytest.raises(ValueError, match="read-only"):
            scalars.write_character(target, b"Z")


@pytest.mark.parametrize(
    ("convert", "given", "number"),
    [
        (scalars.integer_or_text, "123", 123),
        (scalars.integer64_or_text, b" -7 ", -7),
        (scalars.integer16_or_text, "12", 12),
        (scalars.integer8_or_text, "1", 1),
        (scalars.real_or_text, "234.5", 234.5),
        (scalars.single_or_text, b"0.5", 0.5),
        (scalars.integer_or_text, [4], 4),
    ],
)
def test_scalars_without_an_intent_read_numbers_from_text(convert, given, number):
    assert convert(given, WHAT) == number


@pytest.mark.parametrize(
    ("convert", "given", "error"),
    [
        (scalars.integer_or_text, "12.5", ValueError),
        (scalars.integer_or_text, "abc", ValueError),
        (scalars.integer_or_text, "99999999999", OverflowError),
        (scalars.integer8_or_text, "300", OverflowError),
        (scalars.real_or_text, "abc", ValueError),
        (scalars.real_or_text, [1.0, 2.0], TypeError),
    ],
)
def test_texts_that_are_no_such_number_are_refused(convert, given, error):
    with pytest.raises(error):
        convert(given, WHAT)


@pytest.mark.parametrize(
    "given",
    [
        (7, 1.5),
        [7, 8],
        np.array([[7.0, 1.0], [2.0, 3.0]]),
        [[7, 8], 9],
        7,
        7 + 0j,
        np.complex64(7),
        np.array([7, 1j]),
        np.array(7 + 0j),
        [np.array([7 + 0j])],
    ],
)
def test_optional_integers_take_the_first_element(given):
    assert scalars.integer_or_first(given, WHAT) == 7
    assert scalars.integer64_or_first(given, WHAT) == 7


@pytest.mark.parametrize(
    "given", [[], (), np.empty(0), 1j, None, [1j, 2], "7", np.array([7 + 1e-9j, 1])]
)
def test_what_holds_no_integer_is_refused(given):
    with pytest.raises((TypeError, IndexError, ValueError)):
        scalars.integer_or_first(given, WHAT)


@pytest.mark.parametrize("letter", "bhilqBHILQfd")
def test_numbers_of_numpy_are_taken_for_what_they_are(letter):
    """And converted to the types of Python that a call stores."""
    number = np.dtype(letter).type(5)
    whole, real = scalars.integer(number, WHAT), scalars.real(number, WHAT)
    both = scalars.complex_number(number, WHAT)
    assert (type(whole), type(real), type(both)) == (int, float, complex)
    assert whole == real == both == 5


@pytest.mark.parametrize("convert", [scalars.integer, scalars.integer64])
def test_numbers_of_numpy_that_are_too_wide_are_refused(convert):
    with pytest.raises(OverflowError):
        convert(np.uint64(2**64 - 1), WHAT)


def test_spans_of_time_are_no_integers():
    """Though NumPy derives their class from that of integers."""
    with pytest.raises(TypeError, match="timedelta64"):
        scalars.integer(np.timedelta64(3), WHAT)


def test_an_integer_beyond_every_double_is_refused():
    with pytest.raises(OverflowError, match="can't be converted to double"):
        scalars.real(10**400, WHAT)


@pytest.mark.parametrize("letter", "?bBhHiIlLqQfd")
@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
@pytest.mark.parametrize("convert", [scalars.integer, scalars.integer64, scalars.real])
def test_an_array_of_one_number_is_that_number(convert, shape, letter):
    value = np.full(shape, 1, letter)
    assert convert(value, "x") == convert(value.flat[0], "x") == 1
    assert type(convert(value, "x")) in (int, float)


@pytest.mark.parametrize(
    ("convert", "value", "error"),
    [
        (scalars.integer, np.inf, OverflowError),
        (scalars.integer, np.nan, ValueError),
        (scalars.integer, 2.0**31, OverflowError),
        (scalars.integer64, 2.0**63, OverflowError),
        (scalars.integer, 1 + 2j, TypeError),
        (scalars.real, 1 + 2j, TypeError),
        (scalars.integer, b"1", ValueError),
        (scalars.real, np.datetime64(1, "s"), TypeError),
    ],
)
def test_an_array_of_one_number_is_refused_like_it(convert, value, error):
    for given in (np.array(value), np.array([value])):
        with pytest.raises(error):
            convert(given, "x")

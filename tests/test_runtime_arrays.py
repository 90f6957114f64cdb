"""Array arguments: which are passed as they are, which are copied, which are refused, and with what text."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from f2pypy.runtime.array_types import float32, float64, int32
from f2pypy.runtime.arrays import (
    ALIGNED8,
    CACHE,
    COPY,
    HIDE,
    IN,
    INOUT,
    INPLACE,
    OPTIONAL,
    OUT,
    C,
    Substitute,
    allocate,
    array,
    matrix,
    unfold,
    write_back,
)
from f2pypy.runtime.assumed_shape import strided as by_descriptor
from f2pypy.runtime.string_arrays import bytes_type
from f2pypy.runtime.vectors import vector

PREFIX = "m.m.f: failed to create array from the 1st argument `a`"


def is_itself(passed, value):
    """Whether Fortran gets `value` as it is; PyPy has something that knows its address in between."""
    return unfold(passed) is value and type(passed) is not Substitute


def convert(value, extents, intent=IN, kind=float64):
    return array(value, kind, extents, intent, "m.f", "1st argument `a`")


def strided(*shape):
    return np.zeros([2 * extent for extent in shape])[
        tuple(slice(None, None, 2) for _ in shape)
    ]


def read_only(value):
    value.flags.writeable = False
    return value


def misaligned(count):
    return np.zeros(8 * count + 1, "u1")[1:].view("f8")


@pytest.mark.parametrize(
    "guard", [lambda x: vector(x, float64, "m.f", "a"), lambda x: convert(x, (-1,))]
)
class TestVector:
    @pytest.mark.parametrize(
        "value", [np.arange(3.0), np.zeros(0), np.ones(1), read_only(np.arange(3.0))]
    )
    def test_suitable_array_is_passed_itself(self, guard, value):
        assert is_itself(guard(value), value)

    @pytest.mark.parametrize(
        "value",
        [
            strided(3),
            np.arange(3),
            np.arange(3, dtype="f4"),
            np.zeros(3, ">f8"),
            misaligned(3),
            [1, 2],
            range(4),
            (1.5,),
        ],
    )
    def test_unsuitable_value_is_copied(self, guard, value):
        passed = guard(value)
        assert unfold(passed) is not value
        assert passed.dtype == float64
        assert passed.dtype.isnative
        assert passed.flags.carray
        np.testing.assert_array_equal(passed, value)

    def test_scalar_becomes_one_element(self, guard):
        assert guard(2.5).tolist() == [2.5]

    def test_matrix_folds_in_fortran_order_and_shares_memory(self, guard):
        value = np.asfortranarray(np.arange(6.0).reshape(2, 3))
        passed = guard(value)
        assert passed.tolist() == [0, 3, 1, 4, 2, 5]
        assert np.shares_memory(passed, value)
        assert unfold(convert(value, (-1,))) is value


class TestMatrix:
    @pytest.mark.parametrize(
        "value",
        [
            np.zeros((2, 3), order="F"),
            np.zeros((3, 1)),
            np.zeros((1, 3)),
            np.zeros((0, 3), order="F"),
        ],
    )
    def test_fortran_order_is_passed_itself(self, value):
        assert is_itself(matrix(value, float64, "m.f", "a"), value)

    @pytest.mark.parametrize(
        "value",
        [
            np.arange(6.0).reshape(2, 3),
            strided(2, 3),
            np.ones((2, 2), "i4"),
            [[1, 2], [3, 4]],
        ],
    )
    def test_other_order_is_copied(self, value):
        passed = matrix(value, float64, "m.f", "a")
        assert passed.flags.f_contiguous
        assert not np.shares_memory(passed, np.asarray(value))
        np.testing.assert_array_equal(passed, value)

    def test_vector_becomes_a_column(self):
        assert matrix([1, 2, 3], float64, "m.f", "a").shape == (3, 1)

    def test_scalar_becomes_one_by_one(self):
        assert matrix(7, float64, "m.f", "a").tolist() == [[7]]


class TestExtents:
    @pytest.mark.parametrize(
        ("shape", "extents", "resolved"),
        [
            ((3,), (3,), (3,)),
            ((1, 3), (3,), (3,)),
            ((2, 1, 3), (-1, -1), (2, 3)),
            ((2, 3, 4), (-1, -1), (2, 12)),
            ((2, 3), (-1,), (6,)),
            ((3,), (-1, -1), (3, 1)),
            ((6,), (6, -1, -1), (6, 1, 1)),
            ((), (-1,), (1,)),
            ((), (1, 1), (1, 1)),
            ((0,), (-1, -1), (1, 0)),
            # as f2py: a single element goes where nothing is wanted
            ((1,), (0,), (1,)),
            ((1,), (0, -1), (1, 1)),
            ((1, 1), (0,), (1,)),
            ((1, 1, 1), (0, -1), (1, 1)),
        ],
    )
    def test_open_extents_are_resolved(self, shape, extents, resolved):
        assert convert(np.zeros(shape), extents).shape == resolved

    @pytest.mark.parametrize(
        ("value", "extents", "message"),
        [
            (
                np.zeros(3),
                (2,),
                PREFIX + " -- 0-th dimension must be fixed to 2 but got 3",
            ),
            ([1, 2], (3,), PREFIX + " -- 0-th dimension must be fixed to 3 but got 2"),
            (
                [1],
                (3,),
                "unexpected array size: new_size=3, got array with arr_size=1\n",
            ),
            (
                np.zeros(0),
                (3,),
                "unexpected array size: new_size=3, got array with arr_size=0\n",
            ),
            (5, (3,), "0-th dimension must be 3 but got 0 (not defined).\n"),
            (np.zeros(6), (2, 3), "0-th dimension must be fixed to 2 but got 6\n"),
            (
                np.zeros((2, 2, 3)),
                (3,),
                "too many axes: 3 (effrank=3), expected rank=1\n",
            ),
            (np.zeros((2, 3)), (3,), "too many axes: 2 (effrank=2), expected rank=1\n"),
            (
                np.zeros((1, 4)),
                (3,),
                PREFIX
                + " -- 0-th dimension must be fixed to 3 but got 4 (real index=1)\n",
            ),
            (
                np.zeros((0, 3)),
                (-1,),
                "unexpected array size: size=3, arr_size=0, rank=1, effrank=1, arr.nd=2, dims=[ 3 ], "
                "arr.dims=[ 0 3 ]\n",
            ),
        ],
    )
    def test_refusal(self, value, extents, message):
        with pytest.raises(ValueError) as refused:
            convert(value, extents)
        assert str(refused.value) == message


class TestInout:
    @pytest.mark.parametrize(
        "value", [np.zeros(3), np.zeros((3, 1)), np.zeros((2, 3), order="F")]
    )
    def test_memory_is_the_callers(self, value):
        convert(value, (-1,), INOUT)[0] = 7
        assert value.flat[0] == 7

    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            (np.zeros(3, "f4"), " -- expected elsize=8 but got 4"),
            (strided(3), " -- input not fortran contiguous"),
            (read_only(np.zeros(3)), " -- input not fortran contiguous"),
            (np.zeros(3, ">f8"), " -- input not fortran contiguous"),
            (misaligned(3), " -- input not fortran contiguous"),
            (np.zeros((2, 3)), " -- input not fortran contiguous"),
            (
                np.zeros(3, "i8"),
                f" -- input '{np.dtype('i8').char}' not compatible to 'd'",
            ),
            (
                np.zeros(6, "i4")[::2],
                f" -- input not fortran contiguous -- expected elsize=8 but got 4"
                f" -- input '{np.dtype('i4').char}' not compatible to 'd'",
            ),
        ],
    )
    def test_unsuitable_array(self, value, reason):
        with pytest.raises(ValueError) as refused:
            convert(value, (-1,), INOUT)
        assert str(refused.value) == "failed to initialize intent(inout) array" + reason

    @pytest.mark.parametrize(
        ("value", "name", "intent"),
        [
            ([1.0], "list", INOUT),
            ([1.0], "list", CACHE),
            (np.float64(3), "numpy.float64", INPLACE),
            (None, "NoneType", INOUT),
            (None, "NoneType", INPLACE),
        ],
    )
    def test_what_is_no_array(self, value, name, intent):
        with pytest.raises(TypeError) as refused:
            convert(value, (-1,), intent)
        assert str(refused.value) == (
            f"failed to initialize intent(inout|inplace|cache) array, input '{name}' object is not an array"
        )

    @pytest.mark.parametrize("intent", [IN, COPY])
    @pytest.mark.parametrize("kind", ["i4", "f8", "c16", "?"])
    def test_text_is_refused_as_numpy_refuses_it(self, kind, intent):
        for value in (np.array(["many"]), np.array([b"12"]), np.array("3")):
            with pytest.raises(ValueError, match="holds no numbers of"):
                convert(value, (-1,), intent, np.dtype(kind))

    def test_dates_are_no_numbers(self):
        for value in (np.array(["2020-01-01"], "M8[D]"), np.array([1], "m8[s]")):
            with pytest.raises(TypeError, match="holds no numbers of"):
                convert(value, (-1,), IN)

    def test_order_of_c(self):
        value = np.zeros((2, 3))
        assert is_itself(convert(value, (-1, -1), INOUT | C), value)
        with pytest.raises(ValueError, match="-- input not contiguous"):
            convert(np.asfortranarray(value), (-1, -1), INOUT | C)


class TestOtherIntents:
    def test_copy_never_shares(self):
        value = np.zeros(3)
        assert not np.shares_memory(convert(value, (-1,), COPY), value)

    def test_in_out_returns_the_callers_array(self):
        value = np.zeros((1, 3))
        passed = convert(value, (3,), IN | OUT)
        passed[:] = 4
        assert unfold(passed) is value
        assert value.tolist() == [[4, 4, 4]]

    def test_a_folded_copy_is_returned_in_the_callers_shape(self):
        value = np.arange(6).reshape(2, 3)
        passed = convert(value, (-1,), IN | OUT)
        returned = unfold(passed)
        assert returned.shape == (2, 3)
        assert type(returned) is np.ndarray
        assert np.shares_memory(returned, passed)
        np.testing.assert_array_equal(returned, value)

    def test_order_of_c_folds_rows(self):
        value = np.arange(6.0).reshape(2, 3)
        assert convert(value, (-1,), C).tolist() == [0, 1, 2, 3, 4, 5]

    def test_cache_takes_any_wide_enough_memory(self):
        value = np.zeros(3, "c16")
        assert is_itself(convert(value, (-1,), CACHE), value)

    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            (strided(3), " -- input must be in one segment"),
            (np.zeros(3, "f4"), " -- expected at least elsize=8 but got 4"),
            (np.broadcast_to(1.0, (1,)), " -- input is read-only"),
            (
                np.zeros(6, "f4")[::2],
                " -- input must be in one segment -- expected at least elsize=8 but got 4",
            ),
        ],
    )
    def test_cache_refusal(self, value, reason):
        with pytest.raises(ValueError) as refused:
            convert(value, (-1,), CACHE)
        assert str(refused.value) == "failed to initialize intent(cache) array" + reason

    def test_misaligned_for_aligned8_is_copied(self):
        value = np.zeros(4, "f4")[1:]
        if value.__array_interface__["data"][0] % 8 == 0:
            value = np.zeros(5, "f4")[2:]
        assert is_itself(convert(value, (-1,), IN, float32), value)
        passed = convert(value, (-1,), ALIGNED8, float32)
        assert unfold(passed) is not value
        with pytest.raises(
            ValueError, match=r"intent.inout. array -- input not 8-aligned"
        ):
            convert(value, (-1,), INOUT | ALIGNED8, float32)

    def test_same_class_and_width_needs_no_copy(self):
        value = np.zeros(3, "u4")
        assert is_itself(convert(value, (-1,), IN, int32), value)

    def test_complex_to_real_warns(self):
        with pytest.warns(
            np.ComplexWarning
            if hasattr(np, "ComplexWarning")
            else np.exceptions.ComplexWarning
        ):
            assert convert(np.array([1 + 2j]), (-1,)).tolist() == [1.0]

    def test_numpy_reports_what_it_cant_convert(self):
        with pytest.raises(
            ValueError, match="could not convert string to float: 'abc'"
        ):
            convert("abc", (-1,))

    @pytest.mark.parametrize("intent", [IN, IN | COPY, IN | C])
    @pytest.mark.parametrize("first", [1.0, "a", None, []])
    def test_lists_that_contain_themselves_are_refused(self, intent, first):
        endless = [first]
        endless.append(endless)
        for value, extents in ((endless, (-1,)), ((endless,), (-1, -1))):
            with pytest.raises(ValueError, match="sequence"):
                convert(value, extents, intent)

    def test_none_for_a_required_array_is_nan(self):
        assert np.isnan(convert(None, (-1,))).tolist() == [True]


class TestInplace:
    def test_suitable_array_is_passed_itself(self):
        value = np.zeros(3)
        assert is_itself(convert(value, (-1,), INPLACE), value)

    @pytest.mark.parametrize(
        "value", [np.arange(6, dtype="f4").reshape(2, 3), strided(2, 3)]
    )
    def test_copy_is_written_back(self, value):
        passed = convert(value, (-1, -1), INPLACE)
        passed[:] = [[1, 2, 3], [4, 5, 6]]
        write_back(passed)
        assert value.tolist() == [[1, 2, 3], [4, 5, 6]]
        assert unfold(passed) is value

    def test_folded_copy_is_written_back(self):
        value = np.zeros((2, 3), "f4")
        passed = convert(value, (-1,), INPLACE)
        passed[:] = [0, 1, 2, 3, 4, 5]
        write_back(passed)
        assert value.tolist() == [[0, 2, 4], [1, 3, 5]]

    def test_nothing_to_write_back(self):
        value = np.zeros((1, 3))
        write_back(convert(value, (3,), INPLACE))
        write_back(value)
        assert value.tolist() == [[0, 0, 0]]

    def test_refusals(self):
        with pytest.raises(
            ValueError,
            match=r"intent.inplace. array -- input 'i' not compatible to 'd'",
        ):
            convert(np.zeros(3, "i"), (-1,), INPLACE)
        with pytest.raises(
            ValueError,
            match=r"intent.inplace. array -- input 'I' not compatible to 'i'",
        ):
            convert(np.zeros(6, "I")[::2], (-1,), INPLACE, int32)
        with pytest.raises(ValueError, match=r"^WRITEBACKIFCOPY base is read-only$"):
            convert(read_only(np.zeros(3, "f4")), (-1,), INPLACE)


class TestNewArrays:
    @pytest.mark.parametrize("intent", [HIDE, OPTIONAL])
    def test_zeros_in_fortran_order(self, intent):
        passed = convert(None, (2, 3), intent)
        assert passed.flags.f_contiguous
        assert passed.tolist() == [[0, 0, 0], [0, 0, 0]]
        assert convert(None, (2, 3), intent | C).flags.c_contiguous

    def test_cache_from_none(self):
        assert convert(None, (2, 3), CACHE).shape == (2, 3)

    def test_open_extent(self):
        for create in (
            lambda: allocate((-1, 3), float64),
            lambda: convert(None, (-1, 3), HIDE),
        ):
            with pytest.raises(ValueError) as refused:
                create()
            assert str(refused.value) == (
                "failed to create intent(cache|hide)|optional array-- must have defined dimensions but got (-1,3,)"
            )

    def test_rank_zero(self):
        assert allocate((), float64).shape == ()

    def test_too_large(self):
        """An extent beyond a C int, which f2py refuses before it comes to the memory."""
        with pytest.raises(OverflowError):
            allocate((2**62, 2**62), float64)


class TestStrings:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (["a", "bb", "cccc"], [b"a  ", b"bb ", b"ccc"]),
            ([1, 23], [b"1  ", b"23 "]),
            (np.array(["a", "bb"]), [b"a  ", b"bb "]),
            (np.array(["a", b"bb"], object), [b"a  ", b"bb "]),
            (np.array([b"a", b"bb"], "S3"), [b"a  ", b"bb "]),
            (np.array("a"), [b"a  "]),
            ("abc", [b"abc"]),
        ],
    )
    def test_fixed_length(self, value, expected):
        passed = convert(value, (-1,), IN, bytes_type(3))
        assert passed.dtype == bytes_type(3)
        assert passed.tolist() == expected

    @pytest.mark.parametrize(
        ("value", "length"),
        [
            (["a", "bb", "cccc"], 4),
            (["", ""], 1),
            (np.array([b"a", b"bbb"]), 3),
            ([["ab"], ["c"]], 2),
            (np.array(["ab", "c"]), 2),
            (np.array(["ab", b"cde"], object), 3),
        ],
    )
    def test_assumed_length(self, value, length):
        assert convert(value, (-1,), IN, bytes_type(0)).itemsize == length

    @pytest.mark.parametrize(
        ("value", "name"), [(None, "NoneType"), (5, "int"), ({}, "dict")]
    )
    def test_no_length(self, value, name):
        with pytest.raises(SystemError) as refused:
            convert(value, (-1,), IN, bytes_type(0))
        assert (
            str(refused.value)
            == f"{PREFIX} -- failed to determine element size from {name}"
        )

    def test_full_elements_are_passed_as_they_are(self):
        # An array of nothing but NUL is memory; a byte of its own may well be NUL, as where C's strings end.
        for full in ([b"abc", b"de "], [b"abc", b"def"], np.zeros(2, "S3")):
            value = np.array(full)
            for intent in (IN, INOUT):
                assert is_itself(convert(value, (-1,), intent, bytes_type(3)), value)
        letters = np.array([b"a", b""], "S1")
        assert is_itself(convert(letters, (-1,), IN, bytes_type(1)), letters)

    def test_short_elements_are_lent_with_blanks(self):
        value = np.array([b"a", b"bb", b"ccc"])
        passed = convert(value, (-1,), INOUT, bytes_type(3))
        assert passed.tolist() == [b"a  ", b"bb ", b"ccc"]
        passed[1] = b"x  "
        write_back(passed)
        assert value.tolist() == [b"a", b"x  ", b"ccc"]

    def test_other_text_is_no_place_for_results(self):
        for value in (np.array(["abcd"]), np.array(["a"])):
            with pytest.raises(ValueError, match="input 'U' not compatible to 'S'"):
                convert(value, (-1,), INOUT, bytes_type(4))

    @pytest.mark.parametrize("value", [["ä"], np.array(["ä"]), np.array(["ä"], object)])
    def test_other_characters_than_ascii(self, value):
        with pytest.raises(UnicodeEncodeError, match="ascii"):
            convert(value, (-1,), IN, bytes_type(4))

    @pytest.mark.parametrize("value", [None, [None], np.array(["a", None], object)])
    def test_none_is_no_text(self, value):
        with pytest.raises(TypeError, match="got None"):
            convert(value, (-1,), IN, bytes_type(4))

    def test_not_ascii(self):
        with pytest.raises(UnicodeEncodeError):
            convert(["\xe9"], (-1,), IN, bytes_type(3))


def test_substitutes_are_recognised_by_exact_type():
    class Mine(np.ndarray):
        pass

    value = np.zeros(3).view(Mine)
    assert unfold(convert(value, (-1,))) is value
    assert np.shares_memory(vector(value, float64, "m.f", "a"), value)
    assert len(vector(np.zeros((1, 3)).view(np.matrix), float64, "m.f", "a")) == 3
    assert type(convert(np.zeros((1, 3)), (-1,))) is Substitute


class Plain(np.ndarray):
    """An array of a type that no short cut knows."""


EXTENTS = st.integers(-1, 3)


# the first draws take seconds on PyPy
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    shape=st.lists(st.integers(0, 3), max_size=3),
    extents=st.lists(EXTENTS, min_size=1, max_size=3),
    intent=st.sampled_from(
        [IN, IN | OUT, INOUT, COPY, INPLACE, IN | C, COPY | C, OPTIONAL, CACHE]
    ),
    kind=st.sampled_from(["f8", "f4", ">f8", "i8"]),
    order=st.sampled_from("CF"),
    step=st.sampled_from([1, 2]),
    writeable=st.booleans(),
)
def test_short_cuts_change_nothing(
    shape, extents, intent, kind, order, step, writeable
):
    size = int(np.prod(shape))
    value = np.repeat(
        np.arange(size, dtype=kind).reshape(shape, order=order)[..., None], step, -1
    )[..., 0]
    value.flags.writeable = writeable
    assert outcome(value, extents, intent) == outcome(
        value.view(Plain), extents, intent
    )


@pytest.mark.parametrize(
    "intent",
    [IN | OUT, IN | OUT | C, IN | OUT | ALIGNED8, COPY, INOUT, INPLACE, CACHE],
)
@pytest.mark.parametrize("extents", [(-1,), (4,), (-1, 1)])
@pytest.mark.parametrize("subclass", [np.ndarray, np.memmap, Plain])
def test_fortran_never_changes_read_only_memory(intent, extents, subclass):
    value = np.arange(4.0).view(subclass)
    value.flags.writeable = False
    if intent in (INOUT, INPLACE, CACHE):
        with pytest.raises(ValueError, match=r"failed to initialize|read-only"):
            convert(value, extents, intent)
        return
    passed = convert(value, extents, intent)
    assert passed.flags.writeable
    assert not np.shares_memory(passed, value)
    assert np.ravel(passed, "F").tolist() == [0, 1, 2, 3]


def outcome(value, extents, intent):
    try:
        passed = convert(value, extents, intent)
    except ValueError as refused:
        return str(refused)
    order = "C" if intent & C else "F"
    contiguous = passed.flags.c_contiguous if intent & C else passed.flags.f_contiguous
    assert intent & CACHE or contiguous
    shares = np.shares_memory(passed, value) if passed.size else None
    return (
        passed.shape,
        passed.dtype,
        passed.ravel(order).tolist(),
        shares,
        np.shape(unfold(passed)),
    )


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("extents", [(-1,), (-1, -1)])
@pytest.mark.parametrize("intent", [IN, COPY, IN | C])
def test_broadcast_arrays_are_read_without_a_warning(extents, intent):
    shape = (3,) * len(extents)
    matching = np.ones(shape, order="F")
    every = np.broadcast_arrays(np.arange(3.0), matching, np.zeros(1))
    for value in every:
        passed = convert(value, extents, intent)
        short_cut = (vector, matrix)[len(extents) - 1](value, float64, "m.f", "a")
        described = by_descriptor(value, float64, extents, intent, "m.f", "a")
        for each in (passed, short_cut, described):
            assert unfold(each).tolist() == value.tolist()


@pytest.mark.parametrize("extents", [(-1,), (3,)])
@pytest.mark.parametrize("letter", "?bhilqBHILQefdg")
def test_numbers_of_another_type_are_copied(letter, extents):
    """Once, and with the type that Fortran reads; so are those in the other byte order and strided ones."""
    for step in (1, -1, 2):
        for order in "<>":
            given = np.array(
                [1, 0, 1] if step != 2 else [1, 9, 0, 9, 1, 9],
                np.dtype(letter).newbyteorder(order),
            )[::step]
            passed = array(given, np.dtype("d"), extents, IN, "m.f", "1st argument `x`")
            assert passed.dtype == np.dtype("d")
            assert passed.dtype.isnative
            assert passed.flags.f_contiguous
            assert passed.tolist() == given.tolist()


class Counting:
    """A number that counts how often it was converted."""

    times = 0

    def __float__(self):
        self.times += 1
        return 1.5


@pytest.mark.parametrize("extents", [(-1,), (2,), (-1, 1)])
def test_a_list_is_converted_once(extents):
    number = Counting()
    passed = array([number, 2], np.dtype("d"), extents, IN, "m.f", "1st argument `x`")
    assert passed.reshape(-1).tolist() == [1.5, 2.0]
    assert number.times == 1

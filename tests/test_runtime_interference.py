"""Which arguments may do something while they are converted."""

import functools

import numpy as np
import pytest

from f2pypy.runtime.interference import carefully, converts, runs_code


class Number:
    def __index__(self) -> int:
        return 1


@pytest.mark.parametrize(
    "value",
    [
        1,
        1.5,
        2j,
        True,
        None,
        "a",
        b"a",
        [1, 2.5],
        ([1, 2], (3, 4)),
        np.float64(1),
        np.ones(2),
        [np.int32(1), np.ones(2)],
        len,
        lambda: 1,
        [].append,
        functools.partial(len),
        np.array("a"),
    ],
)
def test_numbers_text_and_numpys_objects_do_nothing(value):
    assert not runs_code(value)


@pytest.mark.parametrize(
    "value",
    [
        Number(),
        [1, Number()],
        [[1], [Number()]],
        np.array([Number()]),
        [0.0] * 10000,
        type("Array", (np.ndarray,), {})((2,)),
        (x for x in [1]),
    ],
)
def test_everything_else_may(value):
    assert runs_code(value)


def test_the_wrapper_is_what_called_the_converters():
    @converts
    def inner(action):
        carefully(lambda number: action(), Number())

    @converts
    def outer(action):
        x = np.ones(3)  # a converter's own arrays are its own affair
        inner(lambda: x.resize(2, refcheck=False))
        inner(action)

    def wrapper(x):
        outer(lambda: x.resize(5, refcheck=False))

    with pytest.raises(RuntimeError, match=r"^wrapper\(\): the array 'x' changed"):
        wrapper(np.ones(3))
    with pytest.raises(KeyError):
        outer(lambda: {}[1])

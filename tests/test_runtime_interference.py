"""Which arguments may do something while they are converted."""

import functools

import numpy as np
import pytest

from f2pypy.runtime.interference import carefully, runs_code

ENDLESS = [1.0]
ENDLESS.append(ENDLESS)


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
        ENDLESS,
        type("Array", (np.ndarray,), {})((2,)),
        (x for x in [1]),
    ],
)
def test_everything_else_may(value):
    assert runs_code(value)


class Resizer:
    """A number whose conversion does something to an array."""

    def __init__(self, action):
        self.action = action

    def __index__(self) -> int:
        self.action()
        return 1


# What stands in a generated module: a wrapper that converts through other functions, and one that calls another.
MODULE = """
def inner(number):
    return carefully(int, number)

def outer(number):
    return inner(number)

def wrapper(x, number):
    return outer(number)

def caller(x, number):
    y = x[:]
    return wrapper(y, number)
"""


def generated():
    names = {"carefully": carefully, "__tracebackhide__": True}
    exec(MODULE, names)
    return names


def test_arrays_of_all_functions_that_f2pypy_wrote_must_stay():
    wrapper, caller = (generated()[name] for name in ("wrapper", "caller"))
    x = np.ones(3)
    message = r"^wrapper\(\): the array 'x' changed its memory or shape"
    with pytest.raises(RuntimeError, match=message):
        wrapper(x, Resizer(lambda: x.resize(50000, refcheck=False)))
    x = np.ones(6)
    with pytest.raises(RuntimeError, match=message):
        wrapper(x, Resizer(lambda: setattr(x, "shape", (2, 3))))
    # what owns the memory of an array that is passed
    with pytest.raises(RuntimeError, match=r"^caller\(\): the array 'x' changed"):
        caller(x, Resizer(lambda: setattr(x, "shape", 6)))
    assert wrapper(x, Resizer(lambda: x.fill(0))) == 1
    with pytest.raises(KeyError):
        wrapper(x, Resizer(lambda: {}[1]))


def test_arrays_of_the_user_are_the_users_affair():
    wrapper = generated()["wrapper"]

    def program(x):
        return wrapper(np.ones(2), Resizer(lambda: setattr(x, "shape", (3, 2))))

    assert program(np.ones(6)) == 1

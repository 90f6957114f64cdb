"""What PyPy learns of an array before it passes it, without asking the array."""

import gc
import threading
import weakref

import numpy as np
import pytest

from f2pypy.runtime import pypy_arrays
from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.pypy_arrays import passed_array, passed_vector, shared_extents

pytestmark = pytest.mark.skipif(not PYPY, reason="only PyPy reads the array object")

CUBE = np.asfortranarray(np.arange(24.0).reshape(2, 3, 4))
ARRAYS = {
    "vector": np.arange(5.0),
    "part of a vector": np.arange(9)[2:7:2],
    "matrix": np.zeros((3, 4), "c8", order="F"),
    "matrix in C's order": np.zeros((3, 4)),
    "plane": CUBE[:, 1, :],
    "cube": CUBE,
    "nothing": np.zeros((0, 3)),
    "rank 0": np.array(2.5),
    "strings": np.array([b"ab", b"c"]),
    "objects": np.array([None, 1], object),
    "large": np.zeros((300, 200)),
    "misaligned": np.zeros(25, "u1")[1:].view("f8"),
    "constant": np.broadcast_to(np.arange(3.0), (2, 3)),
}


@pytest.mark.parametrize(
    "value", [pytest.param(ARRAYS[each], id=each) for each in ARRAYS]
)
def test_knows_what_the_array_knows(value):
    passed = passed_array(value)
    assert passed.original is value
    assert passed.location == value.__array_interface__["data"][0]
    assert passed.shape == value.shape
    assert passed.layout == value.flags.num


def test_is_like_the_array():
    value = np.arange(6.0)
    passed = passed_array(value)
    passed[2] = 7.0
    assert value[2] == 7.0
    assert (len(passed), passed.ndim, passed[2:4].tolist()) == (6, 1, [7.0, 3.0])
    with pytest.raises(AttributeError, match="other"):
        passed.other()


def test_threads_ask_at_once():
    arrays = [np.zeros(size + 1) for size in range(8)]
    wrong = []

    def ask(value):
        location = value.__array_interface__["data"][0]
        for _ in range(3000):
            passed = passed_array(value)
            if passed.location != location or passed.shape != value.shape:
                wrong.append(value)

    threads = [threading.Thread(target=ask, args=(each,)) for each in arrays]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not wrong


@pytest.mark.parametrize("make", [lambda: np.zeros(10**5), lambda: np.zeros(10**5)[:3]])
def test_large_memory_is_not_kept(make):
    value = make()
    kept = weakref.ref(value)
    passed_array(value)
    del value
    for _ in range(5):
        gc.collect()
    assert kept() is None


def test_extents_are_equal_and_few_are_kept():
    for size in range(3000):
        assert shared_extents((size, 2)) == (size, 2)
    assert shared_extents([3, 2]) == [3, 2]


def test_reads_the_array_object():
    assert pypy_arrays.header is pypy_arrays._read


@pytest.mark.parametrize("asked", [False, True])
def test_both_ways_to_ask_come_to_the_same(monkeypatch, asked):
    if asked:
        monkeypatch.setattr(pypy_arrays, "header", pypy_arrays._asked)
    for name, value in ARRAYS.items():
        passed = passed_array(value)
        assert (passed.shape, passed.layout) == (value.shape, value.flags.num), name
        is_plain = passed_vector(value) is not None
        assert is_plain == (name in ("vector", "strings", "objects"))

"""What PyPy learns of an array before it passes it, without asking the array."""

import gc
import threading
import weakref

import numpy as np
import pytest

from f2pypy.runtime import pypy_arrays
from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.pypy_arrays import (
    cffi_allocated,
    cffi_views,
    passed_array,
    passed_vector,
)

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


@pytest.mark.parametrize(
    "make",
    [
        lambda: np.zeros(10**5),
        lambda: np.zeros(10**5)[:3],
        lambda: np.zeros(20, "S1000"),
        lambda: np.zeros((20, 2), "S1000", "F"),
        lambda: np.zeros((2, 10**4, 2)),
        lambda: np.zeros((2, 2, 10**4)),
    ],
)
def test_large_memory_is_not_kept(make):
    value = make()
    kept = weakref.ref(value)
    passed_array(value)
    del value
    for _ in range(5):
        gc.collect()
    assert kept() is None


def test_few_small_arrays_are_kept():
    kept = []
    for size in (1, 2, 3, 4, 5, 6, 7, 8, 9):
        value = np.zeros((size, 2))[::-1]
        kept.append(weakref.ref(value))
        passed_array(value)
        passed_array(value)
    del value
    for _ in range(5):
        gc.collect()
    assert sum(each() is not None for each in kept) <= 4


def change_shape(value):
    value.shape = (2, 1, 1, 3)


def change_strides(value):
    value.strides = (8, 16, 8)


def change_flags(value):
    value.flags.writeable = False


@pytest.mark.parametrize("change", [change_shape, change_strides, change_flags])
def test_what_was_read_before_is_read_again(change):
    value = np.zeros((2, 3, 1))
    passed_array(value)
    change(value)
    passed = passed_array(value)
    found = passed.location, passed.shape, passed.layout
    where = value.__array_interface__["data"][0]
    assert found == (where, value.shape, value.flags.num)


@pytest.mark.parametrize("order", ["F", "C"])
@pytest.mark.parametrize("kind", ["f8", "i2", "S5", "c16"])
@pytest.mark.parametrize(
    "extents", [(3,), (2, 3), (1, 4, 2), (), (0, 2), (400,), [2, 2]]
)
def test_new_arrays_are_zeros_of_their_own(extents, kind, order):
    kind, model = np.dtype(kind), np.zeros(extents, kind, order)
    made = [cffi_allocated(extents, kind, order, True) for _ in range(3)]
    for passed in made:
        value = passed.original
        where = value.__array_interface__["data"][0]
        found = passed.location, passed.shape, passed.layout
        assert found == (where, value.shape, value.flags.num)
        assert (value.dtype, value.flags.num) == (kind, model.flags.num)
        assert value.tobytes() == model.tobytes()
        value[...] = 1
    assert cffi_allocated(extents, kind, order, False).shape == model.shape
    with pytest.raises(ValueError, match="negative"):
        cffi_allocated((-1, 2), kind, order, True)


@pytest.mark.parametrize("shape", [(4,), (2, 3), ()])
def test_views_are_made_again_after_a_change(shape):
    memory = np.zeros(shape)
    give = cffi_views(lambda: memory.view())
    first = give()
    assert give() is first
    for change in (
        {"shape": (memory.size, 1)},
        {"shape": (1,) * 3 + shape},
        {"dtype": np.dtype("i8")},
    ):
        before = give()
        for name, value in change.items():
            setattr(before, name, value)
        again = give()
        assert again is not before
        assert (again.shape, again.dtype) == (shape, memory.dtype)
    again.flags.writeable = False
    assert give().flags.writeable
    if memory.size == 1:
        return
    flat = give()
    flat.shape = (memory.size,)
    assert give().shape == shape


def test_reads_the_array_object():
    assert pypy_arrays.header is pypy_arrays._read


@pytest.mark.parametrize("asked", [False, True])
def test_both_ways_to_ask_come_to_the_same(monkeypatch, asked):
    if asked:
        monkeypatch.setattr(pypy_arrays, "header", pypy_arrays._asked)
    for name, value in ARRAYS.items():
        passed = passed_array(value)
        assert (passed.shape, passed.layout) == (value.shape, value.flags.num), name


@pytest.mark.parametrize("asked", [False, True])
def test_vectors_are_passed_as_they_are_or_copied(monkeypatch, asked):
    if asked:
        monkeypatch.setattr(pypy_arrays, "header", pypy_arrays._asked)
    for name, value in ARRAYS.items():
        passed = passed_vector(value)
        assert (passed is None) == (value.ndim != 1), name
        if passed is not None:
            is_copied = name in ("part of a vector", "misaligned")
            assert (passed.original is value) == (not is_copied), name
            original = passed.original
            assert passed.location == original.__array_interface__["data"][0]
            assert passed.shape == value.shape
            assert original.flags.carray
            assert original.tobytes() == value.tobytes()

"""Which arrays are passed by descriptor as they lie, and what their descriptors say."""

import ctypes
import struct

import numpy as np
import pytest

from f2pypy.runtime.arrays import IN, INOUT
from f2pypy.runtime.assumed_shape import strided
from f2pypy.runtime.described_arrays import (
    describer,
    is_strided,
    is_strided_output,
)
from f2pypy.runtime.descriptors import (
    ALLOCATABLE,
    ORDINARY,
    POINTER,
    ArrayDescriptor,
    DescriptorLayout,
    fortran_strides,
    stride_unit,
)
from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.pypy import FFI
from f2pypy.runtime.pypy_arrays import passed_array

# gfortran's own, gfortran's for bind(c), flang's: as f2pypy.abi has them, which PyPy doesn't import.
LAYOUTS = {
    "gfortran": DescriptorLayout(
        {"base": "P", "offset": "n", "size": "N", "version": "i", "rank": "b",
         "type": "b", "attribute": "h", "span": "n"},
        ("stride", "lower", "upper"),
        {"i": 1, "l": 2, "f": 3, "c": 4},
    ),
    "bind(c)": DescriptorLayout(
        {"base": "P", "size": "N", "version": "i", "rank": "b", "attribute": "b", "type": "h"},
        ("lower", "extent", "distance"),
        {"i4": 1025, "l4": 1026, "f8": 2051, "c16": 2052},
        version=1,
        attributes=(2, 1, 0),
        lower=0,
    ),
    "flang": DescriptorLayout(
        {"base": "P", "size": "N", "version": "i", "rank": "B", "type": "b", "attribute": "B", "other": "B"},
        ("lower", "extent", "distance"),
        {"i4": 9, "l4": 14, "f8": 28, "c16": 35},
        version=20180515,
        attributes=(0, 2, 1),
    ),
}  # fmt: skip
CUBE = np.arange(120.0).reshape(4, 5, 6)
PARTS = np.zeros(4, [("tag", "i8"), ("z", "c16")])
ARRAYS = {
    "vector": np.arange(5.0),
    "gaps": np.arange(9.0)[::2],
    "backwards": np.arange(9.0)[::-1],
    "one": np.arange(9.0)[3:4],
    "nothing": np.zeros(0),
    "matrix": np.zeros((3, 4), order="F"),
    "matrix in C's order": np.zeros((3, 4)),
    "cube": CUBE,
    "plane": CUBE[:, 1, ::-2],
    "gaps everywhere": CUBE[::2, ::-1, 1::3],
    "nothing in planes": CUBE[:, :0],
    "column of one row": CUBE[:1, 1:2, 0],
    "integers": np.arange(6, dtype="i4")[1::2],
    "complex": np.zeros((2, 3), "c16")[:, ::2],
    "large": np.zeros((300, 20)).T,
    "four axes": np.zeros((2, 1, 3, 2))[:, :, ::-1],
    "constant": np.broadcast_to(np.arange(3.0), (2, 3)),
    "repeated": np.broadcast_to(np.float64(1), (1,)),
    "parts of elements": PARTS["z"],
    "misaligned": np.zeros(25, "u1")[1:].view("f8"),
    "other order of bytes": np.zeros(3, np.dtype("f8").newbyteorder()),
    "read-only": np.frombuffer(bytes(24)),
}


@pytest.fixture(params=ARRAYS)
def value(request):
    return ARRAYS[request.param]


def kind_of(value):
    return np.dtype(value.dtype.name)


def words_of(descriptor):
    return bytes(FFI.buffer(descriptor)) if PYPY else descriptor


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("logical", [False, True])
def test_descriptors_say_what_the_array_is(value, layout, logical):
    kind = kind_of(value)
    if logical and kind != np.int32:
        kind, value = np.dtype("i4"), np.arange(30, dtype="i4").reshape(5, 6)[::2, ::-3]
    describe = describer(layout, kind, logical)
    place = value.__array_interface__["data"][0]
    strides = value.strides
    if value.flags.f_contiguous and not PYPY:
        # NumPy has any strides along axes of fewer than two elements
        strides = fortran_strides(kind.itemsize, value.shape)
    expected = layout.pack(place, kind, value.shape, strides, logical)
    for _ in range(2):  # the second one is made of what the first has left
        assert words_of(describe(value)) == expected
    if PYPY:
        assert words_of(describe(passed_array(value))) == expected


def test_descriptors_are_new_each_time():
    describe = describer(LAYOUTS["gfortran"], np.dtype("f8"))
    values = [np.arange(3.0), np.arange(3.0)]
    first, second = map(describe, values)
    assert words_of(first) != words_of(second)
    assert words_of(first) == words_of(describe(values[0]))


@pytest.mark.skipif(not PYPY, reason="CPython makes bytes")
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_descriptors_serve_again_while_they_say_the_same(value, layout):
    kind = kind_of(value)
    describe = describer(layout, kind)
    first = describe(value)
    expected = words_of(first)
    assert describe(value) is first
    for place in range(len(first)):
        changed = describe(value)
        changed[place] += 1
        assert words_of(describe(value)) == expected
    kept = describe(value)
    other = np.zeros((2,) * value.ndim, kind)
    assert words_of(describe(other)) != expected == words_of(kept)


@pytest.mark.parametrize("use", [ALLOCATABLE, POINTER])
def test_what_fortran_may_change_is_new_for_each_call(value, use):
    describe = describer(LAYOUTS["gfortran"], kind_of(value), use=use)
    assert describe(value) is not describe(value)


@pytest.mark.parametrize(
    ("accepts", "intent"), [(is_strided, IN), (is_strided_output, INOUT)]
)
def test_what_needs_no_conversion_is_passed_as_it_is(value, accepts, intent):
    kind, rank = kind_of(value), value.ndim
    fits = accepts(value, kind, rank)
    try:
        passed = strided(value, kind, (-1,) * rank, intent, "m.f", "a")
    except ValueError:
        passed = None
    if value.size:
        assert fits == (passed is value)
    elif fits:
        assert passed.shape == value.shape
    assert not accepts(value, kind, rank + 1)
    assert not accepts(value, np.dtype("i2"), rank)
    assert not accepts(value.tolist(), kind, rank)
    assert not accepts(None, kind, rank)
    assert not accepts(value.view(np.recarray), kind, rank)


@pytest.mark.parametrize(
    ("span", "unit"), [(8, 8), (24, 24), (0, 8), (4, 8), (-8, 8), (1 << 46, 8)]
)
def test_what_strides_count_by(span, unit):
    """The size of an element, or that of the one that it is a part of; anything else was never written."""
    assert stride_unit({"span": span}, 8) == unit
    assert stride_unit({}, 8) == 8


@pytest.mark.parametrize(
    ("use", "step"), [(ORDINARY, 8), (ALLOCATABLE, 24), (POINTER, 24)]
)
def test_only_pointers_count_by_the_size_of_larger_elements(use, step):
    """In other descriptors gfortran 16 leaves the field undefined, which may be any number."""
    values, kind = np.arange(9.0), np.dtype("f8")
    layout = LAYOUTS["gfortran"]
    packed = layout.pack(values.ctypes.data, kind, (3,), (8,), False, use)
    memory = ctypes.create_string_buffer(packed, len(packed))
    struct.pack_into("q", memory, 32, 24)
    found = ArrayDescriptor(ctypes.addressof(memory), layout, kind, 1, use).view()
    assert found.tolist() == values[:: step // 8][:3].tolist()

"""Fortran modules: constants, protected variables, allocatable arrays, and what is private or named twice."""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
import pytest


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dp", np.int32(8)),
        ("limit", np.int32(1023)),
        ("big", np.int64(2**40)),
        ("pi", np.float64(np.pi)),
        ("two_pi", np.float64(2 * np.pi)),
        ("third", np.float32(1) / np.float32(3)),
        ("i", np.complex128(1j)),
        ("turned", np.complex128(1 + 2j)),
        ("yes", np.int32(1)),
        ("no", np.int32(0)),
        ("greeting", np.bytes_(b"hello world")),
        ("words", np.array([b"abc", b"de "])),
        ("primes", np.array([2, 3, 5], "i4")),
        ("squares", np.array([4, 9, 25], "i4")),
        ("all_of_them", np.array([2, 3, 5, 4, 9, 25], "i4")),
        ("how_many", np.int32(6)),
        ("table", np.array([[1.0, 3], [2, 4]])),
        ("gamma_of_5", np.float64(24)),
        ("turned_table", np.array([[1, 2, 3], [4, 5, 6]], "i4")),
        ("mask", np.int32(255)),
        ("powers", np.array([1j, -1])),
        ("even", np.array([0, 1, 0], "i4")),
        ("pairs", np.array([b"AA", b"BB"])),
    ],
)
def test_constants(name: str, expected: Any, modules: Any) -> None:
    value = getattr(modules.constants, name)
    assert value.dtype == expected.dtype
    assert value.shape == expected.shape
    assert (value == expected).all()


@pytest.mark.parametrize("name", ["limit", "greeting", "primes", "turned_table"])
def test_constants_cannot_change(name: str, modules: Any) -> None:
    constants = modules.constants
    before = getattr(constants, name).tolist()
    with pytest.raises(AttributeError, match=f"constants.{name} is a parameter"):
        setattr(constants, name, before)
    with pytest.raises(AttributeError, match=name):
        delattr(constants, name)
    with pytest.raises(ValueError, match="read-only"):
        getattr(constants, name)[...] = before
    assert getattr(constants, name).tolist() == before


def test_constants_that_a_compiler_computes(modules: Any) -> None:
    assert modules.constants.nodes == pytest.approx([1, 0, -1], abs=1e-15)
    assert not modules.constants.nodes.flags.writeable


def test_extents_from_constants(modules: Any) -> None:
    assert modules.constants.sized.shape == (6, 1)
    assert modules.constants.sized.sum() == 6


def test_what_is_private_is_not_seen(modules: Any) -> None:
    assert not hasattr(modules.constants, "hidden")
    assert modules.only_others.limit == modules.constants.limit
    assert not hasattr(modules.only_others, "hidden")
    assert not hasattr(modules, "nothing_inside")
    seen = {name for name in dir(modules.guarded) if not name.startswith("_")}
    assert seen == {
        "count", "values", "name", "list", "shown", "set_all", "total", "swap", "renamed_later",
        "either", "from_logical",
    }  # fmt: skip


def test_private_procedures_behind_public_generics_are_seen(modules: Any) -> None:
    generic = modules.generic
    seen = {name for name in dir(generic) if not name.startswith("_")}
    assert seen == {"filled", "fill", "fill_one", "fill_all", "plus"}
    generic.fill_one(7)
    assert generic.filled == 7
    generic.fill_all([1, 2])
    assert generic.filled == 3
    generic.fill(4)
    assert generic.filled == 4
    assert generic.plus(True, 3) == 4


def test_protected_variables_are_read_only(modules: Any) -> None:
    guarded = modules.guarded
    guarded.set_all(2)
    assert guarded.count == 2
    assert guarded.values.tolist() == [2, 2]
    assert guarded.name == b"set "
    assert guarded.list.tolist() == [1, 2]
    for name in ("count", "values", "name", "list"):
        with pytest.raises(AttributeError, match=f"guarded.{name} is protected"):
            setattr(guarded, name, None)
        with pytest.raises(ValueError, match="read-only"):
            getattr(guarded, name)[...] = 5
    seen = guarded.values
    guarded.set_all(3)
    assert seen.tolist() == [3, 3]
    assert guarded.total() == 3 + 1 + 6
    guarded.shown = 4
    assert guarded.shown == 4


def test_elemental_procedures_take_scalars(modules: Any) -> None:
    a, b = np.array(1, "i4"), np.array(2, "i4")
    modules.guarded.swap(a, b)
    assert (a, b) == (2, 1)


def test_arguments_named_like_keywords(modules: Any) -> None:
    call = modules.guarded.renamed_later
    assert call(1, [2, 3]) == 6
    assert call(1, [2, 3], 4) == 10
    assert call(**{"lambda": 1, "in": [2, 3], "def": 5}) == 11
    assert call.__doc__.startswith("none = renamed_later(lambda,in,[def])")


def test_arguments_named_like_functions_of_expressions(modules: Any) -> None:
    assert modules.count_elements([1, 2, 3]) == 6
    assert modules.count_elements(shape=[1, 2], len=2) == 3


def test_allocatable_arrays(modules: Any) -> None:
    arrays = modules.allocated_arrays
    arrays.deallocate_all()
    assert arrays.vector is None
    arrays.vector = [1, 2, 3]
    view = arrays.vector
    arrays.double_vector()
    assert view.tolist() == [2, 4, 6]
    assert arrays.summary() == 12
    arrays.matrix = np.arange(6).reshape(2, 3)
    assert arrays.matrix.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert arrays.matrix.flags.f_contiguous
    assert arrays.summary() == 12 + 15 + 100
    arrays.allocate_lowered()
    assert (arrays.matrix == np.full((2, 3), 4)).all()
    assert arrays.summary() == 12 + 24 - 100
    arrays.seven = np.ones((1, 2, 1, 2, 1, 2, 1))
    assert arrays.summary() == 12 + 24 - 100 + 8
    arrays.deallocate_all()
    assert arrays.seven is None
    arrays.scalar = 3
    assert arrays.summary() == 2
    arrays.scalar = None
    arrays.mask = [True, False, True]
    arrays.words = ["ab", "cdefgh"]
    assert arrays.words.tolist() == [b"ab  ", b"cdef"]
    assert arrays.summary() == -1 + 2000 + 20000
    arrays.mask = arrays.words = None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("matrix", 3),
        ("matrix", [1, 2]),
        ("matrix", np.ones((2, 3, 1))),
        ("vector", "a"),
    ],
)
def test_ranks_of_allocatable_arrays(name: str, value: Any, modules: Any) -> None:
    with pytest.raises(ValueError, match=f"{name} has rank"):
        setattr(modules.allocated_arrays, name, value)
    with pytest.raises(AttributeError, match="is a Fortran variable"):
        delattr(modules.allocated_arrays, name)


def test_views_outlive_what_python_deallocates(modules: Any) -> None:
    arrays = modules.allocated_arrays
    arrays.vector = np.arange(100000)
    first, second = arrays.vector, arrays.vector[::2]
    arrays.vector = None
    assert first.sum() == np.arange(100000).sum()
    arrays.vector = np.arange(200000)
    third = arrays.vector
    arrays.vector = [1]
    del first
    gc.collect()
    assert second.sum() == np.arange(0, 100000, 2).sum()
    assert third.sum() == np.arange(200000).sum()
    third[...] = 0
    assert arrays.vector.tolist() == [1]
    for size in range(1, 300):
        arrays.vector = np.zeros(size)
    arrays.vector = arrays.vector[:3]
    assert arrays.vector.shape == (3,)
    arrays.vector = None


def test_pointers(modules: Any) -> None:
    arrays = modules.allocated_arrays
    assert arrays.part is None or arrays.part.shape == (4,)
    arrays.point()
    arrays.part = [4, 3, 2, 1]
    arrays.one = 7
    assert arrays.pool.tolist() == [1, 7, 1, 2, 1, 1, 3, 1, 1, 4]
    with pytest.raises(ValueError, match="must be fixed to 4 but got 2"):
        arrays.part = [1, 2]
    arrays.part = arrays.one = None
    assert arrays.part is None
    assert arrays.one is None
    arrays.part = None
    with pytest.raises(
        ValueError, match=r"allocated_arrays\.one points to nothing: only Fortran"
    ):
        arrays.one = 7
    arrays.point()
    assert arrays.part.tolist() == [4, 3, 2, 1]
    assert arrays.one == 7


def test_variables_that_share_their_storage(modules: Any) -> None:
    overlaid = modules.overlaid
    overlaid.whole = [1, 2, 3, 4]
    assert overlaid.first_half.tolist() == [1, 2]
    assert overlaid.last == 4
    assert overlaid.pair == 1 + 2j
    overlaid.pair = 5 + 6j
    overlaid.last[...] = 8
    assert overlaid.whole.tolist() == [5, 6, 3, 8]
    assert overlaid.whole_sum() == 22


def test_names_that_several_units_have(modules: Any) -> None:
    assert modules.answer() == 3
    assert modules.one_name.answer() == 1
    assert modules.other_name.answer() == 3
    modules.one_name.value = 5
    assert modules.other_name.value == 2
    assert modules.other_name.answer() == 7
    modules.one_name.value = 1
    assert not hasattr(modules.other_name, "theirs")


def test_alternate_returns(modules: Any) -> None:
    assert modules.classify(6) == (0, 3)
    assert modules.classify(-6) == (1, -3)
    assert modules.classify(0) == (2, 0)

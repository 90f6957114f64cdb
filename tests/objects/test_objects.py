"""Common blocks and Fortran modules: what goes beyond f2py's objects, or must hold on every interpreter."""

from __future__ import annotations

import contextlib
import copy
import ctypes
import inspect
import pickle
import pydoc
import sys
import threading
import warnings
from typing import Any

import numpy as np
import pytest

PYPY = sys.implementation.name == "pypy"


# Views and assignment.


def test_views_are_live(objects: Any) -> None:
    number, matrix = objects.blk.i, objects.blk.x
    objects.blk.i = 31
    matrix[...] = 2
    assert number == 31
    assert objects.show_block() == (31, 12.0)
    number[...] = 32
    assert objects.show_block()[0] == 32


@pytest.mark.parametrize(
    ("owner", "name"), [("counters", "weights"), ("blk", "x"), ("counters", "table")]
)
def test_a_variable_has_one_view_for_all(owner: str, name: str, objects: Any) -> None:
    made = getattr(objects, owner)
    setattr(made, name, values := _like(made, name))
    view = getattr(made, name)
    assert getattr(made, name) is view
    before = view.shape
    view.flags.writeable = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy 2.5 deprecates it
        view.shape = (*before, 1)
    # as f2py's; but what is assigned still has the variable's shape
    assert getattr(made, name).shape == (*before, 1)
    setattr(made, name, values + 1)
    assert view[..., 0].tolist() == (values + 1).tolist()
    assert f"array({','.join(map(str, before))})" in made.__doc__
    view.flags.writeable = True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        view.shape = before


def _like(made: Any, name: str) -> Any:
    if name == "table":
        made.table = np.ones((2, 3))
    view = getattr(made, name)
    return np.arange(view.size, dtype=view.dtype).reshape(view.shape, order="F")


def test_axes_of_one_element_are_dropped(objects: Any) -> None:
    objects.blk.x = np.arange(6.0).reshape(2, 3, 1)
    assert objects.blk.x.tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("ab", b"ab   "),
        (b"abc", b"abc  "),
        ("longer than that", b"longe"),
        (np.array(b"xy"), b"xy   "),
        ("", b"     "),
    ],
)
def test_strings_are_cut_or_padded_with_blanks(
    value: Any, stored: bytes, objects: Any
) -> None:
    objects.blk.z = 1 - 2j
    objects.blk.s = value
    assert objects.blk.s.tobytes() == stored
    assert objects.blk.z == 1 - 2j  # what lies behind it


def test_arrays_of_strings_are_padded_too(objects: Any) -> None:
    objects.counters.names = ["a", "bcdef"]
    assert objects.counters.names.tobytes() == b"a   bcde"


def test_strings_that_fortran_cant_hold_are_refused(objects: Any) -> None:
    objects.blk.s = "kept"
    with pytest.raises(UnicodeEncodeError):
        objects.blk.s = "\u00e9"
    assert objects.blk.s == b"kept "


@pytest.mark.parametrize(
    "value", [np.zeros((3, 2)), np.zeros((2, 4)), np.zeros(7), [[1.0]], "text", None]
)
def test_values_of_another_shape_change_nothing(value: Any, objects: Any) -> None:
    objects.blk.x = 1 + np.arange(6.0).reshape(2, 3)
    with pytest.raises(ValueError):
        objects.blk.x = value
    assert objects.blk.x.tolist() == [[1, 2, 3], [4, 5, 6]]


def test_a_variable_cant_be_deleted(objects: Any) -> None:
    with pytest.raises(AttributeError, match=r"objects\.blk\.i is a Fortran variable"):
        del objects.blk.i
    assert objects.blk.i.shape == ()


def test_a_parameter_cant_be_changed(objects: Any) -> None:
    for _ in range(3):  # once is the first use, which finds the variable
        with pytest.raises(AttributeError, match=r"objects\.counters\.limit is a par"):
            objects.counters.limit = 3
        with pytest.raises(AttributeError, match="half is a parameter"):
            objects.counters.half = 3.5
        with pytest.raises(AttributeError, match="primes is a parameter"):
            objects.counters.primes = objects.counters.primes + 1
        with pytest.raises(AttributeError, match="unit_name is a parameter"):
            objects.counters.unit_name = "abc"
    with pytest.raises(ValueError, match="read-only"):
        objects.counters.primes[0] = 3
    assert objects.counters.primes.tolist() == [2, 3, 5]


def test_what_objects_are_called(objects: Any, module_data: Any) -> None:
    assert repr(objects.blk) == "<common block objects.blk>"
    assert repr(objects.counters) == "<Fortran module objects.counters>"
    assert "in memory of its own" in repr(module_data.error)


def test_copies_and_pickles_are_the_object_itself(
    objects: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, objects.__name__, objects)
    for each in (objects.blk, objects.counters, objects.counters.advance):
        assert pickle.loads(pickle.dumps(each)) is each
        assert copy.copy(each) is copy.deepcopy([each])[0] is each


def test_a_block_that_no_library_has(module_data: Any) -> None:
    # It has the name of something that every module holds, too.
    assert issubclass(module_data._module_data_error, Exception)
    block = module_data.error
    assert (block.k, block.label) == (0, b"")
    block.values = [1, 2, 3]
    block.label = "ab"
    view = block.values
    del block
    assert view.tolist() == [1, 2, 3]
    assert module_data.error.label == b"ab  "


def test_a_block_with_a_name_of_its_own(module_data: Any) -> None:
    module_data.set_named(17)
    assert module_data.named.a == 17


def test_threads_read_and_write(objects: Any) -> None:
    def use(start: int) -> None:
        for number in range(start, start + 200):
            objects.counters.weights[number % 3] = number
            assert objects.counters.grid.shape == (2, 3)

    threads = [threading.Thread(target=use, args=(1000 * i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(value % 1000 >= 197 for value in objects.counters.weights)


# Allocatable arrays and pointers.


@pytest.mark.parametrize("value", [[1, 2], np.zeros((1, 2, 3))])
def test_the_rank_of_an_allocatable_array_is_checked(value: Any, objects: Any) -> None:
    objects.counters.table = [[1, 2], [3, 4]]
    with pytest.raises(ValueError, match=r"objects\.counters\.table has rank 2, got"):
        objects.counters.table = value
    assert objects.counters.table.tolist() == [[1, 2], [3, 4]]


def test_an_allocatable_array_can_be_assigned_to_itself(objects: Any) -> None:
    objects.counters.table = np.arange(12.0).reshape(3, 4)
    objects.counters.table = objects.counters.table[::2, 1:]
    assert objects.counters.table.tolist() == [[1, 2, 3], [9, 10, 11]]
    objects.counters.table = objects.counters.table.T
    assert objects.counters.table.tolist() == [[1, 9], [2, 10], [3, 11]]
    assert objects.counters.table_sum() == 36


def test_an_array_of_the_same_shape_stays_where_it_is(objects: Any) -> None:
    objects.counters.list = [1, 2, 3]
    view = objects.counters.list
    objects.counters.list = [4, 5, 6]
    assert view.tolist() == [4, 5, 6]


def test_allocation_goes_both_ways_many_times(objects: Any) -> None:
    for size in range(1, 50):
        objects.counters.table = np.ones((size, 3))
        assert objects.counters.table_sum() == 3 * size
        objects.counters.make_table(2, size)
        assert objects.counters.table.shape == (2, size)
    objects.counters.table = None
    assert objects.counters.table is None
    assert objects.counters.table_sum() == -1


def test_documentation_knows_what_is_allocated(objects: Any) -> None:
    objects.counters.table = None
    assert "table : 'd'-array(-1,-1), not allocated" in objects.counters.__doc__
    objects.counters.table = np.ones((2, 5))
    assert "table : 'd'-array(2,5)\n" in objects.counters.__doc__


def test_allocatables_of_other_types(module_data: Any) -> None:
    data = module_data.module_data
    assert data.mask is None
    assert data.count_masked() == -1
    data.mask = [True, False, True]
    assert data.count_masked() == 2
    assert data.words is None
    data.set_words(2)
    assert data.words.tolist() == [b"ab ", b"ab "]
    data.words = ["x", "yzzzz"]
    assert data.words.tobytes() == b"x  yzz"
    assert data.total() == -1
    data.cube = np.arange(24).reshape(2, 3, 4)
    assert data.total() == 276 + 1 + 4
    assert data.ratio is None
    data.ratio = 0.5
    assert data.total() == 0.5
    data.ratio = None
    assert data.ratio is None


def test_pointers_show_what_they_point_to(module_data: Any) -> None:
    data = module_data.module_data
    data.point_at(2)
    assert data.odd.tolist() == [2, 4, 6, 8, 10, 12]
    assert data.backward.tolist() == list(range(12, 0, -1))
    assert data.block.tolist() == np.arange(1, 13).reshape(4, 3).T.tolist()
    assert data.first == 2
    data.odd = [0] * 6
    data.first = 77
    assert data.pool.tolist() == [1, 77, 3, 0, 5, 0, 7, 0, 9, 0, 11, 0]
    with pytest.raises(ValueError):
        data.odd = [0] * 7


def test_a_pointer_to_nothing(module_data: Any) -> None:
    from_other = ctypes.c_void_p.from_address
    data = module_data.module_data
    data.point_at(1)
    library = module_data._library
    place = from_other(library.locate(["__module_data_MOD_first"]))
    kept, place.value = place.value, None
    try:
        assert data.first is None
        with pytest.raises(ValueError, match="points to nothing"):
            data.first = 1
    finally:
        place.value = kept


# Names and constants of modules.


def test_constants(module_data: Any) -> None:
    data = module_data.module_data
    assert data.square.tolist() == [[1, 3], [2, 4]]
    assert data.flags.tolist() == [1, 0, 1]
    assert data.unit == 1j
    assert data.tenth == np.float32(0.1)


def test_storage_with_another_name(module_data: Any) -> None:
    data = module_data.module_data
    data.limit = 4.5
    assert data.limit == 4.5
    assert data.long == 1  # f2py changes such names in common blocks alone


@pytest.mark.parametrize("name", ["hidden", "unseen", "corner"])
def test_names_that_are_private_or_left_out(name: str, module_data: Any) -> None:
    assert not hasattr(module_data.module_data, name)
    assert name not in dir(module_data.module_data)


def test_text_in_arrays_of_the_own_type_gets_blanks(module_data: Any) -> None:
    data = module_data.module_data
    data.set_words(2)
    for _ in range(3):
        data.words = np.array([b"a", b"bc"], dtype=data.words.dtype)
        assert data.words.tobytes() == b"a  bc "


def test_a_variable_that_the_library_lacks(module_data: Any) -> None:
    data = module_data.module_data
    variable = data._variables["pool"]
    other = {"absent": type(variable)(variable.kind)}
    kind = type("lacking", (module_data.FortranModule,), other)
    lacking = kind(module_data._library, "module_data")
    assert not hasattr(lacking, "absent")
    with pytest.raises(AttributeError, match="__module_data_MOD_absent"):
        lacking.absent = 1


# What users do with modules and routines.


def test_version_attributes(objects: Any) -> None:
    assert objects.__version__
    assert objects.__f2py_numpy_version__ == np.__version__
    assert objects._objects_error is objects.error
    assert {"blk", "_BLNK_", "counters", "shift"} <= set(objects.__all__)


@pytest.mark.parametrize("path", ["show_block", "shift", "counters.advance"])
def test_routines_are_ordinary_functions(
    path: str, objects: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "objects", objects)
    routine = objects
    for name in path.split("."):
        routine = getattr(routine, name)
    assert routine.__name__ == path.rpartition(".")[2]
    assert routine.__qualname__ == path
    assert pickle.loads(pickle.dumps(routine)) is routine
    assert copy.deepcopy(routine) is routine
    assert inspect.signature(routine).return_annotation != inspect.Parameter.empty
    assert f"Wrapper for ``{routine.__name__}``" in pydoc.render_doc(routine)
    routine.note = "anything"
    assert routine.note == "anything"
    del routine.note


def test_help_shows_the_objects(objects: Any) -> None:
    text = pydoc.plain(pydoc.render_doc(objects))
    assert "x : 'd'-array(2,3)" in text
    assert "/blk/ i,x(2,3),c,s,z" in text


@pytest.mark.skipif(PYPY, reason="PyPy has no capsules")
def test_the_pointer_of_a_routine(objects: Any) -> None:
    unwrap = ctypes.pythonapi["PyCapsule_GetPointer"]
    unwrap.restype = ctypes.c_void_p
    unwrap.argtypes = [ctypes.py_object, ctypes.c_char_p]
    for routine, symbol in (
        (objects.set_blank, "set_blank_"),
        (objects.counters.advance, "__counters_MOD_advance"),
    ):
        address = unwrap(routine._cpointer, None)
        assert address == objects._library.locate([symbol])
    call = ctypes.PYFUNCTYPE(None, ctypes.POINTER(ctypes.c_int))
    call(unwrap(objects.set_blank._cpointer, None))(ctypes.c_int(12))
    assert objects._BLNK_.k == 12


@pytest.mark.skipif(not PYPY, reason="CPython has capsules")
def test_the_address_of_a_routine(objects: Any) -> None:
    pointer = objects.counters.advance._cpointer
    assert pointer.value == objects._library.locate(["__counters_MOD_advance"])


# What stands beside the routines of a signature file.


def test_common_blocks_of_interfaces_belong_to_the_module(module_level: Any) -> None:
    module_level.sizes.width = 3
    module_level.sizes.weight = 2.5
    module_level.sizes.heights = [1, 2, 3]
    x, y, weighed = module_level.enlarge(1)
    assert x.tolist() == [3, 6, 9]
    assert y.tolist() == [3, 3, 3, 3]
    assert weighed == 2.5
    assert module_level.sizes.__doc__ == (
        "width : 'i'-scalar\nweight : 'd'-scalar\nheights : 'd'-array(3)\n"
    )
    assert module_level.__doc__.endswith(
        "\nCOMMON blocks::\n\n    /sizes/ width,weight,heights(3)\n    /nowhere/ empty\n    /counted/ calls"
    )


def test_callbacks_that_an_interface_uses_are_known_to_its_routines(
    module_level: Any,
) -> None:
    before = int(module_level.counted.calls)
    assert module_level.twofold(lambda value: 2 * value, 3) == 12
    assert module_level.counted.calls == before + 2


def test_common_block_that_no_library_has(module_level: Any) -> None:
    assert module_level.nowhere.empty.dtype == "float32"
    assert module_level.nowhere.empty == 0
    module_level.nowhere.empty = 5
    assert module_level.nowhere.empty == 5


def test_names_that_are_not_there_can_not_be_set(
    objects: Any, module_data: Any
) -> None:
    for owner, name, message in (
        (
            module_data.module_data,
            "limits",
            r"^module_data\.module_data has no variable 'limits'; did you mean 'limit'\?$",
        ),
        (module_data.module_data, "LIMIT", "did you mean 'limit'"),
        (module_data.module_data, "hidden", "has no variable 'hidden'$"),
        (
            module_data.module_data,
            "corner",
            "left out: the interface of the procedure pointer",
        ),
        (objects.blk, "ii", r"^objects\.blk has no variable 'ii'; did you mean 'i'\?$"),
        (objects.blk, "nothing_like_it", "has no variable 'nothing_like_it'$"),
    ):
        with pytest.raises(AttributeError, match=message):
            setattr(owner, name, 3)
        assert not hasattr(owner, name)
        assert name not in dir(owner)
    with pytest.raises(AttributeError, match="left out: the interface of"):
        _ = module_data.module_data.corner
    objects.blk.__wrapped__ = 3
    assert objects.blk.__wrapped__ == 3
    del objects.blk.__wrapped__


# What is stored, and how, is the same whatever runs: the short ways, machine code, the general rules.

PLACES = {
    "blk": ("i", "x", "c", "s", "z"),
    "counters": (
        "count",
        "weights",
        "grid",
        "phase",
        "ready",
        "letter",
        "title",
        "names",
        "tiny_number",
        "short_number",
        "long_number",
        "table",
        "list",
    ),
}
SWAPPED = np.arange(6.0).reshape(2, 3).astype(">f8")
UNALIGNED = np.frombuffer(b"\1" + bytes(24), "f8", offset=1)
VALUES = [
    *(0, 5, -5, 127, 128, -129, 2**15, 2**31 - 1, 2**31, -(2**31) - 1, 2**63, -(2**70)),
    *(True, False, 2.75, -0.0, float("inf"), float("nan"), 1e300, 3 + 4j, None, object()),
    *(np.int8(7), np.int64(2**40), np.float32(0.1), np.float64(2.5), np.complex64(1j)),
    *("", "a", "abc", "a text that is too long", "\u00e9", "\ud800", b"a\0", b"ab\0cd\0\0efgh"),
    *(b"z", bytearray(b"ab"), np.bytes_(b"xy"), np.array(b"xy"), ["ab", "c"], [b"a", b"bcd"]),
    *([1.0, 2, 3], [1, 2, 3], [[1, 2, 3], [4, 5, 6]], [[1.0, 2], [3]], [], [[]], (1, 2, 3)),
    *([1.0, 10**400, 3], [True, 2.5, 3], [1.0, None, 3], [np.float32(0.5), 2, 3], [1.0, 2], ["1", 2, 3]),
    *(np.arange(3.0), np.arange(3), np.arange(3, dtype="f4"), np.arange(6.0)[::2]),
    *(np.arange(6.0).reshape(2, 3), np.arange(6.0).reshape(3, 2).T, np.arange(6.0)),
    *(SWAPPED, SWAPPED[0], UNALIGNED, np.arange(3) * 1j, np.zeros((0, 3)), np.zeros(0)),
    *(np.ma.array([1.0, 2, 3], mask=[0, 1, 0]), np.array([True, False, True])),
    *(np.asfortranarray(np.ones((2, 3))), np.ones((2, 3), "i4"), np.array(5.0), np.array([7])),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore")
def test_every_way_of_storing_comes_to_the_same(two_ways: tuple[Any, Any]) -> None:
    for owner, names in PLACES.items():
        for name in names:
            for value in VALUES:
                seen = [_stored(getattr(m, owner), name, value) for m in two_ways]
                assert seen[0] == seen[1], (owner, name, value)


def _stored(owner: Any, name: str, value: Any) -> Any:
    """Return what storing comes to, twice, as the first time isn't like the others; and what is read then."""
    found: list[Any] = []
    for _ in range(2):
        try:
            setattr(owner, name, value)
        except Exception as failure:
            # PyPy has no text for a surrogate that can't be encoded
            said = getattr(failure, "reason", None) or str(failure)
            found.append((type(failure).__name__, said))
        view = getattr(owner, name)
        assert getattr(owner, name) is view
        shown = None if view is None else (view.dtype.str, view.shape, view.tobytes())
        found.append(shown)
    return found


def test_what_reads_and_stores(objects: Any, tier: str) -> None:
    for owner in (objects.blk, objects.counters):
        for name in PLACES["blk" if owner is objects.blk else "counters"]:
            getattr(owner, name)
            described = name in ("table", "list")
            own = type(owner).__dict__.get(name)
            if tier == "native":
                assert type(own).__name__ == "getset_descriptor"
            else:
                assert isinstance(own, property) == described
                assert (name in vars(owner)) != described


def test_what_python_finds_no_attribute_for(
    objects: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(failure: Exception) -> Any:
        def get(_: Any) -> Any:
            raise failure

        return property(get)

    for owner in (objects.blk, objects.counters):
        for name in ("nonsense", "__nonsense__", "w\xf6rter"):
            assert getattr(owner, name, 5) == 5
            with pytest.raises(AttributeError, match=rf"no attribute '{name}'"):
                getattr(owner, name)
        for failure, message in (
            (ValueError("text"), "text"),
            (AttributeError("text"), "no attribute 'broken'"),
        ):
            with monkeypatch.context() as patch:
                patch.setattr(type(owner), "broken", failing(failure), raising=False)
                with pytest.raises(type(failure), match=message):
                    _ = owner.broken
        assert not hasattr(owner, "broken")


def test_where_attributes_are_found(
    objects: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Name(str):
        """No name of an attribute that was looked up before."""

    counters = objects.counters
    counters.__note__ = found = object()
    try:
        assert counters.__note__ is getattr(counters, Name("__note__")) is found
        assert getattr(counters, "".join(["__", "note", "__"])) is found
        kind = type(counters)
        with monkeypatch.context() as patch:
            # what a class has comes after what its object has, unless it stores as well
            patch.setattr(kind, "__note__", lambda _: 1, raising=False)
            assert counters.__note__ is found
            patch.setattr(kind, "__note__", property(lambda _: 2))
            assert counters.__note__ == 2
        assert counters.__note__ is found
    finally:
        del counters.__note__
    assert not hasattr(counters, "__note__")


@pytest.mark.skipif(PYPY, reason="PyPy doesn't count references")
def test_no_reference_is_kept_or_lost(objects: Any) -> None:
    counters = objects.counters
    samples = [
        ("count", 12345),
        ("count", "no number"),
        ("phase", 1.5 + 2j),
        ("weights", np.arange(3.0)),
        ("weights", [1.0, 2.0, 3.0]),
        ("title", "some text"),
        ("title", b"some bytes"),
        ("table", np.ones((2, 3))),
        ("list", np.arange(4, dtype="i4")),
        ("nonsense", 5.5),
    ]
    for name, value in samples:
        for _ in range(3):
            _use(counters, name, value)
        view = getattr(counters, name, None)
        before = sys.getrefcount(value), sys.getrefcount(view), sys.getrefcount(name)
        for _ in range(100):
            _use(counters, name, value)
        after = sys.getrefcount(value), sys.getrefcount(view), sys.getrefcount(name)
        assert before == after, name


def _use(owner: Any, name: str, value: Any) -> None:
    with contextlib.suppress(Exception):
        setattr(owner, name, value)
    with contextlib.suppress(AttributeError):
        getattr(owner, name)


def test_a_view_that_is_kept_outlives_what_others_store(objects: Any) -> None:
    counters = objects.counters
    kept = []
    for size in (3, 3, 5, 4, 4, 3):
        counters.list = np.full(size, size, "i4")
        kept.append(counters.list)
        counters.list = np.full(size + 20, 9, "i4")
        counters.list = None
    assert [view.tolist() for view in kept] == [[n] * n for n in (3, 3, 5, 4, 4, 3)]


def test_threads_store_arrays_of_changing_sizes(objects: Any) -> None:
    counters = objects.counters
    wrong = []

    def use(size: int) -> None:
        value = np.full(size, size, "i4")
        for _ in range(300):
            counters.list = value
            view = counters.list
            if view is not None and (view != len(view)).any():
                wrong.append(view.tolist())

    counters.list = np.full(2, 2, "i4")
    threads = [threading.Thread(target=use, args=(size,)) for size in (2, 300, 5000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong

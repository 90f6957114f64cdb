"""What must be so before native code runs: the interpreter is a known one, and its objects look as `layouts` says.

`find_fault` compares the layouts with what Python says of real objects.
"""

from __future__ import annotations

import ctypes
import platform
import sys
import sysconfig
import weakref
from collections.abc import Callable, Sequence
from functools import partial
from types import FunctionType, GetSetDescriptorType
from typing import Any

import numpy as np

from f2pypy.native.function_layouts import knows_python_functions
from f2pypy.native.interpreters import in_main_interpreter, may_run_new_code
from f2pypy.native.layouts import (
    ALIGNED,
    AS_FORTRAN,
    BYTES,
    C_CONTIGUOUS,
    CHARACTERS,
    COMPACT_ASCII,
    DATA,
    DESCRIPTOR,
    DESCRIPTOR_SET,
    DIGIT_BITS,
    DIGITS,
    ELEMENT_SIZE,
    EXTENTS,
    F_CONTIGUOUS,
    FLAGS,
    GET_ATTRIBUTE,
    HAS_VECTORCALL,
    HASH,
    HEAD,
    IMAGINARY,
    ITEMS,
    LETTER,
    LIST_ITEMS,
    NUMBER,
    POINTER,
    RANK,
    SET_ATTRIBUTE,
    SIZE,
    STRIDES,
    TAGGED_INTEGERS,
    TYPE,
    TYPE_FLAGS,
    VECTORCALL_OFFSET,
    VERSIONS,
    WEAK_REFERENCES,
    WRITEABLE,
    ShiftedText,
    address_of_function,
    state_of,
    word_at,
)


def reason_against() -> str | None:
    """Return why native code can't run in this interpreter; None if it can."""
    version = sys.version_info[:2]
    if sys.implementation.name != "cpython":
        return f"{platform.python_implementation()} is not CPython"
    if not VERSIONS[0] <= version <= VERSIONS[1]:
        return f"the objects of Python {version[0]}.{version[1]} are not known"
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "Python was built without the interpreter lock"
    if hasattr(sys, "getobjects") or hasattr(sys, "gettotalrefcount"):
        return "Python was built for debugging"
    if POINTER != 8 or sys.byteorder != "little":
        return "this is no little-endian machine with 64-bit pointers"
    if not in_main_interpreter():
        return "this is a sub-interpreter"
    if not may_run_new_code():
        return "the system refuses memory for machine code"
    return find_fault()


def find_fault() -> str | None:
    """Return the first layout that doesn't agree with Python's own view of an object; None if all do."""
    for name, agrees in LAYOUT_TESTS:
        if not agrees():
            return f"the layout of {name} is not what it is taken for"
    return None


def _knows_types() -> bool:
    return all(
        word_at(id(value) + TYPE) == id(type(value))
        for value in (1, 1.0, 1j, b"", (), None, np.zeros(1))
    )


def _knows_integers() -> bool:
    if sys.int_info.bits_per_digit != DIGIT_BITS:
        return False
    for value in (1, 7, (1 << 30) - 1, -1, -(1 << 30) + 1, 0):
        tag = word_at(id(value) + SIZE)
        digit = ctypes.c_uint32.from_address(id(value) + DIGITS).value
        if sys.version_info >= TAGGED_INTEGERS:
            found = (1 - (tag & 3)) * digit if tag < 16 else None
        else:
            found = tag * digit if -1 <= tag <= 1 else None
        if found != value:
            return False
    return True


def _knows_numbers() -> bool:
    def double(value: Any, offset: int) -> float:
        return ctypes.c_double.from_address(id(value) + offset).value

    real, both = 2.5, complex(2.5, -3.5)
    return (double(real, NUMBER), double(both, NUMBER), double(both, IMAGINARY)) == (
        2.5,
        2.5,
        -3.5,
    )


def _knows_numpy_scalars() -> bool:
    names = ("int32", "int64", "float32", "float64", "complex64", "complex128", "bool")
    for value in (np.array([3, 1]).astype(name)[1] for name in names):
        if ctypes.string_at(id(value) + NUMBER, value.nbytes) != value.tobytes():
            return False
    return True


def _knows_containers() -> bool:
    pair, text = (object(), object()), b"fortran"
    several = [object(), *pair]
    return (
        word_at(id(several) + SIZE) == 3
        and _words(word_at(id(several) + LIST_ITEMS), 3) == tuple(map(id, several))
        and _knows_tuples(pair, text)
    )


def _knows_tuples(pair: tuple[Any, ...], text: bytes) -> bool:
    return (
        word_at(id(pair) + SIZE) == 2
        and word_at(id(pair) + ITEMS + POINTER) == id(pair[1])
        and word_at(id(text) + SIZE) == len(text)
        and ctypes.string_at(id(text) + BYTES) == text
    )


def _knows_texts() -> bool:
    plain = ["".join(["for", "tran"]), "".join(["q" * 300, "!"]), "word", "", "a"]
    others = [
        "r\xe4",
        "\u20ac",
        "\U0001f600",
        ShiftedText("fortran"),
        ShiftedText("r\xe4"),
    ]
    return (
        bin(COMPACT_ASCII).count("1") == 2
        and all(state_of(each) & COMPACT_ASCII == COMPACT_ASCII for each in plain)
        and all(word_at(id(each) + SIZE) == len(each) for each in plain)
        and all(
            ctypes.string_at(id(each) + CHARACTERS) == each.encode() for each in plain
        )
        and all(state_of(each) & COMPACT_ASCII != COMPACT_ASCII for each in others)
    )


def _knows_arrays() -> bool:
    whole = np.zeros((3, 4), order="F")
    frozen = np.zeros(5, dtype=np.complex64)
    frozen.flags.writeable = False
    shown = (whole, whole[:, 1:], whole[1:], whole.T, frozen, np.zeros(6, "i4")[::2])
    return all(map(_is_laid_out, shown))


def _is_laid_out(array: Any) -> bool:
    location = id(array)
    extents, strides = word_at(location + EXTENTS), word_at(location + STRIDES)
    flags = ctypes.c_int.from_address(location + FLAGS).value
    return (
        word_at(location + DATA) == array.__array_interface__["data"][0]
        and ctypes.c_int.from_address(location + RANK).value == array.ndim
        and array.shape == _words(extents, array.ndim)
        and array.strides == _words(strides, array.ndim)
        and word_at(location + DESCRIPTOR) == id(array.dtype)
        and bool(flags & C_CONTIGUOUS) == array.flags.c_contiguous
        and bool(flags & F_CONTIGUOUS) == array.flags.f_contiguous
        and bool(flags & ALIGNED) == array.flags.aligned
        and bool(flags & WRITEABLE) == array.flags.writeable
    )


def _words(location: int, count: int) -> tuple[int, ...]:
    return tuple(word_at(location + POINTER * place) for place in range(count))


def _knows_element_types() -> bool:
    kinds = [np.dtype(name) for name in ("S1", "S4", "S300", "U2", "float64", "c")]
    return all(
        ctypes.string_at(id(kind) + LETTER, 1) == kind.char.encode()
        and ctypes.c_uint32.from_address(id(kind) + ELEMENT_SIZE).value == kind.itemsize
        for kind in kinds
    )


def _knows_weak_references() -> bool:
    array = np.zeros(1)
    before = word_at(id(array) + WEAK_REFERENCES)
    reference = weakref.ref(array)
    return before == 0 and word_at(id(array) + WEAK_REFERENCES) == id(reference)


def _knows_functions() -> bool:
    return _have_entries(_knows_arrays, _knows_functions)


def _knows_routines() -> bool:
    class Routine(partial):  # type: ignore[type-arg]
        pass

    offset = word_at(id(Routine) + VECTORCALL_OFFSET)
    return (
        _have_entries(partial(_knows_arrays), partial(_knows_functions))
        and offset == word_at(id(partial) + VECTORCALL_OFFSET)
        and word_at(id(Routine) + TYPE_FLAGS) == Routine.__flags__
        and word_at(id(Routine(_knows_arrays)) + offset)
        == word_at(id(partial(_knows_arrays)) + offset)
    )


def _have_entries(*values: Any) -> bool:
    """Whether objects of one type hold the address, the same in all, of what a call of them runs."""
    kind = type(values[0])
    offset = word_at(id(kind) + VECTORCALL_OFFSET)
    flags = word_at(id(kind) + TYPE_FLAGS)
    if flags != kind.__flags__ or not flags & HAS_VECTORCALL:
        return False
    if not HEAD < offset < kind.__basicsize__:
        return False
    entries = {word_at(id(each) + offset) for each in values}
    return len(entries) == 1 and 0 not in entries


def _knows_numpy_functions() -> bool:
    make = ctypes.PYFUNCTYPE(
        ctypes.py_object,
        ctypes.c_int,
        ctypes.POINTER(ctypes.c_int64),
        ctypes.c_void_p,
        ctypes.c_int,
    )
    copy = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object, ctypes.c_int)
    kind, extents = np.dtype("float64"), (ctypes.c_int64 * 2)(2, 3)
    made = []
    for name in ("PyArray_Zeros", "PyArray_Empty"):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(kind))  # they keep one
        made.append(make(address_of_function(name))(2, extents, id(kind), 1))
    made[1][...] = 1
    made.append(copy(address_of_function("PyArray_NewCopy"))(made[1], 1))
    convert = ctypes.PYFUNCTYPE(
        ctypes.py_object, ctypes.py_object, ctypes.c_void_p, ctypes.c_int
    )
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(kind))
    ones = np.ones((2, 3), dtype="int32")
    made.append(
        convert(address_of_function("PyArray_FromArray"))(ones, id(kind), AS_FORTRAN)
    )
    place = ctypes.PYFUNCTYPE(
        ctypes.py_object,
        ctypes.py_object,
        ctypes.c_void_p,
        ctypes.c_int,
        ctypes.POINTER(ctypes.c_int64),
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_int,
        ctypes.c_void_p,
    )(address_of_function("PyArray_NewFromDescr"))
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(kind))
    flags = F_CONTIGUOUS | ALIGNED | WRITEABLE
    memory = made[1].__array_interface__["data"][0]
    view = place(np.ndarray, id(kind), 2, extents, None, memory, flags, None)
    if not (view.strides == made[1].strides and view.flags.writeable):
        return False
    return np.shares_memory(view, made[1]) and all(
        type(each) is np.ndarray
        and each.shape == (2, 3)
        and each.flags.f_contiguous
        and each.flags.owndata
        and bool((each == wanted).all())
        for each, wanted in zip(made, (0, 1, 1, 1))
    )


def _counts_references() -> bool:
    # From 3.14 on a local variable is lent to what is called with it, and not counted; an element is.
    held = [[1.5]]
    mortal, before = word_at(id(held[0])), sys.getrefcount(held[0])
    more = [held[0], held[0]]
    return word_at(id(more[0])) - mortal == sys.getrefcount(held[0]) - before == 2


def _knows_attributes() -> bool:
    if not hasattr(ctypes.pythonapi, "_PyType_Lookup"):
        return False
    places = ((GET_ATTRIBUTE, "Get"), (SET_ATTRIBUTE, "Set"))
    have_setters = [
        bool(word_at(id(kind) + DESCRIPTOR_SET))
        for kind in (property, GetSetDescriptorType, FunctionType, classmethod)
    ]
    if word_at(id("name") + HASH) != hash("name"):
        return False
    return have_setters == [True, True, False, False] and all(
        word_at(id(float) + place) == address_of_function(f"PyObject_Generic{verb}Attr")
        for place, verb in places
    )


LAYOUT_TESTS: Sequence[tuple[str, Callable[[], bool]]] = (
    ("objects", _knows_types),
    ("reference counts", _counts_references),
    ("int", _knows_integers),
    ("float and complex", _knows_numbers),
    ("NumPy's scalars", _knows_numpy_scalars),
    ("bytes, tuple and list", _knows_containers),
    ("str", _knows_texts),
    ("numpy.ndarray", _knows_arrays),
    ("numpy.dtype", _knows_element_types),
    ("weak references", _knows_weak_references),
    ("functions", _knows_functions),
    ("Python functions", knows_python_functions),
    ("functools.partial", _knows_routines),
    ("attributes", _knows_attributes),
    ("NumPy's C interface", _knows_numpy_functions),
)

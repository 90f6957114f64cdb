"""Variables of Fortran modules and common blocks that machine code reads and stores.

A variable becomes a getset descriptor of its object's own class. Two getters and one setter for each kind of variable
serve all modules. What belongs to one variable lies in its cell.
"""

from __future__ import annotations

import ctypes
import math
import struct
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import numpy as np

from f2pypy.native.array_conversion import NUMBERS, converter_to
from f2pypy.native.cells import Word
from f2pypy.native.descriptors import place_of
from f2pypy.native.layouts import GET_ATTRIBUTE, POINTER, SET_ATTRIBUTE
from f2pypy.native.variable_code import SHAPES, WRITERS, entries

# Assignments of lists that take longer than compiling what stores them.
LISTS = 20_000


class GetSet(ctypes.Structure):
    """PyGetSetDef of CPython's descrobject.h."""

    _fields_ = [
        ("name", ctypes.c_char_p),
        ("get", ctypes.c_void_p),
        ("set", ctypes.c_void_p),
        ("doc", ctypes.c_char_p),
        ("closure", ctypes.c_void_p),
    ]


def quicken(objects: Iterable[Any]) -> None:
    """Give machine code to the variables of `objects`, those that are found already and those that will be."""
    for each in objects:
        is_object = hasattr(type(each), "_quicken") and each._quicken is None
        if is_object and not each._library.turns.needed:
            object.__setattr__(each, "_quicken", install)
            let_start(type(each), GET_ATTRIBUTE, "get_attribute")
            for name, place in each._places.items():
                install(each, name, place)


@cache
def new_descriptor() -> Any:
    """Return PyDescr_NewGetSet, which makes a descriptor of a class and the address of a GetSet."""
    prototype = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object, ctypes.c_void_p)
    return prototype(("PyDescr_NewGetSet", ctypes.pythonapi))


def install(owner: Any, name: str, place: Any) -> None:
    """Let machine code read and store the variable of `owner` that lies at `place`."""
    if not hasattr(place, "memory" if place.is_fixed else "descriptor"):
        return  # objects of derived type
    variable = place.variable
    if variable.protected or hasattr(variable, "interface"):
        return
    cell = (ctypes.c_int64 * len(Word))()
    write = place.write
    if len(variable.extents) == 1:
        write = counting_lists(cell, write, variable.kind, owner._library.native)
    cell[Word.WRITER] = id(write)
    kept: list[Any] = [cell, write]
    if place.is_fixed:
        getter, setter = "get", setter_of(place.memory)
        show(cell, kept, place.view, place.memory)
    else:
        getter, setter = "get_described", "set"
        follow(cell, kept, place)
        if getattr(place, "is_text", False):
            setter = "set_open_text"
            place.guard = Guard(place.guard, cell)
        # Text needs blanks, and its types aren't the same object everywhere.
        if place.is_packed and variable.kind.kind != "S":
            setter = "set_described"
            let_replace(cell, place)
    kind = type(owner)
    form = GetSet(
        name.encode(),
        entries()[getter],
        entries()[setter],
        None,
        ctypes.addressof(cell),
    )
    setattr(kind, name, new_descriptor()(kind, ctypes.addressof(form)))
    # A descriptor may outlive its object.
    ctypes.pythonapi.Py_IncRef(ctypes.py_object([kept, form]))
    let_start(kind, SET_ATTRIBUTE, "set_attribute")


def let_start(kind: type, place: int, entry: str) -> None:
    """Let what objects of a class do at a `place` of it be one of the `entries`."""
    ctypes.c_int64.from_address(id(kind) + place).value = entries()[entry]


def counting_lists(
    cell: Any, write: Callable[[Any], None], kind: Any, tier: Any
) -> Callable[[Any], None]:
    """Return what stores a value in an array with one axis; after some lists machine code takes the next ones."""
    if kind.name not in NUMBERS:
        return write
    left = 1 if tier is not None and tier.mode == "1" else LISTS

    def write_and_count(value: Any) -> None:
        nonlocal left
        write(value)
        if type(value) is list:
            left -= 1
            if not left:
                cell[Word.CONVERTER] = converter_to(kind.name)

    return write_and_count


def setter_of(memory: np.ndarray[Any, Any]) -> str:
    """Return which setter stores in a variable whose address never changes."""
    code = memory.dtype.str[1:]
    if memory.ndim:
        return "set_array" if memory.dtype is np.dtype(memory.dtype.str) else "set"
    if code[0] == "S":
        return "set_text"
    return f"set_{code}" if f"set_{code}" in WRITERS else "set"


def show(cell: Any, kept: list[Any], view: Any, own: Any) -> None:
    """Note in a cell what readers see, and where it lies: `own` is a view of the same memory."""
    extents = (ctypes.c_int64 * max(own.ndim, 1))(*own.shape)
    kind = own.dtype
    kept[2:] = [view, own, kind, extents]
    cell[Word.MEMORY] = own.__array_interface__["data"][0]
    cell[Word.SIZE] = own.nbytes
    cell[Word.KIND] = id(kind)
    cell[Word.RANK] = own.ndim
    cell[Word.EXTENTS] = ctypes.addressof(extents)
    cell[Word.VIEW] = id(view)


class Guard:
    """A lock of Python's part that tells machine code in `cell` when it is held."""

    def __init__(self, lock: Any, cell: Any) -> None:
        self.lock = lock
        self.cell = cell

    def __enter__(self) -> None:
        self.lock.__enter__()
        self.cell[Word.BUSY] += 1

    def __exit__(self, *failure: object) -> None:
        self.cell[Word.BUSY] -= 1
        self.lock.__exit__(*failure)


class Shapes(dict[tuple[tuple[int, ...], int], bytes]):
    """Descriptors by extents and bytes of an element, of which the last are where machine code finds them."""

    def __init__(self, cell: Any, rank: int, described: int) -> None:
        super().__init__()
        self.record = struct.Struct(f"@q{rank}q{described - POINTER}s")
        # No array has extents of -1.
        self.memory = bytearray(b"\xff") * (SHAPES * self.record.size)
        self.next = 0
        place = ctypes.c_char.from_buffer(self.memory)
        cell[Word.SHAPES], cell[Word.SHAPE_SIZE] = (
            ctypes.addressof(place),
            self.record.size,
        )

    def __setitem__(self, key: tuple[tuple[int, ...], int], rest: bytes) -> None:
        super().__setitem__(key, rest)
        extents, size = key
        start = self.next * self.record.size
        self.next = (self.next + 1) % SHAPES
        self.record.pack_into(
            self.memory, start, size * math.prod(extents), *extents, rest
        )


def follow(cell: Any, kept: list[Any], place: Any) -> None:
    """Let a cell say what is known of a variable that has a descriptor."""
    descriptor = place.descriptor.memory
    cell[Word.READER] = id(reader := place.read)
    cell[Word.DESCRIPTOR] = ctypes.addressof(descriptor)
    cell[Word.DESCRIBED] = ctypes.sizeof(descriptor)
    length = length_of(place.descriptor)
    cell[Word.LENGTH] = ctypes.addressof(length)
    known = ctypes.create_string_buffer(ctypes.sizeof(descriptor) + POINTER)
    cell[Word.KNOWN] = ctypes.addressof(known)
    constants = [reader, known, length]
    if place.variable.is_open_text:
        cell[Word.TOLD] = told_length(place.descriptor)
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(constants))

    def note(seen: tuple[Any, ...]) -> None:
        # No view is given out meanwhile: other threads ask Python.
        cell[Word.VIEW] = cell[Word.MEMORY] = 0
        found, view, own, _ = seen
        if own is not None:
            known.raw = found
            show(cell, kept, view, own)
            return
        del kept[2:]
        if found is not None:
            known.raw = found
            cell[Word.VIEW] = id(None)

    place.note = note
    note(place.seen)


def length_of(descriptor: Any) -> Any:
    """Return the word with the length of a text that its descriptor doesn't tell, one of 0 where there is none."""
    return ctypes.c_size_t() if descriptor.length is None else descriptor.length.word


def told_length(descriptor: Any) -> int:
    """Return where the length of a text of deferred length lies, in its descriptor or elsewhere."""
    if descriptor.length is not None:
        return ctypes.addressof(descriptor.length.word)
    offset = POINTER * place_of(descriptor.layout, "size")
    return ctypes.addressof(descriptor.memory) + offset


def let_replace(cell: Any, place: Any) -> None:
    """Let machine code give other memory to an allocatable array."""
    variable, heap = place.variable, place.heap()
    cell[Word.RANK] = variable.rank
    cell[Word.KIND] = id(variable.kind)
    place.guard = Guard(place.guard, cell)
    place.known_shapes = Shapes(cell, variable.rank, cell[Word.DESCRIBED])
    known = place.allocations
    cell[Word.ALLOCATIONS] = id(known)
    for word, function in (
        (Word.ALLOCATE, heap._allocate),
        (Word.RELEASE, heap.release),
    ):
        cell[word] = ctypes.cast(function, ctypes.c_void_p).value or 0
    constants = [variable, variable.kind, heap, known, place.known_shapes]
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(constants))

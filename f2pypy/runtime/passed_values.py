"""What Fortran passes as CLASS(*): numbers, characters or objects, which Python gets as what they are."""

from __future__ import annotations

import ctypes
from functools import lru_cache
from typing import Any, Iterator, Mapping

from numpy import dtype

from f2pypy.runtime.allocated_arrays import records_at
from f2pypy.runtime.compilers import Compiler
from f2pypy.runtime.descriptors import ORDINARY, ArrayDescriptor, view_memory
from f2pypy.runtime.intrinsic_tables import intrinsic_name
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.polymorphic import object_passed, word_at
from f2pypy.runtime.record_tables import TypeTable, type_hash
from f2pypy.runtime.records import Record

_BYTES_OF_WORD = ctypes.sizeof(ctypes.c_void_p)
# NumPy's letters of numbers, and those of integers for logicals of their size.
_NUMBER_LETTERS, _LOGICAL_LETTERS = "bhiqfdgFDG", "bhiq"
# Classes by their library and what that says of their types.
_CLASSES: dict[tuple[Library, int], Any] = {}


class PassedValue:
    """What a container or descriptor of CLASS(*) with `rank` axes at `place` says: the type, and where the value lies.

    `record` is the class of an object or array of objects, None for numbers and characters, which have the type `kind`.
    Logicals are integers there, which `logical` says. TypeError is raised for a type that Python hasn't.
    """

    def __init__(self, library: Library, place: int, rank: int, what: str, use: int = ORDINARY) -> None:
        compiler: Compiler = library.compiler
        layout, tables = compiler.arrays, compiler.types
        self.layout, self.place, self.rank, self.use = layout, place, rank, use
        self.record: type[Record] | None = None
        self.kind, self.logical = dtype("V"), False
        self.address = word_at(place)
        known: Any
        if tables.described:
            header = layout.unpack((ctypes.c_char * layout.size(0)).from_address(place), 0)[0]
            known, self.size = _kinds_by_code(compiler).get(header["type"]), header["size"]
            self.table = 0 if known else word_at(place + layout.size(rank))
        else:
            beside = place + (layout.size(rank) if rank else _BYTES_OF_WORD)
            self.table, length = word_at(beside), word_at(beside + _BYTES_OF_WORD)
            known = _kinds_by_number().get(ctypes.c_int32.from_address(self.table).value) if self.table else None
            self.size = length
        if known is not None:
            self.kind, self.logical = known
            if self.kind.kind == "S":
                self.kind = dtype(f"S{self.size}")
            return
        self.record = class_with_table(library, self.table)
        if self.record is None:
            raise TypeError(f"{what}: Fortran has a value of a type that Python doesn't know")
        self.size = TypeTable(tables, self.table).size

    def shape(self) -> tuple[int, ...]:
        """Return the extents; a scalar has none."""
        return ArrayDescriptor(self.place, self.layout, self.kind, self.rank, ORDINARY).extents() if self.rank else ()

    def view(self, owner: Any = None) -> Any:
        """Return an array over the numbers or characters, of rank 0 for a scalar; `owner` keeps their memory."""
        if not self.rank:
            return view_memory(self.address, self.kind, owner=owner)
        return ArrayDescriptor(self.place, self.layout, self.kind, self.rank, self.use).view(owner)

    def read(self, owner: Any = None) -> Any:
        """Return the number, the characters, the object, or a live view of the array; of logicals a copy."""
        if self.record is not None:
            return self.objects(owner)
        view = self.view(owner)
        if self.rank:
            return view != 0 if self.logical else view
        if self.kind.kind == "S":
            return view.tobytes()
        return bool(view[()]) if self.logical else view[()].item()

    def objects(self, owner: Any) -> Any:
        """Return the object, or the array of objects."""
        assert self.record is not None
        if self.rank:
            return records_at(self.record, self.place, self.rank, owner, self.size, ordinary=self.use is ORDINARY)
        if owner is None:
            return object_passed(self.record, self.place)
        return self.record._at(self.address, owner)


def class_with_table(library: Library, address: int) -> type[Record] | None:
    """Return the class for the type whose table lies at an address, or for the nearest one that it extends."""
    key = (library, address)
    if key not in _CLASSES:
        tables: dict[int, type[Record]] = {}
        for each in _classes_of(library, Record):
            table = each._type.table()
            if table is not None:
                # a Python class that overrides nothing has its parent's
                tables.setdefault(table.address, each)
        parent = library.compiler.types.parent
        while address and address not in tables:
            address = word_at(address + parent) if parent else 0
        _CLASSES[key] = tables.get(address)
    found: type[Record] | None = _CLASSES[key]
    return found


def _classes_of(library: Library, record: type[Record]) -> Iterator[type[Record]]:
    """Yield the classes of a library's types, each before those that extend it."""
    for each in record.__subclasses__():
        if "_type" in vars(each) and each._type.library is library:
            yield each
        yield from _classes_of(library, each)


def _kinds() -> list[tuple[dtype[Any], bool]]:
    numbers = [(dtype(letter), False) for letter in _NUMBER_LETTERS]
    return numbers + [(dtype(letter), True) for letter in _LOGICAL_LETTERS]


@lru_cache(1)
def _kinds_by_number() -> Mapping[int, tuple[dtype[Any], bool]]:
    """Return the types of numbers by the numbers that gfortran has for them, each with whether it is a logical's."""
    kinds = [*_kinds(), (dtype("S"), False)]
    return {type_hash(intrinsic_name(kind, logical)): (kind, logical) for kind, logical in kinds}


@lru_cache(4)
def _kinds_by_code(compiler: Compiler) -> Mapping[int, tuple[dtype[Any], bool]]:
    """Return the same by the codes in descriptors."""
    codes = compiler.arrays.codes
    named = [(f"{'l' if logical else kind.kind}{kind.itemsize}", (kind, logical)) for kind, logical in _kinds()]
    found = {codes[name]: known for name, known in named if name in codes}
    found[codes["S"]] = (dtype("S"), False)
    return found

"""Tables of types that Python makes for classes that extend Fortran types: the parent's, with methods of Python's."""

from __future__ import annotations

import ctypes
import struct
from typing import Any, Mapping

from f2pypy.runtime.callback_memory import c_function, pointed_address
from f2pypy.runtime.descriptors import POINTER
from f2pypy.runtime.interpreter import new_number
from f2pypy.runtime.record_tables import TypeTable

_TABLE_HASH = struct.Struct("=i")
_TABLE_WORDS = struct.Struct("@P")
# gfortran's own numbers of types are smaller: see `f2pypy.runtime.record_tables.type_hash`.
_FIRST_TABLE_HASH = 100_000_000
# What tables point to: Fortran may do so as long as the process lives.
_KEPT_TABLES: list[Any] = []
_TABLE_NUMBERS: dict[int, Any] = {}

# Where flang's tables have the description of their bindings, the name, those of the components and of special
# procedures, the set of these, and whether there is a parent (DerivedType of flang's runtime/type-info.h).
_BINDINGS, _NAME, _COMPONENTS, _SPECIALS_AT, _SPECIAL_SET, _HAS_PARENT, _DESCRIBED_SIZE = 0, 64, 232, 360, 424, 428, 432
# Of a description, base and bytes come first. A binding is its code and the description of its name.
_BASE_AT, _LENGTH_AT, _EXTENT_AT, _NAME_SIZE = 0, 8, 32, 24
# FINAL procedures are the specials from this number on; children have those of assignment, but not these.
_FIRST_FINAL = 7
# A component: description of its name, genre, category, kind and rank, offset, and where its type is described.
_COMPONENT_SIZE, _GENRE, _CATEGORY, _TYPE_AT = 256, 24, 25, 56
_DATA_GENRE = 1


def container_table(kind: Any, parent: TypeTable, code: Mapping[int, int], count: int) -> TypeTable:
    """Return a table for gfortran; `code` are the addresses of Python's methods by their places among `count`."""
    tables = parent.tables
    size = tables.bindings + count * _TABLE_WORDS.size
    made = bytearray(ctypes.string_at(parent.address, size))
    _TABLE_HASH.pack_into(made, 0, _FIRST_TABLE_HASH + new_number(_TABLE_NUMBERS))
    _TABLE_WORDS.pack_into(made, tables.parent, parent.address)
    for place, address in code.items():
        _TABLE_WORDS.pack_into(made, tables.bindings + place * _TABLE_WORDS.size, address)
    if not parent.word(tables.copy):
        # an abstract type has no objects of its own, which could be copied or initialised
        image = _kept(bytearray(kind.image()))
        _TABLE_WORDS.pack_into(made, tables.image, image)
        _TABLE_WORDS.pack_into(made, tables.copy, _copier(kind))
    return TypeTable(tables, _kept(made))


def described_table(kind: Any, parent: TypeTable, code: Mapping[str, int]) -> TypeTable:
    """Return a table for flang; `code` has the addresses of all bindings by their names, in the order of its tables."""
    made = bytearray(ctypes.string_at(parent.address, _DESCRIBED_SIZE))
    describe, codes = kind.library.compiler.arrays.describe, kind.library.compiler.arrays.codes
    bindings = bytearray()
    for name, address in code.items():
        text = bytearray(name.encode())
        bindings += _TABLE_WORDS.pack(address) + describe(_kept(text), len(text), codes["S"], (), (), POINTER)
    _TABLE_WORDS.pack_into(made, _BINDINGS, _kept(bindings))
    _TABLE_WORDS.pack_into(made, _EXTENT_AT, len(code))
    name_of_class = bytearray(f"{kind.name}.{kind.record.__qualname__}.{new_number(_TABLE_NUMBERS)}".encode())
    _TABLE_WORDS.pack_into(made, _NAME + _BASE_AT, _kept(name_of_class))
    _TABLE_WORDS.pack_into(made, _NAME + _LENGTH_AT, len(name_of_class))
    _TABLE_WORDS.pack_into(made, _COMPONENTS, _parent_component(kind, parent, made))
    _TABLE_WORDS.pack_into(made, _COMPONENTS + _EXTENT_AT, 1)
    (specials,) = struct.unpack_from("=I", made, _SPECIAL_SET)
    struct.pack_into("=I", made, _SPECIAL_SET, specials & ((1 << _FIRST_FINAL) - 1))
    made[_HAS_PARENT] = 1
    return TypeTable(parent.tables, _kept(made))


def _parent_component(kind: Any, parent: TypeTable, made: bytearray) -> int:
    """Return the address of the description of a component that is the object of the parent type."""
    component = bytearray(_COMPONENT_SIZE)
    component[:_NAME_SIZE] = made[_NAME : _NAME + _NAME_SIZE]
    _TABLE_WORDS.pack_into(component, _BASE_AT, parent.word(_NAME))
    _TABLE_WORDS.pack_into(component, _LENGTH_AT, parent.word(_NAME + _LENGTH_AT))
    component[_GENRE], component[_CATEGORY] = _DATA_GENRE, parent.tables.category
    described: bytes = kind.library.compiler.arrays.describe(
        parent.address, _DESCRIBED_SIZE, parent.tables.code, (), ()
    )
    component[_TYPE_AT : _TYPE_AT + len(described)] = described
    return _kept(component)


def _copier(kind: Any) -> int:
    """Return the address of a C function that makes the object at its second address a copy of the first."""

    def copy(source: int, target: int) -> None:
        kind.duplicate(source, target)

    function, pointer = c_function(copy, None, (None, None), _forget)
    _KEPT_TABLES.append(function)
    return pointed_address(pointer) or 0


def _forget(failure: BaseException) -> None:
    pass


def _kept(content: bytearray) -> int:
    """Return the address of memory with this content, which stays."""
    memory = (ctypes.c_char * max(len(content), 1)).from_buffer(content or bytearray(1))
    _KEPT_TABLES.append(memory)
    return ctypes.addressof(memory)

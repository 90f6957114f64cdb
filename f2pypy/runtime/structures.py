"""Objects of derived type by value: structures of C with the same fields."""

from __future__ import annotations

import ctypes
from typing import Any, Callable, Iterator

from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.record_memory import cffi_structure, cffi_structure_at
from f2pypy.runtime.scalar_types import ScalarType

# By the struct module's letters: the types of ctypes and of C.
_FIELD_TYPES: dict[str, tuple[Any, str]] = {
    "b": (ctypes.c_int8, "int8_t"),
    "h": (ctypes.c_int16, "int16_t"),
    "i": (ctypes.c_int32, "int32_t"),
    "q": (ctypes.c_int64, "int64_t"),
    "f": (ctypes.c_float, "float"),
    "d": (ctypes.c_double, "double"),
}


class StructureType(ScalarType):
    """A structure with these `fields`: letters of the struct module, each after a count where that isn't 1."""

    def __init__(self, fields: str) -> None:
        known = [_FIELD_TYPES[letter] for letter in _counted(fields)]
        structure: Any = type(
            "Structure", (ctypes.Structure,), {"_fields_": [(f"part{n}", c) for n, (c, _) in enumerate(known)]}
        )
        # cffi takes an object for its type as well as a name
        example: Any = cffi_structure([name for _, name in known]) if PYPY else ""
        super().__init__("", structure, example)
        self.of: Callable[[Any], Any] = _cffi_value(example) if PYPY else _ctypes_value(structure)


def _counted(fields: str) -> Iterator[str]:
    count = ""
    for each in fields:
        if each.isdigit():
            count += each
        else:
            yield from each * int(count or 1)
            count = ""


def _ctypes_value(structure: Any) -> Callable[[Any], Any]:
    return lambda record: structure.from_buffer_copy(record._window)


def _cffi_value(example: Any) -> Callable[[Any], Any]:
    return lambda record: cffi_structure_at(example, record._pointer)

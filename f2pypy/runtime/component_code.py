"""Attributes of objects in machine code: a number is read and assigned as fast as a field of ``ctypes.Structure``.

A descriptor of CPython's, ``PyGetSetDef``, calls two C functions with the object and a block of facts about the
component. Here they are some instructions for x86-64 and the System V ABI. What they aren't made for they leave to
Python: values of other types, numbers out of range, constants. Elsewhere components have descriptors in Python.
"""

from __future__ import annotations

import ctypes
import struct
import sys
from functools import lru_cache
from typing import Any, Mapping

from numpy import zeros

from f2pypy.runtime.component_instructions import STORED_KINDS, kept_codes, stored_codes
from f2pypy.runtime.executable_memory import executable
from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.number_windows import ConstantWindow
from f2pypy.runtime.scalar_types import IS_X86_64

# Of every object: reference count and type. A float's number, and the address of an array's memory, lie after them.
_HEAD = 16
# See `f2pypy.runtime.component_instructions`
_FACTS = struct.Struct("@14q")


class _Definition(ctypes.Structure):
    """CPython's PyGetSetDef."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("get", ctypes.c_void_p),
        ("set", ctypes.c_void_p),
        ("doc", ctypes.c_char_p),
        ("facts", ctypes.c_void_p),
    )


def code_attribute(
    owner: type, base: type, letter: str, offset: int, name: str, limits: tuple[int, int] = (0, 0), length: int = 0
) -> Any:
    """Return the attribute of class `owner` for the component `name`, None where it can't be machine code.

    `base` has the slot of the window, and the methods for what is left to Python; `letter` is one of `STORED_KINDS`.
    """
    if letter not in STORED_KINDS or not _functions():
        return None
    kind = STORED_KINDS[letter]
    least, most = limits if kind.store else (0, 0)
    before = (offset, _address_of(kind.make), id(kind.exact) if kind.store else 0, id(ConstantWindow))
    after = (
        *(_address_of("PyLong_AsLongLongAndOverflow"), id(True) if kind.exact is bool else least, most),
        *(_address_of("Py_DecRef"), length),
    )
    return _attribute(owner, base, name, (letter, "_window"), before, after)


def kept_attribute(owner: type, base: type, name: str, is_array: bool = False) -> Any:
    """Return the attribute for what objects keep by the component's name in the slot ``_known``, None as above.

    Of an array it is a new view each time.
    """
    if not _functions():
        return None
    last = _address_of("PyObject_GetItem" if is_array else "Py_IncRef")
    before = (_immortal(name), _address_of("PyDict_GetItem"), last, id(Ellipsis))
    how = ("viewed" if is_array else "kept", "_known")
    return _attribute(owner, base, name, how, before, (0, 0, 0, _address_of("Py_DecRef"), 0))


def _attribute(
    owner: type, base: type, name: str, how: tuple[str, str], before: tuple[int, ...], after: tuple[int, ...]
) -> Any:
    """Return a descriptor with the functions, and the slot, that `how` names, None where there are none."""
    kind, slot_name = how
    slot = _slot_of(base, slot_name)
    if not slot:
        return None
    methods = map(_immortal, ("_read_component", "_store_component", name))
    words = (slot, *before, _address_of("PyObject_CallMethodObjArgs"), *methods, *after)
    facts = ctypes.create_string_buffer(_FACTS.pack(*words))
    made = _Definition(name.encode(), *_functions()[kind], None, ctypes.addressof(facts))
    for each in (facts, made):
        _immortal(each)
    new = ctypes.pythonapi["PyDescr_NewGetSet"]
    new.restype, new.argtypes = ctypes.py_object, [ctypes.py_object, ctypes.c_void_p]
    return new(owner, ctypes.addressof(made))


def _immortal(value: Any) -> int:
    """Return the address of an object that lives as long as the process, like the descriptors that may have it."""
    ctypes.pythonapi["Py_IncRef"](ctypes.py_object(value))
    return id(value)


@lru_cache(16)
def _address_of(name: str) -> int:
    return ctypes.cast(ctypes.pythonapi[name], ctypes.c_void_p).value or 0


@lru_cache(1)
def _functions() -> Mapping[str, tuple[int, int]]:
    """Return the addresses of getters and setters by letters, and for what is kept; none where they can't run."""
    if not _runs_here():
        return {}
    codes = {**kept_codes(), **stored_codes()}
    try:
        start = executable(b"".join(code for pair in codes.values() for code in pair))
    except (MemoryError, OSError, AttributeError):
        return {}
    found: dict[str, tuple[int, int]] = {}
    for name, (getter, setter) in codes.items():
        found[name] = (start, start + len(getter))
        start += len(getter) + len(setter)
    return found


def _runs_here() -> bool:
    """Whether the machine has these instructions, and the interpreter's objects lie as they take it."""
    if PYPY or not IS_X86_64 or sys.platform not in ("linux", "darwin") or object.__basicsize__ != _HEAD:
        return False
    number, both, text = 2.5, 2.5 + 3.5j, b"fortran"
    window, array = (ctypes.c_char * 32)(), zeros(4)
    words = (
        (number, _HEAD, struct.pack("=d", number)),
        (both, _HEAD, struct.pack("=2d", both.real, both.imag)),
        (text, _HEAD, struct.pack("=q", len(text))),
        (text, 2 * _HEAD, text),
        (window, _HEAD, struct.pack("=q", ctypes.addressof(window))),
        (array, _HEAD, struct.pack("=q", array.ctypes.data)),
        *((each, _HEAD // 2, struct.pack("=q", id(type(each)))) for each in (1, number, True, array)),
    )
    return all(ctypes.string_at(id(each) + place, len(found)) == found for each, place, found in words)


@lru_cache(4)
def _slot_of(base: Any, name: str) -> int:
    """Return where the objects of a class have a slot, 0 where it isn't found."""
    made, value = base.__new__(base), object()
    setattr(made, name, value)
    size = base.__basicsize__
    words = struct.unpack(f"@{size // 8}q", ctypes.string_at(id(made), size))
    return 8 * words.index(id(value)) if words.count(id(value)) == 1 else 0

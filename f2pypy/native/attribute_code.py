"""What reads and sets attributes of Fortran modules and common blocks, whose classes have methods in Python for both.

Python looks for `__getattr__` and `__setattr__` every time, although most attributes are found without them.
"""

from __future__ import annotations

import ctypes
from typing import Any

from llvmlite import ir

from f2pypy.native.cells import zero
from f2pypy.native.code import INT, LONG, NULL, OBJECT, Code
from f2pypy.native.layouts import (
    DESCRIPTOR_SET,
    GET_ATTRIBUTE,
    HASH,
    SET_ATTRIBUTE,
    TYPE,
    word_at,
)

GETTER = ir.FunctionType(OBJECT, [OBJECT, OBJECT])
SETTER = ir.FunctionType(INT, [OBJECT, OBJECT, OBJECT])
# What Python has for its own use, and newer versions may have no more.
OF_DICTIONARIES = ("_PyObject_GetDictPtr", "_PyDict_GetItem_KnownHash")


def set_attribute(code: Code, owner: Any, name: Any, value: Any) -> None:
    """Do what ``owner.name = value`` does: run the variable's setter, or Python's `__setattr__`."""
    builder = code.builder
    code.require(code.is_given(value))
    found = code.call("_PyType_Lookup", code.load(owner, TYPE, OBJECT), name)
    code.require(code.is_given(found))
    code.require(code.has_type(found, type(type.__dict__["__dict__"])))
    builder.ret(code.call("PyObject_GenericSetAttr", owner, name, value))


def set_attribute_slowly(code: Code, owner: Any, name: Any, value: Any) -> None:
    """Run what every class with a `__setattr__` in Python has in this place."""
    address = word_at(id(_Setting) + SET_ATTRIBUTE)
    code.builder.ret(code.call_address(address, SETTER, [owner, name, value]))


class _Setting:
    def __setattr__(self, name: str, value: Any) -> None: ...


def get_attribute(code: Code, owner: Any, name: Any) -> None:
    """Do what ``owner.name`` does: look as for all objects, and run Python's `__getattr__` for what isn't found."""
    builder = code.builder
    if all(hasattr(ctypes.pythonapi, each) for each in OF_DICTIONARIES):
        _return_from_dictionary(code, owner, name)
    found = code.call("PyObject_GenericGetAttr", owner, name)
    missing, failed = code.block("missing"), code.block("failed")
    code.go_on_if(code.is_given(found), missing)
    builder.ret(found)
    builder.position_at_end(missing)
    kind = code.constant_object(AttributeError)
    is_none = code.call("PyErr_ExceptionMatches", kind)
    code.go_on_if(builder.icmp_signed("!=", is_none, zero(INT)), failed)
    code.call("PyErr_Clear")
    builder.branch(code.slow)
    builder.position_at_end(failed)
    builder.ret(NULL)


def _return_from_dictionary(code: Code, owner: Any, name: Any) -> None:
    """Return what the object's own dictionary has, unless the class has something that comes before it."""
    builder = code.builder
    before, code.slow = code.slow, code.block("general")
    code.require(code.has_type(name, str))
    kind = code.load(owner, TYPE, OBJECT)
    declared = code.call("_PyType_Lookup", kind, name)
    looking, own = code.block("looking"), code.block("own")
    builder.cbranch(code.is_null(declared), own, looking)
    builder.position_at_end(looking)
    setter = code.load(code.load(declared, TYPE, OBJECT), DESCRIPTOR_SET, OBJECT)
    code.require(code.is_null(setter))
    builder.branch(own)
    builder.position_at_end(own)
    place = code.call("_PyObject_GetDictPtr", owner)
    code.require(code.is_given(place))
    dictionary = code.load(place, 0, OBJECT)
    code.require(code.is_given(dictionary))
    hashed = code.load(name, HASH, LONG)
    found = code.call("_PyDict_GetItem_KnownHash", dictionary, name, hashed)
    code.require(code.is_given(found))
    code.keep(found)
    builder.ret(found)
    builder.position_at_end(code.slow)
    code.slow = before


def get_attribute_slowly(code: Code, owner: Any, name: Any) -> None:
    """Run what every class with a `__getattr__` in Python has in this place."""
    address = word_at(id(_Getting) + GET_ATTRIBUTE)
    code.builder.ret(code.call_address(address, GETTER, [owner, name]))


class _Getting:
    def __getattr__(self, name: str) -> Any: ...

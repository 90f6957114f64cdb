"""Machine code that a program passes as a callback again: what was accepted once needs no look at its types.

What may change is looked at each time: declarations, the address, a capsule's name, what a routine's library needs.
`f2pypy.native.known_code` does the same for native code.
"""

from __future__ import annotations

import ctypes
import struct
from typing import Any, Callable, Optional
from weakref import ref

from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.machine_code import capsule_name, needs_no_more
from f2pypy.runtime.memory import MEMORY, REACHES_ALL

Finder = Callable[[Any], Optional[int]]
_MOST_ACCEPTED = 16  # types, and objects
_FUNCTION: Any = ctypes.CFUNCTYPE(None).__mro__[1]
_POINTER_IN_CAPSULE = getattr(object, "__basicsize__", 0)
_NAME_IN_CAPSULE = _POINTER_IN_CAPSULE + ctypes.sizeof(ctypes.c_void_p)
_name_at = ctypes.c_char_p.from_address
_address_in = struct.Struct("@P").unpack_from


class AcceptedCode:
    """What a `CallbackSignature` has accepted: `finders` has, by type, what finds the address of an object's code.

    A finder returns None or 0 for an object that isn't known. No object is kept alive.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self.finders: dict[Any, Finder] = {}
        self.objects: dict[int, tuple[Callable[[], Any], int]] = {}

    def accept(self, function: Any, address: int) -> None:
        """Find `address` from now on for `function`, and the addresses of objects that say all that it says."""
        finder = None if PYPY or not REACHES_ALL else self._finder(function, address)
        if finder is None or finder(function) != address:
            return
        if len(self.finders) >= _MOST_ACCEPTED:
            self.finders.clear()
        self.finders[type(function)] = finder

    def _finder(self, function: Any, address: int) -> Finder | None:
        kind: Any = type(function)
        if kind is ctypes.c_void_p:
            return _value_of
        if isinstance(function, _FUNCTION):
            return _declared_finder(function)
        if kind.__name__ == "PyCapsule":
            return _capsule_finder(function)
        if isinstance(function, tuple):  # SciPy's
            find = _capsule_finder(tuple.__getitem__(function, 0))
            return lambda function: find(tuple.__getitem__(function, 0))
        if isinstance(function, ctypes.c_void_p):  # objects of its subclasses may get another address
            return None
        if len(self.objects) >= _MOST_ACCEPTED:
            self.objects.clear()
        try:
            self.objects[id(function)] = ref(function), address
        except TypeError:  # nothing tells that it is gone
            return None
        return self._address_of_routine if kind.__name__ == "Wrapper" else self._address_of_object

    def _address_of_object(self, function: Any) -> int | None:
        found = self.objects.get(id(function))
        # another object may lie there by now
        return found[1] if found is not None and found[0]() is function else None

    def _address_of_routine(self, routine: Any) -> int | None:
        return self._address_of_object(routine) if needs_no_more(routine.procedure, self.library) else None


def _value_of(pointer: Any) -> int | None:
    found: int | None = pointer.value
    return found


def _declared_finder(function: Any) -> Finder | None:
    """Return what finds the addresses of ctypes' functions that declare the same types; None where a list does."""
    arguments, result = function.argtypes, function.restype

    def find(function: Any) -> int | None:
        if function.argtypes is arguments and function.restype is result and function.errcheck is None:
            address: int = _address_in(MEMORY, ctypes.addressof(function))[0]
            return address
        return None

    return find if type(arguments) is tuple else None


def _capsule_finder(capsule: Any) -> Finder:
    """Return what finds the pointers of capsules with the same name."""
    kind, name = type(capsule), capsule_name(capsule)

    def find(capsule: Any) -> int | None:
        if type(capsule) is kind and _name_at(id(capsule) + _NAME_IN_CAPSULE).value == name:
            address: int = _address_in(MEMORY, id(capsule) + _POINTER_IN_CAPSULE)[0]
            return address
        return None

    return find

"""The memory of objects of derived type: a window through which Python reads and writes it, and what Fortran gets.

Windows are what the struct module takes. On CPython a window is the pointer as well, since ctypes passes the address of
an array of characters; what it lies in is kept as an attribute of it.
"""

from __future__ import annotations

import ctypes
from typing import Any, Callable, Sequence, Tuple

from numpy import dtype, ndarray

from f2pypy.runtime.descriptors import fortran_strides, view_memory
from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.pypy import CFFI, FFI

# A window, the pointer to pass for it, and its address
Memory = Tuple[Any, Any, int]


def _ctypes_object_maker(image: bytes, window_type: Any = None) -> Callable[[], Memory]:
    new, address_of = window_type or ctypes.c_char * len(image), ctypes.addressof
    is_zero = not any(image)

    def make() -> Memory:
        window = new()
        if not is_zero:
            window.raw = image
        return window, window, address_of(window)

    return make


def _cffi_object_maker(image: bytes, _window_type: Any = None) -> Callable[[], Memory]:
    size, address_type = len(image), FFI.typeof("intptr_t")

    def make() -> Memory:
        memory = FFI.new("char[]", image)
        return FFI.buffer(memory, size), memory, int(FFI.cast(address_type, memory))

    return make


def _ctypes_object_finder(size: int, window_type: Any = None) -> Callable[[int, Any], Memory]:
    from_address = (window_type or ctypes.c_char * size).from_address

    def find(address: int, owner: Any) -> Memory:
        window: Any = from_address(address)
        window.owner = owner
        return window, window, address

    return find


def _cffi_object_finder(size: int, _window_type: Any = None) -> Callable[[int, Any], Memory]:
    pointer_type, cast, view = FFI.typeof("char *"), FFI.cast, FFI.buffer

    def find(address: int, _owner: Any) -> Memory:
        pointer = cast(pointer_type, address)
        return view(pointer, size), pointer, address

    return find


def ctypes_bytes(value: Any) -> bytes:
    """Return the bytes of a structure that a function has returned."""
    return bytes(value)


def cffi_bytes(value: Any) -> bytes:
    """Return the bytes of a structure that a function has returned."""
    return bytes(FFI.buffer(FFI.addressof(value)))


def cffi_structure(names: Sequence[str]) -> Any:
    """Return a structure of cffi with fields of these types."""
    structure = CFFI.new_struct_type("struct record")
    fields = [(f"part{at}", FFI.typeof(name), -1) for at, name in enumerate(names)]
    CFFI.complete_struct_or_union(structure, fields)
    return CFFI.newp(CFFI.new_pointer_type(structure))[0]


def cffi_structure_at(example: Any, pointer: Any) -> Any:
    """Return the structure of the same type that lies at an address, as an argument that goes by value."""
    kind = CFFI.new_pointer_type(FFI.typeof(example))
    return CFFI.cast(kind, pointer)[0]


def _window_view(
    window: Any,
    address: int,
    offset: int,
    kind: dtype[Any],
    extents: Sequence[int],
    strides: Sequence[int] | None,
    owner: Any,
) -> ndarray[Any, Any]:
    if not kind.itemsize or not all(extents):
        # NumPy refuses an offset at the end of a window
        return view_memory(address + offset, kind, extents, strides, owner)
    steps = fortran_strides(kind.itemsize, extents) if strides is None else strides
    view: ndarray[Any, Any] = ndarray(extents, kind, window, offset, steps)
    return view


def _memory_view(
    window: Any,
    address: int,
    offset: int,
    kind: dtype[Any],
    extents: Sequence[int],
    strides: Sequence[int] | None,
    owner: Any,
) -> ndarray[Any, Any]:
    # the names of fields get lost on the way
    view: ndarray[Any, Any] = view_memory(address + offset, kind, extents, strides, owner)
    if kind.names is not None:
        view = view.view(kind)
    if getattr(window, "readonly", False):
        view.flags.writeable = False
    return view


# What makes new objects with the bytes of a default-initialised one; the class of their windows may follow.
object_maker: Callable[..., Callable[[], Memory]] = _cffi_object_maker if PYPY else _ctypes_object_maker
# What finds objects of so many bytes, by an address and what owns their memory; the class of windows may follow.
object_finder: Callable[..., Callable[[int, Any], Memory]] = _cffi_object_finder if PYPY else _ctypes_object_finder
# The bytes of a structure that a function has returned.
structure_bytes: Callable[[Any], bytes] = cffi_bytes if PYPY else ctypes_bytes
# A live view at an offset in a window: window, address, offset, type, extents, strides in bytes, owner. On PyPy NumPy
# never frees what a view of a buffer of cffi keeps.
part_view: Callable[..., ndarray[Any, Any]] = _memory_view if PYPY else _window_view


def object_at(address: int, size: int, owner: Any) -> Memory:
    """Return so many bytes at an address; `owner` has the memory."""
    return object_finder(size)(address, owner)

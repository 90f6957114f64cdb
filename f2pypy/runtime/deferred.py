"""Allocatable and pointer dummies: descriptors that Fortran may fill, and the values that come back in them."""

from __future__ import annotations

import ctypes
from typing import Any

from numpy import dtype, frombuffer, full, ndarray

from f2pypy.runtime.arrays import write_back
from f2pypy.runtime.compilers import new_room
from f2pypy.runtime.descriptors import view_memory
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.memory import text_at
from f2pypy.runtime.routines import length, location, pointer_to
from f2pypy.runtime.strings import as_elements
from f2pypy.runtime.texts import TEXT_KINDS, give_back_text


class _Description:
    """The memory of what tells Fortran of an allocatable or pointer, which a dead `Deferred` leaves to the next."""

    def __init__(
        self,
        compiler: Any,
        kind: dtype[Any],
        rank: int,
        pointer: bool,
        logical: bool,
        interoperable: bool,
        free: list[_Description],
    ) -> None:
        self.compiler, self.free = compiler, free
        self.memory = new_room(compiler.room_for(rank))
        self.word = ctypes.c_size_t(kind.itemsize)
        address = ctypes.addressof(self.memory)
        self.pointer = pointer_to(address)
        length = None if compiler.describes_length(interoperable) else ctypes.addressof(self.word)
        self.place = compiler.place_at(address, kind, rank, pointer, logical, length, interoperable)


_MOST_DESCRIPTIONS = 256  # types: a length may be computed anew in each call
_FREE_DESCRIPTIONS: dict[Any, list[_Description]] = {}


class Deferred:
    """An allocatable or `pointer` dummy of `rank` axes, unallocated until `hold` is called.

    `kind` is ``S0`` for characters whose length is deferred or assumed. Use: pass ``pointer`` to Fortran (and, where
    the compiler wants it, ``length`` or ``length_place``), then call exactly one of `take`, `give_back` and `release`.
    """

    def __init__(
        self,
        library: Library,
        kind: dtype[Any],
        rank: int,
        pointer: bool = False,
        logical: bool = False,
        interoperable: bool = False,
    ) -> None:
        self.place: Any = None
        self.kind = kind
        self.heap = library.compiler.heap(library.handles[0])
        self.is_pointer, self.is_text = pointer, kind.kind == "S" and not rank
        self.held: Any = None
        self.memory_held: Any = None
        # Each keeps its compiler and its type alive, so that no other has the same id.
        key = id(library.compiler), id(kind), rank, pointer, logical, interoperable
        if len(_FREE_DESCRIPTIONS) > _MOST_DESCRIPTIONS:
            _FREE_DESCRIPTIONS.clear()
        free = _FREE_DESCRIPTIONS.setdefault(key, [])
        try:
            self.description = free.pop()
        except IndexError:
            self.description = _Description(library.compiler, kind, rank, pointer, logical, interoperable, free)
        self.pointer, self.word = self.description.pointer, self.description.word
        self.word.value = kind.itemsize
        self.place = self.description.place
        self.place.describe(0, (0,) * rank)

    @property
    def length(self) -> Any:
        """The length of the characters, by value."""
        return length(self.word.value)

    @property
    def length_place(self) -> Any:
        """The address of the length of the characters, which Fortran may change."""
        return pointer_to(ctypes.addressof(self.word))

    def hold(self, value: ndarray[Any, Any]) -> None:
        """Let Fortran see `value`: a pointer points to it, an allocatable gets a copy that Fortran may deallocate."""
        kind = value.dtype
        self.word.value = kind.itemsize
        if self.is_pointer:
            # Fortran may write to what a pointer points to, whatever its intent.
            value = value if value.flags.writeable else value.copy("K")
            self.held = value
            self.place.describe(location(value), value.shape, value.strides, kind)
            return
        start = self.heap.allocate(value.nbytes)
        self.place.describe(start, value.shape, None, kind)
        view_memory(start, kind, value.shape)[...] = value

    def hold_text(self, memory: ndarray[Any, Any]) -> None:
        """Do the same for the memory of a string, as `string` gives it."""
        kind = dtype(f"S{memory.size}")
        self.word.value = memory.size
        start = location(memory)
        if self.is_pointer:
            self.memory_held = memory
        else:
            source, start = start, self.heap.allocate(memory.size)
            ctypes.memmove(start, source, memory.size)
        self.place.describe(start, (), None, kind)

    def take(self) -> Any:
        """Return what Fortran left, in memory of Python's own; None if it left nothing.

        A scalar is a Python number or, with all characters that it has, bytes.
        """
        place = self.place
        if not place.address:
            return None
        if self.is_text:
            taken: Any = text_at(place.address, place.size)
        else:
            view = place.view()
            taken = view.copy("F") if view.ndim else view.item()
        self.release()
        return taken

    def receive(self, address: int) -> Any:
        """Do the same for the scalar at `address`, which a function returned."""
        if address:
            self.place.describe(address, ())
        return self.take()

    def give_back(self, value: Any) -> Any:
        """Copy what Fortran left into the caller's array, and return it: that array, or a value of its own.

        Raises ValueError if an array was given, and Fortran left other extents or more characters than it has.
        """
        if isinstance(value, ndarray) and self._is_held():
            write_back(self.held)
            self.release()
            return value
        left = self.take()
        if not isinstance(value, ndarray):
            return left
        if isinstance(left, bytes):
            left = _padded(left, value)
        elif left is not None and not isinstance(left, ndarray):
            left = full((), left, value.dtype)
        if left is None or left.shape != value.shape:
            now = "unallocated" if left is None else f"of shape {left.shape}"
            what = "pointer" if self.is_pointer else "allocatable"
            raise ValueError(
                f"Fortran left the {what} argument {now}, the array given has shape {value.shape}: "
                "intent(in,out) returns it instead"
            )
        if left.dtype.kind == "S":
            _check_room(left.itemsize, value.itemsize)
            give_back_text(left, value)
        else:
            value[...] = left
        return value

    def _is_held(self) -> bool:
        """Whether a pointer still points to the caller's array, or the copy that stands in for it."""
        held = self.held
        return held is not None and self.place.address == location(held)

    def __del__(self) -> None:
        # An exception on the way to Fortran or from there leaves what was allocated to nobody.
        if self.place is not None:
            self.release()
            self.description.free.append(self.description)

    def release(self) -> None:
        """Free what an allocatable has; what a pointer points to belongs to others."""
        if self.place.address and not self.is_pointer:
            self.heap.release(self.place.address)
        self.place.forget()


def _padded(text: bytes, like: ndarray[Any, Any]) -> ndarray[Any, Any]:
    """Return the text as an array of the type and shape of `like`, with NULs after it."""
    if like.dtype.kind in TEXT_KINDS:
        if like.dtype.kind == "U":
            _check_room(len(text), like.nbytes // 4)
        return as_elements(text, like)
    _check_room(len(text), like.nbytes)
    padded = text.ljust(like.nbytes, b"\0")
    result: ndarray[Any, Any] = frombuffer(padded, like.dtype).reshape(like.shape)
    return result


def _check_room(length: int, room: int) -> None:
    """Raise ValueError if the caller's array, or an element of it, has no room for so many characters."""
    if length > room:
        raise ValueError(
            f"Fortran left {length} characters, the array given has room for {room}: "
            "intent(in,out) returns them instead"
        )

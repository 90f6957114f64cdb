"""Allocatable and pointer dummies that are arrays of numbers: descriptors that are used again from call to call.

`f2pypy.runtime.deferred` has all others, which take longer.
"""

from __future__ import annotations

import ctypes
import struct
from functools import partial
from typing import Any, Sequence

from numpy import dtype, empty, ndarray

from f2pypy.runtime.deferred import Deferred
from f2pypy.runtime.described_arrays import MOST_KNOWN_LAYOUTS, passed_strides
from f2pypy.runtime.descriptors import ALLOCATABLE, POINTER, fortran_strides, view_memory
from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.memory import REACHES_ALL
from f2pypy.runtime.pypy import cffi_words
from f2pypy.runtime.routines import address, location, pointer_to, shape

_ADDRESSES = 1 << 8 * ctypes.sizeof(ctypes.c_void_p)
_WORD = ctypes.sizeof(ctypes.c_ssize_t)
_KEEPS_ROOM = REACHES_ALL and not PYPY
_MOST_ROOM = 4096  # bytes
_FREE: dict[Any, list[DeferredArray]] = {}


def deferred_array(
    library: Library,
    kind: dtype[Any],
    rank: int,
    pointer: bool = False,
    logical: bool = False,
    interoperable: bool = False,
) -> DeferredArray:
    """Return an unallocated array that nobody uses, see `Deferred` for what is to be done with it.

    One whose call an exception has left is not used again.
    """
    # Each keeps its library and its type alive, so that no other has the same id; a type's hash takes long.
    key = id(library), id(kind), rank, pointer, logical, interoperable
    try:
        return _FREE[key].pop()
    except (KeyError, IndexError):
        free = _FREE.setdefault(key, [])
        return DeferredArray(library, kind, rank, pointer, logical, interoperable, free)


class DeferredArray(Deferred):
    """An allocatable or `pointer` dummy of numbers, in the words of its descriptor; `free` takes it after a call."""

    def __init__(
        self,
        library: Library,
        kind: dtype[Any],
        rank: int,
        pointer: bool,
        logical: bool,
        interoperable: bool,
        free: list[DeferredArray],
    ) -> None:
        compiler = library.compiler
        self.place: Any = None
        self.library, self.kind, self.is_pointer, self.free = library, kind, pointer, free
        layout = compiler.c_arrays if interoperable else compiler.arrays
        self.heap = compiler.heap(library.handles[0])
        self.held: Any = None
        self.in_elements = "stride" in layout.dimension
        use = POINTER if pointer else ALLOCATABLE
        self.pack = partial(layout.pack, 0, kind, logical=logical, use=use)
        unallocated = self.pack((0,) * rank, (0,) * rank)
        # The words of a descriptor of no array; those of the dimensions stand last.
        self.head = struct.unpack(f"{len(unallocated) // _WORD}n", unallocated)
        self.first = len(self.head) - 3 * rank
        self.axes = range(self.first, len(self.head), 3)
        self.words, self.pointer = (cffi_words if PYPY else _ctypes_words)(self.head)
        # The address, and all the rest of the descriptor as bytes.
        self.parts = struct.Struct(f"P{len(unallocated) - _WORD}s")
        self.rest = unallocated[_WORD:]
        self.known: dict[Any, Any] = {}
        # What a small array lay in, for the next one of these extents: CPython's calls of malloc and free take long.
        # Between calls it belongs to this object if `spare` has its address; otherwise Fortran may have freed it.
        self.room: Any = None
        self.room_start = self.spare = 0

    def hold(self, value: ndarray[Any, Any]) -> None:
        """Let Fortran see `value`: a pointer points to it, an allocatable gets a copy that Fortran may deallocate."""
        if self.is_pointer:
            # Fortran may write to what a pointer points to, whatever its intent.
            self.held = value if value.flags.writeable else value.copy("K")
            self._describe(location(self.held), shape(self.held), tuple(passed_strides(self.held)))
            return
        extents = shape(value)
        start, self.spare = self.spare, 0
        if start and extents == self.room.shape:
            self._describe(start, extents, None)
            self.room[...] = value
            return
        if start:
            self.heap.release(start)
        start = self.heap.allocate(value.nbytes)
        self._describe(start, extents, None)
        if _KEEPS_ROOM and value.nbytes <= _MOST_ROOM:
            self.room, self.room_start = view_memory(start, self.kind, extents), start
            self.room[...] = value
        elif value.flags.f_contiguous:
            self.heap.copy(start, address(value), value.nbytes)
        else:
            view_memory(start, self.kind, extents)[...] = value

    def _describe(self, start: int, extents: tuple[int, ...], distances: tuple[int, ...] | None) -> None:
        if PYPY:
            self._describe_words(start, extents, distances)
            return
        rest = self.known.get((extents, distances))
        if rest is None:
            whole = self.pack(extents, distances or fortran_strides(self.kind.itemsize, extents))
            rest = self._remember((extents, distances), whole[_WORD:])
        self.parts.pack_into(self.words, 0, start, rest)

    def _describe_words(self, start: int, extents: Sequence[int], distances: Sequence[int] | None) -> None:
        words, size, offset = self.words, self.kind.itemsize, 0
        for place, extent, distance in zip(self.axes, extents, distances or fortran_strides(size, extents)):
            if self.in_elements:
                stride = distance // size
                offset -= stride
                words[place], words[place + 1], words[place + 2] = stride, 1, extent
            else:
                words[place], words[place + 1], words[place + 2] = 1, extent, distance
        if self.in_elements:
            words[1] = offset
        words[0] = start if start < _ADDRESSES >> 1 else start - _ADDRESSES

    def _remember(self, key: Any, value: Any) -> Any:
        if len(self.known) >= MOST_KNOWN_LAYOUTS:
            self.known.clear()
        self.known[key] = value
        return value

    def _start(self) -> int:
        """Return where the first element lies; 0 while there is none."""
        start: int = self.words[0] % _ADDRESSES
        return start

    def _read(self) -> tuple[int, tuple[int, ...]]:
        """Return where the first element lies, 0 while there is none, and the extents."""
        if PYPY:
            return self._start(), self._extents()
        start, rest = self.parts.unpack_from(self.words)
        extents = self.known.get(rest)
        return start, self._remember(rest, self._extents()) if extents is None else extents

    def _extents(self) -> tuple[int, ...]:
        words = self.words
        if self.in_elements:
            return tuple([max(0, words[place + 2] - words[place + 1] + 1) for place in self.axes])
        return tuple([max(0, words[place + 1]) for place in self.axes])

    def _strides(self) -> list[int]:
        """Return the distances in bytes between the neighbours along each axis."""
        if self.in_elements:
            # A part of a complex number is as far from the next one as these are from each other.
            span = self.words[self.first - 1] or self.kind.itemsize
            return [self.words[place] * span for place in self.axes]
        return [self.words[place + 2] for place in self.axes]

    def take(self) -> Any:
        """Return what Fortran left, in memory of Python's own; None if it left nothing."""
        start, extents = self._read()
        if not start:
            self.release()
            return None
        is_room = start == self.room_start and extents == self.room.shape
        if self.is_pointer:
            taken: Any = view_memory(start, self.kind, extents, self._strides()).copy("F")
        elif PYPY:
            taken = empty(extents, self.kind, "F")
            self.heap.copy(location(taken), pointer_to(start), taken.nbytes)
        else:
            taken = (self.room if is_room else view_memory(start, self.kind, extents)).copy("F")
        self._end(start, is_room)
        return taken

    def give_back(self, value: Any) -> Any:
        """Copy what Fortran left into the caller's array, and return it: that array, or a value of its own.

        Raises ValueError if an array was given and Fortran left other extents.
        """
        if type(value) is ndarray and value.dtype is self.kind and not self.is_pointer:
            start, extents = self._read()
            flags = value.flags
            if start and extents == shape(value) and flags.f_contiguous and flags.behaved:
                is_room = start == self.room_start and extents == self.room.shape
                if PYPY:
                    self.heap.copy(location(value), pointer_to(start), value.nbytes)
                else:
                    value[...] = self.room if is_room else view_memory(start, self.kind, extents)
                self._end(start, is_room)
                return value
        return super().give_back(value)

    def _is_held(self) -> bool:
        held = self.held
        return held is not None and self._start() == location(held)

    def release(self) -> None:
        """Free what an allocatable has, and let the descriptor be used again."""
        self._free(self._start())
        self.free.append(self)

    def _end(self, start: int, is_room: bool) -> None:
        """Do the same, but let the room of a small array wait for the next one."""
        self._free(0 if is_room else start)
        if is_room:
            self.spare = start
        self.free.append(self)

    def _free(self, start: int) -> None:
        if start and not self.is_pointer:
            self.heap.release(start)
        self.held = None
        # Fortran asks even what isn't allocated for its extents.
        if PYPY:
            for place, word in enumerate(self.head):
                self.words[place] = word
        else:
            self.parts.pack_into(self.words, 0, 0, self.rest)

    def __del__(self) -> None:
        if hasattr(self, "spare"):
            self._free(self._start())
            self.heap.release(self.spare)


def _ctypes_words(values: Sequence[int]) -> tuple[Any, Any]:
    """Return the words in memory, and the pointer to them."""
    words = (ctypes.c_ssize_t * len(values))(*values)
    return words, pointer_to(ctypes.addressof(words))

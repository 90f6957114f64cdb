"""What the compiler that made a library does with the names of modules and with arrays that need a description."""

from __future__ import annotations

import ctypes
from functools import lru_cache
from typing import Any

from numpy import dtype, ndarray

from f2pypy.runtime.descriptors import (
    ALLOCATABLE,
    ORDINARY,
    POINTER,
    ArrayDescriptor,
    DescriptorLayout,
    Heap,
    Length,
    ScalarPointer,
)
from f2pypy.runtime.routines import characters, location


class Compiler:
    """The conventions of a compiler that are needed at run time.

    `procedure` and `variable` are the symbols of what a Fortran module contains: "__{module}_MOD_{name}". `length` is
    the symbol beside that of a character variable of deferred length, None where the descriptor has the length.
    `arrays` describes arrays for Fortran procedures, `c_arrays` for those with ``bind(c)``
    where that differs. Without `described_scalars` an allocatable or pointer scalar is a plain address. `types` are the
    `TypeTables` that it puts into libraries.
    """

    def __init__(
        self,
        name: str,
        procedure: str,
        variable: str,
        length: str | None = None,
        arrays: DescriptorLayout | None = None,
        c_arrays: DescriptorLayout | None = None,
        described_scalars: bool = False,
        types: Any = None,
    ) -> None:
        self.types = types
        self.name = name
        self.procedure = procedure
        self.variable = variable
        self.length = length
        none = DescriptorLayout({}, (), {})
        self.arrays = arrays or none
        self.c_arrays = c_arrays or self.arrays
        self.described_scalars = described_scalars
        self._heap: Heap | None = None

    def __repr__(self) -> str:
        return f"<conventions of {self.name}>"

    def heap(self, handle: ctypes.CDLL) -> Heap:
        """Return the memory that the program in the library `handle` allocates from."""
        if self._heap is None:
            self._heap = Heap(handle)
        return self._heap

    def descriptor(self, value: ndarray[Any, Any], logical: bool = False) -> Any:
        """Return the descriptor of an array, as an argument of a Fortran procedure; lower bounds are 1."""
        return _passed(self.arrays, value, logical)

    def c_descriptor(self, value: ndarray[Any, Any], logical: bool = False) -> Any:
        """Return the Fortran standard's C descriptor of an array, as an argument of a ``bind(c)`` procedure."""
        return _passed(self.c_arrays, value, logical)

    def text_descriptor(self, memory: ndarray[Any, Any]) -> Any:
        """Return the standard's descriptor of a string, of which `memory` has the characters."""
        kind = dtype(f"S{memory.size}")
        return characters(self.c_arrays.pack(location(memory), kind, (), ()))

    def place_at(
        self,
        address: int,
        kind: dtype[Any],
        rank: int,
        pointer: bool,
        logical: bool = False,
        length: int | None = None,
        interoperable: bool = False,
    ) -> ArrayDescriptor | ScalarPointer:
        """Return the allocatable or `pointer` whose description lies at `address`.

        `length` is where the length of a character stands that isn't in its description. Procedures with ``bind(c)``
        have the standard's descriptors: `interoperable`.
        """
        word = None if length is None else Length(length)
        if not (rank or interoperable or self.described_scalars):
            return ScalarPointer(address, kind, word)
        layout = self.c_arrays if interoperable else self.arrays
        use = POINTER if pointer else ALLOCATABLE
        return ArrayDescriptor(address, layout, kind, rank, use, logical, word)

    def describes_length(self, interoperable: bool = False) -> bool:
        """Whether descriptors have the length of characters, so that no hidden argument tells it."""
        return interoperable or self.length is None

    def array_at(
        self, address: int, kind: dtype[Any], rank: int, interoperable: bool = False
    ) -> ndarray[Any, Any] | None:
        """Return a view of the ordinary array whose descriptor lies at `address`; None where there is no memory."""
        layout = self.c_arrays if interoperable else self.arrays
        return ArrayDescriptor(address, layout, kind, rank, ORDINARY).view()

    def room_for(self, rank: int) -> int:
        """Return the bytes that the description of an array with `rank` axes takes at most."""
        return max(layout.size(rank) for layout in (self.arrays, self.c_arrays))


def _passed(layout: DescriptorLayout, value: ndarray[Any, Any], logical: bool) -> Any:
    return characters(layout.pack(location(value), value.dtype, value.shape, value.strides, logical))


def new_room(size: int) -> Any:
    """Return zeroed memory of at least `size` bytes, aligned for any type."""
    return _words(-(-size // ctypes.sizeof(ctypes.c_ssize_t)))()


@lru_cache(64)  # ctypes makes a class each time, of which 8 kB stay until cycles are collected
def _words(count: int) -> Any:
    return ctypes.c_ssize_t * count

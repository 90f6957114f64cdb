"""Allocatable and pointer dummies: descriptors that Fortran may fill, and the values that come back in them."""

from __future__ import annotations

import ctypes
from typing import Any

from numpy import dtype, ndarray

from f2pypy.runtime.descriptors import ArrayDescriptor, Heap, ScalarPointer
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.routines import pointer_to

_DESCRIPTOR_WORDS = (
    5  # of a word each, before the three of every dimension (libgfortran.h)
)


class Deferred:
    """The descriptor of an allocatable or `pointer` dummy of `rank` axes, unallocated until `hold` is called.

    Use: pass ``pointer`` to Fortran, then call exactly one of `take`, `give_back` and `release`.
    """

    def __init__(
        self, library: Library, kind: dtype[Any], rank: int, pointer: bool = False
    ) -> None:
        words = _DESCRIPTOR_WORDS + 3 * rank
        self.memory = (ctypes.c_ssize_t * words)()
        self.kind = kind
        self.heap = Heap(library.handles[0])
        self.is_pointer = pointer
        self.held: Any = None
        address = ctypes.addressof(self.memory)
        self.pointer = pointer_to(address)
        self.place: Any = ScalarPointer(address, kind)
        if rank:
            self.place = ArrayDescriptor(address, kind, rank)
            self.place.describe(0, (0,) * rank)
            self.place.forget()

    def hold(self, value: ndarray[Any, Any]) -> None:
        """Let Fortran see `value`: a pointer points to it, an allocatable gets a copy that Fortran may deallocate."""
        if self.is_pointer:
            self.held = value
            self.place.describe(value.__array_interface__["data"][0], value.shape)
            return
        self.place.describe(self.heap.allocate(value.nbytes), value.shape)
        self.place.view()[...] = value

    def take(self) -> Any:
        """Return what Fortran left, in memory of Python's own; None if it left nothing."""
        view = self.place.view()
        taken = None if view is None else view.copy("F") if view.ndim else view[()]
        self.release()
        return taken

    def give_back(self, value: Any) -> None:
        """Copy what Fortran left into the caller's array.

        Raises ValueError if Fortran gave it other extents: then only a returned value (``intent(in,out)``) can show it.
        """
        left = self.take()
        if self.is_pointer and self.held is value:
            return
        if not isinstance(value, ndarray):
            return
        if left is None or left.shape != value.shape:
            now = "unallocated" if left is None else f"of shape {left.shape}"
            raise ValueError(
                f"Fortran left the allocatable argument {now}, the array given has shape {value.shape}: "
                "intent(in,out) returns it instead"
            )
        value[...] = left

    def release(self) -> None:
        """Free what an allocatable has; what a pointer points to belongs to others."""
        if self.place.address and not self.is_pointer:
            self.heap.release(self.place.address)
        self.place.forget()

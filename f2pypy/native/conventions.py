"""What a module knows of its library's compiler: how arrays are described, and whose memory allocatables lie in."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from typing import Any, Optional

import numpy as np

from f2pypy import plan
from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import Expression, Integer

# What an array is to Fortran, as the runtime numbers it.
ALLOCATABLE, POINTER_TO_ARRAY = 1, 2


@dataclass(frozen=True)
class Described:
    """How a module describes arrays of one type.

    `layout` is the runtime's `DescriptorLayout`, `kind` NumPy's type, `use` tells ordinary arrays, allocatables and
    pointers apart.
    """

    layout: Any
    kind: Any
    logical: bool
    use: int

    @property
    def is_text(self) -> bool:
        """Whether it describes strings of any length."""
        return self.kind.kind == "S" and not self.kind.itemsize


@dataclass(frozen=True)
class Holder:
    """An allocatable or pointer dummy while native code runs.

    `room` (i64) has its descriptor. `finish` is Python's way to end a call with it, see `Conventions.finisher`. `held`
    is the object of the array that came in, NULL if there was none, None if none can. A text, which has no axes, has
    its hidden `length` and the one that Fortran tells: places of words.
    """

    room: Any
    described: Described
    rank: int
    finish: Optional[Callable[..., Any]]
    held: Any = None
    length: Any = None
    told_length: Any = None

    @property
    def is_pointer(self) -> bool:
        """Whether the memory may be anybody's."""
        return self.described.use == POINTER_TO_ARRAY


@dataclass(frozen=True)
class Conventions:
    """The globals of a module, and its library."""

    namespace: Mapping[str, Any]
    library: Any

    def described(self, describer: str) -> Optional[Described]:
        """Return what one of the module's describers was made of, None for any other object."""
        found = getattr(self.namespace.get(describer), "described", None)
        return None if found is None else Described(*found)

    def of_deferred(self, step: plan.Deferred) -> Described:
        """Return how an allocatable or pointer dummy is described."""
        compiler = self.library.compiler
        layout = compiler.c_arrays if step.interoperable else compiler.arrays
        use = POINTER_TO_ARRAY if step.pointer else ALLOCATABLE
        kind = np.dtype(step.dtype) if step.length is None else _text_of(step.length)
        return Described(layout, kind, step.logical, use)

    def heap(self) -> tuple[int, int]:
        """Return the addresses of the functions that allocate and free what is allocatable."""
        heap = self.library.compiler.heap(self.library.handles[0])
        functions = (heap._allocate, heap.release)
        addresses = [
            ctypes.cast(each, ctypes.c_void_p).value or 0 for each in functions
        ]
        return addresses[0], addresses[1]

    def finisher(self, step: plan.Deferred) -> Callable[..., Any]:
        """Return the function that gives a descriptor to a holder of the runtime's and lets that end the call.

        It takes the descriptor's address, what was held or None, and the holder's method with its arguments. From then
        on the holder owns what the descriptor has.
        """
        make, library = self.namespace[step.maker], self.library
        form = np.dtype(step.dtype), step.rank, step.pointer, step.logical

        def finish(address: int, held: Any, method: str, *values: Any) -> Any:
            holder = make(library, *form, step.interoperable)
            ctypes.memmove(holder.words, address, ctypes.sizeof(holder.words))
            holder.held = held
            return getattr(holder, method)(*values)

        return finish


def _text_of(length: Expression) -> Any:
    """Return NumPy's type of a text of constant length, of deferred length where that is 0."""
    if not isinstance(length, Integer):
        raise ValueError("a text whose length is computed")
    return np.dtype(f"S{length.value}")

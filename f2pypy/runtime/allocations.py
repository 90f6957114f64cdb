"""Allocatables and pointers of Fortran modules: what their descriptors say now.

A view is made anew only where the bytes of the descriptor have changed. What Python replaces is left to the views that
there are of it.
"""

from __future__ import annotations

import ctypes
import sys
import weakref
from functools import partial
from typing import Any, Callable, ClassVar, Iterator

from numpy import asarray, dtype, ndarray

from f2pypy.runtime.descriptors import Heap, fortran_strides, view_memory
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.routines import address
from f2pypy.runtime.stored_values import fills, stored_value
from f2pypy.runtime.texts import encoded, holds_text

_POINTER_BYTES = ctypes.sizeof(ctypes.c_void_p)
_MOST_KNOWN_SHAPES = 100
_NOTHING_SEEN: tuple[bytes | None, Any, Any, Any] = (None, None, None, None)


class Allocation:
    """The memory at `address`, which views of it keep: what their variable lets go of is freed with the last view.

    `known` are those that somebody sees, whichever variable has them: Fortran's move_alloc takes memory from one to
    another.
    """

    known: ClassVar[dict[int, Callable[[], Allocation | None]]] = {}

    __slots__ = ("__weakref__", "address", "former", "heap")

    def __init__(self, address: int) -> None:
        self.address = address
        self.heap: Heap | None = None
        self.former: Any = None

    def belong_to(self, former: Any) -> None:
        """Keep the former value of an object: the memory is a part of it."""
        self.former = former

    def leave_to(self, heap: Heap) -> None:
        """Give the memory back to `heap` as soon as nobody sees it any more."""
        self.heap = heap

    def __del__(self) -> None:
        if self.heap is not None:
            self.heap.release(self.address)


# Removes an entry of a dictionary unless another thread has renewed it, as `weakref` does; no Python has to have it.
_remove_dead: Any = getattr(weakref, "_remove_dead_weakref", lambda known, address: known.pop(address, None))


def _forget_allocation(address: int, _reference: Any) -> None:
    """Take an allocation that is gone out of those that are known; another thread may have found one there by now."""
    _remove_dead(Allocation.known, address)


def _nobody() -> None:
    """Return what a reference to an object gives that is gone."""


def allocation_seen(address: int) -> Iterator[Allocation]:
    """Yield what keeps the memory at an address for those that see it, if somebody does."""
    found = Allocation.known.get(address, _nobody)()
    if found is not None:
        yield found


def allocation_at(address: int) -> Allocation:
    """Return what keeps the memory at an address."""
    found = Allocation.known.get(address, _nobody)()
    if found is None:
        found = Allocation(address)
        Allocation.known[address] = weakref.ref(found, partial(_forget_allocation, address))
    return found


class _DescribedPlace:
    """A variable whose `descriptor` lies in memory; `label` ("module") and its name are for messages.

    `seen` has the descriptor's bytes of the last look, the view that readers share, one that nobody else can change the
    shape of, and the extents, None where there are no elements.
    """

    is_fixed = False
    is_packed = False  # whether Python writes the descriptor itself

    def __init__(self, variable: Any, descriptor: Any, library: Library, label: str) -> None:
        self.variable = variable
        self.descriptor = descriptor
        self.library = library
        self.label = label
        self.seen = _NOTHING_SEEN
        self.note: Callable[[Any], None] | None = None  # tells machine code what is seen
        # CPython's own lock lets other threads run between any two steps.
        turns: Any = library.turns
        self.write: Callable[[Any], None] = self.assign
        self.guard = turns.waiting if turns.needed else turns.lock
        self.now = _descriptor_reader(descriptor)

    def getter(self) -> Callable[[Any], ndarray[Any, Any] | None]:
        """Return the function that the property of this variable calls."""
        now, look = self.now, self.look

        def get(_owner: Any) -> Any:
            known, view, _, _ = self.seen
            return view if now() == known else look()[1]

        return get

    def read(self) -> ndarray[Any, Any] | None:
        """Return a live view, None where there is no memory."""
        known, view, _, _ = self.seen
        found: ndarray[Any, Any] | None = view if self.now() == known else self.look()[1]
        return found

    def extents(self) -> tuple[int, ...] | None:
        """Return the extents, None where there is no memory."""
        own = self.look()[2]
        return None if own is None else own.shape

    def look(self) -> tuple[bytes | None, Any, Any, Any]:
        """Return what `seen` should be, after a look at the descriptor."""
        with self.guard:
            now = self.now()
            if now != self.seen[0]:
                own = self.descriptor.view(self.owner())
                view = None if own is None else own.view()
                if view is not None and self.variable.protected:
                    view.flags.writeable = False
                self._see((now, view, own, own.shape if own is not None and own.size else None))
            return self.seen

    def _see(self, seen: tuple[bytes | None, Any, Any, Any]) -> None:
        if self.note is not None:
            self.note(seen)
        self.seen = seen

    def owner(self) -> Any:
        """Return what keeps the memory alive."""
        return None

    def assign(self, value: Any) -> None:
        """Store a value."""
        raise NotImplementedError


def _descriptor_reader(descriptor: Any) -> Callable[[], bytes]:
    """Return the function that reads the bytes which say where an array is, and how large."""
    memory = _characters_of(descriptor.memory)
    if descriptor.length is None:
        return lambda: memory.raw
    word = _characters_of(descriptor.length.word)
    return lambda: memory.raw + word.raw


def _characters_of(memory: Any) -> Any:
    """Return the memory of an object of ctypes as characters."""
    return (ctypes.c_char * ctypes.sizeof(memory)).from_address(ctypes.addressof(memory))


class PointerPlace(_DescribedPlace):
    """A Fortran pointer: assigning changes what it points to."""

    def assign(self, value: Any) -> None:
        """Store `value` in the target, or with None point to nothing; ValueError where there is no target."""
        if value is None:
            with self.guard:
                self.descriptor.forget()
                self._see(_NOTHING_SEEN)
            return
        target = self.look()[2]
        if target is None:
            name = f"{self.label}.{self.variable.name}"
            raise ValueError(f"{name} points to nothing: only Fortran can give it a target, which then takes values")
        converted = stored_value(value, target.dtype, target.shape, self.label, self.variable.name)
        with self.guard:
            target[...] = converted


class AllocatablePlace(_DescribedPlace):
    """An allocatable, which gets the shape of what is assigned."""

    def __init__(self, variable: Any, descriptor: Any, library: Library, label: str) -> None:
        super().__init__(variable, descriptor, library, label)
        self.kind: dtype[Any] = variable.kind
        # Arrays of this very type are stored as they are; strings may be short.
        self.kind_at_once = None if self.kind.kind == "S" else self.kind
        self.rank: int = variable.rank
        self.is_text = not variable.rank and variable.is_open_text
        self.is_alone = not library.turns.needed
        self.is_packed = self.rank > 0 and descriptor.length is None
        # What Python has written last, where nobody has looked at it: bytes and extents
        self.written: tuple[bytes | None, tuple[int, ...]] = (None, ())
        self.known_shapes: dict[Any, bytes] = {}
        self.allocations = Allocation.known
        self._heap: Any = None  # of class Heap

    def heap(self) -> Heap:
        """Return the memory that Fortran allocates from."""
        if self._heap is None:
            self._heap = self.library.compiler.heap(self.library.handles[0])
        found: Heap = self._heap
        return found

    def owner(self) -> Any:
        """Return the allocation that the views keep."""
        start = self.descriptor.address
        return allocation_at(start) if start else None

    def assign(self, value: Any) -> None:
        """Store `value`; None and arrays without elements deallocate."""
        if type(value) is ndarray and value.dtype is self.kind_at_once:
            extents = value.shape
            known, _, own, fitting = self.seen
            if extents == fitting and self.is_alone and self.now() == known:
                own[...] = value
                return
            if len(extents) == self.rank and value.size:
                del own
                self._keep(value, extents, self.kind)
                return
        if value is None:
            self._deallocate()
        elif self.is_text and type(value) in (bytes, str) and _stays_as_it_is(value):
            self._keep_text(value.encode() if isinstance(value, str) else value)
        else:
            self._convert_and_assign(value)

    def _keep_text(self, content: bytes) -> None:
        """Store a text: in the memory that there is, if it has its length."""
        size, heap = len(content), self._heap or self.heap()
        with self.guard:
            known, _, own, _ = self.seen
            start = self.descriptor.address
            if own is not None and self.now() == known and own.itemsize == size:
                own[...] = content
            elif start and self.descriptor.kind.itemsize == size:
                heap.copy(start, content, size)
            else:
                del own
                start = heap.allocate(size)
                heap.copy(start, content, size)
                self._take(start, (), dtype(f"S{size}"), heap)

    def _convert_and_assign(self, value: Any) -> None:
        variable = self.variable
        given = asarray(value)
        if variable.rank and fills(value, variable.kind):
            own = self.look()[2]
            if own is not None:
                converted = stored_value(value, own.dtype, own.shape, self.label, variable.name)
                with self.guard:
                    own[...] = converted
                return
        if given.ndim != variable.rank:
            name = f"{self.label}.{variable.name}"
            raise ValueError(f"{name} has rank {variable.rank}, got an array of rank {given.ndim}")
        if not given.size:
            # As f2py: an array without elements isn't kept.
            self._deallocate()
            return
        kind = _kind_of_text(value) if variable.is_open_text else variable.kind
        self._keep(stored_value(value, kind, given.shape, self.label, variable.name), given.shape, kind)

    def _keep(self, value: ndarray[Any, Any], extents: tuple[int, ...], kind: dtype[Any]) -> None:
        """Store an array of the variable's rank and type: in the memory that there is, if it has the extents."""
        with self.guard:
            now = self.now()
            seen, written = self.seen, self.written
            if now != seen[0] and (now != written[0] or written[1] == extents):
                seen = self.look()
            if now == seen[0] and extents == seen[3] and self._has_kind(kind):
                seen[2][...] = value
            else:
                del seen
                self._replace(value, extents, kind)

    def _has_kind(self, kind: dtype[Any]) -> bool:
        """Whether the elements are of type `kind` now, which only characters of deferred length may not be."""
        return not self.variable.is_open_text or self.descriptor.kind == kind

    def _replace(self, value: ndarray[Any, Any], extents: tuple[int, ...], kind: dtype[Any]) -> None:
        """Give the variable memory of its own for `value`."""
        heap, size = self._heap or self.heap(), value.nbytes
        start = heap.allocate(size)
        if value.flags.f_contiguous:
            heap.copy(start, address(value), size)
        else:
            view_memory(start, kind, extents)[...] = value
        self._take(start, extents, kind, heap)

    def _take(self, start: int, extents: tuple[int, ...], kind: dtype[Any], heap: Heap) -> None:
        """Let the variable have the memory at `start` instead of what it has."""
        former = self.descriptor.address
        if self.is_packed:
            rest = self.known_shapes.get((extents, kind.itemsize)) or self._packed(extents, kind)
            packed = start.to_bytes(_POINTER_BYTES, sys.byteorder) + rest
            self.descriptor.memory.raw = packed
            self.written = packed, extents
        else:
            self.descriptor.describe(start, extents, None, kind)
        self._let_go(former, heap)

    def _deallocate(self) -> None:
        with self.guard:
            former = self.descriptor.address
            self.descriptor.forget()
            self._let_go(former, self.heap())

    def _let_go(self, start: int, heap: Heap) -> None:
        """Free the memory at `start`, if any, or leave that to the last view of it."""
        if self.seen[0] is not None:
            self._see(_NOTHING_SEEN)
        if start:
            known = self.allocations.pop(start, None)
            seen = None if known is None else known()
            if seen is None:
                heap.release(start)
            else:
                seen.leave_to(heap)

    def _packed(self, extents: tuple[int, ...], kind: dtype[Any]) -> bytes:
        """Return what follows the address in the descriptor of a whole array."""
        descriptor = self.descriptor
        strides = fortran_strides(kind.itemsize, extents)
        packed: bytes = descriptor.layout.pack(0, kind, extents, strides, descriptor.logical, descriptor.use)
        if len(self.known_shapes) > _MOST_KNOWN_SHAPES:
            self.known_shapes.clear()
        # Every compiler's descriptors begin with the address.
        rest = self.known_shapes[extents, kind.itemsize] = packed[_POINTER_BYTES:]
        return rest


def _stays_as_it_is(text: Any) -> bool:
    """Whether a text can be stored without a look at rules: it has characters, ASCII's in a str, and no NUL."""
    return bool(text) and (b"\0" not in text if type(text) is bytes else text.isascii() and "\0" not in text)


def _kind_of_text(value: Any) -> dtype[Any]:
    """Return the type of characters as long as the longest of `value`."""
    if isinstance(value, (bytes, str)):
        return dtype(f"S{len(value)}")
    texts = encoded(value)
    # of empty strings NumPy makes one character
    return texts.dtype if isinstance(value, ndarray) or holds_text(texts) else dtype("S0")


def place_described(
    variable: Any, address: int, library: Library, label: str, length: int | None, is_pointer: bool
) -> _DescribedPlace:
    """Return the allocatable or pointer whose description lies at `address`; see `Compiler.place_at`."""
    descriptor = library.compiler.place_at(address, variable.kind, variable.rank, is_pointer, variable.logical, length)
    place: type[_DescribedPlace] = PointerPlace if is_pointer else AllocatablePlace
    return place(variable, descriptor, library, label)

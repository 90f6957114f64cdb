"""Memory that Fortran owns, seen through NumPy: plain places, and what describes allocatables and pointers.

A view is live: it shows what Fortran writes and Fortran sees what is written to it. It stays valid as long as Fortran
keeps the memory; a view of an allocatable array must not be used after the array was deallocated or reallocated.
"""

from __future__ import annotations

import ctypes
import os
import struct
from operator import itemgetter
from typing import Any, Callable, Mapping, Sequence

from numpy import asarray, dtype, ndarray

from f2pypy.runtime.foreign import ctypes_bind
from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.memory import REACHES_ALL, AllMemory
from f2pypy.runtime.pypy import cffi_bind
from f2pypy.runtime.scalar_types import UINT, ULONG

# What an array is to Fortran: an index into `DescriptorLayout.attributes`.
ORDINARY, ALLOCATABLE, POINTER = 0, 1, 2
_IS_QUICK = REACHES_ALL and not PYPY  # NumPy with a buffer
_memory: Any = AllMemory.from_address(1)
# What a descriptor may say of an array, and of each of its dimensions.
_MOST_SPAN = 1 << 31  # bytes of an element of which others may be parts
_HEADER_FIELDS = ("base", "offset", "size", "version", "rank", "type", "attribute", "span", "other")  # fmt: skip
_DIMENSION_WORDS = ("lower", "upper", "extent", "stride", "distance")


class _Memory:
    """A place in memory in the form that NumPy takes; `owner` is kept as long as any view of it."""

    def __init__(self, interface: dict[str, Any], owner: Any) -> None:
        self.__array_interface__ = interface
        self.owner = owner


def view_memory(
    address: int, kind: dtype[Any], extents: Sequence[int] = (), strides: Sequence[int] | None = None, owner: Any = None
) -> ndarray[Any, Any]:
    """Return a live view of `extents` elements of type `kind` at `address`.

    `strides` are in bytes; without them the elements lie in Fortran order, without gaps. No extents mean a scalar: an
    array of rank 0. `owner` keeps the memory alive, where Python owns it.
    """
    if not kind.itemsize:
        # Everything else in NumPy makes one character of none, which would keep what is written into it.
        empty: ndarray[Any, Any] = ndarray(tuple(extents), "S0", order="F")
        return empty
    if _IS_QUICK and address > 0:
        memory: Any = _memory if owner is None else AllMemory.from_address(1)
        if owner is not None:
            memory.owner = owner
        view: ndarray[Any, Any] = ndarray(extents, kind, memory, address - 1, strides, "F")
        return view
    interface = {
        "version": 3,
        "data": (address, False),
        "typestr": kind.str,
        "shape": tuple(extents),
        "strides": tuple(fortran_strides(kind.itemsize, extents) if strides is None else strides),
    }
    return asarray(_Memory(interface, owner))


def fortran_strides(size: int, extents: Sequence[int]) -> list[int]:
    """Return the distances in bytes between neighbours along each axis of a contiguous array in Fortran order."""
    strides = []
    for extent in extents:
        strides.append(size)
        size *= extent
    return strides


class DescriptorLayout:
    """How a compiler describes an array in memory.

    `header` names the fields of a descriptor in their order, each with its code of the struct module: "base" (where the
    first element lies), "size" (bytes of an element), and whichever there are of "offset" (elements between the first
    one and the one whose subscripts are all 0), "version", "rank", "type", "attribute", "span" (bytes that strides
    count) and "other". `dimension` names the three words of each dimension: of "lower" and "upper" bound, "extent",
    "stride" in elements and "distance" in bytes. `codes` has the field "type" by NumPy's kind and bytes ("f8"; "l4" for
    logicals), or by the kind alone. `attributes` has the field "attribute" of ordinary arrays, allocatable ones and
    pointers, `lower` is the lower bound of ordinary arrays; that of others is 1.
    """

    def __init__(
        self,
        header: Mapping[str, str],
        dimension: Sequence[str],
        codes: Mapping[str, int],
        version: int = 0,
        attributes: Sequence[int] = (0, 0, 0),
        lower: int = 1,
    ) -> None:
        self.fields = tuple(header)
        self.format = "@" + "".join(header.values())
        self.dimension = tuple(dimension)
        self.codes = codes
        self.version = version
        self.attributes = attributes
        self.lower = lower
        self._structures: dict[int, struct.Struct] = {}
        # From all that might be wanted to what is, in its order.
        self._header = _picker(_HEADER_FIELDS, self.fields)
        self._words = _picker(_DIMENSION_WORDS, self.dimension)

    def structure(self, rank: int) -> struct.Struct:
        """Return the packing of the descriptor of an array with `rank` axes."""
        known = self._structures.get(rank)
        if known is None:
            known = self._structures[rank] = struct.Struct(f"{self.format}{3 * rank}n")
        return known

    def size(self, rank: int) -> int:
        """Return the bytes that the descriptor of an array with `rank` axes takes."""
        return self.structure(rank).size

    def pack(
        self,
        address: int,
        kind: dtype[Any],
        extents: Sequence[int],
        distances: Sequence[int],
        logical: bool = False,
        use: int = ORDINARY,
    ) -> bytes:
        """Return the descriptor of an array; `distances` are in bytes, `use` is ORDINARY, ALLOCATABLE or POINTER."""
        return self.describe(address, kind.itemsize, self.code(kind, logical), extents, distances, use)

    def describe(
        self,
        address: int,
        size: int,
        code: int,
        extents: Sequence[int],
        distances: Sequence[int],
        use: int = ORDINARY,
        other: int = 0,
    ) -> bytes:
        """Return the descriptor of an array whose elements have `size` bytes and a type with the number `code`."""
        lower = self.lower_bound(use)
        pick = self._words
        words: list[int] = []
        offset = 0
        for extent, distance in zip(extents, distances):
            stride = distance // (size or 1)
            offset -= stride * lower
            words += pick((lower, lower + extent - 1, extent, stride, distance))
        rank = len(extents)
        attribute = self.attributes[use]
        fields = (address, offset, size, self.version, rank, code, attribute, size, other)
        return self.structure(rank).pack(*self._header(fields), *words)

    def lower_bound(self, use: int) -> int:
        """Return the lower bound of the dimensions of arrays for this use."""
        return 1 if use else self.lower

    def code(self, kind: dtype[Any], logical: bool) -> int:
        """Return the number that stands for a type."""
        letter: str = "l" if logical else kind.kind
        if letter not in self.codes:
            letter += str(kind.itemsize)
        return self.codes[letter]

    def unpack(self, memory: Any, rank: int) -> tuple[dict[str, int], list[dict[str, int]]]:
        """Return the fields of a descriptor in memory, and those of each dimension."""
        values = self.structure(rank).unpack_from(memory)
        count = len(self.fields)
        header = dict(zip(self.fields, values))
        starts = range(count, len(values), 3)
        triples = [values[start : start + 3] for start in starts]
        return header, [dict(zip(self.dimension, triple)) for triple in triples]


def _picker(known: Sequence[str], wanted: Sequence[str]) -> Callable[[Any], Any]:
    places = [known.index(name) for name in wanted]
    return itemgetter(*places) if len(places) > 1 else lambda _: ()


class Length:
    """The length of a character as gfortran keeps it: a word of its own, at `address`."""

    def __init__(self, address: int) -> None:
        self.word = ctypes.c_size_t.from_address(address)


class ArrayDescriptor:
    """A descriptor at `address` of an allocatable or pointer of type `kind`, of a scalar where `rank` is 0.

    `use` is ALLOCATABLE or POINTER. A character without a length (``S0``) has the one in `length`, or where there is
    no such word, in the descriptor.
    """

    def __init__(
        self,
        address: int,
        layout: DescriptorLayout,
        kind: dtype[Any],
        rank: int,
        use: int,
        logical: bool = False,
        length: Length | None = None,
    ) -> None:
        self.layout = layout
        self.memory = (ctypes.c_char * layout.size(rank)).from_address(address)
        self.base = ctypes.c_void_p.from_address(address)
        self.declared = kind
        self.rank = rank
        self.use = use
        self.logical = logical
        self.length = length

    @property
    def address(self) -> int:
        """Where the first element lies; 0 while there is none."""
        return self.base.value or 0

    @property
    def kind(self) -> dtype[Any]:
        """The type of the elements, with the length that characters have now."""
        kind = self.declared
        return kind if kind.itemsize or not self.address else dtype(f"S{self.size}")

    @property
    def size(self) -> int:
        """The bytes of an element of what there is."""
        if self.declared.itemsize:
            return self.declared.itemsize
        if self.length is not None:
            return self.length.word.value
        found: int = self.layout.unpack(self.memory, 0)[0]["size"]
        return found

    def extents(self) -> tuple[int, ...]:
        """Return the extents, which mean nothing while there is no array."""
        _, dimensions = self.layout.unpack(self.memory, self.rank)
        return tuple(map(_extent_of, dimensions))

    def view(self, owner: Any = None) -> ndarray[Any, Any] | None:
        """Return a live view of the array, None if it isn't allocated or associated; `owner` lives as long."""
        if not self.address:
            return None
        header, dimensions = self.layout.unpack(self.memory, self.rank)
        kind = self.kind
        # of dummies that are no pointers Fortran never looks at the field either
        unit = kind.itemsize if self.use is ORDINARY else stride_unit(header, kind.itemsize)
        strides = [each["distance"] if "distance" in each else each["stride"] * unit for each in dimensions]
        extents = tuple(map(_extent_of, dimensions))
        return view_memory(self.address, kind, extents, strides, owner)

    def describe(
        self, address: int, extents: Sequence[int], strides: Sequence[int] | None = None, kind: dtype[Any] | None = None
    ) -> None:
        """Make the descriptor one of an array at `address`, with lower bounds of 1.

        `strides` are in bytes; without them it has no gaps. `kind` has the length of characters of deferred length.
        """
        kind = kind or self.declared
        if strides is None:
            strides = fortran_strides(kind.itemsize, extents)
        packed = self.layout.pack(address, kind, extents, strides, self.logical, self.use)
        ctypes.memmove(self.memory, packed, len(packed))
        if self.length is not None:
            self.length.word.value = kind.itemsize

    def forget(self) -> None:
        """Make the descriptor one of no array."""
        self.base.value = None


def stride_unit(header: Mapping[str, int], size: int) -> int:
    """Return how many bytes strides count by: `size` is that of an element, which may be a part of a larger one.

    Where nothing needs the field it may be undefined: what can't be the size of such an element is none.
    """
    span = header.get("span", 0)
    return span if size <= span < _MOST_SPAN else size


def _extent_of(dimension: Mapping[str, int]) -> int:
    if "extent" in dimension:
        return max(0, dimension["extent"])
    return max(0, dimension["upper"] - dimension["lower"] + 1)


class ScalarPointer:
    """The address of an allocatable or pointer scalar of type `kind` that stands at `address`.

    `length` has the length of a character whose type has none.
    """

    def __init__(self, address: int, kind: dtype[Any], length: Length | None = None) -> None:
        self.memory = ctypes.c_void_p.from_address(address)
        self.declared = kind
        self.length = length

    @property
    def address(self) -> int:
        """Where the scalar lies; 0 while there is none."""
        return self.memory.value or 0

    @property
    def kind(self) -> dtype[Any]:
        """The type, with the length that a character has now."""
        return dtype(f"S{self.size}") if self.size != self.declared.itemsize else self.declared

    @property
    def size(self) -> int:
        """The bytes of the scalar."""
        return self.declared.itemsize or (0 if self.length is None else self.length.word.value)

    def extents(self) -> tuple[int, ...]:
        """Return (): a scalar has no axes."""
        return ()

    def view(self, owner: Any = None) -> ndarray[Any, Any] | None:
        """Return a live view of the scalar, None if it isn't allocated or associated; `owner` lives as long."""
        if not self.address:
            return None
        return view_memory(self.address, self.kind, owner=owner)

    def describe(
        self,
        address: int,
        extents: Sequence[int],  # noqa: ARG002
        strides: Sequence[int] | None = None,  # noqa: ARG002
        kind: dtype[Any] | None = None,
    ) -> None:
        """Point to a scalar at `address`; `kind` has the length of a character of deferred length."""
        self.memory.value = address
        if self.length is not None:
            self.length.word.value = (kind or self.declared).itemsize

    def forget(self) -> None:
        """Point nowhere."""
        self.memory.value = None


class Heap:
    """The C library's memory, where a Fortran program allocates its arrays too; `handle` is the program's library.

    `release` frees what lies at an address, `copy` is C's memmove from a pointer to an address.
    """

    def __init__(self, handle: ctypes.CDLL) -> None:
        try:
            handle["malloc"], handle["free"], handle["memmove"]
        except AttributeError:
            # A library that calls nothing of the C library may not be linked to it; Windows looks for a name in the
            # library alone and not in what that was linked to.
            handle = ctypes.CDLL("msvcrt" if os.name == "nt" else None)
        bind: Any = cffi_bind if PYPY else ctypes_bind
        size = ULONG if ctypes.sizeof(ctypes.c_void_p) == 8 else UINT
        one = {"by_value": {0: size}, "arguments": (None,)}
        self._allocate: Callable[[int], int] = bind(handle, "malloc", False, size, **one)
        self.release: Callable[[int], Any] = bind(handle, "free", False, None, **one)
        self.copy: Callable[[int, Any, int], Any] = bind(
            handle, "memmove", False, None, by_value={0: size, 2: size}, arguments=(None,) * 3
        )

    def allocate(self, size: int) -> int:
        """Return the address of `size` bytes; MemoryError if there aren't as many."""
        # gfortran allocates at least a byte, so that an empty array has an address.
        address = self._allocate(size or 1)
        if not address:
            raise MemoryError(f"no memory for {size} bytes")
        return address

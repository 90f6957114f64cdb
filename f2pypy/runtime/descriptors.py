"""Memory that Fortran owns, seen through NumPy: plain places, and gfortran's descriptors of allocatables and pointers.

A view is live: it shows what Fortran writes and Fortran sees what is written to it. It stays valid as long as Fortran
keeps the memory; a view of an allocatable array must not be used after the array was deallocated or reallocated.
"""

from __future__ import annotations

import ctypes
from typing import Any, Sequence

from numpy import asarray, dtype, ndarray

# enum of types in gfortran's libgfortran.h (BT_INTEGER, ...), by NumPy's kind of type; BT_LOGICAL is 2.
_TYPE_CODES = {"i": 1, "u": 1, "f": 3, "c": 4, "S": 6}
_LOGICAL = 2


class _Dimension(ctypes.Structure):
    _fields_ = [
        ("stride", ctypes.c_ssize_t),  # in units of the descriptor's span
        ("lower", ctypes.c_ssize_t),
        ("upper", ctypes.c_ssize_t),
    ]


class _Header(ctypes.Structure):
    """gfortran's array descriptor up to its dimensions (GFC_ARRAY_DESCRIPTOR in libgfortran.h, since gfortran 9)."""

    _fields_ = [
        ("base", ctypes.c_void_p),
        ("offset", ctypes.c_size_t),
        ("element_size", ctypes.c_size_t),
        ("version", ctypes.c_int),
        ("rank", ctypes.c_byte),
        ("type", ctypes.c_byte),
        ("attribute", ctypes.c_short),
        ("span", ctypes.c_ssize_t),
    ]


class _Memory:
    """A place in memory in the form that NumPy takes; `owner` is kept as long as any view of it."""

    def __init__(self, interface: dict[str, Any], owner: Any) -> None:
        self.__array_interface__ = interface
        self.owner = owner


def view_memory(
    address: int,
    kind: dtype[Any],
    extents: Sequence[int] = (),
    strides: Sequence[int] | None = None,
    owner: Any = None,
) -> ndarray[Any, Any]:
    """Return a live view of `extents` elements of type `kind` at `address`.

    `strides` are in bytes; without them the elements lie in Fortran order, without gaps. No extents mean a scalar: an
    array of rank 0. `owner` keeps the memory alive, where Python owns it.
    """
    interface = {
        "version": 3,
        "data": (address, False),
        "typestr": kind.str,
        "shape": tuple(extents),
        "strides": tuple(
            fortran_strides(kind.itemsize, extents) if strides is None else strides
        ),
    }
    return asarray(_Memory(interface, owner))


def fortran_strides(size: int, extents: Sequence[int]) -> list[int]:
    """Return the distances in bytes between neighbours along each axis of a contiguous array in Fortran order."""
    strides = []
    for extent in extents:
        strides.append(size)
        size *= extent
    return strides


class ArrayDescriptor:
    """The descriptor that gfortran keeps at `address` for an allocatable or pointer array of type `kind`."""

    def __init__(
        self, address: int, kind: dtype[Any], rank: int, logical: bool = False
    ) -> None:
        self.header = _Header.from_address(address)
        self.dimensions = (_Dimension * rank).from_address(
            address + ctypes.sizeof(_Header)
        )
        self.kind = kind
        self.logical = logical

    @property
    def address(self) -> int:
        """Where the first element lies; 0 while there is none."""
        return self.header.base or 0

    def extents(self) -> tuple[int, ...]:
        """Return the extents, which mean nothing while there is no array."""
        return tuple(
            max(0, dimension.upper - dimension.lower + 1)
            for dimension in self.dimensions
        )

    def view(self) -> ndarray[Any, Any] | None:
        """Return a live view of the array, None if it isn't allocated or associated."""
        if not self.address:
            return None
        span = self.header.span or self.kind.itemsize
        strides = [dimension.stride * span for dimension in self.dimensions]
        return view_memory(self.address, self.kind, self.extents(), strides)

    def describe(self, address: int, extents: Sequence[int]) -> None:
        """Make the descriptor one of a contiguous array at `address`, with lower bounds of 1."""
        size = self.kind.itemsize
        header = self.header
        header.element_size = header.span = size
        header.version = header.attribute = 0
        header.rank = len(extents)
        header.type = _LOGICAL if self.logical else _TYPE_CODES[self.kind.kind]
        stride = 1
        offset = 0
        for dimension, extent in zip(self.dimensions, extents):
            dimension.stride, dimension.lower, dimension.upper = stride, 1, extent
            offset -= stride
            stride *= extent
        header.offset = ctypes.c_size_t(offset).value
        header.base = address

    def forget(self) -> None:
        """Make the descriptor one of no array."""
        self.header.base = None


class ScalarPointer:
    """The pointer that gfortran keeps at `address` for an allocatable or pointer scalar of type `kind`."""

    def __init__(self, address: int, kind: dtype[Any]) -> None:
        self.pointer = ctypes.c_void_p.from_address(address)
        self.kind = kind

    @property
    def address(self) -> int:
        """Where the scalar lies; 0 while there is none."""
        return self.pointer.value or 0

    def extents(self) -> tuple[int, ...]:
        """Return no extents."""
        return ()

    def view(self) -> ndarray[Any, Any] | None:
        """Return a live view of the scalar, None if it isn't allocated or associated."""
        return view_memory(self.address, self.kind) if self.address else None

    def describe(self, address: int, extents: Sequence[int]) -> None:  # noqa: ARG002
        """Point to a scalar at `address`."""
        self.pointer.value = address

    def forget(self) -> None:
        """Point nowhere."""
        self.pointer.value = None


class Heap:
    """The C library's memory, where a Fortran program allocates its arrays too; `handle` is the program's library."""

    def __init__(self, handle: ctypes.CDLL) -> None:
        try:
            allocate, release = handle["malloc"], handle["free"]
        except AttributeError:
            # Windows looks for a name in the library alone and not in what that was linked to.
            runtime = ctypes.CDLL("msvcrt")
            allocate, release = runtime["malloc"], runtime["free"]
        allocate.restype = ctypes.c_void_p
        allocate.argtypes = [ctypes.c_size_t]
        release.restype = None
        release.argtypes = [ctypes.c_void_p]
        self._allocate = allocate
        self.release = release

    def allocate(self, size: int) -> int:
        """Return the address of `size` bytes; MemoryError if there aren't as many."""
        # gfortran allocates at least a byte, so that an empty array has an address.
        address: int | None = self._allocate(max(size, 1))
        if not address:
            raise MemoryError(f"no memory for {size} bytes")
        return address

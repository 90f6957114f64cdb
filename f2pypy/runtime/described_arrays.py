"""Arrays that are passed by descriptor as they lie: which ones can be, and the descriptor that is made for a call.

It is new for each call, as Fortran may call Python back, which may call the same procedure.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Callable, Sequence

from numpy import dtype, ndarray, zeros

from f2pypy.runtime.descriptors import ORDINARY, DescriptorLayout, fortran_strides
from f2pypy.runtime.foreign import ctypes_address
from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.memory import MEMORY, REACHES_ALL
from f2pypy.runtime.pypy_arrays import (
    cffi_describer,
    cffi_is_contiguous,
    cffi_is_strided,
    cffi_is_strided_output,
    reads_strides,
)
from f2pypy.runtime.routines import address, characters, location

_ADDRESS_SIZE = struct.calcsize("P")
MOST_KNOWN_LAYOUTS = 256

if TYPE_CHECKING:
    from typing import TypeGuard  # of Python 3.10


def has_element_strides(value: ndarray[Any, Any]) -> bool:
    """Whether neighbours lie whole elements apart; gfortran takes a stride of 0, as of repeated rows, for 1."""
    size = value.itemsize or 1
    for stride, extent in zip(value.strides, value.shape):  # noqa: SIM110 - a generator takes longer
        if stride % size or (not stride and extent > 1):
            return False
    return True


def ctypes_is_strided(value: Any, kind: dtype[Any], rank: int) -> bool:
    """Whether `value` is an array of this type and rank that a descriptor can describe as it lies."""
    if type(value) is not ndarray or value.dtype is not kind or value.ndim != rank:
        return False
    flags = value.flags
    fits: bool = flags.aligned and (flags.forc or has_element_strides(value))
    return fits


def ctypes_is_strided_output(value: Any, kind: dtype[Any], rank: int) -> bool:
    """Whether it is one that Fortran may write to."""
    if type(value) is not ndarray or value.dtype is not kind or value.ndim != rank:
        return False
    flags = value.flags
    fits: bool = flags.behaved and (flags.forc or has_element_strides(value))
    return fits


def ctypes_is_contiguous(value: Any, kind: dtype[Any], rank: int) -> bool:
    """Whether `value` is an array of this type and rank, aligned and in Fortran order."""
    if type(value) is not ndarray or value.dtype is not kind or value.ndim != rank:
        return False
    flags = value.flags
    fits: bool = flags.f_contiguous and flags.aligned
    return fits


_READS_STRIDES = PYPY and reads_strides(zeros((2, 3, 4))[:, ::2, ::-1])
_is_strided: Any = cffi_is_strided if _READS_STRIDES else ctypes_is_strided
_is_output: Any = cffi_is_strided_output if _READS_STRIDES else ctypes_is_strided_output
_is_contiguous: Any = cffi_is_contiguous if _READS_STRIDES else ctypes_is_contiguous
# To type checkers what they take is an array.
is_strided: Callable[[Any, dtype[Any], int], TypeGuard[ndarray[Any, Any]]] = _is_strided
is_strided_output: Callable[[Any, dtype[Any], int], TypeGuard[ndarray[Any, Any]]] = _is_output
is_contiguous: Callable[[Any, dtype[Any], int], TypeGuard[ndarray[Any, Any]]] = _is_contiguous


def given_describer(
    layout: DescriptorLayout, kind: dtype[Any], logical: bool = False, use: int = ORDINARY
) -> Callable[[Any, int], Any]:
    """Return what makes the descriptor of an allocatable or pointer of so many axes; None is one of no array."""
    describe = describer(layout, kind, logical, use)

    def describe_given(value: Any, rank: int) -> Any:
        if value is None:
            return characters(layout.pack(0, kind, (0,) * rank, (0,) * rank, logical, use))
        return describe(value)

    describe_given.__dict__.update(describe.__dict__)
    return describe_given


def text_describer(layout: DescriptorLayout) -> Callable[[Any], Any]:
    """Return the function that makes the descriptors of arrays of strings, whatever their length."""
    known: dict[int, Callable[[Any], Any]] = {}

    def describe(value: ndarray[Any, Any]) -> Any:
        length = value.itemsize
        try:
            return known[length](value)
        except KeyError:
            if len(known) >= MOST_KNOWN_LAYOUTS:
                known.clear()
            made = known[length] = describer(layout, dtype(f"S{length}"))
            return made(value)

    describe.__dict__["described"] = layout, dtype("S"), False, ORDINARY
    return describe


def describer(
    layout: DescriptorLayout, kind: dtype[Any], logical: bool = False, use: int = ORDINARY
) -> Callable[[Any], Any]:
    """Return the function that makes the descriptor of an array of type `kind`, as an argument of a procedure.

    On CPython its `described` has what it was made of, in the order of the parameters.
    """
    if _READS_STRIDES:
        return cffi_describer(layout, kind, logical, use)
    if PYPY or not REACHES_ALL or address is not ctypes_address:
        return lambda value: characters(
            layout.pack(location(value), kind, value.shape, passed_strides(value), logical, use)
        )
    known: dict[Any, bytes] = {}
    # The address stands first in every layout.
    address_in, memory, data = struct.Struct(f"{_ADDRESS_SIZE}s").unpack_from, MEMORY, object.__basicsize__

    def describe(value: ndarray[Any, Any]) -> bytes:
        # The shape alone decides where elements lie without gaps; tuples of tuples are other keys.
        key: Any = value.shape if value.flags.f_contiguous else (value.shape, value.strides)
        try:
            rest = known[key]
        except KeyError:
            if len(known) >= MOST_KNOWN_LAYOUTS:
                known.clear()
            rest = known[key] = layout.pack(0, kind, value.shape, passed_strides(value), logical, use)[_ADDRESS_SIZE:]
        start: bytes = address_in(memory, id(value) + data)[0]
        return start + rest

    describe.__dict__["described"] = layout, kind, logical, use
    return describe


def passed_strides(value: ndarray[Any, Any]) -> Sequence[int]:
    """Return the bytes between neighbours along each axis.

    NumPy has any where an extent is 1, but Fortran takes those along the first axis of an allocatable to be 1 element.
    """
    return fortran_strides(value.itemsize, value.shape) if value.flags.f_contiguous else value.strides

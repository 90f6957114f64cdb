"""Arrays for assumed-shape dummies: passed where they lie, in any order and with any strides, by a descriptor."""

from __future__ import annotations

import struct
from typing import Any, Sequence

from numpy import dtype, ndarray, ndim

from f2pypy.runtime.arrays import COPY, INOUT, array
from f2pypy.runtime.routines import characters

# enum of types in gfortran's libgfortran.h (BT_INTEGER, ...), by NumPy's kind of type.
_BASE_TYPES = {"i": 1, "u": 1, "b": 2, "f": 3, "c": 4, "S": 6}
# GFC_ARRAY_DESCRIPTOR of libgfortran.h (since gfortran 9): base, offset, element size, version, rank, type,
# attribute, span; then stride (in elements), lower and upper bound of each dimension.
_HEADER = "@PnNibbhn"
# CFI_cdesc_t of ISO_Fortran_binding.h: base, element size, version, rank, attribute, type; then lower bound (0),
# extent and distance in bytes of each dimension. A type is one of these plus 256 times its bytes.
_C_HEADER = "@Pnibbh"
_C_BASE_TYPES = {"i": 1, "u": 1, "b": 2, "f": 3, "c": 4, "S": 5}
_C_VERSION = 1
_C_OTHER = 2  # neither allocatable nor a pointer


def strided(
    value: Any,
    kind: dtype[Any],
    extents: Sequence[int],
    intent: int,
    routine: str,
    argument: str,
) -> ndarray[Any, Any]:
    """Return the array that Fortran sees through a descriptor: `value` itself if its type and extents fit.

    Everything else is as in `array`, which see for the parameters and for what is raised.
    """
    if (
        isinstance(value, ndarray)
        and value.ndim == len(extents)
        and value.dtype == kind
        and not intent & COPY
        and value.flags.aligned
        and (value.flags.writeable or not intent & INOUT)
        and all(stride % kind.itemsize == 0 for stride in value.strides)
        and all(wanted in (-1, found) for wanted, found in zip(extents, value.shape))
    ):
        return value
    return array(value, kind, extents, intent, routine, argument)


def any_rank(
    value: Any, kind: dtype[Any], intent: int, routine: str, argument: str
) -> ndarray[Any, Any]:
    """Return the array that an assumed-rank dummy sees, of whatever rank `value` has; see `strided`."""
    return strided(value, kind, (-1,) * ndim(value), intent, routine, argument)


def descriptor(value: ndarray[Any, Any]) -> Any:
    """Return gfortran's descriptor of an array, as an argument of a foreign function; lower bounds are 1."""
    size = value.itemsize or 1
    dimensions: list[int] = []
    offset = 0
    for extent, distance in zip(value.shape, value.strides):
        stride = distance // size
        offset -= stride
        dimensions += (stride, 1, extent)
    return characters(
        struct.pack(
            f"{_HEADER}{len(dimensions)}n",
            value.__array_interface__["data"][0],
            offset,
            size,
            0,
            value.ndim,
            _BASE_TYPES[value.dtype.kind],
            0,
            size,
            *dimensions,
        )
    )


def c_descriptor(value: ndarray[Any, Any]) -> Any:
    """Return the Fortran standard's C descriptor of an array, as an argument of a foreign function."""
    kind = value.dtype.kind
    size = value.itemsize // 2 if kind == "c" else 1 if kind == "S" else value.itemsize
    dimensions: list[int] = []
    for extent, distance in zip(value.shape, value.strides):
        dimensions += (0, extent, distance)
    return characters(
        struct.pack(
            f"{_C_HEADER}{len(dimensions)}n",
            value.__array_interface__["data"][0],
            value.itemsize,
            _C_VERSION,
            value.ndim,
            _C_OTHER,
            _C_BASE_TYPES[kind] + 256 * size,
            *dimensions,
        )
    )

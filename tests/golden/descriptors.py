"""This module 'descriptors' is auto-generated with f2pypy (version:0.1.0).
Functions:
    scale(x,[factor])
    words = split(text)
    a = grow(a)
."""
# fmt: off

from __future__ import annotations

from typing import Any

import numpy as np
from f2pypy.runtime.arrays import IN, INOUT, array, bytes_type, float64
from f2pypy.runtime.assumed_shape import strided
from f2pypy.runtime.compilers import Compiler
from f2pypy.runtime.deferred import Deferred
from f2pypy.runtime.descriptors import DescriptorLayout
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.routines import Routine, address, attach_pointers, length
from f2pypy.runtime.scalar_types import DOUBLE, INT8
from f2pypy.runtime.scalars import real
from f2pypy.runtime.strings import string
from f2pypy.runtime.wrappers import wrapper
from numpy.typing import ArrayLike, NDArray

__all__ = ["scale", "split", "grow"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_descriptors_error = error


def scale(x: ArrayLike, factor: float | None = None) -> None:
    """scale(x,[factor])

    Wrapper for ``scale``.

    Parameters
    ----------
    x : in/output rank-2 array('d') with bounds (:,:)

    Other Parameters
    ----------------
    factor : input float
    """
    factor_absent = factor is None
    x = strided(x, float64, (-1, -1), INOUT, "descriptors.scale", "1st argument `x`")
    if type(factor) is not float:
        factor = 0.0 if factor is None else real(factor, "descriptors.scale() 1st keyword (factor)")

    _scale.call(_compiler.descriptor(x), factor, 0 if factor_absent else 1)


def split(text: bytes | str | NDArray[Any]) -> Any:
    """words = split(text)

    Wrapper for ``split``.

    Parameters
    ----------
    text : input string(len=-1)

    Returns
    -------
    words : rank-1 array('S') with bounds (:)
    """
    text = string(text, -1, b"", "descriptors.split", "1st argument", "text")
    words_descriptor = Deferred(_library, bytes_type(0), 1)

    _split.call(address(text), words_descriptor.pointer, length(len(text)), words_descriptor.length_place)
    return words_descriptor.take()


def grow(a: ArrayLike) -> Any:
    """a = grow(a)

    Wrapper for ``grow``.

    Parameters
    ----------
    a : input rank-1 array('d') with bounds (:)

    Returns
    -------
    a : rank-1 array('d') with bounds (:)
    """
    a_descriptor = Deferred(_library, float64, 1, interoperable=True)
    if a is not None:
        a_descriptor.hold(array(a, float64, (-1,), IN, "descriptors.grow", "1st argument `a`"))

    _grow.call(a_descriptor.pointer)
    return a_descriptor.take()


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_compiler = Compiler("gfortran", procedure="__{module}_MOD_{name}", variable="__{module}_MOD_{name}",
                     length="_F.{module}_MOD_{name}",
                     arrays=DescriptorLayout({"base": "P", "offset": "n", "size": "N", "version": "i",
                                              "rank": "b", "type": "b", "attribute": "h", "span": "n"},
                                             ("stride", "lower", "upper"),
                                             {"i": 1, "u": 1, "l": 2, "f": 3, "c": 4, "S": 6}),
                     c_arrays=DescriptorLayout({"base": "P", "size": "N", "version": "i", "rank": "b",
                                                "attribute": "b", "type": "h"},
                                               ("lower", "extent", "distance"),
                                               {"i1": 257, "i2": 513, "i4": 1025, "i8": 2049, "u1": 257,
                                                "u2": 513, "u4": 1025, "u8": 2049, "l1": 258, "l2": 514,
                                                "l4": 1026, "l8": 2050, "f4": 1027, "f8": 2051, "f16": 2563,
                                                "c8": 1028, "c16": 2052, "c32": 2564, "S": 261},
                                               version=1, attributes=(2, 1, 0), lower=0))
_library = Library("descriptors", compiler=_compiler)

_scale = Routine(_library, "scale", None, {}, by_value={1: DOUBLE, 2: INT8})
scale = wrapper(scale)
_split = Routine(_library, "split", None, {})
split = wrapper(split)
_grow = Routine(_library, "grow", None, {}, exact=True)
grow = wrapper(grow)

attach_pointers(globals().values())

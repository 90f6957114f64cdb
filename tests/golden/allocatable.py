"""This module 'allocatable' is auto-generated with f2pypy (version:0.1.0).
Functions::

    a = grow(a)"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

from typing import Any

import numpy as np
from f2pypy.runtime.array_types import float64
from f2pypy.runtime.arrays import IN, array
from f2pypy.runtime.compilers import Compiler
from f2pypy.runtime.deferred_arrays import deferred_array
from f2pypy.runtime.descriptors import DescriptorLayout
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import PASSED
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.wrappers import wrapper
from numpy.typing import ArrayLike

__all__ = ["grow"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_allocatable_error = error


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
    a_descriptor = deferred_array(_library, float64, 1, interoperable=True)
    if a is not None:
        a_descriptor.hold(array(a, float64, (-1,), IN, "allocatable.grow", "1st argument `a`"))

    _grow.call(a_descriptor.pointer)
    return a_descriptor.take()


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_compiler = Compiler("gfortran", procedure="__{module}_MOD_{name}", variable="__{module}_MOD_{name}",
                     length="_F.{module}_MOD_{name}",
                     c_arrays=DescriptorLayout({"base": "P", "size": "N", "version": "i", "rank": "b",
                                                "attribute": "b", "type": "h"}, ("lower", "extent", "distance"),
                                               {"i1": 257, "i2": 513, "i4": 1025, "i8": 2049, "u1": 257, "u2": 513,
                                                "u4": 1025, "u8": 2049, "l1": 258, "l2": 514, "l4": 1026,
                                                "l8": 2050, "f4": 1027, "f8": 2051, "f16": 2563, "c8": 1028,
                                                "c16": 2052, "c32": 2564, "S": 261, "V": 6}, version=1,
                                               attributes=(2, 1, 0), lower=0))
_library = Library("allocatable", compiler=_compiler)

_grow = Routine(_library, "grow", None, (PASSED,), exact=True, prototype="foreign void (void *)")
grow = wrapper(grow)

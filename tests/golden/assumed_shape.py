"""This module 'assumed_shape' is auto-generated with f2pypy (version:0.1.0).
Functions::

    scale(x,[factor])"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

import numpy as np
from f2pypy.runtime.array_types import float64
from f2pypy.runtime.arrays import INOUT
from f2pypy.runtime.assumed_shape import strided
from f2pypy.runtime.compilers import Compiler
from f2pypy.runtime.described_arrays import describer, is_strided_output
from f2pypy.runtime.descriptors import DescriptorLayout
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import PASSED
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import DOUBLE, INT8
from f2pypy.runtime.scalars import real
from f2pypy.runtime.wrappers import wrapper
from numpy.typing import ArrayLike

__all__ = ["scale"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_assumed_shape_error = error


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
    if not is_strided_output(x, float64, 2):
        x = strided(x, float64, (-1, -1), INOUT, "assumed_shape.scale", "1st argument `x`")
    if type(factor) is not float:
        factor = 0.0 if factor is None else real(factor, "assumed_shape.scale() 1st keyword (factor)")

    _scale.call(_float64_descriptor(x), factor, 0 if factor_absent else 1)


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_compiler = Compiler("gfortran", procedure="__{module}_MOD_{name}", variable="__{module}_MOD_{name}",
                     length="_F.{module}_MOD_{name}",
                     arrays=DescriptorLayout({"base": "P", "offset": "n", "size": "N", "version": "i", "rank": "b",
                                              "type": "b", "attribute": "h", "span": "n"},
                                             ("stride", "lower", "upper"),
                                             {"i": 1, "u": 1, "l": 2, "f": 3, "c": 4, "S": 6, "V": 5}))
_library = Library("assumed_shape", compiler=_compiler)

_float64_descriptor = describer(_compiler.arrays, float64)
_scale = Routine(_library, "scale", None, (PASSED, PASSED, PASSED), by_value={1: DOUBLE, 2: INT8},
                 prototype="foreign void (void *, double, int8_t)")
scale = wrapper(scale)

"""This module 'overwrite' is auto-generated with f2pypy (version:0.1.0).
Functions::

    y = scale(a,x,[overwrite_x])"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

import numpy as np
from f2pypy.runtime.array_types import float64
from f2pypy.runtime.arrays import COPY, IN, OUT, array, unfold
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import ARRAY
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import DOUBLE, INT
from f2pypy.runtime.scalars import flag, real
from f2pypy.runtime.wrappers import wrapper
from numpy.typing import ArrayLike, NDArray

__all__ = ["scale"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_overwrite_error = error


def scale(a: float, x: ArrayLike, overwrite_x: int = 0) -> NDArray[np.float64]:
    """y = scale(a,x,[overwrite_x])

    Wrapper for ``scale``.

    Parameters
    ----------
    a : input float
    x : input rank-1 array('d') with bounds (n)

    Other Parameters
    ----------------
    overwrite_x : input int, optional
        Default: 0

    Returns
    -------
    y : rank-1 array('d') with bounds (n) and x storage
    """
    if type(overwrite_x) is not int:
        overwrite_x = flag(overwrite_x)
    if type(a) is not float:
        a = real(a, "overwrite.scale() 1st argument (a)")
    x = array(x, float64, (-1,), IN | OUT if overwrite_x else COPY, "overwrite.scale", "2nd argument `x`")
    n = len(x)

    _scale.call(n, a, x)
    return unfold(x)


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("overwrite")

_scale = Routine(_library, "scale", None, (INT, DOUBLE, ARRAY),
                 prototype="foreign void (int *, double *, double *)")
scale = wrapper(scale)

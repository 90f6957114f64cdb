"""This module 'loops' is auto-generated with f2pypy (version:0.1.0).
Functions::

    x = swapped(piv,x,[overwrite_x])"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

import numpy as np
from f2pypy.runtime.array_types import float64, int32
from f2pypy.runtime.arrays import COPY, IN, OUT, array, unfold
from f2pypy.runtime.elements import span, writable
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import ARRAY
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import INT
from f2pypy.runtime.scalars import flag
from f2pypy.runtime.wrappers import wrapper
from numpy.typing import ArrayLike, NDArray

__all__ = ["swapped"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_loops_error = error


def swapped(piv: ArrayLike, x: ArrayLike, overwrite_x: int = 0) -> NDArray[np.float64]:
    """x = swapped(piv,x,[overwrite_x])

    Wrapper for ``swapped``.

    Parameters
    ----------
    piv : input rank-1 array('i') with bounds (n)
    x : input rank-1 array('d') with bounds (n)

    Other Parameters
    ----------------
    overwrite_x : input int, optional
        Default: 0

    Returns
    -------
    x : rank-1 array('d') with bounds (n)
    """
    if type(overwrite_x) is not int:
        overwrite_x = flag(overwrite_x)
    x = array(x, float64, (-1,), IN | OUT if overwrite_x else COPY, "loops.swapped", "2nd argument `x`")
    n = len(x)
    piv = array(piv, int32, (n,), IN, "loops.swapped", "1st argument `piv`")

    piv = writable(piv)
    span(piv, 0, n)[...] += 1
    n = _swapped.call(n, piv, x)
    span(piv, 0, n)[...] -= 1
    return unfold(x)


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("loops")

_swapped = Routine(_library, "swapped", None, (INT, ARRAY, ARRAY), outputs=(0,),
                   prototype="foreign void (int *, int *, double *)")
swapped = wrapper(swapped)

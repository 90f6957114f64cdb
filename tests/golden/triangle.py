"""This module 'triangle' is auto-generated with f2pypy (version:0.1.0).
Functions::

    a,info = cholesky(a,[clean,overwrite_a])"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

import numpy as np
from f2pypy.runtime.array_types import float64
from f2pypy.runtime.arrays import COPY, IN, OUT, array, unfold
from f2pypy.runtime.elements import fill_triangle, writable
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import ARRAY
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import INT
from f2pypy.runtime.scalars import flag, integer_or_first
from f2pypy.runtime.wrappers import wrapper
from numpy.typing import ArrayLike, NDArray

__all__ = ["cholesky"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_triangle_error = error


def cholesky(a: ArrayLike, clean: int | None = 1, overwrite_a: int = 0) -> tuple[NDArray[np.float64], int]:
    """a,info = cholesky(a,[clean,overwrite_a])

    Wrapper for ``cholesky``.

    Parameters
    ----------
    a : input rank-2 array('d') with bounds (n,n)

    Other Parameters
    ----------------
    overwrite_a : input int, optional
        Default: 0
    clean : input int, optional
        Default: 1

    Returns
    -------
    a : rank-2 array('d') with bounds (n,n)
    info : int
    """
    if type(overwrite_a) is not int:
        overwrite_a = flag(overwrite_a)
    a = array(a, float64, (-1, -1), IN | OUT if overwrite_a else COPY, "triangle.cholesky", "1st argument `a`")
    clean = 1 if clean is None else integer_or_first(clean, "triangle.cholesky() 1st keyword (clean)")
    n = a.shape[0]

    a = writable(a)
    n, info = _cholesky.call(n, a, 0)
    info = info - 1
    if clean:
        fill_triangle(a, n, n, "upper", 0.0)
    return unfold(a), info


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("triangle")

_cholesky = Routine(_library, "cholesky", None, (INT, ARRAY, INT), outputs=(0, 2),
                    prototype="foreign void (int *, double *, int *)")
cholesky = wrapper(cholesky)

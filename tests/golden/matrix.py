"""This module 'matrix' is auto-generated with f2pypy (version:0.1.0).
Functions::

    s = rowsums(a)"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

import numpy as np
from f2pypy.runtime.array_types import float64
from f2pypy.runtime.arrays import allocate, matrix, unfold
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import ARRAY
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import INT
from f2pypy.runtime.wrappers import wrapper
from numpy.typing import ArrayLike, NDArray

__all__ = ["rowsums"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_matrix_error = error


def rowsums(a: ArrayLike) -> NDArray[np.float64]:
    """s = rowsums(a)

    Wrapper for ``rowsums``.

    Parameters
    ----------
    a : input rank-2 array('d') with bounds (lda,n)

    Returns
    -------
    s : rank-1 array('d') with bounds (m)
    """
    a = matrix(a, float64, "matrix.rowsums", "1st argument `a`")
    m, n = a.shape
    lda = max(a.shape[0], 1)
    s = allocate((m,), float64)

    _rowsums.call(m, n, a, lda, s)
    return unfold(s)


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("matrix")

_rowsums = Routine(_library, "rowsums", None, (INT, INT, ARRAY, INT, ARRAY),
                   prototype="void (hidden int *, hidden int *, double [$4][$2], hidden int *, out double [$1])")
rowsums = wrapper(rowsums)

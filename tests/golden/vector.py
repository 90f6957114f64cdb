"""This module 'vector' is auto-generated with f2pypy (version:0.1.0).
Functions::

    mean = mean(x)"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

import numpy as np
from f2pypy.runtime.array_types import float64
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import ARRAY
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import DOUBLE, INT
from f2pypy.runtime.vectors import vector
from f2pypy.runtime.wrappers import wrapper
from numpy.typing import ArrayLike

__all__ = ["mean"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_vector_error = error


def mean(x: ArrayLike) -> float:
    """mean = mean(x)

    Wrapper for ``mean``.

    Parameters
    ----------
    x : input rank-1 array('d') with bounds (n)

    Returns
    -------
    mean : float
    """
    x = vector(x, float64, "vector.mean", "1st argument `x`")
    n = len(x)

    mean: float = _mean.call(n, x)
    return mean


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("vector")

_mean = Routine(_library, "mean", DOUBLE, (INT, ARRAY), prototype="double (hidden int *, double [$1])")
mean = wrapper(mean)

"""This module 'usercode' is auto-generated with f2pypy (version:0.1.0).
Functions::

    spline(x)"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

from typing import Any

import numpy as np
from f2pypy.runtime.array_types import float64
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import ARRAY
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import DOUBLE, INT
from f2pypy.runtime.vectors import vector
from f2pypy.runtime.wrappers import wrapper
from numpy.typing import ArrayLike, NDArray

__all__ = ["spline"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_usercode_error = error


def spline(x: ArrayLike) -> None:
    """spline(x)

    Wrapper for ``spline``.

    Parameters
    ----------
    x : input rank-1 array('d') with bounds (n)
    """
    x = vector(x, float64, "usercode.spline", "1st argument `x`")
    n = len(x)
    lower = _least(x, n)

    _spline.call(n, x, lower)


def _least(x: NDArray[Any], n: int) -> float:
    found = float(x[0])
    for i in range(1, n):
        if x[i] < found:
            found = float(x[i])
    return found


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("usercode")

_spline = Routine(_library, "spline", None, (INT, ARRAY, DOUBLE),
                  prototype="void (hidden int *, double [$1], hidden double *)")
spline = wrapper(spline)

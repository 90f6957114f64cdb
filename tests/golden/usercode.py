"""This module 'usercode' is auto-generated with f2pypy (version:0.1.0).
Functions:
    spline(x,[lower,w])
."""
# fmt: off

from __future__ import annotations

from typing import Any

import numpy as np
from f2pypy.runtime.arrays import IN, allocate, array, float64, vector
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.routines import Routine, address, attach_pointers
from f2pypy.runtime.scalar_types import DOUBLE, INT
from f2pypy.runtime.scalars import real
from f2pypy.runtime.wrappers import wrapper
from numpy.typing import ArrayLike, NDArray

__all__ = ["spline"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_usercode_error = error


def spline(x: ArrayLike, lower: float | None = None, w: ArrayLike | None = None) -> None:
    """spline(x,[lower,w])

    Wrapper for ``spline``.

    Parameters
    ----------
    x : input rank-1 array('d') with bounds (n)

    Other Parameters
    ----------------
    lower : input float, optional
        Default: least(x, n)
    w : input rank-1 array('d') with bounds (n), optional
        Default: 1.0/(_i[0]+1)
    """
    x = vector(x, float64, "usercode.spline", "1st argument `x`")
    n = len(x)
    if lower is None:
        lower = _least(x, n)
    elif type(lower) is not float:
        lower = real(lower, "usercode.spline() 1st keyword (lower)")
    if w is None:
        w = allocate((n,), float64)
        _i = np.indices(w.shape, sparse=True)[::-1]
        w[...] = 1.0 / (_i[0] + 1)
    else:
        w = array(w, float64, (n,), IN, "usercode.spline", "2nd keyword `w`")

    frame = _spline.frame(n, lower)
    _spline.call(frame.n, address(x), frame.lower, address(w))
    _spline.release(frame)


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

_spline = Routine(_library, "spline", None, {"n": INT, "lower": DOUBLE})
spline = wrapper(spline)

attach_pointers(globals().values())

"""This module 'check' is auto-generated with f2pypy (version:0.1.0).
Functions::

    x = shift(x,[n,offx])"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

import numpy as np
from f2pypy.runtime.array_types import float64
from f2pypy.runtime.arrays import IN, OUT, array, unfold
from f2pypy.runtime.checks import refused
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import ARRAY
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import INT
from f2pypy.runtime.scalars import integer_or_first
from f2pypy.runtime.wrappers import wrapper
from numpy.typing import ArrayLike, NDArray

__all__ = ["shift"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_check_error = error


def shift(x: ArrayLike, n: int | None = None, offx: int | None = 0) -> NDArray[np.float64]:
    """x = shift(x,[n,offx])

    Wrapper for ``shift``.

    Parameters
    ----------
    x : input rank-1 array('d') with bounds (*)

    Other Parameters
    ----------------
    n : input int, optional
        Default: len(x)-offx
    offx : input int, optional
        Default: 0

    Returns
    -------
    x : rank-1 array('d') with bounds (*)
    """
    x = array(x, float64, (-1,), IN | OUT, "check.shift", "1st argument `x`")
    if type(offx) is not int:
        offx = 0 if offx is None else integer_or_first(offx, "check.shift() 2nd keyword (offx)")
    if not 0 <= offx < len(x):
        raise refused(error, "offx >= 0 && offx < len(x)", "2nd keyword", "shift:offx", offx)
    if n is None:
        n = len(x) - offx
    elif type(n) is not int:
        n = integer_or_first(n, "check.shift() 1st keyword (n)")
    if not len(x) - offx >= n:
        raise refused(error, "len(x) - offx >= n", "1st keyword", "shift:n", n, offx)

    _shift.call(n, x, offx)
    return unfold(x)


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("check")

_shift = Routine(_library, "shift", None, (INT, ARRAY, INT), prototype="foreign void (int *, double *, int *)")
shift = wrapper(shift)

"""This module 'returned' is auto-generated with f2pypy (version:0.1.0).
Functions::

    x = grid(n,step)"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

import numpy as np
from f2pypy.runtime.array_types import float32
from f2pypy.runtime.arrays import allocate, unfold
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import ARRAY
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import FLOAT, INT
from f2pypy.runtime.scalars import integer, single
from f2pypy.runtime.wrappers import wrapper
from numpy.typing import NDArray

__all__ = ["grid"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_returned_error = error


def grid(n: int, step: float) -> NDArray[np.float32]:
    """x = grid(n,step)

    Wrapper for ``grid``.

    Parameters
    ----------
    n : input int
    step : input float

    Returns
    -------
    x : rank-1 array('f') with bounds (n)
    """
    if type(n) is not int:
        n = integer(n, "returned.grid() 1st argument (n)")
    if type(step) is not float:
        step = single(step, "returned.grid() 2nd argument (step)")
    x = allocate((n,), float32)

    _grid.call(n, step, x)
    return unfold(x)


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("returned")

_grid = Routine(_library, "grid", None, (INT, FLOAT, ARRAY), prototype="void (int *, float *, out float [$1])")
grid = wrapper(grid)

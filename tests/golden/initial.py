"""This module 'initial' is auto-generated with f2pypy (version:0.1.0).
Functions::

    weigh(x,[w])"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

import numpy as np
from f2pypy.runtime.array_types import float64
from f2pypy.runtime.arrays import IN, allocate, array
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import ARRAY
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import INT
from f2pypy.runtime.vectors import vector
from f2pypy.runtime.wrappers import wrapper
from numpy.typing import ArrayLike

__all__ = ["weigh"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_initial_error = error


def weigh(x: ArrayLike, w: ArrayLike | None = None) -> None:
    """weigh(x,[w])

    Wrapper for ``weigh``.

    Parameters
    ----------
    x : input rank-1 array('d') with bounds (n)

    Other Parameters
    ----------------
    w : input rank-1 array('d') with bounds (n), optional
        Default: 1.0/(_i[0]+1)
    """
    x = vector(x, float64, "initial.weigh", "1st argument `x`")
    n = len(x)
    if w is None:
        w = allocate((n,), float64)
        _i = np.indices(w.shape, sparse=True)[::-1]
        w[...] = 1.0 / (_i[0] + 1)
    else:
        w = array(w, float64, (n,), IN, "initial.weigh", "1st keyword `w`")

    _weigh.call(n, x, w)


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("initial")

_weigh = Routine(_library, "weigh", None, (INT, ARRAY, ARRAY),
                 prototype="void (hidden int *, double [$1], optional double [$1])")
weigh = wrapper(weigh)

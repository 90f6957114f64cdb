"""This module 'scalar' is auto-generated with f2pypy (version:0.1.0).
Functions::

    norm2d = norm2d(x,y)"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

import numpy as np
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import DOUBLE
from f2pypy.runtime.scalars import real
from f2pypy.runtime.wrappers import wrapper

__all__ = ["norm2d"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_scalar_error = error


def norm2d(x: float, y: float) -> float:
    """norm2d = norm2d(x,y)

    Wrapper for ``norm2d``.

    Parameters
    ----------
    x : input float
    y : input float

    Returns
    -------
    norm2d : float
    """
    if type(x) is not float:
        x = real(x, "scalar.norm2d() 1st argument (x)")
    if type(y) is not float:
        y = real(y, "scalar.norm2d() 2nd argument (y)")

    norm2d: float = _norm2d.call(x, y)
    return norm2d


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("scalar")

_norm2d = Routine(_library, "norm2d", DOUBLE, (DOUBLE, DOUBLE), prototype="double (double *, double *)")
norm2d = wrapper(norm2d)

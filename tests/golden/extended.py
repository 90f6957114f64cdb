"""This module 'extended' is auto-generated with f2pypy (version:0.1.0).
Functions::

    x,total = grow(x,[factor])"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

import numpy as np
from f2pypy.runtime.checks import refused
from f2pypy.runtime.extended import clongdouble, extended, long_double, longdouble, taken
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import ARRAY
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.wrappers import wrapper

__all__ = ["grow"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_extended_error = error


def grow(x: float | np.longdouble,
         factor: float | np.longdouble | None = None) -> tuple[np.longdouble, np.clongdouble]:
    """x,total = grow(x,[factor])

    Wrapper for ``grow``.

    Parameters
    ----------
    x : input float

    Other Parameters
    ----------------
    factor : input float, optional
        Default: 1.1L

    Returns
    -------
    x : float
    total : complex
    """
    x = extended(x, "extended.grow() 1st argument (x)")
    if factor is None:
        factor = long_double(np.longdouble("1.1"))
    else:
        factor = extended(factor, "extended.grow() 1st keyword (factor)")
    if not factor > 0.0:
        raise refused(error, "factor > 0", "1st keyword", "grow:factor", factor, bits=64)

    x_place = np.array(x, longdouble)
    factor_place = np.array(factor, longdouble)
    total_place = np.array(complex(0.0, 0.0), clongdouble)
    _grow.call(x_place, factor_place, total_place)
    x = taken(x_place)
    total = taken(total_place)
    return x, total


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("extended")

_grow = Routine(_library, "grow", None, (ARRAY, ARRAY, ARRAY),
                prototype="foreign void (long double *, long double *, long double complex *)")
grow = wrapper(grow)

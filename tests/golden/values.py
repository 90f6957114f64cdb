"""This module 'values' is auto-generated with f2pypy (version:0.1.0).
Functions::

    powers = powers(n,x)"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

import numpy as np
from f2pypy.runtime.extended import extended_complex
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import PASSED
from f2pypy.runtime.routines import Routine, passed
from f2pypy.runtime.scalar_types import COMPLEX_LONG_DOUBLE, INT
from f2pypy.runtime.scalars import integer
from f2pypy.runtime.wrappers import wrapper

__all__ = ["powers"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_values_error = error


def powers(n: int, x: complex | np.clongdouble) -> np.clongdouble:
    """powers = powers(n,x)

    Wrapper for ``powers``.

    Parameters
    ----------
    n : input int
    x : input complex

    Returns
    -------
    powers : complex
    """
    n = integer(n, "values.powers() 1st argument (n)")
    x = extended_complex(x, "values.powers() 2nd argument (x)")

    powers: np.clongdouble = _powers.call(n, passed(x, COMPLEX_LONG_DOUBLE))
    return powers


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("values")

_powers = Routine(_library, "powers", COMPLEX_LONG_DOUBLE, (PASSED, PASSED),
                  by_value={0: INT, 1: COMPLEX_LONG_DOUBLE}, exact=True,
                  prototype="long double complex (int, long double complex)")
powers = wrapper(powers)

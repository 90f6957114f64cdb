"""This module 'callstatement' is auto-generated with f2pypy (version:0.1.0).
Functions::

    xy = zdotc(x,y,[offx,incx,incy])"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

import numpy as np
from f2pypy.runtime.array_types import complex128
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import ARRAY, PASSED
from f2pypy.runtime.routines import Routine, offset
from f2pypy.runtime.scalar_types import DOUBLE_COMPLEX, INT
from f2pypy.runtime.scalars import integer_or_first
from f2pypy.runtime.vectors import vector
from f2pypy.runtime.wrappers import wrapper
from numpy.typing import ArrayLike

__all__ = ["zdotc"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_callstatement_error = error


def zdotc(x: ArrayLike, y: ArrayLike, offx: int | None = 0, incx: int | None = 1, incy: int | None = 1) -> complex:
    """xy = zdotc(x,y,[offx,incx,incy])

    Wrapper for ``zdotc``.

    Parameters
    ----------
    x : input rank-1 array('D') with bounds (*)
    y : input rank-1 array('D') with bounds (*)

    Other Parameters
    ----------------
    offx : input int, optional
        Default: 0
    incx : input int, optional
        Default: 1
    incy : input int, optional
        Default: 1

    Returns
    -------
    xy : complex
    """
    x = vector(x, complex128, "callstatement.zdotc", "1st argument `x`")
    y = vector(y, complex128, "callstatement.zdotc", "2nd argument `y`")
    offx = 0 if offx is None else integer_or_first(offx, "callstatement.zdotc() 1st keyword (offx)")
    if type(incx) is not int:
        incx = 1 if incx is None else integer_or_first(incx, "callstatement.zdotc() 2nd keyword (incx)")
    if type(incy) is not int:
        incy = 1 if incy is None else integer_or_first(incy, "callstatement.zdotc() 3rd keyword (incy)")
    n = len(x) - offx

    xy: complex = _zdotc.call(n, offset(x, offx), incx, y, incy)
    return xy


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("callstatement")

_zdotc = Routine(_library, "zdotc", DOUBLE_COMPLEX, (INT, PASSED, INT, ARRAY, INT),
                 prototype="foreign double complex (int *, void *, int *, double complex *, int *)")
zdotc = wrapper(zdotc)

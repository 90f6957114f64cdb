"""This module 'elemental' is auto-generated with f2pypy (version:0.1.0).
Functions::

    cube = cube(x)"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

from typing import Any, overload

import numpy as np
from f2pypy.runtime.array_types import float64
from f2pypy.runtime.arrays import IN, OUT
from f2pypy.runtime.element_loops import ElementLoop
from f2pypy.runtime.elementals import Each, Elemental, has_axes
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import DOUBLE
from f2pypy.runtime.scalars import real
from f2pypy.runtime.wrappers import wrapper
from numpy.typing import ArrayLike, NDArray

__all__ = ["cube"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_elemental_error = error


@overload
def cube(x: float) -> float: ...
@overload
def cube(x: ArrayLike) -> NDArray[np.float64] | Any: ...
def cube(x: Any) -> Any:
    """cube = cube(x)

    Wrapper for ``cube``.

    Parameters
    ----------
    x : input float

    Returns
    -------
    cube : float

    Notes
    -----
    Elemental: arrays are broadcast together, and what is returned has their shape.
    """
    if type(x) is not float and has_axes(x):
        return _cube_elements(x)
    if type(x) is not float:
        x = real(x, "elemental.cube() 1st argument (x)")

    cube: float = _cube.call(x)
    return cube


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("elemental")

_cube = Routine(_library, "cube", DOUBLE, (DOUBLE,), prototype="double (double *)")
_cube_elements = Elemental(cube, "elemental.cube", Each("x", float64, IN, "1st argument", convert=real),
                           result=Each("cube", float64, OUT), loop=ElementLoop(_cube, "f2pypy_each_r8_w"))
cube = wrapper(cube)

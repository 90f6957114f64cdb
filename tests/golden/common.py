"""This module 'common' is auto-generated with f2pypy (version:0.1.0).
Functions::

    step(dt)

COMMON blocks::

    /state/ n,x(2,3),label"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

import numpy as np
from f2pypy.runtime.array_types import float64, int32
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.objects import CommonBlock
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import DOUBLE
from f2pypy.runtime.scalars import real
from f2pypy.runtime.string_arrays import bytes_type
from f2pypy.runtime.variables import Variable
from f2pypy.runtime.wrappers import wrapper

__all__ = ["step", "state"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_common_error = error


def step(dt: float) -> None:
    """step(dt)

    Wrapper for ``step``.

    Parameters
    ----------
    dt : input float
    """
    if type(dt) is not float:
        dt = real(dt, "common.step() 1st argument (dt)")

    _step.call(dt)


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("common")

_step = Routine(_library, "step", None, (DOUBLE,), prototype="void (double *)")
step = wrapper(step)


class _state(CommonBlock):
    """The common block state."""

    n = Variable(int32)
    x = Variable(float64, (2, 3))
    label = Variable(bytes_type(8))


#: The common block state.
state = _state(_library, "state")

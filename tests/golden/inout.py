"""This module 'inout' is auto-generated with f2pypy (version:0.1.0).
Functions::

    bump(k)"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

import numpy as np
from f2pypy.runtime.array_types import int32
from f2pypy.runtime.arrays import INOUT, array
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import ARRAY
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import INT
from f2pypy.runtime.wrappers import wrapper
from numpy.typing import ArrayLike

__all__ = ["bump"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_inout_error = error


def bump(k: ArrayLike) -> None:
    """bump(k)

    Wrapper for ``bump``.

    Parameters
    ----------
    k : in/output rank-1 array('i') with bounds (n)
    """
    k = array(k, int32, (-1,), INOUT, "inout.bump", "1st argument `k`")
    n = len(k)

    _bump.call(n, k)


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("inout")

_bump = Routine(_library, "bump", None, (INT, ARRAY), prototype="void (hidden int *, inout int [$1])")
bump = wrapper(bump)

"""This module 'renamed' is auto-generated with f2pypy (version:0.1.0).
Functions::

    x = trans(x,[lambda,overwrite_x])"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

import numpy as np
from f2pypy.runtime.array_types import float64
from f2pypy.runtime.arrays import COPY, IN, OUT, array, unfold
from f2pypy.runtime.checks import refused
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import ARRAY
from f2pypy.runtime.names import renamed
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import CHARACTER, INT
from f2pypy.runtime.scalars import flag, integer_or_first
from f2pypy.runtime.wrappers import wrapper
from numpy.typing import ArrayLike, NDArray

__all__ = ["trans"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_renamed_error = error


def trans(x: ArrayLike, lambda_: int | None = 0, overwrite_x: int = 0) -> NDArray[np.float64]:
    """x = trans(x,[lambda,overwrite_x])

    Wrapper for ``trans``.

    Parameters
    ----------
    x : input rank-1 array('d') with bounds (n)

    Other Parameters
    ----------------
    lambda : input int, optional
        Default: 0
    overwrite_x : input int, optional
        Default: 0

    Returns
    -------
    x : rank-1 array('d') with bounds (n)
    """
    if type(overwrite_x) is not int:
        overwrite_x = flag(overwrite_x)
    if type(lambda_) is not int:
        lambda_ = 0 if lambda_ is None else integer_or_first(lambda_, "renamed.trans() 1st keyword (lambda)")
    if not (lambda_ == 0 or lambda_ == 1):
        raise refused(error, "lambda == 0 || lambda == 1", "1st keyword", "trans:lambda", lambda_)
    x = array(x, float64, (-1,), IN | OUT if overwrite_x else COPY, "renamed.trans", "1st argument `x`")
    n = len(x)

    _trans.call(b"T" if lambda_ else b"N", n, x)
    return unfold(x)


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("renamed")

_trans = Routine(_library, "trans", None, (CHARACTER, INT, ARRAY),
                 prototype="foreign void (char *, int *, double *)")
trans = renamed(lambda_="lambda")(wrapper(trans))

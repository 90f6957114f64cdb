"""This module 'callback_array' is auto-generated with f2pypy (version:0.1.0).
Functions::

    solve(f,[f_extra_args])"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from f2pypy.runtime.array_types import float64
from f2pypy.runtime.arrays import HIDE, OUT
from f2pypy.runtime.callback_arguments import CallbackArray, CallbackScalar
from f2pypy.runtime.callbacks import CallbackSignature, not_a_tuple
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import PASSED
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import INT
from f2pypy.runtime.wrappers import wrapper

__all__ = ["solve"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_callback_array_error = error


def solve(f: Callable[..., Any], f_extra_args: tuple[Any, ...] = ()) -> None:
    """solve(f,[f_extra_args])

    Wrapper for ``solve``.

    Parameters
    ----------
    f : call-back function

    Other Parameters
    ----------------
    f_extra_args : input tuple, optional
        Default: ()

    Notes
    -----
    Call-back functions::

        def f(): return y
        Return objects:
            y : rank-1 array('d') with bounds (n)
    """
    if not isinstance(f_extra_args, tuple):
        raise not_a_tuple(f_extra_args, "callback_array.solve() argument 2")
    f_callback = _f_in_callback_array__user__routines.bind(f, f_extra_args, "f")

    _solve.call(f_callback.pointer)
    f_callback.finish()


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("callback_array")

_f_in_callback_array__user__routines = CallbackSignature(
        _library, error, "cb_f_in_callback_array__user__routines", None, CallbackScalar("n", INT, HIDE),
        CallbackArray("y", float64, lambda n: (n,), OUT), prototype="void (hidden int *, out double [$1])")
_solve = Routine(_library, "solve", None, (PASSED,), prototype="foreign void (void *)")
solve = wrapper(solve)

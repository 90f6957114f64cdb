"""This module 'callback' is auto-generated with f2pypy (version:0.1.0).
Functions::

    each(f,[f_extra_args])"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from f2pypy.runtime.arrays import IN
from f2pypy.runtime.callback_arguments import CallbackScalar
from f2pypy.runtime.callbacks import CallbackSignature, not_a_tuple
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import PASSED
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import DOUBLE
from f2pypy.runtime.wrappers import wrapper

__all__ = ["each"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_callback_error = error


def each(f: Callable[..., Any], f_extra_args: tuple[Any, ...] = ()) -> None:
    """each(f,[f_extra_args])

    Wrapper for ``each``.

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

        def f(x): return value
        Required arguments:
            x : input float
        Return objects:
            value : float
    """
    if not isinstance(f_extra_args, tuple):
        raise not_a_tuple(f_extra_args, "callback.each() argument 2")
    f_callback = _f_in_callback__user__routines.bind(f, f_extra_args, "f")

    _each.call(f_callback.pointer)
    f_callback.finish()


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("callback")

_f_in_callback__user__routines = CallbackSignature(
        _library, error, "cb_f_in_callback__user__routines", DOUBLE, CallbackScalar("x", DOUBLE, IN),
        prototype="double (double *)")
_each = Routine(_library, "each", None, (PASSED,), prototype="foreign void (void *)")
each = wrapper(each)

"""This module 'callback' is auto-generated with f2pypy (version:0.1.0).
Functions:
    y = newton(jac,stop,y,[jac_extra_args,stop_extra_args,overwrite_y])
."""
# fmt: off

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from f2pypy.runtime.arrays import COPY, HIDE, IN, OUT, array, float64, unfold
from f2pypy.runtime.callback_arguments import CallbackArray, CallbackScalar
from f2pypy.runtime.callbacks import CallbackSignature, not_a_tuple
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.routines import Routine, address, attach_pointers
from f2pypy.runtime.scalar_types import DOUBLE, INT
from f2pypy.runtime.scalars import flag
from f2pypy.runtime.wrappers import wrapper
from numpy.typing import ArrayLike, NDArray

__all__ = ["newton"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_callback_error = error


def newton(jac: Callable[..., Any], stop: Callable[..., Any], y: ArrayLike,
           jac_extra_args: tuple[Any, ...] = (), stop_extra_args: tuple[Any, ...] = (),
           overwrite_y: int = 0) -> NDArray[np.float64]:
    """y = newton(jac,stop,y,[jac_extra_args,stop_extra_args,overwrite_y])

    Wrapper for ``newton``.

    Parameters
    ----------
    jac : call-back function
    stop : call-back function => stop_at
    y : input rank-1 array('d') with bounds (n)

    Other Parameters
    ----------------
    jac_extra_args : input tuple, optional
        Default: ()
    stop_extra_args : input tuple, optional
        Default: ()
    overwrite_y : input int, optional
        Default: 0

    Returns
    -------
    y : rank-1 array('d') with bounds (n)

    Notes
    -----
    Call-back functions::

        def jac(y): return pd
        Required arguments:
            y : input rank-1 array('d') with bounds (n)
        Return objects:
            pd : rank-2 array('d') with bounds (nrowpd,n)
        def stop_at(y): return value
        Required arguments:
            y : input float
        Return objects:
            value : float
    """
    if type(overwrite_y) is not int:
        overwrite_y = flag(overwrite_y)
    if not isinstance(jac_extra_args, tuple):
        raise not_a_tuple(jac_extra_args, "callback.newton() argument 4")
    if not isinstance(stop_extra_args, tuple):
        raise not_a_tuple(stop_extra_args, "callback.newton() argument 5")
    jac_callback = _jac_in_callback__user__routines.bind(jac, jac_extra_args, "jac")
    stop_callback = _stop_at_in_callback__user__routines.bind(
            stop, stop_extra_args, "stop", companion=jac_callback)
    y = array(y, float64, (-1,), IN | OUT if overwrite_y else COPY, "callback.newton", "3rd argument `y`")
    n = len(y)

    frame = _newton.frame(n)
    _newton.call(jac_callback.pointer, stop_callback.pointer, frame.n, address(y))
    _newton.release(frame)
    jac_callback.finish()
    stop_callback.finish()
    return unfold(y)


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_library = Library("callback")

_jac_in_callback__user__routines = CallbackSignature(
        _library, error, "cb_jac_in_callback__user__routines", None, CallbackScalar("n", INT, HIDE),
        CallbackScalar("nrowpd", INT, HIDE), CallbackArray("y", float64, lambda n: (n,), IN),
        CallbackArray("pd", float64, lambda n, nrowpd: (nrowpd, n), OUT))
_stop_at_in_callback__user__routines = CallbackSignature(
        _library, error, "cb_stop_at_in_callback__user__routines", DOUBLE, CallbackScalar("y", DOUBLE, IN))
_newton = Routine(_library, "newton", None, {"n": INT})
newton = wrapper(newton)

attach_pointers(globals().values())

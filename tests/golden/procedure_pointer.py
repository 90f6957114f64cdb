"""This module 'procedure_pointer' is auto-generated with f2pypy (version:0.1.0).
Fortran 90/95 modules::

    m --- current"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

import numpy as np
from f2pypy.runtime.arrays import IN
from f2pypy.runtime.callback_arguments import CallbackScalar
from f2pypy.runtime.callbacks import CallbackSignature
from f2pypy.runtime.compilers import Compiler
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.objects import FortranModule
from f2pypy.runtime.pointed_procedures import ProcedureInterface, ProcedurePointer
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import INT
from f2pypy.runtime.scalars import integer
from f2pypy.runtime.wrappers import wrapper

__all__ = ["m"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_procedure_pointer_error = error


def m_pointed_step(n: int) -> None:
    """step(n)

    Wrapper for ``step``.

    Parameters
    ----------
    n : input int
    """
    if type(n) is not int:
        n = integer(n, "procedure_pointer.m.step() 1st argument (n)")

    _m_pointed_step.call(n)


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_compiler = Compiler("gfortran", procedure="__{module}_MOD_{name}", variable="__{module}_MOD_{name}",
                     length="_F.{module}_MOD_{name}")
_library = Library("procedure_pointer", compiler=_compiler)

_step_in_m_pointers = CallbackSignature(_library, error, "cb_step_in_m_pointers", None,
                                        CallbackScalar("n", INT, IN), prototype="void (int *)")
_m_pointed_step = Routine(_library, "step", None, (INT,), fortran_module="m", prototype="void (int *)")
m_pointed_step = wrapper(m_pointed_step)
_m_pointed_step_interface: ProcedureInterface = ProcedureInterface(m_pointed_step, _step_in_m_pointers, globals())


class _m(FortranModule):
    """The Fortran module m."""

    current = ProcedurePointer(_m_pointed_step_interface)


#: The Fortran module m.
m = _m(_library, "m")

"""This module 'objects' is auto-generated with f2pypy (version:0.1.0).
Fortran 90/95 modules::

    grid --- order,values,fixed,refine()"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

import numpy as np
from f2pypy.runtime.array_types import float64, int32
from f2pypy.runtime.compilers import Compiler
from f2pypy.runtime.descriptors import DescriptorLayout
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.objects import Entity, FortranModule
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import INT
from f2pypy.runtime.scalars import integer
from f2pypy.runtime.variables import Allocatable, Constant, Pointer
from f2pypy.runtime.wrappers import wrapper

__all__ = ["grid"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_objects_error = error


def grid_refine(n: int) -> None:
    """refine(n)

    Wrapper for ``refine``.

    Parameters
    ----------
    n : input int
    """
    if type(n) is not int:
        n = integer(n, "objects.grid.refine() 1st argument (n)")

    _grid_refine.call(n)


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_compiler = Compiler("gfortran", procedure="__{module}_MOD_{name}", variable="__{module}_MOD_{name}",
                     length="_F.{module}_MOD_{name}",
                     arrays=DescriptorLayout({"base": "P", "offset": "n", "size": "N", "version": "i", "rank": "b",
                                              "type": "b", "attribute": "h", "span": "n"},
                                             ("stride", "lower", "upper"),
                                             {"i": 1, "u": 1, "l": 2, "f": 3, "c": 4, "S": 6, "V": 5}))
_library = Library("objects", compiler=_compiler)

_grid_refine = Routine(_library, "refine", None, (INT,), fortran_module="grid", prototype="void (int *)")
grid_refine = wrapper(grid_refine)


class _grid(FortranModule):
    """The Fortran module grid."""

    order = Constant(int32, 4)
    values = Allocatable(float64, 2)
    fixed = Pointer(int32, 1, logical=True)
    refine = Entity(grid_refine)


#: The Fortran module grid.
grid = _grid(_library, "grid")

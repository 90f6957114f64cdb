"""This module 'enumeration' is auto-generated with f2pypy (version:0.1.0).
Fortran 90/95 modules::

    shapes --- count,side"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

from enum import IntEnum

import numpy as np
from f2pypy.runtime.array_types import int32
from f2pypy.runtime.compilers import Compiler
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.objects import Entity, FortranModule
from f2pypy.runtime.variables import Variable

__all__ = ["shapes"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_enumeration_error = error


class shapes_side(IntEnum):
    """Enumerators of the Fortran module shapes: side_left = 1, side_right = 2."""

    side_left = 1
    side_right = 2


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_compiler = Compiler("gfortran", procedure="__{module}_MOD_{name}", variable="__{module}_MOD_{name}",
                     length="_F.{module}_MOD_{name}")
_library = Library("enumeration", compiler=_compiler)


class _shapes(FortranModule):
    """The Fortran module shapes."""

    count = Variable(int32)
    side = Entity(shapes_side)
    side_left = Entity(shapes_side.side_left)
    side_right = Entity(shapes_side.side_right)


#: The Fortran module shapes.
shapes = _shapes(_library, "shapes")

"""This module 'enumeration' is auto-generated with f2pypy (version:0.1.0).
Functions:
Fortran 90/95 modules:
  shapes --- count,side."""
# fmt: off

from __future__ import annotations

from enum import IntEnum

import numpy as np
from f2pypy.runtime.array_types import int32
from f2pypy.runtime.compilers import Compiler
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.names import listing
from f2pypy.runtime.objects import FortranModule
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

shapes = FortranModule(_library, "shapes", (
    Variable("count", int32),
), enumerations={"side": shapes_side})

__dir__ = listing(globals())
__tracebackhide__ = True

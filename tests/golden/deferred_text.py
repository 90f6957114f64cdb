"""This module 'deferred_text' is auto-generated with f2pypy (version:0.1.0).
Functions::

    words = split(text)"""
# fmt: off
# pyright: reportArgumentType=false, reportOptionalOperand=false

from __future__ import annotations

from typing import Any

import numpy as np
from f2pypy.runtime.compilers import Compiler
from f2pypy.runtime.deferred import Deferred
from f2pypy.runtime.descriptors import DescriptorLayout
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.made_calls import PASSED
from f2pypy.runtime.routines import Routine, length, text_memory
from f2pypy.runtime.string_arrays import bytes_type
from f2pypy.runtime.strings import text_bytes
from f2pypy.runtime.wrappers import wrapper
from numpy.typing import NDArray

__all__ = ["split"]
__version__ = "0.1.0"
__f2py_numpy_version__ = np.__version__


class error(Exception):
    """A ``check(...)`` of the signature file failed."""


_deferred_text_error = error


def split(text: bytes | str | NDArray[Any]) -> Any:
    """words = split(text)

    Wrapper for ``split``.

    Parameters
    ----------
    text : input string(len=-1)

    Returns
    -------
    words : rank-1 array('S') with bounds (:)
    """
    text = text_memory(text_bytes(text, -1, b"", "deferred_text.split", "1st argument", "text"))
    words_descriptor = Deferred(_library, bytes_type(0), 1)

    _split.call(text, words_descriptor.pointer, length(len(text) - 1), words_descriptor.length_place)
    return words_descriptor.take()


# ----------------------------------------------------------------------------
# What the routines run on.
# ----------------------------------------------------------------------------

_compiler = Compiler("gfortran", procedure="__{module}_MOD_{name}", variable="__{module}_MOD_{name}",
                     length="_F.{module}_MOD_{name}",
                     arrays=DescriptorLayout({"base": "P", "offset": "n", "size": "N", "version": "i", "rank": "b",
                                              "type": "b", "attribute": "h", "span": "n"},
                                             ("stride", "lower", "upper"),
                                             {"i": 1, "u": 1, "l": 2, "f": 3, "c": 4, "S": 6, "V": 5}))
_library = Library("deferred_text", compiler=_compiler)

_split = Routine(_library, "split", None, (PASSED, PASSED, PASSED, PASSED),
                 prototype="foreign void (char *, void *, size_t, void *)")
split = wrapper(split)

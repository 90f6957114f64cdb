"""Generic names: which of several procedures the arguments of a call mean.

A generated function asks for the types that arguments mostly have. What is left is asked for here: a `Nature` says what
a value is to Fortran, and its `fits` whether a procedure takes it.
"""

from __future__ import annotations

from operator import index
from typing import Any, Callable, Mapping, Sequence, TypeVar

from numpy import asarray, dtype, generic, ndarray

from f2pypy.runtime.wrappers import Wrapper

_Chain = TypeVar("_Chain", bound=Callable[..., Any])

# What may stand for what, by NumPy's letters: logicals for integers, integers for reals, and so on.
_CONVERSIONS = frozenset(["bi", "bf", "bc", "if", "ic", "fc", "ib", "ip", "Op"])
# How much may be converted: Python's numbers, which have no kind, within integers, reals or complex numbers alone; from
# one of these to another; everything that a routine converts.
LEVELS = (0, 1, 2)
_OWN = (int, float, complex, str, bytes, bytearray, list, tuple)


def generic_name(function: _Chain) -> _Chain:
    """Decorate the function that stands for several procedures: it becomes a routine that itself calls no Fortran."""
    routine = Wrapper(function)
    routine.is_generic = True
    return routine


class Nature:
    """What a value is to Fortran.

    `kind` is the letter of NumPy's type, with "S" for all text, "-" for no value, "F" for what can be called and "O"
    for all else; `size` are the bytes of an element. `is_python` tells whether it is a number of Python's, or a list
    of such: these have no kind of their own.
    """

    __slots__ = ("is_python", "kind", "rank", "size", "value")

    def __init__(self, value: Any) -> None:
        self.is_python = isinstance(value, _OWN) and not isinstance(value, generic)
        self.value, self.rank, self.size = value, 0, 8
        if value is None:
            self.kind = "-"
        elif isinstance(value, (str, bytes, bytearray)):
            self.kind = "S"
        elif isinstance(value, (bool, int)):
            self.kind = "b" if isinstance(value, bool) else "i"
        elif callable(value) and not isinstance(value, (ndarray, generic)):
            self.kind = "F"
        else:
            self._take(value)

    def _take(self, value: Any) -> None:
        """Set the attributes for what NumPy makes an array of."""
        try:
            array = asarray(value)
        except (ValueError, TypeError):  # rows of different lengths, or objects that NumPy can't see
            self.kind, self.rank = "O", len(getattr(value, "shape", ()))
            return
        letter = array.dtype.kind
        self.kind = {"u": "i", "U": "S"}.get(letter, letter if letter in "bifcS" else "O")
        self.rank, self.value = array.ndim, array
        self.size = {"g": 10, "G": 20}.get(array.dtype.char, array.dtype.itemsize)
        if letter == "O" and self.rank == 0:
            methods = (("i", "__index__"), ("f", "__float__"), ("c", "__complex__"))
            self.kind = next((kind for kind, method in methods if hasattr(value, method)), "O")
            self.is_python = self.kind != "O"

    def fits(self, code: str, rank: int | None, level: int, *, optional: bool = False, written: bool = False) -> bool:
        """Return whether an argument takes the value.

        `code` is the letter of its type and the bytes of an element, "" where the type doesn't matter, as `rank` is
        None; `level` is one of `LEVELS`. An `optional` argument may have none; what is `written` is never converted.
        """
        if self.kind == "-":
            return optional
        if (rank is not None and rank != self.rank) or (written and self.is_python):
            return False
        if not code:
            return True
        kind, size = code[0], int(code[1:] or 0)
        if kind == self.kind:
            if (size == self.size and not (kind == "i" and self.is_python)) or kind in "bSF":
                return True
            converted = not written and (self.is_python or level > 1)
            return converted and (kind != "i" or self._is_within(size))
        return level > (0 if self.is_python else 1) and not written and self.kind + kind in _CONVERSIONS

    def _is_within(self, size: int) -> bool:
        """Return whether integers of `size` bytes hold the value."""
        bound, value = 1 << (8 * size - 1), self.value
        if not isinstance(value, ndarray):
            return bool(-bound <= index(value) < bound)
        return not value.size or bool(-bound <= value.min() and value.max() < bound)


def is_array(value: Any, kind: dtype[Any], rank: int) -> bool:
    """Return whether a value is an array of just this type and rank."""
    return type(value) is ndarray and value.dtype is kind and value.ndim == rank


def binds(arguments: Sequence[Any], keywords: Mapping[str, Any], required: int, names: Sequence[str]) -> bool:
    """Return whether a function with these parameters, of which the first ones are required, can be called so."""
    count = len(arguments)
    if not keywords:
        return required <= count <= len(names)
    rest = names[count:]
    return (
        count <= len(names)
        and all(name in rest for name in keywords)
        and all(name in keywords for name in names[count:required])
    )


class NoSpecific(TypeError):
    """The arguments of a call fit no procedure of a generic name."""


def operated(function: Callable[..., Any], *operands: Any) -> Any:
    """Return what the function for an operator returns; NotImplemented where no procedure takes these operands."""
    try:
        return function(*operands)
    except NoSpecific:
        return NotImplemented


def compared(function: Callable[..., Any], *operands: Any) -> Any:
    """Return what the function for a comparison returns, a logical as True or False; NotImplemented as above."""
    answer = operated(function, *operands)
    return bool(answer) if type(answer) is int else answer


def no_specific(
    label: str,
    specifics: Sequence[str],
    arguments: Sequence[Any],
    keywords: Mapping[str, Any],
    asked: Sequence[str] = (),
) -> NoSpecific:
    """Return the exception that says that a call of the generic name fits none of the `specifics`.

    `asked` are the texts of what the call asks for.
    """
    given = [_shown(each) for each in arguments]
    given += [f"{name}={_shown(each)}" for name, each in keywords.items()]
    given += asked
    known = "".join(f"\n    {each}" for each in specifics)
    return NoSpecific(f"{label}() has no specific procedure for ({', '.join(given)}); it has{known}")


def alike(label: str, *names: str) -> TypeError:
    """Return the exception that says that the arguments of a call mean several procedures."""
    return TypeError(f"{label}(): Python can't tell {' and '.join(names)} apart by these arguments: call one of them")


def _shown(value: Any) -> str:
    if not isinstance(value, ndarray):
        return type(value).__name__
    return f"{value.dtype} array of rank {value.ndim}"

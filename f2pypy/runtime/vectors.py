"""Array arguments of rank 1 that Fortran only reads: the least of what `f2pypy.runtime.arrays` does for all."""

from __future__ import annotations

from typing import Any, Sequence

from numpy import array as new_array
from numpy import asarray, dtype, ndarray

from f2pypy.runtime.interference import carefully, converts
from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.pypy_arrays import passed_vector

KIND_CLASS = {"i": "integer", "u": "integer", "f": "real", "c": "complex", "b": "logical"}
_TEXT = "SUT"
_NO_NUMBERS = _TEXT + "mM"  # dates and spans of time


@converts
def vector(value: Any, kind: dtype[Any], routine: str, argument: str) -> ndarray[Any, Any]:
    """Return an ``intent(in)`` array of rank 1 and numbers of type `kind`: `value` itself if Fortran can read it.

    `routine` ("blas.ddot") and `argument` ("1st argument `x`") go into messages.
    """
    if type(value) is ndarray and value.dtype is kind:
        if PYPY:
            passed: ndarray[Any, Any] | None = passed_vector(value)
            if passed is not None:
                return passed
        elif value.ndim == 1:
            flags = value.flags
            return value if flags.c_contiguous and flags.aligned else value.copy()
    is_array = isinstance(value, ndarray)
    is_numeric = type(value) is ndarray and value.ndim == 1 and value.dtype.kind in KIND_CLASS
    if is_numeric and not is_of_kind(value.dtype, kind):
        converted: ndarray[Any, Any] = value.astype(kind)
        return converted
    if is_array:
        refuse_texts(value, kind, stated(routine, argument))
    found = value if is_array else carefully(made_of, value, kind, "F")
    if found.ndim > 1 and not found.size:
        proper = [extent for extent in found.shape if extent > 1]
        raise unexpected_size(found, proper[:1] or [1], len(proper))
    if is_array and not (is_of_kind(found.dtype, kind) and is_behaved(found, "F", written=False)):
        found = carefully(copy_of, found, kind, "F")
    return found if found.ndim == 1 else found.reshape(-1, order="F")


@converts
def made_of(value: Any, kind: dtype[Any], order: Any) -> ndarray[Any, Any]:
    """Return a sequence or number as an array that Fortran can use: aligned and writeable, copied where it isn't."""
    made: ndarray[Any, Any] = asarray(value, kind, order)
    return made if made.flags.writeable and made.flags.aligned else made.copy(order)


def copy_of(value: ndarray[Any, Any], kind: dtype[Any], order: Any) -> ndarray[Any, Any]:
    """Return a copy of an array, of another type."""
    return new_array(value, dtype=kind, order=order, copy=True, subok=False)


def refuse_texts(value: ndarray[Any, Any], kind: dtype[Any], prefix: str) -> None:
    """Raise TypeError for an array of dates given for numbers, and ValueError for one of text."""
    if value.dtype.kind in _NO_NUMBERS and kind.kind in "biufc":
        # NumPy raises ValueError for text that is no number, and callers of f2py's modules catch that
        refusal = ValueError if value.dtype.kind in _TEXT else TypeError
        raise refusal(f"{prefix} -- an array of {value.dtype} holds no numbers of {kind}")


def stated(routine: str, argument: str) -> str:
    """Return how messages begin that say which array was refused."""
    return f"{routine.partition('.')[0]}.{routine}: failed to create array from the {argument}"


def is_behaved(value: ndarray[Any, Any], order: str, written: bool) -> bool:
    """Whether compilers' code can use the memory of an array as it lies, to write to it if `written`."""
    flags = value.flags
    contiguous = flags.f_contiguous if order == "F" else flags.c_contiguous
    return bool(contiguous and flags.aligned and value.dtype.isnative and (not written or flags.writeable))


def is_of_kind(found: dtype[Any], kind: dtype[Any]) -> bool:
    """Whether elements of type `found` can be taken for `kind` as they are."""
    return found.itemsize == kind.itemsize and same_class(found, kind)


def same_class(one: dtype[Any], other: dtype[Any]) -> bool:
    """Whether Fortran has one word for both types, whatever their kinds."""
    return KIND_CLASS.get(one.kind, one.kind) == KIND_CLASS.get(other.kind, other.kind)


def unexpected_size(value: ndarray[Any, Any], extents: Sequence[int], proper: int) -> ValueError:
    """Return the exception for an array, with so many axes longer than 1, that doesn't fill these extents."""
    size = 1
    for extent in extents:
        size *= extent
    wanted, given = ("".join(f" {extent}" for extent in each) for each in (extents, value.shape))
    return ValueError(
        f"unexpected array size: size={size}, arr_size={value.size}, rank={len(extents)}, effrank={proper}, "
        f"arr.nd={value.ndim}, dims=[{wanted} ], arr.dims=[{given} ]\n"
    )

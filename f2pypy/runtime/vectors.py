"""Array arguments of rank 1 that Fortran only reads: the least of what `f2pypy.runtime.arrays` does for all."""

from __future__ import annotations

from typing import Any, Sequence

from numpy import asarray, dtype, ndarray

from f2pypy.runtime.interference import MOST_LOOKED_AT, PLAIN, carefully
from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.pypy_arrays import passed_vector


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
    if type(value) is ndarray and value.ndim == 1 and value.dtype.kind in "biufc" and value.dtype != kind:
        return value.astype(kind)
    if type(value) in (list, tuple) and len(value) <= MOST_LOOKED_AT and PLAIN.issuperset(map(type, value)):
        return asarray(value, kind)
    refuse_texts(value, kind, stated(routine, argument))
    found = carefully(made_of, value, kind, "F")
    if found.ndim > 1 and not found.size:
        size = next((extent for extent in found.shape if extent > 1), 1)
        raise unexpected_size(found, [size], size)
    return found if found.ndim == 1 else found.reshape(-1, order="F")


def made_of(value: Any, kind: dtype[Any], order: Any) -> ndarray[Any, Any]:
    """Return any value as an array that Fortran can use: `value` itself, or one that is writeable and aligned."""
    made: ndarray[Any, Any] = asarray(value, kind, order)
    return made if made.flags.aligned and (made is value or made.flags.writeable) else made.copy(order)


def refuse_texts(value: Any, kind: dtype[Any], prefix: str) -> None:
    """Raise TypeError for an array of dates given for numbers, and ValueError for one of text."""
    if isinstance(value, ndarray) and value.dtype.kind in "SUTmM" and kind.kind in "biufc":
        # NumPy raises ValueError for text that is no number, and callers of f2py's modules catch that
        refusal = ValueError if value.dtype.kind in "SUT" else TypeError
        raise refusal(f"{prefix} -- an array of {value.dtype} holds no numbers of {kind}")


def stated(routine: str, argument: str) -> str:
    """Return how messages begin that say which array was refused."""
    return f"{routine.partition('.')[0]}.{routine}: failed to create array from the {argument}"


def unexpected_size(value: ndarray[Any, Any], extents: Sequence[int], size: int) -> ValueError:
    """Return the exception for an array that doesn't fill these extents, which are `size` elements."""
    wanted, given = ("".join(f" {extent}" for extent in each) for each in (extents, value.shape))
    return ValueError(
        f"unexpected array size: size={size}, arr_size={value.size}, rank={len(extents)}, "
        f"effrank={sum(extent > 1 for extent in value.shape)}, arr.nd={value.ndim}, dims=[{wanted} ], "
        f"arr.dims=[{given} ]\n"
    )

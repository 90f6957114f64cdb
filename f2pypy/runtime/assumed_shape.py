"""Arrays for assumed-shape dummies: passed where they lie, in any order and with any strides, by a descriptor."""

from __future__ import annotations

from typing import Any, Sequence

from numpy import dtype, ndarray, ndim

from f2pypy.runtime.arrays import COPY, INOUT, OUT, TRUTH, UNUSUAL, array, lent_bools, made_quickly
from f2pypy.runtime.described_arrays import has_element_strides
from f2pypy.runtime.interference import carefully
from f2pypy.runtime.string_arrays import full_text, lent_text
from f2pypy.runtime.texts import as_text, encoded, has_short_elements


def strided(
    value: Any, kind: dtype[Any], extents: Sequence[int], intent: int, routine: str, argument: str
) -> ndarray[Any, Any]:
    """Return the array that Fortran sees through a descriptor: `value` itself if its type and extents fit.

    Everything else is as in `array`, which see for the parameters and for what is raised.
    """
    if not intent & UNUSUAL and kind.kind in "iufc":
        made = made_quickly(value, kind)
        if made is not None and extents == (-1,) * made.ndim:
            return made
        value = value if made is None else made
    if intent & TRUTH and isinstance(value, ndarray) and value.dtype.kind == "b":
        seen = value.view(kind)
        passed = strided(seen, kind, extents, intent & ~TRUTH, routine, argument)
        return lent_bools(seen, passed, value)
    is_text = kind.kind == "S" and isinstance(value, ndarray)
    if is_text and not intent & INOUT:
        value = carefully(as_text, value, kind)
    if is_text and not kind.itemsize:
        # The caller's strings decide their length.
        kind = carefully(encoded, value).dtype
    if (
        isinstance(value, ndarray)
        and value.ndim == len(extents)
        and value.dtype == kind
        and not intent & COPY
        and value.flags.aligned
        and (not intent & (INOUT | OUT) or value.flags.writeable)
        and has_element_strides(value)
        and all(wanted in (-1, found) for wanted, found in zip(extents, value.shape))
    ):
        if is_text and intent & INOUT and has_short_elements(value):
            return lent_text(value, list(value.shape), intent)
        return value
    return array(value, kind, extents, intent, routine, argument)


def strided_text(
    value: Any, kind: dtype[Any], extents: Sequence[int], intent: int, routine: str, argument: str
) -> ndarray[Any, Any]:
    """Return an array of strings that Fortran only reads, as `strided` does."""
    if type(value) is ndarray:
        passed = full_text(value, kind, extents)
        if passed is not None:
            return passed
    return strided(value, kind, extents, intent, routine, argument)


def any_rank(value: Any, kind: dtype[Any], intent: int, routine: str, argument: str) -> ndarray[Any, Any]:
    """Return the array that an assumed-rank dummy sees, of whatever rank `value` has; see `strided`."""
    return strided(value, kind, (-1,) * carefully(ndim, value), intent, routine, argument)


def target(
    value: Any, kind: dtype[Any], extents: Sequence[int], intent: int, routine: str, argument: str
) -> ndarray[Any, Any]:
    """Return the array that a pointer points to: as in `strided`, but one that Fortran can write to.

    It may write to the target of a pointer of any intent.
    """
    passed = strided(value, kind, extents, intent, routine, argument)
    return passed if passed.flags.writeable else passed.copy("K")

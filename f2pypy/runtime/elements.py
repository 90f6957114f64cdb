"""Elements of arrays as C code sees them: counted from 0 in the order in which they lie in memory."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from numpy import arange, ndarray
from numpy import array as new_array

_MASKED_ORDER = 64  # triangles of this order are filled through a mask


def element(value: ndarray[Any, Any], place: int) -> Any:
    """Return the element at `place` in memory order as a Python number or bytes; IndexError outside of the array."""
    if not 0 <= place < value.size:
        raise IndexError(_outside_of(place, value.size))
    flat = value if value.ndim == 1 else value.ravel("K")
    return flat.item(place)


def store(value: ndarray[Any, Any], place: int, number: Any, part: str | None = None) -> None:
    """Set the element at `place` in memory order, or its `part` "real" or "imag"; IndexError outside of the array."""
    if not 0 <= place < value.size:
        raise IndexError(_outside_of(place, value.size))
    flat = value if value.ndim == 1 else value.ravel("K")
    if part is not None:
        flat = getattr(flat, part)
    flat[place] = number


def span(value: ndarray[Any, Any], start: int, stop: int, step: int = 1) -> ndarray[Any, Any]:
    """Return the elements from `start` to before `stop` in memory order, every `step`-th, as a view.

    It is empty where nothing lies between; IndexError where a part lies outside of the array.
    """
    count = len(range(start, stop, step))
    last = start + (count - 1) * step
    if count and not (0 <= start < value.size and 0 <= last < value.size):
        raise IndexError(_outside_of(last if 0 <= start < value.size else start, value.size))
    flat = value if value.ndim == 1 else value.ravel("K")
    return flat[start : last + 1 : step] if count else flat[:0]


def fill_triangle(
    value: ndarray[Any, Any], order: int, leading: int, triangle: str, number: Any, diagonal: bool = False
) -> None:
    """Set the "lower" or "upper" `triangle` of a matrix to `number`, with its diagonal or without.

    The matrix has `order` columns, each `leading` elements after the one before it, in the memory of `value`. Raises
    IndexError where a part lies outside of the array.
    """
    lower = triangle == "lower"
    inside = 0 if diagonal else 1
    if 0 < order <= leading and leading * order <= value.size:
        if value.shape != (leading, order) or not value.flags.f_contiguous:
            value = span(value, 0, leading * order).reshape((leading, order), order="F")
        _fill_square(value[:order], lower, inside, number)
        return
    # Columns overlap, or the last one ends early: one after the other, as C does it.
    for column in range(order):
        first, end = (column + inside, order) if lower else (0, column + 1 - inside)
        start = column * leading
        span(value, start + first, start + end)[...] = number


def _fill_square(square: ndarray[Any, Any], lower: bool, inside: int, number: Any) -> None:
    # Whole rectangles beside the diagonal, halving what is left: few calls, and memory is written in long pieces.
    order = len(square)
    if order > _MASKED_ORDER:
        half = order // 2
        if lower:
            square[half:, :half] = number
        else:
            square[:half, half:] = number
        _fill_square(square[:half, :half], lower, inside, number)
        _fill_square(square[half:, half:], lower, inside, number)
        return
    square[_mask(order, lower, inside)] = number


# Most calls are of matrices of one order, and making a mask takes longer than its use.
@lru_cache(16)
def _mask(order: int, lower: bool, inside: int) -> Any:
    rows, columns = arange(order)[:, None], arange(order)
    return (rows >= columns + inside) if lower else (columns >= rows + inside)


def writable(value: ndarray[Any, Any]) -> ndarray[Any, Any]:
    """Return the array if it can be written to, else a copy of it in the same order."""
    return value if value.flags.writeable else new_array(value, order="K")


def _outside_of(place: int, size: int) -> str:
    return f"element {place} lies outside of an array of {size} elements"

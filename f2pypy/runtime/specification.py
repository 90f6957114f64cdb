"""Fortran's functions of arrays, texts and bits as specification expressions use them: extents and lengths."""

from __future__ import annotations

from typing import Any

from numpy import array as array_of
from numpy import asarray, bool_, finfo, iinfo, ndarray

BLANK = b" "


def chosen(values: Any, mask: Any) -> ndarray[Any, Any]:
    """Return the elements in one row, those where `mask` is true unless it is None."""
    elements = asarray(values)
    if mask is None:
        return elements.reshape(-1)
    chosen_ones: ndarray[Any, Any] = elements[asarray(mask, bool_)].reshape(-1)
    return chosen_ones


def sum_of(values: Any, mask: Any = None) -> Any:
    """Return the sum of the elements where `mask` is true, 0 for none."""
    return chosen(values, mask).sum().item()


def product_of(values: Any, mask: Any = None) -> Any:
    """Return the product of the elements where `mask` is true, 1 for none."""
    return chosen(values, mask).prod().item()


def maxval_of(values: Any, mask: Any = None) -> Any:
    """Return the largest element where `mask` is true, the lowest number of its type for none."""
    elements = chosen(values, mask)
    return elements.max().item() if elements.size else limits_of(elements)[0]


def minval_of(values: Any, mask: Any = None) -> Any:
    """Return the smallest element where `mask` is true, the largest number of its type for none."""
    elements = chosen(values, mask)
    return elements.min().item() if elements.size else limits_of(elements)[1]


def limits_of(elements: ndarray[Any, Any]) -> tuple[Any, Any]:
    """Return the lowest and the largest number of the elements' type."""
    if elements.dtype.kind == "f":
        reals = finfo(elements.dtype)
        return float(reals.min), float(reals.max)
    integers = iinfo(elements.dtype)
    return int(integers.min), int(integers.max)


def count_of(mask: Any) -> int:
    """Return how many elements are true."""
    return int(asarray(mask, bool_).sum())


def any_of(mask: Any) -> bool:
    """Return whether an element is true."""
    return bool(asarray(mask, bool_).any())


def all_of(mask: Any) -> bool:
    """Return whether all elements are true."""
    return bool(asarray(mask, bool_).all())


def size_of(values: Any) -> int:
    """Fortran's SIZE without DIM, of numbers as well, which count as one element."""
    return int(asarray(values).size)


def section(values: ndarray[Any, Any], *subscripts: Any) -> ndarray[Any, Any]:
    """Return a part of an array; subscripts count from 0, slices end before their last one.

    Raises IndexError for a subscript outside of the array, where Fortran would read any memory.
    """
    for axis, subscript in enumerate(subscripts):
        extent = values.shape[axis]
        first, last = subscript, subscript
        if isinstance(subscript, slice):
            first = 0 if subscript.start is None else subscript.start
            last = extent - 1 if subscript.stop is None else subscript.stop - 1
            if last < first:
                continue
        if first < 0 or last >= extent:
            raise IndexError(
                f"an extent needs elements {first + 1} to {last + 1} along axis {axis + 1}, which has {extent}"
            )
    return asarray(values[subscripts])


def content(text: Any) -> bytes:
    """Return the characters of a text: bytes, or memory of single characters."""
    if isinstance(text, ndarray):
        return text.tobytes()
    return text if isinstance(text, bytes) else str(text).encode("ascii")


def substring(text: Any, places: slice) -> bytes:
    """Return the characters from the first to the last place, counted from 1; None is the text's own end."""
    characters = content(text)
    start = 1 if places.start is None else places.start
    end = len(characters) if places.stop is None else places.stop
    if end < start:
        return b""
    if start < 1 or end > len(characters):
        raise IndexError(f"an extent needs characters {start} to {end} of a string of {len(characters)}")
    return characters[start - 1 : end]


def trimmed(text: bytes) -> bytes:
    """Return the text without the blanks at its end."""
    return text.rstrip(BLANK)


def adjusted_left(text: bytes) -> bytes:
    """Return the text with its leading blanks moved to the end."""
    return text.lstrip(BLANK).ljust(len(text))


def adjusted_right(text: bytes) -> bytes:
    """Return the text with its trailing blanks moved to the beginning."""
    return text.rstrip(BLANK).rjust(len(text))


def repeated(text: bytes, count: int) -> bytes:
    """Return the text `count` times."""
    return text * count


def text_length(text: bytes) -> int:
    """Fortran's LEN: blanks at the end count."""
    return len(text)


def trimmed_length(text: bytes) -> int:
    """Fortran's LEN_TRIM: blanks at the end don't count."""
    return len(text.rstrip(BLANK))


def index_in(text: bytes, part: bytes, back: bool = False) -> int:
    """Return where `part` begins in the text, the last time if `back`, counted from 1; 0 if it isn't there."""
    return (text.rfind(part) if back else text.find(part)) + 1


def scanned(text: bytes, wanted: bytes, back: bool = False) -> int:
    """Return the place of the first character that is among the wanted, the last if `back`; 0 if there is none."""
    places = [place for place, byte in enumerate(text, 1) if byte in wanted]
    return 0 if not places else places[-1 if back else 0]


def verified(text: bytes, allowed: bytes, back: bool = False) -> int:
    """Return the place of the first character that isn't allowed, the last if `back`; 0 if all are."""
    places = [place for place, byte in enumerate(text, 1) if byte not in allowed]
    return 0 if not places else places[-1 if back else 0]


def shifted(value: int, places: int, bits: int) -> int:
    """Return an integer of so many bits shifted to the left, to the right for negative `places`; blank bits come in."""
    whole = value & ((1 << bits) - 1)
    whole = whole << places if places >= 0 else whole >> -places
    whole &= (1 << bits) - 1
    return whole - (1 << bits) if whole >> (bits - 1) else whole


def ones(value: int, bits: int) -> int:
    """Return how many of an integer's bits are 1."""
    return bin(value & ((1 << bits) - 1)).count("1")


def leading_zeros(value: int, bits: int) -> int:
    """Return how many of an integer's bits are 0 before the first 1."""
    return bits - (value & ((1 << bits) - 1)).bit_length()


def trailing_zeros(value: int, bits: int) -> int:
    """Return how many of an integer's bits are 0 after the last 1."""
    whole = value & ((1 << bits) - 1)
    return bits if not whole else (whole & -whole).bit_length() - 1


def listed_values(*values: Any) -> ndarray[Any, Any]:
    """Return the values of an array constructor, which may be arrays."""
    rows = [asarray(value).reshape(-1) for value in values]
    return array_of([element for row in rows for element in row.tolist()])

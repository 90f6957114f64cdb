"""Arrays of strings as arguments: what `arrays` does otherwise with them."""

from __future__ import annotations

from typing import Any, Callable, Dict, Sequence

from numpy import dtype, ndarray

from f2pypy.runtime.array_types import type_name
from f2pypy.runtime.arrays import CACHE, INOUT, INPLACE, TEXT_RULES, C, array, has_extents, substitute
from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.pypy_arrays import MOST_BYTES_READ, passed_text
from f2pypy.runtime.texts import as_text, encoded, give_back_text, has_short_elements, padded

_MOST_KNOWN_TYPES = 256


class _BytesTypes(Dict[int, "dtype[Any]"]):
    """The element types of arrays of strings, by length; length 0 leaves it to the caller's array."""

    def __missing__(self, length: int) -> dtype[Any]:
        if length < 0:
            raise ValueError(f"an array of strings of {length} characters is expected")
        if len(self) >= _MOST_KNOWN_TYPES:
            self.clear()
        return self.setdefault(length, dtype(f"S{length}"))


# what functools.lru_cache does in Python on PyPy
bytes_type: Callable[[int], dtype[Any]] = _BytesTypes().__getitem__


def text_array(
    value: Any, kind: dtype[Any], extents: Sequence[int], intent: int, routine: str, argument: str
) -> ndarray[Any, Any]:
    """Return an array of strings that Fortran only reads, as `array` does: which see for parameters and exceptions."""
    if type(value) is ndarray:
        passed = full_text(value, kind, extents)
        if passed is not None:
            return passed
    return array(value, kind, extents, intent, routine, argument)


def full_text(value: ndarray[Any, Any], kind: dtype[Any], extents: Sequence[int]) -> ndarray[Any, Any] | None:
    """Return an array as passed where Fortran can read its strings as they are, None where that needs a closer look."""
    if not PYPY:
        length, size = kind.itemsize, value.itemsize
        # large ones are looked at by NumPy
        if value.dtype.char != "S" or (length and size != length) or value.nbytes > MOST_BYTES_READ:
            return None
        if not value.flags.f_contiguous or (size > 1 and 0 in value.tobytes()):
            return None
        return value if _are_open_or_fit(value.shape, extents) else None
    passed, shape, length, content = passed_text(value)
    is_full = length == (kind.itemsize or length) and (length == 1 or 0 not in content)
    fits: ndarray[Any, Any] | None = passed if is_full and _are_open_or_fit(shape, extents) else None
    return fits


def _are_open_or_fit(shape: tuple[int, ...], extents: Sequence[int]) -> bool:
    return extents == (-1,) * len(shape) or has_extents(shape, extents)


def lent_text(value: ndarray[Any, Any], extents: list[int], intent: int) -> ndarray[Any, Any]:
    """Return strings with blanks after short elements, which `write_back` gives back to `value` after the call."""
    copy = padded(value, value.dtype, "C" if intent & C else "F")
    return substitute(copy, value, extents, intent, copied=True)


def _text_for(value: Any, kind: dtype[Any], intent: int, prefix: str) -> tuple[Any, dtype[Any]]:
    """Return text as bytes of the right length, where a copy of it may be passed, and the type of its elements."""
    is_array = isinstance(value, ndarray)
    if not kind.itemsize and (value is None or not (is_array or _is_nested(value))):
        raise SystemError(f"{prefix} -- failed to determine element size from {type_name(value)}")
    if intent & (INOUT | INPLACE | CACHE):
        if is_array and not kind.itemsize:
            kind = encoded(value).dtype
        return value, kind
    text = as_text(value, kind, "C" if intent & C else "F")
    return text, text.dtype


def _is_nested(value: Any) -> bool:
    """Whether it is a string, or may hold some."""
    return hasattr(value, "__len__") and not isinstance(value, dict)


class TextRules:
    """The rules for one type of strings, as functions."""

    convert = staticmethod(_text_for)
    is_short = staticmethod(has_short_elements)
    lend = staticmethod(lent_text)
    give_back = staticmethod(give_back_text)

    @staticmethod
    def copy(value: ndarray[Any, Any], kind: dtype[Any], order: Any) -> Any:
        """Return a copy of an array of any text, as bytes with blanks after short elements."""
        return padded(encoded(value), kind, order)


TEXT_RULES["S"] = TextRules

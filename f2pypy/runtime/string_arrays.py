"""Arrays of strings as arguments: what `arrays` does otherwise with them."""

from __future__ import annotations

from typing import Any

from numpy import dtype, ndarray

from f2pypy.runtime.array_types import type_name
from f2pypy.runtime.arrays import CACHE, INOUT, INPLACE, TEXT_RULES, C, substitute
from f2pypy.runtime.texts import as_text, encoded, give_back_text, has_short_elements, padded


def bytes_type(length: int) -> dtype[Any]:
    """Return the element type of an array of strings; length 0 leaves it to the caller's array."""
    return dtype(f"S{length}")


def lent_text(value: ndarray[Any, Any], extents: list[int], intent: int) -> ndarray[Any, Any]:
    """Return strings with blanks behind short elements, which `write_back` gives back to `value` after the call."""
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
        """Return a copy of an array of any text, as bytes with blanks behind short elements."""
        return padded(encoded(value), kind, order)


TEXT_RULES["S"] = TextRules

"""Arrays of characters: what a caller gives becomes bytes of one length, with blanks after short elements.

NumPy fills short elements of an ``S`` array up with NUL, and Fortran compares and trims text that ends in blanks.
"""

from __future__ import annotations

import reprlib
from typing import Any

from numpy import array as new_array
from numpy import asarray, dtype, frombuffer, logical_and, ndarray, where

TEXT_KINDS = "UOT"  # of arrays whose elements aren't bytes yet: str, objects, strings of any length
_BLANK = 32
_FEW_BYTES = 4096  # of which a copy takes less time than NumPy's operations


def as_text(value: Any, kind: dtype[Any], order: Any = "F") -> ndarray[Any, Any]:
    """Return `value` as an array of type `kind`: itself if it is one whose elements are full, or that holds no text.

    Everything else is encoded as ASCII, cut, or padded with blanks; a `kind` without a length takes that of the longest
    element. Single bytes that an ``S1`` array holds are data, and stay what they are. Raises UnicodeEncodeError, a
    ValueError, for characters that aren't ASCII, and TypeError for None.
    """
    given = encoded(value)
    is_itself = given is value
    if not kind.itemsize:
        kind = dtype(f"S{given.itemsize or 1}")
    if is_itself and given.dtype == kind and not has_short_elements(given):
        return given
    if is_itself and not holds_text(given):
        return given.astype(kind, order=order)
    return padded(given, kind, order)


def encoded(value: Any) -> ndarray[Any, Any]:
    """Return the text in `value`, a string or any array or nest of sequences of them, as an array of bytes."""
    if isinstance(value, ndarray):
        if value.dtype.kind == "S":
            return value
        if value.dtype.kind == "U":
            letters: ndarray[Any, Any] = value
            return letters.astype(f"S{max(value.dtype.itemsize // 4, 1)}")
    elements = asarray(value, object)
    found = [_bytes_of(element) for element in elements.flat]
    longest = max(map(len, found), default=0)
    return new_array(found, f"S{longest or 1}").reshape(elements.shape)


def padded(text: ndarray[Any, Any], kind: dtype[Any], order: Any = "F") -> ndarray[Any, Any]:
    """Return a copy of an array of bytes as type `kind`, longer elements cut and shorter ones padded with blanks."""
    if text.nbytes <= _FEW_BYTES and text.ndim == 1:
        size = kind.itemsize
        filled = b"".join([element.ljust(size)[:size] for element in text.tolist()])
        return frombuffer(filled, kind).copy() if filled else new_array(text, kind)
    copy = new_array(text, dtype=kind, order=order, copy=True, subok=False)
    if copy.size:
        places = copy.reshape(-1, order=order).view("u1").reshape(copy.size, -1)
        ends = logical_and.accumulate(places[:, ::-1] == 0, axis=1)[:, ::-1]
        places[ends] = _BLANK
    return copy


def has_short_elements(text: ndarray[Any, Any]) -> bool:
    """Whether an array of strings has elements that end in NUL, as NumPy stores short ones.

    An array of nothing but NUL holds no text yet: it is memory for some.
    """
    if text.itemsize < 2 or not text.size:
        return False
    if text.nbytes <= _FEW_BYTES:
        if text.tobytes().find(b"\0") < 0:
            return False
        if text.ndim == 1:
            elements = text.tolist()
            return any(elements) and min(map(len, elements)) < text.itemsize
    last: Any = {"names": ["last"], "formats": ["u1"], "offsets": [text.itemsize - 1]}
    last["itemsize"] = text.itemsize
    if text.view(dtype(last))["last"].all():
        return False
    return holds_text(text)


def holds_text(text: ndarray[Any, Any]) -> bool:
    """Whether any element of an array of bytes begins with another byte than NUL, or has one after it."""
    if text.nbytes <= _FEW_BYTES and text.ndim == 1:
        return any(text.tolist())
    return bool((text != b"").any())


def give_back_text(passed: ndarray[Any, Any], original: ndarray[Any, Any]) -> None:
    """Copy strings that Fortran had with blanks into the caller's array, where those that it didn't change stay."""
    if original.dtype.kind == "S":
        unchanged = passed == padded(original, passed.dtype)
        passed = where(unchanged, original, passed)
    original[...] = passed


def text_scalar(value: Any) -> bytes:
    """Return a string as bytes: bytes, str, or an array of one of them."""
    if isinstance(value, ndarray) and value.size == 1:
        value = encoded(value).item()
    return _bytes_of(value)


def _bytes_of(element: Any) -> bytes:
    """Return one element as bytes, and what is no text as str() prints it."""
    if isinstance(element, bytes):
        return element
    if isinstance(element, (list, tuple)):
        raise ValueError(
            f"lists of strings are nested unevenly: {reprlib.repr(element)} stands where others have a string"
        )
    if element is None:
        raise TypeError("text is expected as bytes or str, got None")
    return str(element).encode("ascii")

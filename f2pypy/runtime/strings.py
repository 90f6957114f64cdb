"""Character arguments longer than one: blank-padded memory in, bytes out.

A string passed to Fortran is exactly as long as its declaration says: bytes where Fortran only reads it, memory of C's
where it may write to it (`text_memory` of `routines`), an array of single characters (``S1``) where the wrapper looks
at them itself. Arrays of strings are arrays of type ``S<length>`` like any others.
"""

from __future__ import annotations

from typing import Any

from numpy import array as new_array
from numpy import asarray, dtype, frombuffer, full, ndarray

from f2pypy.runtime.interference import carefully
from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.pypy import cffi_blank_text, cffi_text_result
from f2pypy.runtime.pypy_arrays import passed_text
from f2pypy.runtime.routines import text_content, text_memory
from f2pypy.runtime.texts import TEXT_KINDS, encoded

_BYTE = dtype("uint8")
_TEXT_OR_MEMORY = f"{TEXT_KINDS}SV"  # kinds of arrays whose elements are text, or memory for it


def text_bytes(value: Any, length: int, default: bytes, routine: str, argument: str, name: str) -> bytes:
    """Return a string argument as bytes: `value` cut or padded with blanks to `length` of them.

    The length is that of `value` where `length` is -1; None stands for `default`. Bytes,
    str and the bytes of a contiguous array are taken as they are up to the first NUL, where
    arrays of str or objects are encoded first; anything else as str() prints it. `routine`,
    `argument` ("1st argument") and `name` go into the message of a ValueError, raised for an
    array that isn't contiguous, and of a TypeError, raised for an array of numbers longer than
    a byte; UnicodeEncodeError, a ValueError as well, is raised for what isn't ASCII. What it
    returns may be the caller's own bytes, which Fortran must not write to.
    """
    if type(value) is bytes:
        content = value
    elif type(value) is str:
        content = value.encode("ascii")
    else:
        content = _content_of(value, default, routine, argument, name)
    if length < 0:
        length = len(content)
    if 0 in content:
        content = content.partition(b"\0")[0]
    return content.ljust(length) if len(content) < length else content[:length]


def _content_of(value: Any, default: bytes, routine: str, argument: str, name: str) -> bytes:
    """Return the bytes of what is neither exactly bytes nor exactly str."""
    content: bytes
    if PYPY and type(value) is ndarray:
        _, extents, _, content = passed_text(value)
        if content and len(extents) < 2:
            return content
    if value is None:
        return default
    if isinstance(value, bytes):
        return bytes(value)
    if not isinstance(value, ndarray):
        return carefully(str, value).encode("ascii")
    if not value.flags.c_contiguous:
        raise ValueError(f"string_from_pyobj failed in converting {argument}`{name}' of {routine} to C string")
    if value.dtype.kind not in _TEXT_OR_MEMORY and value.itemsize > 1:
        message = f"{routine}() {argument} ({name}) can't be converted to string -- expected text"
        raise TypeError(f"{message}, got an array of {value.dtype}")
    if value.dtype.kind in TEXT_KINDS:
        value = carefully(encoded, value)
    content = value.tobytes()
    return content


def string(value: Any, length: int, default: bytes, routine: str, argument: str, name: str) -> ndarray[Any, Any]:
    """Return a string argument as an array of its characters, otherwise as `text_bytes` does."""
    content = text_bytes(value, length, default, routine, argument, name)
    memory = allocate_string(len(content))
    _store(content, memory.view(_BYTE))
    return memory


def blank_text(length: int) -> Any:
    """Return memory for a hidden or output string: `length` blanks; ValueError if `length` is negative."""
    return cffi_blank_text(length) if PYPY and length >= 0 else text_memory(_blanks(length))


def _blanks(length: int) -> bytes:
    if length < 0:
        raise ValueError(f"a string of {length} characters is expected")
    return b" " * length


def allocate_string(length: int) -> ndarray[Any, Any]:
    """Return a hidden or output string as an array of `length` blanks, with a NUL after them for C.

    Raises ValueError if `length` is negative.
    """
    blanks = _blanks(length)
    memory = full(length + 1, b" ", "S1")
    memory[len(blanks)] = b""
    return memory[:length]


def string_result(memory: Any) -> bytes:
    """Return what Fortran left in a string: up to the first NUL or the last non-blank."""
    read = cffi_text_result if PYPY and type(memory) is not ndarray else _characters_in
    content: bytes = read(memory).rstrip(b" ")
    return content.partition(b"\0")[0] if 0 in content else content


def _characters_in(memory: Any) -> bytes:
    return memory.tobytes() if type(memory) is ndarray else text_content(memory)


def write_string(target: Any, memory: Any, error: type[Exception]) -> None:
    """Write an ``intent(inout)`` string into the array of bytes it came from.

    Blanks at the end become NULs; what doesn't fit is cut. None, for an absent argument,
    is left alone. Raises `error` if `target` is no array, ValueError if it is read-only.
    """
    if target is None:
        return
    if not isinstance(target, ndarray):
        raise error("try_pyarr_from_string failed")
    if not target.nbytes:
        return
    if not target.flags.writeable:
        raise ValueError("output array is read-only")
    content = _characters_in(memory)
    content = content.rstrip(b" ").ljust(len(content), b"\0")
    if target.dtype.kind in TEXT_KINDS:
        target[...] = as_elements(content, target)
        return
    places = asarray(target).reshape(-1).view(_BYTE)
    _store(content[: len(places)], places)


def as_elements(content: bytes, like: ndarray[Any, Any]) -> ndarray[Any, Any]:
    """Return the text in pieces as long as the elements of an array of str, whole for a single element."""
    size = len(content) if like.size == 1 else encoded(like).itemsize
    content = content.ljust(size * like.size, b"\0")[: size * like.size]
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    texts = [piece.rstrip(b"\0").decode("latin-1") for piece in pieces]
    elements: ndarray[Any, Any] = new_array(texts, like.dtype).reshape(like.shape)
    return elements


def _store(content: bytes, places: ndarray[Any, Any]) -> None:
    """Store the bytes at the beginning of `places`."""
    if content:
        # PyPy never frees what NumPy asks it for a bytearray's memory; bytes cost it nothing.
        places[: len(content)] = frombuffer(content, _BYTE)

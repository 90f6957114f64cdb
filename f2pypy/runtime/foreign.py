"""CPython's way into a shared library: ctypes.

`f2pypy.runtime.pypy` has the same functions over PyPy's cffi; `f2pypy.runtime.routines` takes whichever fits.
"""

from __future__ import annotations

import ctypes
from operator import attrgetter
from typing import Any, Callable, Mapping, Sequence

from numpy import asarray, dtype, ndarray

from f2pypy.runtime.scalar_types import ScalarType

ARRAY_DATA = getattr(object, "__basicsize__", 0)  # where NumPy's array object has its data pointer
POINTER_AT = ctypes.c_void_p.from_address
# The address of the first element, also with a NumPy whose array objects are laid out otherwise.
slow_address: Callable[[ndarray[Any, Any]], Any] = attrgetter("ctypes._as_parameter_")
# The extents of an array, as NumPy tells them.
ctypes_shape: Callable[[ndarray[Any, Any]], tuple[int, ...]] = attrgetter("shape")
# Making one takes longer than most calls; nothing writes to what is passed by value.
_LENGTHS = tuple(map(ctypes.c_size_t, range(256)))


def ctypes_address(value: ndarray[Any, Any]) -> Any:
    """Return a pointer to the first element, as an argument of a foreign function."""
    return POINTER_AT(id(value) + ARRAY_DATA)


def ctypes_pointer(address: int) -> Any:
    """Return `address` as the c_void_p that functions of ctypes take."""
    return ctypes.c_void_p(address)


def ctypes_characters(text: bytes) -> Any:
    """Return a pointer to the characters of a constant, with a NUL after them."""
    return ctypes.c_char_p(text)


def ctypes_length(count: int) -> Any:
    """Return a hidden string length: compilers pass it by value as a size_t."""
    return _LENGTHS[count] if count < len(_LENGTHS) else ctypes.c_size_t(count)


def ctypes_text(content: bytes) -> Any:
    """Return memory for Fortran with these characters, and a NUL after them for C: bytes of its own, unless empty."""
    return content + b"\0"


def ctypes_text_content(memory: Any) -> bytes:
    """Return the characters in such memory."""
    content: bytes = memory[:-1]
    return content


def ctypes_memory(size: int) -> tuple[Any, Any]:
    """Return a buffer of `size` bytes, and a pointer to it."""
    buffer = ctypes.create_string_buffer(size)
    return buffer, ctypes.byref(buffer)


def ctypes_bind(
    handle: ctypes.CDLL,
    symbol: str,
    releases: bool,
    result: ScalarType | None,
    by_value: Mapping[int, ScalarType],
    arguments: Sequence[Any],
) -> Callable[..., Any]:
    """Return the function at `symbol`; it lets other threads run if it `releases` the interpreter lock.

    A complex `result` comes back as a structure, a long double as ctypes' object; `by_value` has the types of those
    arguments that aren't pointers, by position; `arguments` are those of the first call.
    """
    function = (ctypes.CDLL(handle._name, handle=handle._handle) if releases else handle)[symbol]
    if by_value:
        # a hidden length may stand in front of a hidden flag
        kinds = [ctypes.c_size_t if type(each) is ctypes.c_size_t else ctypes.c_void_p for each in arguments]
        function.argtypes = [by_value[at].passed if at in by_value else kinds[at] for at in range(max(by_value) + 1)]
    function.restype = None if result is None else result.passed
    return function


def ctypes_passed(value: Any, kind: ScalarType) -> Any:
    """Return a complex number or long double as an argument that is passed by value."""
    number = asarray(value, dtype(kind.letter))
    return kind.passed.from_buffer_copy(number.tobytes())

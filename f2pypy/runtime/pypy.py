"""PyPy's way into a shared library: the cffi that is part of it, whose calls its compiler turns into machine code.

`f2pypy.runtime.foreign` has the same functions over ctypes; `f2pypy.runtime.routines` takes whichever fits.
`f2pypy.runtime.pypy_arrays` has what Fortran is passed of arrays.
"""

from __future__ import annotations

import ctypes
from typing import Any, Callable, Mapping, Sequence

from numpy import asarray, dtype

from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.scalar_types import COMPLEX, COMPLEX_LONG_DOUBLE, DOUBLE_COMPLEX, ScalarType

CFFI: Any = __import__("_cffi_backend") if PYPY else None
FFI: Any = CFFI.FFI() if PYPY else None
VOID_POINTER, WORDS = [FFI and FFI.typeof(name) for name in ("void *", "intptr_t *")]
CHARACTER_POINTER: Any = FFI and FFI.typeof("char *")
_CHARS: Any = FFI and FFI.typeof("char[]")
_MOST_OF_A_FREE_TEXT = 256
_FREE_TEXT: list[Any] = []  # none or one
# What makes the types of numbers that cffi doesn't know.
_CFFI_TYPE_OF: dict[Any, Callable[[str], Any]] = {}


def cffi_words(values: Sequence[int]) -> tuple[Any, Any]:
    """Return the words in memory, which are the pointer to pass as well."""
    # a tuple: of a list that nothing else refers to, code that PyPy 7.3.11 has compiled makes memory that isn't its own
    words = FFI.new("intptr_t[]", tuple(values))
    return words, words


def cffi_pointer(location: int) -> Any:
    """Return `location`, an address, as the ``void *`` that functions of cffi take."""
    return CFFI.cast(VOID_POINTER, location)


def cffi_integer(pointer: Any) -> int:
    """Return a pointer as a plain address."""
    return int(CFFI.cast(FFI.typeof("intptr_t"), pointer))


def cffi_characters(text: bytes) -> Any:
    """Return the characters of a constant, with a NUL after them."""
    return FFI.new("char[]", text)


def cffi_text(content: bytes) -> Any:
    """Return memory for Fortran with these characters, and a NUL after them for C."""
    return CFFI.newp(_CHARS, content)


def cffi_text_content(memory: Any) -> bytes:
    """Return the characters in such memory."""
    content: bytes = FFI.buffer(memory)[:-1]
    return content


def cffi_blank_text(length: int) -> Any:
    """Return such memory with `length` blanks: what was given back last, if that fits, as new memory takes longer."""
    try:
        memory = _FREE_TEXT.pop()
    except IndexError:
        memory = b""
    if len(memory) != length + 1:
        return cffi_text(b" " * length)
    memory[0:length] = b" " * length
    memory[length] = b"\0"
    return memory


def cffi_text_result(memory: Any) -> bytes:
    """Return the characters in such memory, which nobody looks at any more."""
    content = cffi_text_content(memory)
    if not _FREE_TEXT and len(content) <= _MOST_OF_A_FREE_TEXT:
        _FREE_TEXT.append(memory)
    return content


def cffi_memory(size: int) -> tuple[Any, Any]:
    """Return a buffer of `size` bytes, and a pointer to it."""
    memory = FFI.new("char[]", size)
    # A pointer into the memory doesn't keep it alive: the buffer does.
    return FFI.buffer(memory), memory + 0


def cffi_bind(
    handle: ctypes.CDLL,
    symbol: str,
    _releases: bool,
    result: ScalarType | None,
    by_value: Mapping[int, ScalarType],
    arguments: Sequence[Any],
) -> Any:
    """Return the function at `symbol`, as `ctypes_bind` does."""
    kinds = tuple([cffi_type(by_value[at]) if at in by_value else VOID_POINTER for at in range(len(arguments))])
    location = FFI.cast("void *", ctypes.cast(handle[symbol], ctypes.c_void_p).value)
    returned = FFI.typeof("void") if result is None else cffi_type(result)
    return CFFI.cast(CFFI.new_function_type(kinds, returned, False), location)


def cffi_type(kind: ScalarType) -> Any:
    """Return cffi's type of a number that is passed by value, or returned."""
    return (_CFFI_TYPE_OF.get(kind) or FFI.typeof)(kind.c_name)


def _structure_type(part: str) -> Any:
    # libffi has no complex numbers; a structure of two parts is passed and returned in the same registers.
    record = CFFI.new_struct_type("struct record")
    CFFI.complete_struct_or_union(record, [(name, FFI.typeof(part), -1) for name in ("real", "imag")])
    return record


def cffi_passed(value: Any, kind: ScalarType) -> Any:
    """Return a complex number or long double as an argument that is passed by value."""
    parts = FFI.new(f"{kind.c_name}[]", len(kind.code))
    FFI.buffer(parts)[:] = asarray(value, dtype(kind.letter)).tobytes()
    return tuple(parts) if kind.is_complex else parts[0]


def long_double_bytes(number: Any) -> bytes:
    """Return the bytes of a long double of cffi's, padding included, as NumPy's longdouble has them."""
    return bytes(FFI.buffer(FFI.new("long double *", number)))


_CFFI_TYPE_OF[COMPLEX] = _structure_type
_CFFI_TYPE_OF[DOUBLE_COMPLEX] = _structure_type
_CFFI_TYPE_OF[COMPLEX_LONG_DOUBLE] = _structure_type

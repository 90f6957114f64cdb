"""PyPy's way into a shared library: the cffi that is part of it, whose calls its compiler turns into machine code."""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Callable, Mapping, Sequence

from numpy import ndarray

from f2pypy.runtime.scalar_types import ScalarType

PYPY = sys.implementation.name == "pypy"

if PYPY:
    import _cffi_backend

    _cffi: Any = _cffi_backend
    _ffi: Any = _cffi_backend.FFI()


class CffiCalls:
    """What a `Routine` needs of the foreign function interface, over cffi: pointers are plain addresses."""

    @staticmethod
    def address(value: ndarray[Any, Any]) -> int:
        """Return the address of the first element of an array."""
        location: int = memoryview(value)._pypy_raw_address()  # type: ignore[attr-defined,arg-type]
        return location

    @staticmethod
    def at(address: int) -> int:
        """Return the pointer to a plain address."""
        return address

    @staticmethod
    def length(count: int) -> int:
        """Return a hidden string length: compilers pass it by value as a size_t."""
        return count

    @staticmethod
    def memory(
        size: int, places: Sequence[tuple[int, ScalarType]]
    ) -> tuple[Any, list[Any]]:
        """Return a buffer of `size` bytes, and the address of each place (offset, type)."""
        memory = _ffi.new("char[]", size)
        base = int(_ffi.cast("intptr_t", memory))
        return _ffi.buffer(memory), [base + offset for offset, _ in places]

    @staticmethod
    def bind(
        handle: ctypes.CDLL,
        symbol: str,
        result: ScalarType | None,
        by_value: Mapping[int, ScalarType],
        arguments: Sequence[Any],
        releases: bool,
    ) -> Callable[..., Any]:
        """Return the function behind `symbol`, as `CtypesCalls.bind` does."""
        kinds = tuple(
            _ffi.typeof(by_value[at].c_name if at in by_value else "intptr_t")
            for at in range(len(arguments))
        )
        location = _ffi.cast(
            "void *", ctypes.cast(handle[symbol], ctypes.c_void_p).value
        )
        if result is None or not result.is_complex:
            returned = _ffi.typeof("void" if result is None else result.c_name)
            function: Callable[..., Any] = _cffi.cast(
                _cffi.new_function_type(kinds, returned, False), location
            )
            return function
        return _returning_structure(location, kinds, result.c_name)


def _returning_structure(
    location: Any, kinds: tuple[Any, ...], part: str
) -> Callable[..., complex]:
    # libffi has no complex numbers; a structure of two parts is returned in the same registers.
    pair = _cffi.new_struct_type(f"{part}_complex")
    _cffi.complete_struct_or_union(
        pair, [(name, _ffi.typeof(part), -1) for name in ("real", "imag")]
    )
    function = _cffi.cast(_cffi.new_function_type(kinds, pair, False), location)

    def call(*arguments: Any) -> complex:
        number = function(*arguments)
        return complex(number.real, number.imag)

    return call

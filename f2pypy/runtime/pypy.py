"""PyPy's way into a shared library: the cffi that is part of it, whose calls its compiler turns into machine code."""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Callable, Mapping, Sequence

from numpy import dtype, ndarray

from f2pypy.runtime.scalar_types import ScalarType

PYPY = sys.implementation.name == "pypy"

if PYPY:
    import _cffi_backend

    _cffi: Any = _cffi_backend
    _ffi: Any = _cffi_backend.FFI()
    _VOID_POINTER = _ffi.typeof("void *")
    _ADDRESS = _ffi.typeof("intptr_t")


def fits_vector(value: Any, kind: dtype[Any]) -> bool:
    """Say whether `value` is a contiguous array of rank 1 and type `kind`."""
    # Each question to an array costs PyPy as much as a memoryview that answers all.
    if type(value) is not ndarray or value.dtype is not kind:
        return False
    view = memoryview(value)  # type: ignore[arg-type]
    return view.ndim == 1 and view.c_contiguous and _is_aligned_view(view)


def fits_matrix(value: Any, kind: dtype[Any]) -> bool:
    """Say whether `value` is an array of rank 2 in Fortran order and of type `kind`."""
    if type(value) is not ndarray or value.dtype is not kind:
        return False
    view = memoryview(value)  # type: ignore[arg-type]
    return view.ndim == 2 and view.f_contiguous and _is_aligned_view(view)


def layout_of_view(value: ndarray[Any, Any]) -> tuple[tuple[int, ...], bool, bool]:
    """Return the extents, whether they lie in Fortran order, and are writeable and aligned."""
    view = memoryview(value)  # type: ignore[arg-type]
    shape: Any = view.shape
    # A memoryview of PyPy isn't contiguous because of axes of extent 0 or 1 either.
    contiguous = view.f_contiguous or (
        min(shape, default=2) < 2 and value.flags.f_contiguous
    )
    return shape, contiguous, not view.readonly and _is_aligned_view(view)


def _is_aligned_view(view: memoryview) -> bool:
    return bool(view._pypy_raw_address() % min(view.itemsize, 8) == 0)  # type: ignore[attr-defined]


class CffiCalls:
    """What a `Routine` needs of the foreign function interface, over cffi."""

    @staticmethod
    def address(value: ndarray[Any, Any]) -> Any:
        """Return a pointer to the first element of an array."""
        return _cffi.cast(_VOID_POINTER, memoryview(value)._pypy_raw_address())  # type: ignore

    @staticmethod
    def shape(value: ndarray[Any, Any]) -> tuple[int, ...]:
        """Return the extents of an array."""
        return memoryview(value).shape  # type: ignore

    @staticmethod
    def at(location: int) -> Any:
        """Return the pointer to a plain address."""
        return _cffi.cast(_VOID_POINTER, location)

    @staticmethod
    def integer(pointer: Any) -> int:
        """Return a pointer as a plain address."""
        return int(_cffi.cast(_ADDRESS, pointer))

    @staticmethod
    def characters(text: bytes) -> Any:
        """Return the characters of a constant, with a NUL behind them."""
        return _ffi.new("char[]", text)

    @staticmethod
    def length(count: int) -> Any:
        """Return a hidden string length: compilers pass it by value as a size_t."""
        return _cffi.cast(_VOID_POINTER, count)

    @staticmethod
    def memory(
        size: int, places: Sequence[tuple[int, ScalarType]]
    ) -> tuple[Any, list[Any]]:
        """Return a buffer of `size` bytes, and the pointer to each place in it."""
        memory = _ffi.new("char[]", size)
        # A pointer into the memory doesn't keep it alive: the buffer does.
        return _ffi.buffer(memory), [memory + offset for offset, _ in places]

    @staticmethod
    def bind(
        handle: ctypes.CDLL,
        symbol: str,
        result: ScalarType | None,
        by_value: Mapping[int, ScalarType],
        arguments: Sequence[Any],
        releases: bool,  # noqa: ARG004
    ) -> Callable[..., Any]:
        """Return the function behind `symbol`, as `CtypesCalls.bind` does."""
        kinds = tuple(
            _ffi.typeof(by_value[at].c_name if at in by_value else "void *")
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

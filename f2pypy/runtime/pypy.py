"""PyPy's way into a shared library: the cffi that is part of it, whose calls its compiler turns into machine code."""

from __future__ import annotations

import ctypes
import struct
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
    _CHARACTERS_POINTER = _ffi.typeof("char *")
    _ADDRESS = _ffi.typeof("intptr_t")

_MOST_KNOWN_EXTENTS = 1000  # which take about 200 kB


class PassedArray:
    """An array on its way to Fortran, with what a memoryview told about it.

    Each question to an array costs PyPy as much as a memoryview that answers all, so an array is asked once. `original`
    is the array, `location` the address of its first element; everything else is as if it were the array itself.
    """

    __slots__ = ("location", "original", "shape")

    def __init__(self, original: ndarray[Any, Any], view: memoryview) -> None:
        self.original = original
        self.location: int = view._pypy_raw_address()  # type: ignore[attr-defined]
        self.shape: Any = view.shape

    def __len__(self) -> int:
        length: int = self.shape[0]
        return length

    def __getattr__(self, name: str) -> Any:
        return getattr(self.original, name)

    def __getitem__(self, place: Any) -> Any:
        return self.original[place]

    def __setitem__(self, place: Any, value: Any) -> None:
        self.original[place] = value


def passed_array(value: ndarray[Any, Any]) -> Any:
    """Return an array as it is passed to Fortran."""
    return PassedArray(value, memoryview(value))  # type: ignore[arg-type]


def passed_vector(value: Any, kind: dtype[Any]) -> Any:
    """Return `value` as it is passed to Fortran, None if it isn't a contiguous array of rank 1 and type `kind`."""
    if type(value) is not ndarray or value.dtype is not kind:
        return None
    view = memoryview(value)  # type: ignore[arg-type]
    if view.ndim != 1 or not view.c_contiguous or not _is_aligned_view(view):
        return None
    return PassedArray(value, view)


def passed_matrix(value: Any, kind: dtype[Any]) -> Any:
    """Return `value` as it is passed to Fortran, None if it isn't of rank 2, in Fortran order and of type `kind`."""
    if type(value) is not ndarray or value.dtype is not kind:
        return None
    view = memoryview(value)  # type: ignore[arg-type]
    if view.ndim != 2 or not view.f_contiguous or not _is_aligned_view(view):
        return None
    return PassedArray(value, view)


def _shared_extents() -> Callable[[Sequence[int]], Sequence[int]]:
    known: dict[Sequence[int], Sequence[int]] = {}

    def shared(extents: Sequence[int]) -> Sequence[int]:
        """Return an equal tuple that NumPy knows: a new one costs PyPy as much as the array that it is for."""
        if type(extents) is not tuple:
            return extents
        if len(known) > _MOST_KNOWN_EXTENTS:
            known.clear()
        return known.setdefault(extents, extents)

    return shared


shared_extents = _shared_extents()


def layout_of_view(
    value: ndarray[Any, Any],
) -> tuple[Any, tuple[int, ...], bool, bool]:
    """Return an array as passed, its extents, whether it is in Fortran order, and writeable and aligned."""
    view = memoryview(value)  # type: ignore[arg-type]
    passed = PassedArray(value, view)
    shape = passed.shape
    # A memoryview of PyPy isn't contiguous because of axes of extent 0 or 1 either.
    contiguous = view.f_contiguous or (
        min(shape, default=2) < 2 and value.flags.f_contiguous
    )
    return passed, shape, contiguous, not view.readonly and _is_aligned_view(view)


def _is_aligned_view(view: memoryview) -> bool:
    return bool(view._pypy_raw_address() % min(view.itemsize, 8) == 0)  # type: ignore[attr-defined]


class CffiCalls:
    """What a `Routine` needs of the foreign function interface, over cffi."""

    @staticmethod
    def address(value: ndarray[Any, Any]) -> Any:
        """Return a pointer to the first element of an array."""
        return _cffi.cast(_VOID_POINTER, CffiCalls.location(value))

    @staticmethod
    def location(value: ndarray[Any, Any]) -> int:
        """Return the address of the first element."""
        if type(value) is PassedArray:
            return value.location
        return memoryview(value)._pypy_raw_address()  # type: ignore

    @staticmethod
    def shape(value: ndarray[Any, Any]) -> tuple[int, ...]:
        """Return the extents of an array."""
        return value.shape if type(value) is PassedArray else memoryview(value).shape  # type: ignore

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
    def scalars(
        packing: struct.Struct,  # noqa: ARG004
        unpacking: struct.Struct,
        places: Sequence[tuple[int, ScalarType]],
    ) -> Callable[[], tuple[Any, Any, list[Any]]]:
        """Return what makes memory for scalars, as `CtypesCalls.scalars` does."""
        parts = [_ffi.typeof(kind.c_name) for _, kind in places for _ in kind.code]
        record = _cffi.new_struct_type("struct scalars")
        _cffi.complete_struct_or_union(
            record, [(f"part{place}", part, -1) for place, part in enumerate(parts)]
        )
        pointer, count = _cffi.new_pointer_type(record), len(parts)

        def new_memory() -> tuple[Any, Any, list[Any]]:
            memory = _cffi.newp(pointer)
            buffer = _ffi.buffer(memory)
            first = _cffi.cast(_CHARACTERS_POINTER, memory)

            def pack(*values: Any) -> None:
                # cffi would leave the others as they were
                if len(values) != count:
                    raise TypeError(f"{count} values expected, got {len(values)}")
                memory[0] = values

            def unpack() -> Any:
                return unpacking.unpack_from(buffer)

            return pack, unpack, [first + start for start, _ in places]

        return new_memory

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

"""Memory that Fortran hands to a callback, and C functions made from Python ones: ctypes, on PyPy cffi."""

from __future__ import annotations

import ctypes
import struct
import sys
from functools import partial
from typing import Any, Callable, Sequence

from numpy import asarray, dtype, empty, frombuffer, ndarray

from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.memory import MEMORY, AllMemory
from f2pypy.runtime.pypy import CFFI, FFI, cffi_integer, cffi_passed, cffi_type, long_double_bytes
from f2pypy.runtime.pypy_arrays import cffi_array_writer, cffi_views
from f2pypy.runtime.scalar_types import CHARACTER, LONG_DOUBLE, LongDouble, ScalarType

# How C passes a pointer and a length.
_C_TYPES: dict[Any, Any] = {None: ctypes.c_void_p, int: ctypes.c_size_t}

_memory_from_1: Any = AllMemory.from_address(1)


def c_function(
    answer: Callable[..., Any],
    result: ScalarType | None,
    kinds: Sequence[Any],
    remember: Callable[[BaseException], None],
) -> tuple[Any, Any]:
    """Return a C function that calls `answer`, and the pointer to pass for it; the first must be kept alive.

    `kinds` has the type of each argument passed by value, None for a pointer, which
    `answer` gets as an int (a null pointer as None or 0), and int for a length.
    PyPy calls `remember` with an exception that arrives outside of ``try``, as those of signal handlers may.
    """
    if not PYPY:
        if result is LONG_DOUBLE:
            answer, result = remembering(_leaving_long_double(answer), remember), None
        function = ctypes.CFUNCTYPE(*c_types(result, kinds))(answer)
        return function, function
    if result is LONG_DOUBLE:
        answer = _answering_cdata(answer)
    # unsigned integers take PyPy 10 ns more
    word = FFI.typeof("intptr_t" if sys.maxsize > 2**32 else "size_t")
    form = CFFI.new_function_type(
        tuple(word if kind in (None, int) else cffi_type(kind) for kind in kinds),
        FFI.typeof("void" if result is None else result.c_name),
        False,
    )
    callback = CFFI.callback(form, answer, None, lambda _, failure, __: remember(failure))
    return callback, CFFI.cast(FFI.typeof("void *"), callback)


def remembering(function: Callable[..., Any], remember: Callable[[BaseException], None]) -> Callable[..., Any]:
    """Return `function`, which calls a callback's, so that `remember` gets what signal handlers raise around that.

    `watch_unraisable` knows what it returns by its names.
    """

    def answer(*values: Any) -> Any:
        try:
            return function(*values)
        except BaseException as failure:
            remember(failure)
            return 0

    return answer


def pointed_address(pointer: Any) -> int | None:
    """Return the address of a C function that Python has made."""
    if PYPY:
        return cffi_integer(pointer)
    return ctypes.cast(pointer, ctypes.c_void_p).value


def c_types(result: ScalarType | None, kinds: Sequence[Any]) -> list[Any]:
    """Return ctypes' types of the result and the arguments of a C function; `kinds` as for `c_function`."""
    return [None if result is None else result.ctype, *[_C_TYPES.get(kind) or kind.passed for kind in kinds]]


def _leaving_long_double(answer: Callable[..., Any]) -> Callable[..., None]:
    # ctypes would make a double of what a callback returns. A long double comes back on the x87's stack of registers:
    # there copysignl leaves it if ctypes believes that it returns nothing, and the callback, for which ctypes believes
    # the same, doesn't touch it.
    leave = ctypes.PyDLL(None)["copysignl"]
    leave.restype = None
    leave.argtypes = [LongDouble, LongDouble]

    def answer_and_leave(*values: Any) -> None:
        number = asarray(answer(*values), "g").tobytes()
        long_double = LongDouble.from_buffer_copy(number)
        leave(long_double, long_double)

    return answer_and_leave


def _answering_cdata(answer: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *values: cffi_passed(answer(*values), LONG_DOUBLE)


def number_passed(kind: ScalarType) -> Callable[[Any], Any]:
    """Return what makes a number of one that C has passed by value."""
    if not kind.is_complex and not kind.is_extended:
        return lambda number: number
    if not kind.is_extended:
        return lambda number: complex(number.real, number.imag)
    if not PYPY:
        return lambda number: frombuffer(number, kind.letter)[0]
    if not kind.is_complex:
        return lambda number: frombuffer(long_double_bytes(number), "g")[0]
    return lambda number: frombuffer(long_double_bytes(number.real) + long_double_bytes(number.imag), "G")[0]


def reader(kind: ScalarType) -> Callable[[Any], tuple[Any, ...]]:
    """Return the function that reads the parts of a scalar at an address; TypeError for a null pointer.

    Long doubles come as one part, complex or not.
    """
    if kind.is_extended:
        extended = dtype(kind.letter)
        return lambda address: (view(address, extended, (), "F")[()],)
    unpack = struct.Struct(kind.code).unpack_from
    if not PYPY:
        return partial(unpack, MEMORY)
    return lambda address: unpack(MEMORY, address or None)  # type: ignore


def number_reader(kind: ScalarType) -> Callable[[Any], Any]:
    """Return the function that reads a scalar at an address; TypeError for a null pointer."""
    read = reader(kind)
    if kind.is_complex and not kind.is_extended:
        return lambda address: complex(*read(address))
    return lambda address: read(address)[0]


def writer(kind: ScalarType) -> Callable[[Any, Any], None]:
    """Return the function that stores a scalar at an address; TypeError for a null pointer."""
    if kind.is_extended:
        extended = dtype(kind.letter)
        return lambda address, number: view(address, extended, (), "F").fill(number)
    pack = struct.Struct(kind.code).pack_into
    if kind.is_complex:
        return lambda address, number: pack(MEMORY, address or None, number.real, number.imag)  # type: ignore
    return lambda address, number: pack(MEMORY, address or None, number)  # type: ignore


def number_at(address: Any, kind: ScalarType, name: str) -> Any:
    """Return the scalar at an address: ``item()`` reads it and ``[()] =`` stores it, as with an array of rank 0.

    Raises ValueError where Fortran passes a null pointer for `name`.
    """
    if not address:
        raise ValueError(f"Fortran passed a null pointer for {name}")
    if PYPY or kind.is_extended or kind is CHARACTER:
        return _PlacedNumber(address, kind)
    return view(address, dtype(kind.letter), (), "F")


class _PlacedNumber:
    """A scalar in Fortran's memory that an array of NumPy's would tell slowly, or not exactly."""

    def __init__(self, address: int, kind: ScalarType) -> None:
        self.address, self.read, self.write = address, number_reader(kind), writer(kind)

    def item(self) -> Any:
        return self.read(self.address)

    def __setitem__(self, _: Any, value: Any) -> None:
        self.write(self.address, value)


def text_reader(address: Any, length: int) -> Callable[[], bytes]:
    """Return what reads the bytes at an address."""
    if PYPY and address:
        return lambda: MEMORY[address : address + length]
    read: Callable[[], bytes] = view(address, dtype("S1"), (length,), "F").tobytes
    return read


def text_writer(address: Any, length: int) -> Callable[[bytes], None]:
    """Return what stores bytes, as many as `length`, at an address."""
    memory: Any = MEMORY
    place: Any = slice(address, (address or 0) + length)
    if not length:
        return lambda _: None
    if not PYPY or not address:
        memory, place = view(address, dtype(f"S{length}"), (), "F"), ()

    def write(content: bytes) -> None:
        memory[place] = content

    return write


def views(address: Any, kind: dtype[Any], shape: Sequence[int], order: Any) -> Callable[[], Any]:
    """Return what gives a Python function an array over Fortran's memory, however the last one was changed.

    On CPython each is an array of its own. On PyPy, where that takes longer than the rest of a callback, it is the same
    one until somebody has changed its shape, type or flags.
    """
    if PYPY:
        return cffi_views(lambda: view(address, kind, shape, order))
    another: Callable[[], Any] = view(address, kind, shape, order).view
    return another


def array_writer(memory: ndarray[Any, Any], order: Any, convert: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return what copies an array of the same type and shape into `memory`, and gives `convert` anything else."""
    if PYPY:
        return cffi_array_writer(memory, order, convert)
    kind, shape = memory.dtype, memory.shape

    def write(answer: Any) -> None:
        if type(answer) is ndarray and answer.dtype is kind and answer.shape == shape:
            memory[...] = answer
        else:
            convert(answer)

    return write


def view(address: Any, kind: dtype[Any], shape: Sequence[int], order: Any) -> Any:
    """Return an array over Fortran's memory; ValueError if there is none or an extent is negative."""
    # -1 would mean to NumPy: up to the end of memory.
    if address and not PYPY and -1 not in shape:
        return ndarray(shape, kind, _memory_from_1, address - 1, None, order)
    if any(extent < 0 for extent in shape):
        raise ValueError("negative dimensions are not allowed")
    size = kind.itemsize
    for extent in shape:
        size *= extent
    if not size:
        return empty(shape, kind, order)
    if not address:
        raise ValueError("Fortran passed a null pointer where an array is expected")
    return asarray(_PassedMemory(address, kind, shape, order))


class _PassedMemory:
    """Fortran's memory as NumPy asks for it on PyPy, which never frees what NumPy asks it for a buffer."""

    def __init__(self, address: int, kind: dtype[Any], shape: Sequence[int], order: str) -> None:
        strides = []
        distance = kind.itemsize
        for extent in shape:
            strides.append(distance)
            distance *= extent
        self.__array_interface__ = {
            "version": 3,
            "data": (address, False),
            "typestr": kind.str,
            "shape": tuple(shape),
            "strides": tuple(strides) if order == "F" else None,
        }

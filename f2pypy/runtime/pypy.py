"""PyPy's way into a shared library: the cffi that is part of it, whose calls its compiler turns into machine code."""

from __future__ import annotations

import ctypes
import struct
import sys
from typing import Any, Callable, Mapping, Sequence

from numpy import asarray, dtype, empty, frombuffer, ndarray, zeros

from f2pypy.runtime.scalar_types import COMPLEX_LONG_DOUBLE, LONG_DOUBLE, ScalarType

PYPY = sys.implementation.name == "pypy"

if PYPY:
    import _cffi_backend

    _cffi: Any = _cffi_backend
    _ffi: Any = _cffi_backend.FFI()
    _VOID_POINTER = _ffi.typeof("void *")
    _CHARACTERS_POINTER = _ffi.typeof("char *")
    _ADDRESS = _ffi.typeof("intptr_t")
    _WORDS = _ffi.typeof("intptr_t *")

_MOST_KNOWN_EXTENTS = 1000  # which take about 200 kB
_MOST_KEPT_ELEMENTS = 512
# Bits of NumPy's array flags
_C_CONTIGUOUS, _F_CONTIGUOUS, _ALIGNED, _WRITEABLE = 0x1, 0x2, 0x100, 0x400
_VECTOR = _C_CONTIGUOUS | _ALIGNED
_MATRIX = _F_CONTIGUOUS | _ALIGNED
_BEHAVED = _WRITEABLE | _ALIGNED
# Fields of NumPy's array object (PyArrayObject_fields in ndarraytypes.h), in words from its begin: the head of every
# object takes PyPy three. Two fields are ints.
_DATA, _RANK, _EXTENTS, _BASE, _FLAGS = 3, 4, 5, 7, 9
_INT = 0xFFFF_FFFF
# What makes functions of results that cffi returns as objects of its own.
_EXTENDED_RESULTS: dict[Any, Callable[[Any, Any, Any], Callable[..., Any]]] = {}


class PassedArray:
    """An array on its way to Fortran, with what it was asked once, as each question costs PyPy a lot.

    `original` is the array, `location` the address of its first element, `layout` are NumPy's flags as a number;
    everything else is as if it were the array itself.
    """

    __slots__ = ("layout", "location", "original", "shape")

    def __init__(self, original: ndarray[Any, Any], location: int, shape: tuple[int, ...], layout: int) -> None:
        self.original = original
        self.location = location
        self.shape = shape
        self.layout = layout

    def __len__(self) -> int:
        return self.shape[0]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.original, name)

    def __getitem__(self, place: Any) -> Any:
        return self.original[place]

    def __setitem__(self, place: Any, value: Any) -> None:
        self.original[place] = value


def _ask(value: ndarray[Any, Any]) -> PassedArray:
    """Ask an array everything, slowly."""
    location: int = value.__array_interface__["data"][0]
    return PassedArray(value, location, value.shape, value.flags.num)


def _reads_headers() -> Callable[[ndarray[Any, Any]], PassedArray]:
    """Return a function like `_ask` that reads NumPy's array object in memory instead of asking NumPy.

    Every question to NumPy is slow on PyPy, because it goes through an emulation of CPython's C interface. But an array
    of objects holds the addresses of its elements' C structures. So `read` stores the array in one of a single element,
    takes the address from there, and reads data, extents and flags at their offsets: PyPy compiles that to a few loads.
    The arrays of objects come from a pool, as other threads may read, too. Each keeps a small array until its next use.
    """
    pool: list[tuple[Any, Any]] = []

    def read(value: ndarray[Any, Any]) -> PassedArray:
        try:
            holder, cell = pool.pop()
        except IndexError:
            holder = empty(1, object)
            cell = _cffi.cast(_WORDS, holder.__array_interface__["data"][0])
        holder[0] = value
        header = _cffi.cast(_WORDS, cell[0])
        extents = _cffi.cast(_WORDS, header[_EXTENTS])
        rank = header[_RANK] & _INT
        if rank == 1:
            shape: tuple[int, ...] = (extents[0],)
            elements = extents[0]
        elif rank == 2:
            shape = (extents[0], extents[1])
            elements = extents[0] * extents[1]
        else:
            shape = tuple([extents[axis] for axis in range(rank)])
            elements = _MOST_KEPT_ELEMENTS
        passed = PassedArray(value, header[_DATA], shape, header[_FLAGS] & _INT)
        if elements >= _MOST_KEPT_ELEMENTS or header[_BASE]:
            holder[0] = None
        pool.append((holder, cell))
        return passed

    return read


def _fitting_reader() -> Callable[[ndarray[Any, Any]], PassedArray]:
    """Return the fast way to ask an array, if a probe shows that it is right."""
    read = _reads_headers()
    cube = zeros((2, 3, 4), order="F")
    constant = cube[:, 0, 0]
    constant.flags.writeable = False
    for probe in (cube, cube[0], cube[:, :, 1], constant, cube[1:, 2, 3], zeros(())):
        fast, slow = read(probe), _ask(probe)
        for name in ("layout", "location", "shape"):
            if getattr(fast, name) != getattr(slow, name):
                return _ask
    return read


passed_array: Callable[[ndarray[Any, Any]], Any] = _fitting_reader() if PYPY else _ask


def passed_vector(value: Any, kind: dtype[Any]) -> Any:
    """Return `value` as it is passed to Fortran, None if it isn't a contiguous array of rank 1 and type `kind`."""
    if type(value) is ndarray and value.dtype is kind:
        passed = passed_array(value)
        if len(passed.shape) == 1 and passed.layout & _VECTOR == _VECTOR:
            return passed
    return None


def passed_matrix(value: Any, kind: dtype[Any]) -> Any:
    """Return `value` as it is passed to Fortran, None if it isn't of rank 2, in Fortran order and of type `kind`."""
    if type(value) is ndarray and value.dtype is kind:
        passed = passed_array(value)
        if len(passed.shape) == 2 and passed.layout & _MATRIX == _MATRIX:
            return passed
    return None


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


def layout_of_passed(value: ndarray[Any, Any], written: int) -> tuple[Any, tuple[int, ...], bool, bool]:
    """Return an array as passed, its extents, if in Fortran order, and if aligned (and writeable if `written`)."""
    passed = passed_array(value)
    layout = passed.layout
    wanted = _BEHAVED if written else _ALIGNED
    behaved = layout & wanted == wanted
    return passed, passed.shape, layout & _F_CONTIGUOUS != 0, behaved


class CffiCalls:
    """What a `Routine` needs of the foreign function interface, over cffi."""

    @staticmethod
    def address(value: ndarray[Any, Any]) -> Any:
        """Return a pointer to the first element of an array."""
        return _cffi.cast(_VOID_POINTER, CffiCalls.location(value))

    @staticmethod
    def location(value: ndarray[Any, Any]) -> int:
        """Return the address of the first element."""
        passed = value if type(value) is PassedArray else passed_array(value)
        location: int = passed.location
        return location

    @staticmethod
    def shape(value: ndarray[Any, Any]) -> tuple[int, ...]:
        """Return the extents of an array."""
        passed = value if type(value) is PassedArray else passed_array(value)
        extents: tuple[int, ...] = passed.shape
        return extents

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
    def memory(size: int) -> tuple[Any, Any]:
        """Return a buffer of `size` bytes, and a pointer to it."""
        memory = _ffi.new("char[]", size)
        # A pointer into the memory doesn't keep it alive: the buffer does.
        return _ffi.buffer(memory), memory + 0

    @staticmethod
    def scalars(kinds: Sequence[ScalarType], _packing: struct.Struct, starts: Sequence[int]) -> Callable[[], Any]:
        """Return what makes memory for scalars, as `CtypesCalls.scalars` does."""
        names = [kind.c_name for kind in kinds for _ in kind.code]
        parts = [(f"part{place}", _ffi.typeof(name), -1) for place, name in enumerate(names)]
        record = _cffi.new_struct_type("struct scalars")
        _cffi.complete_struct_or_union(record, parts)
        pointer, count = _cffi.new_pointer_type(record), len(parts)

        def new_memory() -> tuple[Any, Callable[..., None], list[Any]]:
            memory = _cffi.newp(pointer)
            first = _cffi.cast(_CHARACTERS_POINTER, memory)

            def pack(*values: Any) -> None:
                # cffi would leave the others as they were
                if len(values) != count:
                    raise TypeError(f"{count} values expected, got {len(values)}")
                memory[0] = values

            return _ffi.buffer(memory), pack, [first + start for start in starts]

        return new_memory

    @staticmethod
    def bind(
        handle: ctypes.CDLL,
        symbol: str,
        releases: bool,  # noqa: ARG004
        result: ScalarType | None,
        by_value: Mapping[int, ScalarType],
        arguments: Sequence[Any],
    ) -> Callable[..., Any]:
        """Return the function behind `symbol`, as `CtypesCalls.bind` does."""
        kinds = tuple(passed_type(by_value[at]) if at in by_value else _VOID_POINTER for at in range(len(arguments)))
        location = _ffi.cast("void *", ctypes.cast(handle[symbol], ctypes.c_void_p).value)
        returned = _ffi.typeof("void") if result is None else passed_type(result)
        function: Callable[..., Any] = _cffi.cast(_cffi.new_function_type(kinds, returned, False), location)
        if result in _EXTENDED_RESULTS:
            return _EXTENDED_RESULTS[result](function, location, kinds)
        if result is not None and result.is_complex:
            return _returning_structure(function)
        return function

    @staticmethod
    def passed(value: Any, kind: ScalarType) -> Any:
        """Return a complex number or long double as an argument that is passed by value."""
        parts = _ffi.new(f"{kind.c_name}[]", len(kind.code))
        _ffi.buffer(parts)[:] = asarray(value, dtype(kind.letter)).tobytes()
        return tuple(parts) if kind.is_complex else parts[0]


def passed_type(kind: ScalarType) -> Any:
    """Return cffi's type of a number that is passed by value, or returned."""
    part = _ffi.typeof(kind.c_name)
    if not kind.is_complex:
        return part
    # libffi has no complex numbers; a structure of two parts is passed and returned in the same registers.
    pair = _cffi.new_struct_type(f"{kind.c_name}_complex")
    _cffi.complete_struct_or_union(pair, [(name, part, -1) for name in ("real", "imag")])
    return pair


def _returning_structure(function: Callable[..., Any]) -> Callable[..., complex]:
    def call(*arguments: Any) -> complex:
        number = function(*arguments)
        return complex(number.real, number.imag)

    return call


def _returning_cdata(function: Any, _location: Any, _kinds: Any) -> Any:
    return lambda *arguments: frombuffer(long_double_bytes(function(*arguments)), "g")[0]


def _returning_cdata_twice(_function: Any, location: Any, kinds: Any) -> Any:
    # See f2pypy.runtime.foreign: the second call takes the imaginary part from where the first has left it.
    kind = _ffi.typeof("long double")
    function = _cffi.cast(_cffi.new_function_type(kinds, kind, False), location)
    getpid = ctypes.cast(ctypes.CDLL(None)["getpid"], ctypes.c_void_p).value
    below = _cffi.cast(_cffi.new_function_type((), kind, False), getpid)

    def call(*arguments: Any) -> Any:
        real, imaginary = function(*arguments), below()
        return frombuffer(long_double_bytes(real) + long_double_bytes(imaginary), "G")[0]

    return call


def long_double_bytes(number: Any) -> bytes:
    """Return a long double as it lies in memory."""
    return bytes(_ffi.buffer(_ffi.new("long double *", number)))


_EXTENDED_RESULTS[LONG_DOUBLE] = _returning_cdata
_EXTENDED_RESULTS[COMPLEX_LONG_DOUBLE] = _returning_cdata_twice

"""Fortran procedures as Python calls: what a call passes for its arguments, and the call itself."""

from __future__ import annotations

import ctypes
import struct
from functools import cached_property, partial
from operator import methodcaller
from typing import Any, Callable, Mapping, Sequence

from numpy import dtype, frombuffer, ndarray, zeros

from f2pypy.runtime.foreign import (
    ARRAY_DATA,
    POINTER_AT,
    ctypes_address,
    ctypes_bind,
    ctypes_characters,
    ctypes_length,
    ctypes_memory,
    ctypes_passed,
    ctypes_pointer,
    ctypes_shape,
    ctypes_text,
    ctypes_text_content,
    slow_address,
)
from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.libraries import Library, address_in
from f2pypy.runtime.made_calls import ARRAY, PASSED, POINTERS, ArgumentKind, made_call
from f2pypy.runtime.prototypes import ctypes_types
from f2pypy.runtime.pypy import (
    cffi_bind,
    cffi_characters,
    cffi_memory,
    cffi_passed,
    cffi_pointer,
    cffi_text,
    cffi_text_content,
    long_double_bytes,
)
from f2pypy.runtime.pypy_arrays import cffi_address, cffi_location, cffi_shape
from f2pypy.runtime.scalar_types import (
    COMPLEX,
    COMPLEX_LONG_DOUBLE,
    DOUBLE,
    DOUBLE_COMPLEX,
    FLOAT,
    IS_I386,
    IS_X86_64,
    LOGICAL,
    LOGICAL8,
    LOGICAL16,
    LOGICAL64,
    LONG_DOUBLE,
    ULONG,
    ScalarType,
)

_probe = zeros(2)[1:]
_fits = not PYPY and ctypes_address(_probe).value == slow_address(_probe).value
address: Callable[[ndarray[Any, Any]], Any] = cffi_address if PYPY else ctypes_address if _fits else slow_address
location: Callable[[ndarray[Any, Any]], int] = cffi_location if PYPY else lambda value: address(value).value or 0
pointer_to: Callable[[int], Any] = cffi_pointer if PYPY else ctypes_pointer
# Compilers pass a hidden string length by value as a size_t.
length: Callable[[int], Any] = cffi_pointer if PYPY else ctypes_length
characters: Callable[[bytes], Any] = cffi_characters if PYPY else ctypes_characters
# A string that Fortran may write to: memory that calls take as it is.
text_memory: Callable[[bytes], bytes] = cffi_text if PYPY else ctypes_text
text_content: Callable[[Any], bytes] = cffi_text_content if PYPY else ctypes_text_content
NULL: Any = pointer_to(0)
passed: Callable[[Any, ScalarType], Any] = cffi_passed if PYPY else ctypes_passed
shape: Callable[[ndarray[Any, Any]], tuple[int, ...]] = cffi_shape if PYPY else ctypes_shape
bound_function: Callable[..., Any] = cffi_bind if PYPY else ctypes_bind
new_memory: Callable[[int], tuple[Any, Any]] = cffi_memory if PYPY else ctypes_memory
# The bytes of a long double as functions return it.
_content: Callable[[Any], bytes] = long_double_bytes if PYPY else bytes


# What binds functions whose results need more than their type.
RESULTS: dict[Any, Callable[[Routine, Callable[..., Any], Sequence[Any]], Callable[..., Any]]] = {}
# What makes Python's number of what the foreign function returns, where it isn't that.
_READ_RESULTS: dict[Any, str] = {}
_READ_COMPLEX = "complex({0}.real, {0}.imag)"
# What binds functions whose complex results come back in registers otherwise than a structure of the two parts does.
_IN_REGISTERS: dict[Any, Callable[[Routine, Callable[..., Any], Sequence[Any]], Callable[..., Any]] | None] = {}
# The types of ctypes of those results that depend on the library.
RETURNED: dict[Any, Callable[[Library], Any]] = {}


def offset(value: ndarray[Any, Any], elements: int) -> Any:
    """Return a pointer `elements` elements into the memory of a contiguous array.

    Raises ValueError outside of it; the place just after the last element is allowed, as in C.
    """
    if not elements:
        return address(value)
    if not 0 < elements <= value.size:
        raise ValueError(f"offset {elements} lies outside of an array of {value.size} elements")
    return pointer_to(location(value) + elements * value.itemsize)


class Routine:
    """A Fortran procedure in `library`; nothing is looked up before the first call.

    `result` is the type of a function's result, None for a subroutine. `kinds` says for each argument what is passed:
    its type for a scalar that goes by reference, ``ARRAY`` for the address of an array, ``PASSED`` for what is given
    as the foreign function takes it, the place of an earlier argument where that one's memory is passed again.
    `outputs` are the places of scalars that are read after the call, `left_out` those where None stands for NULL;
    `threadsafe` lets other threads run during the call; `by_value` gives the types of arguments passed by value, by
    place; `exact` and `fortran_module` say how the symbol is made of the name, see `Library.find`; `prototype` is what
    C declares, see `f2pypy.runtime.prototypes`, "" where calls differ.

    ``call`` takes a Python value for each argument. It returns the function's result and the outputs: nothing, one
    value, or a tuple.
    """

    def __init__(
        self,
        library: Library,
        name: str,
        result: ScalarType | None,
        kinds: Sequence[ArgumentKind],
        outputs: Sequence[int] = (),
        left_out: Sequence[int] = (),
        threadsafe: bool = False,
        by_value: Mapping[int, ScalarType] | None = None,
        exact: bool = False,
        fortran_module: str = "",
        prototype: str = "",
    ) -> None:
        self.library, self.name, self.fortran_module, self.exact = library, name, fortran_module, exact
        self.result, self.kinds, self.outputs, self.left_out = result, kinds, outputs, left_out
        self.by_value, self.threadsafe, self.prototype = by_value or {}, threadsafe, prototype
        library.has_threadsafe |= threadsafe
        self.call: Callable[..., Any] = self._first_call

    def __repr__(self) -> str:
        return f"<Fortran procedure {self.name} of {self.library.module}>"

    @cached_property
    def _cpointer(self) -> Any:
        """The procedure's address as f2py gives it to other C code: a PyCapsule; an object with a `value` on PyPy."""
        if PYPY:
            return ctypes.c_void_p(self.address)
        types = (ctypes.py_object, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
        return ctypes.PYFUNCTYPE(*types)(("PyCapsule_New", ctypes.pythonapi))(self.address, None, None)

    @cached_property
    def address(self) -> int:
        """Where the procedure is; MissingSymbol if the library lacks it."""
        return address_in(*self.library.find(self.name, self.fortran_module, self.exact)) or 0

    @cached_property
    def ctypes(self) -> Any:
        """The procedure as a function of ctypes, which numba and SciPy call; TypeError where ctypes lacks its types."""
        if not self.prototype:
            raise TypeError(f"{self.name} is called in more than one way, so it has no signature in C")
        types = ctypes_types(self.prototype)
        if self.result in RETURNED:
            types[0] = RETURNED[self.result](self.library)
        made = ctypes.CFUNCTYPE if self.threadsafe else getattr(ctypes, "PYFUNCTYPE", ctypes.CFUNCTYPE)
        return made(*types)(self.address)

    def _first_call(self, *arguments: Any) -> Any:
        function, native = self.bound(arguments), self.library.native
        if self.result in _READ_RESULTS or not set(self.kinds) <= {PASSED}:
            returns = "" if self.result is None else _READ_RESULTS.get(self.result, "{0}")
            function = made_call(self.kinds, self.outputs, self.left_out, returns, function)
        self.call = function if native is None else native.counted(self, function)
        return self.call(*arguments)

    def bound(self, given: Sequence[Any]) -> Callable[..., Any]:
        """Return the foreign function, with what the library needs around it; `given` are the arguments of a call."""
        library, result = self.library, self.result
        found: Any = getattr(self, "code", None) or library.find(self.name, self.fortran_module, self.exact)
        bind = partial(bound_function, *found[:2], len(found) == 2 and (self.threadsafe or library.lends_interpreter))
        bound = RESULTS[result](self, bind, given) if result in RESULTS else bind(result, self.by_value, given)
        function: Callable[..., Any] = bound if self.threadsafe else library.turns.calling(bound)
        if library.guard is not None:
            function = library.guard.calling(function, self.name)
        if library.by_name is not None:
            function = library.by_name.watched(function)
        return function

    def serving(self, callback: Any, *by_name: tuple[Any, Any]) -> Callable[..., Any]:
        """Return what calls the procedure once with callbacks, of which Fortran calls some by their names.

        `callback` is one that the procedure is passed: what Python raises in any of them, its ``finish`` raises.
        `by_name` are pairs of an `ExportedCallback` and the callback that serves as it.
        """
        given = {}
        for exported, served in by_name:
            given.update(exported.served_by(served))
        serve: Callable[..., Any] = self.library.by_name.serving(self.call, callback, given)
        return serve


def _returning_complex(routine: Routine, bind: Callable[..., Any], arguments: Sequence[Any]) -> Callable[..., Any]:
    """Return the function, whose result may come back through a hidden first argument."""
    result: Any = routine.result
    if not routine.library.hides_complex_results():
        in_registers = _IN_REGISTERS.get(result)
        return in_registers(routine, bind, arguments) if in_registers else bind(result, routine.by_value, arguments)
    kind = dtype(result.letter)
    function = bind(None, {place + 1: each for place, each in routine.by_value.items()}, (None, *arguments))

    # Python has no complex number of long doubles
    unpack = None if result.is_extended else struct.Struct(result.code).unpack_from

    def call(*arguments: Any) -> Any:
        memory, place = new_memory(kind.itemsize)
        function(place, *arguments)
        return complex(*unpack(memory)) if unpack is not None else frombuffer(memory, kind)[0]

    return call


def _returning_pair(routine: Routine, bind: Callable[..., Any], arguments: Sequence[Any]) -> Callable[..., Any]:
    # i386 returns two floats in eax and edx, as it does an integer of 64 bits, and a structure of them in memory.
    function = bind(ULONG, routine.by_value, arguments)
    unpack, pack = struct.Struct("ff").unpack, struct.Struct("Q").pack
    return lambda *arguments: complex(*unpack(pack(function(*arguments))))


def _returning_long_double(routine: Routine, bind: Callable[..., Any], arguments: Sequence[Any]) -> Callable[..., Any]:
    function = bind(LONG_DOUBLE, routine.by_value, arguments)
    return lambda *arguments: frombuffer(_content(function(*arguments)), "g")[0]


def _returning_extended_parts(
    routine: Routine, bind: Callable[..., Any], arguments: Sequence[Any]
) -> Callable[..., Any]:
    function = bind(COMPLEX_LONG_DOUBLE, routine.by_value, arguments)
    return lambda *arguments: frombuffer(bytes(function(*arguments)), "G")[0]


def _returning_two_registers(
    routine: Routine, bind: Callable[..., Any], arguments: Sequence[Any]
) -> Callable[..., Any]:
    # The real part comes back on top of the x87's stack of registers, which ctypes takes, the imaginary part below it.
    # The next function that returns nothing there, called as if it did, gives that: getpid returns an integer. map
    # makes both calls without going through the interpreter, which might run a signal handler in between.
    function = bind(LONG_DOUBLE, routine.by_value, arguments)
    below = bound_function(getattr(ctypes, "PyDLL", ctypes.CDLL)(None), "getpid", False, LONG_DOUBLE, {}, ())
    start = methodcaller("__call__")

    def call(*arguments: Any) -> Any:
        parts = tuple(map(start, (partial(function, *arguments), below)))
        return frombuffer(b"".join(map(_content, parts)), "G")[0]

    return call


def _single_result(library: Library) -> ScalarType:
    return DOUBLE if library.returns_double_for_real() else FLOAT


def _returning_single(routine: Routine, bind: Callable[..., Any], arguments: Sequence[Any]) -> Callable[..., Any]:
    """Return the function of a real result, which may come back as a double."""
    function: Callable[..., Any] = bind(_single_result(routine.library), routine.by_value, arguments)
    return function


# A call of `address` takes longer than what it does.
_QUICK_POINTER = f"pointer_at(id(a{{0}}) + {ARRAY_DATA})", {"pointer_at": POINTER_AT}
POINTERS[ARRAY] = _QUICK_POINTER if _fits else ("address(a{0})", {"address": address})
RESULTS[FLOAT] = _returning_single
RETURNED[FLOAT] = lambda library: _single_result(library).ctype
_IN_REGISTERS[COMPLEX] = _returning_pair if IS_I386 and not PYPY else None
_IN_REGISTERS[COMPLEX_LONG_DOUBLE] = _returning_two_registers if IS_X86_64 or PYPY else _returning_extended_parts
RESULTS[COMPLEX] = _returning_complex
RESULTS[DOUBLE_COMPLEX] = _returning_complex
RESULTS[COMPLEX_LONG_DOUBLE] = _returning_complex
RESULTS[LONG_DOUBLE] = _returning_long_double
_READ_RESULTS[COMPLEX] = _READ_COMPLEX
_READ_RESULTS[DOUBLE_COMPLEX] = _READ_COMPLEX
_READ_RESULTS[LOGICAL8] = LOGICAL8.value
_READ_RESULTS[LOGICAL16] = LOGICAL16.value
_READ_RESULTS[LOGICAL] = LOGICAL.value
_READ_RESULTS[LOGICAL64] = LOGICAL64.value

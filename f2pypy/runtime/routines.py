"""Fortran procedures as Python calls: the memory for scalars passed by reference, and the call itself."""

from __future__ import annotations

import ctypes
import struct
from functools import partial
from typing import Any, Callable, Iterable, Mapping, Sequence

from numpy import dtype, frombuffer, ndarray

from f2pypy.runtime.foreign import CtypesCalls, fitting_address
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.pypy import PYPY, CffiCalls
from f2pypy.runtime.scalar_types import DOUBLE, FLOAT, LOGICAL_TYPES, ScalarType
from f2pypy.runtime.scalars import to_single
from f2pypy.runtime.wrappers import function_of

_calls: Any = CffiCalls if PYPY else CtypesCalls
address: Callable[[ndarray[Any, Any]], Any] = CffiCalls.address if PYPY else fitting_address()
location: Callable[[ndarray[Any, Any]], int] = CffiCalls.location if PYPY else lambda value: address(value).value or 0
length: Callable[[int], Any] = _calls.length
pointer_to: Callable[[int], Any] = _calls.at
characters: Callable[[bytes], Any] = _calls.characters
NULL: Any = _calls.at(0)
passed: Callable[[Any, ScalarType], Any] = _calls.passed
shape: Callable[[ndarray[Any, Any]], tuple[int, ...]] = _calls.shape


def offset(value: ndarray[Any, Any], elements: int) -> Any:
    """Return a pointer `elements` elements into the memory of a contiguous array.

    Raises ValueError outside of it; the place just behind the last element is allowed, as in C.
    """
    if not elements:
        return address(value)
    if not 0 < elements <= value.size:
        raise ValueError(f"offset {elements} lies outside of an array of {value.size} elements")
    return _calls.at(_calls.location(value) + elements * value.itemsize)


class Frame:
    """Memory for the scalars of one call.

    It has an attribute for each scalar: the pointer to pass to Fortran for it.
    """

    def __init__(self, layout: Layout) -> None:
        self.fill, self.read, pointers = layout.new_memory()
        self.layout = layout
        for name, pointer in zip(layout.names, pointers):
            setattr(self, name, pointer)  # not through __dict__, which CPython reads more slowly afterwards

    def results(self) -> tuple[Any, ...]:
        """Return the values of the routine's outputs after the call, in their order."""
        values = self.read()
        return self.layout.joined(values) if self.layout.needs_joining else values


class Layout:
    """Where the scalars of a routine lie in the memory of a frame.

    `scalars` maps names to types in the order of packing; `outputs` names those that `Frame.results` reads.
    """

    def __init__(self, scalars: Mapping[str, ScalarType], outputs: Sequence[str]) -> None:
        self.names = tuple(scalars)
        self.kinds = tuple(scalars.values())
        codes = [kind.code for kind in self.kinds]
        # A count of zero aligns for the type that follows it without adding anything.
        starts = [struct.calcsize("@" + "".join(codes[:place]) + "0" + codes[place][0]) for place in range(len(codes))]
        self.packing = struct.Struct("@" + "".join(codes))
        self.places = list(zip(starts, self.kinds))
        self.outputs = tuple(outputs)
        self.read_names = tuple(name for name in self.names if name in self.outputs)
        self.read_kinds = tuple(scalars[name] for name in self.read_names)
        # The values that the unpacking gives are the outputs as they are, more often than not.
        self.needs_joining = self.read_names != self.outputs or any(
            kind.is_complex or kind in LOGICAL_TYPES for kind in self.read_kinds
        )
        self.unpacking = struct.Struct(self._unpacking_format())
        self.new_memory: Callable[[], tuple[Any, Any, list[Any]]] = _calls.scalars(
            self.packing, self.unpacking, self.places
        )

    def _unpacking_format(self) -> str:
        place_of = dict(zip(self.names, self.places))
        code = "="
        position = 0
        for name in self.read_names:
            start, kind = place_of[name]
            code += f"{start - position}x{kind.code}"
            position = start + struct.calcsize("=" + kind.code)
        return code

    def joined(self, parts: Sequence[Any]) -> tuple[Any, ...]:
        """Return the outputs' values: two parts make a complex, a logical is 0 or 1."""
        remaining = iter(parts)
        values: dict[str, Any] = {}
        for name, kind in zip(self.read_names, self.read_kinds):
            part = next(remaining)
            if kind.is_complex:
                part = complex(part, next(remaining))
            elif kind in LOGICAL_TYPES:
                part = 1 if part else 0
            values[name] = part
        return tuple(values[name] for name in self.outputs)

    def representable(self, routine: str, values: Sequence[Any]) -> list[Any]:
        """Return `values` as C stores them; OverflowError for integers that it can't."""
        slots = [(kind, code) for kind in self.kinds for code in kind.code]
        if len(values) != len(slots):
            raise TypeError(f"{routine}: {len(slots)} scalar values expected, got {len(values)}")
        for (kind, _), value in zip(slots, values):
            if kind.code == "c" and (not isinstance(value, bytes) or len(value) != 1):
                raise ValueError(f"{routine}: one character expected, got {value!r}")
        return [_stored(kind, value) for (kind, _), value in zip(slots, values)]


def _stored(kind: ScalarType, value: Any) -> Any:
    if kind.code[0] == "f":
        return to_single(float(value))
    if not kind.bits:
        return value
    number = int(value)
    unsigned = kind.code.isupper()
    limit = 1 << (max(kind.bits, 32) if unsigned else kind.bits)
    if not -limit // 2 <= number < (limit if unsigned else limit // 2):
        raise OverflowError(
            f"{number} isn't an integer of {kind.bits} bits"
            if kind.bits < 32
            else "int too big to convert"
            if kind.bits == 64
            else "Python int too large to convert to C int"
        )
    return number % (1 << kind.bits) if unsigned else number


class Routine:
    """A Fortran procedure in `library`; nothing is looked up before the first call.

    `result` is the type of a function's result, None for a subroutine; `scalars` maps the names of the scalars that
    are passed by reference to their types; `outputs` names those whose values are read after the call; `threadsafe`
    lets other threads run during the call; `by_value` gives the types of arguments passed by value, by position;
    `exact` and `fortran_module` say how the symbol is made of the name, see `Library.find`.

    A call is three steps: ``frame = routine.frame(values...)`` packs the scalars, a complex one as two values;
    ``routine.call(frame.n, address(x), ...)`` calls; ``routine.release(frame)`` lets the memory be used again. A frame
    that isn't released, as when an exception passes, is garbage like any other object.
    """

    __slots__ = (
        "by_value",
        "call",
        "exact",
        "fortran_module",
        "frame",
        "library",
        "name",
        "outputs",
        "release",
        "result",
        "scalars",
        "threadsafe",
    )

    call: Callable[..., Any]
    frame: Callable[..., Any]
    release: Callable[[Any], None]

    def __init__(
        self,
        library: Library,
        name: str,
        result: ScalarType | None,
        scalars: Mapping[str, ScalarType],
        outputs: Sequence[str] = (),
        threadsafe: bool = False,
        by_value: Mapping[int, ScalarType] | None = None,
        exact: bool = False,
        fortran_module: str = "",
    ) -> None:
        self.library = library
        self.name = name
        self.result = result
        self.scalars = scalars
        self.outputs = outputs
        self.threadsafe = threadsafe
        self.by_value = by_value or {}
        self.exact = exact
        self.fortran_module = fortran_module
        self.call = self._first_call
        self.frame = self._first_frame

    def __repr__(self) -> str:
        return f"<Fortran procedure {self.name} of {self.library.module}>"

    @property
    def pointer(self) -> Any:
        """The procedure's address for other C code: a PyCapsule on CPython, an object with a `value` on PyPy."""
        handle, symbol = self.library.find(self.name, self.fortran_module, self.exact)
        location = ctypes.cast(handle[symbol], ctypes.c_void_p)
        return location if PYPY else _new_capsule()(location)

    def _first_frame(self, *values: Any) -> Any:
        layout = Layout(self.scalars, self.outputs)
        pool: list[Frame] = []
        take = pool.pop

        def frame(*values: Any) -> Frame:
            try:
                taken = take()
            except IndexError:
                taken = Frame(layout)
            try:
                taken.fill(*values)
            except (struct.error, OverflowError, TypeError):
                taken.fill(*layout.representable(self.name, values))
            return taken

        self.release = pool.append
        self.frame = frame
        return frame(*values)

    def _first_call(self, *arguments: Any) -> Any:
        function = self._bind(arguments)
        native = self.library.native
        self.call = function if native is None else native.counted(self, function)
        return self.call(*arguments)

    def _bind(self, arguments: Sequence[Any]) -> Callable[..., Any]:
        handle, symbol = self.library.find(self.name, self.fortran_module, self.exact)
        result = self.result
        hidden = result is not None and result.is_complex and self.library.hides_complex_results()
        if result is FLOAT and self.library.returns_double_for_real():
            result = DOUBLE
        bind = partial(
            _calls.bind,
            handle,
            symbol,
            # the place of a hidden result comes before the arguments
            by_value={at + hidden: kind for at, kind in self.by_value.items()},
            releases=self.threadsafe or self.library.lends_interpreter,
        )
        if hidden and result is not None:
            function = _with_hidden_result(bind, result, arguments)
        else:
            function = bind(result=result, arguments=arguments)
        if result in LOGICAL_TYPES:
            function = _normalised(function)
        if not self.threadsafe:
            function = self.library.turns.calling(function)
        if self.library.by_name is not None:
            function = self.library.by_name.watched(function)
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


def attach_pointers(functions: Iterable[Any]) -> None:
    """Give each function the address of its Fortran procedure as ``_cpointer``, as f2py does.

    The procedure of a function is the first `Routine` that it mentions. The address is a PyCapsule on CPython, for
    other C code; a procedure that the library lacks leaves its function without one.
    """
    wrap = ctypes.c_void_p if PYPY else _new_capsule()
    for function in functions:
        plain = function_of(function)
        if plain is None:
            continue
        mentioned = map(plain.__globals__.get, plain.__code__.co_names)
        routine = next((each for each in mentioned if isinstance(each, Routine)), None)
        if routine is not None:
            location = routine.library.address_of(routine.name, routine.fortran_module, routine.exact)
            if location is not None:
                function._cpointer = wrap(location)


def _new_capsule() -> Callable[..., Any]:
    """Return the function that wraps an address in a capsule without a name."""
    prototype = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    new = prototype(("PyCapsule_New", ctypes.pythonapi))
    return lambda location: new(location, None, None)


def _with_hidden_result(bind: Callable[..., Any], result: ScalarType, arguments: Sequence[Any]) -> Callable[..., Any]:
    kind = dtype(result.letter)
    function = bind(result=None, arguments=(None, *arguments))

    def call(*arguments: Any) -> Any:
        memory, (place,) = _calls.memory(kind.itemsize, [(0, result)])
        function(place, *arguments)
        return read(memory)

    if result.is_extended:
        # Python has no such number
        def read(memory: Any) -> Any:
            return frombuffer(memory, kind)[0]

    else:
        unpack = struct.Struct(result.code).unpack_from

        def read(memory: Any) -> Any:
            return complex(*unpack(memory))

    return call


def _normalised(function: Callable[..., Any]) -> Callable[..., int]:
    return lambda *arguments: 1 if function(*arguments) else 0

"""Procedure pointers: what they point to as Python functions, and Python functions that they point to.

A pointer is the address of code. What Python has pointed one to may be called as long as the process lives, because
Fortran may have copied the pointer: such functions are never freed.
"""

from __future__ import annotations

import ctypes
import struct
import threading
from types import FunctionType
from typing import TYPE_CHECKING, Any, Callable

from f2pypy.runtime.array_types import type_name
from f2pypy.runtime.callback_functions import Callback
from f2pypy.runtime.callback_memory import pointed_address
from f2pypy.runtime.callback_turns import expect_callbacks, noting
from f2pypy.runtime.callbacks import CallbackSignature
from f2pypy.runtime.exported import CallsByName
from f2pypy.runtime.function_parameters import count_arguments, plain_count
from f2pypy.runtime.libraries import Library, MissingSymbol
from f2pypy.runtime.machine_code import machine_code, names_types
from f2pypy.runtime.routines import NULL, Routine, new_memory
from f2pypy.runtime.stored_values import refusing
from f2pypy.runtime.variables import Found, Variable
from f2pypy.runtime.wrappers import Wrapper, function_of

_ADDRESS = struct.Struct("@P")
_PLACE = ctypes.c_void_p.from_address
# What Python has pointed pointers to, by address.
_POINTED: dict[int, Any] = {}


class PointedRoutine(Routine):
    """A Fortran procedure that is known by its `location` alone, called as `like` is."""

    def __init__(self, like: Routine, location: int) -> None:
        super().__init__(
            like.library,
            like.name,
            like.result,
            like.kinds,
            like.outputs,
            like.left_out,
            like.threadsafe,
            like.by_value,
            like.exact,
            like.fortran_module,
            like.prototype,
        )
        self.address = location

    @property
    def code(self) -> tuple[Any, str, bool]:
        """Where the code is, which has no symbol: what the lock needs is in it already."""
        lends = self.threadsafe or self.library.lends_interpreter
        return _Code(self.library.handles[0], self.address, lends), "", False


class _Code:
    """Code at an address, in place of a library that has it."""

    def __init__(self, handle: Any, location: int, releases: bool) -> None:
        if releases:
            handle = ctypes.CDLL(handle._name, handle=handle._handle)
        self.made, self.location = handle._FuncPtr, location

    def __getitem__(self, _symbol: str) -> Any:
        return self.made(self.location)


class ProcedureInterface:
    """What pointers of one interface point to.

    `function` is the routine that calls a procedure of this interface, which no library has; `module` is the dictionary
    of the generated module. `signature` says how Fortran calls Python; None where it can't, for the `reason`.
    """

    def __init__(
        self, function: Any, signature: CallbackSignature | None, module: dict[str, Any], reason: str = ""
    ) -> None:
        self.function, self.signature, self.module, self.reason = function, signature, module, reason
        self.like: Routine = function.procedure
        self.made: dict[int, Any] = {}
        self.given: dict[int, int] = {}

    def cell(self, value: Any = None, what: str = "", optional: bool = False) -> PointerCell:
        """Return a pointer to `value`, which messages call `what`; an `optional` one may be absent."""
        return PointerCell(self, self.address_of(value, what), optional and value is None)

    def target(self, address: int) -> Any:
        """Return what lies at an address as a Python function, None for a null pointer.

        It is what Python has pointed to, or the routine of the module, if it is one of these.
        """
        if not address:
            return None
        found = _POINTED.get(address) or self.made.get(address)
        if found is None:
            found = self.made[address] = self._known(address) or self._calling(address)
        return found

    def address_of(self, value: Any, what: str) -> int:
        """Return the address to point to: 0 for None, that of machine code of this interface, or of Python.

        Raises the module's error for what can't be called so, and TypeError for what can't be called at all.
        """
        address = self.code_at(value, what)
        if address is not None:
            return address
        return self.given.get(id(value)) or self._python(value, what)

    def code_at(self, value: Any, what: str) -> int | None:
        """Return the same for anything but Python functions, for which it is None."""
        if value is None:
            return 0
        if self.signature is None:
            procedure = getattr(value, "procedure", None)
            if isinstance(procedure, Routine) and procedure.prototype == self.like.prototype:
                return procedure.address
            raise TypeError(f"{what} can't be a Python function: {self.reason}")
        try:
            address = machine_code(value, self.like.library, self.signature.prototype, False)
        except TypeError as reason:
            raise self.signature.error(f"{what}: {reason}") from None
        if address is None and not callable(value):
            raise TypeError(f"{what}: a function or None is expected, got {type_name(value)}")
        is_own = isinstance(value, Wrapper) and value.procedure.library is self.like.library
        if address is not None and not is_own and address not in self.made:
            # a routine of the module may come as its function of ctypes, and is read as what it is
            self.made[address] = self._known(address) or value
        return address

    def _known(self, address: int) -> Any:
        """Return the module's routine at an address, None if it has none there."""
        found = [*self.module.values()]  # other threads may add to it
        interfaces = [each.function for each in found if isinstance(each, ProcedureInterface)]
        prototype = self.like.prototype
        # the caller may give the object that the routine's own wrapper makes
        has_objects = names_types(prototype)
        for each in found:
            if isinstance(each, Wrapper) and each not in interfaces and hasattr(each, "procedure"):
                try:
                    if each.address == address and (not has_objects or each.procedure.prototype == prototype):
                        return each
                except MissingSymbol:
                    pass
        return None

    def _calling(self, address: int) -> Any:
        """Return the function that calls what lies at an address."""
        plain = function_of(self.function)
        assert plain is not None
        routine = PointedRoutine(self.like, address)
        space = {**self.module}
        space.update({name: routine for name, each in space.items() if each is self.like})
        made = FunctionType(plain.__code__, space, self.like.name, plain.__defaults__)
        made.__doc__, made.__annotations__ = plain.__doc__, plain.__annotations__
        made.__module__ = plain.__module__
        return Wrapper(made)

    def _python(self, function: Any, what: str) -> int:
        """Return the address of new code that calls a Python function."""
        signature = self.signature
        assert signature is not None
        count = self.count(function, what)
        calls = watch_calls(self.like.library, self.module)
        pointed = PointedFunction(signature, function, count, calls)
        address = pointed_address(pointed.pointer) or 0
        _POINTED[address] = function
        self.given[id(function)] = address
        return address

    def count(self, function: Any, what: str) -> int:
        """Return how many of Fortran's arguments a Python function gets; the module's error where it wants more."""
        signature = self.signature
        assert signature is not None
        count, most = -1, len(signature.shown)
        try:
            count = plain_count(function, most)
            if count < 0:
                count, _ = count_arguments(function, most, 0)
        except TypeError as reason:
            raise signature.error(f"failed in processing argument list for call-back {what}.") from reason
        return count


class PointerCell:
    """A procedure pointer that a routine is passed: `pointer` is the address of it, NULL where it is absent."""

    def __init__(self, interface: ProcedureInterface, address: int, is_absent: bool) -> None:
        self.interface = interface
        self.memory, self.pointer = new_memory(_ADDRESS.size)
        if is_absent:
            self.pointer = NULL
        _ADDRESS.pack_into(self.memory, 0, address)

    def target(self) -> Any:
        """Return what it points to now."""
        return self.interface.target(_ADDRESS.unpack_from(self.memory)[0])


class PointedFunction:
    """A Python function for Fortran to call whenever it likes; `pointer` is its address."""

    def __init__(self, signature: CallbackSignature, function: Callable[..., Any], count: int, calls: Any) -> None:
        self.signature, self.calls, self.remember = signature, calls, calls.remember
        self.pool: list[Callback] = []
        self.point_to(function, count)
        answer = noting(expect_callbacks(signature.library), self.answer, calls.remember)
        self.c_function, self.pointer = signature.c_function(answer, self.remember)
        _KEPT_POINTED.append(self)

    def point_to(self, function: Callable[..., Any], count: int, extra: tuple[Any, ...] = ()) -> None:
        """Call a function from now on, with `count` of Fortran's arguments and the `extra` ones."""
        self.function, self.count, self.extra = function, count, extra
        for callback in [*self.pool]:
            callback.function, callback.extra = None, ()

    def answer(self, *values: Any) -> Any:
        """Call the function; what it raises is raised when the routine that Python has called returns.

        `watch_unraisable` knows this function by its names.
        """
        # Recursion and threads need one each.
        try:
            callback = self.pool.pop()
        except IndexError:
            callback = Callback(self.signature)
        call = self.calls.current()
        raised: list[BaseException] = [] if call is None else call.raised
        callback.start(self.function, self.count, self.extra, raised)
        result = callback.answer(*values)
        callback.raised = []
        self.pool.append(callback)
        if call is None and raised:
            raise raised.pop()
        return result


_KEPT_POINTED: list[Any] = []
_WATCHING = threading.RLock()


def watch_calls(library: Library, module: dict[str, Any]) -> Any:
    """Have all calls of a library raise what Python raises meanwhile; return who knows the calls in progress.

    Native code is left for that: it doesn't look for exceptions.
    """
    with _WATCHING:  # who comes second calls nothing that isn't watched yet
        if library.by_name is not None:
            return library.by_name
        library.by_name = CallsByName()
        if library.native is not None:
            library.native.retire("Fortran may call Python through a procedure pointer")
        found = [*module.values()]
        called = [each for i in found if isinstance(i, ProcedureInterface) for each in i.made.values()]
        for each in [*found, *[getattr(each, "procedure", None) for each in called]]:
            if isinstance(each, Routine):
                each.call = each._first_call
            elif type(each).__name__ == "Elemental" and each.loop is not None:
                each.loop.is_known, each.loop.compiled, each.loop.foreign = False, None, None
    return library.by_name


class ProcedurePointer(Variable):
    """A procedure pointer of a Fortran module, which may point to what `interface` describes."""

    __slots__ = ("interface",)

    is_open_text = True  # it has no elements

    def __init__(self, interface: ProcedureInterface, protected: bool = False) -> None:
        self.name = self.symbol = ""
        self.interface, self.protected = interface, protected
        self.exact = self.located = False
        self.common = None
        self.extents = ()

    if TYPE_CHECKING:  # a routine or None

        def __get__(self, instance: Any, _owner: Any = None) -> Any: ...
        def __set__(self, instance: Any, value: Any) -> None: ...

    def place_at(
        self,
        address: int,
        library: Library,
        label: str,
        module: str = "",  # noqa: ARG002
        owner: Any = None,  # noqa: ARG002
    ) -> Found:
        """Return the pointer that lies at `address`."""
        return ProcedurePointerPlace(self, address, library, label)

    def documentation(self, find: Callable[[str], Found]) -> str:  # noqa: ARG002
        """Return the line of the documentation."""
        return f"{self.name} : procedure pointer => {(self.interface.function.__doc__ or '').partition(chr(10))[0]}"


class ProcedurePointerPlace:
    """A procedure pointer in the memory of a library."""

    is_fixed = False

    def __init__(self, variable: ProcedurePointer, address: int, library: Library, label: str) -> None:
        self.variable, self.place, self.library = variable, _PLACE(address), library
        self.label = f"{label}.{variable.name}"
        self.write: Callable[[Any], None] = self.assign
        if variable.protected:
            self.write = refusing(f"{self.label} is protected: only its module may change it")

    def getter(self) -> Callable[[Any], Any]:
        """Return the function that the property of this variable calls."""
        return lambda _owner: self.read()

    def read(self) -> Any:
        """Return what it points to as a Python function, None where that is nothing."""
        return self.variable.interface.target(self.place.value or 0)

    def extents(self) -> tuple[int, ...] | None:
        """Return no extents."""
        return ()

    def assign(self, value: Any) -> None:
        """Point to a Python function, a routine, machine code, or, for None, to nothing."""
        self.place.value = self.variable.interface.address_of(value, self.label) or None

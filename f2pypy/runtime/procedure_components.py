"""Procedure pointers among the components of objects: what they point to gets the object, as Fortran gives it."""

from __future__ import annotations

import ctypes
from typing import Any, Callable, overload

from f2pypy.runtime.kept_callbacks import KeptFunction, keep_function
from f2pypy.runtime.pointed_procedures import ProcedureInterface
from f2pypy.runtime.record_storage import kept_by
from f2pypy.runtime.records import Component, Record, refuse_constant
from f2pypy.runtime.wrappers import Wrapper, function_of


class BoundProcedure:
    """A function that gets the object `__self__` as its argument at `place`, as methods get theirs."""

    def __init__(self, function: Callable[..., Any], record: Record, place: int) -> None:
        self.__func__, self.__self__, self.place = function, record, place
        self.__doc__ = function.__doc__

    def __call__(self, /, *arguments: Any, **keywords: Any) -> Any:
        """Call the function with the object and these arguments."""
        place, function = self.place, self.__func__
        plain: Any = function_of(function) or function
        if len(arguments) < place and hasattr(plain, "__code__"):
            keywords[plain.__code__.co_varnames[place]] = self.__self__
            return function(*arguments, **keywords)
        return function(*arguments[:place], self.__self__, *arguments[place:], **keywords)

    def __eq__(self, other: object) -> Any:
        if not isinstance(other, BoundProcedure):
            return NotImplemented
        return self.__func__ == other.__func__ and self.__self__._address == other.__self__._address

    def __hash__(self) -> int:
        return hash((self.__func__, self.__self__._address))

    def __repr__(self) -> str:
        return repr(self.__func__)

    def __reduce__(self) -> Any:
        # that of an object is pickled with the object
        return _itself, (self.__func__,)


def _itself(function: Any) -> Any:
    return function


class ProcedureComponent(Component):
    """A procedure pointer to what the interface that `interface` returns describes.

    What it points to gets the object: a routine as its parameter at `passed`, -1 for none, a Python function as its
    argument at `given`, where that is another place.
    """

    def __init__(
        self, interface: Callable[[], ProcedureInterface], offset: int, passed: int = -1, given: int | None = None
    ) -> None:
        super().__init__(offset)
        self.interface, self.passed = interface, passed
        self.given = passed if given is None else given

    @overload
    def __get__(self, record: None, owner: type | None = None) -> ProcedureComponent: ...
    @overload
    def __get__(self, record: Record, owner: type | None = None) -> Any: ...
    def __get__(self, record: Any, owner: type | None = None) -> Any:
        return self if record is None else self.read(record)

    def word(self, record: Any) -> Any:
        """Return the word that has the address."""
        return ctypes.c_void_p.from_address(record._address + self.offset)

    def target(self, record: Any) -> Any:
        """Return what it points to as a Python function, None where that is nothing."""
        address = self.word(record).value or 0
        # Fortran may have copied the pointer from another object
        kept = KeptFunction.known.get(address)
        if kept is not None and not kept.pointed.extra:
            return kept.pointed.function
        return self.interface().target(address)

    def read(self, record: Any) -> Any:
        """Return what it points to with the object as its argument, None where it points to nothing."""
        found = self.target(record)
        if found is None or self.passed < 0:
            return found
        return BoundProcedure(found, record, self.passed if isinstance(found, Wrapper) else self.given)

    def write(self, record: Any, value: Any) -> None:
        """Point to a Python function, which the object keeps, a routine, machine code, or, for None, to nothing."""
        refuse_constant(record)
        interface, what = self.interface(), f"{self.label}.{self.name}"
        if isinstance(value, BoundProcedure):
            value = value.__func__
        address, kept = interface.code_at(value, what), value
        if address is None:
            address, kept = self.kept(record, value, interface.count(value, what))
        word = self.word(record)
        before, word.value = word.value or 0, address or None
        keep_function(record, address, None if isinstance(kept, Wrapper) else kept, before)

    def kept(self, record: Any, function: Any, count: int) -> tuple[int, KeptFunction]:
        """Return the address of code that calls a Python function, and what keeps it, which the object may have."""
        interface = self.interface()
        signature = interface.signature
        assert signature is not None
        for kept in [*kept_by(record).values()]:
            if isinstance(kept, KeptFunction) and kept.is_for(signature, function, ()):
                return kept.address, kept
        kept = KeptFunction(signature, interface.module, function, count, ())
        return kept.address, kept

    def compared(self, record: Any) -> Any:
        """Return what comparisons look at: where it points."""
        return self.word(record).value

    def shown(self, record: Any) -> str:
        """Return what it points to, as repr shows it."""
        return repr(self.target(record))

"""Python classes that extend Fortran types: their objects are the types' own, and know more than Fortran.

Fortran has the memory of such an object alone. Where it passes the object to Python again, that is the same object.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakValueDictionary

from f2pypy.runtime.record_memory import Memory
from f2pypy.runtime.record_storage import is_fortrans
from f2pypy.runtime.record_tables import TypeTable
from f2pypy.runtime.record_types import RecordType
from f2pypy.runtime.records import Record

# The objects of Python's classes by their addresses.
_LIVING: WeakValueDictionary[int, Any] = WeakValueDictionary()


class ExtendedType(RecordType):
    """The type of a Python class, which extends the type `extends` and has the same components.

    `overrides` are the bindings for which Fortran is to call methods of the class. TypeError is raised for those for
    which it can't, and when an object is made of a class that lacks a method for a deferred binding.
    """

    def __init__(self, record: type[Record], extends: RecordType) -> None:
        super().__init__(
            extends.library,
            extends.module,
            extends.name,
            extends.size,
            extends.managed,
            extends.opaque,
            bindings=extends.bindings,
        )
        self.record, self.extends, self.order = record, extends, extends.order
        self.destroy = lambda address: extends.destroy(address)
        self.duplicate = lambda source, target: extends.duplicate(source, target)
        self.overrides: dict[str, Any] = {}
        self.lacking: list[str] = []
        self.unreachable: list[str] = []  # deferred ones that are private
        if self.bindings is not None:
            self.bindings.override(self)

    def table(self) -> TypeTable | None:
        """Return a table made of the type's own, with Python's methods; that itself where the class overrides none."""
        if not self.overrides:
            inherited: TypeTable | None = self.extends.table()
            return inherited
        own: TypeTable | None = vars(self).get("_own_table")
        # Fortran may have the address of the one that another thread has made meanwhile
        return own or vars(self).setdefault("_own_table", self.bindings.extended_table(self))

    def image(self) -> bytes:
        """Return the bytes of a default-initialised object."""
        inherited: bytes = self.extends.image()
        return inherited

    def _first_object(self) -> Memory:
        if self.unreachable:
            names = ", ".join(self.unreachable)
            raise TypeError(
                f"{self.record.__name__} can't have objects: deferred bindings of {self.name} are private ({names}), "
                f"and only types in the module {self.module} may have procedures for these; make them public"
            )
        if self.lacking:
            names = ", ".join(self.lacking)
            raise TypeError(f"{self.record.__name__} lacks methods for deferred bindings of {self.name}: {names}")
        return super()._first_object()


def extend(record: type[Record]) -> None:
    """Give a Python class a type of its own, and let Python know its objects by their addresses.

    Raises TypeError where it extends types of which none extends the others, or not first the one that does.
    """
    fortrans: Any = record._type
    while fortrans.extends is not None:
        fortrans = fortrans.extends
    for each in record.__mro__:
        if is_fortrans(each) and not issubclass(fortrans.record, each):
            raise TypeError(f"{record.__name__} extends {fortrans.name} first, whose objects aren't of {each.__name__}")
    record._type = ExtendedType(record, record._type)
    methods: Any = record
    methods._own, methods._become = _own_memory, _become_other


def refuse_abstract(record: Record) -> None:
    """Raise TypeError for an object of an abstract type, unless a Python class extends that."""
    if is_fortrans(type(record)):
        raise TypeError(f"the type {record._type.name} is abstract: objects have one of the types that extend it")


def living(record: type[Record], address: int) -> Any:
    """Return the object of a Python class at an address, None where there is none that is of class `record`."""
    found = _LIVING.get(address)
    return found if isinstance(found, record) else None


def _own_memory(self: Any, memory: Memory) -> None:
    Record._own(self, memory)
    _LIVING[self._address] = self


def _become_other(self: Any, other: Record) -> None:
    Record._become(self, other)
    _LIVING[self._address] = self

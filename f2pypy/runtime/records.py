"""Fortran's derived types as Python classes: an object is memory that Fortran sees.

Components are read and written where they lie, and nothing is copied. What lies in an object (a nested object, a view
of an array) keeps its memory.
"""

from __future__ import annotations

import sys
from keyword import iskeyword
from typing import Any, ClassVar, Iterator, TypeVar
from weakref import getweakrefs, ref

from numpy import array_equal, ndarray

from f2pypy.runtime.number_windows import CONSTANT_WINDOW, constant_window
from f2pypy.runtime.record_memory import Memory, object_maker, structure_bytes
from f2pypy.runtime.record_storage import Storage, kept_by
from f2pypy.runtime.record_types import RecordType

_AnyRecord = TypeVar("_AnyRecord", bound="Record")
_AnyComponent = TypeVar("_AnyComponent", bound="Component")


class LeftOut:
    """Stands for a method that a class would have from its parent type, and says why it has none."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __get__(self, record: Any, owner: type | None = None) -> Any:
        if record is None:
            return self
        raise AttributeError(self.reason)


class Component:
    """A component of a derived type, `offset` bytes into its objects; `initial` is its default, None without one."""

    name = label = letter = ""
    is_inline = True  # whether it lies in the object itself

    def __init__(self, offset: int, initial: Any = None) -> None:
        self.offset, self.initial = offset, initial

    def __set_name__(self, owner: type[Record], name: str) -> None:
        self.name = self.name or without_underscore(name)
        self.label = f"{owner._type.library.module}.{owner._type.module}.{owner._type.name}"
        if self.name != name:
            setattr(owner, self.name, self)

    def called(self: _AnyComponent, name: str) -> _AnyComponent:
        """Have this `name` in Fortran, which is that of the attribute though this looks like a word of Python's."""
        self.name = name
        return self

    def __get__(self, record: Any, owner: type | None = None) -> Any:
        return self if record is None else self.read(record)

    def __set__(self, record: Any, value: Any) -> None:
        try:
            self.write(record, value)
        except (TypeError, ValueError, NotImplementedError):
            # what a memoryview raises depends on the memory
            if is_constant(record):
                raise AttributeError(f"{self.label}.{self.name}: the object is a constant, or protected") from None
            raise

    def read(self, record: Any) -> Any:
        """Return the value in an object."""
        raise NotImplementedError

    def write(self, record: Any, value: Any) -> None:
        """Store a value in an object."""
        raise NotImplementedError

    def attribute(self, owner: type[Record]) -> Any:  # noqa: ARG002
        """Return the attribute that class `owner` has for it."""
        return self

    def initialise(self, record: Record) -> None:
        """Give the component of a zeroed object its default."""
        if self.initial is not None:
            self.write(record, self.initial)

    def compared(self, record: Any) -> Any:
        """Return what comparisons look at."""
        return self.read(record)

    def shown(self, record: Any) -> str:
        """Return the value as repr shows it."""
        return repr(self.read(record))

    def destroy(self, record: Any) -> None:
        """Free what the component holds."""

    def seen(self, record: Any) -> Iterator[Any]:  # noqa: ARG002
        """Yield what those keep that see memory which the component holds."""
        yield from ()

    def duplicate(self, source: Any, target: Any) -> None:
        """Give a copy of an object what it must not share."""

    def keep_targets(self, source: Any, target: Any) -> None:
        """Keep what pointers in a copy of an object point to as long as the copy."""


class Record:
    """An object of derived type; the classes of generated modules are made of this one.

    `_address` is where it lies, `_pointer` what Fortran gets for it, `_window` through what it is read and written, and
    `_storage` keeps the memory of what lies in something else. `_known` are objects and arrays in it that were read,
    which keep its memory as well.
    """

    __slots__ = ("__weakref__", "_address", "_class", "_known", "_pointer", "_storage", "_window")

    # NumPy's scalars and arrays leave operators to the object
    __array_ufunc__: ClassVar[None] = None
    _type: ClassVar[RecordType]
    _components: ClassVar[dict[str, Component]] = {}
    _private: ClassVar[tuple[Component, ...]] = ()  # with a default that the library doesn't tell
    __weakref__: Any
    _window: Any
    _pointer: Any
    _address: int
    _storage: Any
    _class: Any  # what CLASS dummies get, once one has got it
    _known: dict[Any, Any]  # by the names of components, once there are some

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        for name, method in list(vars(cls).items()):
            if not isinstance(method, Component) and without_underscore(name) != name:
                setattr(cls, without_underscore(name), method)
        given_names = {key: each for key, each in vars(cls).items() if isinstance(each, Component)}
        own = {each.name: each for each in given_names.values()}
        for key, each in given_names.items():
            setattr(cls, key, each.attribute(cls))
        cls._components = {**cls._components, **own}
        if "_type" in vars(cls):
            cls._type.record, cls._type.order = cls, tuple(cls._components.values())

    def _create(self, *values: Any) -> None:
        """Become a new object, with Fortran's default initialisation and these values; None leaves the default."""
        if self.__weakref__ is not None and _stays(self):
            made = self._new()
            made._create(*values)
            self._assign(made)
            return
        self._own(self._type.make())
        self._known = {}  # __init__ may be called again
        for place, value in enumerate(values):
            if value is not None:
                self._type.order[place].write(self, value)

    def _own(self, memory: Memory) -> None:
        """Lie in memory that nobody else has."""
        self._window, self._pointer, self._address = memory
        kind = self._type
        self._storage = Storage(kind, self._address, self._pointer) if kind.managed else None
        self._class = None

    @classmethod
    def _new(cls: type[_AnyRecord]) -> _AnyRecord:
        """Return a new object with Fortran's default initialisation."""
        made = cls.__new__(cls)
        made._own(cls._type.make())
        return made

    @classmethod
    def _taken(cls: type[_AnyRecord], value: Any) -> _AnyRecord:
        """Return an object with what a function has returned: a structure of C."""
        made = cls.__new__(cls)
        made._own(object_maker(structure_bytes(value)[: cls._type.size], cls._type.windows())())
        return made

    @classmethod
    def _at(cls: type[_AnyRecord], address: int, storage: Any) -> _AnyRecord:
        """Return the object that lies at an address; `storage` keeps its memory."""
        found: _AnyRecord = cls._type.found(address, storage)
        return found

    @classmethod
    def _image(cls) -> bytes:
        """Return the bytes of an object with the defaults of its components."""
        made: Any = cls.__new__(cls)
        size = cls._type.size
        made._window, made._pointer, made._address = object_maker(bytes(size))()
        made._storage = made._class = None
        for component in cls._parts():
            component.initialise(made)
        return bytes(made._window[:size])

    @classmethod
    def _parts(cls) -> list[Component]:
        """Return the components, with those private ones that Python must know of."""
        private = [component for base in cls.__mro__ for component in vars(base).get("_private", ())]
        return [*cls._components.values(), *private]

    def _become(self, other: Record) -> None:
        """Take over the memory of a new object that nobody else has."""
        if self.__weakref__ is not None and _stays(self):
            self._assign(other)
            return
        self._window, self._pointer, self._address = other._window, other._pointer, other._address
        self._storage, self._class, self._known = other._storage, None, {}

    @classmethod
    def _given(cls: type[_AnyRecord], value: Any, what: str) -> _AnyRecord:
        """Return what a caller gives for an object of this type; TypeError if it is none."""
        if not isinstance(value, cls):
            raise TypeError(f"{what}: {cls.__name__} expected, got {type(value).__name__}")
        return value

    def _read_component(self, name: str) -> Any:
        """Return a component, for attributes in machine code."""
        return self._components[name].__get__(self)

    def _store_component(self, name: str, *values: Any) -> None:
        """Assign to a component, for attributes in machine code; without a value it is to be deleted."""
        component = self._components[name]
        if not values:
            raise AttributeError(f"{component.label}.{name} can't be deleted")
        component.__set__(self, *values)

    def _assign(self, other: Record) -> None:
        """Take the value of another object of this type, or of one that extends it, as a Fortran assignment does."""
        kind = self._type
        if other._address == self._address:
            return
        refuse_constant(self)
        if not kind.managed:
            self._window[: kind.size] = bytes(other._window[: kind.size])
            return
        # the other one may be a part of what this one holds, which goes last
        window, memory, address = kind.make()
        kind.duplicate(other._address, address)
        before = bytes(self._window[: kind.size])
        self._window[: kind.size] = bytes(window[: kind.size])
        self._keep_targets(other)
        window[: kind.size] = before
        seen = list(kind.record._at(address, None)._seen())
        if not seen:
            kind.destroy(address)
            return
        # what views see of the former value is there as long as they are, and with it the rest
        former = Storage(kind, address, memory)
        for each in seen:
            each.belong_to(former)

    def _seen(self) -> Iterator[Any]:
        """Yield what those keep that see memory which the object holds, and that is freed with its value."""
        for component in self._parts():
            yield from component.seen(self)

    def _keep_targets(self, other: Record) -> None:
        """Keep what the pointers that are copies of another object's point to."""
        if kept_by(other):
            for component in self._parts():
                component.keep_targets(other, self)
            # functions have no place in one object
            kept_by(self).update({place: kept for place, kept in [*kept_by(other).items()] if place < 0})

    def __copy__(self: _AnyRecord) -> _AnyRecord:
        made = self._new()
        made._assign(self)
        _restore(made, _state_of(self))
        return made

    def __deepcopy__(self: _AnyRecord, memo: Any) -> _AnyRecord:
        made = self.__copy__()
        # a module may not have the name of one that is imported here
        _restore(made, sys.modules["copy"].deepcopy(_state_of(self), memo))
        return made

    def __reduce__(self) -> Any:
        values = {name: _unshared(component.read(self)) for name, component in self._components.items()}
        attributes, slots = _state_of(self)
        return restored_record, (type(self), values), (attributes or None, slots) if slots else attributes or None

    def __eq__(self, other: object) -> Any:
        if not isinstance(other, Record) or self._type is not other._type:
            return NotImplemented
        pairs = ((component.compared(self), component.compared(other)) for component in self._components.values())
        return all(_are_equal(one, another) for one, another in pairs)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        parts = (f"{name}={component.shown(self)}" for name, component in self._components.items())
        return f"{type(self).__qualname__}({', '.join(parts)})"


def without_underscore(name: str) -> str:
    """Return the name in Fortran of an attribute: Python's own words have an underscore after them in the class."""
    return name[:-1] if name[-1] == "_" and iskeyword(name[:-1]) else name


def keeper_of(record: Any) -> Any:
    """Return what keeps the memory of an object, or of an array of objects."""
    return record if record._storage is None else record._storage


def memory_of(record: Any) -> Any:
    """Return what keeps the memory of an object, or of an array of objects, without the object itself."""
    return record._pointer if record._storage is None else record._storage


def remembered(record: Any, component: Any, key: Any) -> Any:
    """Return what is read of an object or array in it, which keeps that under a key: it is read once."""
    found = component.read(record)
    try:
        record._known[key] = found
    except AttributeError:
        record._known = {key: found}
    return found


def part_at(record: Any, kind: type[_AnyRecord], address: int) -> _AnyRecord:
    """Return the object of class `kind` at an address, a part of an object or an array, and a constant as these are."""
    storage = record._storage
    found: _AnyRecord = kind._type.found(address, record._pointer if storage is None else storage)
    if type(record._window) is CONSTANT_WINDOW:
        protect(found)
    return found


def protect(record: Any) -> None:
    """Let nobody change an object, or the elements of an array, through this."""
    object.__setattr__(record, "_window", constant_window(record._window))
    object.__setattr__(record, "_known", {})


def is_constant(record: Any) -> bool:
    """Return whether an object, or an array of objects, may not be changed."""
    return type(record._window) is CONSTANT_WINDOW


def refuse_constant(record: Any) -> None:
    """Raise TypeError for an object that may not be changed."""
    if is_constant(record):
        raise TypeError(f"the object of {record._type.label} is a constant, or protected")


class Staying(ref):  # type: ignore[type-arg]
    """Marks an object that stays where it is, as that of a Fortran variable: ``__init__`` changes or refuses it."""


def _stays(record: Record) -> bool:
    return any(isinstance(each, Staying) for each in getweakrefs(record))


def _state_of(record: Record) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what an object of a Python class has beside its components: its ``__dict__`` and its own slots."""
    slots: dict[str, Any] = {}
    for owner in type(record).__mro__:
        # of classes beside the type's, too, which stand between `Record` and `object`
        names = () if owner in Record.__mro__ else vars(owner).get("__slots__", ())
        for name in (names,) if isinstance(names, str) else names:
            is_private = name[:2] == "__" and name[-2:] != "__"
            found = f"_{owner.__name__.lstrip('_')}{name}" if is_private else name
            if found[-2:] != "__" and hasattr(record, found):
                slots[found] = getattr(record, found)
    return getattr(record, "__dict__", {}), slots


def _restore(record: Record, state: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """Give a copy what `_state_of` has found."""
    attributes, slots = state
    if attributes:
        record.__dict__.update(attributes)
    for name, value in slots.items():
        setattr(record, name, value)


def restored_record(record: type[_AnyRecord], values: dict[str, Any]) -> _AnyRecord:
    """Return an object with these values of its components, as it comes out of a pickle."""
    made = record._new()
    for name, value in values.items():
        record._components[name].write(made, value)
    return made


def _unshared(value: Any) -> Any:
    return value.copy() if isinstance(value, ndarray) else value


def _are_equal(one: Any, other: Any) -> bool:
    return array_equal(one, other) if isinstance(one, ndarray) else bool(one == other)

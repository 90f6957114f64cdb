"""The components of derived types: numbers, text, arrays and objects, each where it lies in its object."""

from __future__ import annotations

import struct
from typing import Any, Callable, Generic, Iterator, Sequence, TypeVar, overload

from numpy import dtype, ndarray

from f2pypy.runtime.component_code import code_attribute, kept_attribute
from f2pypy.runtime.number_windows import NUMBERS, number_function, number_getter
from f2pypy.runtime.record_memory import part_view
from f2pypy.runtime.records import Component, Record, memory_of, part_at, remembered
from f2pypy.runtime.stored_values import stored_value
from f2pypy.runtime.texts import encoded

_Nested = TypeVar("_Nested", bound=Record)


class _NumberComponent(Component):
    """A number; `code` is the struct module's letter for it, `kind` NumPy's type."""

    limits = (0, 0)  # the least and the greatest of integers

    def __init__(self, code: str, kind: str, offset: int, initial: Any = None) -> None:
        super().__init__(offset, initial)
        packing = struct.Struct("=" + code)
        self.kind: dtype[Any] = dtype(kind)
        self.unpack, self.pack = packing.unpack_from, packing.pack_into
        self.code = code  # of `component_code`

    def attribute(self, owner: type[Record]) -> Any:
        """Return machine code where it runs, else what goes through fields of ctypes where the number has one."""
        made = code_attribute(owner, Record, self.code, self.offset, self.name, self.limits)
        if made is not None:
            return made
        self.letter = self.code if self.code in NUMBERS else ""
        return property(number_getter(self.offset), self.setter()) if self.letter else self

    def setter(self) -> Callable[[Any, Any], None]:
        """Return what assigns to the component of an object."""
        return self.__set__

    def read(self, record: Any) -> Any:
        """Return the number."""
        return self.unpack(record._window, self.offset)[0]

    def converted(self, value: Any) -> Any:
        """Return a value as Python's number of the type; TypeError, ValueError or OverflowError if there is none."""
        return stored_value(value, self.kind, (), self.label, self.name).item()


class IntegerComponent(_NumberComponent):
    """An integer, or an address."""

    def __init__(self, code: str, offset: int, initial: int | None = None) -> None:
        super().__init__(code, code, offset, initial)
        bits = 8 * self.kind.itemsize
        is_signed = self.kind.kind == "i"
        self.limits = (-(1 << bits - 1), (1 << bits - 1) - 1) if is_signed else (0, (1 << bits) - 1)

    def setter(self) -> Callable[[Any, Any], None]:
        """Return what assigns to the component of an object."""
        convert, (least, most) = self.__set__, self.limits

        def assign(record: Any, value: Any) -> None:
            if type(value) is int and least <= value <= most:
                try:
                    record._window.at = value
                    return
                except TypeError:  # it is a constant
                    pass
            convert(record, value)

        return number_function(assign, self.offset)

    @overload
    def __get__(self, record: None, owner: type | None = None) -> IntegerComponent: ...
    @overload
    def __get__(self, record: Record, owner: type | None = None) -> int: ...
    def __get__(self, record: Any, owner: type | None = None) -> Any:
        return self if record is None else self.unpack(record._window, self.offset)[0]

    def write(self, record: Any, value: Any) -> None:
        """Store an integer."""
        if not (type(value) is int and self.limits[0] <= value <= self.limits[1]):
            value = self.converted(value)
        self.pack(record._window, self.offset, value)


class RealComponent(_NumberComponent):
    """A real number."""

    def __init__(self, code: str, offset: int, initial: float | None = None) -> None:
        super().__init__(code, code, offset, initial)

    def setter(self) -> Callable[[Any, Any], None]:
        """Return what assigns to the component of an object."""
        convert = self.__set__
        if self.kind.itemsize != 8:
            return convert

        def assign(record: Any, value: Any) -> None:
            if type(value) is float:
                try:
                    record._window.at = value
                    return
                except TypeError:  # it is a constant
                    pass
            convert(record, value)

        return number_function(assign, self.offset)

    @overload
    def __get__(self, record: None, owner: type | None = None) -> RealComponent: ...
    @overload
    def __get__(self, record: Record, owner: type | None = None) -> float: ...
    def __get__(self, record: Any, owner: type | None = None) -> Any:
        return self if record is None else self.unpack(record._window, self.offset)[0]

    def write(self, record: Any, value: Any) -> None:
        """Store a number, rounded as its kind wants."""
        if type(value) is not float or self.kind.itemsize != 8:
            value = self.converted(value)
        self.pack(record._window, self.offset, value)


class ComplexComponent(_NumberComponent):
    """A complex number; `code` is that of its parts."""

    def __init__(self, code: str, offset: int, initial: complex | None = None) -> None:
        super().__init__(2 * code, code.upper(), offset, initial)
        self.code = code.upper()

    @overload
    def __get__(self, record: None, owner: type | None = None) -> ComplexComponent: ...
    @overload
    def __get__(self, record: Record, owner: type | None = None) -> complex: ...
    def __get__(self, record: Any, owner: type | None = None) -> Any:
        return self if record is None else self.read(record)

    def read(self, record: Any) -> complex:
        """Return the number."""
        return complex(*self.unpack(record._window, self.offset))

    def write(self, record: Any, value: Any) -> None:
        """Store a number."""
        number = self.converted(value)
        self.pack(record._window, self.offset, number.real, number.imag)


class LogicalComponent(_NumberComponent):
    """A logical; `code` is that of an integer of its kind."""

    def __init__(self, code: str, offset: int, initial: int | None = None) -> None:
        super().__init__(code, code, offset, initial)
        self.code = f"?{code}"

    @overload
    def __get__(self, record: None, owner: type | None = None) -> LogicalComponent: ...
    @overload
    def __get__(self, record: Record, owner: type | None = None) -> bool: ...
    def __get__(self, record: Any, owner: type | None = None) -> Any:
        return self if record is None else self.read(record)

    def read(self, record: Any) -> bool:
        """Return whether it is true."""
        return bool(self.unpack(record._window, self.offset)[0])

    def write(self, record: Any, value: Any) -> None:
        """Store a truth value."""
        truth = value if type(value) is bool else self.converted(value)
        self.pack(record._window, self.offset, 1 if truth else 0)


class TextComponent(Component):
    """Characters of a constant `length`: bytes without the blanks at their end."""

    def __init__(self, length: int, offset: int, initial: bytes | None = None) -> None:
        super().__init__(offset, initial)
        self.length, self.end = length, offset + length
        self.kind = dtype(f"S{max(length, 1)}")

    def attribute(self, owner: type[Record]) -> Any:
        """Return machine code where it runs."""
        return code_attribute(owner, Record, "s", self.offset, self.name, length=self.length) or self

    @overload
    def __get__(self, record: None, owner: type | None = None) -> TextComponent: ...
    @overload
    def __get__(self, record: Record, owner: type | None = None) -> bytes: ...
    def __get__(self, record: Any, owner: type | None = None) -> Any:
        return self if record is None else self.read(record)

    def read(self, record: Any) -> bytes:
        """Return the characters."""
        return bytes(record._window[self.offset : self.end]).rstrip(b" ")

    def write(self, record: Any, value: Any) -> None:
        """Store text, cut or padded with blanks."""
        if type(value) is not bytes:
            value = encoded(value).item() if type(value) is not str else value.encode("ascii")
        record._window[self.offset : self.end] = value[: self.length].ljust(self.length)


class ArrayComponent(Component):
    """An array of numbers or text with constant `extents`, in Fortran's order."""

    def __init__(self, kind: dtype[Any], extents: Sequence[int], offset: int, initial: Any = None) -> None:
        super().__init__(offset, initial)
        self.kind, self.extents = kind, tuple(extents)

    def attribute(self, owner: type[Record]) -> Any:
        """Return machine code where it runs."""
        return kept_attribute(owner, Record, self.name, is_array=True) or self

    @overload
    def __get__(self, record: None, owner: type | None = None) -> ArrayComponent: ...
    @overload
    def __get__(self, record: Record, owner: type | None = None) -> ndarray[Any, Any]: ...
    def __get__(self, record: Any, owner: type | None = None) -> Any:
        if record is None:
            return self
        try:
            known = record._known[self.name]
        except (AttributeError, KeyError):
            known = remembered(record, self, self.name)
        return known[...]

    def read(self, record: Any) -> ndarray[Any, Any]:
        """Return a live view."""
        keeper = memory_of(record)
        return part_view(record._window, record._address, self.offset, self.kind, self.extents, None, keeper)

    def write(self, record: Any, value: Any) -> None:
        """Store the elements; a scalar fills the array."""
        self.read(record)[...] = stored_value(value, self.kind, self.extents, self.label, self.name)

    def initialise(self, record: Any) -> None:
        """Give every element its default: one for all, or one for each in the order of storage."""
        if isinstance(self.initial, tuple):
            self.read(record).T.flat[:] = self.initial
        elif self.initial is not None:
            self.write(record, self.initial)


class ParentPart(Generic[_Nested]):
    """The part of an object that is of the parent type, with the class `record`: it lies where the object begins.

    It is no component beside the others: these are the parent's own.
    """

    offset = 0
    is_inline = is_parent_part = True

    def __init__(self, record: type[_Nested]) -> None:
        self.record = record

    @overload
    def __get__(self, record: None, owner: type | None = None) -> ParentPart[_Nested]: ...
    @overload
    def __get__(self, record: Record, owner: type | None = None) -> _Nested: ...
    def __get__(self, record: Any, owner: type | None = None) -> Any:
        if record is None:
            return self
        try:
            return record._known[self]
        except (AttributeError, KeyError):
            return remembered(record, self, self)

    def read(self, record: Any) -> _Nested:
        """Return the part, which lies where it lies."""
        return part_at(record, self.record, record._address)

    def __set__(self, record: Any, value: Any) -> None:
        label = f"{record._type.label}.{self.record._type.name}"
        self.__get__(record)._assign(self.record._given(value, f"value of {label}"))


class NestedComponent(Component, Generic[_Nested]):
    """An object of class `record` inside another one."""

    def __init__(self, record: type[_Nested], offset: int) -> None:
        super().__init__(offset)
        self.record = record

    def attribute(self, owner: type[Record]) -> Any:
        """Return machine code where it runs."""
        return kept_attribute(owner, Record, self.name) or self

    @overload
    def __get__(self, record: None, owner: type | None = None) -> NestedComponent[_Nested]: ...
    @overload
    def __get__(self, record: Record, owner: type | None = None) -> _Nested: ...
    def __get__(self, record: Any, owner: type | None = None) -> Any:
        if record is None:
            return self
        try:
            return record._known[self.name]
        except (AttributeError, KeyError):
            return remembered(record, self, self.name)

    def read(self, record: Any) -> _Nested:
        """Return the object, which lies where it lies."""
        return part_at(record, self.record, record._address + self.offset)

    def write(self, record: Any, value: Any) -> None:
        """Store the value of an object of the type, or of one that extends it."""
        self.read(record)._assign(self.record._given(value, f"value of {self.label}.{self.name}"))

    def initialise(self, record: Any) -> None:
        """Give the object the defaults of its type."""
        image = self.record._type.image()
        record._window[self.offset : self.offset + len(image)] = image

    def seen(self, record: Any) -> Iterator[Any]:
        """Yield what those keep that see what the object holds."""
        if self.record._type.managed:
            yield from self.read(record)._seen()

    def destroy(self, record: Any) -> None:
        """Finalize the object, and free what it holds."""
        if self.record._type.managed:
            self.record._type.destroy(record._address + self.offset)

    def duplicate(self, source: Any, target: Any) -> None:
        """Give a copy of the object around it what it must not share."""
        if self.record._type.managed:
            self.record._type.duplicate(source._address + self.offset, target._address + self.offset)

    def keep_targets(self, source: Any, target: Any) -> None:
        """Keep what pointers in a copy of the object point to as long as the copy."""
        if self.record._type.managed:
            self.read(target)._keep_targets(self.read(source))

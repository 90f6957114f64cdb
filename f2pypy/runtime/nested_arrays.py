"""Arrays of objects inside other objects, with constant extents."""

from __future__ import annotations

from typing import Any, Iterator, Sequence

from f2pypy.runtime.component_code import kept_attribute
from f2pypy.runtime.descriptors import fortran_strides
from f2pypy.runtime.extents import elements_in
from f2pypy.runtime.record_arrays import Records
from f2pypy.runtime.records import Component, Record, memory_of, remembered


class NestedArray(Component):
    """An array of objects of class `record` with constant `extents` inside another one."""

    def __init__(self, record: type[Record], extents: Sequence[int], offset: int) -> None:
        super().__init__(offset)
        self.record, self.extents = record, tuple(extents)

    def attribute(self, owner: type[Record]) -> Any:
        """Return machine code where it runs."""
        return kept_attribute(owner, Record, self.name) or self

    def __get__(self, record: Any, owner: type | None = None) -> Any:
        if record is None:
            return self
        try:
            return record._known[self.name]
        except (AttributeError, KeyError):
            return remembered(record, self, self.name)

    def read(self, record: Any) -> Records[Any]:
        """Return the objects, which lie where they lie."""
        address, kind = record._address + self.offset, self.record._type
        strides = fortran_strides(kind.size, self.extents)
        keeper = memory_of(record)
        return Records(self.record, address, self.extents, strides, keeper, record._window, record._address)

    def write(self, record: Any, value: Any) -> None:
        """Store the values of objects."""
        self.read(record)[...] = value

    def initialise(self, record: Any) -> None:
        """Give the objects the defaults of their type."""
        image, count = self.record._type.image(), elements_in(self.extents)
        record._window[self.offset : self.offset + count * len(image)] = image * count

    def seen(self, record: Any) -> Iterator[Any]:
        """Yield what those keep that see what the objects hold."""
        if self.record._type.managed:
            for each in self.read(record)._in_order():
                yield from each._seen()

    def destroy(self, record: Any) -> None:
        """Finalize the objects, and free what they hold."""
        if self.record._type.managed:
            for each in self.read(record)._in_order():
                self.record._type.destroy(each._address)

    def duplicate(self, source: Any, target: Any) -> None:
        """Give a copy of the object around them what it must not share."""
        if self.record._type.managed:
            for one, other in zip(self.read(source)._in_order(), self.read(target)._in_order()):
                self.record._type.duplicate(one._address, other._address)

    def keep_targets(self, source: Any, target: Any) -> None:
        """Keep what pointers in a copy of the objects point to as long as the copy."""
        if self.record._type.managed:
            for one, other in zip(self.read(source)._in_order(), self.read(target)._in_order()):
                other._keep_targets(one)

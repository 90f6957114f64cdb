"""Arrays of derived type: sequences of live objects, whose components are views over all elements."""

from __future__ import annotations

from typing import Any, Generic, Iterator, Sequence, TypeVar

from numpy import dtype, ndarray

from f2pypy.runtime.descriptors import fortran_strides
from f2pypy.runtime.extensions import extend, refuse_abstract
from f2pypy.runtime.extents import elements_in
from f2pypy.runtime.polymorphic import with_type
from f2pypy.runtime.record_memory import object_maker, part_view
from f2pypy.runtime.record_storage import Storage
from f2pypy.runtime.records import Record, is_constant, memory_of, part_at, protect, without_underscore
from f2pypy.runtime.routines import characters, pointer_to

_Element = TypeVar("_Element", bound=Record)


class Records(Generic[_Element]):
    """An array of objects of class `record`, the first at `address`, in Fortran's order of subscripts.

    `a[i]`, `a[i, j]` are objects and slices are arrays that lie where they lie; assigning copies. `a.x`, or `a["x"]`,
    is component x of all elements: an array, or one of objects. `numpy.asarray(a)` is a structured array in the memory.
    `strides` are in bytes; `window` at `base` is what the elements lie in, and `storage` keeps that.
    """

    __slots__ = (
        *(
            "__weakref__",
            "_address",
            "_base",
            "_known",
            "_record",
            "_sources",
            "_storage",
            "_strides",
            "_window",
            "shape",
        ),
    )

    _record: type[_Element]
    _address: int
    _storage: Any
    _known: dict[str, Any]
    _sources: Any
    _strides: tuple[int, ...]
    shape: tuple[int, ...]

    # NumPy leaves operators alone
    __array_ufunc__ = None

    def __init__(
        self,
        record: type[_Element],
        address: int,
        shape: Sequence[int],
        strides: Sequence[int],
        storage: Any,
        window: Any,
        base: int,
    ) -> None:
        keep = super().__setattr__
        keep("_record", record)
        keep("_address", address)
        keep("shape", tuple(shape))
        keep("_strides", tuple(strides))
        keep("_storage", storage)
        keep("_window", window)
        keep("_base", base)
        keep("_known", {})  # components of all elements that were read
        keep("_sources", None)  # where to copy the elements after a call

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        if len(self.shape) > 1:
            return (self[place] for place in range(len(self)))
        return self._objects()

    def _objects(self) -> Iterator[Any]:
        """Yield the elements of an array with one axis."""
        find, keeper, address = self._record._type.found, memory_of(self), self._address
        (extent,), (stride,), is_protected = self.shape, self._strides, is_constant(self)
        for _ in range(extent):
            found = find(address, keeper)
            if is_protected:
                protect(found)
            yield found
            address += stride

    def __getitem__(self, place: Any) -> Any:
        if type(place) is int and len(self.shape) == 1:
            extent, address = self.shape[0], self._address + place * self._strides[0]
            if 0 <= place < extent:
                return part_at(self, self._record, address)
        if isinstance(place, str):
            return self._component(place)
        address, shape, strides = self._part(place if isinstance(place, tuple) else (place,))
        if not shape:
            return part_at(self, self._record, address)
        return Records(self._record, address, shape, strides, self._storage, self._window, self._base)

    def __setitem__(self, place: Any, value: Any) -> None:
        if isinstance(place, str):
            self._component(place)[...] = value
            return
        target = self[place]
        what = f"value of an element of {self._record._type.label}"
        if isinstance(target, Record):
            target._assign(self._record._given(value, what))
        else:
            target._fill(copies_of(value), what)

    def __getattr__(self, name: str) -> Any:
        return self._component(name)

    def __setattr__(self, name: str, value: Any) -> None:
        view = self._component(name)
        view[...] = value

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *self._record._components})

    def __array__(self, kind: Any = None, copy: Any = None) -> ndarray[Any, Any]:
        view = self._view(record_dtype(self._record), 0, ())
        if copy is False and kind is not None and kind != view.dtype:
            raise ValueError("a copy is needed for another type")
        return view.astype(kind or view.dtype) if copy or kind is not None else view

    def __eq__(self, other: object) -> Any:
        if not isinstance(other, Records) or self._record is not other._record:
            return NotImplemented
        return self.shape == other.shape and all(one == another for one, another in zip(self, other))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"[{', '.join(map(repr, self))}]"

    def __copy__(self) -> Records[_Element]:
        made = new_records(self._record, self.shape)
        for target, source in zip(_elements(made), _elements(self)):
            target._assign(source)
        return made

    def __deepcopy__(self, memo: Any) -> Records[_Element]:
        return self.__copy__()

    def __reduce__(self) -> Any:
        return restored_records, (self._record, self.shape, list(_elements(self)))

    def _part(self, places: tuple[Any, ...]) -> tuple[int, list[int], list[int]]:
        """Return address, shape and strides of what subscripts mean."""
        if Ellipsis in places:
            at = places.index(Ellipsis)
            missing = len(self.shape) + 1 - len(places)
            places = (*places[:at], *(slice(None),) * missing, *places[at + 1 :])
        if len(places) > len(self.shape):
            raise IndexError(f"too many subscripts: the array has {len(self.shape)} axes, {len(places)} were given")
        address, shape, strides = self._address, [], []
        for axis, (extent, stride) in enumerate(zip(self.shape, self._strides)):
            place = places[axis] if axis < len(places) else slice(None)
            if isinstance(place, slice):
                start, stop, step = place.indices(extent)
                address += start * stride
                shape.append(len(range(start, stop, step)))
                strides.append(step * stride)
                continue
            position = place.__index__()
            if not -extent <= position < extent:
                raise IndexError(f"subscript {position} is out of bounds for axis {axis} with {extent} elements")
            address += position % extent * stride
        return address, shape, strides

    def _fill(self, value: Any, what: str) -> None:
        """Store the values of objects in the elements, that of a single object in all."""
        given = [value] * len(self) if isinstance(value, Record) else list(value)
        if len(given) != len(self):
            raise ValueError(f"{what}: {len(self)} objects expected, got {len(given)}")
        for target, each in zip(self, given):
            if isinstance(target, Record):
                target._assign(self._record._given(each, what))
            else:
                target._fill(each, what)

    def _component(self, name: str) -> Any:
        """Return a component of all elements, an array as a new one each time."""
        try:
            known = self._known[name]
        except KeyError:
            known = self._known[name] = self._component_found(name)
        return known[...] if type(known) is ndarray else known

    def _component_found(self, name: str) -> Any:
        """Return a component of all elements; AttributeError where there is none."""
        components: Any = self._record._components
        component = components.get(name) or components.get(without_underscore(name)) or _part_named(self._record, name)
        if component is None:
            raise AttributeError(f"arrays of {self._record.__qualname__} have no component '{name}'")
        if hasattr(component, "kind") and component.is_inline:
            return self._view(component.kind, component.offset, getattr(component, "extents", ()))
        if not component.is_inline:
            raise AttributeError(
                f"component '{name}' of {self._record.__qualname__} isn't stored in the array: "
                "read it from the elements, one by one"
            )
        record, address = component.record, self._address + component.offset
        extents = getattr(component, "extents", ())
        shape, strides = (*self.shape, *extents), (*self._strides, *fortran_strides(record._type.size, extents))
        return Records(record, address, shape, strides, self._storage, self._window, self._base)

    def _view(self, kind: dtype[Any], offset: int, extents: Sequence[int]) -> ndarray[Any, Any]:
        shape = (*self.shape, *extents)
        strides = (*self._strides, *fortran_strides(kind.itemsize, extents))
        start = self._address - self._base + offset
        return part_view(self._window, self._base, start, kind, shape, strides, self._storage)

    @property
    def _pointer(self) -> Any:
        """The address of the first element, as an argument."""
        return pointer_to(self._address)

    @property
    def _descriptor(self) -> Any:
        """The address of a descriptor, as an argument."""
        return described_objects(self, self.shape, self._strides)

    @property
    def _c_descriptor(self) -> Any:
        """The address of the standard's descriptor, as an argument of a procedure with ``bind(c)``."""
        return described_objects(self, self.shape, self._strides, True)

    def _count(self) -> int:
        """Return how many objects there are."""
        return elements_in(self.shape)

    def _in_order(self) -> Iterator[Any]:
        """Yield the objects in the order of storage."""
        return _elements(self)

    def _give_back(self) -> None:
        """Copy the elements back to the objects that were given for them."""
        for target, source in zip(self._sources or (), _elements(self)):
            target._assign(source)


def described_objects(
    given: Any, shape: Sequence[int] = (), strides: Sequence[int] = (), interoperable: bool = False
) -> Any:
    """Return the address of a descriptor of an object, or of an array of `shape`, as an argument.

    That of a procedure with ``bind(c)`` is the standard's: `interoperable`.
    """
    kind = (given._record if isinstance(given, Records) else given)._type
    compiler, table = kind.library.compiler, kind.table()
    layout = compiler.c_arrays if interoperable else compiler.arrays
    known = table.address if compiler.types.described and table is not None else 0
    packed = layout.describe(given._address, kind.size, layout.codes["V"], shape, strides, other=int(known != 0))
    return characters(with_type(given._address, packed, known) if known else packed)


class _StructuredType:
    """NumPy's type of elements with the memory of a class's objects."""

    def __get__(self, record: Any, owner: Any = None) -> dtype[Any]:
        return record_dtype(type(record) if owner is None else owner)


class FortranType(Record):
    """The base of the classes for types: an object lies in memory that Fortran sees."""

    __slots__ = ()

    dtype = _StructuredType()

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        if "_type" not in vars(cls):
            extend(cls)

    def _extend(self, *values: Any) -> None:
        """Become a new object as `_create` does, of a Python class that extends an abstract type."""
        refuse_abstract(self)
        self._create(*values)

    @classmethod
    def array(cls: type[_Element], shape: Any) -> Records[_Element]:
        """Return a new array of `shape` (an integer or several) with Fortran's default initialisation."""
        return new_records(cls, (shape,) if isinstance(shape, int) else tuple(shape))


def _part_named(record: type[Record], name: str) -> Any:
    """Return the part of a parent type that has a name, None where there is none."""
    found = getattr(record, name, None)
    return found if getattr(found, "is_parent_part", False) else None


def copies_of(value: Any) -> Any:
    """Return copies of objects, which may lie in the memory that they are stored in."""
    if isinstance(value, (list, tuple)):
        return [copies_of(each) for each in value]
    return value.__copy__() if isinstance(value, (Record, Records)) else value


def _elements(records: Any) -> Iterator[Any]:
    """Yield the objects of an array in the order of storage."""
    if len(records.shape) == 1:
        yield from records
        return
    for place in range(records.shape[-1]):
        yield from _elements(records[..., place])


def new_records(record: type[_Element], shape: Sequence[int]) -> Records[_Element]:
    """Return a new array of objects with Fortran's default initialisation."""
    kind, count = record._type, elements_in(shape)
    if any(extent < 0 for extent in shape):
        raise ValueError(f"an array of {record.__qualname__} can't have the shape {tuple(shape)}")
    window, pointer, address = object_maker((kind.image() * count) or b"\0")()
    storage: Any = Storage(kind, address, pointer, count) if kind.managed else pointer
    return Records(record, address, shape, fortran_strides(kind.size, shape), storage, window, address)


def restored_records(record: type[_Element], shape: Sequence[int], elements: Sequence[Any]) -> Records[_Element]:
    """Return an array with these elements, in the order of storage, as it comes out of a pickle."""
    made = new_records(record, shape)
    for target, source in zip(_elements(made), elements):
        target._assign(source)
    return made


def record_dtype(record: type[Record]) -> dtype[Any]:
    """Return NumPy's structured type with the same memory; TypeError where objects hold memory of their own.

    NumPy has the axes of arrays inside in the other order.
    """
    kind = record._type
    if kind.managed:
        raise TypeError(f"{kind.label} holds memory or has a FINAL procedure: NumPy has no such elements")
    parts: dict[str, Any] = {"names": [], "formats": [], "offsets": []}
    for name, component in record._components.items():
        parts["names"].append(name)
        parts["formats"].append(_format(component))
        parts["offsets"].append(component.offset)
    parts["itemsize"] = kind.size
    fields: Any = parts
    found: dtype[Any] = dtype(fields)
    return found


def _format(component: Any) -> Any:
    element = component.kind if hasattr(component, "kind") else record_dtype(component.record)
    extents = getattr(component, "extents", ())
    return (element, tuple(extents[::-1])) if extents else element

"""What callers give for arrays of derived type: arrays of objects, structured arrays of NumPy, sequences of objects."""

from __future__ import annotations

from typing import Any, Sequence, TypeVar

from numpy import ndarray

from f2pypy.runtime.descriptors import fortran_strides
from f2pypy.runtime.record_arrays import Records, new_records, record_dtype
from f2pypy.runtime.records import Record
from f2pypy.runtime.routines import location

_Given = TypeVar("_Given", bound=Record)


def records_given(
    record: type[_Given],
    value: Any,
    extents: Sequence[int],
    what: str,
    strided: bool = False,
    polymorphic: bool = False,
) -> Records[_Given]:
    """Return what a caller gives for an array of objects with these extents, -1 for open ones.

    It is an array of them, one of their structured type, or a sequence of objects, which are copied. Those of a
    `polymorphic` array may be of any class that extends `record`, the same for all. Without `strided` Fortran wants the
    array without gaps. Raises TypeError for anything else and ValueError for another shape.
    """
    if polymorphic:
        record, value = _class_of_elements(record, value, what)
    if isinstance(value, Records) and value._record is record:
        given: Records[_Given] = value
    elif isinstance(value, ndarray):
        given = _structured(record, value, what)
    else:
        given = _gathered(record, value, what)
    if not is_of_shape(given.shape, extents):
        wanted = ", ".join(":" if extent < 0 else str(extent) for extent in extents)
        raise ValueError(f"{what}: an array of {record.__name__} with shape ({wanted}) expected, got {given.shape}")
    size = record._type.size
    if strided and (record._type.library.compiler.types.described or not any(s % (size or 1) for s in given._strides)):
        return given
    if list(given._strides) == fortran_strides(size, given.shape):
        return given
    copied = given.__copy__()
    object.__setattr__(copied, "_sources", list(given._in_order()))
    return copied


def is_of_shape(shape: Sequence[int], extents: Sequence[int]) -> bool:
    """Whether a shape has these extents, -1 for open ones."""
    return len(shape) == len(extents) and all(e in (-1, n) for e, n in zip(extents, shape))


def _class_of_elements(record: type[_Given], value: Any, what: str) -> tuple[type[_Given], Any]:
    """Return the class that all elements have, with the array; TypeError where they are of several."""
    if isinstance(value, Records):
        return (value._record if issubclass(value._record, record) else record), value
    if isinstance(value, ndarray) or not hasattr(value, "__iter__"):
        return record, value
    objects = list(value)
    found = {type(each)._type.record: None for each in objects if isinstance(each, record)}
    if len(found) > 1:
        names = " and ".join(each.__name__ for each in found)
        raise TypeError(f"{what}: the elements of an array of class({record.__name__}) have one type, got {names}")
    return next(iter(found), record), objects


def objects_given(record: type[_Given], value: Any, what: str, polymorphic: bool = False) -> _Given | Records[_Given]:
    """Return what a caller gives for an object of a class, or for an array of them with any rank.

    Raises TypeError for anything else, as `records_given` does.
    """
    if isinstance(value, Record):
        return record._given(value, what)
    rank = len(value.shape) if isinstance(value, (Records, ndarray)) else 1
    return records_given(record, value, (-1,) * rank, what, strided=True, polymorphic=polymorphic)


def are_objects(value: Any, record: type[Record], rank: int | None, polymorphic: bool = False) -> bool:
    """Return whether a value may be meant for an array of objects of a class, with `rank` axes.

    None is for any rank, also for an object. An array for a `polymorphic` one may be of a class that extends it.
    """
    if rank is None:
        if isinstance(value, record):
            return True
        rank = len(value.shape) if isinstance(value, (Records, ndarray)) else 1
    if isinstance(value, Records):
        fits = issubclass(value._record, record) if polymorphic else value._record is record
        return fits and len(value.shape) == rank
    if isinstance(value, ndarray):
        is_structured = value.ndim == rank and value.dtype.names is not None
        return is_structured and not record._type.managed and bool(value.dtype == record_dtype(record))
    is_sequence = rank == 1 and isinstance(value, (list, tuple))
    return is_sequence and bool(value) and all(isinstance(each, record) for each in value)


def _structured(record: type[_Given], value: ndarray[Any, Any], what: str) -> Records[_Given]:
    """Return an array of NumPy's as one of objects."""
    if value.dtype != record_dtype(record):
        raise TypeError(f"{what}: an array of {record.__name__} expected, got one of {value.dtype}")
    start = location(value)
    return Records(record, start, value.shape, value.strides, value, None, start)


def _gathered(record: type[_Given], value: Any, what: str) -> Records[_Given]:
    """Return objects of a sequence as an array, which is copied back to them."""
    try:
        elements = list(value)
    except TypeError:
        raise TypeError(f"{what}: an array of {record.__name__} expected, got {type(value).__name__}") from None
    objects = [record._given(each, f"{what}, element {place}") for place, each in enumerate(elements)]
    made = new_records(record, (len(objects),))
    for target, source in zip(made, objects):
        target._assign(source)
    object.__setattr__(made, "_sources", objects)
    return made

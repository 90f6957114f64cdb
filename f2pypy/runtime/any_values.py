"""Arguments of any type: what Python gives for CLASS(*), with its type, and for TYPE(*), of which Fortran sees no type.

NumPy's scalars and arrays go by their own type, Python's numbers as default ones (an integer that doesn't fit as one of
8 bytes), text as characters, objects of derived type as what they are.
"""

from __future__ import annotations

from typing import Any, Sequence

from numpy import asarray, dtype, generic, ndarray, zeros

from f2pypy.runtime.array_types import type_name
from f2pypy.runtime.compilers import Compiler
from f2pypy.runtime.described_objects import extents_of
from f2pypy.runtime.given_records import is_of_shape, records_given
from f2pypy.runtime.intrinsic_tables import table_of
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.polymorphic import class_of, class_of_array, polymorphic, room_for_any_rank, with_type
from f2pypy.runtime.record_arrays import Records
from f2pypy.runtime.records import Record
from f2pypy.runtime.routines import characters, location, pointer_to
from f2pypy.runtime.texts import encoded, give_back_text, has_short_elements, padded

_ACCEPTED = (
    "numbers, bool, bytes, str, arrays and lists of them, and objects of derived type and arrays of these are accepted"
)
_LIMIT = 1 << 31
_DEFAULT_LOGICAL = dtype("i4")


class AnyValue:
    """An array of numbers or text (of rank 0 for a scalar) as an argument of any type.

    `source` is the caller's array where `array` is a copy of it. Logicals are integers here, which `logical` says.
    """

    __slots__ = ("array", "library", "logical", "source")

    def __init__(self, library: Library, array: ndarray[Any, Any], source: Any, logical: bool) -> None:
        self.library, self.array, self.source, self.logical = library, array, source, logical

    @property
    def shape(self) -> tuple[int, ...]:
        """The extents."""
        shape: tuple[int, ...] = self.array.shape
        return shape

    def __len__(self) -> int:
        return len(self.array)

    @property
    def _pointer(self) -> Any:
        """The address of the first element, as an argument."""
        return pointer_to(location(self.array))

    def described(self, interoperable: bool) -> Any:
        """Return the address of a descriptor, as an argument; of the standard's if `interoperable`."""
        compiler: Compiler = self.library.compiler
        make = compiler.c_descriptor if interoperable else compiler.descriptor
        return make(self.array, self.logical)

    def _class(self, room: int) -> Any:
        """Return what goes to a CLASS(*) dummy; `room` is for a descriptor in the container of one of any rank."""
        compiler: Compiler = self.library.compiler
        array, start, layout = self.array, location(self.array), compiler.arrays
        descriptor, is_described = b"", compiler.types.described
        if array.ndim or room or is_described:
            code, other = layout.code(array.dtype, self.logical), int(is_described)
            descriptor = layout.describe(start, array.itemsize, code, array.shape, array.strides, other=other)
        # numbers have none in flang's, which has a place for it all the same
        table = 0 if is_described else table_of(compiler.types, array.dtype, self.logical)
        length = array.itemsize if array.dtype.kind == "S" and not is_described else 0
        return characters(with_type(start, descriptor.ljust(room, b"\0"), table, length))

    def _give_back(self) -> None:
        """Copy the elements back to the array that was given."""
        if self.source is None or not self.source.flags.writeable:
            return
        if self.array.dtype.kind == "S":
            give_back_text(self.array, self.source)
        else:
            self.source[...] = self.array


def any_value(
    library: Library,
    value: Any,
    extents: Sequence[int] | None,
    what: str,
    strided: bool = False,
    written: bool = False,
    typed: bool = False,
) -> Any:
    """Return what a caller gives for an argument of any type: an object, an array of them, or an `AnyValue`.

    `extents` are those of the argument, -1 for open ones and () for a scalar, None for any rank. Without `strided`
    Fortran wants arrays without gaps. What is `written` must be an object or an array, of rank 0 for a scalar. Where it
    is `typed` Fortran asks for the type. Raises TypeError for what can't be passed, and ValueError for another shape.
    """
    if isinstance(value, Record) or _has_objects(value):
        given = _given_objects(value, what, strided)
        shape = extents_of(given)[0]
    else:
        given = _given_numbers(library, value, what, strided, written, typed)
        shape = given.shape
    if extents is not None and not is_of_shape(shape, extents):
        raise ValueError(f"{what}: {_shape_in_words(extents)} expected, got {_shape_in_words(shape)}")
    return given


def no_value(library: Library, rank: int) -> AnyValue:
    """Return what stands for an array that isn't given: one without elements."""
    return AnyValue(library, zeros((0,) * rank, "i4"), None, False)


def give_back_any(value: Any) -> None:
    """Copy elements back to what was given for `value`, which `any_value` has returned."""
    if isinstance(value, (AnyValue, Records)):
        value._give_back()


def class_of_any(value: Any) -> Any:
    """Return what goes to a CLASS(*) dummy for what `any_value` has returned."""
    if isinstance(value, Record):
        return class_of(value)
    return class_of_array(value) if isinstance(value, Records) else value._class(0)


def class_of_any_rank(value: Any) -> Any:
    """Return what goes to a CLASS(*) dummy of any rank for what `any_value` has returned."""
    if isinstance(value, AnyValue):
        return value._class(room_for_any_rank(value.library.compiler))
    kind = (value._record if isinstance(value, Records) else value)._type
    room = room_for_any_rank(kind.library.compiler)
    return characters(polymorphic(kind, value._address, *extents_of(value), room))


def any_descriptor(value: Any, interoperable: bool = False) -> Any:
    """Return the address of a descriptor of what `any_value` has returned, as an argument."""
    if isinstance(value, AnyValue):
        return value.described(interoperable)
    kind = (value._record if isinstance(value, Records) else value)._type
    compiler = kind.library.compiler
    layout = compiler.c_arrays if interoperable else compiler.arrays
    return characters(layout.describe(value._address, kind.size, layout.codes["V"], *extents_of(value)))


def _has_objects(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(isinstance(each, Record) for each in value)
    return isinstance(value, Records)


def _given_objects(value: Any, what: str, strided: bool) -> Any:
    """Return an object, or an array of objects of one class."""
    if isinstance(value, Record):
        return value
    first = value._record if isinstance(value, Records) else type(next(e for e in value if isinstance(e, Record)))
    rank = len(value.shape) if isinstance(value, Records) else 1
    return records_given(first._type.record, value, (-1,) * rank, what, strided)


def _given_numbers(library: Library, value: Any, what: str, strided: bool, written: bool, typed: bool) -> AnyValue:
    """Return numbers or text, copied where Fortran couldn't use them as they lie."""
    if written and not isinstance(value, ndarray):
        raise TypeError(
            f"{what}: Fortran changes it: an array is expected, of rank 0 for a scalar, or an object, "
            f"got {type_name(value)}"
        )
    array = value if isinstance(value, ndarray) else _array_of_any(value, what)
    if written and not array.flags.writeable:
        raise ValueError(f"{what}: Fortran changes it, and the array is read-only")
    if array.dtype.kind == "U":
        array = encoded(array)
    _refuse_unknown(library, value, array, what, typed)
    logical = array.dtype.kind == "b"
    if logical and typed:
        array = array.astype(_DEFAULT_LOGICAL)
    elif array.dtype.kind == "S" and has_short_elements(array):
        array = padded(array, array.dtype)
    array = _lying_well(array, strided)
    source = value if isinstance(value, ndarray) and array is not value else None
    return AnyValue(library, array, source, logical)


def _array_of_any(value: Any, what: str) -> ndarray[Any, Any]:
    """Return a scalar, or nested sequences of scalars, as an array."""
    if isinstance(value, (str, bytes)):
        return encoded(value)
    try:
        made = asarray(value)
    except ValueError as reason:  # rows of different lengths
        raise TypeError(f"{what}: {reason}") from None
    if made.dtype.kind in "SU":
        return encoded(value)
    return made.astype("i4") if made.dtype == "i8" and _are_default(value, made) else made


def _are_default(value: Any, made: ndarray[Any, Any]) -> bool:
    """Whether Python's integers are default ones of Fortran: none is larger, and no type of NumPy's says otherwise."""
    is_small = not made.size or (made.min() >= -_LIMIT and made.max() < _LIMIT)
    return bool(is_small) and not _has_numpys_type(value)


def _has_numpys_type(value: Any) -> bool:
    """Whether any number in nested sequences has a type of NumPy's."""
    if isinstance(value, (list, tuple)):
        return any(map(_has_numpys_type, value))
    return isinstance(value, (generic, ndarray))


def _lying_well(array: ndarray[Any, Any], strided: bool) -> ndarray[Any, Any]:
    """Return an array as Fortran can use it, or a copy."""
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    size = array.itemsize or 1
    fits = not any(step % size for step in array.strides) if strided else array.flags.f_contiguous
    return array if fits and array.flags.aligned else array.copy("F")


def _refuse_unknown(library: Library, value: Any, array: ndarray[Any, Any], what: str, typed: bool) -> None:
    """Raise TypeError for elements that Fortran has no type for, where it asks for the type."""
    kind = array.dtype
    codes = library.compiler.arrays.codes
    has_code = kind.kind in codes or f"{kind.kind}{kind.itemsize}" in codes
    is_number = kind.kind in ("ifc" if typed else "iufc") and has_code
    is_known = is_number or kind.kind in ("bS" if typed else "bSV")
    if not is_known or (typed and kind.char == "e"):
        given = f"an array of {kind}" if isinstance(value, ndarray) else type_name(value)
        raise TypeError(f"{what}: Fortran has no type for {given}; {_ACCEPTED}")


def _shape_in_words(shape: Sequence[int]) -> str:
    if not shape:
        return "a scalar"
    return f"an array with shape ({', '.join(':' if each < 0 else str(each) for each in shape)})"

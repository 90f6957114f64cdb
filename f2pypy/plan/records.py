"""What wrappers do with objects of derived type."""

from __future__ import annotations

import enum

from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import Expression


@dataclass(frozen=True)
class RecordInput:
    """Check that `name` is an object of class `record`; None is let through where it is `optional`."""

    name: str
    record: str
    what: str
    optional: bool = False


@dataclass(frozen=True)
class RecordHidden:
    """``name = record._new()``: an object for Fortran to fill."""

    name: str
    record: str


@dataclass(frozen=True)
class RecordArrayInput:
    """Make `name` an array of objects of class `record`; extents None are the caller's.

    Without `strided` it has no gaps. Where it is `optional`, an array without elements stands for None. The elements of
    a `polymorphic` one may all be of one class that extends `record`.
    """

    name: str
    record: str
    extents: tuple[Expression | None, ...]
    what: str
    strided: bool
    optional: bool = False
    polymorphic: bool = False


@dataclass(frozen=True)
class RecordArrayHidden:
    """Make a new array of objects of class `record`."""

    name: str
    record: str
    extents: tuple[Expression, ...]


@dataclass(frozen=True)
class RecordArrayAfter:
    """Copy the elements of `name` back to what the caller gave, unless that is the array itself."""

    name: str


@dataclass(frozen=True)
class RecordDeferred:
    """Make the `holder` of an allocatable or pointer of class `record`, which sees what is in `name`, if anything.

    Without a `record` it is of any type. Nothing comes in without `what`, which is the argument in messages.
    Procedures with ``bind(c)`` have the standard's descriptors: `interoperable`.
    """

    name: str
    holder: str
    record: str
    rank: int
    pointer: bool
    polymorphic: bool
    what: str = ""
    interoperable: bool = False


@dataclass(frozen=True)
class RecordLeft:
    """``name = holder.left()``: what Fortran has left of an allocatable or pointer.

    `value` is the local with the function's value where that came in registers, `annotation` the type of a new local.
    """

    name: str
    holder: str
    value: str = ""
    annotation: str = ""


@dataclass(frozen=True)
class RecordTake:
    """``name = record._taken(value)``: an object with the bytes that a function returned by value."""

    name: str
    record: str
    value: str


@dataclass(frozen=True)
class PassRecordArray:
    """The address of a descriptor of an array of objects, of the standard's if `interoperable`."""

    name: str
    interoperable: bool = False


@dataclass(frozen=True)
class PassRecord:
    """The address of an object; NULL for None where it is `optional`."""

    name: str
    optional: bool = False


@dataclass(frozen=True)
class PassRecordHolder:
    """What the `holder` of an allocatable or pointer has for Fortran; what this may deallocate is `lent`."""

    holder: str
    lent: bool


@dataclass(frozen=True)
class PassClass:
    """The address of an object, or of an array of them, together with what the type is.

    It is NULL for None where it is `optional`; an array is never None.
    """

    name: str
    optional: bool = False
    is_array: bool = False


class AnyForm(enum.Enum):
    """What goes to Fortran for a value of any type."""

    ADDRESS = enum.auto()
    # the scalar or a descriptor of the array, together with its type
    CLASS = enum.auto()
    # the same, with a descriptor in any case
    DESCRIBED_CLASS = enum.auto()
    DESCRIPTOR = enum.auto()
    # that of bind(c) procedures
    STANDARD_DESCRIPTOR = enum.auto()


@dataclass(frozen=True)
class AnyInput:
    """Make `name` a value for an argument of any type; `extents` None are those of any rank, () a scalar's.

    It may have gaps if `strided`. What is `written` must be an object or an array. Where it is `typed` Fortran asks for
    the type. Where it is `optional`, an array without elements stands for None, and None for a scalar that isn't there.
    With a `record` it is an object of that class, or an array of them; a `polymorphic` one may extend the class.
    """

    name: str
    extents: tuple[Expression | None, ...] | None
    what: str
    strided: bool
    written: bool
    typed: bool
    optional: bool
    record: str = ""
    polymorphic: bool = False


@dataclass(frozen=True)
class AnyAfter:
    """Copy what Fortran has changed in `name`, a value of any type, back to what the caller gave."""

    name: str


@dataclass(frozen=True)
class PassAny:
    """A value of any type; NULL for None where it is `optional`."""

    name: str
    form: AnyForm
    optional: bool


@dataclass(frozen=True)
class PassRecordValue:
    """An object by value: the bytes of a structure of C, or with `reference` the address of a copy."""

    name: str
    record: str
    reference: bool

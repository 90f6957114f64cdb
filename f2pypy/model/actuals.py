"""What a call of a routine passes for each dummy argument."""

from __future__ import annotations

from typing import Union

from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import Expression
from f2pypy.model.types import DataType


@dataclass(frozen=True)
class ScalarReference:
    """The address of scalar argument or local `name`."""

    name: str


@dataclass(frozen=True)
class Temporary:
    """The address of a value that only the call sees: a flag, a literal, a part of a complex."""

    value: Expression
    type: DataType


@dataclass(frozen=True)
class ArrayAddress:
    """The address of array or string argument `name`, `offset` elements in."""

    name: str
    offset: Expression | None = None


@dataclass(frozen=True)
class DescriptorOf:
    """The address of a descriptor of argument `name`."""

    name: str


@dataclass(frozen=True)
class ValueArgument:
    """A value passed by value."""

    value: Expression
    type: DataType


@dataclass(frozen=True)
class LengthOf:
    """The hidden length of string argument `name`, by value as size_t."""

    name: str


@dataclass(frozen=True)
class LengthPlace:
    """The hidden address of the length of deferred-length argument `name`, a size_t that Fortran may change."""

    name: str


@dataclass(frozen=True)
class PresenceFlag:
    """The hidden flag, a byte by value, that says whether `name` was given: an ``optional, value`` dummy."""

    name: str


@dataclass(frozen=True)
class CallbackAddress:
    """The C function made for callback argument `name`."""

    name: str


@dataclass(frozen=True)
class PartReference:
    """The address of the real ("r") or imaginary ("i") part of complex scalar `name`."""

    name: str
    part: str


@dataclass(frozen=True)
class TextAddress:
    """The address of a string literal, or of one that `value` chooses."""

    value: Expression


@dataclass(frozen=True)
class ClassOf:
    """What a CLASS dummy gets for the object `name`: its address, and what its type is."""

    name: str


@dataclass(frozen=True)
class ObjectAddress:
    """The address of the object of derived type that argument `name` is."""

    name: str


@dataclass(frozen=True)
class ObjectValue:
    """The object of derived type that argument `name` is, by value; with `reference` the address of a copy of it."""

    name: str
    reference: bool


@dataclass(frozen=True)
class NullAddress:
    """The NULL pointer."""


@dataclass(frozen=True)
class ChosenAddress:
    """One of two addresses."""

    test: Expression
    then: Actual
    otherwise: Actual


Actual = Union[
    ScalarReference,
    Temporary,
    ArrayAddress,
    DescriptorOf,
    ValueArgument,
    LengthOf,
    LengthPlace,
    PresenceFlag,
    CallbackAddress,
    PartReference,
    TextAddress,
    ClassOf,
    ObjectAddress,
    ObjectValue,
    NullAddress,
    ChosenAddress,
]

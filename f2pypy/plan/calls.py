"""What the call of a routine passes, and the call."""

from __future__ import annotations

from enum import Enum, auto
from typing import Union

from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import Expression
from f2pypy.plan.records import (
    PassAny,
    PassClass,
    PassRecord,
    PassRecordArray,
    PassRecordHolder,
    PassRecordValue,
)


@dataclass(frozen=True)
class PassScalar:
    """The address of a scalar of type `code` that has the value before the call.

    Those of one `name` in a call are one variable, which lies in memory once.
    """

    name: str
    code: str
    value: Expression


@dataclass(frozen=True)
class Address:
    """The address of an array or string buffer, `offset` elements in where that is given."""

    array: str
    offset: Expression | None = None


@dataclass(frozen=True)
class PassString:
    """A string that is no array, as it is: calls take the address of its first character."""

    name: str


@dataclass(frozen=True)
class PassValue:
    """A value passed by value, wrapped as `code`; a `whole` one needs a C object of its own."""

    value: Expression
    code: str
    whole: bool = False


class LengthOf(Enum):
    """What has a hidden length; `HOLDER` holds an allocatable or pointer, `PLACE` is the address of its length.

    A string in C's `MEMORY` has a NUL after it.
    """

    STRING = auto()
    MEMORY = auto()
    ELEMENT = auto()
    CHARACTER = auto()
    HOLDER = auto()
    PLACE = auto()


@dataclass(frozen=True)
class PassLength:
    """The hidden length of the character argument `name`, as size_t."""

    name: str
    form: LengthOf


@dataclass(frozen=True)
class PassPointer:
    """A callback's C function."""

    name: str


@dataclass(frozen=True)
class PassNull:
    """An address, or NULL (for a length 0) where the caller left the argument out, which the local `absent` says."""

    absent: str
    actual: CallArgument

    @property
    def is_length(self) -> bool:
        """Whether it stands for a hidden length."""
        return isinstance(self.actual, PassLength)


@dataclass(frozen=True)
class PassDescriptor:
    """The address of a descriptor of an array: its holder's, or one made for the call by `describer` or `maker`."""

    array: str
    holder: str = ""
    maker: str = "descriptor"
    describer: str = ""
    rank: int = 0  # of an allocatable or pointer, which may be None
    logical: bool = False
    interoperable: bool = False  # it is the standard's


@dataclass(frozen=True)
class PassText:
    """The address of a string literal."""

    value: Expression


@dataclass(frozen=True)
class PassNothing:
    """NULL."""


@dataclass(frozen=True)
class PassChosen:
    """One of two addresses."""

    test: Expression
    then: CallArgument
    otherwise: CallArgument


CallArgument = Union[
    PassScalar,
    Address,
    PassString,
    PassValue,
    PassLength,
    PassPointer,
    PassNull,
    PassDescriptor,
    PassText,
    PassNothing,
    PassChosen,
    PassAny,
    PassClass,
    PassRecord,
    PassRecordArray,
    PassRecordHolder,
    PassRecordValue,
]


@dataclass(frozen=True)
class Invoke:
    """Call the routine.

    `result` takes the function's value, whose type is `annotation`; `outputs` are the variables that take the values
    which scalars have after the call, in the order of the binding's outputs. Where Fortran calls Python by name,
    `serving` is one of the callbacks that the routine is passed, "" if there is none, and `by_name` has pairs of the
    procedure that Fortran calls and the callback that serves as it.
    """

    routine: str
    arguments: tuple[CallArgument, ...]
    outputs: tuple[str, ...]
    result: str | None
    annotation: str = ""
    serving: str = ""
    by_name: tuple[tuple[str, str], ...] = ()

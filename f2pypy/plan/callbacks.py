"""How a module describes what Fortran calls and Python provides."""

from __future__ import annotations

import enum

from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import Expression
from f2pypy.plan.prototypes import Prototype


class Passed(enum.Enum):
    """What Fortran passes for an argument of a callback."""

    SCALAR = "scalar"  # an address, or the value itself
    STRING = "string"  # an address, and the length as a hidden argument
    ARRAY = "array"  # the address of the first element
    DESCRIPTOR = "descriptor"  # the address of an array's descriptor
    OBJECT = "object"  # the address of an object of derived type
    CLASS = "class"  # that of what says where the object is, and of which type
    OBJECT_ARRAY = "object array"  # the address of the first object
    ANY = "any"  # that of what says where a value is, and of which type
    DEFERRED = "deferred"  # that of an allocatable or pointer to objects, or to values of any type
    DEFERRED_RESULT = "deferred result"  # the same, for what a function returns
    RESULT = "result"  # the address to which an object is to be copied


@dataclass(frozen=True)
class CallbackArgument:
    """What Fortran passes to a callback, or what a callback fills with its result.

    `type` is the runtime's name of a scalar's type or of an array's element type, the class of an object, "" for a
    string; `flags` are its names of the intent. `length` is that of a string, None where a hidden argument tells it, or
    that of each element of an array of characters, 0 where a hidden argument tells it. The `extents` of an array by
    address need the arguments `needs`; one by descriptor, of objects or of any type too, has `rank` axes, and the
    standard's descriptor if `interoperable`. `converter` is the runtime's function that makes a scalar of an answer,
    where the type alone doesn't tell it. An object that C returns has a letter for each of the `registers` in which it
    comes back: "I" for integers, "F" for floating point; "M" where that is memory. Of what is deferred `pointer` and
    `polymorphic` tell more; its `type` is "" where it may be of any.
    """

    name: str
    passed: Passed
    type: str
    flags: tuple[str, ...]
    length: int | None = None
    needs: tuple[str, ...] = ()
    extents: tuple[Expression, ...] = ()
    rank: int = 0
    by_value: bool = False
    converter: str = ""
    interoperable: bool = False
    registers: str = ""
    pointer: bool = False
    polymorphic: bool = False


@dataclass(frozen=True)
class CallbackComplex:
    """The complex number that a callback returns; `type` is the runtime's name of its type."""

    name: str
    type: str


@dataclass(frozen=True)
class CallbackSignature:
    """The constant `variable` that describes a dummy procedure, which messages call `name`.

    `result` is the runtime's name of a scalar's type, a complex number, or what the callback fills. `prototype`
    is None where C types don't say what Fortran passes.
    """

    variable: str
    name: str
    result: str | CallbackArgument | CallbackComplex | None
    arguments: tuple[CallbackArgument, ...]
    lengths: bool
    converter: str = ""
    prototype: Prototype | None = None


@dataclass(frozen=True)
class ExportedCallback:
    """The constant `variable` for the procedure `name` that Fortran calls and Python provides."""

    variable: str
    name: str
    signature: str

"""One expression tree for Fortran and C texts, and the statements that C texts add.

The readers build it from text (`c.py`, `fortran.py`), `typing.py` makes every implicit conversion explicit, and the
printers walk it. Nodes are frozen; `at` is the offset of the node's first character in the text it was read from
(-1: made by f2pypy) and never counts in comparisons.
"""

from __future__ import annotations

import enum
from fractions import Fraction
from typing import Union

from f2pypy.dataclass import dataclass, field


class Kind(enum.Enum):
    """What a value is, as far as arithmetic cares."""

    INTEGER = "integer"
    REAL = "real"
    COMPLEX = "complex"
    LOGICAL = "logical"
    CHARACTER = "character"
    DERIVED = "derived"  # an object of derived type, of which no expression is made


@dataclass(frozen=True)
class Integer:
    """An integer literal; `kind` is Fortran's suffix (``1_int64``) where there is one.

    `constant` is the constant of ISO_C_BINDING that it is the value of, where targets differ in it.
    """

    value: int
    at: int = field(default=-1, compare=False)
    kind: Expression | None = None
    constant: str = field(default="", compare=False)


@dataclass(frozen=True)
class Real:
    """A real literal; `single` where the text gives it single precision (Fortran 1.0, C 1.0f).

    `kind` is Fortran's suffix (``1.0_dp``) where there is one; `single` is False then. `exact` is the number itself
    where its kind may have more digits than `value`.
    """

    value: float
    single: bool = False
    at: int = field(default=-1, compare=False)
    kind: Expression | None = None
    exact: Fraction | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Complex:
    """A complex literal, Fortran's ``(re, im)``."""

    real: Expression
    imaginary: Expression
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Logical:
    """``.true.`` or ``.false.``; `kind` is Fortran's suffix where there is one."""

    value: bool
    at: int = field(default=-1, compare=False)
    kind: Expression | None = None


@dataclass(frozen=True)
class Character:
    """One C character constant, ``'A'``: an integer in C, a flag's value in signature files."""

    value: bytes
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class String:
    """A string literal, ``"abc"`` in C, either quote in Fortran; no terminating NUL."""

    value: bytes
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Name:
    """A variable, in the case of the source."""

    name: str
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Unary:
    """``-x``, ``+x``, ``!x``, ``~x``."""

    operator: str
    operand: Expression
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Binary:
    """Two operands; operators in C's spelling, with ``**`` for Fortran's power and ``concat`` for ``//``.

    ``== != < <= > >= && || + - * / % ** & | ^ << >> concat eqv neqv``. After typing, ``/`` and ``%`` divide reals,
    ``idiv`` and ``imod`` truncate towards zero as C does, ``ipow`` is the power of integers, ``**`` that of others.
    """

    operator: str
    left: Expression
    right: Expression
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Conditional:
    """C's ``test ? then : otherwise``."""

    test: Expression
    then: Expression
    otherwise: Expression
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Call:
    """``function(arguments)``; in Fortran texts also an array element, until names are resolved.

    `keywords` holds Fortran's ``name=value`` arguments.
    """

    function: str
    arguments: tuple[Expression, ...]
    keywords: tuple[tuple[str, Expression], ...] = ()
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class CallThrough:
    """C's call of an expression, as in ``(*f2py_func)(&n, x)``."""

    function: Expression
    arguments: tuple[Expression, ...]
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Subscript:
    """C's ``base[index]``, counted from 0 in memory order."""

    base: Expression
    index: Expression
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Member:
    """``base.name``, or ``base->name`` where `arrow`; ``z.r`` and ``z.i`` are the parts of a complex."""

    base: Expression
    name: str
    arrow: bool = False
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class AddressOf:
    """C's ``&operand``."""

    operand: Expression
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Dereference:
    """C's ``*operand``."""

    operand: Expression
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Cast:
    """C's ``(type) operand``; `type` is the C text of the type, such as ``int`` or ``double *``."""

    type: str
    operand: Expression
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Sequence:
    """C's comma expression: all are evaluated, the last is the value."""

    items: tuple[Expression, ...]
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Assignment:
    """``target operator value`` with operator ``=``, ``+=``, ...; an expression in C."""

    target: Expression
    operator: str
    value: Expression
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Increment:
    """``++x``, ``x++``, ``--x``, ``x--``: `step` is 1 or -1, `prefix` tells when the value is taken."""

    target: Expression
    step: int
    prefix: bool
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Bounds:
    """``lower:upper:stride`` in a Fortran dimension or section; None where left out, `assumed_size` for ``*``."""

    lower: Expression | None
    upper: Expression | None
    stride: Expression | None = None
    assumed_size: bool = False
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class ArrayConstructor:
    """Fortran's ``[a, b]`` or ``(/a, b/)``, and C's ``{a, b}``.

    `lower` is the index of the first item in a named constant.
    """

    items: tuple[Expression, ...]
    at: int = field(default=-1, compare=False)
    lower: int = 1


# What only resolved expressions hold: questions about arguments, each one node.


@dataclass(frozen=True)
class Extent:
    """The extent of argument `array` along `axis`, counted from 0."""

    array: str
    axis: int
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Rank:
    """The rank of argument `array`."""

    array: str
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Size:
    """The number of elements of argument `array`."""

    array: str
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Stored:
    """The value that the integer `name` of the Fortran module `owner` has when it is asked for.

    With an `axis` (from 0) it is the extent that the array `name` has then.
    """

    owner: str
    name: str
    axis: int | None = None
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Part:
    """The integer component that `path` leads to in the object `owner`, an argument of derived type.

    With an `axis` (from 0) it is the extent of an array component there, with -1 its number of elements; with `length`
    the length of one of characters. In the plan `path` are attributes of Python's, and `letter` is the struct module's
    for a private integer that lies `offset` bytes into the object there, "" for an attribute.
    """

    owner: str
    path: tuple[str, ...]
    axis: int | None = None
    at: int = field(default=-1, compare=False)
    letter: str | None = None
    offset: int = 0
    length: bool = False


@dataclass(frozen=True)
class ItemSize:
    """The bytes of one element of argument `array`."""

    array: str
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class StringLength:
    """The length in characters of string argument `string`."""

    string: str
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Absent:
    """Whether the caller left `argument` out (C's ``argument_capi == Py_None``)."""

    argument: str
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Convert:
    """The operand as a value of `kind`: an explicit conversion where C or Fortran has an implicit one."""

    kind: Kind
    operand: Expression
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Unread:
    """A text that f2pypy can't evaluate, for the reason in `message`; a compiler may know what it means."""

    message: str
    at: int = field(default=-1, compare=False)


Expression = Union[
    Integer,
    Real,
    Complex,
    Logical,
    Character,
    String,
    Name,
    Unary,
    Binary,
    Conditional,
    Call,
    CallThrough,
    Subscript,
    Member,
    AddressOf,
    Dereference,
    Cast,
    Sequence,
    Assignment,
    Increment,
    Bounds,
    ArrayConstructor,
    Extent,
    Rank,
    Size,
    ItemSize,
    Stored,
    Part,
    StringLength,
    Absent,
    Convert,
    Unread,
]


# Stands between the name of a Fortran module and that of its function.
OWNED_FUNCTION = "%"
# The module of the functions that are compiled to answer what Python can't compute, and what calls of them begin with.
ASKED_MODULE = "f2pypy_extents"
ASKED = f"{ASKED_MODULE}{OWNED_FUNCTION}"


class ExpressionError(Exception):
    """A text can't be read as an expression, or says something f2pypy can't say in Python.

    `offset` counts characters from the start of that text (0 where it isn't known).
    """

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset

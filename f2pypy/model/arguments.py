"""What the dummy arguments of routines and callbacks are."""

from __future__ import annotations

import enum

from f2pypy.dataclass import dataclass, field
from f2pypy.diagnostics import Span
from f2pypy.expressions.nodes import Expression
from f2pypy.model.types import DataType


class Presence(enum.Enum):
    """Whether the caller of the Python function gives the argument."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    HIDDEN = "hidden"


class Intent(enum.Flag):
    """The keys of ``intent(...)`` that stay meaningful after combination; NONE is f2py's plain input."""

    NONE = 0
    IN = enum.auto()
    OUT = enum.auto()
    INOUT = enum.auto()
    INPLACE = enum.auto()
    CACHE = enum.auto()
    COPY = enum.auto()
    OVERWRITE = enum.auto()
    C = enum.auto()
    AUX = enum.auto()
    CALLBACK = enum.auto()
    ALIGNED4 = enum.auto()
    ALIGNED8 = enum.auto()
    ALIGNED16 = enum.auto()


class Form(enum.Enum):
    """What Fortran receives for a dummy argument."""

    ADDRESS = "address"  # of the first element, or of a scalar
    ASSUMED_SHAPE = "assumed shape"  # a descriptor of the caller's array
    ASSUMED_RANK = "assumed rank"  # the same, of any rank
    ASSUMED_LENGTH = (
        "assumed length"  # a descriptor of characters for a bind(c) procedure
    )
    ALLOCATABLE = "allocatable"  # a descriptor of memory that Fortran may allocate
    POINTER = "pointer"  # a descriptor that Fortran may point elsewhere


class Direction(enum.Enum):
    """Who gives an argument to whom when its procedure is called."""

    TO_FORTRAN = "to Fortran"  # of a routine that Python calls
    TO_PYTHON = "to Python"  # of a callback that Fortran calls


@dataclass(frozen=True)
class Check:
    """A condition that must hold, and the C text that f2py shows when it doesn't."""

    condition: Expression
    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Bound:
    """One extent: `value` None where the caller's array decides; `text` is how documentation shows it.

    `known` is false where the extent depends on something that is evaluated after the array: then the caller's
    array decides, although documentation shows the extent.
    """

    value: Expression | None
    text: str
    known: bool = True


@dataclass(frozen=True)
class Argument:
    """A dummy argument (or an auxiliary variable, or a function's result) of a routine or of a callback.

    `direction` says who gives it: Python to a routine, Fortran to a callback, whose arguments have no `initial` and no
    `checks`. `bounds` is None for scalars. `result_name` is the name under which it is returned, None where it isn't.
    `ordinal` is how messages call it: ``1st argument``, ``2nd keyword``, ``hidden``.
    `initial_text` is the default as the source writes it, for documentation. `states_direction` tells whether the
    source says which way it goes; an argument of which nothing is said goes in. `read_only` tells whether the compiler
    sees to it that Fortran doesn't change it, as for ``intent(in)`` of a Fortran source.
    """

    name: str
    type: DataType
    bounds: tuple[Bound, ...] | None
    intent: Intent
    presence: Presence
    initial: Expression | None
    initial_text: str
    checks: tuple[Check, ...]
    result_name: str | None
    ordinal: str
    span: Span = field(compare=False)
    by_value: bool = False
    callback: Callback | None = None
    direction: Direction = Direction.TO_FORTRAN
    absent_as_null: bool = False
    form: Form = Form.ADDRESS
    contiguous: bool = False  # a descriptor must be of an array without gaps
    # its descriptor is the one that the standard gives bind(c) procedures
    interoperable: bool = False
    states_direction: bool = True
    read_only: bool = False

    @property
    def is_array(self) -> bool:
        """Whether it has a rank."""
        return self.bounds is not None

    @property
    def is_procedure_pointer(self) -> bool:
        """Whether it is a dummy procedure pointer."""
        return self.callback is not None and self.form is Form.POINTER


@dataclass(frozen=True)
class Callback:
    """A dummy procedure, which Fortran calls and Python provides.

    `name` is that of its interface, `module` where it was described. `evaluation` names the arguments so that each
    comes after those that its extents need.
    """

    name: str
    module: str
    arguments: tuple[Argument, ...]
    result: Argument | None
    evaluation: tuple[str, ...]
    lengths: bool = True  # hidden character lengths are passed
    described: bool = True  # otherwise nothing is known but the name

"""What happens at the call, in order: the call itself, and what a callstatement does besides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from f2pypy.expressions.nodes import Bounds, Expression
from f2pypy.model.actuals import Actual
from f2pypy.model.types import DataType


@dataclass(frozen=True)
class CallRoutine:
    """The Fortran call; `result` is the variable that takes a function's result."""

    arguments: tuple[Actual, ...]
    result: str | None = None


@dataclass(frozen=True)
class Assign:
    """``target = value`` for a scalar argument or local."""

    target: str
    value: Expression


@dataclass(frozen=True)
class AssignElement:
    """``array[index] = value``, counted in memory order; `part` "r" or "i" is that part of a complex element alone."""

    array: str
    index: Expression
    value: Expression
    part: str = ""


@dataclass(frozen=True)
class AssignElements:
    """``array[places] operator value`` for many places in memory order, all values computed before any is assigned.

    Inside `value` a `Bounds` stands for the integers that it counts, and as a subscript for the elements there.
    """

    array: str
    places: Bounds
    operator: str
    value: Expression
    part: str = ""


@dataclass(frozen=True)
class FillTriangle:
    """Set one triangle of the square column-major matrix of `order` in the memory of `array` to `value`.

    `leading` is the distance of its columns. `lower` is the triangle that is set, as Fortran sees the matrix, with
    the diagonal where `diagonal`.
    """

    array: str
    order: Expression
    leading: Expression
    lower: bool
    diagonal: bool
    value: Expression


@dataclass(frozen=True)
class Choose:
    """``if test``, with actions in both branches."""

    test: Expression
    then: tuple[Action, ...]
    otherwise: tuple[Action, ...]


@dataclass(frozen=True)
class Loop:
    """``initial; while test: body; step``: a C loop that has no vectorised form."""

    initial: tuple[Action, ...]
    test: Expression
    body: tuple[Action, ...]
    step: tuple[Action, ...]


@dataclass(frozen=True)
class Break:
    """Leave the innermost loop."""


@dataclass(frozen=True)
class Continue:
    """Begin the next turn of the innermost loop at its test."""


@dataclass(frozen=True)
class Raise:
    """``PyErr_SetString(exception, message)`` with ``f2py_success = 0``; string `argument` may have the message."""

    exception: str
    message: str
    argument: str = ""


Action = Union[
    CallRoutine,
    Assign,
    AssignElement,
    AssignElements,
    FillTriangle,
    Choose,
    Loop,
    Break,
    Continue,
    Raise,
]


@dataclass(frozen=True)
class Local:
    """A variable that a callstatement declares."""

    name: str
    type: DataType

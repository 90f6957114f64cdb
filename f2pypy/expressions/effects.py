"""What a callstatement does besides calling: nodes that the model and the plan share."""

from __future__ import annotations

from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import Bounds, Expression


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
class Raise:
    """``PyErr_SetString(exception, message)`` with ``f2py_success = 0``; string `argument` may have the message."""

    exception: str
    message: str
    argument: str = ""

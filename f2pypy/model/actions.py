"""What happens at the call, in order: the call itself, and what a callstatement does besides."""

from __future__ import annotations

from typing import Union

from f2pypy.dataclass import dataclass
from f2pypy.expressions.effects import (
    AssignElement,
    AssignElements,
    FillTriangle,
    Raise,
)
from f2pypy.expressions.nodes import Expression
from f2pypy.expressions.statements import Break, Continue
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

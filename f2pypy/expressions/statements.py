"""The statements of C that callstatements and usercode are made of, and the functions that they define."""

from __future__ import annotations

from typing import Union

from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import Expression


@dataclass(frozen=True)
class Evaluate:
    """An expression evaluated for its effect."""

    expression: Expression


@dataclass(frozen=True)
class Declaration:
    """A local variable of C type `type`; several in one statement are several declarations."""

    type: str
    name: str
    initial: Expression | None


@dataclass(frozen=True)
class If:
    """``if (test) then else otherwise``; both branches are blocks."""

    test: Expression
    then: Block
    otherwise: Block | None


@dataclass(frozen=True)
class For:
    """C's ``for (initial; test; step) body``; `initial` may declare."""

    initial: tuple[Statement, ...]
    test: Expression | None
    step: Expression | None
    body: Block


@dataclass(frozen=True)
class While:
    """``while (test) body``, or ``do body while (test)`` where `after`."""

    test: Expression
    body: Block
    after: bool = False


@dataclass(frozen=True)
class Return:
    """``return value``; None for a function that returns nothing."""

    value: Expression | None


@dataclass(frozen=True)
class Break:
    """``break``: the innermost loop ends."""


@dataclass(frozen=True)
class Continue:
    """``continue``: the innermost loop goes on with its next turn."""


@dataclass(frozen=True)
class Block:
    """``{ ... }``: statements in order."""

    statements: tuple[Statement, ...]


Statement = Union[Evaluate, Declaration, If, For, While, Return, Break, Continue, Block]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a C function: C type, with ``*`` for pointers, and name."""

    type: str
    name: str


# The type of a parameter that takes its argument as it is.
ANYTHING = "*any"


@dataclass(frozen=True)
class FunctionDefinition:
    """A C function defined in a usercode block, or without a body a function of a Fortran module, ``module%name``."""

    name: str
    result: str
    parameters: tuple[Parameter, ...]
    body: Block

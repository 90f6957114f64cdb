"""One variable on its way to an argument: its texts read, nothing typed or inferred yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from f2pypy import syntax
from f2pypy.expressions.nodes import (
    Expression,
    Kind,
)
from f2pypy.model import DataType
from f2pypy.resolve.arguments.intents import DIRECTIONS
from f2pypy.resolve.names.declarations import Declaration
from f2pypy.resolve.names.texts import (
    ReadText,
    as_shown,
    is_assumed_shape,
    lower_bound,
    read_extent,
    read_value,
)


@dataclass(frozen=True)
class Draft:
    """A variable whose texts are read.

    `extents` holds None for an extent that the caller's array decides. `depends` is None where the source gives
    no explicit list; `checked` tells whether it gives a check list, which turns inference off.
    """

    declaration: Declaration
    type: DataType
    extents: tuple[ReadText | None, ...] | None
    initial: ReadText | None
    checks: tuple[ReadText, ...]
    checked: bool
    depends: tuple[str, ...] | None
    optional: bool
    assumed_shape: bool = False
    assumed_rank: bool = False
    lower: tuple[Expression, ...] = ()  # bounds in Fortran, 1 where the tuple ends
    states_direction: bool = True

    @property
    def name(self) -> str:
        """The variable's name."""
        return self.declaration.name


def read_draft(
    declaration: Declaration,
    type_: DataType,
    dialect: syntax.Dialect,
    constants: Mapping[str, Expression],
    variables: frozenset[str] = frozenset(),
) -> Draft:
    """Read every expression that the declaration holds; TypeProblem names the first that can't be read.

    `variables` are the routine's names that are C keywords.
    """
    dimensions = declaration.dimensions
    initial = declaration.initial
    return Draft(
        declaration,
        type_,
        None
        if dimensions is None
        else tuple(
            read_extent(text, dialect, constants, variables) for text in dimensions
        ),
        None
        if initial is None
        else as_shown(read_value(initial, type_.kind, constants, variables)),
        tuple(
            read_value(text, Kind.LOGICAL, constants, variables)
            for text in declaration.checks or ()
        ),
        declaration.checks is not None,
        declaration.depends,
        "optional" in declaration.flags or "optional" in declaration.intents,
        assumed_shape=any(is_assumed_shape(text.text) for text in dimensions or ()),
        assumed_rank=any(text.text.strip() == ".." for text in dimensions or ()),
        lower=tuple(lower_bound(text, constants) for text in dimensions or ())
        if dialect is syntax.Dialect.FORTRAN
        else (),
        states_direction=bool(DIRECTIONS & set(declaration.intents)),
    )

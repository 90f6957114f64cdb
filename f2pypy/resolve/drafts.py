"""One variable on its way to an argument: its texts read, nothing typed or inferred yet."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from f2pypy import syntax
from f2pypy.diagnostics import Span
from f2pypy.expressions import c, fold, fortran
from f2pypy.expressions.nodes import (
    Binary,
    Bounds,
    Expression,
    ExpressionError,
    Integer,
    Kind,
)
from f2pypy.expressions.walk import used_names
from f2pypy.model import DataType
from f2pypy.resolve.declarations import Declaration
from f2pypy.resolve.extent_texts import default_text
from f2pypy.resolve.intents import DIRECTIONS
from f2pypy.resolve.linear import combine
from f2pypy.resolve.types import TypeProblem

_Read = TypeVar("_Read")


@dataclass(frozen=True)
class ReadText:
    """An expression with the text it was read from."""

    expression: Expression
    text: str
    span: Span = field(compare=False)


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


def is_assumed_shape(text: str) -> bool:
    """Whether the dimension is ``:`` or ``lower:``."""
    return text.strip().endswith(":")


def read_value(
    text: syntax.Text,
    kind: Kind,
    constants: Mapping[str, Expression],
    variables: frozenset[str] = frozenset(),
) -> ReadText:
    """Read a default or a check as C, or as Fortran if it isn't valid C."""
    reading = partial(c.read_expression, complex_wanted=kind is Kind.COMPLEX)
    try:
        expression = read_c(reading, text.text, variables)
    except ExpressionError as error:
        try:
            expression = fortran.read_expression(text.text)
        except ExpressionError:
            raise TypeProblem(text.span.shift(error.offset), error.message) from error
    return ReadText(fold.fold(expression, constants), text.text.strip(), text.span)


def read_c(
    reading: Callable[..., _Read], text: str, variables: frozenset[str]
) -> _Read:
    """Parse a C text; names of variables win over C keywords if the text is valid C that way."""
    if variables:
        with contextlib.suppress(ExpressionError):
            return reading(text, variables=variables)
    return reading(text)


def as_shown(default: ReadText) -> ReadText:
    """Return a default with its text as f2py shows it."""
    return replace(default, text=default_text(default.text))


def read_extent(
    text: syntax.Text,
    dialect: syntax.Dialect,
    constants: Mapping[str, Expression],
    variables: frozenset[str] = frozenset(),
) -> ReadText | None:
    """Read one dimension to its extent: None for ``*``, ``:`` and ``lower:``."""
    try:
        if dialect is syntax.Dialect.FORTRAN:
            bounds = read_fortran_dimension(text.text)
        else:
            bounds = read_c(read_signature_dimension, text.text, variables)
    except ExpressionError as error:
        raise TypeProblem(text.span.shift(error.offset), error.message) from error
    if not isinstance(bounds, Bounds):
        return ReadText(fold.fold(bounds, constants), text.text.strip(), text.span)
    if bounds.upper is None:
        return None
    return ReadText(
        fold.fold(extent_of(bounds), constants), text.text.strip(), text.span
    )


def lower_bound(text: syntax.Text, constants: Mapping[str, Expression]) -> Expression:
    """Return the lower bound of a dimension that was read before."""
    if ":" not in text.text:
        return Integer(1)
    bounds = read_fortran_dimension(text.text)
    if not isinstance(bounds, Bounds) or bounds.lower is None:
        return Integer(1)
    return fold.fold(bounds.lower, constants)


def read_fortran_dimension(text: str) -> Bounds | Expression:
    """Read a dimension of a source: Fortran, or in a directive also C that isn't valid Fortran."""
    try:
        return fortran.read_dimension(text)
    except ExpressionError:
        try:
            return c.read_signature_dimension(text)
        except ExpressionError:
            pass
        raise


def read_signature_dimension(
    text: str, variables: frozenset[str] = frozenset()
) -> Bounds | Expression:
    """Read a dimension of a signature file: C, or Fortran that isn't C, as ``-h`` writes it: ``count(x(:, 1) > 0)``."""
    try:
        return c.read_signature_dimension(text, variables=variables)
    except ExpressionError:
        try:
            return fortran.read_expression(text)
        except ExpressionError:
            pass
        raise


def extent_of(bounds: Bounds) -> Expression:
    """Return ``upper - lower + 1``."""
    assert bounds.upper is not None
    if bounds.lower is None or bounds.lower == Integer(1):
        return bounds.upper
    match bounds.upper, bounds.lower:
        case upper, Integer(value=lower):
            return (
                combine("+", upper, Integer(1 - lower))
                if lower < 1
                else combine("-", upper, Integer(lower - 1))
            )
        case upper, lower_expression:
            return combine("+", Binary("-", upper, lower_expression), Integer(1))


def names_in(texts: tuple[ReadText | None, ...]) -> frozenset[str]:
    """Return every name that the expressions mention."""
    found: frozenset[str] = frozenset()
    for text in texts:
        if text is not None:
            found |= used_names(text.expression)
    return found

"""The expressions in declarations, read from their texts: extents, bounds, defaults and checks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TypeVar

from f2pypy import syntax
from f2pypy.dataclass import dataclass, field
from f2pypy.diagnostics import Span
from f2pypy.expressions import c, fold, fortran
from f2pypy.expressions.f2py_texts import default_text
from f2pypy.expressions.linear import combine
from f2pypy.expressions.nodes import (
    Binary,
    Bounds,
    Expression,
    ExpressionError,
    Integer,
    Kind,
    Unread,
)
from f2pypy.expressions.walk import used_names
from f2pypy.resolve.faults import DeclarationError

_Read = TypeVar("_Read")


@dataclass(frozen=True)
class ReadText:
    """An expression with the text it was read from, which messages and documentation show."""

    expression: Expression
    text: str
    span: Span = field(compare=False)


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
            raise DeclarationError(
                text.span.shift(error.offset), error.message
            ) from error
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
    """Return a default with the text that f2py's documentation has: without blanks beside operators."""
    return replace(default, text=default_text(default.text))


def read_extent(
    text: syntax.Text,
    dialect: syntax.Dialect,
    constants: Mapping[str, Expression],
    variables: frozenset[str] = frozenset(),
) -> ReadText | None:
    """Read a dimension to its extent: None for ``*``, ``:`` and ``lower:``, `Unread` for what f2pypy can't evaluate."""
    try:
        if dialect is syntax.Dialect.FORTRAN:
            bounds = read_fortran_dimension(text.text)
        else:
            bounds = read_c(read_signature_dimension, text.text, variables)
    except ExpressionError as error:
        bounds = Unread(error.message, error.offset)
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
    try:
        bounds = read_fortran_dimension(text.text)
    except ExpressionError as error:
        return Unread(error.message, error.offset)
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
    """Return the names that any of the expressions mentions."""
    found: frozenset[str] = frozenset()
    for text in texts:
        if text is not None:
            found |= used_names(text.expression)
    return found

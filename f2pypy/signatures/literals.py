"""How a signature file writes values: of constants, and of the components of derived types."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from f2pypy.expressions.literals import DIGITS, decimal_text
from f2pypy.expressions.nodes import (
    Complex,
    Expression,
    Integer,
    Kind,
    Logical,
    Real,
    String,
)
from f2pypy.model import DataType
from f2pypy.signatures.expressions import double_text, quoted


def values_text(
    values: Sequence[Expression], type_: DataType, extents: Sequence[int]
) -> str:
    """Return the value of a scalar, or those of an array in the order of storage, in Fortran."""
    logical = type_.kind is Kind.LOGICAL
    texts = [literal_text(value, logical=logical) for value in values]
    if not extents:
        return texts[0]
    flat = f"[{', '.join(texts)}]"
    if len(extents) == 1:
        return flat
    return f"reshape({flat}, [{', '.join(map(str, extents))}])"


def literal_text(value: Expression, *, logical: bool) -> str:
    """Return one literal in Fortran."""
    match value:
        case Integer(value=number) if not logical:
            return str(number)
        case Integer(value=truth) | Logical(value=truth):
            return ".true." if truth else ".false."
        case Real(exact=Fraction() as exact, kind=Integer(kind)) if kind in DIGITS:
            return f"{decimal_text(exact, kind)}_{kind}"
        case Real(value=number):
            return double_text(number)
        case Complex(real, imaginary):
            parts = [literal_text(p, logical=False) for p in (real, imaginary)]
            return f"({parts[0]}, {parts[1]})"
        case String(value=content):
            return quoted(content)
        case _:
            raise TypeError(f"no literal: {value}")

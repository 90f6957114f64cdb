"""Constants as Python texts."""

from __future__ import annotations

import math
from fractions import Fraction

from f2pypy.expressions.literals import DIGITS, decimal_text
from f2pypy.expressions.nodes import (
    Character,
    Expression,
    ExpressionError,
    Integer,
    Logical,
    Real,
    String,
)
from f2pypy.printing.levels import Level


def format_literal(expression: Expression) -> tuple[str, Level]:
    """Return the text of a literal; ExpressionError for what has no value."""
    match expression:
        case Integer(value):
            return str(value), Level.SIGN if value < 0 else Level.PRIMARY
        case Real(exact=Fraction() as exact, kind=Integer(kind)) if kind in DIGITS:
            text = decimal_text(exact, kind)
            return f'np.longdouble("{text}")', Level.PRIMARY
        case Real(value) if math.isfinite(value):
            negative = math.copysign(1.0, value) < 0
            text = repr(value).replace("e+", "e")
            return text, Level.SIGN if negative else Level.PRIMARY
        case Real(value):
            text = "math.nan" if math.isnan(value) else "math.inf"
            return (f"-{text}", Level.SIGN) if value < 0 else (text, Level.PRIMARY)
        case Logical(value):
            return str(value), Level.PRIMARY
        case Character(value) | String(value):
            return format_bytes(value), Level.PRIMARY
        case _:
            what = type(expression).__name__
            raise ExpressionError(
                f"{what} has no value that Python can print", expression.at
            )


def format_bytes(value: bytes) -> str:
    """Return a bytes literal in double quotes, in single ones where those need fewer escapes."""
    quote = "'" if value.count(b'"') > value.count(b"'") else '"'
    escaped = {ord("'"): "'", ord('"'): '"', ord(quote): f"\\{quote}"}
    body = "".join(escaped.get(byte) or repr(bytes([byte]))[2:-1] for byte in value)
    return f"b{quote}{body}{quote}"

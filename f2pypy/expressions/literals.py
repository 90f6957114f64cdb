"""Real literals with all their digits: some kinds have more of them than a Python float."""

from __future__ import annotations

import decimal
from fractions import Fraction

# kind -> decimal digits that tell all numbers apart, of the reals that have more than a Python float.
DIGITS = {10: 21, 16: 36}
# Sources may try to fill the memory.
_MOST_DIGITS = 4000
_LARGEST_EXPONENT = 5000


def exact_number(text: str) -> Fraction | None:
    """Return the number that a decimal literal means; None where it is beyond the range of every real kind."""
    exponent = text.lower().partition("e")[2]
    if len(text) > _MOST_DIGITS or abs(int(exponent or "0")) > _LARGEST_EXPONENT:
        return None
    return Fraction(text)


def decimal_text(number: Fraction, kind: int) -> str:
    """Return a number in as many decimal digits as its kind has use for."""
    context = decimal.Context(DIGITS[kind])
    return str(context.divide(number.numerator, number.denominator))

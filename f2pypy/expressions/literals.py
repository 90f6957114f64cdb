"""Real literals with all their digits: some kinds have more of them than a Python float."""

from __future__ import annotations

from fractions import Fraction

_MOST_DIGITS = (
    5000  # of a literal, and of its exponent: sources may try to fill the memory
)


def exact_number(text: str) -> Fraction | None:
    """Return the number that a decimal literal means; None where it is beyond the range of every real kind."""
    exponent = text.lower().partition("e")[2]
    if len(text) > _MOST_DIGITS or abs(int(exponent or "0")) > _MOST_DIGITS:
        return None
    return Fraction(text)

"""Python's operators, and how tightly they bind."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum


class Level(IntEnum):
    """How tightly Python binds, loosest first."""

    CONDITIONAL = 1
    OR = 2
    AND = 3
    NOT = 4
    COMPARISON = 5
    BIT_OR = 6
    BIT_XOR = 7
    BIT_AND = 8
    SHIFT = 9
    SUM = 10
    PRODUCT = 11
    SIGN = 12
    POWER = 13
    PRIMARY = 14


# operator -> Python's operator and level, for what both sides of are printed alike
OPERATORS: Mapping[str, tuple[str, Level]] = {
    "+": ("+", Level.SUM),
    "concat": ("+", Level.SUM),
    "-": ("-", Level.SUM),
    "*": ("*", Level.PRODUCT),
    "/": ("/", Level.PRODUCT),
    "&": ("&", Level.BIT_AND),
    "^": ("^", Level.BIT_XOR),
    "|": ("|", Level.BIT_OR),
    "<<": ("<<", Level.SHIFT),
    ">>": (">>", Level.SHIFT),
}

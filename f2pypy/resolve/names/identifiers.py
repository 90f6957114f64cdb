"""Checks which names of a source can be names of the generated module: functions, parameters, locals, attributes.

Other names never reach the plan, so a printed name can't be read as any other code.
"""

from __future__ import annotations

import re

from f2pypy.diagnostics import Span
from f2pypy.resolve.faults import DeclarationError

# Python takes more letters and compares them after NFKC normalization: two names of Fortran could be one.
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Python and f2pypy give these a meaning in a module: __getattr__, __all__.
SPECIAL = re.compile(r"__\w+__")
# What linkers take in the name of a procedure or variable, beside letters and digits.
SYMBOL = re.compile(r"[A-Za-z0-9_.$@]+")


def check_name(name: str, span: Span) -> None:
    """Raise DeclarationError for a name that isn't a valid Python variable."""
    if NAME.fullmatch(name) is None:
        raise DeclarationError(
            span,
            f"{name!r} can't be a name in Python: only letters (A to Z), digits and '_' are allowed",
        )


def check_attribute(name: str, span: Span) -> None:
    """Raise DeclarationError for a name that no function or object of the generated module can have."""
    check_name(name, span)
    if SPECIAL.fullmatch(name):
        raise DeclarationError(
            span, f"{name!r} is a name that has a meaning of its own in Python"
        )


def check_symbol(symbol: str, span: Span) -> None:
    """Raise DeclarationError for a name that no linker accepts as a symbol."""
    if SYMBOL.fullmatch(symbol) is None:
        raise DeclarationError(
            span,
            f"{symbol!r} can't be the name of a symbol: only letters, digits, '_', '.', '$' and '@' are allowed",
        )

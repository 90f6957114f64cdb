"""The arguments of Fortran's inquiries about arrays and texts (Fortran 2018, 16.9), in their order."""

from __future__ import annotations

from collections.abc import Mapping

from f2pypy.expressions.nodes import Call, Expression

_DUMMIES: Mapping[str, tuple[str, ...]] = {
    "size": ("array", "dim"),
    "lbound": ("array", "dim"),
    "ubound": ("array", "dim"),
}


def in_order(inquiry: str, call: Call) -> tuple[Expression, ...]:
    """Return the arguments of a call of an inquiry: ``(x, 1)`` for ``size(dim=1, array=x, kind=8)``.

    Python's integers have no kind.
    """
    given = {key: value for key, value in call.keywords if key != "kind"}
    dummies = _DUMMIES.get(inquiry, ())[len(call.arguments) :]
    named = [given.pop(dummy) for dummy in dummies if dummy in given]
    return (*call.arguments, *named, *given.values())

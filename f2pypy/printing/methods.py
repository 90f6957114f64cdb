"""How the methods of classes for derived types look as Python."""

from __future__ import annotations

from f2pypy import plan
from f2pypy.printing.spelling import call, identifier


def method_call(method: plan.Method) -> str:
    """Return the statement that calls the function of a method."""
    called = call(identifier(method.function), *map(identifier, method.arguments))
    return called if method.returns == "None" else f"return {called}"

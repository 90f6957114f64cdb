"""What a routine does to the elements of arrays itself, and what it does only where a test holds."""

from __future__ import annotations

import ast

from f2pypy import plan
from f2pypy.expressions.nodes import Bounds
from f2pypy.native.reading.patterns import Pattern
from f2pypy.native.reading.routine import Read, Routine, Statements

SPANS = {
    "+=": Pattern("span(ARRAY, FIRST, LAST)[...] += VALUE"),
    "-=": Pattern("span(ARRAY, FIRST, LAST)[...] -= VALUE"),
}
# With the diagonal or without -> how the call is printed.
TRIANGLES = {
    False: Pattern("fill_triangle(ARRAY, ORDER, LEADING, WHICH, VALUE)"),
    True: Pattern("fill_triangle(ARRAY, ORDER, LEADING, WHICH, VALUE, diagonal=True)"),
}


def read_elements(statements: Statements, routine: Routine) -> Read:
    """Read a change of elements, or a choice between such changes."""
    return (
        _assign(statements, routine)
        or _triangle(statements, routine)
        or _choice(statements, routine)
    )


def _assign(statements: Statements, routine: Routine) -> Read:
    for operator, pattern in SPANS.items():
        holes = pattern.match(statements, routine.names)
        if holes is not None:
            read = routine.expressions.value
            places = Bounds(read(holes["FIRST"]), read(holes["LAST"]))
            array = routine.expressions.local(holes["ARRAY"])
            value = read(holes["VALUE"])
            return plan.AssignElements(array, places, operator, value), len(pattern)
    return None


def _triangle(statements: Statements, routine: Routine) -> Read:
    for diagonal, pattern in TRIANGLES.items():
        holes = pattern.match(statements, routine.names)
        which = None if holes is None else holes["WHICH"]
        if holes is None or not isinstance(which, ast.Constant):
            continue
        if which.value in ("lower", "upper"):
            read = routine.expressions.value
            array = routine.expressions.local(holes["ARRAY"])
            order, leading = read(holes["ORDER"]), read(holes["LEADING"])
            is_lower, value = which.value == "lower", read(holes["VALUE"])
            step = plan.FillTriangle(array, order, leading, is_lower, diagonal, value)
            return step, len(pattern)
    return None


def _choice(statements: Statements, routine: Routine) -> Read:
    first = statements[0]
    if not isinstance(first, ast.If):
        return None
    then = _steps(first.body, routine)
    otherwise = _steps(first.orelse, routine)
    if then is None or otherwise is None:
        return None
    return plan.Choose(routine.expressions.truth(first.test), then, otherwise), 1


def _steps(statements: Statements, routine: Routine) -> tuple[plan.Step, ...] | None:
    """Return what all of the statements do to elements, None where one does something else."""
    steps: list[plan.Step] = []
    while statements:
        found = read_elements(statements, routine)
        if found is None:
            return None
        steps.append(found[0])
        statements = statements[found[1] :]
    return tuple(steps)

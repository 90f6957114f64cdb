"""Strings as steps of a plan."""

from __future__ import annotations

import ast

from f2pypy import plan
from f2pypy.expressions.nodes import Expression, Integer
from f2pypy.native.reading.expressions import Expressions
from f2pypy.native.reading.patterns import Holes, Pattern, match_expression
from f2pypy.native.reading.routine import Read, Routine, Statements

GIVEN = {
    plan.TextMemory.BYTES: Pattern(
        "NAME = text_bytes(NAME, LENGTH, DEFAULT, ROUTINE, WHAT, LABEL)"
    ),
    plan.TextMemory.MEMORY: Pattern(
        "NAME = text_memory(text_bytes(NAME, LENGTH, DEFAULT, ROUTINE, WHAT, LABEL))"
    ),
}
BLANK = Pattern("NAME = blank_text(LENGTH)")


def read_text(statements: Statements, routine: Routine) -> Read:
    """Read what makes a string of what the caller gave."""
    for held, pattern in GIVEN.items():
        holes = pattern.match(statements, routine.names)
        if holes is not None:
            given = _given(holes, held, routine)
            return given, len(pattern)
    return None


def read_blank_text(statements: Statements, routine: Routine) -> Read:
    """Read what makes an empty string for Fortran."""
    holes = BLANK.match(statements, routine.names)
    if holes is None:
        return None
    name = routine.expressions.local(holes["NAME"])
    length = routine.expressions.value(holes["LENGTH"])
    held = plan.TextMemory.MEMORY
    return plan.StringHidden(name, length, held=held), len(BLANK)


def read_string(node: ast.expr, reader: Expressions) -> plan.CallArgument | None:
    """Return a string or its hidden length as what is passed, None for anything else."""
    if isinstance(node, ast.Name):
        return plan.PassString(reader.local(node))
    for form, text in (
        (plan.LengthOf.STRING, "length(len(NAME))"),
        (plan.LengthOf.MEMORY, "length(len(NAME) - 1)"),
    ):
        holes = match_expression(text, node, reader.names)
        if holes is not None:
            return plan.PassLength(reader.local(holes["NAME"]), form)
    return None


def _given(holes: Holes, held: plan.TextMemory, routine: Routine) -> plan.StringInput:
    name = routine.expressions.local(holes["NAME"])
    length: Expression | None = routine.expressions.value(holes["LENGTH"])
    if length == Integer(-1):
        length = None
    default = routine.expressions.value(holes["DEFAULT"])
    return plan.StringInput(name, length, default, "", "", "", None, held)

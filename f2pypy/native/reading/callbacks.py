"""The steps that pass Python functions to Fortran, read back from the text of a routine."""

from __future__ import annotations

import ast

from f2pypy import plan
from f2pypy.native.reading.expressions import Expressions
from f2pypy.native.reading.names import MISSING
from f2pypy.native.reading.patterns import Pattern, match_expression
from f2pypy.native.reading.routine import Read, Routine, Statements

EXTRA = Pattern("if not isinstance(NAME, tuple):\n raise not_a_tuple(NAME, WHAT)")
# How a callback is made -> whether it is optional.
BOUND = {
    Pattern("BOUND = SIGNATURE.bind(NAME, EXTRA, LABEL)"): False,
    Pattern("BOUND = SIGNATURE.bind(NAME, EXTRA, LABEL, companion=OTHER)"): False,
    Pattern("BOUND = SIGNATURE.bind(NAME, EXTRA, LABEL, optional=True)"): True,
    Pattern(
        "BOUND = SIGNATURE.bind(NAME, EXTRA, LABEL, companion=OTHER, optional=True)"
    ): True,
}
FINISH = Pattern("BOUND.finish()")


def read_extra(statements: Statements, routine: Routine) -> Read:
    """Read the refusal of extra arguments that are no tuple, None for other statements."""
    holes = EXTRA.match(statements, routine.names)
    if holes is None:
        return None
    name = routine.expressions.local(holes["NAME"])
    return plan.ExtraArguments(name, ""), len(EXTRA)


def read_callback(statements: Statements, routine: Routine) -> Read:
    """Read what makes the C function for a callback, None for other statements."""
    for pattern, optional in BOUND.items():
        holes = pattern.match(statements, routine.names)
        if holes is None:
            continue
        signature = holes["SIGNATURE"]
        found = routine.names.value(signature)
        if found is MISSING or not hasattr(found, "bind"):
            return None
        assert isinstance(signature, ast.Name)
        local = routine.expressions.local
        names = (local(holes[hole]) for hole in ("NAME", "EXTRA", "BOUND"))
        name, extra, bound = names
        companion = local(holes["OTHER"]) if "OTHER" in holes else None
        step = plan.CallbackInput(
            name, signature.id, extra, bound, "", companion, optional
        )
        return step, len(pattern)
    return None


def read_finish(statements: Statements, routine: Routine) -> Read:
    """Read what raises a callback's exception after the call, None for other statements."""
    holes = FINISH.match(statements, routine.names)
    if holes is None:
        return None
    bound = routine.expressions.local(holes["BOUND"])
    return plan.CallbackRaise(bound, last=True), len(FINISH)


def read_pointer(node: ast.expr, reader: Expressions) -> plan.CallArgument | None:
    """Return a callback's C function as what is passed, None for anything else."""
    holes = match_expression("BOUND.pointer", node, reader.names)
    return None if holes is None else plan.PassPointer(reader.local(holes["BOUND"]))

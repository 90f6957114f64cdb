"""Allocatable and pointer dummies as steps of a plan."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import Optional

from f2pypy import plan
from f2pypy.native.code import NotNative
from f2pypy.native.reading.arrays import element_type, is_of_no_elements, read_input
from f2pypy.native.reading.expressions import unknown
from f2pypy.native.reading.patterns import Holes, Pattern, match_expression
from f2pypy.native.reading.routine import Read, Routine, Statements

HOLDER = Pattern("HOLDER = MADE")
HELD = Pattern("if NAME is not None:\n HOLDER.hold(CONVERTED)")
# What fits is held as it is.
FITTING = "NAME if GUARD(NAME, DTYPE, RANK) else CONVERTED"
ASKED = Pattern(
    "KEPT = NAME\nif NAME is None:\n NAME = allocate(EXTENTS, DTYPE)\n"
    "else:\n NAME = CONVERTED\n HOLDER.hold(NAME)"
)
RELEASED = Pattern("HOLDER.release()")
FORMS = ("pointer", "logical", "interoperable")


def read_deferred(statements: Statements, routine: Routine) -> Read:
    """Read the making of a holder and what it is given, None for other statements."""
    holes = HOLDER.match(statements, routine.names)
    made = None if holes is None else _made(holes, routine)
    if holes is None or made is None:
        return None
    routine.expressions.holders.add(made.holder)
    rest = statements[len(HOLDER) :]
    asked = ASKED.match(rest, routine.names)
    if asked is not None and _is_holder(asked, made):
        return _asked(asked, made, routine), len(HOLDER) + len(ASKED)
    held = HELD.match(rest, routine.names)
    if held is not None and _is_holder(held, made):
        return _held(held, made, routine), len(HOLDER) + len(HELD)
    return made, len(HOLDER)


def read_release(statements: Statements, routine: Routine) -> Read:
    """Read the release of a holder, None for other statements."""
    holes = RELEASED.match(statements, routine.names)
    if holes is None:
        return None
    holder = read_holder(holes["HOLDER"], routine)
    return None if holder is None else (plan.DeferredAfter("", holder), len(RELEASED))


def read_holder(node: ast.expr, routine: Routine) -> Optional[str]:
    """Return the name of a holder, None for anything else."""
    is_holder = isinstance(node, ast.Name) and node.id in routine.expressions.holders
    return routine.expressions.local(node) if is_holder else None


def _made(holes: Holes, routine: Routine) -> plan.Deferred | None:
    """Return a holder of nothing, None for anything else."""
    node = holes["MADE"]
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return None
    if routine.names.function(node.func) not in ("deferred_array", "Deferred"):
        return None
    library, kind, rank = node.args
    if routine.names.constant(library) != "_library":
        raise unknown(library)
    dtype, length = element_type(kind, routine)
    if not isinstance(rank, ast.Constant):
        raise unknown(node)
    name = routine.expressions.local(holes["HOLDER"])
    form = _form(node)
    return plan.Deferred(
        *(
            "",
            name,
            dtype,
            int(str(rank.value)),
            form.get("pointer", False),
            None,
            length,
        ),
        *(form.get("logical", False), form.get("interoperable", False)),
        maker=node.func.id,
    )


def _form(node: ast.Call) -> Mapping[str, bool]:
    form = {}
    for keyword in node.keywords:
        value = keyword.value
        if keyword.arg not in FORMS or not isinstance(value, ast.Constant):
            raise unknown(node)
        form[keyword.arg] = bool(value.value)
    return form


def _is_holder(holes: Holes, made: plan.Deferred) -> bool:
    found = holes["HOLDER"]
    return isinstance(found, ast.Name) and found.id == made.holder


def _held(holes: Holes, made: plan.Deferred, routine: Routine) -> plan.Deferred:
    fitting = match_expression(FITTING, holes["CONVERTED"], routine.names)
    given = {"NAME": holes["NAME"], "CONVERTED": holes["CONVERTED"]}
    if fitting is not None:
        given.update(fitting)
    return _with_input(given, made, routine)


def _asked(holes: Holes, made: plan.Deferred, routine: Routine) -> plan.Deferred:
    found = _with_input(holes, made, routine)
    assert isinstance(found.input, plan.ArrayInput)
    dtype = element_type(holes["DTYPE"], routine)
    is_empty = is_of_no_elements(holes["EXTENTS"], found.input, routine)
    if not is_empty or dtype != (found.dtype, None):
        raise NotNative("an array without elements that is not like the caller's")
    kept = routine.expressions.local(holes["KEPT"])
    return replace(found, asked=True, kept=kept)


def _with_input(holes: Holes, made: plan.Deferred, routine: Routine) -> plan.Deferred:
    if not made.rank or made.length is not None:
        raise NotNative(
            "an allocatable or pointer that is given, and no array of numbers"
        )
    converted = read_input(holes, routine)
    if converted is None or converted.dtype != made.dtype:
        raise NotNative("what a descriptor is given")
    if len(converted.extents) != made.rank or set(converted.extents) != {None}:
        raise NotNative("a descriptor of other extents")
    return replace(made, name=converted.name, input=converted)

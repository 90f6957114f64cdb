"""Statements of a routine as the steps of its plan: one reader for each form in which steps are printed.

A reader gets the statements that are left and returns the step that they begin with and how many of them it takes, or
None where they are something else. What none of them knows raises NotNative.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import FunctionType
from typing import Any

from f2pypy import plan
from f2pypy.expressions.nodes import Binary, Expression, Name
from f2pypy.native.code import NotNative
from f2pypy.native.conversion import CONVERTERS, EXACT
from f2pypy.native.reading.arrays import (
    read_array,
    read_hidden_array,
    read_optional_array,
    read_write_back,
)
from f2pypy.native.reading.callbacks import read_callback, read_extra, read_finish
from f2pypy.native.reading.calls import read_call
from f2pypy.native.reading.deferred import read_deferred, read_holder, read_release
from f2pypy.native.reading.elements import read_elements
from f2pypy.native.reading.expressions import Expressions, constant
from f2pypy.native.reading.names import Names
from f2pypy.native.reading.patterns import Holes, Pattern, match_expression, same
from f2pypy.native.reading.routine import Read, Routine, Statements
from f2pypy.native.reading.source import definition_of
from f2pypy.native.reading.texts import read_blank_text, read_text

SCALAR = (
    Pattern("if type(NAME) is not EXACT:\n NAME = CONVERTER(NAME, WHAT)"),
    Pattern("NAME = CONVERTER(NAME, WHAT)"),
)
DEFAULT = (
    Pattern(
        "if type(NAME) is not EXACT:\n"
        " NAME = DEFAULT if NAME is None else CONVERTER(NAME, WHAT)"
    ),
    Pattern("NAME = DEFAULT if NAME is None else CONVERTER(NAME, WHAT)"),
)
COMPUTED = (
    Pattern(
        "if NAME is None:\n NAME = DEFAULT\n"
        "elif type(NAME) is not EXACT:\n NAME = CONVERTER(NAME, WHAT)"
    ),
    Pattern("if NAME is None:\n NAME = DEFAULT\nelse:\n NAME = CONVERTER(NAME, WHAT)"),
)
CHECKED = Pattern(
    "if NAME is None:\n NAME = DEFAULT\n"
    "else:\n NAME = CONVERTER(NAME, WHAT)\n if CONDITION:\n  raise REFUSAL"
)
FLAG = Pattern("if type(NAME) is not int:\n NAME = flag(NAME)")
UNPACK = Pattern("TARGETS = ARRAY.shape")
MAKE_WRITABLE = Pattern("NAME = writable(NAME)")


def read_procedure(
    function: FunctionType, namespace: Mapping[str, Any]
) -> plan.Procedure:
    """Return what the function's text says, as far as native code needs it.

    `namespace` has the globals of the module, from which bindings are taken. Raises NotNative for what has no step.
    """
    definition = definition_of(function)
    names = Names(namespace, frozenset(function.__code__.co_varnames))
    parameters = read_parameters(definition, function)
    defaults = {each.name: each.default for each in parameters}
    routine = Routine(names, Expressions(names), defaults)
    steps: list[plan.Step] = []
    bindings: dict[str, plan.Binding] = {}
    rest: Statements = definition.body[1 if ast.get_docstring(definition) else 0 :]
    offset = function.__code__.co_firstlineno - 1
    while rest:
        try:
            step, count = read_step(rest, routine, bindings)
        except NotNative as failure:
            shown = ast.unparse(rest[0]).partition("\n")[0]
            where = f"line {rest[0].lineno + offset}, {shown!r}"
            raise NotNative(f"{where}: {failure}") from None
        steps.append(step)
        rest = rest[count:] if not isinstance(step, plan.Return) else ()
    return plan.Procedure(
        "",
        definition.name,
        parameters,
        "",
        "",
        tuple(bindings.values()),
        tuple(steps),
        (),
        (),
    )


def read_parameters(
    definition: ast.FunctionDef, function: FunctionType
) -> tuple[plan.Parameter, ...]:
    """Return the parameters with the defaults that the function has now; NotNative where some aren't plain."""
    given = definition.args
    if given.posonlyargs or given.kwonlyargs or given.vararg or given.kwarg:
        raise NotNative("parameters that aren't plain")
    defaults = function.__defaults__ or ()
    required = len(given.args) - len(defaults)
    return tuple(
        _parameter(
            each.arg, defaults[place - required :][:1] if place >= required else ()
        )
        for place, each in enumerate(given.args)
    )


def _parameter(name: str, default: tuple[Any, ...]) -> plan.Parameter:
    if not default:
        return plan.Parameter(name, "", None, False)
    if default == ((),):
        return plan.Parameter(name, "", None, False, empty=True)
    value = None if default[0] is None else constant(default[0])
    return plan.Parameter(name, "", value, value is None)


def read_step(
    statements: Statements, routine: Routine, bindings: dict[str, plan.Binding]
) -> tuple[plan.Step, int]:
    """Return the step that the statements begin with, and how many of them it takes; a call adds its binding."""
    for reader in READERS:
        found = reader(statements, routine)
        if found is not None:
            return found
    called = read_call(statements, routine.expressions, bindings)
    if called is not None:
        return called
    assigned = _assign(statements, routine)
    if assigned is None:
        raise NotNative("native code doesn't do that")
    return assigned


def _arrays(statements: Statements, routine: Routine) -> Read:
    """Read what an elemental procedure does with arrays: native code leaves all of them to Python anyway."""
    first = statements[0]
    if not isinstance(first, ast.If) or first.orelse:
        return None
    test = first.test.values[-1] if isinstance(first.test, ast.BoolOp) else first.test
    asks = (
        isinstance(test, ast.Call) and routine.names.function(test.func) == "has_axes"
    )
    if not asks or not isinstance(first.body[-1], ast.Return):
        return None
    return plan.ApplyToArrays("", (), ()), 1


def _scalar(statements: Statements, routine: Routine) -> Read:
    for pattern in SCALAR:
        holes = pattern.match(statements, routine.names)
        if holes is not None and _is_conversion(holes, routine.names):
            return _scalar_input(holes, routine), len(pattern)
    return None


def _is_conversion(holes: Holes, names: Names) -> bool:
    """Return whether a converter of the runtime's is given a value and what messages call it."""
    what = holes["WHAT"]
    is_text = isinstance(what, ast.Constant) and isinstance(what.value, str)
    return is_text and names.function(holes["CONVERTER"]) in CONVERTERS


def _scalar_input(holes: Holes, routine: Routine) -> plan.ScalarInput:
    converter = routine.names.function(holes["CONVERTER"])
    exact = routine.names.function(holes["EXACT"]) if "EXACT" in holes else None
    if exact is not None and converter not in EXACT.get(exact, ()):
        raise NotNative(f"{converter} for what is not {exact or 'of that type'}")
    name = routine.expressions.local(holes["NAME"])
    return plan.ScalarInput(name, exact, converter, "")


def _scalar_default(statements: Statements, routine: Routine) -> Read:
    for pattern in (*DEFAULT, *COMPUTED):
        holes = pattern.match(statements, routine.names)
        if holes is not None and _is_conversion(holes, routine.names):
            return plan.ScalarDefault(*_with_default(holes, routine)), len(pattern)
    return None


def _with_default(
    holes: Holes, routine: Routine
) -> tuple[plan.ScalarInput, Expression]:
    given = _scalar_input(holes, routine)
    default = routine.expressions.value(holes["DEFAULT"])
    # Native code doesn't tell None from an argument that was left out.
    if repr(routine.defaults.get(given.name) or default) != repr(default):
        raise NotNative(f"two defaults of {given.name}")
    return given, default


def _scalar_checked(statements: Statements, routine: Routine) -> Read:
    holes = CHECKED.match(statements, routine.names)
    if holes is None or not _is_conversion(holes, routine.names):
        return None
    given, default = _with_default(holes, routine)
    name = Name(given.name)
    refused = routine.expressions.truth(holes["CONDITION"])
    if refused not in (Binary("!=", default, name), Binary("!=", name, default)):
        raise NotNative("a check that the default may fail")
    check = _refusal_of(holes["CONDITION"], routine)
    return plan.ScalarComputed(given, default, (), (check,)), len(CHECKED)


def _flag(statements: Statements, routine: Routine) -> Read:
    holes = FLAG.match(statements, routine.names)
    if holes is None:
        return None
    name = routine.expressions.local(holes["NAME"])
    routine.expressions.flags.add(name)
    return plan.Flag(name), len(FLAG)


def _unpack(statements: Statements, routine: Routine) -> Read:
    holes = UNPACK.match(statements, routine.names)
    if holes is None or not isinstance(holes["TARGETS"], ast.Tuple):
        return None
    local = routine.expressions.local
    targets = tuple(map(local, holes["TARGETS"].elts))
    return plan.Unpack(targets, local(holes["ARRAY"])), len(UNPACK)


def _check(statements: Statements, routine: Routine) -> Read:
    """Read a test that raises: native code leaves the call to Python there, whatever is raised."""
    first = statements[0]
    if not isinstance(first, ast.If) or first.orelse or len(first.body) != 1:
        return None
    if not isinstance(first.body[0], ast.Raise):
        return None
    return _refusal_of(first.test, routine), 1


def _refusal_of(test: ast.expr, routine: Routine) -> plan.Check:
    """Return the check that fails where a test holds."""
    refused = ast.UnaryOp(op=ast.Not(), operand=test)
    return plan.Check(routine.expressions.truth(refused), "", "", "")


def _make_writable(statements: Statements, routine: Routine) -> Read:
    holes = MAKE_WRITABLE.match(statements, routine.names)
    if holes is None:
        return None
    return plan.MakeWritable((routine.expressions.local(holes["NAME"]),)), 1


def _return(statements: Statements, routine: Routine) -> Read:
    first = statements[0]
    if not isinstance(first, ast.Return):
        return None
    value = first.value
    values = [] if value is None else [value]
    if isinstance(value, ast.Tuple):
        values = value.elts
        if len(values) < 2:
            raise NotNative("a tuple of fewer than two values")
    return plan.Return(tuple(_returned(each, routine) for each in values)), 1


def _returned(node: ast.expr, routine: Routine) -> plan.Returned:
    if isinstance(node, ast.IfExp) and same(node.body, ast.Constant(value=None)):
        absent = routine.expressions.local(node.test)
        return replace(_returned(node.orelse, routine), absent=absent)
    left = _left_by_fortran(node, routine)
    if left is not None:
        return left
    text = match_expression("string_result(VALUE)", node, routine.names)
    if text is not None:
        found = Name(routine.expressions.local(text["VALUE"]))
        return plan.Returned(found, plan.ReturnedForm.STRING)
    unfolded = match_expression("unfold(VALUE)", node, routine.names)
    value = node if unfolded is None else unfolded["VALUE"]
    form = plan.ReturnedForm.PLAIN if unfolded is None else plan.ReturnedForm.ARRAY
    return plan.Returned(routine.expressions.value(value), form)


def _left_by_fortran(node: ast.expr, routine: Routine) -> plan.Returned | None:
    """Return what a holder gives after the call, None for anything else."""
    form = plan.ReturnedForm
    for text, found in (
        ("HOLDER.take()", form.TAKEN),
        ("HOLDER.give_back(VALUE)", form.GIVEN_BACK),
    ):
        holes = match_expression(text, node, routine.names)
        holder = None if holes is None else read_holder(holes["HOLDER"], routine)
        if holes is not None and holder is not None:
            value = holes.get("VALUE", holes["HOLDER"])
            return plan.Returned(Name(routine.expressions.local(value)), found, holder)
    return None


def _declare(statements: Statements, routine: Routine) -> Read:  # noqa: ARG001 - as all
    first = statements[0]
    if not isinstance(first, ast.AnnAssign) or first.value is not None:
        return None
    name = first.target
    return (plan.Declare(name.id, ""), 1) if isinstance(name, ast.Name) else None


def _assign(statements: Statements, routine: Routine) -> Read:
    """Read an assignment of a value, the last form that is tried."""
    first = statements[0]
    if isinstance(first, ast.Assign) and len(first.targets) == 1:
        target, value = first.targets[0], first.value
    elif isinstance(first, ast.AnnAssign) and first.value is not None:
        target, value = first.target, first.value
    else:
        return None
    found = routine.expressions.value(value)
    name = routine.expressions.local(target)
    routine.expressions.flags.discard(name)
    return plan.Assign(name, found), 1


READERS: Sequence[Callable[[Statements, Routine], Read]] = (
    _arrays,
    _scalar,
    _scalar_default,
    _scalar_checked,
    _flag,
    _unpack,
    read_array,
    read_optional_array,
    read_hidden_array,
    read_write_back,
    read_extra,
    read_callback,
    read_finish,
    read_deferred,
    read_release,
    read_text,
    read_blank_text,
    _check,
    _make_writable,
    read_elements,
    _return,
    _declare,
)

"""What happens at the call of a routine, and which C that takes."""

from __future__ import annotations

from collections.abc import Sequence

from f2pypy import model, syntax
from f2pypy.expressions import c
from f2pypy.expressions.nodes import ExpressionError
from f2pypy.expressions.walk import called_functions
from f2pypy.model import Argument
from f2pypy.resolve.arguments.expression_scope import ExpressionScope
from f2pypy.resolve.calls.callstatement import CallReader
from f2pypy.resolve.calls.flow import calls_routine, expressions_in
from f2pypy.resolve.calls.plain_call import plain_call
from f2pypy.resolve.calls.usercode import place_in
from f2pypy.resolve.calls.variables import Names
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.procedures.routine import Routine

Actions = tuple[model.Action, ...]
Locals = tuple[model.Local, ...]


def decide_call(
    routine: Routine,
    symbol: str,
    arguments: Sequence[Argument],
    result: Argument | None,
    scope: ExpressionScope,
) -> tuple[Actions, Locals]:
    """Return the actions of the call, and the variables that they need besides the arguments.

    An empty `symbol` is that of no routine. Raises DeclarationError for C that f2pypy can't translate.
    """
    codes = {item.keyword: item for item in routine.codes()}
    refuse_c_bodies(routine, symbol, codes.get("usercode"))
    prototype = read_prototype(codes.get("callprotoargument"))
    statement = codes.get("callstatement")
    if statement is not None:
        variables = {a.name: a for a in (*arguments, *([result] if result else []))}
        actions, local_variables = read_callstatement(
            routine, statement, variables, result, prototype, scope
        )
        if not symbol and any(map(calls_routine, actions)):
            raise DeclarationError(
                statement.text.span, "fortranname is empty: there is nothing to call"
            )
        return actions, local_variables
    if not symbol:
        return (), ()
    by_name = {a.name: a for a in arguments}
    dummies = [by_name[name] for name in routine.passed if name in by_name]
    # C has no hidden lengths
    lengths = routine.unit.bind is None and (
        prototype is None or len(prototype) > len(dummies)
    )
    compiler = routine.around.compiler
    return plain_call(dummies, result, compiler, pass_lengths=lengths), ()


def read_callstatement(
    routine: Routine,
    statement: syntax.Code,
    variables: dict[str, Argument],
    result: Argument | None,
    prototype: tuple[str, ...] | None,
    scope: ExpressionScope,
) -> tuple[Actions, Locals]:
    """Return what a callstatement does; DeclarationError at the place in it that can't be translated."""
    around = routine.around
    names = Names(
        variables,
        scope,
        around.default_integer,
        around.usercode.types,
        dict(around.compiler.kinds),
    )
    reader = CallReader(
        names,
        frozenset({routine.unit.name, *([result.name] if result else [])}),
        result,
        prototype or (),
        routine.keywords_of_c,
    )
    try:
        actions = reader.read(statement.text.text)
    except ExpressionError as error:
        raise DeclarationError(
            place_in(statement.text, error.offset), error.message
        ) from error
    return actions, tuple(names.locals.values())


def refuse_c_bodies(routine: Routine, symbol: str, own: syntax.Code | None) -> None:
    """Raise DeclarationError for a routine that needs a C compiler: its body, or a part of its wrapper, is C."""
    if own is not None:
        raise DeclarationError(
            own.text.span,
            "this usercode is C inside a routine, which f2pypy can't translate",
        )
    if routine.around.compiles or not symbol:
        return
    if routine.around.usercode.defines(symbol):
        raise DeclarationError(
            routine.unit.span,
            f"usercode holds the C body of {symbol}, which needs a C compiler (-c)",
        )


def read_prototype(code: syntax.Code | None) -> tuple[str, ...] | None:
    """Return the C types of callprotoargument, None where there is none."""
    if code is None:
        return None
    try:
        return c.read_prototype(code.text.text)
    except ExpressionError as error:
        raise DeclarationError(
            code.text.span.shift(max(error.offset, 0)), error.message
        ) from error


def called_usercode(
    routine: Routine, arguments: Sequence[Argument], actions: Actions
) -> tuple[str, ...]:
    """Return the usercode functions that the routine's expressions call."""
    functions = routine.around.functions
    if not functions:
        return ()
    found: set[str] = set()
    for argument in arguments:
        found |= calls_of_argument(argument)
    for action in actions:
        found = found.union(*map(called_functions, expressions_in(action)))
    return tuple(sorted(found & functions.keys()))


def calls_of_argument(argument: Argument) -> frozenset[str]:
    """Return the functions that an argument's extents, default and checks call."""
    values = [bound.value for bound in argument.bounds or ()]
    values += [argument.initial, *(check.condition for check in argument.checks)]
    return frozenset().union(*(called_functions(v) for v in values if v is not None))

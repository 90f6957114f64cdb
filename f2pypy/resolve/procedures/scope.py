"""What the expressions of a routine may name: its variables, usercode, and functions of the user's modules."""

from __future__ import annotations

from collections.abc import Mapping

from f2pypy import syntax
from f2pypy.expressions.calls import is_known_function
from f2pypy.expressions.statements import FunctionDefinition
from f2pypy.expressions.walk import called_functions
from f2pypy.resolve.arguments.drafts import Draft
from f2pypy.resolve.arguments.expression_scope import ExpressionScope, scope_of
from f2pypy.resolve.procedures.routine import Routine
from f2pypy.resolve.shapes.pure_functions import pure_functions


def scope_in(
    routine: Routine,
    drafts: Mapping[str, Draft],
    asked: Mapping[str, FunctionDefinition],
) -> ExpressionScope:
    """Return the scope of the routine's expressions; `asked` are the compiled functions that its extents call."""
    around = routine.around
    functions = {**around.functions, **functions_of_modules(routine, drafts), **asked}
    return scope_of(drafts.values(), functions, around.usercode.refused)


def functions_of_modules(
    routine: Routine, drafts: Mapping[str, Draft]
) -> Mapping[str, FunctionDefinition]:
    """Return the functions of Fortran modules that extents and lengths call."""
    places = routine.around.places or routine.around.described
    if places is None:
        return {}
    called: set[str] = set()
    for draft in drafts.values():
        texts = [each.expression for each in draft.extents or () if each]
        texts += [draft.type.length] if draft.type.length is not None else []
        called = called.union(*map(called_functions, texts))
    names = [
        name
        for name in called - drafts.keys()
        if not is_known_function(name, fortran=True)
    ]
    if not names:
        return {}
    module = places.scopes.modules.get(routine.around.fortran_module)
    host = places.top() if module is None else places.module(module)
    return pure_functions(
        names,
        places.procedure(routine.unit, host),
        places,
        routine.around.default_integer,
        # signature files don't say which functions are pure
        says_pure=routine.around.dialect is syntax.Dialect.FORTRAN,
    )

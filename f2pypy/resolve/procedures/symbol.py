"""Under which name the library has a routine."""

from __future__ import annotations

from f2pypy import syntax
from f2pypy.expressions import c
from f2pypy.expressions.nodes import Call, ExpressionError, Name, String
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.names.identifiers import check_symbol
from f2pypy.resolve.procedures.routine import Routine
from f2pypy.resolve.types.declared import read_constant

# f2py's macros that make a symbol of a Fortran name in lower and upper case.
MANGLERS = frozenset({"F_FUNC", "F_FUNC_US", "F_WRAPPEDFUNC", "F_WRAPPEDFUNC_US"})


def symbol_of(routine: Routine) -> tuple[str, bool]:
    """Return the name to look up, and whether it is the exact symbol; an empty name is that of no routine."""
    unit = routine.unit
    if unit.bind is not None:
        bound = bound_name(routine, unit.bind)
        check_symbol(bound, unit.span)
        return bound, True
    exact = "c" in (*routine.declared.block_intents, *routine.own_intents)
    for item in routine.declared.of(syntax.FortranName):
        assert isinstance(item, syntax.FortranName)
        try:
            name, mangled = name_in(item.name)
        except ExpressionError as error:
            raise DeclarationError(item.span, error.message) from error
        if name:
            check_symbol(name, item.span)
        return name, exact and not mangled
    return unit.name, exact


def bound_name(routine: Routine, bind: syntax.Bind) -> str:
    """Return the symbol that ``bind(c)`` gives; DeclarationError where the name isn't constant."""
    if bind.expression is None:
        return bind.name or routine.unit.name
    value = read_constant(bind.expression, routine.around.constants)
    if not isinstance(value, String):
        raise DeclarationError(
            bind.expression.span,
            f"the name {bind.expression.text!r} in bind(c) isn't known here",
        )
    return value.value.decode("latin-1").strip() or routine.unit.name


def name_in(text: str) -> tuple[str, bool]:
    """Return the name in a fortranname, and whether ``F_FUNC(x,X)`` requests Fortran's mangling."""
    if "(" not in text:
        return text.strip(), False
    match c.read_expression(text):
        case Call(function, (Name(lower), Name())) if function in MANGLERS:
            return lower, True
        case _:
            raise ExpressionError(f"fortranname {text!r} is no name")

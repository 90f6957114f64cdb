"""Kinds as the compiler sees them: flags and target may change the meaning of declarations and literals.

The changes travel with the named constants, under names that no source can have: ``real*`` is the kind of a real
without one, ``real*4`` what ``real(4)`` is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from f2pypy.abi.conventions import Compiler, default_of, written
from f2pypy.expressions.constants import make_real
from f2pypy.expressions.nodes import Expression, Integer, Kind, Logical, Real
from f2pypy.expressions.walk import rewrite
from f2pypy.model import DataType

Constants = Mapping[str, Expression]
_SINGLE = 4


def kinds_meant(compiler: Compiler) -> dict[str, Expression]:
    """Return the kinds that a compiler's flags and target change, as constants."""
    return {name: Integer(kind) for name, kind in compiler.meant}


def changes_kinds(constants: Constants) -> bool:
    """Whether the compiler changes the kind of any type."""
    return any("*" in name for name in constants)


def changes_reals(constants: Constants) -> bool:
    """Whether the compiler changes the kind of any existing real type."""
    return any(
        name.startswith(("real*", "double precision*")) and value != Integer(0)
        for name, value in constants.items()
    )


def default_kind(type_: str, constants: Constants) -> int | None:
    """Return the kind that the compiler gives a type without one; None for the usual one."""
    return _kind_of(default_of(type_), constants)


def meant_kind(kind: Kind, value: int, constants: Constants) -> int:
    """Return the kind that the compiler gives a type written with a kind; 0 if it lacks the type."""
    told = _kind_of(written(kind.value, value), constants)
    return value if told is None else told


def _kind_of(name: str, constants: Constants) -> int | None:
    told = constants.get(name)
    return told.value if isinstance(told, Integer) else None


def as_compiled(expression: Expression, constants: Constants) -> Expression:
    """Return an expression of a source with the kinds that the compiler gives its literals."""
    if not changes_kinds(constants):
        return expression
    return rewrite(expression, lambda node: _literal(node, constants))


def as_returned(type_: DataType, compiler: Compiler) -> DataType:
    """Return the type in which a function that Python provides returns its result."""
    is_single = type_.kind is Kind.REAL and type_.size == _SINGLE
    if is_single and compiler.real_results == "double":
        return replace(type_, size=2 * _SINGLE)
    return type_


def as_enumerators(
    values: Mapping[str, Expression], constants: Constants
) -> dict[str, Expression]:
    """Return the enumerators of one enumeration in the kind that the compiler gives them."""
    if default_kind("enumerator", constants) is None:
        return dict(values)
    # -fshort-enums: the smallest kind that holds all values
    numbers = [each.value for each in values.values() if isinstance(each, Integer)]
    bits = max((n if n >= 0 else ~n).bit_length() for n in [*numbers, 0])
    kind = next(kind for kind in (1, 2, 4, 8) if bits < 8 * kind or kind == 8)
    return {
        name: replace(each, kind=Integer(kind)) if isinstance(each, Integer) else each
        for name, each in values.items()
    }


def _literal(node: Expression, constants: Constants) -> Expression:
    """Return a literal in the kind that it has when it is compiled; any other node as it is."""
    match node:
        case Real(value, single, kind=None):
            kind = default_kind("real" if single else "double precision", constants)
            return make_real(value, kind) if kind else node
        case Real(value, kind=Integer(number)):
            kind = meant_kind(Kind.REAL, number, constants)
            return make_real(value, kind) if kind not in (0, number) else node
        case Integer(kind=None):
            kind = default_kind("integer", constants)
        case Logical(kind=None):
            kind = default_kind("logical", constants)
        case Integer(kind=Integer(number)):
            kind = meant_kind(Kind.INTEGER, number, constants)
        case _:
            return node
    return replace(node, kind=Integer(kind)) if kind else node

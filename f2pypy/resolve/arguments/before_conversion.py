"""Values for arguments that are converted after an expression needs them: the initial values of f2py's C variables.

A scalar is zero, an extent -1. No generated module may read a variable that has no value yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from f2pypy import model
from f2pypy.expressions.environment import Role
from f2pypy.expressions.nodes import (
    Absent,
    Complex,
    Expression,
    ExpressionError,
    Extent,
    Integer,
    ItemSize,
    Kind,
    Name,
    Rank,
    Real,
    Size,
    String,
    Unary,
)
from f2pypy.expressions.walk import rewrite, used_names
from f2pypy.resolve.arguments.drafts import Draft
from f2pypy.resolve.arguments.expression_scope import ExpressionScope
from f2pypy.resolve.arguments.order import reaches

# The extent of an axis on which the caller's array decides.
UNKNOWN = Unary("-", Integer(1))
ZEROS: Mapping[Kind, Expression] = {
    Kind.INTEGER: Integer(0),
    Kind.LOGICAL: Integer(0),
    Kind.REAL: Real(0.0),
    Kind.COMPLEX: Complex(Real(0.0), Real(0.0)),
    Kind.CHARACTER: String(b"\0"),
}


def earlier(name: str, order: Sequence[str]) -> frozenset[str]:
    """Return the arguments that are converted before `name`; all of them if it isn't an argument."""
    return frozenset(order[: order.index(name)] if name in order else order)


def read_names(value: Expression) -> frozenset[str]:
    """Return the variables whose value or shape an expression asks for; tests for presence don't count."""
    return used_names(
        rewrite(value, lambda node: Integer(0) if isinstance(node, Absent) else node)
    )


def without_own_shape(
    value: Expression, draft: Draft, bounds: Sequence[model.Bound]
) -> Expression:
    """Return an extent in which an array doesn't ask for its own shape, which is unknown before its conversion.

    An extent that is asked for counts as the declaration gives it where it stands further left, among the `bounds`.
    """

    def known(node: Expression) -> Expression:
        match node:
            case Extent(draft.name, axis) if axis < len(bounds) and bounds[axis].known:
                return bounds[axis].value or UNKNOWN
            case Extent(draft.name) | Size(draft.name):
                return UNKNOWN
            case Rank(draft.name):
                return Integer(len(draft.extents or ()))
            case ItemSize(draft.name) if draft.type.kind is not Kind.CHARACTER:
                return Integer(draft.type.size)
            case _:
                return node

    return rewrite(value, known)


def before_conversion(
    value: Expression, scope: ExpressionScope, converted: frozenset[str]
) -> Expression:
    """Return a value that needs only `converted` arguments.

    Raises ExpressionError for the text or the elements of an argument that isn't converted yet.
    """

    def known(node: Expression) -> Expression:
        match node:
            case Name(name) if name not in converted:
                symbol = scope.environment.find(name)
                if symbol is not None and symbol.role is Role.SCALAR and symbol.kind:
                    return ZEROS[symbol.kind]
            case Extent(name) | Size(name) if name not in converted:
                return UNKNOWN
            case _:
                pass
        return node

    found = rewrite(value, known)
    late = read_names(found) - converted
    if late:
        raise ExpressionError(f"{min(late)!r} has no value yet where this is evaluated")
    return found


def without_waiting_arrays(
    drafts: Mapping[str, Draft], depends: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return the dependences without those of arrays on variables that are taken from their extents."""
    left = dict(depends)
    for name in depends:
        if drafts[name].extents is not None:
            left[name] = tuple(d for d in left[name] if not reaches(left, d, name))
    return left


def checks_after(
    procedure: model.Procedure,
) -> Iterator[tuple[str, tuple[tuple[model.Argument, model.Check], ...]]]:
    """Yield the arguments in the order of their conversion, each with the checks that can be made after it.

    A check follows its own argument unless it needs one that is converted later.
    """
    places = {name: place for place, name in enumerate(procedure.evaluation)}
    waiting: dict[str, list[tuple[model.Argument, model.Check]]] = {}
    for name in procedure.evaluation:
        argument = procedure.argument(name)
        for check in argument.checks:
            asked = {name, *(read_names(check.condition) & places.keys())}
            last = max(asked, key=lambda each: places[each])
            waiting.setdefault(last, []).append((argument, check))
    for name in procedure.evaluation:
        yield name, tuple(waiting.get(name, ()))

"""How many bytes an integer expression has."""

from __future__ import annotations

from f2pypy.expressions.environment import Environment
from f2pypy.expressions.nodes import (
    Call,
    Expression,
    ExpressionError,
    Integer,
    Name,
    Part,
    Stored,
)
from f2pypy.expressions.vocabulary import BIT_FUNCTIONS, SEARCHES, TEXT_LENGTHS
from f2pypy.expressions.walk import map_children

DEFAULT_BYTES = 4  # of an integer without a kind
# Functions whose integers have the kind that an argument says, and those whose integers have the default kind.
OF_GIVEN_KIND = frozenset({"int", "nint", "ceiling", "floor", "iceil", "ifloor"})
OF_DEFAULT_KIND = frozenset(
    {*BIT_FUNCTIONS, *SEARCHES, *TEXT_LENGTHS, "count", "iachar", "ichar", "poppar", "rank", "size"}
)  # fmt: skip


def bits_of(environment: Environment, expression: Expression) -> int:
    """Return the number of bits of an integer expression; ExpressionError where nothing tells its kind."""
    return 8 * (bytes_of(environment, expression) or DEFAULT_BYTES)


def bytes_of(environment: Environment, expression: Expression) -> int:
    """Return the bytes of an integer expression, 0 for those of the default kind: the most that its parts have."""
    match expression:
        case Integer(kind=Integer(size)):
            return size
        case Name(name):
            symbol = environment.find(name)
            return 0 if symbol is None else symbol.size
        case (
            Part(path=(*_, name), axis=None, length=False)
            | Stored(name=name, axis=None)
        ):
            raise ExpressionError(f"the kind of {name!r} isn't known", expression.at)  # fmt: skip
        case Call(function, arguments, keywords) if function in OF_GIVEN_KIND:
            given = [*arguments[1:], *(each for _, each in keywords)]
            sizes = [each.value for each in given if isinstance(each, Integer)]
            return sizes[0] if sizes else 0
        case Call(function) if function in OF_DEFAULT_KIND:
            return 0
        case _:
            found: list[int] = []

            def measured(part: Expression) -> Expression:
                found.append(bytes_of(environment, part))
                return part

            map_children(expression, measured)
            return max(found, default=0)

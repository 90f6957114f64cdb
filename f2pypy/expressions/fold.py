"""Evaluates what is constant: kinds, lengths, extents, parameters.

Fortran's rules: integers divide truncating, a real of default kind has single precision.
What isn't constant stays as it is, and so does what has no value, such as a division by 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

from f2pypy.dataclass import dataclass, field
from f2pypy.expressions.constant_functions import ELEMENTAL, FUNCTION_ALIASES, FUNCTIONS
from f2pypy.expressions.constant_operators import fold_binary, fold_unary
from f2pypy.expressions.constants import elements, elementwise, is_constant, truth_of
from f2pypy.expressions.nodes import (
    ArrayConstructor,
    Binary,
    Call,
    Conditional,
    Expression,
    Integer,
    Member,
    Name,
    Subscript,
    Unary,
)
from f2pypy.expressions.simplify import simplified
from f2pypy.expressions.walk import rewrite, walk

MAXIMUM_ITEMS = 100_000  # of an array constant
MAXIMUM_NODES = 500  # of a parameter's value that isn't constant


# What a declaration alone may answer; see `inquiry`.
INQUIRIES = frozenset({"kind", "size", "lbound", "ubound", "len"})
# The call that stands for ``(items, variable = first, last, stride)`` in an array constructor.
IMPLIED_DO = "implied do"


def fold(
    expression: Expression,
    constants: Mapping[str, Expression],
    lower_bounds: Mapping[str, int] | None = None,
) -> Expression:
    """Return `expression` with every constant part evaluated, and sums tidied: ``n - 1 + 1`` is ``n``.

    `constants` are the parameters in scope, in lower case or in the case of the source; their
    values may use other constants. `lower_bounds` are those of array parameters that don't
    begin at 1. Nothing is raised: what can't be evaluated stays symbolic.
    """
    return _Folder(constants, lower_bounds or {}).fold(expression)


@dataclass(frozen=True)
class _Folder:
    constants: Mapping[str, Expression]
    lower_bounds: Mapping[str, int]
    found: dict[str, Expression | None] = field(
        default_factory=dict
    )  # values folded so far

    def fold(self, expression: Expression) -> Expression:
        return rewrite(expression, self.step)

    def step(self, expression: Expression) -> Expression:
        """Fold one node whose parts are folded."""
        try:
            return self.folded(expression)
        except (ArithmeticError, ValueError, TypeError, IndexError, RecursionError):
            return expression  # no value: 1/0, sqrt(-1.0), pa(7)

    def folded(self, expression: Expression) -> Expression:
        match expression:
            case Name(name):
                return self.constant(name) or expression
            case Unary(symbol, operand):
                return fold_unary(symbol, operand) or expression
            case Binary(symbol, left, right):
                if is_constant(left) and is_constant(right):
                    return fold_binary(symbol, left, right) or expression
                return simplified(expression)
            case Conditional(test, then, otherwise):
                truth = truth_of(test)
                return expression if truth is None else (then if truth else otherwise)
            case Call():
                return self.call(expression)
            case Member(Call(_, (), parts), name):
                # a constant of derived type is a constructor with all that is known of it
                return dict(parts).get(name.lower(), expression)
            case ArrayConstructor(items) if any(
                isinstance(item, ArrayConstructor) for item in items
            ):
                return replace(expression, items=tuple(elements(expression)))
            case Subscript(ArrayConstructor(items), Integer(index)) if (
                0 <= index < len(items)
            ):
                return items[index]
            case _:
                return expression

    def constant(self, name: str) -> Expression | None:
        """Return the folded value of a constant; None if `name` is none or has no value."""
        if name in self.found:
            return self.found[name]
        value = self.constants.get(name) or self.constants.get(name.lower())
        if value is not None:
            self.found[name] = (
                None  # while it is folded: a constant defined by itself has no value
            )
            value = self.fold(value)
            if sum(1 for _ in islice(walk(value), MAXIMUM_NODES)) == MAXIMUM_NODES:
                value = value if is_constant(value) else None
        self.found[name] = value
        return value

    def call(self, call: Call) -> Expression:
        name = call.function.lower()
        if name == IMPLIED_DO:
            return self.implied_do(call)
        if name in INQUIRIES:
            axis = tuple(value for key, value in call.keywords if key == "dim")
            known = self.constants.get(inquiry(name, *(*call.arguments, *axis)[:2]))
            if known is not None:
                return known
        array = self.constant(call.function)
        if isinstance(array, ArrayConstructor) and len(call.arguments) == 1:
            (index,) = call.arguments
            if isinstance(index, Integer):
                place = index.value - self.lower_bounds.get(name, array.lower)
                if 0 <= place < len(array.items):
                    return array.items[place]
            return call
        if isinstance(array, Call) and array.function.lower() == "reshape":
            return _element(array, call.arguments) or call
        if name == "reshape":
            return _by_position(call)
        function = FUNCTIONS.get(FUNCTION_ALIASES.get(name, name))
        if function is None or not all(
            is_constant(a) for a in (*call.arguments, *(v for _, v in call.keywords))
        ):
            return call
        keywords = dict(call.keywords)
        if FUNCTION_ALIASES.get(name, name) in ELEMENTAL:
            return elementwise(function, call.arguments, keywords) or call
        return function(call.arguments, keywords) or call

    def implied_do(self, call: Call) -> Expression:
        """Return the values of ``(items, variable = first, last, stride)``."""
        items, variable, *limits = call.arguments
        first, last, stride = (
            limit.value for limit in limits if isinstance(limit, Integer)
        )
        if not isinstance(items, ArrayConstructor) or not isinstance(variable, Name):
            return call
        values = range(first, last + (1 if stride > 0 else -1), stride)
        if len(values) * len(items.items) > MAXIMUM_ITEMS:
            return call
        found: list[Expression] = []
        for value in values:
            counted = {**self.constants, variable.name: Integer(value)}
            found += [fold(item, counted, self.lower_bounds) for item in items.items]
        return ArrayConstructor(tuple(elements(ArrayConstructor(tuple(found)))))


def inquiry(function: str, variable: Expression, axis: Expression | None = None) -> str:
    """Return the name under which constants hold what is known of a variable: ``kind(x)``, ``size(x, 1)``."""
    if not isinstance(variable, Name):
        return ""
    along = f", {axis.value}" if isinstance(axis, Integer) else ""
    return f"{function}({variable.name}{along})"


def _by_position(reshaped: Call) -> Call:
    """Return ``reshape(source=values, shape=extents)`` without its keywords; with any other as it is."""
    names = ("source", "shape")[len(reshaped.arguments) :]
    given = dict(reshaped.keywords)
    if not names or given.keys() != set(names):
        return reshaped
    arguments = (*reshaped.arguments, *(given[name] for name in names))
    return replace(reshaped, arguments=arguments, keywords=())


def _element(reshaped: Call, subscripts: tuple[Expression, ...]) -> Expression | None:
    """Return an element of ``reshape(values, extents)`` with lower bounds 1."""
    source, shape = reshaped.arguments[:2]
    if not isinstance(source, ArrayConstructor) or not isinstance(
        shape, ArrayConstructor
    ):
        return None
    if len(shape.items) != len(subscripts):
        return None
    place, step = 0, 1
    for subscript, extent in zip(subscripts, shape.items, strict=True):
        if not isinstance(subscript, Integer) or not isinstance(extent, Integer):
            return None
        if not 1 <= subscript.value <= extent.value:
            return None
        place += (subscript.value - 1) * step
        step *= extent.value
    return source.items[place]

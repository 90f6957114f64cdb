"""Names become arguments' properties: every question about an argument is one node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from f2pypy.dataclass import dataclass
from f2pypy.expressions.calls import is_known_function
from f2pypy.expressions.environment import Environment, Role, Symbol
from f2pypy.expressions.inquiries import in_order
from f2pypy.expressions.nodes import (
    Absent,
    AddressOf,
    ArrayConstructor,
    Binary,
    Bounds,
    Call,
    Character,
    Dereference,
    Expression,
    ExpressionError,
    Extent,
    Integer,
    ItemSize,
    Kind,
    Logical,
    Member,
    Name,
    Rank,
    Real,
    Size,
    String,
    StringLength,
    Subscript,
    Unary,
    Unread,
)
from f2pypy.expressions.object_parts import part_of, regrouped
from f2pypy.expressions.vocabulary import CONSTANTS, WHOLE_FUNCTIONS
from f2pypy.expressions.walk import map_children


def resolve_names(expression: Expression, environment: Environment) -> Expression:
    """Return `expression` with every name known and every question about an argument one node.

    ``len``, ``shape``, ``size``, ``rank``, ``slen`` (and f2py's prefixed forms) become
    `Extent`, `Size`, `Rank`, `StringLength`; ``x_capi == Py_None`` becomes `Absent`;
    ``*x``, ``*(x + k)`` and Fortran's ``x(i)`` become `Subscript`; the first character of a
    single-character argument is the argument. Raises `ExpressionError` for unknown names.
    """
    return _Names(environment).resolve(expression)


@dataclass(frozen=True)
class _Names:
    environment: Environment

    def resolve(self, expression: Expression) -> Expression:
        match expression:
            case Name(name, at):
                return self.name(name, at)
            case Member() | Binary("%") | Call() if part := part_of(
                expression, self.environment
            ):
                return part
            case Binary("%") if (
                meant := regrouped(expression, self.environment)
            ) != expression:
                return self.resolve(meant)
            case Binary("==" | "!=", left, right):
                absent = self.absence(expression)
                if absent is not None:
                    return absent
                return self.comparison(
                    replace(
                        expression, left=self.resolve(left), right=self.resolve(right)
                    )
                )
            case Call():
                return self.call(expression)
            case Subscript(base, index):
                return self.element(
                    self.resolve(base), self.resolve(index), expression.at
                )
            case Dereference(operand):
                return self.dereference(self.resolve(operand), expression.at)
            case Unread(message, at):
                raise ExpressionError(message, at)
            case Member(base, name, True, at):
                pointed = self.dereference(self.resolve(base), at)
                return Member(pointed, name, False, at)
            case _:
                return self.below(expression)

    def below(self, expression: Expression) -> Expression:
        """Return the expression with its operands resolved; the kind of a literal is no variable."""
        if isinstance(expression, (Integer, Real, Logical)):
            return expression
        return map_children(expression, self.resolve)

    def all(self, items: tuple[Expression, ...]) -> tuple[Expression, ...]:
        return tuple([self.resolve(item) for item in items])

    def name(self, name: str, at: int) -> Expression:
        if self.environment.find(name) is not None:
            return Name(self.environment.spelling(name), at)
        if name in CONSTANTS and not self.environment.fortran:
            return replace(CONSTANTS[name], at=at)
        if name in ("Py_None", "NULL") or name.endswith("_capi"):
            raise ExpressionError(
                f"{name} can only be compared: argument_capi == Py_None", at
            )
        raise ExpressionError(f"unknown name {name}", at)

    def absence(self, comparison: Binary) -> Expression | None:
        """Return the `Absent` that ``x_capi == Py_None`` means; None if it isn't that."""
        match comparison:
            case Binary(operator, Name(first), Name(second)):
                capi, none = (
                    (second, first) if first in ("Py_None", "NULL") else (first, second)
                )
            case _:
                return None
        if none not in ("Py_None", "NULL") or not capi.endswith("_capi"):
            return None
        argument = capi.removesuffix("_capi")
        if self.environment.find(argument) is None:
            raise ExpressionError(f"unknown name {argument} in {capi}", comparison.at)
        absent = Absent(argument, comparison.at)
        return absent if operator == "==" else Unary("!", absent, comparison.at)

    def comparison(self, comparison: Binary) -> Expression:
        """Return a comparison with a one-character literal as one of characters."""

        def as_character(side: Expression, other: Expression) -> Expression:
            if (
                isinstance(side, String)
                and len(side.value) == 1
                and self.is_character(other)
            ):
                return Character(side.value, side.at)
            return side

        left, right = comparison.left, comparison.right
        return replace(
            comparison, left=as_character(left, right), right=as_character(right, left)
        )

    def is_character(self, expression: Expression) -> bool:
        match expression:
            case Name(name):
                found = self.environment.find(name)
                return found is not None and found.kind is Kind.CHARACTER
            case Subscript(base):
                return self.is_character(base)
            case _:
                return False

    def element(self, base: Expression, index: Expression, at: int) -> Expression:
        match base:
            case Name(name):
                symbol = self.environment.find(name)
                if symbol is not None and symbol.role is Role.SCALAR:
                    if symbol.kind is Kind.CHARACTER and index == Integer(0):
                        return base
                    raise ExpressionError(f"{name} is a scalar and has no elements", at)
                return Subscript(base, index, at)
            case Binary("+", pointer, offset):
                return Subscript(pointer, Binary("+", offset, index, at), at)
            case _:
                return Subscript(base, index, at)

    def dereference(self, pointer: Expression, at: int) -> Expression:
        match pointer:
            case Name(name):
                symbol = self.environment.find(name)
                if symbol is not None and symbol.role in (Role.FUNCTION, Role.CALLBACK):
                    return Dereference(pointer, at)
                return self.element(pointer, Integer(0), at)
            case Binary("+", base, offset):
                return Subscript(base, offset, at)
            case Binary("-", base, offset):
                return Subscript(base, Unary("-", offset, at), at)
            case AddressOf(operand):
                return operand
            case _:
                raise ExpressionError("only arguments can be pointed to", at)

    def call(self, call: Call) -> Expression:
        name = call.function
        question = name.removeprefix("f2py_").lower() if self.is_question(name) else ""
        if question:
            vector = self.vector(question, call)
            return self.question(question, call) if vector is None else vector
        symbol = self.environment.find(name)
        if symbol is not None and symbol.role in (Role.ARRAY, Role.STRING):
            return self.fortran_element(call, symbol)
        known = name in self.environment.functions or is_known_function(
            name, fortran=self.environment.fortran
        )
        if not known and symbol is None:
            raise ExpressionError(f"unknown function {name}", call.at)
        inside = self.as_in_fortran() if name.lower() in WHOLE_FUNCTIONS else self
        keywords = tuple((key, inside.resolve(value)) for key, value in call.keywords)
        return replace(call, arguments=inside.all(call.arguments), keywords=keywords)

    def as_in_fortran(self) -> _Names:
        """Return the resolver for the arguments of Fortran's functions of arrays and texts, which no C has."""
        return _Names(replace(self.environment, fortran=True))

    def is_question(self, name: str) -> bool:
        if self.environment.find(name) is not None:
            return False
        plain = name.lower() if self.environment.fortran else name
        return plain.removeprefix("f2py_") in _QUESTIONS

    def question(self, question: str, call: Call) -> Expression:
        """Return the node for ``len(x)``, ``shape(x, 0)``, ``size(x, 1)``, ..."""
        arguments = in_order(question, call)
        lowest, highest = _QUESTIONS[question]
        if not lowest <= len(arguments) <= highest:
            raise ExpressionError(
                f"{call.function} takes {lowest} argument(s)", call.at
            )
        if not isinstance(arguments[0], Name):
            raise ExpressionError(
                f"{call.function} needs the name of an argument", call.at
            )
        name = self.environment.spelling(arguments[0].name)
        symbol = self.environment.find(name)
        if symbol is None:
            raise ExpressionError(f"unknown name {name}", arguments[0].at)
        string = symbol.kind is Kind.CHARACTER
        if question in ("slen",) or (
            question in ("len", "flen") and self.counts_characters(symbol)
        ):
            if not string:
                raise ExpressionError(f"{name} isn't a string", arguments[0].at)
            if symbol.role is Role.ARRAY:
                return ItemSize(name, call.at)
            return StringLength(name, call.at)
        if symbol.role is not Role.ARRAY:
            raise ExpressionError(f"{name} isn't an array", arguments[0].at)
        match question:
            case "rank":
                return Rank(name, call.at)
            case "shape" | "fshape":
                return self.extent(name, symbol, arguments[1], 0, call)
            case "size" if len(arguments) == 2:
                return self.extent(name, symbol, arguments[1], 1, call)
            case "size":
                return Size(name, call.at)
            case "itemsize":
                return ItemSize(name, call.at)
            case "lbound" | "ubound":
                return self.bound(question, name, symbol, arguments[1], call)
            case _:
                return Extent(name, 0, call.at)

    def vector(self, question: str, call: Call) -> Expression | None:
        """Return what a question about all axes, or about what is no name, comes to; None for any other."""
        if len(call.arguments) != 1 or call.keywords:
            return None
        (asked,) = call.arguments
        if isinstance(asked, Call | ArrayConstructor) or (
            isinstance(asked, Binary) and asked.operator == "concat"
        ):
            if question not in ("size", "len"):
                return None
            return Call(question, (self.as_in_fortran().resolve(asked),), at=call.at)
        if not (isinstance(asked, Name) and self.environment.fortran):
            return None
        name = self.environment.spelling(asked.name)
        symbol = self.environment.find(name)
        if symbol is None or symbol.role is not Role.ARRAY or question not in _VECTORS:
            return None
        if symbol.rank == 0:
            raise ExpressionError(f"{name} has any rank, so its {question} has no fixed length", call.at)  # fmt: skip
        axes = range(1, symbol.rank + 1)
        if question == "shape":
            extents = [Extent(name, axis - 1, call.at) for axis in axes]
            return ArrayConstructor(tuple(extents), call.at)
        bounds = [
            self.bound(question, name, symbol, Integer(axis), call) for axis in axes
        ]
        return ArrayConstructor(tuple(bounds), call.at)

    def counts_characters(self, symbol: Symbol) -> bool:
        fortran_length = self.environment.fortran and symbol.kind is Kind.CHARACTER
        return symbol.role is Role.STRING or fortran_length

    def extent(
        self, name: str, symbol: Symbol, axis: Expression, first: int, call: Call
    ) -> Extent:
        if not isinstance(axis, Integer):
            raise ExpressionError(
                f"{call.function}: the axis must be a constant", axis.at
            )
        is_lacking = axis.value - first >= max(symbol.rank, 1)
        if axis.value < first or (is_lacking and not self.environment.lacking_axes):
            raise ExpressionError(
                f"{name} has rank {symbol.rank}, no axis {axis.value}", axis.at
            )
        return Extent(name, axis.value - first, call.at)

    def bound(
        self, question: str, name: str, symbol: Symbol, axis: Expression, call: Call
    ) -> Expression:
        """Return the first or the last index along an axis, which is counted from 1."""
        extent = self.extent(name, symbol, axis, 1, call)
        known = extent.axis < len(symbol.lower)
        lower = self.resolve(symbol.lower[extent.axis]) if known else Integer(1)
        if question == "lbound":
            return lower
        if isinstance(lower, Integer):
            past = lower.value - 1
            return Binary("+", extent, Integer(past), call.at) if past else extent
        return Binary("+", extent, _minus(lower, Integer(1)), call.at)

    def fortran_element(self, call: Call, symbol: Symbol) -> Expression:
        """Return ``x(i)`` as an element, and what has several subscripts or a triplet as a part of the array."""
        name = self.environment.spelling(call.function)
        is_part = any(isinstance(argument, Bounds) for argument in call.arguments)
        # the elements of an assumed-shape array lie in memory in any order
        if is_part or (symbol.rank > 1 and not call.keywords):
            return self.part(name, symbol, call)
        if symbol.rank != len(call.arguments) or call.keywords:
            raise ExpressionError(
                f"{name} has rank {symbol.rank}, not {len(call.arguments)}", call.at
            )
        index = self.resolve(call.arguments[0])
        lower = symbol.lower[0] if symbol.lower else Integer(1)
        place = index if lower == Integer(0) else _minus(index, lower)
        return Subscript(Name(name, call.at), place, call.at)

    def part(self, name: str, symbol: Symbol, call: Call) -> Expression:
        """Return a section of an array, with subscripts from 0, or a part of a string, with places from 1."""
        if symbol.role is Role.STRING:
            (places,) = call.arguments
            assert isinstance(places, Bounds)
            ends = Bounds(
                None if places.lower is None else self.resolve(places.lower),
                None if places.upper is None else self.resolve(places.upper),
                at=call.at,
            )
            return Call("substring", (Name(name, call.at), ends), at=call.at)
        if symbol.rank != len(call.arguments):
            raise ExpressionError(
                f"{name} has rank {symbol.rank}, not {len(call.arguments)}", call.at
            )
        subscripts = []
        for axis, argument in enumerate(call.arguments):
            lower = symbol.lower[axis] if axis < len(symbol.lower) else Integer(1)
            subscripts.append(self.subscript(argument, self.resolve(lower)))
        return Call("section", (Name(name, call.at), *subscripts), at=call.at)

    def subscript(self, argument: Expression, lower: Expression) -> Expression:
        """Return a subscript or a triplet as places from 0; a triplet then ends before its last one."""
        if not isinstance(argument, Bounds):
            index = self.resolve(argument)
            return index if lower == Integer(0) else _minus(index, lower)
        stride = argument.stride
        if stride is not None and not (
            isinstance(stride, Integer) and stride.value > 0
        ):
            raise ExpressionError(
                "a stride must be a positive number here", argument.at
            )
        first, last = argument.lower, argument.upper
        return Bounds(
            None if first is None else _minus(self.resolve(first), lower),
            None
            if last is None
            else Binary("+", _minus(self.resolve(last), lower), Integer(1)),
            stride,
            at=argument.at,
        )


# Questions that all axes answer together.
_VECTORS = frozenset({"shape", "lbound", "ubound"})
_QUESTIONS: Mapping[str, tuple[int, int]] = {
    "len": (1, 1),
    "flen": (1, 1),
    "slen": (1, 1),
    "rank": (1, 1),
    "size": (1, 2),
    "itemsize": (1, 1),
    "shape": (2, 2),
    "fshape": (2, 2),
    "lbound": (2, 2),
    "ubound": (2, 2),
}


def _minus(left: Expression, right: Expression) -> Expression:
    if isinstance(left, Integer) and isinstance(right, Integer):
        return Integer(left.value - right.value, left.at)
    return Binary("-", left, right, left.at)

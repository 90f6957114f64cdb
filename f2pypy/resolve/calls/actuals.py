"""The actual arguments of a callstatement's call: what each C expression passes."""

from __future__ import annotations

from f2pypy.dataclass import dataclass
from f2pypy.expressions.linear import combine
from f2pypy.expressions.nodes import (
    AddressOf,
    Binary,
    Cast,
    Character,
    Conditional,
    Dereference,
    Expression,
    ExpressionError,
    Integer,
    Kind,
    Member,
    Name,
    Real,
    Sequence,
    String,
    Subscript,
    Unary,
)
from f2pypy.model import (
    Actual,
    ArrayAddress,
    CallbackAddress,
    ChosenAddress,
    DataType,
    NullAddress,
    PartReference,
    ScalarReference,
    Temporary,
    TextAddress,
    ValueArgument,
)
from f2pypy.resolve.calls.variables import Names


@dataclass(frozen=True)
class ActualReader:
    """Reads actual arguments over the routine's arguments and the callstatement's local variables, `names`."""

    names: Names

    def actual(self, expression: Expression, c_name: str) -> Actual:
        """Return how one actual argument is passed; `c_name` is its C type, "" where no prototype says."""
        address = self.address(expression, pointer_wanted=c_name.endswith("*"))
        return address if address is not None else self.by_value(expression, c_name)

    def address(self, expression: Expression, *, pointer_wanted: bool) -> Actual | None:
        """Return the address that an expression stands for, None if it stands for a value."""
        match expression:
            case Cast(type_, operand) if type_.endswith("*"):
                return self.address(operand, pointer_wanted=True)
            case AddressOf(operand):
                return self.address_of(operand)
            case Name("NULL"):
                return NullAddress()
            case Integer(value=0) if pointer_wanted:
                return NullAddress()
            case Name(name) if name in self.names.arguments:
                return self.address_of_argument(name, pointer_wanted)
            case Name(name) if name.startswith("cb_"):
                return self.callback(name)
            case Binary("+" | "-"):
                return self.shifted(expression)
            case String():
                return self.text(expression)
            case Conditional():
                return self.chosen(expression, pointer_wanted)
            case Sequence():
                raise ExpressionError(
                    "a comma expression can't be passed", max(expression.at, 0)
                )
            case _:
                return None

    def address_of_argument(self, name: str, pointer_wanted: bool) -> Actual | None:
        """Return the address that an argument's name passes, None if it passes a value."""
        argument = self.names.arguments[name]
        if argument.callback is not None:
            return CallbackAddress(name)
        if argument.is_array or argument.type.is_string:
            return ArrayAddress(name)
        if argument.type.kind is Kind.CHARACTER or pointer_wanted:
            # f2py passes the address where a flag stands for itself.
            return ScalarReference(name)
        return None

    def address_of(self, operand: Expression) -> Actual:
        """Return what ``&operand`` passes: a scalar, an array from an element on, or a part of a complex number."""
        match operand:
            case Name(name) if name in self.names.locals:
                return ScalarReference(name)
            case Name(name) if name in self.names.arguments:
                return self.required(operand)
            case Subscript(String(), _):
                value = self.names.scope.value(operand, Kind.CHARACTER)
                return Temporary(value, DataType(Kind.CHARACTER, 1))
            case Subscript(base, index):
                return self.required(Binary("+", base, index, operand.at))
            case Dereference(pointer):
                return self.required(pointer)
            case Member(base, "r" | "i" as part, arrow):
                return self.part(base if not arrow else Dereference(base), part)
            case _:
                raise ExpressionError(
                    "the address of this can't be passed", max(operand.at, 0)
                )

    def required(self, expression: Expression) -> Actual:
        """Return the address that an expression stands for; ExpressionError if it stands for a value."""
        address = self.address(expression, pointer_wanted=True)
        if address is None:
            raise ExpressionError(
                "the address of this can't be passed", max(expression.at, 0)
            )
        return address

    def part(self, base: Expression, part: str) -> Actual:
        """Return the address of the real or the imaginary part of a complex scalar."""
        match base:
            case Name(name) if self.names.is_complex_scalar(name):
                return PartReference(name, part)
            case _:
                raise ExpressionError(
                    "only a complex scalar has parts to pass", max(base.at, 0)
                )

    def callback(self, name: str) -> CallbackAddress:
        """Return the callback that f2py's C name ``cb_jac_in_dvode__user__routines`` means."""
        for argument in self.names.arguments.values():
            if argument.callback is not None:
                described = f"cb_{argument.callback.name}_in_{argument.callback.module}"
                if name == described or name.startswith(f"cb_{argument.name}_in_"):
                    return CallbackAddress(argument.name)
        raise ExpressionError(f"{name!r} isn't a callback of this routine")

    def shifted(self, expression: Binary) -> Actual | None:
        """Return ``base + offset`` and ``base - offset`` as one address, None if neither side is an address."""
        left, right = expression.left, expression.right
        if expression.operator == "+" and self.is_value(left):
            left, right = right, left
        if self.is_value(left):
            return None
        base = self.address(left, pointer_wanted=False)
        match base:
            case ArrayAddress(name, before):
                offset = self.names.scope.value(right, Kind.INTEGER)
                if before is not None:
                    offset = combine(expression.operator, before, offset)
                elif expression.operator == "-":
                    offset = Unary("-", offset, expression.at)
                return ArrayAddress(name, offset)
            case _:
                raise ExpressionError(
                    "only an array's address can be moved", max(expression.at, 0)
                )

    def is_value(self, expression: Expression) -> bool:
        """Whether an operand is a number, not an address."""
        match expression:
            case Name(name) if name in self.names.arguments:
                argument = self.names.arguments[name]
                return not (argument.is_array or argument.type.is_string)
            case AddressOf() | String():
                return False
            case Cast(type_):
                return not type_.endswith("*")
            case Binary("+" | "-", left, right):
                return self.is_value(left) and self.is_value(right)
            case Conditional(_, then, otherwise):
                return self.is_value(then) and self.is_value(otherwise)
            case _:
                return True

    def text(self, expression: Expression) -> Actual:
        """Return a string literal, or one of several: a flag goes by reference, longer ones by their address."""
        texts = texts_of(expression)
        if all(len(text.value) == 1 for text in texts):
            value = self.names.scope.value(expression, Kind.CHARACTER)
            return Temporary(value, DataType(Kind.CHARACTER, 1))
        return TextAddress(self.names.scope.value(expression, Kind.CHARACTER))

    def chosen(self, expression: Conditional, pointer_wanted: bool) -> Actual | None:
        """Return ``test ? a : b`` where both are addresses, None where both are values."""
        if is_text(expression):
            return self.text(expression)
        then = self.address(expression.then, pointer_wanted=pointer_wanted)
        otherwise = self.address(expression.otherwise, pointer_wanted=pointer_wanted)
        if then is None and otherwise is None:
            return None
        if then is None:
            then = self.address(expression.then, pointer_wanted=True)
        if otherwise is None:
            otherwise = self.address(expression.otherwise, pointer_wanted=True)
        if then is None or otherwise is None:
            raise ExpressionError(
                "one of these is an address, the other isn't", max(expression.at, 0)
            )
        return ChosenAddress(
            self.names.scope.condition(expression.test), then, otherwise
        )

    def by_value(self, expression: Expression, c_name: str) -> ValueArgument:
        """Return a number passed by value, as the prototype says or as its own type."""
        data_type = self.names.c_type(c_name)
        if data_type is None and c_name:
            raise ExpressionError(
                f"a value of C type {c_name!r} can't be passed", max(expression.at, 0)
            )
        if data_type is None and isinstance(expression, Name):
            data_type = self.names.type_of(expression.name)
        if data_type is None:
            kind = self.names.scope.kind(expression)
            size = {Kind.REAL: 8, Kind.COMPLEX: 16}.get(kind, 4)
            data_type = DataType(kind, size)
            if kind in (Kind.LOGICAL, Kind.CHARACTER):
                data_type = DataType(Kind.INTEGER, size)
        return ValueArgument(
            self.names.scope.value(expression, data_type.kind), data_type
        )


def texts_of(expression: Expression) -> list[String]:
    """Return the string literals that an expression may give."""
    match expression:
        case String():
            return [expression]
        case Conditional(_, then, otherwise):
            return [*texts_of(then), *texts_of(otherwise)]
        case _:
            return []


def is_text(expression: Expression) -> bool:
    """Whether every value the expression may take is a string literal."""
    match expression:
        case String():
            return True
        case Conditional(_, then, otherwise):
            return is_text(then) and is_text(otherwise)
        case _:
            return False


def is_literal(expression: Expression) -> bool:
    """Whether the expression is a literal number or character."""
    match expression:
        case Unary("-" | "+", operand):
            return is_literal(operand)
        case _:
            return isinstance(expression, (Integer, Real, Character))

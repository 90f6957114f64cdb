"""The kinds of values: conversions that C or Fortran does silently become nodes.

What `typed` and `names.resolve_names` leave can be printed without asking what language the text was in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from f2pypy.dataclass import dataclass
from f2pypy.expressions.calls import FUNCTION_TYPINGS
from f2pypy.expressions.conversions import KIND_ORDER, convert, plain
from f2pypy.expressions.environment import Environment, Role
from f2pypy.expressions.integer_sizes import bits_of
from f2pypy.expressions.nodes import (
    Absent,
    ArrayConstructor,
    Assignment,
    Binary,
    Bounds,
    Call,
    Cast,
    Character,
    Complex,
    Conditional,
    Convert,
    Expression,
    ExpressionError,
    Extent,
    Increment,
    Integer,
    ItemSize,
    Kind,
    Logical,
    Member,
    Name,
    Part,
    Rank,
    Real,
    Sequence,
    Size,
    Stored,
    String,
    StringLength,
    Subscript,
    Unary,
)
from f2pypy.expressions.usercode_calls import typed_usercode
from f2pypy.expressions.vocabulary import canonical_function, kind_of_c_type
from f2pypy.expressions.whole_arrays import has_triplet, typed_array


def kind_of(expression: Expression, environment: Environment) -> Kind:
    """Return what the value of a resolved expression is; raises `ExpressionError` if it has none."""
    return _Types(environment).typed(expression)[1]


def typed(
    expression: Expression, environment: Environment, wanted: Kind | None = None
) -> Expression:
    """Return a resolved expression with every conversion explicit, as a value of kind `wanted`.

    Integers divide by ``idiv`` and ``imod``; a real assigned to an integer is truncated
    once, where it is assigned; comparisons are LOGICAL until they are used as numbers;
    an integer that decides is a ``Convert(LOGICAL, ...)``. Typing twice changes nothing.
    Raises `ExpressionError` for what has no value (arrays, effects) or mixes what doesn't mix.
    """
    value, kind = _Types(environment).typed(expression)
    if wanted is None:
        return value
    return convert(plain(value, kind), kind, wanted)


_LEAVES: Mapping[type, Kind] = {
    **dict.fromkeys(
        [Integer, Extent, Rank, Size, ItemSize, Stored, Part, StringLength],
        Kind.INTEGER,
    ),
    **dict.fromkeys([Logical, Absent], Kind.LOGICAL),
    **dict.fromkeys([Character, String], Kind.CHARACTER),
    Real: Kind.REAL,
}


@dataclass(frozen=True)
class _Types:
    environment: Environment

    def typed(self, expression: Expression) -> tuple[Expression, Kind]:
        """Return any expression with its conversions explicit, and the kind of its value."""
        leaf = _LEAVES.get(type(expression))
        if leaf is not None:
            return expression, leaf
        match expression:
            case Name(name, at):
                return self.name(expression, name, at)
            case Unary():
                return self.unary(expression)
            case Binary():
                return self.binary(expression)
            case Conditional():
                return self.conditional(expression)
            case Call():
                return self.call(expression)
            case Subscript():
                return self.element(expression)
            case Cast(type_text, operand, at):
                return self.cast(type_text, operand, at)
            case Convert(kind, operand):
                return replace(expression, operand=self.typed(operand)[0]), kind
            case Assignment(operator="="):
                raise ExpressionError(
                    "'=' changes its left side: did you mean '=='?", expression.at
                )
            case Assignment() | Increment() | Sequence():
                raise ExpressionError("a value must not change anything", expression.at)
            case _:
                return self.compound(expression)

    def compound(self, expression: Expression) -> tuple[Expression, Kind]:
        """Return what has parts: complex numbers, lists, bounds."""
        match expression:
            case Complex(real, imaginary, at):
                parts = (self.value(real, Kind.REAL), self.value(imaginary, Kind.REAL))
                return Complex(*parts, at), Kind.COMPLEX
            case Member(base, name, _, at) if name.lower() in ("r", "i", "re", "im"):
                part = "r" if name.lower().startswith("r") else "i"
                whole, kind = self.typed(base)
                return Member(
                    convert(whole, kind, Kind.COMPLEX), part, at=at
                ), Kind.REAL
            case ArrayConstructor(items, at):
                return self.array_constructor(items, at)
            case Bounds(lower, upper, stride, assumed_size, at):
                low, high, step = (
                    None if b is None else self.integer(b)
                    for b in (lower, upper, stride)
                )
                return Bounds(low, high, step, assumed_size, at), Kind.INTEGER
            case _:
                raise ExpressionError(
                    "a pointer or a structure can't be used as a value", expression.at
                )

    def value(self, expression: Expression, wanted: Kind) -> Expression:
        value, kind = self.typed(expression)
        return convert(plain(value, kind), kind, wanted)

    def integer(self, expression: Expression) -> Expression:
        return self.value(expression, Kind.INTEGER)

    def number(self, expression: Expression) -> tuple[Expression, Kind]:
        """Return an operand of arithmetic: truth values count as 0 and 1, as in C."""
        value, kind = self.typed(expression)
        if kind is Kind.CHARACTER and (
            isinstance(value, String) or self.is_string(value)
        ):
            raise ExpressionError("a string isn't a number", expression.at)
        if kind in (Kind.LOGICAL, Kind.CHARACTER):
            return convert(value, kind, Kind.INTEGER), Kind.INTEGER
        return plain(value, kind), kind

    def is_string(self, value: Expression) -> bool:
        symbol = self.environment.find(value.name) if isinstance(value, Name) else None
        return symbol is not None and symbol.role is Role.STRING

    def truth(self, expression: Expression) -> Expression:
        value, kind = self.typed(expression)
        if kind is Kind.CHARACTER:
            raise ExpressionError(
                "characters are neither true nor false", expression.at
            )
        return convert(value, kind, Kind.LOGICAL)

    def name(
        self, expression: Expression, name: str, at: int
    ) -> tuple[Expression, Kind]:
        symbol = self.environment.find(name)
        if symbol is None:
            raise ExpressionError(f"unknown name {name}", at)
        if symbol.role not in (Role.SCALAR, Role.STRING) or symbol.kind is None:
            raise ExpressionError(f"{symbol.role.value} {name} is used as a value", at)
        return expression, symbol.kind

    def unary(self, unary: Unary) -> tuple[Expression, Kind]:
        match unary.operator:
            case "!":
                return replace(unary, operand=self.truth(unary.operand)), Kind.LOGICAL
            case "~":
                return replace(unary, operand=self.integer(unary.operand)), Kind.INTEGER
            case "+":
                return self.number(unary.operand)
            case "-":
                operand, kind = self.number(unary.operand)
                return replace(unary, operand=operand), kind
            case _:
                raise ExpressionError(f"unknown operator {unary.operator}", unary.at)

    def binary(self, binary: Binary) -> tuple[Expression, Kind]:
        match binary.operator:
            case "&&" | "||":
                operands = (self.truth(binary.left), self.truth(binary.right))
                return Binary(binary.operator, *operands, binary.at), Kind.LOGICAL
            case "eqv" | "neqv":
                operator = "==" if binary.operator == "eqv" else "!="
                operands = (self.truth(binary.left), self.truth(binary.right))
                return Binary(operator, *operands, binary.at), Kind.LOGICAL
            case "==" | "!=" | "<" | "<=" | ">" | ">=":
                return self.comparison(binary)
            case "&" | "|" | "^" | "<<" | ">>" | "idiv" | "imod" | "ipow":
                operands = (self.integer(binary.left), self.integer(binary.right))
                return Binary(binary.operator, *operands, binary.at), Kind.INTEGER
            case "concat":
                return self.concatenation(binary)
            case "+" | "-" | "*" | "/" | "%" | "**":
                return self.arithmetic(binary)
            case _:
                raise ExpressionError(f"unknown operator {binary.operator}", binary.at)

    def arithmetic(self, binary: Binary) -> tuple[Expression, Kind]:
        left, left_kind = self.number(binary.left)
        right, right_kind = self.number(binary.right)
        kind = max(left_kind, right_kind, key=KIND_ORDER.index)
        operator = binary.operator
        if kind is Kind.INTEGER:
            operator = {"/": "idiv", "%": "imod", "**": "ipow"}.get(operator, operator)
        elif operator == "%":
            raise ExpressionError("% divides integers only", binary.at)
        elif operator == "**" and right_kind is Kind.INTEGER:
            return Binary(operator, left, right, binary.at), kind
        operands = (convert(left, left_kind, kind), convert(right, right_kind, kind))
        return Binary(operator, *operands, binary.at), kind

    def comparison(self, binary: Binary) -> tuple[Expression, Kind]:
        (left, left_kind), (right, right_kind) = (
            self.typed(binary.left),
            self.typed(binary.right),
        )
        if left_kind is right_kind:
            return replace(binary, left=left, right=right), Kind.LOGICAL
        for side, other in ((left, right), (right, left)):
            truth = left_kind if side is left else right_kind
            if (
                truth is Kind.LOGICAL
                and other == Integer(0)
                and binary.operator in ("==", "!=")
            ):
                tested = (
                    side if binary.operator == "!=" else Unary("!", side, binary.at)
                )
                return tested, Kind.LOGICAL
        if Kind.CHARACTER in (left_kind, right_kind):
            kind = Kind.INTEGER
        else:
            kind = max(left_kind, right_kind, key=KIND_ORDER.index)
        if kind is Kind.COMPLEX and binary.operator not in ("==", "!="):
            raise ExpressionError("complex numbers can't be ordered", binary.at)
        operands = (convert(left, left_kind, kind), convert(right, right_kind, kind))
        return Binary(binary.operator, *operands, binary.at), Kind.LOGICAL

    def concatenation(self, binary: Binary) -> tuple[Expression, Kind]:
        (left, left_kind), (right, right_kind) = (
            self.typed(binary.left),
            self.typed(binary.right),
        )
        if left_kind is not Kind.CHARACTER or right_kind is not Kind.CHARACTER:
            raise ExpressionError("only strings can be joined by //", binary.at)
        return replace(binary, left=left, right=right), Kind.CHARACTER

    def conditional(self, conditional: Conditional) -> tuple[Expression, Kind]:
        test = self.truth(conditional.test)
        then, then_kind = self.typed(conditional.then)
        otherwise, otherwise_kind = self.typed(conditional.otherwise)
        kind = then_kind
        if then_kind is not otherwise_kind:
            if Kind.CHARACTER in (then_kind, otherwise_kind):
                kind = Kind.INTEGER
            else:
                kind = max(then_kind, otherwise_kind, key=KIND_ORDER.index)
            then = convert(then, then_kind, kind)
            otherwise = convert(otherwise, otherwise_kind, kind)
        branches = (plain(then, kind), plain(otherwise, kind))
        return Conditional(test, *branches, conditional.at), kind

    def element(self, element: Subscript) -> tuple[Expression, Kind]:
        """Return an element of an array, or one character of a string as a slice of length 1."""
        base = element.base
        if isinstance(base, Call) and base.function == "ravel":  # typed already
            return element, self.element(Subscript(base.arguments[0], Integer(0)))[1]
        symbol = self.environment.find(base.name) if isinstance(base, Name) else None
        if isinstance(base, String) or (
            symbol is not None and symbol.role is Role.STRING
        ):
            return replace(
                element, index=self.one_character(element.index)
            ), Kind.CHARACTER
        if symbol is None or symbol.role is not Role.ARRAY or symbol.kind is None:
            raise ExpressionError("only arrays and strings have elements", element.at)
        # C counts the elements of a matrix as they lie in memory
        flat = base if symbol.rank <= 1 else Call("ravel", (base,), at=base.at)
        return Subscript(flat, self.integer(element.index), element.at), symbol.kind

    def one_character(self, index: Expression) -> Bounds:
        if isinstance(index, Bounds):
            return index  # typed already
        first = self.integer(index)
        after = Integer(first.value + 1) if isinstance(first, Integer) else None
        return Bounds(first, after or Binary("+", first, Integer(1)), at=index.at)

    def cast(
        self, type_text: str, operand: Expression, at: int
    ) -> tuple[Expression, Kind]:
        kind = kind_of_c_type(type_text)
        if kind is None:
            raise ExpressionError(
                f"a cast to {type_text} can't be translated to Python", at
            )
        return self.value(operand, kind), kind

    def array_constructor(
        self, items: tuple[Expression, ...], at: int
    ) -> tuple[Expression, Kind]:
        values = [self.typed(item) for item in items]
        kinds = {kind for _, kind in values} or {Kind.INTEGER}
        kind = (
            next(iter(kinds))
            if len(kinds) == 1 or Kind.CHARACTER in kinds
            else max(kinds, key=KIND_ORDER.index)
        )
        converted = tuple(convert(plain(value, k), k, kind) for value, k in values)
        return ArrayConstructor(converted, at), kind

    def call(self, call: Call) -> tuple[Expression, Kind]:
        definition = self.environment.functions.get(call.function)
        if definition is not None:
            return typed_usercode(self, call, definition)
        if call.function == "section" and not has_triplet(call):
            return self.many(call)
        name = canonical_function(call.function, fortran=self.environment.fortran)
        typing = FUNCTION_TYPINGS.get(name)
        if typing is None:
            raise ExpressionError(f"unknown function {call.function}", call.at)
        return typing(self, replace(call, function=name))

    def many(self, expression: Expression) -> tuple[Expression, Kind]:
        """Return a typed expression for all elements of an array at once, and the kind of an element."""
        return typed_array(self, expression)

    def text(self, expression: Expression) -> Expression:
        """Return a typed text of any length, as bytes."""
        match expression:
            case Character(letter, at):
                return String(letter, at)
            case Name(name) if self.is_string(expression) or self.is_letter(name):
                return Call("content", (expression,), at=expression.at)
            case Call("substring", (name, Bounds(lower, upper))):
                ends = Bounds(
                    None if lower is None else self.integer(lower),
                    None if upper is None else self.integer(upper),
                )
                return Call("substring", (name, ends), at=expression.at)
            case Binary("concat", left, right):
                return replace(expression, left=self.text(left), right=self.text(right))
            case _:
                value, kind = self.typed(expression)
                if kind is not Kind.CHARACTER:
                    raise ExpressionError(
                        "a string literal is expected here", expression.at
                    )
                return value

    def is_letter(self, name: str) -> bool:
        symbol = self.environment.find(name)
        return symbol is not None and (symbol.role, symbol.kind) == (
            Role.SCALAR,
            Kind.CHARACTER,
        )

    def bits(self, expression: Expression) -> int:
        """Return the number of bits of an integer expression; ExpressionError where nothing tells its kind."""
        return bits_of(self.environment, expression)

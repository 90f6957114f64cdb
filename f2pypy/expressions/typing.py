"""What names and operators mean: names become arguments' properties, conversions become nodes.

`resolve_names` answers what a name or a call stands for, `typed` makes every conversion that C or
Fortran does silently a `Convert`. What both leave can be printed without asking what language the text was in.
"""

from __future__ import annotations

import enum
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from f2pypy.expressions.nodes import (
    Absent,
    AddressOf,
    ArrayConstructor,
    Assignment,
    Binary,
    Bounds,
    Call,
    CallThrough,
    Cast,
    Character,
    Complex,
    Conditional,
    Convert,
    Dereference,
    Expression,
    ExpressionError,
    Extent,
    FunctionDefinition,
    Increment,
    Integer,
    ItemSize,
    Kind,
    Logical,
    Member,
    Name,
    Rank,
    Real,
    Sequence,
    Size,
    String,
    StringLength,
    Subscript,
    Unary,
)

# ------------------------------------------------------------------------------------
# What names are


class Role(enum.Enum):
    """What a name stands for."""

    SCALAR = "scalar"
    ARRAY = "array"
    STRING = "string"
    CALLBACK = "callback"
    FUNCTION = "function"


@dataclass(frozen=True)
class Symbol:
    """One name: a scalar (a single character too) or array of `kind`, a string, ...

    `lower` are an array's lower bounds, 1 where the tuple ends; only Fortran's ``x(i)``
    looks at them.
    """

    role: Role
    kind: Kind | None = None
    rank: int = 0
    lower: tuple[Expression, ...] = ()


@dataclass(frozen=True)
class Environment:
    """The names that an expression may use; `fortran` where Fortran's rules hold.

    `functions` are those that usercode defines.
    """

    symbols: Mapping[str, Symbol]
    functions: Mapping[str, FunctionDefinition] = field(default_factory=dict)
    fortran: bool = False

    def find(self, name: str) -> Symbol | None:
        """Return what `name` is, or None; Fortran doesn't look at case."""
        found = self.symbols.get(name)
        if found is None and self.fortran:
            found = self.symbols.get(name.lower())
        return found

    def spelling(self, name: str) -> str:
        """Return `name` as the symbols spell it."""
        return name if name in self.symbols or not self.fortran else name.lower()

    def declare(self, name: str, symbol: Symbol) -> Environment:
        """Return the environment with one more name."""
        return replace(self, symbols={**self.symbols, name: symbol})


# Constants of C's headers.
CONSTANTS: Mapping[str, Expression] = {
    "M_PI": Real(math.pi),
    "M_PI_2": Real(math.pi / 2),
    "M_E": Real(math.e),
    "INT_MAX": Integer(2**31 - 1),
    "INT_MIN": Integer(-(2**31)),
    "LONG_MAX": Integer(2**63 - 1),
    "DBL_EPSILON": Real(2.0**-52),
    "DBL_MAX": Real(1.7976931348623157e308),
    "DBL_MIN": Real(2.2250738585072014e-308),
    "FLT_EPSILON": Real(2.0**-23),
    "FLT_MAX": Real(3.4028234663852886e38),
    "FLT_MIN": Real(1.1754943508222875e-38),
    "TRUE": Logical(True),
    "FALSE": Logical(False),
}

# Real functions of real arguments that Python's math has under the same name.
MATH_FUNCTIONS: Mapping[str, int] = {
    **dict.fromkeys(
        ["sqrt", "exp", "log", "log10", "log2", "log1p", "expm1", "sin", "cos", "tan"],
        1,
    ),
    **dict.fromkeys(["asin", "acos", "atan", "sinh", "cosh", "tanh"], 1),
    **dict.fromkeys(["asinh", "acosh", "atanh", "gamma", "lgamma", "erf", "erfc"], 1),
    **dict.fromkeys(["atan2", "hypot", "fmod", "copysign", "pow"], 2),
}

# Functions from real to whole numbers; C's give them as doubles.
ROUNDING_FUNCTIONS = frozenset({"ifloor", "iceil", "itrunc", "nint"})

TRUTH_FUNCTIONS = frozenset({"isnan", "isinf", "isfinite"})

# Other spellings of functions, C's and Fortran's specific names.
ALIASES: Mapping[str, str] = {
    **dict.fromkeys(["MAX", "max0", "amax1", "dmax1", "fmax"], "max"),
    **dict.fromkeys(["MIN", "min0", "amin1", "dmin1", "fmin"], "min"),
    **dict.fromkeys(["iabs", "dabs", "ABS"], "abs"),
    **{
        f"d{name}": name
        for name in ("sqrt", "exp", "log", "log10", "sin", "cos", "tan")
    },
    **{f"d{name}": name for name in ("asin", "acos", "atan", "atan2", "sinh", "cosh")},
    "alog": "log",
    "alog10": "log10",
    "dtanh": "tanh",
    "tgamma": "gamma",
    "floor": "ifloor",
    "ceiling": "iceil",
    "aint": "itrunc",
    "dint": "itrunc",
    "idnint": "nint",
    "anint": "nint",
    "lround": "nint",
    "log_gamma": "lgamma",
    "amod": "mod",
    "dmod": "mod",
    "ifix": "int",
    "idint": "int",
    "float": "real",
    "dble": "real",
    "sngl": "real",
    "dfloat": "real",
    "iachar": "ichar",
    "isign": "sign",
    "dsign": "sign",
    "idim": "dim",
    "ddim": "dim",
    "ieor": "xor",
    "labs": "abs",
    "llabs": "abs",
}

_INTEGER_TYPE = re.compile(
    r"(?:F_INT|CBLAS_INT|(?:npy_)?u?int(?:8|16|32|64|ptr|p)?(?:_t)?|npy_u?(?:byte|short|int|long|longlong|bool)"
    r"|s?size_t|Py_ssize_t|ptrdiff_t|signed_char|_Bool|(?:(?:un)?signed[ _]?|long[ _]?|short[ _]?|int|char)+)\Z"
)
_REAL_TYPE = re.compile(
    r"(?:float|double|long[ _]double|npy_(?:float|double|longdouble|float32|float64))\Z"
)
_COMPLEX_TYPE = re.compile(
    r"(?:complex_(?:float|double|long_double)|npy_(?:cfloat|cdouble|complex64|complex128))\Z"
)


def kind_of_c_type(type_text: str) -> Kind | None:
    """Return what a value of a C type is; None for pointers and unknown types."""
    if _INTEGER_TYPE.match(type_text):
        return Kind.INTEGER
    if _REAL_TYPE.match(type_text):
        return Kind.REAL
    return Kind.COMPLEX if _COMPLEX_TYPE.match(type_text) else None


# ------------------------------------------------------------------------------------
# Names


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
            case Member(base, name, True, at):
                pointed = self.dereference(self.resolve(base), at)
                return Member(pointed, name, False, at)
            case _:
                return self.below(expression)

    def below(self, expression: Expression) -> Expression:
        """Return the expression with its operands resolved."""
        match expression:
            case Unary(_, operand) | Cast(_, operand) | AddressOf(operand):
                return replace(expression, operand=self.resolve(operand))
            case Convert(_, operand):
                return replace(expression, operand=self.resolve(operand))
            case Binary(_, left, right):
                return replace(
                    expression, left=self.resolve(left), right=self.resolve(right)
                )
            case Conditional(test, then, otherwise, at):
                return Conditional(
                    self.resolve(test), self.resolve(then), self.resolve(otherwise), at
                )
            case CallThrough(function, arguments, at):
                return CallThrough(self.resolve(function), self.all(arguments), at)
            case Member(base):
                return replace(expression, base=self.resolve(base))
            case Sequence(items) | ArrayConstructor(items):
                return replace(expression, items=self.all(items))
            case Assignment(target, _, value):
                return replace(
                    expression, target=self.resolve(target), value=self.resolve(value)
                )
            case Increment(target):
                return replace(expression, target=self.resolve(target))
            case Bounds(lower, upper, stride):
                parts = [
                    None if p is None else self.resolve(p)
                    for p in (lower, upper, stride)
                ]
                return replace(
                    expression, lower=parts[0], upper=parts[1], stride=parts[2]
                )
            case Complex(real, imaginary, at):
                return Complex(self.resolve(real), self.resolve(imaginary), at)
            case _:
                return expression

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
            return self.question(question, call)
        symbol = self.environment.find(name)
        if symbol is not None and symbol.role in (Role.ARRAY, Role.STRING):
            return self.fortran_element(call, symbol)
        known = name in self.environment.functions or is_known_function(
            name, fortran=self.environment.fortran
        )
        if not known and symbol is None:
            raise ExpressionError(f"unknown function {name}", call.at)
        keywords = tuple((key, self.resolve(value)) for key, value in call.keywords)
        return replace(call, arguments=self.all(call.arguments), keywords=keywords)

    def is_question(self, name: str) -> bool:
        if self.environment.find(name) is not None:
            return False
        plain = name.lower() if self.environment.fortran else name
        return plain.removeprefix("f2py_") in _QUESTIONS

    def question(self, question: str, call: Call) -> Expression:
        """Return the node for ``len(x)``, ``shape(x, 0)``, ``size(x, 1)``, ..."""
        arguments = (*call.arguments, *(value for _, value in call.keywords))
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
                raise ExpressionError(f"{name} is no string", arguments[0].at)
            return StringLength(name, call.at)
        if symbol.role is not Role.ARRAY:
            raise ExpressionError(f"{name} is no array", arguments[0].at)
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
            case _:
                return Extent(name, 0, call.at)

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
        if not 0 <= axis.value - first < max(symbol.rank, 1):
            raise ExpressionError(
                f"{name} has rank {symbol.rank}, no axis {axis.value}", axis.at
            )
        return Extent(name, axis.value - first, call.at)

    def fortran_element(self, call: Call, symbol: Symbol) -> Expression:
        """Return ``x(i, j)`` as the element at its place in memory."""
        name = self.environment.spelling(call.function)
        if symbol.rank != len(call.arguments) or call.keywords:
            raise ExpressionError(
                f"{name} has rank {symbol.rank}, not {len(call.arguments)}", call.at
            )
        place: Expression | None = None
        for axis in reversed(range(symbol.rank)):
            index = self.resolve(call.arguments[axis])
            lower = symbol.lower[axis] if axis < len(symbol.lower) else Integer(1)
            offset = index if lower == Integer(0) else _minus(index, lower)
            if place is not None:
                offset = Binary("+", offset, Binary("*", Extent(name, axis), place))
            place = offset
        return Subscript(Name(name, call.at), place or Integer(0), call.at)


_QUESTIONS: Mapping[str, tuple[int, int]] = {
    "len": (1, 1),
    "flen": (1, 1),
    "slen": (1, 1),
    "rank": (1, 1),
    "size": (1, 2),
    "itemsize": (1, 1),
    "shape": (2, 2),
    "fshape": (2, 2),
}


def _minus(left: Expression, right: Expression) -> Expression:
    if isinstance(left, Integer) and isinstance(right, Integer):
        return Integer(left.value - right.value, left.at)
    return Binary("-", left, right, left.at)


# ------------------------------------------------------------------------------------
# Kinds


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
    return convert(_plain(value, kind), kind, wanted)


def convert(expression: Expression, kind: Kind, wanted: Kind) -> Expression:
    """Return an expression of kind `kind` as one of kind `wanted`; constants are converted at once.

    Raises `ExpressionError` where there is no such conversion.
    """
    if kind is wanted:
        return expression
    at = expression.at
    constant = _converted_literal(expression, kind, wanted)
    if constant is not None:
        return constant
    if (
        kind is Kind.CHARACTER
        and wanted is Kind.INTEGER
        and not isinstance(expression, String)
    ):
        return Call("ichar", (expression,), at=at)
    if Kind.CHARACTER in (kind, wanted):
        raise ExpressionError(f"{kind.value} can't be converted to {wanted.value}", at)
    if kind is Kind.COMPLEX and wanted in (Kind.REAL, Kind.INTEGER):
        return convert(Member(expression, "r", at=at), Kind.REAL, wanted)
    match expression:
        case Convert(_, operand) if wanted is Kind.INTEGER and _is_whole(operand):
            return operand
        case Convert(Kind.INTEGER, operand) if wanted is Kind.LOGICAL and _is_truth(
            operand
        ):
            return operand
        case _:
            return Convert(wanted, expression, at)


def _converted_literal(
    expression: Expression, kind: Kind, wanted: Kind
) -> Expression | None:
    """Return a literal as one of kind `wanted`, None if it is no literal."""
    match expression, wanted:
        case Integer(value, at), Kind.REAL if value.bit_length() <= 1000:
            return Real(float(value), at=at)
        case Integer(value, at), Kind.LOGICAL:
            return Logical(value != 0, at)
        case Integer(value, at), Kind.CHARACTER if 0 <= value < 256:
            return Character(bytes([value]), at)
        case ((Integer() | Real()), Kind.COMPLEX):
            return Complex(
                convert(expression, kind, Kind.REAL), Real(0.0), expression.at
            )
        case Real(value, at=at), Kind.INTEGER if math.isfinite(value):
            return Integer(int(value), at)
        case Unary("-", (Integer() | Real()) as operand, at), (
            Kind.REAL | Kind.INTEGER
        ):
            return Unary("-", convert(operand, kind, wanted), at)
        case Logical(value, at), Kind.INTEGER:
            return Integer(int(value), at)
        case ((Character(value, at) | String(value, at)), Kind.INTEGER) if (
            len(value) == 1
        ):
            return Integer(value[0], at)
        case ArrayConstructor(items, at), _:
            return ArrayConstructor(
                tuple(convert(item, kind, wanted) for item in items), at
            )
        case _:
            return None


def _is_whole(expression: Expression) -> bool:
    """Tell whether a typed expression is C's rounding, whose double holds a whole number."""
    return isinstance(expression, Call) and expression.function in ROUNDING_FUNCTIONS


def _is_truth(expression: Expression) -> bool:
    match expression:
        case Binary("==" | "!=" | "<" | "<=" | ">" | ">=" | "&&" | "||") | Unary("!"):
            return True
        case Absent() | Logical():
            return True
        case _:
            return False


def _plain(value: Expression, kind: Kind) -> Expression:
    """Return an array's element as a number of Python's, which NumPy's rules don't narrow."""
    is_element = isinstance(value, Subscript) or (
        isinstance(value, Member) and isinstance(value.base, Subscript)
    )
    if is_element and kind in (Kind.INTEGER, Kind.REAL, Kind.COMPLEX):
        return Convert(kind, value, value.at)
    return value


_LEAVES: Mapping[type, Kind] = {
    **dict.fromkeys(
        [Integer, Extent, Rank, Size, ItemSize, StringLength], Kind.INTEGER
    ),
    **dict.fromkeys([Logical, Absent], Kind.LOGICAL),
    **dict.fromkeys([Character, String], Kind.CHARACTER),
    Real: Kind.REAL,
}

_ORDER = (Kind.LOGICAL, Kind.INTEGER, Kind.REAL, Kind.COMPLEX)


@dataclass(frozen=True)
class _Types:
    environment: Environment

    def typed(self, expression: Expression) -> tuple[Expression, Kind]:
        """Return the typed expression and its kind."""
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
                    "a pointer or a structure is no value", expression.at
                )

    def value(self, expression: Expression, wanted: Kind) -> Expression:
        value, kind = self.typed(expression)
        return convert(_plain(value, kind), kind, wanted)

    def integer(self, expression: Expression) -> Expression:
        return self.value(expression, Kind.INTEGER)

    def number(self, expression: Expression) -> tuple[Expression, Kind]:
        """Return an operand of arithmetic: truth values count as 0 and 1, as in C."""
        value, kind = self.typed(expression)
        if kind is Kind.CHARACTER and (
            isinstance(value, String) or self.is_string(value)
        ):
            raise ExpressionError("a string is no number", expression.at)
        if kind in (Kind.LOGICAL, Kind.CHARACTER):
            return convert(value, kind, Kind.INTEGER), Kind.INTEGER
        return _plain(value, kind), kind

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
        kind = max(left_kind, right_kind, key=_ORDER.index)
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
            kind = max(left_kind, right_kind, key=_ORDER.index)
        if kind is Kind.COMPLEX and binary.operator not in ("==", "!="):
            raise ExpressionError("complex numbers have no order", binary.at)
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
                kind = max(then_kind, otherwise_kind, key=_ORDER.index)
            then = convert(then, then_kind, kind)
            otherwise = convert(otherwise, otherwise_kind, kind)
        branches = (_plain(then, kind), _plain(otherwise, kind))
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
            raise ExpressionError(f"a cast to {type_text} can't be said in Python", at)
        return self.value(operand, kind), kind

    def array_constructor(
        self, items: tuple[Expression, ...], at: int
    ) -> tuple[Expression, Kind]:
        values = [self.typed(item) for item in items]
        kinds = {kind for _, kind in values} or {Kind.INTEGER}
        kind = (
            next(iter(kinds))
            if len(kinds) == 1 or Kind.CHARACTER in kinds
            else max(kinds, key=_ORDER.index)
        )
        converted = tuple(convert(_plain(value, k), k, kind) for value, k in values)
        return ArrayConstructor(converted, at), kind

    def call(self, call: Call) -> tuple[Expression, Kind]:
        definition = self.environment.functions.get(call.function)
        if definition is not None:
            return self.usercode_call(call, definition)
        name = _canonical(call.function, self.environment.fortran)
        typing = _FUNCTIONS.get(name)
        if typing is None:
            raise ExpressionError(f"unknown function {call.function}", call.at)
        return typing(self, replace(call, function=name))

    def usercode_call(
        self, call: Call, definition: FunctionDefinition
    ) -> tuple[Expression, Kind]:
        if len(call.arguments) != len(definition.parameters) or call.keywords:
            raise ExpressionError(
                f"{call.function} takes {len(definition.parameters)} argument(s), "
                f"{len(call.arguments)} given",
                call.at,
            )
        arguments = tuple(
            self.pointer(argument)
            if parameter.type.endswith("*")
            else self.cast(parameter.type, argument, argument.at)[0]
            for argument, parameter in zip(
                call.arguments, definition.parameters, strict=True
            )
        )
        kind = kind_of_c_type(definition.result)
        if kind is None:
            raise ExpressionError(
                f"{call.function} gives a {definition.result}", call.at
            )
        return replace(call, arguments=arguments), kind

    def pointer(self, argument: Expression) -> Expression:
        """Return an array argument of a C function, as a name or as a name's tail."""
        match argument:
            case Name(name):
                symbol = self.environment.find(name)
                if symbol is not None and symbol.role in (Role.ARRAY, Role.STRING):
                    # C sees a matrix as it lies in memory
                    flat = Call("ravel", (argument,), at=argument.at)
                    return argument if symbol.rank <= 1 else flat
            case Call("ravel"):
                return argument  # typed already
            case Binary("+", Name() as base, offset):
                tail = Bounds(self.integer(offset), None, at=argument.at)
                return Subscript(self.pointer(base), tail, argument.at)
            case Subscript(Name() | Call("ravel"), Bounds()):
                return argument  # typed already
            case _:
                pass
        raise ExpressionError("an array is expected here", argument.at)


# ------------------------------------------------------------------------------------
# Functions: how each is typed. After typing only `abs fabs cabs min max modulo`, MATH_FUNCTIONS,
# ROUNDING_FUNCTIONS, TRUTH_FUNCTIONS and usercode functions are left.

_Typing = Callable[[_Types, Call], tuple[Expression, Kind]]


# C's own meaning where Fortran has a function of the same name.
_C_FUNCTIONS: Mapping[str, str] = {
    **dict.fromkeys(["abs", "labs", "llabs"], "abs of an int"),
    "floor": "ifloor of a double",
    "ceil": "iceil of a double",
    "trunc": "itrunc of a double",
    "round": "nint of a double",
}


def _canonical(name: str, fortran: bool) -> str:
    if fortran:
        return ALIASES.get(name.lower(), name.lower())
    return _C_FUNCTIONS.get(name) or ALIASES.get(name, name)


def is_known_function(name: str, *, fortran: bool) -> bool:
    """Tell whether f2pypy knows how to evaluate function `name`."""
    return _canonical(name, fortran) in _FUNCTIONS


def _expect(call: Call, *counts: int) -> tuple[Expression, ...]:
    """Return the arguments, keywords last; raises `ExpressionError` for another number of them."""
    arguments = (*call.arguments, *(value for _, value in call.keywords))
    if len(arguments) not in counts:
        expected = " or ".join(str(count) for count in counts)
        raise ExpressionError(
            f"{call.function} takes {expected} argument(s), {len(arguments)} given",
            call.at,
        )
    return arguments


def _type_math(types: _Types, call: Call) -> tuple[Expression, Kind]:
    arguments = _expect(call, MATH_FUNCTIONS[call.function])
    values = tuple(types.value(argument, Kind.REAL) for argument in arguments)
    return Call(call.function, values, at=call.at), Kind.REAL


def _type_truth(types: _Types, call: Call) -> tuple[Expression, Kind]:
    (argument,) = _expect(call, 1)
    value = types.value(argument, Kind.REAL)
    return Call(call.function, (value,), at=call.at), Kind.LOGICAL


def _type_rounding(types: _Types, call: Call) -> tuple[Expression, Kind]:
    argument = _expect(call, 1, 2)[0]
    value, kind = types.number(argument)
    if kind is Kind.INTEGER:
        return value, kind
    return Call(call.function, (value,), at=call.at), Kind.INTEGER


def _type_c_rounding(types: _Types, call: Call) -> tuple[Expression, Kind]:
    (argument,) = _expect(call, 1)
    value = types.value(argument, Kind.REAL)
    rounded = Call(call.function.removesuffix(" of a double"), (value,), at=call.at)
    return Convert(Kind.REAL, rounded, call.at), Kind.REAL


def _type_extremum(types: _Types, call: Call) -> tuple[Expression, Kind]:
    if len(call.arguments) < 2 or call.keywords:
        raise ExpressionError(f"{call.function} takes at least 2 arguments", call.at)
    values = [types.number(argument) for argument in call.arguments]
    kind = max((kind for _, kind in values), key=_ORDER.index)
    if kind is Kind.COMPLEX:
        raise ExpressionError("complex numbers have no order", call.at)
    converted = tuple(convert(value, k, kind) for value, k in values)
    return Call(call.function, converted, at=call.at), kind


_ABSOLUTE = {Kind.INTEGER: "abs", Kind.REAL: "fabs", Kind.COMPLEX: "cabs"}


def _type_abs(types: _Types, call: Call) -> tuple[Expression, Kind]:
    (argument,) = _expect(call, 1)
    value, kind = types.number(argument)
    result = Kind.INTEGER if kind is Kind.INTEGER else Kind.REAL
    return Call(_ABSOLUTE[kind], (value,), at=call.at), result


def _type_abs_of(kind: Kind) -> _Typing:
    def type_abs(types: _Types, call: Call) -> tuple[Expression, Kind]:
        (argument,) = _expect(call, 1)
        result = Kind.INTEGER if kind is Kind.INTEGER else Kind.REAL
        return Call(_ABSOLUTE[kind], (types.value(argument, kind),), at=call.at), result

    return type_abs


def _type_remainder(types: _Types, call: Call) -> tuple[Expression, Kind]:
    first, second = _expect(call, 2)
    divided, kind = types.arithmetic(Binary("*", first, second, call.at))
    assert isinstance(divided, Binary)
    operands = (divided.left, divided.right)
    if kind is Kind.INTEGER and call.function == "mod":
        return Binary("imod", *operands, call.at), kind
    if kind is Kind.COMPLEX:
        raise ExpressionError("complex numbers have no remainder", call.at)
    return Call(
        "fmod" if call.function == "mod" else "modulo", operands, at=call.at
    ), kind


def _type_merge(types: _Types, call: Call) -> tuple[Expression, Kind]:
    true, false, mask = _expect(call, 3)
    return types.conditional(Conditional(mask, true, false, call.at))


def _type_sign(types: _Types, call: Call) -> tuple[Expression, Kind]:
    value, sign = _expect(call, 2)
    if types.number(value)[1] is Kind.REAL:
        arguments = (types.value(value, Kind.REAL), types.value(sign, Kind.REAL))
        return Call("copysign", arguments, at=call.at), Kind.REAL
    size = Call("abs", (types.integer(value),), at=call.at)
    test = Binary(">=", types.integer(sign), Integer(0), call.at)
    return Conditional(test, size, Unary("-", size, call.at), call.at), Kind.INTEGER


def _type_dim(types: _Types, call: Call) -> tuple[Expression, Kind]:
    left, right = _expect(call, 2)
    difference = Binary("-", left, right, call.at)
    return _type_extremum(types, Call("max", (difference, Integer(0)), at=call.at))


def _type_conversion(kind: Kind) -> _Typing:
    def type_conversion(types: _Types, call: Call) -> tuple[Expression, Kind]:
        return types.value(_expect(call, 1, 2)[0], kind), kind

    return type_conversion


def _type_bits(operator: str) -> _Typing:
    def type_bits(types: _Types, call: Call) -> tuple[Expression, Kind]:
        left, right = _expect(call, 2)
        return types.binary(Binary(operator, left, right, call.at))

    return type_bits


def _type_complex(types: _Types, call: Call) -> tuple[Expression, Kind]:
    parts = _expect(call, 1, 2, 3)
    if types.number(parts[0])[1] is Kind.COMPLEX:
        return types.typed(parts[0])
    real = types.value(parts[0], Kind.REAL)
    imaginary = types.value(parts[1], Kind.REAL) if len(parts) > 1 else Real(0.0)
    return Complex(real, imaginary, call.at), Kind.COMPLEX


def _type_part(types: _Types, call: Call) -> tuple[Expression, Kind]:
    (argument,) = _expect(call, 1)
    return Member(types.value(argument, Kind.COMPLEX), "i", at=call.at), Kind.REAL


_FUNCTIONS: Mapping[str, _Typing] = {
    **dict.fromkeys(MATH_FUNCTIONS, _type_math),
    **dict.fromkeys(TRUTH_FUNCTIONS, _type_truth),
    **dict.fromkeys(ROUNDING_FUNCTIONS, _type_rounding),
    **dict.fromkeys(
        [f"{name} of a double" for name in ROUNDING_FUNCTIONS], _type_c_rounding
    ),
    **dict.fromkeys(["max", "min"], _type_extremum),
    **dict.fromkeys(["mod", "modulo"], _type_remainder),
    "abs": _type_abs,
    "abs of an int": _type_abs_of(Kind.INTEGER),
    "fabs": _type_abs_of(Kind.REAL),
    "cabs": _type_abs_of(Kind.COMPLEX),
    "merge": _type_merge,
    "sign": _type_sign,
    "dim": _type_dim,
    "int": _type_conversion(Kind.INTEGER),
    "ichar": _type_conversion(Kind.INTEGER),
    "real": _type_conversion(Kind.REAL),
    "logical": _type_conversion(Kind.LOGICAL),
    "iand": _type_bits("&"),
    "ior": _type_bits("|"),
    "xor": _type_bits("^"),
    "cmplx": _type_complex,
    "dcmplx": _type_complex,
    "aimag": _type_part,
    "dimag": _type_part,
}

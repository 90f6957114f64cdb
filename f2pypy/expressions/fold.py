"""Evaluates what is constant: kinds, lengths, extents, parameters.

Fortran's rules: integers divide truncating, a real of default kind has single precision.
What isn't constant stays as it is, and so does what has no value, such as a division by 0.
"""

from __future__ import annotations

import math
import operator
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice
from typing import Any

from f2pypy.expressions.nodes import (
    ArrayConstructor,
    Binary,
    Call,
    Character,
    Complex,
    Conditional,
    Expression,
    Integer,
    Kind,
    Logical,
    Name,
    Real,
    String,
    Subscript,
    Unary,
)
from f2pypy.expressions.walk import rewrite, walk

_Number = int | float | Fraction
_Constant = Integer | Real | Complex | Logical | String | Character | ArrayConstructor

# kind -> binary digits, of the reals that have more than a Python float
_EXTENDED_DIGITS = {10: 64, 16: 113}
MAXIMUM_EXPONENT = 64  # of a power that is computed exactly
MAXIMUM_BITS = 256  # of an integer: sources may try to fill the memory
MAXIMUM_CHARACTERS = 100_000
MAXIMUM_ITEMS = 100_000  # of an array constant
MAXIMUM_NODES = 500  # of a parameter's value that isn't constant


# What a declaration alone may answer; see `inquiry`.
INQUIRIES = frozenset({"kind", "size"})
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


def is_constant(expression: Expression) -> bool:
    """Tell whether a folded expression is a value."""
    match expression:
        case Integer() | Logical() | String() | Character():
            return True
        case Real(kind=kind):
            return kind is None or isinstance(kind, Integer)
        case Complex(real, imaginary):
            return is_constant(real) and is_constant(imaginary)
        case ArrayConstructor(items):
            return all(is_constant(item) for item in items)
        case _:
            return False


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
                return _fold_unary(symbol, operand) or expression
            case Binary(symbol, left, right):
                if is_constant(left) and is_constant(right):
                    return _fold_binary(symbol, left, right) or expression
                return _simplified(expression)
            case Conditional(test, then, otherwise):
                truth = _truth(test)
                return expression if truth is None else (then if truth else otherwise)
            case Call():
                return self.call(expression)
            case ArrayConstructor(items) if any(
                isinstance(item, ArrayConstructor) for item in items
            ):
                return replace(expression, items=tuple(_elements(expression)))
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
            known = self.constants.get(inquiry(name, *call.arguments))
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
        function = _FUNCTIONS.get(_ALIASES.get(name, name))
        if function is None or not all(
            is_constant(a) for a in (*call.arguments, *(v for _, v in call.keywords))
        ):
            return call
        keywords = dict(call.keywords)
        if _ALIASES.get(name, name) in _ELEMENTAL:
            return _elementwise(function, call.arguments, keywords) or call
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
        return ArrayConstructor(tuple(_elements(ArrayConstructor(tuple(found)))))


def inquiry(function: str, variable: Expression, axis: Expression | None = None) -> str:
    """Return the name under which constants hold what is known of a variable: ``kind(x)``, ``size(x, 1)``."""
    if not isinstance(variable, Name):
        return ""
    along = f", {axis.value}" if isinstance(axis, Integer) else ""
    return f"{function}({variable.name}{along})"


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


def _held(value: Integer | Real) -> _Number | None:
    """Return the number in the precision of its own kind, None where that isn't known."""
    kind = kind_number(value)
    number = _number(value)
    if kind is None or number is None or isinstance(value, Integer):
        return number if isinstance(value, Integer) else None
    return _number(_real(number, kind))


def as_type(value: Expression, kind: Kind, size: int) -> Expression:
    """Return a constant as a named one of this type holds it; what isn't constant stays as it is.

    `size` is in bytes, of both parts of a complex number together.
    """
    match value:
        case ArrayConstructor(items):
            return replace(value, items=tuple(as_type(i, kind, size) for i in items))
        case Call(function="reshape", arguments=(source, *rest), keywords=()):
            return replace(value, arguments=(as_type(source, kind, size), *rest))
        case Integer() | Real() if kind in (Kind.INTEGER, Kind.REAL):
            number = _held(value)
            if number is None:
                return value
            whole = kind is Kind.INTEGER
            return _integer(int(number), size) if whole else _real(number, size)
        case Integer() | Real() if kind is Kind.COMPLEX:
            part = as_type(value, Kind.REAL, size // 2)
            return Complex(part, _real(0.0, size // 2))
        case Complex(real, imaginary) if kind is Kind.COMPLEX:
            return Complex(
                as_type(real, Kind.REAL, size // 2),
                as_type(imaginary, Kind.REAL, size // 2),
            )
        case Complex(real) if kind in (Kind.REAL, Kind.INTEGER):
            return as_type(real, kind, size)
        case Logical(truth) if kind is Kind.LOGICAL:
            return Logical(truth, kind=None if size == 4 else Integer(size))
        case _:
            return value


def as_string(value: Expression, length: int) -> Expression:
    """Return a character constant cut or filled up with blanks to its length."""
    match value:
        case ArrayConstructor(items):
            return replace(value, items=tuple(as_string(i, length) for i in items))
        case String(text) if length <= MAXIMUM_CHARACTERS:
            return replace(value, value=text[:length].ljust(length))
        case _:
            return value


# ------------------------------------------------------------------------------------
# Values and kinds


def _number(expression: Expression) -> _Number | None:
    match expression:
        case Real(value, kind=Integer(kind), exact=exact) if kind in _EXTENDED_DIGITS:
            digits = _EXTENDED_DIGITS[kind]
            return _rounded(Fraction(value) if exact is None else exact, digits)
        case Real(value, single=True) if math.isfinite(value):
            return _single(value)
        case Integer(value) | Real(value):
            return value
        case Unary("-", operand):
            inner = _number(operand)
            return None if inner is None else -inner
        case _:
            return None


def _numbers(arguments: tuple[Expression, ...]) -> list[_Number]:
    """Return the values of numbers; TypeError if one isn't a number."""
    values = [_number(argument) for argument in arguments]
    if any(value is None for value in values):
        raise TypeError("a number is expected")
    return [value for value in values if value is not None]


def kind_number(expression: Expression) -> int | None:
    """Return the kind of a constant in bytes; None where it depends on an unknown name."""
    match expression:
        case Integer(kind=kind) | Logical(kind=kind):
            return _kind_value(kind, 4)
        case Real(_, single, kind=kind):
            return _kind_value(kind, 4 if single else 8)
        case Complex(real):
            return kind_number(real)
        case String() | Character():
            return 1
        case ArrayConstructor((first, *_)):
            return kind_number(first)
        case _:
            return None


def _kind_value(kind: Expression | None, default: int) -> int | None:
    if kind is None:
        return default
    return kind.value if isinstance(kind, Integer) else None


def _integer(value: int, kind: int = 4) -> Integer:
    if value.bit_length() > MAXIMUM_BITS:
        raise OverflowError("an integer of too many digits")
    return Integer(value, kind=None if kind == 4 else Integer(kind))


def _real(value: _Number, kind: int) -> Real:
    if kind in _EXTENDED_DIGITS:
        exact = _rounded(Fraction(value), _EXTENDED_DIGITS[kind])
        return Real(_nearest_float(exact), kind=Integer(kind), exact=exact)
    number = float(value)
    if kind == 4:
        return Real(_single(number), single=True)
    return Real(number, kind=None if kind == 8 else Integer(kind))


def _single(value: float) -> float:
    number: float = struct.unpack("f", struct.pack("f", value))[0]
    return number


def _nearest_float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _rounded(value: Fraction, digits: int) -> Fraction:
    """Return a number with so many binary digits, the even one of two that are as near."""
    if not value:
        return value
    exponent = abs(value.numerator).bit_length() - value.denominator.bit_length()
    unit = Fraction(2) ** (exponent - digits)
    if abs(value) >= unit * 2**digits:
        unit *= 2
    return round(value / unit) * unit


def _common_kind(arguments: tuple[Expression, ...]) -> int:
    """Return the kind of a result: the reals' greatest if there are reals, else the integers'."""
    reals = [argument for argument in arguments if isinstance(argument, Real)]
    return max(kind_number(argument) or 4 for argument in reals or arguments)


def _from_number(value: _Number, arguments: tuple[Expression, ...]) -> Expression:
    if any(isinstance(argument, Real) for argument in arguments):
        return _real(value, _common_kind(arguments))
    return _integer(int(value), _common_kind(arguments))


def _complex(expression: Expression) -> complex | None:
    match expression:
        case Integer(value) | Real(value):
            return complex(value)
        case Complex(real, imaginary):
            parts = _number(real), _number(imaginary)
            return None if None in parts else complex(*parts)  # type: ignore[arg-type]
        case _:
            return None


def _elements(array: ArrayConstructor) -> Iterator[Expression]:
    """Yield the elements of an array whose items may be arrays."""
    for item in array.items:
        if isinstance(item, ArrayConstructor):
            yield from _elements(item)
        else:
            yield item


def _elementwise(
    compute: _Function, arguments: _Arguments, keywords: _Keywords
) -> Expression | None:
    """Return what a function of scalars gives for the elements of arrays."""
    arrays = [a for a in arguments if isinstance(a, ArrayConstructor)]
    if not arrays:
        return compute(arguments, keywords)
    rows = [
        a.items if isinstance(a, ArrayConstructor) else (a,) * len(arrays[0].items)
        for a in arguments
    ]
    found = [compute(row, keywords) for row in zip(*rows, strict=True)]
    items = tuple(item for item in found if item is not None)
    return ArrayConstructor(items) if len(items) == len(found) else None


def _truth(expression: Expression) -> bool | None:
    match expression:
        case Logical(value):
            return value
        case Integer(value) | Real(value):
            return bool(value)
        case _:
            return None


def _text(expression: Expression) -> bytes:
    if isinstance(expression, String | Character):
        return expression.value
    raise TypeError("a string is expected")


# ------------------------------------------------------------------------------------
# Operators


def _fold_unary(symbol: str, operand: Expression) -> Expression | None:
    match symbol, operand:
        case "+", Integer() | Real() | Complex():
            return operand
        case "-", Integer(value, _, kind):
            return Integer(-value, kind=kind)
        case "-", Real(value, single, _, kind, exact):
            return Real(
                -value, single, kind=kind, exact=None if exact is None else -exact
            )
        case "-", Complex(real, imaginary):
            first, second = _fold_unary("-", real), _fold_unary("-", imaginary)
            return Complex(first, second) if first and second else None
        case "-", Unary("-", inner):
            return inner
        case "!", Logical(value):
            return Logical(not value)
        case "!", Integer(value):
            return Logical(value == 0)
        case (("+" | "-" | "!"), ArrayConstructor()):
            return _elementwise(
                lambda items, _: _fold_unary(symbol, items[0]), (operand,), {}
            )
        case "~", Integer(value, _, kind):
            return Integer(~value, kind=kind)
        case _:
            return None


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_ARITHMETIC: Mapping[str, Callable[[_Number, _Number], _Number]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: _divide(a, b),
    "idiv": lambda a, b: _divide(a, b),
    "%": lambda a, b: _remainder(a, b),
    "imod": lambda a, b: _remainder(a, b),
    "**": lambda a, b: _power(a, b),
    "ipow": lambda a, b: _power(a, b),
}

_BITS: Mapping[str, Callable[[int, int], int]] = {
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": lambda a, b: a << b if 0 <= b < MAXIMUM_BITS else _refuse(),
    ">>": lambda a, b: a >> b if b >= 0 else _refuse(),
}


def _refuse() -> int:
    raise ValueError("no value")


def _divide(dividend: _Number, divisor: _Number) -> _Number:
    if isinstance(dividend, int) and isinstance(divisor, int):
        quotient = abs(dividend) // abs(divisor)
        return quotient if (dividend < 0) == (divisor < 0) else -quotient
    return dividend / divisor


def _remainder(dividend: _Number, divisor: _Number) -> _Number:
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend - divisor * int(_divide(dividend, divisor))
    if isinstance(dividend, Fraction) or isinstance(divisor, Fraction):
        return dividend - divisor * int(dividend / divisor)
    return math.fmod(dividend, divisor)


def _power(base: _Number, exponent: _Number) -> _Number:
    if isinstance(base, int) and isinstance(exponent, int):
        if exponent < 0:
            return _divide(1, _power(base, -exponent))
        if abs(base) > 1 and exponent > MAXIMUM_BITS:
            raise OverflowError("an integer of too many digits")
        return int(base**exponent)
    if isinstance(base, Fraction) or isinstance(exponent, Fraction):
        if not isinstance(exponent, int) or abs(exponent) > MAXIMUM_EXPONENT:
            raise ValueError("no value that a float is precise enough for")
        return Fraction(base) ** exponent
    return math.pow(base, exponent)


def _fold_binary(symbol: str, left: Expression, right: Expression) -> Expression | None:
    """Return the value of an operation on constants; None where it has none."""
    if isinstance(left, ArrayConstructor) or isinstance(right, ArrayConstructor):
        return _elementwise(
            lambda pair, _: _fold_binary(symbol, *pair), (left, right), {}
        )
    if symbol in ("&&", "||", "eqv", "neqv"):
        return _fold_logical(symbol, left, right)
    if symbol == "concat":
        joined = _text(left) + _text(right)
        return String(joined) if len(joined) <= MAXIMUM_CHARACTERS else None
    if isinstance(left, String | Character) and isinstance(right, String | Character):
        width = max(
            len(left.value), len(right.value)
        )  # Fortran compares as if padded with blanks
        first, second = left.value.ljust(width), right.value.ljust(width)
        return (
            Logical(_COMPARISONS[symbol](first, second))
            if symbol in _COMPARISONS
            else None
        )
    if isinstance(left, Complex) or isinstance(right, Complex):
        return _fold_complex(symbol, left, right)
    a, b = _number(left), _number(right)
    if a is None or b is None:
        return None
    if isinstance(a, Fraction) or isinstance(b, Fraction):
        # Python would make a float of the two
        a, b = (Fraction(n) if isinstance(n, float) else n for n in (a, b))
    if symbol in _COMPARISONS:
        return Logical(_COMPARISONS[symbol](a, b))
    if symbol in _BITS and isinstance(a, int) and isinstance(b, int):
        return _integer(_BITS[symbol](a, b), _common_kind((left, right)))
    if symbol in _ARITHMETIC:
        return _from_number(_ARITHMETIC[symbol](a, b), (left, right))
    return None


def _fold_complex(
    symbol: str, left: Expression, right: Expression
) -> Expression | None:
    a, b = _complex(left), _complex(right)
    if a is None or b is None or symbol not in ("+", "-", "*", "/", "==", "!="):
        return None
    if symbol in ("==", "!="):
        return Logical((a == b) == (symbol == "=="))
    value = a / b if symbol == "/" else _ARITHMETIC[symbol](a, b)  # type: ignore[arg-type]
    parts = [
        part
        for operand in (left, right)
        for part in (
            (operand.real, operand.imaginary)
            if isinstance(operand, Complex)
            else (operand,)
        )
    ]
    kind = _common_kind(tuple(parts)) if any(isinstance(p, Real) for p in parts) else 4
    if kind in _EXTENDED_DIGITS:
        return None  # more digits than Python's complex numbers have
    return Complex(_real(value.real, kind), _real(value.imag, kind))


def _fold_logical(
    symbol: str, left: Expression, right: Expression
) -> Expression | None:
    a, b = _truth(left), _truth(right)
    if a is None or b is None:
        return None
    results = {"&&": a and b, "||": a or b, "eqv": a == b, "neqv": a != b}
    return Logical(results[symbol])


# ------------------------------------------------------------------------------------
# Sums and products that are only partly constant


def _simplified(binary: Binary) -> Expression:
    match binary:
        case Binary("*", Integer(1), other) | Binary(
            "*" | "/" | "idiv", other, Integer(1)
        ):
            return other
        case Binary("+", Integer(0), other) | Binary("+" | "-", other, Integer(0)):
            return other
        case Binary("+" | "-"):
            return _tidied_sum(binary)
        case _:
            return binary


def _tidied_sum(binary: Binary) -> Expression:
    """Return a sum with equal terms and constants put together; unchanged if there are none."""
    terms = list(_terms(binary, 1))
    if any(isinstance(atom, Real | Complex | String | Character) for _, atom in terms):
        return binary
    constant = sum(times for times, atom in terms if atom is None)
    coefficients: dict[Expression, int] = {}
    for times, atom in terms:
        if atom is not None:
            coefficients[atom] = coefficients.get(atom, 0) + times
    kept = [(times, atom) for atom, times in coefficients.items() if times]
    if len(kept) + (constant != 0) >= len(terms):
        return binary
    kept.sort(
        key=lambda term: term[0] < 0
    )  # a sum begins with something positive if it can
    return _sum_of(kept, constant, binary.at)


def _terms(
    expression: Expression, times: int
) -> Iterator[tuple[int, Expression | None]]:
    """Yield coefficient and atom of each term; the atom of a constant is None."""
    match expression:
        case Binary("+", left, right):
            yield from _terms(left, times)
            yield from _terms(right, times)
        case Binary("-", left, right):
            yield from _terms(left, times)
            yield from _terms(right, -times)
        case Unary("-", operand):
            yield from _terms(operand, -times)
        case Integer(value):
            yield times * value, None
        case Binary("*", Integer(value), other) | Binary("*", other, Integer(value)):
            yield times * value, other
        case _:
            yield times, expression


def _sum_of(terms: list[tuple[int, Expression]], constant: int, at: int) -> Expression:
    result: Expression | None = None
    if constant > 0 and terms and terms[0][0] < 0:  # 5 - n reads better than -n + 5
        result, constant = Integer(constant), 0
    for times, atom in terms:
        size = atom if abs(times) == 1 else Binary("*", Integer(abs(times)), atom)
        if result is None:
            result = size if times > 0 else Unary("-", size)
        else:
            result = Binary("+" if times > 0 else "-", result, size, at)
    if result is None:
        return Integer(constant, at)
    if constant:
        result = Binary(
            "+" if constant > 0 else "-", result, Integer(abs(constant)), at
        )
    return result


# ------------------------------------------------------------------------------------
# Fortran's functions of constants

_Arguments = tuple[Expression, ...]
_Keywords = dict[str, Expression]
_Function = Callable[[_Arguments, _Keywords], Expression | None]

_ALIASES: Mapping[str, str] = {
    **dict.fromkeys(["max0", "max1", "amax1", "dmax1"], "max"),
    **dict.fromkeys(["min0", "min1", "amin1", "dmin1"], "min"),
    **dict.fromkeys(["iabs", "dabs"], "abs"),
    "amod": "mod",
    "dmod": "mod",
    "iachar": "ichar",
    "achar": "char",
    "dsqrt": "sqrt",
    "ifix": "int",
    "idint": "int",
    "float": "real",
    "sngl": "real",
}

# (decimal digits, decimal exponent) that each kind offers, smallest first
_INTEGER_RANGES = ((2, 1), (4, 2), (9, 4), (18, 8), (38, 16))
_CHARACTER_SETS = {b"DEFAULT": 1, b"ASCII": 1, b"ISO_10646": 4}
_REAL_RANGES = ((6, 37, 4), (15, 307, 8), (18, 4931, 10), (33, 4931, 16))

# kind -> (digits, smallest exponent, largest exponent) of IEEE's formats
_REAL_MODELS = {
    4: (24, -125, 128),
    8: (53, -1021, 1024),
    10: (64, -16381, 16384),
    16: (113, -16381, 16384),
}


def _wanted_kind(
    arguments: _Arguments, keywords: _Keywords, place: int, default: int
) -> int:
    kind = keywords.get("kind", arguments[place] if len(arguments) > place else None)
    if kind is None:
        return default
    if not isinstance(kind, Integer):
        raise TypeError("a kind is an integer")
    return kind.value


def _selected_int_kind(arguments: _Arguments, keywords: _Keywords) -> Expression:
    (digits,) = _numbers((*arguments, *keywords.values()))
    return Integer(next((kind for most, kind in _INTEGER_RANGES if digits <= most), -1))


def _selected_real_kind(arguments: _Arguments, keywords: _Keywords) -> Expression:
    given = dict(zip(("p", "r", "radix"), _numbers(arguments), strict=False))
    given |= {key: _numbers((value,))[0] for key, value in keywords.items()}
    precision, exponent = given.get("p", 0), given.get("r", 0)
    if given.get("radix", 2) != 2:
        return Integer(-5)
    for most_digits, most_exponent, kind in _REAL_RANGES:
        if precision <= most_digits and exponent <= most_exponent:
            return Integer(kind)
    if precision <= _REAL_RANGES[-1][0]:
        return Integer(-2)
    return Integer(-1 if exponent <= _REAL_RANGES[-1][1] else -3)


def _selected_char_kind(arguments: _Arguments, keywords: _Keywords) -> Expression:
    (name,) = (*arguments, *keywords.values())
    return Integer(_CHARACTER_SETS.get(_text(name).strip().upper(), -1))


def _kind(arguments: _Arguments, _: _Keywords) -> Expression | None:
    (argument,) = arguments
    kind = kind_number(argument)
    return None if kind is None else Integer(kind)


def _model(choose: Callable[[int, int, int], _Number], *, real: bool) -> _Function:
    """Return an inquiry about the real model of its argument, an integer unless `real`."""

    def inquire(arguments: _Arguments, _: _Keywords) -> Expression | None:
        (argument,) = arguments
        kind = kind_number(argument)
        if not isinstance(argument, Real) or kind not in _REAL_MODELS:
            return None
        value = choose(*_REAL_MODELS[kind])
        return _real(value, kind) if real else Integer(int(value))

    return inquire


def _power_of_2(exponent: int) -> Fraction:
    return Fraction(2) ** exponent


def _huge(arguments: _Arguments, keywords: _Keywords) -> Expression | None:
    (argument,) = arguments
    if isinstance(argument, Integer):
        kind = kind_number(argument) or 4
        return _integer(2 ** (8 * kind - 1) - 1, kind)
    largest = _model(
        lambda d, _, high: _power_of_2(high) - _power_of_2(high - d), real=True
    )
    return largest(arguments, keywords)


def _range(arguments: _Arguments, keywords: _Keywords) -> Expression | None:
    (argument,) = arguments
    if isinstance(argument, Integer):
        return Integer(int(math.log10(2 ** (8 * (kind_number(argument) or 4) - 1) - 1)))
    exponents = _model(lambda _, low, __: int((1 - low) * math.log10(2)), real=False)
    return exponents(arguments, keywords)


def _bit_size(arguments: _Arguments, _: _Keywords) -> Expression | None:
    (argument,) = arguments
    return (
        Integer(8 * (kind_number(argument) or 4))
        if isinstance(argument, Integer)
        else None
    )


def _rounding(rounded: Callable[[Any], int]) -> _Function:
    def round_number(arguments: _Arguments, keywords: _Keywords) -> Expression:
        value = _numbers(arguments[:1])[0]
        return _integer(rounded(value), _wanted_kind(arguments, keywords, 1, 4))

    return round_number


def _to_real(arguments: _Arguments, keywords: _Keywords) -> Expression:
    argument, default = arguments[0], 4
    if isinstance(argument, Complex):
        default = kind_number(argument) or 4
        argument = argument.real
    wanted = _wanted_kind(arguments, keywords, 1, default)
    return _real(_numbers((argument,))[0], wanted)


def _to_double(arguments: _Arguments, _: _Keywords) -> Expression:
    (value,) = _numbers(arguments)
    return _real(float(value), 8)


def _numeric(compute: Callable[..., _Number]) -> _Function:
    """Return a function whose result has the type of its arguments."""

    def apply(arguments: _Arguments, _: _Keywords) -> Expression:
        return _from_number(compute(*_numbers(arguments)), arguments)

    return apply


def _math(compute: Callable[..., float]) -> _Function:
    """Return a real function of real arguments."""

    def apply(arguments: _Arguments, _: _Keywords) -> Expression | None:
        if not all(isinstance(argument, Real) for argument in arguments):
            return None
        if _common_kind(arguments) in _EXTENDED_DIGITS:
            return None  # Python has no such function of so many digits
        return _real(compute(*_numbers(arguments)), _common_kind(arguments))

    return apply


def _bitwise(compute: Callable[[int, int], int]) -> _Function:
    def apply(arguments: _Arguments, _: _Keywords) -> Expression | None:
        left, right = arguments
        if not isinstance(left, Integer) or not isinstance(right, Integer):
            return None
        return _integer(compute(left.value, right.value), _common_kind(arguments))

    return apply


def _shift(value: int, by: int) -> int:
    if by > MAXIMUM_BITS:
        raise OverflowError("shifted too far")
    return value << by if by >= 0 else value >> -by


def _merge(arguments: _Arguments, _: _Keywords) -> Expression | None:
    true, false, mask = arguments
    truth = _truth(mask)
    return None if truth is None else (true if truth else false)


def _length(arguments: _Arguments, _: _Keywords) -> Expression:
    return Integer(len(_text(arguments[0])))


def _trimmed_length(arguments: _Arguments, _: _Keywords) -> Expression:
    return Integer(len(_text(arguments[0]).rstrip(b" ")))


def _trim(arguments: _Arguments, _: _Keywords) -> Expression:
    return String(_text(arguments[0]).rstrip(b" "))


def _repeat(arguments: _Arguments, _: _Keywords) -> Expression | None:
    text, times = _text(arguments[0]), arguments[1]
    if not isinstance(times, Integer) or times.value * len(text) > MAXIMUM_CHARACTERS:
        return None
    return String(text * times.value)


def _code(arguments: _Arguments, _: _Keywords) -> Expression:
    (code,) = _text(arguments[0])
    return Integer(code)


def _character(arguments: _Arguments, _: _Keywords) -> Expression:
    code = arguments[0]
    if not isinstance(code, Integer):
        raise TypeError("a code is an integer")
    return String(bytes([code.value]))


def _size(arguments: _Arguments, _: _Keywords) -> Expression | None:
    array = arguments[0]
    if isinstance(array, ArrayConstructor) and arguments[1:] in ((), (Integer(1),)):
        return Integer(len(array.items))
    return None


def _bound(*, upper: bool) -> _Function:
    """Return an inquiry about the first or the last index of an array constant."""

    def inquire(arguments: _Arguments, _: _Keywords) -> Expression | None:
        match arguments:
            case (ArrayConstructor(items, lower=lower), Integer(1)):
                return Integer(lower + len(items) - 1 if upper else lower)
            case _:
                return None

    return inquire


def _reduction(compute: Callable[[list[_Number]], _Number]) -> _Function:
    def reduce(arguments: _Arguments, _: _Keywords) -> Expression | None:
        (array,) = arguments
        if not isinstance(array, ArrayConstructor) or not array.items:
            return None
        return _from_number(compute(_numbers(array.items)), array.items)

    return reduce


def _nearest(value: float) -> int:
    whole = int(value)
    if abs(value - whole) < 0.5:
        return whole
    return whole + 1 if value > 0 else whole - 1


def _modulo(a: _Number, b: _Number) -> _Number:
    return a % b


def _sign(a: _Number, b: _Number) -> _Number:
    is_negative = a < 0
    return -a if is_negative == (math.copysign(1, b) > 0) else a


_FUNCTIONS: Mapping[str, _Function] = {
    "kind": _kind,
    "selected_int_kind": _selected_int_kind,
    "selected_real_kind": _selected_real_kind,
    "selected_char_kind": _selected_char_kind,
    "huge": _huge,
    "tiny": _model(lambda _, low, __: _power_of_2(low - 1), real=True),
    "epsilon": _model(lambda digits, _, __: _power_of_2(1 - digits), real=True),
    "digits": _model(lambda digits, _, __: digits, real=False),
    "precision": _model(
        lambda digits, _, __: int((digits - 1) * math.log10(2)), real=False
    ),
    "minexponent": _model(lambda _, low, __: low, real=False),
    "maxexponent": _model(lambda _, __, high: high, real=False),
    "range": _range,
    "bit_size": _bit_size,
    "int": _rounding(int),
    "nint": _rounding(_nearest),
    "floor": _rounding(math.floor),
    "ceiling": _rounding(math.ceil),
    "real": _to_real,
    "dble": _to_double,
    "abs": _numeric(abs),
    "max": _numeric(max),
    "min": _numeric(min),
    "mod": _numeric(_remainder),
    "modulo": _numeric(_modulo),
    "sign": _numeric(_sign),
    "dim": _numeric(lambda a, b: max(a - b, 0)),
    **{
        name: _math(getattr(math, name))
        for name in (
            "sqrt",
            "exp",
            "log",
            "log10",
            "sin",
            "cos",
            "tan",
            "sinh",
            "cosh",
            "tanh",
        )
    },
    **{name: _math(getattr(math, name)) for name in ("asin", "acos", "atan", "atan2")},
    "iand": _bitwise(operator.and_),
    "ior": _bitwise(operator.or_),
    "ieor": _bitwise(operator.xor),
    "ishft": _bitwise(_shift),
    "merge": _merge,
    "len": _length,
    "len_trim": _trimmed_length,
    "trim": _trim,
    "repeat": _repeat,
    "ichar": _code,
    "char": _character,
    "size": _size,
    "lbound": _bound(upper=False),
    "ubound": _bound(upper=True),
    "sum": _reduction(sum),
    "product": _reduction(math.prod),
    "maxval": _reduction(max),
    "minval": _reduction(min),
}
# Those that give an array of their values for the elements of one.
_ELEMENTAL = frozenset(_FUNCTIONS) - {
    "kind", "selected_int_kind", "selected_real_kind", "huge", "tiny", "epsilon", "digits", "precision",
    "minexponent", "maxexponent", "range", "bit_size", "repeat", "trim", "len", "size", "sum", "product",
    "maxval", "minval", "lbound", "ubound",
}  # fmt: skip

"""Constants as numbers, strings and truth values, each in the precision of its kind."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from f2pypy.expressions.nodes import (
    ArrayConstructor,
    Call,
    Character,
    Complex,
    Expression,
    Integer,
    Kind,
    Logical,
    Real,
    String,
    Unary,
)

Number = int | float | Fraction
_Constant = Integer | Real | Complex | Logical | String | Character | ArrayConstructor

# What a function of constants gets, and what it is.
Arguments = tuple[Expression, ...]
Keywords = dict[str, Expression]
Function = Callable[[Arguments, Keywords], Expression | None]

# kind -> binary digits, of the reals that have more than a Python float
EXTENDED_DIGITS = {10: 64, 16: 113}
MAXIMUM_BITS = 256  # of an integer: sources may try to fill the memory
MAXIMUM_SCALE = 17_000  # of the binary exponent of a real, which kind 16 keeps below
MAXIMUM_CHARACTERS = 100_000


def is_constant(expression: Expression) -> bool:
    """Tell whether a folded expression is a literal, or an array of literals."""
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


def _held(value: Integer | Real) -> Number | None:
    """Return the number in the precision of its own kind, None where that isn't known."""
    kind = kind_number(value)
    number = number_of(value)
    if kind is None or number is None or isinstance(value, Integer):
        return number if isinstance(value, Integer) else None
    return number_of(make_real(number, kind))


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
            if kind is Kind.REAL:
                return make_real(number, size)
            whole = make_integer(int(number), size)
            if isinstance(value, Integer) and value.constant:
                return replace(whole, constant=value.constant)
            return whole
        case Integer() | Real() if kind is Kind.COMPLEX:
            part = as_type(value, Kind.REAL, size // 2)
            return Complex(part, make_real(0.0, size // 2))
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


def number_of(expression: Expression) -> Number | None:
    """Return the number that a literal stands for, None for anything else."""
    match expression:
        case Real(value, kind=Integer(kind), exact=exact) if kind in EXTENDED_DIGITS:
            digits = EXTENDED_DIGITS[kind]
            return _rounded(Fraction(value) if exact is None else exact, digits)
        case Real(value, single=True) if math.isfinite(value):
            return _single(value)
        case Integer(value) | Real(value):
            return value
        case Unary("-", operand):
            inner = number_of(operand)
            return None if inner is None else -inner
        case _:
            return None


def numbers_of(arguments: tuple[Expression, ...]) -> list[Number]:
    """Return the values of numbers; TypeError if one isn't a number."""
    values = [number_of(argument) for argument in arguments]
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


def make_integer(value: int, kind: int = 4) -> Integer:
    """Return an integer constant of a kind; OverflowError for one of too many digits."""
    if value.bit_length() > MAXIMUM_BITS:
        raise OverflowError("an integer of too many digits")
    return Integer(value, kind=None if kind == 4 else Integer(kind))


def make_real(value: Number, kind: int) -> Real:
    """Return a real constant, rounded to what its kind holds."""
    if kind in EXTENDED_DIGITS:
        exact = _rounded(Fraction(value), EXTENDED_DIGITS[kind])
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
    """Return a number with so many binary digits, the even one of two that are as near.

    OverflowError beyond the range of every kind: sources may try to fill the memory.
    """
    if not value:
        return value
    exponent = abs(value.numerator).bit_length() - value.denominator.bit_length()
    if abs(exponent) > MAXIMUM_SCALE:
        raise OverflowError("beyond the range of every kind")
    unit = Fraction(2) ** (exponent - digits)
    if abs(value) >= unit * 2**digits:
        unit *= 2
    return round(value / unit) * unit


def common_kind(arguments: tuple[Expression, ...]) -> int:
    """Return the kind of a result: the reals' greatest if there are reals, else the integers'."""
    reals = [argument for argument in arguments if isinstance(argument, Real)]
    return max(kind_number(argument) or 4 for argument in reals or arguments)


def from_number(value: Number, arguments: tuple[Expression, ...]) -> Expression:
    """Return a result of the type and kind that its arguments give it."""
    if any(isinstance(argument, Real) for argument in arguments):
        return make_real(value, common_kind(arguments))
    return make_integer(int(value), common_kind(arguments))


def complex_of(expression: Expression) -> complex | None:
    """Return a constant as a complex number, None for what is no number."""
    match expression:
        case Integer(value) | Real(value):
            return complex(value)
        case Complex(real, imaginary):
            parts = number_of(real), number_of(imaginary)
            return None if None in parts else complex(*parts)  # type: ignore[arg-type]
        case _:
            return None


def elements(array: ArrayConstructor) -> Iterator[Expression]:
    """Yield the elements of an array whose items may be arrays."""
    for item in array.items:
        if isinstance(item, ArrayConstructor):
            yield from elements(item)
        else:
            yield item


def elementwise(
    compute: Function, arguments: Arguments, keywords: Keywords
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


def truth_of(expression: Expression) -> bool | None:
    """Return whether a constant counts as true, None for anything else."""
    match expression:
        case Logical(value):
            return value
        case Integer(value) | Real(value):
            return bool(value)
        case _:
            return None


def text_of(expression: Expression) -> bytes:
    """Return the characters of a constant; TypeError for anything else."""
    if isinstance(expression, String | Character):
        return expression.value
    raise TypeError("a string is expected")

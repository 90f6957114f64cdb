"""Fortran's intrinsic functions of constants."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from f2pypy.expressions.constant_operators import (
    remainder,
)
from f2pypy.expressions.constants import (
    EXTENDED_DIGITS,
    MAXIMUM_BITS,
    MAXIMUM_CHARACTERS,
    Arguments,
    Function,
    Keywords,
    Number,
    common_kind,
    from_number,
    kind_number,
    make_integer,
    make_real,
    numbers_of,
    text_of,
    truth_of,
)
from f2pypy.expressions.nodes import (
    ArrayConstructor,
    Complex,
    Expression,
    Integer,
    Real,
    String,
)

FUNCTION_ALIASES: Mapping[str, str] = {
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
    arguments: Arguments, keywords: Keywords, place: int, default: int
) -> int:
    kind = keywords.get("kind", arguments[place] if len(arguments) > place else None)
    if kind is None:
        return default
    if not isinstance(kind, Integer):
        raise TypeError("a kind is an integer")
    return kind.value


def _selected_int_kind(arguments: Arguments, keywords: Keywords) -> Expression:
    (digits,) = numbers_of((*arguments, *keywords.values()))
    return Integer(next((kind for most, kind in _INTEGER_RANGES if digits <= most), -1))


def _selected_real_kind(arguments: Arguments, keywords: Keywords) -> Expression:
    given = dict(zip(("p", "r", "radix"), numbers_of(arguments), strict=False))
    given |= {key: numbers_of((value,))[0] for key, value in keywords.items()}
    precision, exponent = given.get("p", 0), given.get("r", 0)
    if given.get("radix", 2) != 2:
        return Integer(-5)
    for most_digits, most_exponent, kind in _REAL_RANGES:
        if precision <= most_digits and exponent <= most_exponent:
            return Integer(kind)
    if precision <= _REAL_RANGES[-1][0]:
        return Integer(-2)
    return Integer(-1 if exponent <= _REAL_RANGES[-1][1] else -3)


def _selected_char_kind(arguments: Arguments, keywords: Keywords) -> Expression:
    (name,) = (*arguments, *keywords.values())
    return Integer(_CHARACTER_SETS.get(text_of(name).strip().upper(), -1))


def _kind(arguments: Arguments, _: Keywords) -> Expression | None:
    (argument,) = arguments
    kind = kind_number(argument)
    return None if kind is None else Integer(kind)


def _model(choose: Callable[[int, int, int], Number], *, real: bool) -> Function:
    """Return an inquiry about the real model of its argument, an integer unless `real`."""

    def inquire(arguments: Arguments, _: Keywords) -> Expression | None:
        (argument,) = arguments
        kind = kind_number(argument)
        if not isinstance(argument, Real) or kind not in _REAL_MODELS:
            return None
        value = choose(*_REAL_MODELS[kind])
        return make_real(value, kind) if real else Integer(int(value))

    return inquire


def _power_of_2(exponent: int) -> Fraction:
    return Fraction(2) ** exponent


def _huge(arguments: Arguments, keywords: Keywords) -> Expression | None:
    (argument,) = arguments
    if isinstance(argument, Integer):
        kind = kind_number(argument) or 4
        return make_integer(2 ** (8 * kind - 1) - 1, kind)
    largest = _model(
        lambda d, _, high: _power_of_2(high) - _power_of_2(high - d), real=True
    )
    return largest(arguments, keywords)


def _range(arguments: Arguments, keywords: Keywords) -> Expression | None:
    (argument,) = arguments
    if isinstance(argument, Integer):
        return Integer(int(math.log10(2 ** (8 * (kind_number(argument) or 4) - 1) - 1)))
    exponents = _model(lambda _, low, __: int((1 - low) * math.log10(2)), real=False)
    return exponents(arguments, keywords)


def _bit_size(arguments: Arguments, _: Keywords) -> Expression | None:
    (argument,) = arguments
    return (
        Integer(8 * (kind_number(argument) or 4))
        if isinstance(argument, Integer)
        else None
    )


def _rounding(rounded: Callable[[Any], int]) -> Function:
    def round_number(arguments: Arguments, keywords: Keywords) -> Expression:
        value = numbers_of(arguments[:1])[0]
        return make_integer(rounded(value), _wanted_kind(arguments, keywords, 1, 4))

    return round_number


def _to_real(arguments: Arguments, keywords: Keywords) -> Expression:
    argument, default = arguments[0], 4
    if isinstance(argument, Complex):
        default = kind_number(argument) or 4
        argument = argument.real
    wanted = _wanted_kind(arguments, keywords, 1, default)
    return make_real(numbers_of((argument,))[0], wanted)


def _to_double(arguments: Arguments, _: Keywords) -> Expression:
    (value,) = numbers_of(arguments)
    return make_real(float(value), 8)


def _numeric(compute: Callable[..., Number]) -> Function:
    """Return a function whose result has the type of its arguments."""

    def apply(arguments: Arguments, _: Keywords) -> Expression:
        return from_number(compute(*numbers_of(arguments)), arguments)

    return apply


def _math(compute: Callable[..., float]) -> Function:
    """Return a real function of real arguments."""

    def apply(arguments: Arguments, _: Keywords) -> Expression | None:
        if not all(isinstance(argument, Real) for argument in arguments):
            return None
        if common_kind(arguments) in EXTENDED_DIGITS:
            return None  # Python has no such function of so many digits
        return make_real(compute(*numbers_of(arguments)), common_kind(arguments))

    return apply


def _bitwise(compute: Callable[[int, int], int]) -> Function:
    def apply(arguments: Arguments, _: Keywords) -> Expression | None:
        left, right = arguments
        if not isinstance(left, Integer) or not isinstance(right, Integer):
            return None
        return make_integer(compute(left.value, right.value), common_kind(arguments))

    return apply


def _shift(value: int, by: int) -> int:
    if by > MAXIMUM_BITS:
        raise OverflowError("shifted too far")
    return value << by if by >= 0 else value >> -by


def _merge(arguments: Arguments, _: Keywords) -> Expression | None:
    true, false, mask = arguments
    truth = truth_of(mask)
    return None if truth is None else (true if truth else false)


def _length(arguments: Arguments, _: Keywords) -> Expression:
    return Integer(len(text_of(arguments[0])))


def _trimmed_length(arguments: Arguments, _: Keywords) -> Expression:
    return Integer(len(text_of(arguments[0]).rstrip(b" ")))


def _trim(arguments: Arguments, _: Keywords) -> Expression:
    return String(text_of(arguments[0]).rstrip(b" "))


def _repeat(arguments: Arguments, _: Keywords) -> Expression | None:
    text, times = text_of(arguments[0]), arguments[1]
    if not isinstance(times, Integer) or times.value * len(text) > MAXIMUM_CHARACTERS:
        return None
    return String(text * times.value)


def _code(arguments: Arguments, _: Keywords) -> Expression:
    (code,) = text_of(arguments[0])
    return Integer(code)


def _character(arguments: Arguments, _: Keywords) -> Expression:
    code = arguments[0]
    if not isinstance(code, Integer):
        raise TypeError("a code is an integer")
    return String(bytes([code.value]))


def _new_line(arguments: Arguments, _: Keywords) -> Expression:
    if not isinstance(arguments[0], String):
        raise TypeError("new_line takes a character")
    return String(b"\n")


def _size(arguments: Arguments, _: Keywords) -> Expression | None:
    array = arguments[0]
    if isinstance(array, ArrayConstructor) and arguments[1:] in ((), (Integer(1),)):
        return Integer(len(array.items))
    return None


def _bound(*, upper: bool) -> Function:
    """Return an inquiry about the first or the last index of an array constant."""

    def inquire(arguments: Arguments, _: Keywords) -> Expression | None:
        match arguments:
            case (ArrayConstructor(items, lower=lower), Integer(1)):
                return Integer(lower + len(items) - 1 if upper else lower)
            case _:
                return None

    return inquire


def _reduction(compute: Callable[[list[Number]], Number]) -> Function:
    def reduce(arguments: Arguments, _: Keywords) -> Expression | None:
        (array,) = arguments
        if not isinstance(array, ArrayConstructor) or not array.items:
            return None
        return from_number(compute(numbers_of(array.items)), array.items)

    return reduce


def _nearest(value: float) -> int:
    whole = int(value)
    if abs(value - whole) < 0.5:
        return whole
    return whole + 1 if value > 0 else whole - 1


def _modulo(a: Number, b: Number) -> Number:
    return a % b


def _sign(a: Number, b: Number) -> Number:
    is_negative = a < 0
    return -a if is_negative == (math.copysign(1, b) > 0) else a


FUNCTIONS: Mapping[str, Function] = {
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
    "mod": _numeric(remainder),
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
    "new_line": _new_line,
    "size": _size,
    "lbound": _bound(upper=False),
    "ubound": _bound(upper=True),
    "sum": _reduction(sum),
    "product": _reduction(math.prod),
    "maxval": _reduction(max),
    "minval": _reduction(min),
}
# Those that give an array of their values for the elements of one.
ELEMENTAL = frozenset(FUNCTIONS) - {
    "kind", "selected_int_kind", "selected_real_kind", "huge", "tiny", "epsilon", "digits", "precision",
    "minexponent", "maxexponent", "range", "bit_size", "repeat", "trim", "len", "size", "sum", "product",
    "maxval", "minval", "lbound", "ubound", "new_line",
}  # fmt: skip

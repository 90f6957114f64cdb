"""How calls of the functions that C texts and Fortran expressions know are typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from f2pypy.expressions.conversions import KIND_ORDER, convert
from f2pypy.expressions.environment import Environment
from f2pypy.expressions.nodes import (
    Binary,
    Call,
    Complex,
    Conditional,
    Convert,
    Expression,
    ExpressionError,
    Integer,
    Kind,
    Member,
    Real,
    Unary,
)
from f2pypy.expressions.vocabulary import (
    BIT_FUNCTIONS,
    MATH_FUNCTIONS,
    REDUCTIONS,
    ROUNDING_FUNCTIONS,
    SEARCHES,
    SHIFTS,
    TEXT_FUNCTIONS,
    TEXT_LENGTHS,
    TRUTH_FUNCTIONS,
    canonical_function,
)


class Typist(Protocol):
    """What types the arguments of a call: `typing` does, by the rules of one language."""

    @property
    def environment(self) -> Environment:
        """The names that expressions may use, and the language's rules."""

    def typed(self, expression: Expression) -> tuple[Expression, Kind]:
        """Return what an expression of any kind is with its conversions explicit, and its kind."""

    def value(self, expression: Expression, wanted: Kind) -> Expression:
        """Return an expression converted to `wanted`; ExpressionError where C and Fortran have no such conversion."""

    def integer(self, expression: Expression) -> Expression:
        """Return an expression as an integer: a real is truncated, a truth value is 0 or 1."""

    def number(self, expression: Expression) -> tuple[Expression, Kind]:
        """Return an operand of arithmetic: truth values and characters count as integers."""

    def binary(self, binary: Binary) -> tuple[Expression, Kind]:
        """Return a typed operation and its kind."""

    def arithmetic(self, binary: Binary) -> tuple[Expression, Kind]:
        """Return a typed operation of two numbers and its kind."""

    def many(self, expression: Expression) -> tuple[Expression, Kind]:
        """Return the typed expression for all elements of an array, and the kind of one."""

    def text(self, expression: Expression) -> Expression:
        """Return a text of any length, as bytes; ExpressionError for what is no text."""

    def bits(self, expression: Expression) -> int:
        """Return the number of bits of an integer expression."""

    def cast(
        self, type_text: str, operand: Expression, at: int
    ) -> tuple[Expression, Kind]:
        """Return the typed operand as a value of a C type, and its kind."""

    def conditional(self, conditional: Conditional) -> tuple[Expression, Kind]:
        """Return a typed choice and its kind."""


Typing = Callable[[Typist, Call], tuple[Expression, Kind]]


def is_known_function(name: str, *, fortran: bool) -> bool:
    """Tell whether f2pypy knows how to evaluate function `name`."""
    return canonical_function(name, fortran=fortran) in FUNCTION_TYPINGS


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


def _type_math(types: Typist, call: Call) -> tuple[Expression, Kind]:
    arguments = _expect(call, MATH_FUNCTIONS[call.function])
    values = tuple(types.value(argument, Kind.REAL) for argument in arguments)
    return Call(call.function, values, at=call.at), Kind.REAL


def _type_truth(types: Typist, call: Call) -> tuple[Expression, Kind]:
    (argument,) = _expect(call, 1)
    value = types.value(argument, Kind.REAL)
    return Call(call.function, (value,), at=call.at), Kind.LOGICAL


def _type_rounding(types: Typist, call: Call) -> tuple[Expression, Kind]:
    argument = _expect(call, 1, 2)[0]
    value, kind = types.number(argument)
    if kind is Kind.INTEGER:
        return value, kind
    return Call(call.function, (value,), at=call.at), Kind.INTEGER


def _type_c_rounding(types: Typist, call: Call) -> tuple[Expression, Kind]:
    (argument,) = _expect(call, 1)
    value = types.value(argument, Kind.REAL)
    rounded = Call(call.function.removesuffix(" of a double"), (value,), at=call.at)
    return Convert(Kind.REAL, rounded, call.at), Kind.REAL


def _type_extremum(types: Typist, call: Call) -> tuple[Expression, Kind]:
    if len(call.arguments) < 2 or call.keywords:
        raise ExpressionError(f"{call.function} takes at least 2 arguments", call.at)
    values = [types.number(argument) for argument in call.arguments]
    kind = max((kind for _, kind in values), key=KIND_ORDER.index)
    if kind is Kind.COMPLEX:
        raise ExpressionError("complex numbers can't be ordered", call.at)
    converted = tuple(convert(value, k, kind) for value, k in values)
    return Call(call.function, converted, at=call.at), kind


_ABSOLUTE = {Kind.INTEGER: "abs", Kind.REAL: "fabs", Kind.COMPLEX: "cabs"}


def _type_abs(types: Typist, call: Call) -> tuple[Expression, Kind]:
    (argument,) = _expect(call, 1)
    value, kind = types.number(argument)
    result = Kind.INTEGER if kind is Kind.INTEGER else Kind.REAL
    return Call(_ABSOLUTE[kind], (value,), at=call.at), result


def _type_abs_of(kind: Kind) -> Typing:
    def type_abs(types: Typist, call: Call) -> tuple[Expression, Kind]:
        (argument,) = _expect(call, 1)
        result = Kind.INTEGER if kind is Kind.INTEGER else Kind.REAL
        return Call(_ABSOLUTE[kind], (types.value(argument, kind),), at=call.at), result

    return type_abs


def _type_remainder(types: Typist, call: Call) -> tuple[Expression, Kind]:
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


def _type_merge(types: Typist, call: Call) -> tuple[Expression, Kind]:
    true, false, mask = _expect(call, 3)
    return types.conditional(Conditional(mask, true, false, call.at))


def _type_sign(types: Typist, call: Call) -> tuple[Expression, Kind]:
    value, sign = _expect(call, 2)
    if types.number(value)[1] is Kind.REAL:
        arguments = (types.value(value, Kind.REAL), types.value(sign, Kind.REAL))
        return Call("copysign", arguments, at=call.at), Kind.REAL
    size = Call("abs", (types.integer(value),), at=call.at)
    test = Binary(">=", types.integer(sign), Integer(0), call.at)
    return Conditional(test, size, Unary("-", size, call.at), call.at), Kind.INTEGER


def _type_dim(types: Typist, call: Call) -> tuple[Expression, Kind]:
    left, right = _expect(call, 2)
    difference = Binary("-", left, right, call.at)
    return _type_extremum(types, Call("max", (difference, Integer(0)), at=call.at))


def _type_conversion(kind: Kind) -> Typing:
    def type_conversion(types: Typist, call: Call) -> tuple[Expression, Kind]:
        return types.value(_expect(call, 1, 2)[0], kind), kind

    return type_conversion


def _type_bits(operator: str) -> Typing:
    def type_bits(types: Typist, call: Call) -> tuple[Expression, Kind]:
        left, right = _expect(call, 2)
        return types.binary(Binary(operator, left, right, call.at))

    return type_bits


def _type_complex(types: Typist, call: Call) -> tuple[Expression, Kind]:
    parts = _expect(call, 1, 2, 3)
    if types.number(parts[0])[1] is Kind.COMPLEX:
        return types.typed(parts[0])
    real = types.value(parts[0], Kind.REAL)
    imaginary = types.value(parts[1], Kind.REAL) if len(parts) > 1 else Real(0.0)
    return Complex(real, imaginary, call.at), Kind.COMPLEX


def _type_part(types: Typist, call: Call) -> tuple[Expression, Kind]:
    (argument,) = _expect(call, 1)
    return Member(types.value(argument, Kind.COMPLEX), "i", at=call.at), Kind.REAL


def _type_reduction(types: Typist, call: Call) -> tuple[Expression, Kind]:
    given = dict(call.keywords)
    given.update(zip(("array", "mask"), call.arguments, strict=False))
    array = given.pop("array", given.get("mask"))
    mask = given.pop("mask", None)
    if array is None or given or len(call.arguments) > 2:
        raise ExpressionError(
            f"{call.function} of one array, with or without a mask, is the only form that f2pypy supports here",
            call.at,
        )
    value, kind = types.many(array)
    chosen = () if mask is None or mask is array else (types.many(mask),)
    if any(of_mask is not Kind.LOGICAL for _, of_mask in chosen):
        raise ExpressionError(f"{call.function} along one axis gives an array", call.at)
    if call.function in ("count", "size"):
        kind = Kind.INTEGER
    function = REDUCTIONS[call.function]
    return Call(function, (value, *(m for m, _ in chosen)), at=call.at), kind


def _type_search(types: Typist, call: Call) -> tuple[Expression, Kind]:
    text, wanted, *back = _expect(call, 2, 3)
    arguments = [types.text(text), types.text(wanted)]
    arguments += [types.value(each, Kind.LOGICAL) for each in back]
    return Call(SEARCHES[call.function], tuple(arguments), at=call.at), Kind.INTEGER


def _type_text(types: Typist, call: Call) -> tuple[Expression, Kind]:
    text, *count = _expect(call, 2 if call.function == "repeat" else 1)
    arguments = (types.text(text), *map(types.integer, count))
    return Call(TEXT_FUNCTIONS[call.function], arguments, at=call.at), Kind.CHARACTER


def _type_text_length(types: Typist, call: Call) -> tuple[Expression, Kind]:
    text = types.text(_expect(call, 1, 2)[0])
    return Call(TEXT_LENGTHS[call.function], (text,), at=call.at), Kind.INTEGER


def _type_bit_count(types: Typist, call: Call) -> tuple[Expression, Kind]:
    (value,) = _expect(call, 1)
    bits = Integer(types.bits(value))
    arguments = (types.integer(value), bits)
    return Call(BIT_FUNCTIONS[call.function], arguments, at=call.at), Kind.INTEGER


def _type_bit_size(types: Typist, call: Call) -> tuple[Expression, Kind]:
    (value,) = _expect(call, 1)
    return Integer(types.bits(value), call.at), Kind.INTEGER


def _type_shift(types: Typist, call: Call) -> tuple[Expression, Kind]:
    value, places = _expect(call, 2)
    count = types.integer(places)
    if call.function == "shiftr":
        count = Unary("-", count, call.at)
    arguments = (types.integer(value), count, Integer(types.bits(value)))
    return Call(SHIFTS[call.function], arguments, at=call.at), Kind.INTEGER


def _type_not(types: Typist, call: Call) -> tuple[Expression, Kind]:
    (value,) = _expect(call, 1)
    return Unary("~", types.integer(value), call.at), Kind.INTEGER


def _as_typed(kind: Kind) -> Typing:
    """Return the typing of what typing itself made: nothing changes."""

    def keep(types: Typist, call: Call) -> tuple[Expression, Kind]:
        del types
        return call, kind

    return keep


def _type_reduced(types: Typist, call: Call) -> tuple[Expression, Kind]:
    kind = types.many(call.arguments[0])[1]
    return call, Kind.INTEGER if call.function in ("count_of", "size_of") else kind


# What is left after typing: `abs fabs cabs min max modulo`, and the functions of MATH_FUNCTIONS,
# ROUNDING_FUNCTIONS, TRUTH_FUNCTIONS and usercode.
FUNCTION_TYPINGS: Mapping[str, Typing] = {
    **dict.fromkeys(MATH_FUNCTIONS, _type_math),
    **dict.fromkeys(TRUTH_FUNCTIONS, _type_truth),
    **dict.fromkeys(ROUNDING_FUNCTIONS, _type_rounding),
    **dict.fromkeys(
        [f"{name} of a double" for name in ROUNDING_FUNCTIONS], _type_c_rounding
    ),
    **dict.fromkeys(["max", "min"], _type_extremum),
    **dict.fromkeys(["mod", "modulo"], _type_remainder),
    **dict.fromkeys(REDUCTIONS, _type_reduction),
    **dict.fromkeys(REDUCTIONS.values(), _type_reduced),
    **dict.fromkeys(SEARCHES, _type_search),
    **dict.fromkeys(TEXT_FUNCTIONS, _type_text),
    **dict.fromkeys(TEXT_LENGTHS, _type_text_length),
    **dict.fromkeys(BIT_FUNCTIONS, _type_bit_count),
    **dict.fromkeys(SHIFTS, _type_shift),
    **dict.fromkeys(
        [
            *SEARCHES.values(),
            *TEXT_LENGTHS.values(),
            *BIT_FUNCTIONS.values(),
            "shifted",
        ],
        _as_typed(Kind.INTEGER),
    ),
    **dict.fromkeys(
        [*TEXT_FUNCTIONS.values(), "content", "substring"], _as_typed(Kind.CHARACTER)
    ),
    "bit_size": _type_bit_size,
    "not": _type_not,
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

"""From the objects a caller gives to scalars: Python's exact types and NumPy's are read, the rest goes to Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from llvmlite import ir

from f2pypy import plan
from f2pypy.expressions.nodes import Expression, Kind
from f2pypy.native.arithmetic import exact_real
from f2pypy.native.code import (
    BIT,
    BYTE,
    DOUBLE,
    INT,
    LONG,
    SINGLE,
    Code,
    Given,
    NotNative,
    Scalar,
)
from f2pypy.native.expressions import evaluate, is_absent, merge_scalars
from f2pypy.native.integers import read_integer
from f2pypy.native.layouts import (
    BYTES,
    CHARACTERS,
    COMPACT_ASCII,
    NUMBER,
    SIZE,
    STATE,
)

# The runtime's converter -> the bits of the integers that it makes, without the sign.
BITS: Mapping[str, int] = {
    "integer8": 7,
    "integer16": 15,
    "integer": 31,
    "integer64": 63,
}


# The Python type whose values are taken as they are -> the runtime's converters of all others, as they are printed.
EXACT: Mapping[str, frozenset[str]] = {
    "int": frozenset(
        name + form for name in BITS for form in ("", "_or_text", "_or_first")
    ),
    "float": frozenset({"real", "real_or_text", "single", "single_or_text"}),
    "complex": frozenset({"complex_number", "single_complex"}),
    "bool": frozenset({"logical"}),
}

# Reads the parts of a number (i64 or double) from an object of a type that it knows.
Reader = Callable[[Code, Any], list[Any]]
Readers = Sequence[tuple[type, Reader]]


def given(code: Code, name: str) -> Given:
    """Return what the caller gave for parameter `name`."""
    found = code.variables.get(name)
    if not isinstance(found, Given):
        raise NotNative(f"{name} as a parameter")
    return found


def required(code: Code, name: str) -> Any:
    """Return the object that the caller gave for a parameter without default."""
    found = given(code, name)
    if found.optional:
        raise NotNative(f"the default of {name}")
    return found.object


def read_scalar(code: Code, step: plan.ScalarInput) -> None:
    """Write step ScalarInput; of an integer that the wrapper has computed it checks the range."""
    computed = code.variables.get(step.name)
    if isinstance(computed, Scalar) and step.converter in BITS:
        limited = _within(code, computed.value, BITS[step.converter])
        code.variables[step.name] = limited
        return
    code.variables[step.name] = _converted(code, step, required(code, step.name))


def read_or_default(code: Code, step: Any) -> None:
    """Write the steps ScalarDefault and ScalarComputed."""
    name = step.input.name
    code.variables[name] = choose(
        code,
        given(code, name),
        lambda found: _converted(code, step.input, found),
        lambda: _fitting(code, step.input.converter, step.default),
    )


def read_flag(code: Code, step: plan.Flag) -> None:
    """Write step Flag: an integer or a truth value, of which only the truth is of interest."""
    flag = given(code, step.name)
    default = ir.Constant(BIT, _flag_default(code, step.name))
    if not flag.optional:
        code.variables[step.name] = _logical(code, flag.object)
        return
    start, present = code.builder.block, code.block("flag")
    after = code.block("flags")
    code.builder.cbranch(code.is_null(flag.object), after, present)
    code.builder.position_at_end(present)
    value = _logical(code, flag.object).value
    end = code.builder.block
    code.builder.branch(after)
    (merged,) = code.merge([(start, [default]), (end, [value])], after)
    code.variables[step.name] = Scalar(Kind.LOGICAL, merged)


def _flag_default(code: Code, name: str) -> int:
    default = code.defaults.get(name)
    value = getattr(default, "value", None)
    if not isinstance(value, (int, bool)):
        raise NotNative(f"the default of {name}")
    return int(bool(value))


def choose(
    code: Code,
    parameter: Given,
    convert: Callable[[Any], Scalar],
    default: Callable[[], Scalar],
) -> Scalar:
    """Return the converted argument, or the default where there is none."""
    absent, present = code.block("absent"), code.block("present")
    after = code.block("value")
    code.builder.cbranch(is_absent(code, parameter), absent, present)
    values, ends = [], []
    for block, make in (
        (absent, default),
        (present, lambda: convert(parameter.object)),
    ):
        code.builder.position_at_end(block)
        values.append(make())
        ends.append(code.builder.block)
        code.builder.branch(after)
    return merge_scalars(code, values, ends, after)


def _fitting(code: Code, converter: str, default: Expression) -> Scalar:
    """Return a default as the kind that the converter makes."""
    value = evaluate(code, default)
    kind, _ = CONVERTERS[converter]
    if kind is value.kind:
        return value
    if kind is Kind.REAL:
        return Scalar(Kind.REAL, exact_real(code, value))
    if kind is Kind.COMPLEX:
        zero = ir.Constant(DOUBLE, 0.0)
        return Scalar(Kind.COMPLEX, exact_real(code, value), imaginary=zero)
    raise NotNative(f"a default of {value.kind.value} for {kind.value}")


def _converted(code: Code, step: plan.ScalarInput, found: Any) -> Scalar:
    if step.converter not in CONVERTERS:
        raise NotNative(f"the conversion {step.converter}")
    _, convert = CONVERTERS[step.converter]
    if step.exact is not None:
        convert = UNCONVERTED.get(step.converter, convert)
    return convert(code, found)


def _integer(bits: int) -> Callable[[Code, Any], Scalar]:
    """Return the conversion to integers of so many bits and a sign."""

    def convert(code: Code, found: Any) -> Scalar:
        (value,) = _by_type(code, found, [*INTEGERS, (bool, INTEGERS[0][1])])
        return _within(code, value, bits)

    return convert


def _by_type(code: Code, found: Any, readers: Readers) -> list[Any]:
    """Return what the reader for the exact type of `found` reads; objects of other types go to Python."""
    builder = code.builder
    after = code.block("read")
    arms = []
    for kind, read in readers[:-1]:
        is_kind, other = code.block(kind.__name__), code.block("other")
        builder.cbranch(code.has_type(found, kind), is_kind, other)
        builder.position_at_end(is_kind)
        values = read(code, found)
        arms.append((builder.block, values))
        builder.branch(after)
        builder.position_at_end(other)
    kind, read = readers[-1]
    code.require(code.has_type(found, kind))
    values = read(code, found)
    arms.append((builder.block, values))
    builder.branch(after)
    return code.merge(arms, after)


def _stored_integer(kind: Any) -> Reader:
    """Return what reads an integer of NumPy's."""
    return lambda code, found: [code.builder.sext(code.load(found, NUMBER, kind), LONG)]


def _stored_reals(kind: Any, count: int = 1) -> Reader:
    """Return what reads real numbers that lie side by side in a Python object."""
    size = 4 if kind is SINGLE else 8

    def read(code: Code, found: Any) -> list[Any]:
        places = [NUMBER + size * place for place in range(count)]
        values = [code.load(found, place, kind) for place in places]
        if kind is DOUBLE:
            return values
        return [code.builder.fpext(value, DOUBLE) for value in values]

    return read


def _truth_of_bool(code: Code, found: Any) -> list[Any]:
    return [code.builder.zext(code.load(found, NUMBER, BYTE), LONG)]


def _within(code: Code, value: Any, bits: int) -> Scalar:
    """Return an integer (i64) after a test that it has so many bits and a sign."""
    if bits < 63:
        half = ir.Constant(LONG, 1 << bits)
        shifted = code.builder.add(value, half)
        whole = ir.Constant(LONG, 2 << bits)
        code.require(code.builder.icmp_unsigned("<", shifted, whole))
    return Scalar(Kind.INTEGER, value, bits)


def _real(code: Code, found: Any, *, rounds: bool = False) -> Scalar:
    """Read a float, or another number that a float can hold; what is no float is rounded where `rounds`."""
    read: Readers = _rounding(REALS[1:]) if rounds else REALS[1:]
    (value,) = _by_type(code, found, [REALS[0], *read])
    return Scalar(Kind.REAL, value)


def _as_real(read: Reader, code: Code, found: Any) -> list[Any]:
    (value,) = read(code, found)
    return [exact_real(code, Scalar(Kind.INTEGER, value))]


def _rounding(readers: Readers) -> Readers:
    """Return readers that round to single precision."""

    def rounding(read: Reader) -> Reader:
        return lambda code, found: [rounded(code, each) for each in read(code, found)]

    return [(kind, rounding(read)) for kind, read in readers]


def rounded(code: Code, value: Any) -> Any:
    """Return a double rounded to single precision."""
    return code.builder.fpext(code.builder.fptrunc(value, SINGLE), DOUBLE)


def _float_or_single(code: Code, found: Any) -> Scalar:
    return _real(code, found, rounds=True)


def _single(code: Code, found: Any) -> Scalar:
    return Scalar(Kind.REAL, rounded(code, _real(code, found).value))


def _complex(code: Code, found: Any, *, rounds: bool = False) -> Scalar:
    """Read a complex number, or a number that a float can hold; what is no complex is rounded where `rounds`."""
    others: Readers = [
        *COMPLEX[1:],
        *((kind, partial(_without_imaginary, read)) for kind, read in REALS),
    ]
    read = _rounding(others) if rounds else others
    both = _by_type(code, found, [COMPLEX[0], *read])
    return Scalar(Kind.COMPLEX, both[0], imaginary=both[1])


def _without_imaginary(read: Reader, code: Code, found: Any) -> list[Any]:
    return [*read(code, found), ir.Constant(DOUBLE, 0.0)]


def _complex_or_single(code: Code, found: Any) -> Scalar:
    return _complex(code, found, rounds=True)


def _single_complex(code: Code, found: Any) -> Scalar:
    value = _complex(code, found)
    return Scalar(
        Kind.COMPLEX,
        rounded(code, value.value),
        imaginary=rounded(code, value.imaginary),
    )


def _logical(code: Code, found: Any, readers: Readers = ()) -> Scalar:
    """Read True, False, an int, or what the other `readers` read."""
    builder = code.builder
    after, other = code.block("truth"), code.block("no_bool")
    arms: list[tuple[Any, list[Any]]] = []
    for known, value in ((True, 1), (False, 0)):
        following = code.block("next") if value else other
        builder.cbranch(code.is_object(found, known), after, following)
        arms.append((builder.block, [ir.Constant(BIT, value)]))
        builder.position_at_end(following)
    (number,) = _by_type(code, found, [*readers, INTEGERS[0]])
    value = builder.icmp_signed("!=", number, ir.Constant(LONG, 0))
    end = builder.block
    builder.branch(after)
    (merged,) = code.merge([*arms, (end, [value])], after)
    return Scalar(Kind.LOGICAL, merged)


def _zero_or_one(code: Code, found: Any) -> Scalar:
    truth = _logical(code, found, [(np.bool_, _truth_of_bool), *INTEGERS[1:]])
    value = code.builder.zext(truth.value, LONG)
    return Scalar(Kind.INTEGER, value, 1)


def _truth_or_number(code: Code, found: Any) -> Scalar:
    """Read a logical of which Python leaves True and False what they are: it may not be returned."""
    value = _zero_or_one(code, found)
    code.truths.append(value)
    return value


def _character(code: Code, found: Any) -> Scalar:
    """Read the first character of bytes or of a str of ASCII characters, if it has one."""
    (value,) = _by_type(code, found, CHARACTERS_OF)
    return Scalar(Kind.CHARACTER, value)


def _first_in(start: int) -> Reader:
    """Return what reads the first of the characters that begin there, after a test that there are some."""

    def read(code: Code, found: Any) -> list[Any]:
        size = code.load(found, SIZE, LONG)
        code.require(code.builder.icmp_signed(">", size, ir.Constant(LONG, 0)))
        return [code.load(found, start, BYTE)]

    return read


def _first_in_str(code: Code, found: Any) -> list[Any]:
    require_ascii(code, found)
    return _first_in(CHARACTERS)(code, found)


def require_ascii(code: Code, found: Any) -> None:
    """Go on where a str has ASCII characters alone, which lie behind its head."""
    bits = ir.Constant(INT, COMPACT_ASCII)
    state = code.builder.and_(code.load(found, STATE, INT), bits)
    code.require(code.builder.icmp_unsigned("==", state, bits))


# The exact types of characters, and what reads the first one.
CHARACTERS_OF: Readers = ((bytes, _first_in(BYTES)), (str, _first_in_str))

# The exact types of integers, and what reads them.
INTEGERS: Readers = (
    (int, lambda code, found: [read_integer(code, found)]),
    (np.int64, _stored_integer(LONG)),
    (np.int32, _stored_integer(INT)),
)

# The exact types of real numbers and of complex numbers, likewise; those of Python come first.
REALS: Readers = (
    (float, _stored_reals(DOUBLE)),
    (np.float64, _stored_reals(DOUBLE)),
    (np.float32, _stored_reals(SINGLE)),
    *((kind, partial(_as_real, read)) for kind, read in INTEGERS),
)
COMPLEX: Readers = (
    (complex, _stored_reals(DOUBLE, 2)),
    (np.complex128, _stored_reals(DOUBLE, 2)),
    (np.complex64, _stored_reals(SINGLE, 2)),
)

# The runtime's converter -> the kind it makes, and how. What doesn't fit is left to Python.
CONVERTERS: dict[str, tuple[Kind, Callable[[Code, Any], Scalar]]] = {
    **{name: (Kind.INTEGER, _integer(bits)) for name, bits in BITS.items()},
    "real": (Kind.REAL, _real),
    "single": (Kind.REAL, _single),
    "complex_number": (Kind.COMPLEX, _complex),
    "single_complex": (Kind.COMPLEX, _single_complex),
    "logical": (Kind.INTEGER, _zero_or_one),
    "character": (Kind.CHARACTER, _character),
}
# The forms that take more: text and sequences are left to Python.
CONVERTERS.update(
    {f"{name}_or_text": CONVERTERS[name] for name in (*BITS, "real", "single")}
)
CONVERTERS.update({f"{name}_or_first": CONVERTERS[name] for name in BITS})
# Those that do something else where what is of the exact type isn't converted.
UNCONVERTED: Mapping[str, Callable[[Code, Any], Scalar]] = {
    "single": _float_or_single,
    "single_or_text": _float_or_single,
    "single_complex": _complex_or_single,
    "logical": _truth_or_number,
}

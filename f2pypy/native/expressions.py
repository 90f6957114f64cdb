"""Prints typed expressions as LLVM IR; what they come to is what the printed Python comes to.

Integers have 64 bits here and any number of them in Python: where a result might need more, Python takes over. It does
so too where it would raise ZeroDivisionError.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from llvmlite import ir

from f2pypy.expressions.nodes import (
    Absent,
    Binary,
    Call,
    Character,
    Complex,
    Conditional,
    Convert,
    Expression,
    Extent,
    Integer,
    Kind,
    Logical,
    Member,
    Name,
    Rank,
    Real,
    Size,
    String,
    Unary,
)
from f2pypy.native.arithmetic import (
    ARITHMETIC,
    COMPARISONS,
    ONE,
    REAL_ARITHMETIC,
    ZERO,
    absolute,
    arithmetic,
    as_integer,
    compare,
    divide,
    exact_real,
    extreme,
    modulo,
    real_arithmetic,
)
from f2pypy.native.code import (
    BIT,
    BYTE,
    DOUBLE,
    Array,
    Code,
    Given,
    NotNative,
    Scalar,
    real,
    whole,
)


def evaluate(code: Code, expression: Expression) -> Scalar:
    """Return the value of an expression; NotNative if it needs what native code doesn't do."""
    printer = PRINTERS.get(type(expression))
    if printer is None:
        raise NotNative(f"the expression {type(expression).__name__}")
    return printer(code, expression)


def integer(code: Code, expression: Expression) -> Scalar:
    """Return the value of an integer expression."""
    return as_integer(code, evaluate(code, expression))


def truth(code: Code, expression: Expression) -> Any:
    """Return whether the expression is true for Python (i1)."""
    return _truth_of(code, evaluate(code, expression))


def array_named(code: Code, name: str) -> Array:
    """Return the array variable `name`."""
    found = code.variables.get(name)
    if not isinstance(found, Array):
        raise NotNative(f"{name} as an array")
    return found


def _truth_of(code: Code, value: Scalar) -> Any:
    if value.kind is Kind.LOGICAL:
        return value.value
    if value.kind is Kind.INTEGER:
        return code.builder.icmp_signed("!=", value.value, ZERO)
    if value.kind is Kind.REAL:
        return code.builder.fcmp_unordered("!=", value.value, ir.Constant(DOUBLE, 0.0))
    raise NotNative(f"the truth of {value.kind.value}")


def _name(code: Code, node: Name) -> Scalar:
    found = code.variables.get(node.name)
    if not isinstance(found, Scalar):
        raise NotNative(f"{node.name} as a value")
    return found


def _character(code: Code, node: Any) -> Scalar:  # noqa: ARG001 - as all printers
    if len(node.value) != 1:
        raise NotNative("a string")
    return Scalar(Kind.CHARACTER, ir.Constant(BYTE, node.value[0]))


def _complex(code: Code, node: Complex) -> Scalar:
    parts = [exact_real(code, evaluate(code, p)) for p in (node.real, node.imaginary)]
    return Scalar(Kind.COMPLEX, parts[0], imaginary=parts[1])


def _member(code: Code, node: Member) -> Scalar:
    base = evaluate(code, node.base)
    if base.kind is not Kind.COMPLEX or node.name not in ("r", "i"):
        raise NotNative(f"the part .{node.name}")
    return Scalar(Kind.REAL, base.value if node.name == "r" else base.imaginary)


def _extent(code: Code, node: Extent) -> Scalar:
    extents = array_named(code, node.array).extents
    if not 0 <= node.axis < len(extents):
        raise NotNative(f"an extent that {node.array} does not have")
    return Scalar(Kind.INTEGER, extents[node.axis])


def _rank(code: Code, node: Rank) -> Scalar:
    return whole(len(array_named(code, node.array).extents))


def _size(code: Code, node: Size) -> Scalar:
    return Scalar(Kind.INTEGER, size_of(code, array_named(code, node.array)))


def size_of(code: Code, array: Array) -> Any:
    """Return the number of elements (i64)."""
    return product(code, array.extents)


def product(code: Code, extents: Sequence[Any]) -> Any:
    """Return the product of the extents of an array (i64); NumPy made sure that it fits."""
    size: Any = ONE
    for extent in extents:
        size = extent if size is ONE else code.builder.mul(size, extent)
    return size


def _absent(code: Code, node: Absent) -> Scalar:
    found = code.variables.get(node.argument)
    if not isinstance(found, Given):  # it has its value by now
        return Scalar(Kind.LOGICAL, ir.Constant(BIT, 0))
    if code.defaults.get(node.argument) is not None:
        raise NotNative(f"whether {node.argument}, which has a default, was given")
    return Scalar(Kind.LOGICAL, is_absent(code, found))


def is_absent(code: Code, given: Given) -> Any:
    """Return whether a parameter was left out or is None (i1)."""
    none = code.is_object(given.object, None)
    if not given.optional:
        return none
    return code.builder.or_(code.is_null(given.object), none)


def _convert(code: Code, node: Convert) -> Scalar:
    value = evaluate(code, node.operand)
    if node.kind is Kind.LOGICAL:
        return Scalar(Kind.LOGICAL, _truth_of(code, value))
    if node.kind is value.kind:
        return value
    if node.kind is Kind.INTEGER:
        return as_integer(code, value)
    if node.kind is Kind.REAL:
        return Scalar(Kind.REAL, exact_real(code, value))
    if node.kind is Kind.COMPLEX:
        zero = ir.Constant(DOUBLE, 0.0)
        return Scalar(Kind.COMPLEX, exact_real(code, value), imaginary=zero)
    raise NotNative(f"{value.kind.value} as {node.kind.value}")


def _unary(code: Code, node: Unary) -> Scalar:
    if node.operator == "!":
        return Scalar(Kind.LOGICAL, code.builder.not_(truth(code, node.operand)))
    value = evaluate(code, node.operand)
    if value.kind is Kind.LOGICAL:
        value = as_integer(code, value)
    if node.operator == "+" and value.kind is not Kind.CHARACTER:
        return value
    if node.operator == "-" and value.kind is Kind.INTEGER:
        return arithmetic(code, "-", whole(0), value)
    if node.operator == "-" and value.kind is Kind.REAL:
        return Scalar(Kind.REAL, code.builder.fneg(value.value))
    if node.operator == "~" and value.kind is Kind.INTEGER:
        return Scalar(Kind.INTEGER, code.builder.not_(value.value), value.bits + 1)
    raise NotNative(f"{node.operator} of {value.kind.value}")


def _binary(code: Code, node: Binary) -> Scalar:
    operator = node.operator
    if operator in ("&&", "||"):
        return _junction(code, node)
    left, right = evaluate(code, node.left), evaluate(code, node.right)
    left, right = (
        as_integer(code, each) if each.kind is Kind.LOGICAL else each
        for each in (left, right)
    )
    kinds = {left.kind, right.kind}
    if operator in COMPARISONS:
        return compare(code, operator, left, right)
    if kinds == {Kind.INTEGER}:
        if operator in ARITHMETIC:
            return arithmetic(code, operator, left, right)
        if operator in ("idiv", "imod", "//"):
            return divide(code, operator, left, right)
    if operator == "/" or (operator in REAL_ARITHMETIC and Kind.REAL in kinds):
        return real_arithmetic(code, operator, left, right)
    raise NotNative(f"{left.kind.value} {operator} {right.kind.value}")


def _junction(code: Code, node: Binary) -> Scalar:
    """Print ``&&`` and ``||``: the right side is evaluated only where it counts."""
    first = truth(code, node.left)
    before, second, after = code.builder.block, code.block("second"), code.block("both")
    if node.operator == "&&":
        code.builder.cbranch(first, second, after)
    else:
        code.builder.cbranch(first, after, second)
    code.builder.position_at_end(second)
    value = truth(code, node.right)
    end = code.builder.block
    code.builder.branch(after)
    decided = ir.Constant(BIT, int(node.operator == "||"))
    (merged,) = code.merge([(before, [decided]), (end, [value])], after)
    return Scalar(Kind.LOGICAL, merged)


def _conditional(code: Code, node: Conditional) -> Scalar:
    test = truth(code, node.test)
    blocks = code.block("then"), code.block("otherwise")
    after = code.block("chosen")
    code.builder.cbranch(test, *blocks)
    values, ends = [], []
    for block, expression in zip(blocks, (node.then, node.otherwise)):
        code.builder.position_at_end(block)
        values.append(evaluate(code, expression))
        ends.append(code.builder.block)
        code.builder.branch(after)
    return merge_scalars(code, values, ends, after)


def merge_scalars(code: Code, values: Any, ends: Any, after: Any) -> Scalar:
    """Return the value that arrives in `after` from blocks that end with `values`, all of one kind."""
    first = values[0]
    if any(value.kind is not first.kind for value in values):
        raise NotNative("a value of different kinds")
    parts = [
        [value.value] + ([value.imaginary] if value.imaginary is not None else [])
        for value in values
    ]
    merged = code.merge(list(zip(ends, parts)), after)
    imaginary = merged[1] if len(merged) == 2 else None
    return Scalar(first.kind, merged[0], max(v.bits for v in values), imaginary)


def _call(code: Code, node: Call) -> Scalar:
    values = [evaluate(code, argument) for argument in node.arguments]
    if node.function in ("abs", "fabs") and len(values) == 1:
        return absolute(code, values[0])
    if node.function in ("max", "min") and values:
        return extreme(code, node.function, values)
    kinds = {value.kind for value in values}
    if node.function == "modulo" and kinds == {Kind.INTEGER}:
        return modulo(code, *values)
    raise NotNative(f"the function {node.function}")


PRINTERS: Mapping[type, Callable[[Code, Any], Scalar]] = {
    Integer: lambda _, node: whole(node.value),
    Real: lambda _, node: real(node.value),
    Logical: lambda _, node: Scalar(Kind.LOGICAL, ir.Constant(BIT, int(node.value))),
    Character: _character,
    String: _character,
    Complex: _complex,
    Name: _name,
    Member: _member,
    Extent: _extent,
    Rank: _rank,
    Size: _size,
    Absent: _absent,
    Convert: _convert,
    Unary: _unary,
    Binary: _binary,
    Conditional: _conditional,
    Call: _call,
}

"""Expressions of Python as nodes that native code evaluates to what Python makes of them."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

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
from f2pypy.native.code import NotNative
from f2pypy.native.reading.names import Names
from f2pypy.native.reading.patterns import match_expression

OPERATORS: Mapping[type, str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
}
COMPARISONS: Mapping[type, str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
CONVERSIONS: Mapping[str, Kind] = {
    "int": Kind.INTEGER,
    "float": Kind.REAL,
    "complex": Kind.COMPLEX,
    "bool": Kind.LOGICAL,
}
# Functions of two integers that the runtime has for C's operators.
DIVISIONS = frozenset({"idiv", "imod"})
FUNCTIONS = frozenset({*CONVERSIONS, *DIVISIONS, "len", "abs", "max", "min"})
PARTS: Mapping[str, str] = {"real": "r", "imag": "i"}


def constant(value: object) -> Expression:
    """Return the literal for a Python object; NotNative where there is none."""
    if isinstance(value, bool):
        return Logical(value)
    if isinstance(value, int):
        return Integer(value)
    if isinstance(value, float):
        return Real(value)
    if isinstance(value, complex):
        return Complex(Real(value.real), Real(value.imag))
    if isinstance(value, bytes):
        return Character(value) if len(value) == 1 else String(value)
    raise NotNative(f"the value {value!r}")


@dataclass(frozen=True)
class Expressions:
    """Reads the expressions of one function.

    `flags` are the variables of which only the truth is known, `holders` those that have the descriptors of allocatable
    and pointer dummies. Both grow while steps are read.
    """

    names: Names
    flags: set[str] = field(default_factory=set)
    holders: set[str] = field(default_factory=set)

    def value(self, node: ast.expr) -> Expression:
        """Return the expression; NotNative for what has no node."""
        reader = READERS.get(type(node))
        if reader is None:
            raise unknown(node)
        return reader(self, node)

    def truth(self, node: ast.expr) -> Expression:
        """Return an expression of which only the truth matters."""
        if isinstance(node, ast.BoolOp):
            return _joined(node, [self.truth(each) for each in node.values])
        if isinstance(node, ast.IfExp):
            test, then, otherwise = map(self.truth, (node.test, node.body, node.orelse))
            return Conditional(test, then, otherwise)
        if isinstance(node, ast.Name) and node.id in self.flags:
            return Name(node.id)
        return self.value(node)

    def local(self, node: ast.expr) -> str:
        """Return the name of a local variable; NotNative for anything else."""
        if not isinstance(node, ast.Name) or node.id not in self.names.locals:
            raise unknown(node)
        return node.id


def unknown(node: ast.AST) -> NotNative:
    """Return the exception for what can't be read."""
    return NotNative(f"the expression {ast.unparse(node)}")


def _joined(node: ast.BoolOp, terms: list[Expression]) -> Expression:
    operator = "&&" if isinstance(node.op, ast.And) else "||"
    found = terms[0]
    for term in terms[1:]:
        found = Binary(operator, found, term)
    return found


def _constant(_: Expressions, node: ast.Constant) -> Expression:
    return constant(node.value)


def _name(reader: Expressions, node: ast.Name) -> Expression:
    if node.id in reader.flags:
        raise NotNative(f"the number {node.id}")
    return Name(reader.local(node))


def _junction(reader: Expressions, node: ast.BoolOp) -> Expression:
    """Read ``and`` and ``or``, whose value is one of their operands: that is a truth value where each of them is."""
    if not all(_is_truth(reader, each) for each in node.values):
        raise unknown(node)
    return _joined(node, [reader.value(each) for each in node.values])


def _is_truth(reader: Expressions, node: ast.expr) -> bool:
    if isinstance(node, ast.BoolOp):
        return all(_is_truth(reader, each) for each in node.values)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, bool)
    if isinstance(node, ast.Call):
        return reader.names.function(node.func) == "bool"
    return isinstance(node, ast.Compare)


def _unary(reader: Expressions, node: ast.UnaryOp) -> Expression:
    if isinstance(node.op, ast.Not):
        return Unary("!", reader.truth(node.operand))
    operand = reader.value(node.operand)
    if isinstance(node.op, ast.UAdd):
        return Unary("+", operand)
    if isinstance(node.op, ast.Invert):
        return Unary("~", operand)
    if isinstance(operand, (Integer, Real)):
        return constant(-operand.value)
    return Unary("-", operand)


def _binary(reader: Expressions, node: ast.BinOp) -> Expression:
    left, right = reader.value(node.left), reader.value(node.right)
    if isinstance(node.op, ast.Mod):
        return Call("modulo", (left, right))
    if type(node.op) not in OPERATORS:
        raise unknown(node)
    return Binary(OPERATORS[type(node.op)], left, right)


def _comparison(reader: Expressions, node: ast.Compare) -> Expression:
    """Read comparisons; ``a < b < c`` compares the same `b` twice, which has no effects."""
    absent = _absence(reader, node)
    if absent is not None:
        return absent
    operands = [reader.value(each) for each in (node.left, *node.comparators)]
    found: Expression | None = None
    for operator, left, right in zip(node.ops, operands, operands[1:]):
        if type(operator) not in COMPARISONS:
            raise unknown(node)
        term = Binary(COMPARISONS[type(operator)], left, right)
        found = term if found is None else Binary("&&", found, term)
    assert found is not None
    return found


def _absence(reader: Expressions, node: ast.Compare) -> Expression | None:
    present = match_expression("NAME is not None", node, reader.names)
    absent = match_expression("NAME is None", node, reader.names)
    if present is not None:
        return Unary("!", Absent(reader.local(present["NAME"])))
    return None if absent is None else Absent(reader.local(absent["NAME"]))


def _conditional(reader: Expressions, node: ast.IfExp) -> Expression:
    branches = reader.value(node.body), reader.value(node.orelse)
    return Conditional(reader.truth(node.test), *branches)


def _call(reader: Expressions, node: ast.Call) -> Expression:
    function = reader.names.function(node.func)
    count = len(node.args)
    if node.keywords or function not in FUNCTIONS:
        raise unknown(node)
    if function == "len" and count == 1:
        return Extent(reader.local(node.args[0]), 0)
    if function == "bool" and count == 1:
        return Convert(Kind.LOGICAL, reader.truth(node.args[0]))
    arguments = tuple(reader.value(each) for each in node.args)
    if function == "complex" and count == 2:
        return Complex(arguments[0], arguments[1])
    if function in CONVERSIONS and count == 1:
        return Convert(CONVERSIONS[function], arguments[0])
    if function in DIVISIONS and count == 2:
        return Binary(function, arguments[0], arguments[1])
    if function == "abs" or (function in ("max", "min") and count > 1):
        return Call(function, arguments)
    raise unknown(node)


def _attribute(reader: Expressions, node: ast.Attribute) -> Expression:
    if node.attr in PARTS:
        return Member(reader.value(node.value), PARTS[node.attr])
    if node.attr == "size":
        return Size(reader.local(node.value))
    if node.attr == "ndim":
        return Rank(reader.local(node.value))
    if reader.names.value(node.value) is math and node.attr in ("inf", "nan"):
        return Real(getattr(math, node.attr))
    raise unknown(node)


def _subscript(reader: Expressions, node: ast.Subscript) -> Expression:
    found = match_expression("ARRAY.shape[AXIS]", node, reader.names)
    axis = None if found is None else found["AXIS"]
    if not isinstance(axis, ast.Constant) or type(axis.value) is not int:
        raise unknown(node)
    assert found is not None
    return Extent(reader.local(found["ARRAY"]), axis.value)


READERS: Mapping[type, Callable[[Expressions, Any], Expression]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.BoolOp: _junction,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.Compare: _comparison,
    ast.IfExp: _conditional,
    ast.Call: _call,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
}

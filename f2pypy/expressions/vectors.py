"""Prints typed expressions that hold for many elements at once as NumPy operations.

Two leaves stand for many values: a `Bounds` is the integers that it counts, and a subscript by `Bounds` the elements
there, in memory order. In an array's default ``_i[k]`` is the index along axis k.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from f2pypy.expressions.nodes import (
    Binary,
    Bounds,
    Call,
    Complex,
    Conditional,
    Convert,
    Expression,
    ExpressionError,
    Integer,
    Kind,
    Member,
    Name,
    Subscript,
    Unary,
)
from f2pypy.expressions.python import Names, PythonText, print_python
from f2pypy.expressions.walk import walk

INDEX = "_i"

_OPERATORS = {
    "+": "+",
    "-": "-",
    "*": "*",
    "/": "/",
    "**": "**",
    "&": "&",
    "|": "|",
    "^": "^",
    "==": "==",
    "!=": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
    "&&": "&",
    "||": "|",
}
_FUNCTIONS = {
    **{n: f"np.{n}" for n in ("sqrt", "exp", "log", "log10", "log2", "log1p")},
    **{n: f"np.{n}" for n in ("expm1", "sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{n: f"np.{n}" for n in ("hypot", "fmod", "copysign")},
    **dict.fromkeys(["abs", "fabs", "cabs"], "np.abs"),
    "asin": "np.arcsin",
    "acos": "np.arccos",
    "atan": "np.arctan",
    "atan2": "np.arctan2",
    "asinh": "np.arcsinh",
    "acosh": "np.arccosh",
    "atanh": "np.arctanh",
    "pow": "np.power",
}
_EXTREMA = {"max": "np.maximum", "min": "np.minimum"}
_TYPES = {Kind.INTEGER: "np.int64", Kind.REAL: "np.float64", Kind.LOGICAL: "np.bool_"}


def is_many(expression: Expression) -> bool:
    """Whether the expression has a value for each element."""
    return any(_is_leaf(node) for node in walk(expression))


def _is_leaf(node: object) -> bool:
    match node:
        case Bounds(lower, upper):
            return lower is not None and upper is not None
        case Subscript(Name(name)):
            return name == INDEX
        case _:
            return False


def is_elementwise(expression: Expression) -> bool:
    """Whether `print_elementwise` can say it."""
    try:
        print_elementwise(expression)
    except ExpressionError:
        return False
    return True


def print_elementwise(
    expression: Expression,
    names: Names = lambda name: name,
    *,
    ranks: Mapping[str, int] | None = None,
) -> PythonText:
    """Print a typed expression for all elements at once; ExpressionError for what NumPy has no operation for.

    `uses` holds ``np``, `span`, and what scalar parts use.
    """
    printer = _Printer(names, ranks or {})
    text = printer.text(expression)
    return PythonText(_unwrapped(text), frozenset(printer.uses))


def _unwrapped(text: str) -> str:
    """Return the text without parentheses around the whole."""
    if not text.startswith("("):
        return text
    depth = 0
    for position, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return text[1:-1] if position == len(text) - 1 else text
    return text


@dataclass(frozen=True)
class _Printer:
    names: Names
    ranks: Mapping[str, int]
    uses: set[str] = field(default_factory=set)  # grows while printing

    def text(self, expression: Expression) -> str:
        """Return the text, in parentheses if it has an operator."""
        if not is_many(expression):
            return self.scalar(expression)
        match expression:
            case Bounds(lower, upper, stride):
                self.uses.add("np")
                return f"np.arange({self.limits(lower, upper, stride)})"
            case Subscript(Name(name), index) if name == INDEX:
                return f"{INDEX}[{self.scalar(index)}]"
            case Subscript(base, Bounds(lower, upper, stride)):
                self.uses.add("span")
                return f"span({self.array(base)}, {self.limits(lower, upper, stride)})"
            case Convert(kind, operand):
                return self.conversion(kind, operand)
            case Unary("-" | "~" as operator, operand):
                return f"({operator}{self.text(operand)})"
            case Unary("!", operand):
                return f"(~{self.text(operand)})"
            case Binary():
                return self.binary(expression)
            case Conditional(test, then, otherwise):
                self.uses.add("np")
                parts = (self.text(part) for part in (test, then, otherwise))
                return f"np.where({', '.join(parts)})"
            case Member(base, part):
                return f"{self.text(base)}.{'real' if part == 'r' else 'imag'}"
            case Complex(real, imaginary):
                return f"({self.text(real)} + 1j * {self.text(imaginary)})"
            case Call():
                return self.call(expression)
            case _:
                raise ExpressionError("has no operation on arrays", expression.at)

    def scalar(self, expression: Expression) -> str:
        """Return the text of what is the same for every element."""
        printed = print_python(expression, self.names, ranks=self.ranks)
        self.uses.update(printed.uses)
        operator = isinstance(expression, (Binary, Conditional, Unary))
        return f"({printed.text})" if operator else printed.text

    def array(self, base: Expression) -> str:
        """Return the array whose elements are meant."""
        if isinstance(base, Call) and base.function == "ravel":
            base = base.arguments[0]
        return self.scalar(base)

    def limits(
        self,
        lower: Expression | None,
        upper: Expression | None,
        stride: Expression | None,
    ) -> str:
        """Return the arguments that say which places are meant."""
        parts = [part for part in (lower, upper, stride) if part is not None]
        return ", ".join(_unwrapped(self.scalar(part)) for part in parts)

    def conversion(self, kind: Kind, operand: Expression) -> str:
        """Return a conversion: NumPy makes those itself that widen."""
        match operand:
            case Subscript() | Bounds():
                return self.text(operand)
            case _ if kind in _TYPES and kind is not Kind.REAL:
                self.uses.add("np")
                return f"{self.text(operand)}.astype({_TYPES[kind]})"
            case _:
                return self.text(operand)

    def binary(self, binary: Binary) -> str:
        """Return an operation of two operands."""
        left, right = self.text(binary.left), self.text(binary.right)
        match binary:
            case Binary("idiv" | "imod" as operator, first, Integer(value=number)) if (
                number > 0 and _is_count(first)
            ):
                return f"({left} {'//' if operator == 'idiv' else '%'} {right})"
            case Binary("ipow", _, Integer(value=number)) if number >= 0:
                return f"({left} ** {right})"
            case Binary(operator) if operator in _OPERATORS:
                return f"({left} {_OPERATORS[operator]} {right})"
            case _:
                raise ExpressionError("has no operation on arrays", binary.at)

    def call(self, call: Call) -> str:
        """Return a function of NumPy."""
        arguments = [_unwrapped(self.text(argument)) for argument in call.arguments]
        function = _EXTREMA.get(call.function)
        if function is not None:
            self.uses.add("np")
            while len(arguments) > 1:
                arguments[:2] = [f"{function}({arguments[0]}, {arguments[1]})"]
            return arguments[0]
        function = _FUNCTIONS.get(call.function)
        if function is None:
            raise ExpressionError("has no operation on arrays", call.at)
        self.uses.add("np")
        return f"{function}({', '.join(arguments)})"


def _is_count(expression: Expression) -> bool:
    """Whether no element of an integer expression is negative: sums and products of indices and counts."""
    match expression:
        case Integer(value):
            return value >= 0
        case Convert(_, operand):
            return _is_count(operand)
        case Subscript(Name(name)):
            return name == INDEX
        case Bounds(Integer(value)):
            return value >= 0
        case Binary("+" | "*" | "idiv" | "imod", left, right):
            return _is_count(left) and _is_count(right)
        case _:
            return False

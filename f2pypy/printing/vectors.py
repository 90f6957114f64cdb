"""Prints typed expressions that hold for many elements at once as NumPy operations."""

from __future__ import annotations

from collections.abc import Mapping

from f2pypy.dataclass import dataclass
from f2pypy.expressions.elementwise import INDEX, has_operation, is_many
from f2pypy.expressions.nodes import (
    Binary,
    Bounds,
    Call,
    Complex,
    Conditional,
    Convert,
    Expression,
    ExpressionError,
    Kind,
    Member,
    Name,
    Subscript,
    Unary,
)
from f2pypy.printing.levels import Level
from f2pypy.printing.python import Names, format_python

_OPERATORS = {
    **dict.fromkeys(["+", "-"], Level.SUM),
    **dict.fromkeys(["*", "/"], Level.PRODUCT),
    "**": Level.POWER,
    "&": Level.BIT_AND,
    "^": Level.BIT_XOR,
    "|": Level.BIT_OR,
    "&&": Level.BIT_AND,
    "||": Level.BIT_OR,
    **dict.fromkeys(["idiv", "imod"], Level.PRODUCT),
    "ipow": Level.POWER,
    **dict.fromkeys(["==", "!=", "<", "<=", ">", ">="], Level.COMPARISON),
}
_SPELLED = {"&&": "&", "||": "|", "idiv": "//", "imod": "%", "ipow": "**"}
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
_TYPES = {Kind.INTEGER: "np.int64", Kind.LOGICAL: "np.bool_"}


def print_elementwise(
    expression: Expression,
    names: Names = lambda name: name,
    *,
    ranks: Mapping[str, int] | None = None,
) -> str:
    """Print a typed expression for all elements at once; ExpressionError unless it `is_elementwise`."""
    return _Printer(names, ranks or {}).text(expression)


@dataclass(frozen=True)
class _Printer:
    names: Names
    ranks: Mapping[str, int]

    def text(self, expression: Expression, level: Level = Level.CONDITIONAL) -> str:
        """Return the text, in parentheses if it binds less than `level`."""
        text, own = self.printed(expression)
        return text if own >= level else f"({text})"

    def printed(self, expression: Expression) -> tuple[str, Level]:
        """Return the text and how tightly it binds."""
        if not is_many(expression):
            return self.scalar(expression)
        match expression:
            case Unary("-" | "~" as operator, operand):
                return f"{operator}{self.text(operand, Level.POWER)}", Level.SIGN
            case Unary("!", operand):
                return f"~{self.text(operand, Level.POWER)}", Level.SIGN
            case Binary():
                return self.binary(expression)
            case Convert(kind, operand):
                return self.conversion(kind, operand)
            case Complex(real, imaginary):
                parts = (
                    self.text(real, Level.SUM),
                    self.text(imaginary, Level.PRODUCT),
                )
                return f"{parts[0]} + 1j * {parts[1]}", Level.SUM
            case _:
                return self.primary(expression), Level.PRIMARY

    def primary(self, expression: Expression) -> str:
        """Return the text of what needs no parentheses."""
        match expression:
            case Bounds(lower, upper, stride):
                return f"np.arange({self.limits(lower, upper, stride)})"
            case Subscript(Name(name), index) if name == INDEX:
                return f"{INDEX}[{self.text(index)}]"
            case Subscript(base, Bounds(lower, upper, stride)):
                return f"span({self.array(base)}, {self.limits(lower, upper, stride)})"
            case Conditional(test, then, otherwise):
                return f"np.where({', '.join(map(self.text, (test, then, otherwise)))})"
            case Member(base, part):
                name = "real" if part == "r" else "imag"
                return f"{self.text(base, Level.PRIMARY)}.{name}"
            case Call():
                return self.call(expression)
            case _:
                raise ExpressionError("has no operation on arrays", expression.at)

    def scalar(self, expression: Expression) -> tuple[str, Level]:
        """Return the text of what is the same for every element."""
        text = format_python(expression, self.names, ranks=self.ranks)
        operator = isinstance(expression, (Binary, Conditional, Unary))
        return text, Level.CONDITIONAL if operator else Level.PRIMARY

    def array(self, base: Expression) -> str:
        """Return the array whose elements are meant."""
        if isinstance(base, Call) and base.function == "ravel":
            base = base.arguments[0]
        return self.scalar(base)[0]

    def limits(
        self,
        lower: Expression | None,
        upper: Expression | None,
        stride: Expression | None,
    ) -> str:
        """Return the arguments that say which places are meant."""
        parts = [part for part in (lower, upper, stride) if part is not None]
        return ", ".join(map(self.text, parts))

    def conversion(self, kind: Kind, operand: Expression) -> tuple[str, Level]:
        """Return a conversion: NumPy makes those itself that widen."""
        match operand:
            case Subscript() | Bounds():
                return self.printed(operand)
            case _ if kind in _TYPES:
                text = self.text(operand, Level.PRIMARY)
                return f"{text}.astype({_TYPES[kind]})", Level.PRIMARY
            case _:
                return self.printed(operand)

    def binary(self, binary: Binary) -> tuple[str, Level]:
        """Return an operation of two operands."""
        if not has_operation(binary):
            raise ExpressionError("has no operation on arrays", binary.at)
        level = _OPERATORS[binary.operator]
        symbol = _SPELLED.get(binary.operator, binary.operator)
        strict = level in (Level.POWER, Level.COMPARISON)
        left = self.text(binary.left, Level(level + 1) if strict else level)
        return f"{left} {symbol} {self.text(binary.right, Level(level + 1))}", level

    def call(self, call: Call) -> str:
        """Return NumPy's function of whole arrays; ``max`` of many is nested, as NumPy's takes two."""
        arguments = [self.text(argument) for argument in call.arguments]
        function = _EXTREMA.get(call.function)
        if function is not None:
            while len(arguments) > 1:
                arguments[:2] = [f"{function}({arguments[0]}, {arguments[1]})"]
            return arguments[0]
        function = _FUNCTIONS.get(call.function)
        if function is None:
            raise ExpressionError("has no operation on arrays", call.at)
        return f"{function}({', '.join(arguments)})"

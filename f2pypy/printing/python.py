"""Prints typed expressions as Python.

Only what the nodes hold is printed, never a piece of the source text, and every name is
checked: a hostile source can make this fail, it can't make it print code of its own.
The text is what `ruff format` leaves as it is, but for the length of lines.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from f2pypy.dataclass import dataclass
from f2pypy.expressions.facts import Linear, always_divides, facts_of, is_non_negative
from f2pypy.expressions.nodes import (
    Absent,
    ArrayConstructor,
    Binary,
    Bounds,
    Call,
    Complex,
    Conditional,
    Convert,
    Expression,
    ExpressionError,
    Extent,
    Integer,
    ItemSize,
    Kind,
    Member,
    Name,
    Part,
    Rank,
    Real,
    Size,
    Stored,
    String,
    StringLength,
    Subscript,
    Unary,
)
from f2pypy.expressions.vocabulary import (
    MATH_FUNCTIONS,
    TRUTH_FUNCTIONS,
)
from f2pypy.printing.idioms import (
    COMPARISONS,
    chain,
    flattened,
    mixed,
    terms,
    unconverted,
)
from f2pypy.printing.levels import OPERATORS, Level
from f2pypy.printing.literals import format_literal
from f2pypy.printing.owners import text_of

Names = Mapping[str, str] | Callable[[str], str]

# function after typing -> Python's; a dot names a module that is used
_FUNCTIONS: Mapping[str, str] = {
    **{name: f"math.{name}" for name in (*MATH_FUNCTIONS, *TRUTH_FUNCTIONS)},
    **dict.fromkeys(["abs", "fabs", "cabs"], "abs"),
    "max": "max",
    "min": "min",
    "ichar": "ord",
    "itrunc": "int",
    "nint": "nint",
    "ifloor": "math.floor",
    "iceil": "math.ceil",
}

# The attributes of complex numbers, by what C calls them.
PARTS = {"r": "real", "i": "imag"}

_CONVERSIONS = {
    Kind.INTEGER: "int",
    Kind.REAL: "float",
    Kind.COMPLEX: "complex",
    Kind.LOGICAL: "bool",
}

# What `ruff format` writes without blanks around ``**`` and ``:``
_SIMPLE = re.compile(r"-?[0-9][0-9.e+]*\Z|[^\W\d][\w.]*\Z")


def format_python(
    expression: Expression,
    names: Names = lambda name: name,
    *,
    ranks: Mapping[str, int] | None = None,
    facts: Iterable[Expression] = (),
    truth: bool = False,
    level: Level = Level.CONDITIONAL,
) -> str:
    """Return a typed expression as Python text, in parentheses if it binds less than `level`.

    `names` gives each name's Python name (a mapping may leave out those that keep theirs).
    `ranks` are those of the arrays, so that the first extent of a matrix is ``a.shape[0]``
    and not ``len(a)``. `facts` are typed conditions that hold where the text stands: with
    them more divisions print as ``//``. Where `truth`, the text only decides something, so
    that an integer may stand for itself. Raises `ExpressionError` for what has no value and
    for names that are no Python names.
    """
    find = names if callable(names) else _mapped(names)
    known = tuple(difference for fact in facts for difference in facts_of(fact))
    return _Printer(find, ranks or {}, known).text(expression, level, truth=truth)


def _mapped(names: Mapping[str, str]) -> Callable[[str], str]:
    return lambda name: names.get(name, name)


@dataclass(frozen=True)
class _Printer:
    names: Callable[[str], str]
    ranks: Mapping[str, int]
    known: tuple[Linear, ...]

    def knowing(self, test: Expression, *, holds: bool = True) -> _Printer:
        """Return the printer for where `test` is true (false unless `holds`)."""
        return replace(self, known=(*self.known, *facts_of(test, holds=holds)))

    def text(
        self,
        expression: Expression,
        level: Level = Level.CONDITIONAL,
        *,
        truth: bool = False,
    ) -> str:
        """Return the text of `expression`, in parentheses if it binds less than `level`."""
        text, own = self.printed(expression, truth)
        return text if own >= level else f"({text})"

    def printed(self, expression: Expression, truth: bool) -> tuple[str, Level]:
        match expression:
            case Unary():
                return self.unary(expression)
            case Binary("&&" | "||"):
                return self.junction(expression, truth)
            case Binary():
                return self.binary(expression)
            case Conditional(test, then, otherwise):
                yes, no = self.knowing(test), self.knowing(test, holds=False)
                branches = (
                    yes.text(then, Level.OR, truth=truth),
                    no.text(otherwise, Level.OR, truth=truth),
                )
                condition = self.text(test, Level.OR, truth=True)
                return (
                    f"{branches[0]} if {condition} else {branches[1]}",
                    Level.CONDITIONAL,
                )
            case Call():
                return self.call(expression)
            case Convert(Kind.LOGICAL, operand) if truth:
                return self.printed(operand, True)
            case Convert(kind, operand) if kind in _CONVERSIONS:
                return f"{_CONVERSIONS[kind]}({self.text(operand)})", Level.PRIMARY
            case Subscript() if self.is_checked(expression):
                return self.element(expression)
            case Subscript(base, index):
                return (
                    f"{self.text(base, Level.PRIMARY)}[{self.index(index)}]",
                    Level.PRIMARY,
                )
            case Absent(argument):
                return f"{self.name(argument, expression.at)} is None", Level.COMPARISON
            case _:
                return self.operand(expression)

    def operand(self, expression: Expression) -> tuple[str, Level]:
        """Print what has no operator: names, questions about arguments, literals."""
        match expression:
            case Name(name, at):
                return self.name(name, at), Level.PRIMARY
            case Extent(array, axis, at):
                name = self.name(array, at)
                if axis == 0 and self.ranks.get(array, 1) == 1:
                    return f"len({name})", Level.PRIMARY
                return f"{name}.shape[{axis}]", Level.PRIMARY
            case Rank(array, at):
                return f"{self.name(array, at)}.ndim", Level.PRIMARY
            case Stored(owner):
                return text_of(expression, owner), Level.PRIMARY
            case Part(owner, at=at):
                return text_of(expression, self.name(owner, at)), Level.PRIMARY
            case ItemSize(array, at):
                return f"{self.name(array, at)}.itemsize", Level.PRIMARY
            case Size(array, at):
                return f"{self.name(array, at)}.size", Level.PRIMARY
            case StringLength(string, at):
                return f"len({self.name(string, at)})", Level.PRIMARY
            case Member(base, part) if part in PARTS:
                return f"{self.text(base, Level.PRIMARY)}.{PARTS[part]}", Level.PRIMARY
            case Complex(real, imaginary) if _is_extended(real, imaginary):
                parts = self.text(real, Level.SUM), self.text(imaginary, Level.PRODUCT)
                return f"{parts[0]} + {parts[1]} * 1j", Level.SUM
            case Complex(real, imaginary):
                return (
                    f"complex({self.text(real)}, {self.text(imaginary)})",
                    Level.PRIMARY,
                )
            case ArrayConstructor(items):
                return (
                    f"[{', '.join(self.text(item) for item in items)}]",
                    Level.PRIMARY,
                )
            case _:
                return format_literal(expression)

    def name(self, name: str, at: int) -> str:
        found = self.names(name)
        for part in found.split("."):
            if not part.isidentifier() or keyword.iskeyword(part):
                raise ExpressionError(f"{found!r} is no Python name", at)
        return found

    def index(self, index: Expression) -> str:
        if not isinstance(index, Bounds):
            return self.text(index)
        first = (
            "" if index.lower in (None, Integer(0)) else self.text(_given(index.lower))
        )
        last = "" if index.upper is None else self.text(index.upper)
        if all(not side or _SIMPLE.match(side) for side in (first, last)):
            return f"{first}:{last}"
        return f"{first} : {last}".strip()

    def is_checked(self, element: Subscript) -> bool:
        """Tell whether an element needs a check: NumPy counts negative places from the end, and matrices by axis."""
        if isinstance(element.base, String):
            return False
        if isinstance(element.index, Bounds):
            lower = element.index.lower
            tail = element.index.upper is None and lower is not None
            return tail and not is_non_negative(_given(lower), self.known)
        matrix = isinstance(element.base, Call)
        return matrix or not is_non_negative(element.index, self.known)

    def element(self, element: Subscript) -> tuple[str, Level]:
        """Print an element at its place in memory."""
        base = element.base
        if isinstance(base, Call) and base.function == "ravel":
            base = base.arguments[0]
        if isinstance(element.index, Bounds):
            array = self.text(base, Level.PRIMARY)
            first = self.text(_given(element.index.lower))
            return f"span({array}, {first}, {array}.size)", Level.PRIMARY
        return f"element({self.text(base)}, {self.text(element.index)})", Level.PRIMARY

    def unary(self, unary: Unary) -> tuple[str, Level]:
        operand = unary.operand
        match unary.operator, operand:
            case "!", Absent(argument):
                return f"{self.name(argument, unary.at)} is not None", Level.COMPARISON
            case "!", Binary("==" | "!=" as operator, left, right):
                opposite = "!=" if operator == "==" else "=="
                return self.comparison(Binary(opposite, left, right, unary.at))
            case "!", _:
                return f"not {self.text(operand, Level.NOT, truth=True)}", Level.NOT
            case ("-" | "+" | "~") as operator, _:
                return f"{operator}{self.text(operand, Level.POWER)}", Level.SIGN
            case _:
                raise ExpressionError(f"unknown operator {unary.operator}", unary.at)

    def binary(self, binary: Binary) -> tuple[str, Level]:
        operator = binary.operator
        if operator in COMPARISONS:
            return self.comparison(binary)
        if operator in ("idiv", "imod"):
            return self.division(binary)
        if operator in ("**", "ipow"):
            return self.power(binary)
        if operator not in OPERATORS:
            raise ExpressionError(f"the operator {operator} has no type yet", binary.at)
        symbol, level = OPERATORS[operator]
        left, right = mixed(binary)
        return self.joined(left, symbol, right, level)

    def joined(
        self, left: Expression, symbol: str, right: Expression, level: Level
    ) -> tuple[str, Level]:
        """Print two operands of a left-associative operator."""
        return (
            f"{self.text(left, level)} {symbol} {self.text(right, Level(level + 1))}",
            level,
        )

    def division(self, binary: Binary) -> tuple[str, Level]:
        """Print C's integer division: Python's own where both round alike."""
        left, right = binary.left, binary.right
        alike = is_non_negative(left, self.known) and is_non_negative(right, self.known)
        if isinstance(right, Integer) and always_divides(left, right.value):
            alike = True
        if alike:
            return self.joined(
                left, "//" if binary.operator == "idiv" else "%", right, Level.PRODUCT
            )
        return (
            f"{binary.operator}({self.text(left)}, {self.text(right)})",
            Level.PRIMARY,
        )

    def power(self, binary: Binary) -> tuple[str, Level]:
        left, right = binary.left, binary.right
        if binary.operator == "ipow" and not is_non_negative(right, self.known):
            return f"ipow({self.text(left)}, {self.text(right)})", Level.PRIMARY
        base, exponent = self.text(left, Level.PRIMARY), self.text(right, Level.SIGN)
        hugs = _SIMPLE.match(base) and _SIMPLE.match(exponent)
        return f"{base}**{exponent}" if hugs else f"{base} ** {exponent}", Level.POWER

    def comparison(self, binary: Binary) -> tuple[str, Level]:
        left, right = mixed(binary)
        first, second = self.text(left, Level.BIT_OR), self.text(right, Level.BIT_OR)
        return f"{first} {binary.operator} {second}", Level.COMPARISON

    def junction(self, binary: Binary, truth: bool) -> tuple[str, Level]:
        """Print ``and`` and ``or``; ``0 <= i && i < n`` becomes one comparison."""
        ahead = list(terms(binary, binary.operator))
        if binary.operator == "||":
            # an `and` inside keeps parentheses: readers don't remember which binds tighter
            texts = [self.text(term, Level.NOT, truth=truth) for term in ahead]
            return " or ".join(texts), Level.OR
        texts = []
        printer = self
        while ahead:
            term = ahead.pop(0)
            pair = chain(term, ahead[0]) if ahead else None
            if pair is not None:
                texts.append(printer.chained(*pair))
                printer = printer.knowing(term).knowing(ahead.pop(0))
            else:
                texts.append(printer.text(term, Level.NOT, truth=truth))
                printer = printer.knowing(term)
        if len(texts) == 1:
            return texts[0], Level.COMPARISON
        return " and ".join(texts), Level.AND

    def chained(self, first: Binary, second: Binary) -> str:
        """Print ``a < b`` and ``b < c`` as ``a < b < c``."""
        return (
            f"{self.text(mixed(first)[0], Level.BIT_OR)} {first.operator} "
            f"{self.text(first.right, Level.BIT_OR)} {second.operator} "
            f"{self.text(mixed(second)[1], Level.BIT_OR)}"
        )

    def part(self, argument: Expression) -> str:
        """Return an argument of `section`, where a triplet is a slice, or the ends of a part of a text."""
        if not isinstance(argument, Bounds):
            return self.text(argument)
        ends = (argument.lower, argument.upper, argument.stride)
        texts = ["None" if end is None else self.text(end) for end in ends]
        return f"slice({', '.join(texts)})"

    def call(self, call: Call) -> tuple[str, Level]:
        arguments = call.arguments
        match call.function:
            case "modulo" if len(arguments) == 2:
                return self.joined(arguments[0], "%", arguments[1], Level.PRODUCT)
            case "ravel" if len(arguments) == 1:
                return (
                    f'{self.text(arguments[0], Level.PRIMARY)}.ravel(order="K")',
                    Level.PRIMARY,
                )
            case "max" | "min":
                arguments = tuple(flattened(call))
            case "section" | "substring" as function:
                parts = map(self.part, arguments)
                # an element is an array of rank 0
                is_many = function == "substring" or any(
                    isinstance(argument, Bounds) for argument in arguments
                )
                last = "" if is_many else ".item()"
                return f"{function}({', '.join(parts)}){last}", Level.PRIMARY
            case function if function in MATH_FUNCTIONS:
                arguments = tuple(unconverted(argument) for argument in arguments)
            case _:
                pass
        function = _FUNCTIONS.get(call.function) or self.name(call.function, call.at)
        return (
            f"{function}({', '.join(self.text(a) for a in arguments)})",
            Level.PRIMARY,
        )


def _is_extended(*parts: Expression) -> bool:
    return any(isinstance(p, Real) and p.exact is not None for p in parts)


def _given(expression: Expression | None) -> Expression:
    assert expression is not None
    return expression

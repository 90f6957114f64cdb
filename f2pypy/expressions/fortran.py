"""Reads Fortran expressions and dimensions.

fparser.two's expression rules do the parsing; its nodes carry no columns, so `at` is where a name first occurs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from f2pypy.dataclass import dataclass
from f2pypy.expressions.fold import IMPLIED_DO
from f2pypy.expressions.literals import exact_number
from f2pypy.expressions.nodes import (
    ArrayConstructor,
    Binary,
    Bounds,
    Call,
    Complex,
    Expression,
    ExpressionError,
    Integer,
    Logical,
    Member,
    Name,
    Real,
    String,
    Unary,
)

MAXIMUM_NESTING = 20  # fparser uses some 30 frames for each level
MAXIMUM_DEPTH = 120
MAXIMUM_LENGTH = 20_000

OPERATORS = {
    ".eq.": "==",
    ".ne.": "!=",
    "/=": "!=",
    ".lt.": "<",
    ".le.": "<=",
    ".gt.": ">",
    ".ge.": ">=",
    ".and.": "&&",
    ".or.": "||",
    ".eqv.": "eqv",
    ".neqv.": "neqv",
    ".not.": "!",
    "//": "concat",
    **{
        operator: operator
        for operator in ("==", "<", "<=", ">", ">=", "+", "-", "*", "/", "**")
    },
}

_DIGITS = re.compile(r"\s*[0-9]{1,18}\s*\Z")
# Most extents are one name, or a sum or product of two parts: reading them takes no grammar.
_PLAIN = re.compile(
    r"\s*([a-z]\w*|\d{1,18})(?:\s*([-+*])\s*([a-z]\w*|\d{1,18}))?\s*",
    re.ASCII | re.IGNORECASE,
)
_RADIX = {"b": 2, "o": 8, "z": 16}
_TOKEN = re.compile(r"'[^']*'|\"[^\"]*\"|\(/|/\)|.", re.DOTALL)


class _Grammar:
    """fparser's classes by their names, loaded when the first is asked for: signature files seldom need any."""

    def __getattr__(self, name: str) -> Any:
        from fparser.two import Fortran2003

        found = getattr(Fortran2003, name)
        setattr(self, name, found)
        return found


F = _Grammar()


@cache
def _rules() -> Any:
    """Return fparser's class for expressions (R722), once its grammar is wired."""
    wire_grammar()
    return F.Expr


@cache
def wire_grammar() -> None:
    """Wire fparser's classes together for Fortran 2008, once per process.

    fparser refuses intrinsic functions that don't have as many arguments as Fortran 2003 gave them, although
    selected_real_kind and others have got more since: any number is taken.
    """
    from fparser.two import Fortran2003, Fortran2008
    from fparser.two.parser import ParserFactory

    ParserFactory().create(std="f2008")
    for names in (Fortran2003.Intrinsic_Name, Fortran2008.Intrinsic_Name):
        for counts in names.generic_function_names.values():
            counts.update(min=0, max=None)


@cache
def _slips() -> tuple[type[Exception], ...]:
    """Return what fparser raises for malformed texts, its own slips included."""
    from fparser.two.utils import FparserException

    return (
        FparserException,
        AssertionError,
        AttributeError,
        IndexError,
        KeyError,
        TypeError,
        ValueError,
    )


@lru_cache(maxsize=8192)
def read_expression(text: str) -> Expression:
    """Read a Fortran expression; names keep their case. Raises `ExpressionError`."""
    if not text.strip():
        raise ExpressionError("an expression is missing", 0)
    if len(text) > MAXIMUM_LENGTH:
        raise ExpressionError(f"more than {MAXIMUM_LENGTH} characters", 0)
    if _DIGITS.match(text):
        return Integer(int(text), len(text) - len(text.lstrip()))
    if plain := _PLAIN.fullmatch(text):
        return _Reader(text).plain(*plain.groups())
    _refuse_nesting(text)
    try:
        tree = _rules()(text.strip())
    except RecursionError:
        raise ExpressionError("nested too deeply", 0) from None
    except _slips():
        tree = None
    if tree is None:
        raise ExpressionError("can't be read as a Fortran expression", 0)
    _refuse_depth(tree)
    return _Reader(text).expression(tree)


def read_dimension(text: str) -> Bounds | Expression:
    """Read one dimension of a Fortran declaration.

    An extent alone is returned as its expression. ``lo:hi``, ``:``, ``lo:``, ``*`` and ``lo:*`` are `Bounds`;
    ``..`` (any rank) is `Bounds` with neither part and stride 0. Raises `ExpressionError`.
    """
    stripped = text.strip()
    start = len(text) - len(text.lstrip())
    if stripped == "*":
        return Bounds(None, None, assumed_size=True, at=start)
    if stripped == "..":
        return Bounds(None, None, Integer(0), at=start)
    colon = _bounds_colon(text)
    if colon is None:
        return read_expression(text)
    lower, upper = text[:colon], text[colon + 1 :]
    first = read_expression(lower) if lower.strip() else None
    if upper.strip() == "*":
        return Bounds(first, None, assumed_size=True, at=start)
    last = read_expression(" " * (colon + 1) + upper) if upper.strip() else None
    return Bounds(first, last, at=start)


def _tokens(text: str) -> Iterator[tuple[int, str, int]]:
    """Yield (offset, token, bracket depth); quoted strings are one token."""
    depth = 0
    for found in _TOKEN.finditer(text):
        token = found.group()
        if token in ("(", "[", "(/"):
            depth += 1
        elif token in (")", "]", "/)"):
            depth -= 1
        yield found.start(), token, depth


def _bounds_colon(text: str) -> int | None:
    return next(
        (at for at, token, depth in _tokens(text) if token == ":" and depth == 0), None
    )


def _refuse_nesting(text: str) -> None:
    for at, _, depth in _tokens(text):
        if depth > MAXIMUM_NESTING:
            raise ExpressionError(
                f"more than {MAXIMUM_NESTING} brackets inside each other", at
            )


def _refuse_depth(tree: Any) -> None:
    level = [tree]
    for _ in range(MAXIMUM_DEPTH):
        level = [
            item
            for node in level
            for item in getattr(node, "items", ()) or ()
            if not isinstance(item, str)
        ]
        if not level:
            return
    raise ExpressionError(f"nested more than {MAXIMUM_DEPTH} deep", 0)


@dataclass(frozen=True)
class _Reader:
    """fparser.two's nodes -> ours."""

    text: str

    def at(self, name: str) -> int:
        found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self.text)
        return found.start() if found else 0

    def plain(self, left: str, operator: str | None, right: str | None) -> Expression:
        """Return what `expression` makes of a text that is these names or numbers."""
        first = self.atom(left)
        if operator is None or right is None:
            return first
        return Binary(operator, first, self.atom(right), first.at)

    def atom(self, text: str) -> Expression:
        """Return a name or a number."""
        at = self.at(text)
        return Integer(int(text), at) if text.isdigit() else Name(text, at)

    def refuse(self, node: Any, what: str) -> ExpressionError:
        return ExpressionError(
            f"{what} `{node}` can't be evaluated", self.at(str(node))
        )

    def expression(self, node: Any) -> Expression:
        match node:
            case F.Name():
                return Name(str(node), self.at(str(node)))
            case F.Parenthesis(items=(_, inner, _)):
                return self.expression(inner)
            case F.BinaryOpBase(items=(left, operator, right)):
                return self.binary(node, left, str(operator).lower(), right)
            case F.UnaryOpBase(items=(operator, operand)):
                return self.unary(node, str(operator).lower(), operand)
            case F.Complex_Literal_Constant(items=(real, imaginary)):
                return Complex(
                    self.expression(real),
                    self.expression(imaginary),
                    self.text.find("("),
                )
            case F.Array_Constructor():
                return self.array_constructor(node)
            case F.Data_Ref():
                return self.data_reference(node)
            case (
                F.Part_Ref()
                | F.Intrinsic_Function_Reference()
                | F.Function_Reference()
                | F.Structure_Constructor()
            ):
                return self.call(node)
            case _:
                return self.literal(node)

    def binary(self, node: Any, left: Any, operator: str, right: Any) -> Expression:
        if operator not in OPERATORS:
            raise self.refuse(node, "the defined operation")
        first = self.expression(left)
        return Binary(OPERATORS[operator], first, self.expression(right), first.at)

    def unary(self, node: Any, operator: str, operand: Any) -> Expression:
        if operator not in OPERATORS:
            raise self.refuse(node, "the defined operation")
        inner = self.expression(operand)
        return Unary(OPERATORS[operator], inner, inner.at)

    def literal(self, node: Any) -> Expression:
        at = self.at(str(node))
        match node:
            case (
                F.Int_Literal_Constant(items=(digits, kind))
                | F.Signed_Int_Literal_Constant(items=(digits, kind))
            ):
                return Integer(_integer(digits, at), at, self.kind(kind))
            case (
                F.Real_Literal_Constant(items=(digits, kind))
                | F.Signed_Real_Literal_Constant(items=(digits, kind))
            ):
                single = kind is None and not re.search("[dDqQ]", digits)
                # blanks before an exponent, which fixed form allows
                number = re.sub("[dDqQ]", "e", "".join(digits.split()))
                exact = None if kind is None else exact_number(number)
                return Real(float(number), single, at, self.kind(kind), exact)
            case F.Logical_Literal_Constant(items=(value, kind)):
                return Logical(value.lower() == ".true.", at, self.kind(kind))
            case F.Char_Literal_Constant(items=(quoted, *_)):
                quote = quoted[0]
                return String(
                    quoted[1:-1].replace(quote * 2, quote).encode(),
                    max(self.text.find(quoted), 0),
                )
            case F.Binary_Constant() | F.Octal_Constant() | F.Hex_Constant():
                digits = str(node).lower()
                return Integer(int(digits[2:-1], _RADIX[digits[0]]), at)
            case _:
                raise self.refuse(node, type(node).__name__.replace("_", " ").lower())

    def kind(self, kind: Any) -> Expression | None:
        if kind is None:
            return None
        name = str(kind)
        return Integer(int(name)) if name.isdigit() else Name(name, self.at(name))

    def array_constructor(self, node: Any) -> Expression:
        inner = node.items[1]
        values = (
            _items(inner.items[1]) if isinstance(inner, F.Ac_Spec) else _items(inner)
        )
        found = re.search(r"\(/|\[", self.text)
        return ArrayConstructor(
            tuple(self.constructed(value) for value in values),
            found.start() if found else 0,
        )

    def constructed(self, node: Any) -> Expression:
        """Return a value of an array constructor; an implied DO is a call that stands for its values."""
        if not isinstance(node, F.Ac_Implied_Do):
            return self.expression(node)
        values, control = node.items
        variable, limits = control.items
        first, last, *stride = [self.expression(limit) for limit in limits]
        items = ArrayConstructor(tuple(map(self.constructed, _items(values))))
        step = stride[0] if stride else Integer(1)
        return Call(IMPLIED_DO, (items, self.expression(variable), first, last, step))

    def data_reference(self, node: Any) -> Expression:
        result = self.expression(node.items[0])
        for component in node.items[1:]:
            if not isinstance(component, F.Name):
                raise self.refuse(node, "the component")
            result = Member(result, str(component), at=result.at)
        return result

    def call(self, node: Any) -> Expression:
        function, arguments = node.items[0], node.items[1]
        if not isinstance(function, F.Name | F.Intrinsic_Name | F.Type_Name):
            raise self.refuse(node, "the reference")
        positional: list[Expression] = []
        keywords: list[tuple[str, Expression]] = []
        for argument in _items(arguments):
            if isinstance(argument, F.Actual_Arg_Spec | F.Component_Spec):
                keywords.append(
                    (str(argument.items[0]).lower(), self.expression(argument.items[1]))
                )
            elif isinstance(argument, F.Subscript_Triplet):
                positional.append(self.section(argument))
            else:
                positional.append(self.expression(argument))
        name = str(function)
        # fparser upper-cases what it knows as intrinsic; the source's own spelling is wanted
        at = next(
            (
                m.start()
                for m in re.finditer(
                    rf"(?<!\w){re.escape(name)}(?!\w)", self.text, re.IGNORECASE
                )
            ),
            0,
        )
        spelled = self.text[at : at + len(name)]
        return Call(
            spelled if spelled.lower() == name.lower() else name,
            tuple(positional),
            tuple(keywords),
            at,
        )

    def section(self, node: Any) -> Bounds:
        lower, upper, stride = (
            None if part is None else self.expression(part) for part in node.items
        )
        return Bounds(lower, upper, stride, at=self.text.find(":"))


def _items(node: Any) -> tuple[Any, ...]:
    """Return the members of one of fparser's lists, which leaves out the list around a single one."""
    if node is None:
        return ()
    return tuple(node.items) if type(node).__name__.endswith("_List") else (node,)


def _integer(digits: str, at: int) -> int:
    try:
        return int(digits)
    except ValueError:
        raise ExpressionError(f"{digits[:40]}... isn't an integer", at) from None

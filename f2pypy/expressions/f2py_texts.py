"""C texts as f2py's documentation and messages write them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from f2pypy.expressions.nodes import (
    Binary,
    Call,
    Cast,
    Character,
    Conditional,
    Dereference,
    Expression,
    Integer,
    Name,
    Stored,
    Subscript,
    Unary,
)

CONVERTED_NAME = re.compile(r"(?:\(\w+\))?\w+")
QUOTED = re.compile(r"""('[^']*'|"[^"]*")""")
IDLE_BLANK = re.compile(r" +(?=[()\[\]{}=+\-/*])|(?<=[()\[\]{}=+\-/*]) +")
# A sum by its monomials: the factors of each, sorted, with its coefficient; () is the constant.
Polynomial = dict[tuple[str, ...], int]


def extent_text(expression: Expression, source: str) -> str:
    """Return an extent as f2py's documentation writes it: ``2 * n``, ``1 + kl + ku``, ``(n + n * n) / 2``.

    Sums are multiplied out; the constant stands first, then come names, calls and products. A text that isn't
    arithmetic is shown as in `source`.
    """
    try:
        return sum_text(polynomial(expression))
    except Opaque:
        return source


class Opaque(Exception):
    """The expression has no normal form: f2py shows it as it is written."""


def polynomial(expression: Expression) -> Polynomial:
    """Return the expression multiplied out; Opaque if it isn't arithmetic on names and calls."""
    match expression:
        case Integer(value):
            return {(): value} if value else {}
        case Stored(name=name, axis=int() as axis):
            return {(f"size({name}, {axis + 1})",): 1}
        case Name(name) | Stored(name=name):
            return {(name,): 1}
        case Unary("-", operand):
            return {k: -v for k, v in polynomial(operand).items()}
        case Binary("+" | "-" as operator, left, right):
            sign = 1 if operator == "+" else -1
            return added(polynomial(left), polynomial(right), sign)
        case Binary("*", left, right):
            return multiplied(polynomial(left), polynomial(right))
        case Binary("/", left, right):
            return {(f"{factor_text(left)} / {factor_text(right)}",): 1}
        case Call(function, arguments, ()):
            inner = ", ".join(sum_text(polynomial(a)) for a in arguments)
            return {(f"{function}({inner})",): 1}
        case Cast(type, Name(name)):
            return {(f"({type}){name}",): 1}
        case Subscript(Name(name), index):
            return {(f"{name}[{sum_text(polynomial(index))}]",): 1}
        case Conditional(test, then, otherwise):
            branches = f"{sum_text(polynomial(then))}:{sum_text(polynomial(otherwise))}"
            return {(f"({test_text(test)}?{branches})",): 1}
        case _:
            raise Opaque


def test_text(expression: Expression) -> str:
    """Return the test of a conditional; Opaque if it is more than one comparison."""
    match expression:
        case Binary("==" | "<" | "<=" | ">" | ">=" as operator, left, right):
            return f"{test_text(left)} {operator} {test_text(right)}"
        case Character(value):
            return repr(value.decode("latin-1"))
        case Dereference(Name(name)):
            return name
        case _:
            return sum_text(polynomial(expression))


def added(left: Polynomial, right: Polynomial, sign: int) -> Polynomial:
    """Return ``left + sign * right`` without terms that vanish."""
    total = dict(left)
    for monomial, coefficient in right.items():
        total[monomial] = total.get(monomial, 0) + sign * coefficient
    return {k: v for k, v in total.items() if v}


def multiplied(left: Polynomial, right: Polynomial) -> Polynomial:
    """Return ``left * right`` multiplied out, as f2py shows products of sums."""
    total: Polynomial = {}
    for one, first in left.items():
        for other, second in right.items():
            factors = tuple(sorted((*one, *other), key=order_of_factor))
            total = added(total, {factors: first * second}, 1)
    return total


def factor_text(expression: Expression) -> str:
    """Return one side of a division, in parentheses unless it is a name, a call or a plain number."""
    parts = polynomial(expression)
    text = sum_text(parts)
    is_plain = text.lstrip("-").isdigit() and not text.startswith("-")
    is_atom = len(parts) == 1 and all(len(k) == 1 and v == 1 for k, v in parts.items())
    return text if is_plain or is_atom else f"({text})"


def sum_text(parts: Polynomial) -> str:
    """Return the terms in f2py's order with their signs."""
    text = ""
    for monomial in sorted(parts, key=order_of_term):
        coefficient = parts[monomial]
        is_product = abs(coefficient) != 1 or len(monomial) != 1
        factors = [
            *([str(abs(coefficient))] if abs(coefficient) != 1 or not monomial else []),
            *(f"({m})" if is_product and is_quotient(m) else m for m in monomial),
        ]
        term = " * ".join(factors)
        if not text:
            text = f"-{term}" if coefficient < 0 else term
        else:
            text += f" - {term}" if coefficient < 0 else f" + {term}"
    return text or "0"


def is_quotient(factor: str) -> bool:
    """Whether a factor is a division, which C would do after the multiplication before it."""
    depth = 0
    for letter in factor:
        depth += (letter == "(") - (letter == ")")
        if letter == "/" and depth == 0:
            return True
    return False


def order_of_factor(factor: str) -> tuple[bool, str]:
    """Return the sort key of a product's factors: plain names, then calls and quotients."""
    return not is_symbol(factor), factor


def is_symbol(factor: str) -> bool:
    """Whether f2py treats a factor as a plain name, also a converted one: ``(int)x``."""
    return CONVERTED_NAME.fullmatch(factor) is not None


def order_of_term(
    monomial: tuple[str, ...],
) -> tuple[int, list[tuple[tuple[bool, str], int]]]:
    """Return the sort key of terms: plain names, then calls and quotients, then products by their powers."""
    powers = [
        (order_of_factor(factor), power) for factor, power in Counter(monomial).items()
    ]
    if len(monomial) != 1:
        return (3 if monomial else 0), powers
    return (1 if is_symbol(monomial[0]) else 2), powers


def default_text(text: str) -> str:
    """Return a default as f2py shows it: without blanks beside operators and brackets, except in quotes."""
    pieces = QUOTED.split(text)
    pieces[::2] = [IDLE_BLANK.sub("", piece) for piece in pieces[::2]]
    return "".join(pieces)


def without_pointers(text: str, characters: Collection[str]) -> str:
    """Return a C text as f2py shows it: a single character stands for itself, ``*job`` and ``job[0]`` are ``job``."""
    if not characters or ("*" not in text and "[" not in text):
        return text
    names = "|".join(map(re.escape, characters))
    text = re.sub(rf"\*\s*\b({names})\b", r"\1", text)
    return re.sub(rf"\b({names})\b\s*\[\s*0\s*\]", r"\1", text)

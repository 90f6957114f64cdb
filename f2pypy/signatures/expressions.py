"""Expressions as a signature file has them: C's operators, and f2py's functions for what arrays are like."""

from __future__ import annotations

import re
from collections.abc import Iterator

from f2pypy.expressions.nodes import (
    OWNED_FUNCTION,
    Binary,
    Bounds,
    Call,
    Conditional,
    Convert,
    Expression,
    Extent,
    Integer,
    ItemSize,
    Kind,
    Logical,
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
    BIT_FUNCTIONS,
    COMPUTED_BY_RUNTIME,
    REDUCTIONS,
    SEARCHES,
    TEXT_FUNCTIONS,
    TEXT_LENGTHS,
)
from f2pypy.expressions.walk import walk

# Fortran's names of what the runtime computes.
FORTRAN_NAMES = {
    runtime: name
    for names in (
        REDUCTIONS,
        SEARCHES,
        TEXT_FUNCTIONS,
        TEXT_LENGTHS,
        BIT_FUNCTIONS,
        {"ishft": "shifted"},
    )
    for name, runtime in names.items()
}
# How tightly operators bind; what binds least tightly comes first.
LEVELS = (
    ("?",),
    ("||",),
    ("&&",),
    ("==", "!="),
    ("<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "/", "%"),
)
STRENGTH = {operator: level for level, row in enumerate(LEVELS) for operator in row}
# Division of integers, which C doesn't tell from that of reals.
SPELLED = {"idiv": "/", "imod": "%"}
# Fortran's functions for the operators of bits.
BITS = {"&": "iand", "|": "ior", "^": "ieor"}
UNARY = len(LEVELS)
ATOM = UNARY + 1


class Unwritable(Exception):
    """An expression that signature files have no words for."""


def signature_expression(expression: Expression) -> str:
    """Return the text that reads back to the expression; Unwritable where there is none."""
    return _print(expression)[0]


def _print(expression: Expression) -> tuple[str, int]:
    """Return the text and how tightly its outermost operator binds."""
    in_fortran = _fortran_words(expression) or _of_both(expression)
    return _print_in_c(expression) if in_fortran is None else (in_fortran, ATOM)


def _of_both(expression: Expression) -> str | None:
    """Return what C and Fortran have the same words for in a signature file, None for anything else."""
    match expression:
        case Subscript(Name(name), index):
            return f"{name}({_subscript(index)})"
        case Convert(Kind.INTEGER | Kind.REAL as kind, operand):
            function = "int" if kind is Kind.INTEGER else "dble"
            return f"{function}({signature_expression(operand)})"
        case Binary("&" | "|" | "^" as operator, left, right):
            words = map(signature_expression, (left, right))
            return f"{BITS[operator]}({', '.join(words)})"
        case Real(value, exact=None):
            return double_text(value)
        case _:
            return None


def _print_in_c(expression: Expression) -> tuple[str, int]:
    match expression:
        case Integer(value, kind=None):
            return str(value), ATOM if value >= 0 else UNARY
        case Part() | Stored():
            return _of_owner(expression), ATOM
        case Name(name):
            return name, ATOM
        case Extent(array, axis):
            return f"shape({array}, {axis})", ATOM
        case Rank(array):
            return f"rank({array})", ATOM
        case Size(array):
            return f"size({array})", ATOM
        case ItemSize(array):
            return f"f2py_itemsize({array})", ATOM
        case StringLength(string):
            return f"slen({string})", ATOM
        case Call(function, arguments, ()):
            function = function.rpartition(OWNED_FUNCTION)[2]
            inner = ", ".join(signature_expression(each) for each in arguments)
            return f"{function}({inner})", ATOM
        case Unary("-" | "!" as operator, operand):
            return f"{operator}{_operand(operand, ATOM)}", UNARY
        case Binary("+", left, Integer(value)) if value < 0:
            # what lower bounds leave
            return _print(Binary("-", left, Integer(-value, 0), 0))
        case Binary(operator, left, right) if (
            SPELLED.get(operator, operator) in STRENGTH
        ):
            operator = SPELLED.get(operator, operator)
            strength = STRENGTH[operator]
            first, second = _operand(left, strength), _operand(right, strength + 1)
            return f"{first} {operator} {second}", strength
        case Conditional(test, then, otherwise):
            parts = [_operand(each, 1) for each in (test, then, otherwise)]
            return "({} ? {} : {})".format(*parts), ATOM
        case _:
            raise Unwritable


def _fortran_words(expression: Expression) -> str | None:
    """Return what has words in Fortran alone, None for anything else."""
    match expression:
        case Call() if is_of_runtime(expression):
            return _fortran_call(expression)
        case Convert(Kind.INTEGER, Call() as operand) if is_of_runtime(operand):
            return f"int({_fortran_call(operand)})"
        case Conditional(test, then, otherwise) if any(
            map(is_of_runtime, walk(expression))
        ):
            return f"merge({', '.join(map(_fortran, (then, otherwise, test)))})"
        case _:
            return None


def is_of_runtime(node: object) -> bool:
    """Whether a node is a call of a function of arrays, texts or bits, which is written in Fortran."""
    return isinstance(node, Call) and node.function in COMPUTED_BY_RUNTIME


def _fortran_call(call: Call) -> str:
    """Return a call of the runtime as Fortran writes it; subscripts count from 1, as in all of a signature file."""
    arguments = call.arguments
    match call.function, arguments:
        case "content", (Name(name),):
            return name
        case "listed_values", _:
            return f"[{', '.join(map(_fortran, arguments))}]"
        case "section", (Name(name), *subscripts):
            return f"{name}({', '.join(map(_subscript, subscripts))})"
        case "substring", (Name(name), Bounds(lower, upper)):
            ends = ["" if end is None else _fortran(end) for end in (lower, upper)]
            return f"{name}({':'.join(ends)})"
        case (
            ("ones" | "leading_zeros" | "trailing_zeros"),
            (given, Integer(bits)),
        ):
            # a bit function counts in the kind of its argument
            function = FORTRAN_NAMES[call.function]
            return f"{function}(int({_fortran(given)}, {bits // 8}))"
        case "shifted", (*given, _):
            arguments = tuple(given)
        case _:
            pass
    function = FORTRAN_NAMES[call.function]
    return f"{function}({', '.join(map(_fortran, arguments))})"


def _subscript(place: Expression) -> str:
    """Return a place from 0, or a slice of them, as a subscript from 1."""
    if not isinstance(place, Bounds):
        return _fortran(combined_sum(place, 1))
    first = "" if place.lower is None else _fortran(combined_sum(place.lower, 1))
    last = "" if place.upper is None else _fortran(place.upper)
    stride = "" if place.stride is None else f":{_fortran(place.stride)}"
    return f"{first}:{last}{stride}"


def combined_sum(place: Expression, more: int) -> Expression:
    """Return ``place + more``, without ``- 1 + 1``."""
    match place:
        case Integer(value):
            return Integer(value + more)
        case Binary("-", left, Integer(value)) if value == more:
            return left
        case _:
            return Binary("+", place, Integer(more))


def _fortran(expression: Expression) -> str:
    """Return an argument of a Fortran function; Unwritable where C's words would be taken otherwise."""
    match expression:
        case String(value):
            return quoted(value)
        case Logical(value):
            return ".true." if value else ".false."
        case Unary("~", operand):
            return f".not. ({_fortran(operand)})"
        case Unary("-", operand):
            return f"-({_fortran(operand)})"
        case Binary("concat", left, right):
            return f"{_fortran(left)} // {_fortran(right)}"
        case Binary("&" | "|" as operator, left, right):
            word = ".and." if operator == "&" else ".or."
            return f"({_fortran(left)}) {word} ({_fortran(right)})"
        case Binary("==" | "!=" | "<" | "<=" | ">" | ">=" as operator, left, right):
            symbol = "/=" if operator == "!=" else operator
            return f"({_fortran(left)}) {symbol} ({_fortran(right)})"
        case Binary("+" | "-" | "*" | "/" as operator, left, right):
            return f"({_fortran(left)}) {operator} ({_fortran(right)})"
        case Binary("idiv", left, right):
            return f"({_fortran(left)}) / ({_fortran(right)})"
        case Call("fabs", (operand,)):
            return f"abs({_fortran(operand)})"
        case Convert(Kind.REAL | Kind.INTEGER, operand):
            return _fortran(operand)
        case (
            Integer()
            | Name()
            | Extent()
            | Size()
            | Rank()
            | ItemSize()
            | StringLength()
            | Stored()
            | Part()
            | Call()
            | Subscript()
            | Real()
        ):
            return signature_expression(expression)
        case _:
            raise Unwritable


def _of_owner(asked: Part | Stored) -> str:
    """Return what an object or a module is asked for, as Fortran spells it."""
    path = (asked.owner, *asked.path) if isinstance(asked, Part) else (asked.name,)
    what = "%".join(path)
    if isinstance(asked, Part) and asked.length:
        return f"len({what})"
    if asked.axis is None:
        return what
    return f"size({what})" if asked.axis < 0 else f"size({what}, {asked.axis + 1})"


def _operand(expression: Expression, strength: int) -> str:
    text, own = _print(expression)
    return text if own >= strength else f"({text})"


def double_text(value: float) -> str:
    """Return a number of double precision as Fortran spells it: 1.5d0, 1d-300."""
    text = repr(value)
    return text.replace("e", "d") if "e" in text else f"{text}d0"


# What a row can hold: no control characters, no blanks that are read as plain ones, and no surrogates, which stand for
# bytes that aren't UTF-8.
IN_ROWS = re.compile("[^\\x00-\\x1f\\x7f-\\xa0\\ud800-\\udfff\\ufeff]+")


def quoted(value: bytes) -> str:
    """Return a character constant as a signature file spells it: UTF-8 in quotes, ACHAR for all other bytes."""
    text = value.decode(errors="surrogateescape")
    pieces: list[str] = []
    end = 0
    for found in IN_ROWS.finditer(text):
        pieces += [*characters(text[end : found.start()]), literal(found.group())]
        end = found.end()
    pieces += characters(text[end:])
    return " // ".join(pieces) or literal("")


def characters(text: str) -> Iterator[str]:
    """Yield a call of ACHAR for each byte of a text."""
    for byte in text.encode(errors="surrogateescape"):
        yield f"achar({byte})"


def literal(text: str) -> str:
    """Return a text between apostrophes."""
    return "'" + text.replace("'", "''") + "'"

"""The few lines of the C preprocessor that usercode has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from f2pypy.expressions.c import read_expression
from f2pypy.expressions.c_tokens import TOKEN
from f2pypy.expressions.nodes import (
    Binary,
    Call,
    Expression,
    ExpressionError,
    Integer,
    Name,
    Unary,
)

_DIRECTIVE = re.compile(r"\s*#\s*(\w*)\s*(.*?)\s*$", re.DOTALL)
_DEFINE = re.compile(r"(\w+)(\()?\s*(.*)$", re.DOTALL)


def preprocess(text: str, integer_64: bool) -> tuple[str, dict[str, str | None]]:
    """Return the lines that remain, all others blank, and the macros; None for a macro with parameters."""
    macros: dict[str, str | None] = {"HAVE_ILP64": "1"} if integer_64 else {}
    kept = []
    branches: list[tuple[bool, bool]] = []  # (this branch is read, one before it was)
    offset = 0
    for line in _logical_lines(text):
        found = _DIRECTIVE.match(line) if line.lstrip().startswith("#") else None
        reading = all(taken for taken, _ in branches)
        if found is not None:
            _follow(found[1], found[2].replace("\\\n", " "), macros, branches, offset)
        kept.append(line if reading and found is None else re.sub(r"[^\n]", " ", line))
        offset += len(line)
    if branches:
        raise ExpressionError("#if without #endif", len(text))
    return "".join(kept), macros


def _logical_lines(text: str) -> Iterator[str]:
    """Yield the lines with their ends; lines joined by a backslash are one."""
    pending = ""
    for line in text.splitlines(keepends=True):
        pending += line
        if not line.rstrip("\r\n").endswith("\\"):
            yield pending
            pending = ""
    if pending:
        yield pending


def _follow(
    directive: str,
    rest: str,
    macros: dict[str, str | None],
    branches: list[tuple[bool, bool]],
    offset: int,
) -> None:
    """Obey one preprocessor line: change `macros` or `branches`."""
    match directive:
        case "ifdef" | "ifndef" | "if":
            taken = _condition(directive, rest, macros, offset)
            branches.append((taken, taken))
        case "else" | "elif":
            if not branches:
                raise ExpressionError(f"#{directive} without #if", offset)
            _, before = branches.pop()
            taken = not before and (
                directive == "else" or _condition("if", rest, macros, offset)
            )
            branches.append((taken, before or taken))
        case "endif":
            if not branches:
                raise ExpressionError("#endif without #if", offset)
            branches.pop()
        case _ if not all(taken for taken, _ in branches):
            return
        case "define":
            found = _DEFINE.match(rest)
            if found is None:
                raise ExpressionError("#define without a name", offset)
            macros[found[1]] = None if found[2] else found[3]
        case "undef":
            macros.pop(rest, None)
        case "include" | "pragma" | "":
            return
        case _:
            raise ExpressionError(f"#{directive} isn't supported", offset)


def _condition(
    directive: str, rest: str, macros: Mapping[str, str | None], offset: int
) -> bool:
    if directive != "if":
        return (rest in macros) == (directive == "ifdef")
    try:
        return bool(
            _constant(
                read_expression(re.sub(r"\bdefined\s+(\w+)", r"defined(\1)", rest)),
                macros,
                8,
            )
        )
    except ExpressionError as error:
        raise ExpressionError(f"#if {rest}: {error.message}", offset) from None


def _constant(
    expression: Expression, macros: Mapping[str, str | None], levels: int
) -> int:
    """Return the value of a ``#if`` expression; an unknown name is 0, as in C."""
    match expression:
        case Integer(value):
            return value
        case Call("defined", (Name(name),)):
            return int(name in macros)
        case Name(name):
            body = macros.get(name)
            return (
                _constant(read_expression(body), macros, levels - 1)
                if body and levels
                else 0
            )
        case Unary("!", operand):
            return int(not _constant(operand, macros, levels))
        case Binary(operator, left, right):
            a, b = _constant(left, macros, levels), _constant(right, macros, levels)
            results = {
                "&&": a and b,
                "||": a or b,
                "==": a == b,
                "!=": a != b,
                "<": a < b,
                "<=": a <= b,
            }
            results |= {">": a > b, ">=": a >= b, "+": a + b, "-": a - b, "*": a * b}
            if operator in results:
                return int(results[operator])
    raise ExpressionError(
        "only constants, defined(), ! && || and comparisons are supported",
        expression.at,
    )


def expand(code: str, macros: Mapping[str, str | None]) -> str:
    """Return `code` with every macro replaced by its body, as often as bodies hold macros (C's rule, 8 levels)."""
    for _ in range(8):
        pieces = []
        replaced = False
        for found in TOKEN.finditer(code):
            piece = found.group()
            if found.lastgroup == "name" and piece in macros:
                body = macros[piece]
                if body is None:
                    raise ExpressionError(
                        f"the macro {piece} has parameters", found.start()
                    )
                replaced = replaced or body != piece
                piece = body
            pieces.append(piece)
        code = "".join(pieces)
        if len(code) > 1_000_000:
            raise ExpressionError(
                "the macros expand to more than a million characters", 0
            )
        if not replaced:
            break
    return code

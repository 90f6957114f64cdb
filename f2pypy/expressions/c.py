"""Reads the C texts of signature files: expressions, dimensions, callstatements and prototypes."""

from __future__ import annotations

import re
from functools import lru_cache

from pycparser import c_ast

from f2pypy.expressions import fortran
from f2pypy.expressions.c_nodes import Reader
from f2pypy.expressions.c_syntax import Source, only, only_body, parse, prelude
from f2pypy.expressions.c_tokens import (
    bounds_colon,
    is_fortran,
    leading_names,
    respell,
    scan,
)
from f2pypy.expressions.nodes import (
    ArrayConstructor,
    Binary,
    Bounds,
    Complex,
    Conditional,
    Expression,
    ExpressionError,
    Integer,
    Sequence,
    Unary,
)
from f2pypy.expressions.statements import Block


@lru_cache(maxsize=8192)
def read_expression(
    text: str,
    *,
    complex_wanted: bool = False,
    variables: frozenset[str] = frozenset(),
) -> Expression:
    """Read a C expression, with the Fortran literals that signature files mix in.

    `variables` are those that C would take for a keyword or a type (``short``, ``size_t``): they win where C allows it.

    ``1.0D0``, ``.true.``, ``.false.`` may stand anywhere; a text with ``**``, ``.and.``, ``(/ /)`` or kind suffixes is
    read as Fortran. A list ``{a, b}`` becomes an `ArrayConstructor`, as in an initializer. Where `complex_wanted`,
    ``(re, im)`` is a `Complex` and not a comma expression. Raises `ExpressionError`.
    """
    tokens = scan(text)
    significant = [token for token in tokens if token.kind not in ("blank", "comment")]
    if not significant:
        raise ExpressionError("an expression is missing", 0)
    if is_fortran(significant):
        return fortran.read_expression(text)
    source = Source(text, respell(tokens, variables))
    if significant[0].text == "{":
        body = only_body(source, "int a[] = \n", "\n;")
        expression = Reader(source).expression(only(body, source).init)
    else:
        body = only_body(source, "(\n", "\n);")
        expression = Reader(source).expression(only(body, source))
    return _pair_complex(expression) if complex_wanted else expression


def read_signature_dimension(
    text: str, variables: frozenset[str] = frozenset()
) -> Bounds | Expression:
    """Read one dimension of a signature file: C parts with Fortran's bounds, ``n``, ``lo:hi``, ``:``, ``*``, ``lo:*``.

    An extent alone is returned as its expression; everything else as `Bounds`. ``..`` (any rank) is `Bounds` with
    neither part and stride 0. `variables` are as in `read_expression`. Raises `ExpressionError`.
    """
    stripped = text.strip()
    if stripped == "*":
        return Bounds(None, None, assumed_size=True, at=text.index("*"))
    if stripped == "..":
        return Bounds(None, None, Integer(0), at=text.index("."))
    colon = bounds_colon(scan(text))
    if colon is None:
        return read_expression(text, variables=variables)
    lower, upper = text[:colon], text[colon + 1 :]
    start = len(text) - len(text.lstrip())
    first = _read_part(lower, 0, variables)
    if upper.strip() == "*":
        return Bounds(first, None, assumed_size=True, at=start)
    return Bounds(first, _read_part(upper, colon + 1, variables), at=start)


@lru_cache(maxsize=2048)
def read_statements(text: str, variables: frozenset[str] = frozenset()) -> Block:
    """Read the C statements of a callstatement; braces around the whole and a last ``;`` may be there or not.

    `variables` are as in `read_expression`. Raises `ExpressionError` for everything but expressions, declarations, if,
    for, while, do, break, continue, return.
    """
    source = Source(text, respell(scan(text), variables))
    items = only_body(source, "\n", "\n;")
    block = Reader(source).block(items)
    while len(block.statements) == 1 and isinstance(block.statements[0], Block):
        block = block.statements[0]
    return block


# Types of one word with their stars, as most prototypes hold: no parser is needed to tell them apart.
_PLAIN_TYPES = re.compile(
    r"\s*(?!void\b)[^\W\d]\w*\s*\**\s*(?:,\s*[^\W\d]\w*\s*\**\s*)*\Z"
)


@lru_cache(maxsize=2048)
def read_prototype(text: str) -> tuple[str, ...]:
    """Read a callprotoargument into the normalised text of each type: ``F_INT*``, ``F_INT(*)(float*,float*)``.

    Names of parameters and qualifiers are dropped, arrays become pointers, ``void`` alone is no parameter.
    Names that are no C keyword and stand where a type must stand are taken as types. Raises `ExpressionError`.
    """
    if _PLAIN_TYPES.match(text):
        return tuple("".join(part.split()) for part in text.split(","))
    tokens = [token for token in scan(text) if token.kind not in ("blank", "comment")]
    if not tokens:
        return ()
    source = Source(text, respell(scan(text)))
    unit = parse(source, prelude(leading_names(tokens)) + "void f(\n", "\n);")
    declared = [node for node in unit.ext if not isinstance(node, c_ast.Typedef)]
    if len(declared) != 1 or not isinstance(declared[0].type, c_ast.FuncDecl):
        raise ExpressionError(
            "a list of types closes a parenthesis it hasn't opened", 0
        )
    return Reader(source).parameter_types(declared[0].type)


def _read_part(text: str, shift: int, variables: frozenset[str]) -> Expression | None:
    if not text.strip():
        return None
    try:
        return read_expression(" " * shift + text, variables=variables)
    except ExpressionError as error:
        raise ExpressionError(error.message, error.offset) from None


def _pair_complex(expression: Expression) -> Expression:
    """Return the tree with every ``(re, im)`` as a complex value."""
    match expression:
        case Sequence((real, imaginary)):
            return Complex(real, imaginary, expression.at)
        case Conditional(test, then, otherwise):
            return Conditional(
                test, _pair_complex(then), _pair_complex(otherwise), expression.at
            )
        case ArrayConstructor(items):
            return ArrayConstructor(
                tuple(_pair_complex(item) for item in items), expression.at
            )
        case Unary(operator, operand):
            return Unary(operator, _pair_complex(operand), expression.at)
        case Binary(operator, left, right):
            return Binary(
                operator, _pair_complex(left), _pair_complex(right), expression.at
            )
        case _:
            return expression

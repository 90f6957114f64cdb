"""Which names stand in the texts of declarations, and how a type is written there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from f2pypy import syntax
from f2pypy.diagnostics import Span
from f2pypy.expressions.nodes import Expression, Integer
from f2pypy.resolve.names.declarations import Declaration

# Types in array constructors: [integer :: 1, 2].
TYPE_WORDS = frozenset(
    {"character", "complex", "double", "integer", "logical", "precision", "real"}
)
# Operators of the language; any other one between dots is the user's.
OPERATORS = frozenset(
    {"and", "eq", "eqv", "false", "ge", "gt", "le", "lt", "ne", "neqv", "not", "or", "true"}
)  # fmt: skip
TOKEN = re.compile(
    r"""
      (?:[a-z]\w*_)?(?:'(?:[^']|'')*'|"(?:[^"]|"")*")
    | \.(?P<operator>[a-z]+)\.
    | %\s*[a-z]\w*
    | \d+(?:\.(?![a-z]+\.)\d*)?(?:[ed][+-]?\d+)?(?:_(?P<kind>[a-z]\w*))?
    | [a-z]\w*(?=\s*=[^=])
    | (?P<name>[a-z]\w*)
    """,
    re.VERBOSE | re.IGNORECASE,
)
WORD = re.compile(r"[a-z]\w*")


class Unanswerable(Exception):
    """No function outside of the routine can compute the extent."""


def names_in(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the names in a Fortran text in lower case, and whether they may be those of functions.

    Components, keywords and what stands in literals are none; a user's operator is ``operator(.name.)``.
    """
    for token in TOKEN.finditer(text):
        operator = (token["operator"] or "").lower()
        if operator and operator not in OPERATORS:
            yield f"operator(.{operator}.)", False
        elif token["kind"]:
            yield token["kind"].lower(), False
        elif token["name"] and token["name"].lower() not in TYPE_WORDS:
            called = text[token.end() :].lstrip().startswith("(")
            yield token["name"].lower(), called


def words_of(declaration: Declaration) -> Iterator[tuple[str, bool]]:
    """Yield the names in the declaration of a constant or a variable."""
    spec = declaration.type
    texts = [declaration.length, *(declaration.dimensions or ())]
    if spec is not None:
        texts += [spec.kind, spec.length]
        if spec.derived:
            yield spec.derived, False
    if declaration.is_parameter:
        texts.append(declaration.initial)
    for text in texts:
        if text is not None:
            yield from names_in(text.text)


def lower_bounds(declaration: Declaration) -> tuple[str, ...]:
    """Return the lower bounds of an array as they are written, 1 where there is none."""
    found = []
    for text in declaration.dimensions or ():
        lower, colon, _ = text.text.partition(":")
        found.append(lower.strip() or "1" if colon else "1")
    return tuple(found)


def lower_bound_names(
    declaration: Declaration | None,
) -> Iterator[tuple[str, bool]]:
    """Yield the names in the lower bounds of a dummy array."""
    for text in () if declaration is None else lower_bounds(declaration):
        yield from names_in(text)


def spelled_type(spec: syntax.TypeSpec, entity_length: syntax.Text | None) -> str:
    """Return a type as a source writes it."""
    if spec.derived:
        return f"{spec.name}({spec.derived})"
    if spec.name == "character":
        length = entity_length or spec.length
        keys = [f"len={length.text.strip()}"] if length is not None else []
        keys += [f"kind={spec.kind.text.strip()}"] if spec.kind is not None else []
        return f"character({', '.join(keys)})" if keys else "character"
    if spec.kind is None and entity_length is None:
        return spec.name
    is_star = spec.star or entity_length is not None
    text = (entity_length or spec.kind or syntax.Text("", Span("", 0))).text.strip()
    return f"{spec.name}*{text}" if is_star else f"{spec.name}({text})"


def numbered(
    text: str, arguments: Sequence[str], constants: Mapping[str, Expression]
) -> str:
    """Return a dimension with numbers for named constants; Unanswerable for any other name that is no argument."""

    def number(word: re.Match[str]) -> str:
        value = constants.get(word.group())
        if word.group() in arguments:
            return word.group()
        if not isinstance(value, Integer):
            raise Unanswerable
        return f"({value.value})"

    return WORD.sub(number, text.lower())

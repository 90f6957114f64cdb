"""Python with holes: what a plan's steps look like when they are printed, and what stands in the holes of a text.

A name in capitals is a hole. It takes any expression, and the same one wherever it stands. Other names are those of the
runtime or of Python, whatever a module calls them.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from f2pypy.native.reading.names import Names

Holes = Mapping[str, ast.expr]


@dataclass(frozen=True)
class Pattern:
    """One or more statements with holes."""

    text: str

    def match(self, statements: Sequence[ast.stmt], names: Names) -> Holes | None:
        """Return what stands in the holes where `statements` begin in this form, else None."""
        wanted = _parsed(self.text)
        holes: dict[str, ast.expr] = {}
        begins = len(statements) >= len(wanted) and all(
            _matches(form, statement, holes, names)
            for form, statement in zip(wanted, statements)
        )
        return holes if begins else None

    def __len__(self) -> int:
        return len(_parsed(self.text))


@lru_cache(maxsize=None)
def _parsed(text: str) -> Sequence[ast.stmt]:
    return ast.parse(text).body


def match_expression(
    text: str, node: ast.expr, names: Names
) -> Mapping[str, ast.expr] | None:
    """Return what stands in the holes of an expression, None where it hasn't this form."""
    return Pattern(text).match([ast.Expr(value=node)], names)


def _matches(form: Any, found: Any, holes: dict[str, ast.expr], names: Names) -> bool:
    if isinstance(form, ast.Name):
        if form.id.isupper():
            return _fills(form.id, found, holes)
        return isinstance(found, ast.expr) and names.function(found) == form.id
    if isinstance(form, list):
        return (
            isinstance(found, list)
            and len(form) == len(found)
            and all(_matches(*pair, holes, names) for pair in zip(form, found))
        )
    if isinstance(form, ast.AST):
        return type(form) is type(found) and all(
            _matches(
                getattr(form, name, None), getattr(found, name, None), holes, names
            )
            for name in form._fields
            if name not in ("ctx", "type_comment", "kind")
        )
    return type(form) is type(found) and bool(form == found)


def _fills(hole: str, found: Any, holes: dict[str, ast.expr]) -> bool:
    if not isinstance(found, ast.expr) or isinstance(found, ast.Starred):
        return False
    known = holes.setdefault(hole, found)
    return known is found or same(known, found)


def same(one: ast.expr, other: ast.expr) -> bool:
    """Return whether two expressions are spelled alike, on whichever side of an assignment they stand."""
    return ast.unparse(one) == ast.unparse(other)

"""C texts through pycparser, which sees each in a function of its own.

A text starts a line there, so that pycparser's columns are its own; one that closes that function is refused.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from pycparser import c_ast
from pycparser.c_parser import CParser, ParseError

from f2pypy.dataclass import dataclass
from f2pypy.expressions.c_tokens import TYPE_NAME
from f2pypy.expressions.nodes import (
    ExpressionError,
)

_PLACE = re.compile(r"^[^:]*:(\d+):(\d+): *(.*)$", re.DOTALL)

MAXIMUM_DEPTH = 120


@dataclass(frozen=True)
class Source:
    """A text as written and as pycparser reads it (`spelled`, on the lines from 2 on), with the macros it defines."""

    text: str
    spelled: str
    macros: tuple[tuple[str, str], ...] = ()

    def offset(self, coord: Any) -> int:
        """Return the offset in `text` of one of pycparser's places; 0 where it has none."""
        if coord is None or coord.line < 2:
            return 0
        start = 0
        for _ in range(coord.line - 2):
            newline = self.text.find("\n", start)
            if newline < 0:
                return len(self.text)
            start = newline + 1
        return min(start + max((coord.column or 1) - 1, 0), len(self.text))


@dataclass(frozen=True)
class _Place:
    line: int
    column: int


@cache
def _parser() -> CParser:
    return CParser()


def prelude(names: list[str] | tuple[str, ...]) -> str:
    """Return the typedefs that let pycparser read `names` as types."""
    # only the names that occur: a typedef for each known one would cost more than most texts
    return f"typedef int {','.join(sorted(set(names)))}; " if names else ""


def parse(source: Source, before: str, after: str) -> Any:
    """Return pycparser's tree; `before` ends the first line, so that line 2 begins the text."""
    try:
        unit = _parser().parse(before + source.spelled + after)
    except ParseError as error:
        raise _explain(source, str(error)) from None
    except RecursionError:
        raise ExpressionError("nested too deeply", 0) from None
    except (
        AssertionError,
        AttributeError,
        IndexError,
        KeyError,
        TypeError,
        ValueError,
    ):
        raise ExpressionError(
            "can't be read as C", 0
        ) from None  # pycparser's own slips on malformed texts
    _refuse_depth(source, unit)
    return unit


def _explain(source: Source, message: str) -> ExpressionError:
    found = _PLACE.match(message)
    if found is None:
        return ExpressionError("the C text ends too early", len(source.text))
    line, column, reason = int(found[1]), int(found[2]), found[3]
    offset = source.offset(_Place(line, column))
    if line > source.text.count("\n") + 2 or offset >= len(source.text):
        return ExpressionError("the C text ends too early", len(source.text))
    if reason.startswith("before:"):
        return ExpressionError(f"unexpected {reason[7:].strip()!r}", offset)
    return ExpressionError(f"can't be read as C: {reason}", offset)


def _refuse_depth(source: Source, unit: Any) -> None:
    """Raise `ExpressionError` for a tree deeper than what follows can walk."""
    level = [unit]
    for _ in range(MAXIMUM_DEPTH + 8):  # a few levels are the function around the text
        level = [child for node in level for _, child in node.children()]
        if not level:
            return
    raise ExpressionError(
        f"nested more than {MAXIMUM_DEPTH} deep", source.offset(level[0].coord)
    )


def only_body(source: Source, before: str, after: str) -> list[Any]:
    """Return the statements of the function that holds the text."""
    names = [
        name
        for name in re.findall(r"[A-Za-z_]\w*", source.spelled)
        if TYPE_NAME.match(name)
    ]
    unit = parse(source, prelude(names) + "void f(void){" + before, after + "}")
    declared = [node for node in unit.ext if not isinstance(node, c_ast.Typedef)]
    if (
        len(declared) != 1
        or len(unit.ext) > 2
        or not isinstance(declared[0], c_ast.FuncDef)
    ):
        raise ExpressionError("the text closes a brace it hasn't opened", 0)
    return list(declared[0].body.block_items or ())


def only(items: list[Any], source: Source) -> Any:
    """Return the one expression that a text holds; raises `ExpressionError` for none or several."""
    if len(items) != 1 or isinstance(items[0], c_ast.EmptyStatement):
        raise ExpressionError(
            "one expression expected", source.offset(items[-1].coord) if items else 0
        )
    return items[0]

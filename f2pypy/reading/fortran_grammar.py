"""fparser.two's statement classes, and the places of their words in the source.

fparser normalises blanks and case, so the tree gives the parts of a statement, and a cursor finds their words and
places in the statement's text: both come in the same order.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Mapping
from typing import Any

from f2pypy.diagnostics import Span
from f2pypy.expressions.fortran import wire_grammar
from f2pypy.reading.lines import Line, lower
from f2pypy.syntax import Text

Node = Any  # a node of fparser.two, which has no types


class Unreadable(Exception):
    """A statement that fparser.two doesn't take."""


@functools.lru_cache(maxsize=1)
def _grammar() -> Mapping[str, type]:
    """Return fparser.two's classes by name; they are wired together for Fortran 2008 on first use."""
    from fparser.two import Fortran2003, Fortran2008

    logging.getLogger(
        "fparser"
    ).propagate = False  # its findings are reported with the user's file and line
    wire_grammar()
    return {**vars(Fortran2003), **vars(Fortran2008)}


@functools.lru_cache(maxsize=4096)
def parse(rule: str, text: str) -> Node:
    """Return the tree of a statement, which must not be changed: equal texts share it.

    Raises:
        Unreadable: where the text is no such statement.

    """
    if len(text) > _LONGEST:
        raise Unreadable
    try:
        node = _grammar()[rule](text)
    except (
        Exception
    ) as error:  # fparser raises what its string methods do, RecursionError too
        raise Unreadable from error
    if node is None:
        raise Unreadable
    return node


_LONGEST = 200_000  # characters of one statement; the standard allows some 33,000
_TOKEN = re.compile(r"'(?:[^']|'')*'?|\"(?:[^\"]|\"\")*\"?|\s+")


class Cursor:
    """Walks through a statement's text as its tree is read, to find each piece's own words and place."""

    def __init__(self, line: Line, spelled: str | None = None) -> None:
        self.line = line
        self.text = line.text
        self.spelled = (
            self.text if spelled is None else spelled
        )  # as it was parsed, character by character
        self.at = 0

    def span(self) -> Span:
        """Return the place of the statement."""
        return self.line.span(len(self.text) - len(self.text.lstrip()))

    def find(self, fragment: str) -> tuple[int, int] | None:
        """Return where the fragment starts and ends from here on, whatever the blanks in it; don't move."""
        fragment = lower(fragment)
        at = self.at
        while (at := self.spelled.find(fragment, at)) >= 0:
            if _is_whole(self.spelled, at, at + len(fragment)):
                return at, at + len(fragment)
            at += 1
        sought = _squeeze(fragment)[0]
        squeezed, offsets = _squeeze(self.spelled[self.at :])
        at = -1
        while (at := squeezed.find(sought, at + 1)) >= 0:
            start, end = (
                self.at + offsets[at],
                self.at + offsets[at + len(sought) - 1] + 1,
            )
            if _is_whole(self.spelled, start, end):
                return start, end
        return None

    def take(self, node: Node) -> Text:
        """Return the words of a node and move past them."""
        fragment = str(node)
        found = self.find(fragment) if fragment else None
        if found is None:
            return Text(lower(fragment), self.span())
        start, self.at = found
        return Text(self.text[start : self.at], self.line.span(start))

    def name(self, node: Node) -> str:
        """Return a name and move past it."""
        return self.take(node).text

    def skip(self, characters: str) -> str:
        """Move over blanks and the given characters; return what comes next, "" at the end."""
        while self.at < len(self.text) and (
            self.text[self.at].isspace() or self.text[self.at] in characters
        ):
            self.at += 1
        return self.text[self.at : self.at + 1]


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a piece of text is a whole word."""
    return not (
        (start > 0 and _is_word(text[start]) and _is_word(text[start - 1]))
        or (end < len(text) and _is_word(text[end - 1]) and _is_word(text[end]))
    )


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _squeeze(text: str) -> tuple[str, list[int]]:
    """Return a text without its blanks outside of literals, and the offset of each character that is left."""
    pieces: list[str] = []
    offsets: list[int] = []
    end = 0
    for found in _TOKEN.finditer(text):
        keep = found.start() if found.group().isspace() else found.end()
        pieces.append(text[end:keep])
        offsets += range(end, keep)
        end = found.end()
    pieces.append(text[end:])
    offsets += range(end, len(text))
    return "".join(pieces), offsets


def listed(node: Node) -> tuple[Node, ...]:
    """Return the members of a list node; fparser unwraps some lists of one."""
    if node is None:
        return ()
    if type(node).__name__.endswith("_List"):
        return tuple(node.items)
    return tuple(node) if isinstance(node, (list, tuple)) else (node,)


def rule_of(node: Node) -> str:
    """Return the name of the grammar's rule that a node came from."""
    return type(node).__name__


def generic_name(node: Node) -> str:
    """Return a name, or ``operator(+)``, ``assignment(=)``, ``read(formatted)``, without blanks."""
    return "".join(lower(str(node)).split())
